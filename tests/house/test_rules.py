"""The rules of the house, held by machine: who may import what, who may see the clock, how long is long."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.house.source import FLOORS, ROOT, dotted, imported, kept_files, modules, name

ONLY_IN = {
    "telegram": ("bot/",),
    "apscheduler": ("reminders/schedule.py",),
    "sqlalchemy.create_engine": ("catalog/database.py", "bot/migrations/"),
    "sqlmodel.create_engine": ("catalog/database.py", "bot/migrations/"),
    "alembic": ("bot/migrations/",),
    "rapidfuzz": ("catalog/",),
}
MAY_TELL_THE_TIME = {
    "bot/clock.py": "makes the clocks that are passed to everything else",
    "bot/app.py": "the composition root",
    "bot/cli.py": "a command begins now",
    "reminders/schedule.py": "ticks",
}
CLOCKS = re.compile(
    r"(?:.*\.)?(?:datetime\.(?:now|utcnow|today)|date\.today|time\.(?:time|time_ns|localtime|gmtime))"
)
LONGEST_FUNCTION, LONGEST_FILE = 60, 400


@pytest.mark.parametrize("floor", FLOORS)
def test_imports_point_down(floor: str) -> None:
    above = FLOORS[FLOORS.index(floor) + 1 :]
    upward = [
        (path, target)
        for path, tree in modules(floor).items()
        for target in imported(tree)
        if target.split(".")[0] in above
    ]
    assert upward == []


@pytest.mark.parametrize("library", ONLY_IN)
def test_a_library_stays_in_its_room(library: str) -> None:
    elsewhere = [
        path
        for path, tree in modules().items()
        if any(f"{target}.".startswith(f"{library}.") for target in imported(tree))
        and not path.startswith(ONLY_IN[library])
    ]
    assert elsewhere == []


def test_the_room_of_each_library_is_really_used() -> None:
    for library, rooms in ONLY_IN.items():
        if library != "sqlmodel.create_engine":
            users = [path for path, tree in modules().items() if _imports(tree, library)]
            assert any(path.startswith(rooms) for path in users), f"nothing imports {library} any more"


def _imports(tree: ast.Module, library: str) -> bool:
    return any(f"{target}.".startswith(f"{library}.") for target in imported(tree))


def test_nobody_looks_at_the_clock_by_themselves() -> None:
    looks = {path: lines for path, tree in modules().items() if (lines := _looks_at_clocks(tree))}
    assert {path: lines for path, lines in looks.items() if path not in MAY_TELL_THE_TIME} == {}


def test_the_rule_about_clocks_sees_every_way_to_look() -> None:
    looks = [
        "dt.datetime.now(zone)",
        "datetime.today()",
        "date.today()",
        "time.time()",
        "from time import time",
    ]
    assert [code for code in looks if not _looks_at_clocks(ast.parse(code))] == []
    assert _looks_at_clocks(ast.parse("time.monotonic(); dt.time(12); moment.date()")) == []


def _looks_at_clocks(tree: ast.Module) -> list[int]:
    """The lines that ask what time it is; measuring how long something takes is no such question."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if (isinstance(node, ast.Attribute) and CLOCKS.fullmatch(dotted(node)))
        or (isinstance(node, ast.ImportFrom) and any(CLOCKS.fullmatch(target) for target in imported(node)))
    ]


def test_functions_and_files_stay_short() -> None:
    too_long = [
        f"{path}:{node.lineno} {node.name}"
        for path, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    ]
    too_long += [
        path
        for path in modules()
        if len((ROOT / path).read_text(encoding="utf-8").splitlines()) > LONGEST_FILE
    ]
    assert too_long == []


# Sentences that people read live in bot/texts. A string in code counts as one when it has four words in a row
# or a word with a Danish letter; what it is used for tells when it is something else after all.

WORDS_IN_A_ROW = re.compile(
    r"(?:[^\W\d_]{2,}[,;:–-]?\s+){3,}[^\W\d_]{2,}"
    r"|[^\W\d_]*[æøåÆØÅ][^\W\d_]{2,}|[^\W\d_]{2,}[æøåÆØÅ]"
)
SQL = re.compile(r"\s*(?:SELECT|INSERT|UPDATE|DELETE|CREATE|PRAGMA|BEGIN|WITH|COPY)\b")
PATTERN = re.compile(r"\\[wdsbW]|\[[^\]]+\]|\(\?")
LOG_VERBS = {"debug", "info", "warning", "error", "exception", "critical", "log"}
NOT_SHOWN_KEYWORDS = {"description", "pattern"}
TO_RECOGNISE = {
    "to edit not found": "Telegram's words for an error",
    "Påskedag": "Easter Sunday's name in the holidays library",
}
PATTERN_FILES = {"catalog/understanding/when/grammar.py": "its strings are patterns over tokens"}


def test_no_sentence_that_a_person_reads_stands_in_code() -> None:
    sentences = [
        f"{path}:{line} {text[:70]!r}"
        for path, tree in modules().items()
        for line, text in _sentences(tree)
        if text not in TO_RECOGNISE and path not in PATTERN_FILES
    ]
    assert sentences == []


def test_the_rule_about_sentences_finds_one_and_lets_the_rest_pass() -> None:
    code = '''
"""Docstrings may say whatever they like."""
log.info("the bot has stopped for now")
raise ValueError("nobody can read this date")
session.execute(text("SELECT a FROM b WHERE c IS NULL"))
re.compile("[a-zæøå]+ some more words here")
if "message is not modified at all" in str(error): pass
name = Field(description="what it is called by people")
send("Velkommen til, hvad kan jeg gøre")
send(f"You have {n} new offerings near you")
button = "Følg"
'''
    assert [line for line, _ in _sentences(ast.parse(code))] == [9, 10, 11]


def _sentences(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """(line, string) of every string in the tree that looks as if somebody were to read it."""
    for child in ast.iter_child_nodes(tree):
        if _is_for_nobody_to_read(child):
            continue
        text = _string(child)
        if text is None:
            yield from _sentences(child)
        elif WORDS_IN_A_ROW.search(text) and not SQL.match(text) and not PATTERN.search(text):
            yield child.lineno, text  # type: ignore[attr-defined]  # a string is an expression: it has a line


def _string(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(_string(part) or "{}" for part in node.values)
    return None


def _is_for_nobody_to_read(node: ast.AST) -> bool:
    """Docstrings, what is raised, compared or logged, and descriptions of fields."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr in LOG_VERBS or dotted(node.func).startswith("re.")
    if isinstance(node, ast.keyword):
        return node.arg in NOT_SHOWN_KEYWORDS
    return isinstance(node, ast.Raise | ast.Compare | ast.Assert)


# Nothing about the place where it was written leaves that place.

FOREIGN = {
    "a path of somebody's machine": re.compile(r"/(?:wor[k]|roo[t]|Users|home/(?!kulturlods)\w+)/"),
    "the address of a package registry": re.compile(
        r"pyp[i]\.(?:org|python)|pythonhoste[d]|--(?:extra-|default-)?inde[x]-url|--find-link[s]|--trusted-hos[t]"
    ),
    "a secret": re.compile(r"\b\d{8,10}:AA[A-Za-z0-9_-]{33}\b|-----BEGIN [A-Z ]*PRIVATE KE[Y]"),
}


@pytest.mark.parametrize("what", FOREIGN)
def test_no_file_holds(what: str) -> None:
    holders = [
        name(path)
        for path in kept_files()
        if FOREIGN[what].search(path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert holders == []
