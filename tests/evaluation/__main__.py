"""`python -m tests.evaluation`: the rates, then every failed question. With --aside, those kept aside; with
--markdown, the table alone, for the README."""

import sys

from tests.evaluation.report import failures, markdown, plain, table
from tests.evaluation.suite import ask_all


def main(arguments: list[str]) -> None:
    outcomes = ask_all()
    rows = table(outcomes)
    if "--markdown" in arguments:
        parts = [markdown(rows)]
    else:
        parts = [plain(rows), *failures(outcomes, aside="--aside" in arguments)]
    sys.stdout.write("\n\n".join(parts) + "\n")


main(sys.argv[1:])
