"""`python -m benchmarks [search|outbox] [--quick] [SIZE…]`: every benchmark, or the one that is named.

--quick: the search at 1,000 and 10,000 offerings, the outbox with 20,000 duties.
"""

import sys

from benchmarks import outbox, search

_QUICK_DUTIES = "20000"


def main(arguments: list[str]) -> None:
    """Search, then outbox."""
    named = [argument for argument in arguments if argument in ("search", "outbox")]
    rest = [argument for argument in arguments if argument not in named]
    if "search" in named or not named:
        search.main(rest)
    if "outbox" in named or not named:
        quick = [_QUICK_DUTIES] if "--quick" in rest else []
        outbox.main(rest if named and not quick else quick)


main(sys.argv[1:])
