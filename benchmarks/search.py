"""How long an answer takes, what the catalogue costs in memory and time, and how often the answer is right:
beside other engines, on the same questions, in the same run.

Every size is made and measured in processes of its own, and so is every engine, so that memory is its own.
`python -m benchmarks search [--quick] [SIZE…]`.
"""

import json
import os
import platform
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import Any

from benchmarks import ours
from benchmarks.judging import Judge
from benchmarks.peers import PEERS, Asked, Peer, SkippedError
from benchmarks.questions import SMALLEST, questions
from benchmarks.rightness import OURS, shares
from benchmarks.synthetic import Synthetic, fill
from benchmarks.timing import percentiles, timed
from catalog.database import Database

QUICK = (1_000, 10_000)
SIZES = (*QUICK, 100_000)
ASKING = 45.0
"""Seconds after which a peer is asked no more questions; its row says how many it got."""

_CATALOGUE, _OURS, _ASKED = "catalogue.db", "ours.db", "asked.json"


def main(arguments: list[str]) -> None:
    """Print a table a size, and one of the project's own evaluation."""
    sizes = [int(argument.replace(",", "").replace("_", "")) for argument in arguments if argument[0] != "-"]
    if any(size < SMALLEST for size in sizes):
        raise SystemExit(f"at least {SMALLEST:,} offerings")
    print(f"{_machine()}\n", flush=True)
    for size in sizes or (QUICK if "--quick" in arguments else SIZES):
        print(f"{_size(size)}\n", flush=True)
    print(_sample(_run("sample")), flush=True)


def _machine() -> str:
    versions = ", ".join(f"{name} {_version(name)}" for name in ("tantivy", "psycopg", "rapidfuzz", "numpy"))
    load = f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start"
    return f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {versions}; {load}."


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed"


def _size(size: int) -> str:
    with tempfile.TemporaryDirectory(prefix="kulturlods-benchmark-") as name:
        folder = Path(name)
        made = _run("fill", size, folder)
        shutil.copy(folder / _CATALOGUE, folder / _OURS)  # ours is altered at the end, theirs is not
        own = _run("ours", size, folder)
        (folder / _OURS).unlink()
        rows = [_row(OURS, own), *(_row(peer, _peer(peer, size, folder)) for peer in PEERS)]
    head = (
        f"### {size:,} offerings\n\n| engine | built s | holds MB | an answer, ms p50 / p99 | right answers |"
    )
    alone = f"Understanding alone: {_pair(own['understanding'])} ms."
    update = f"Snapshot fresh again after {ours.CHANGED} of {size:,} were altered: {own['update_s']:.2f} s"
    also = (
        f"{alone} {update} (the import itself {own['import_s']:.2f} s). Catalogue made in {made['s']:.0f} s."
    )
    return "\n".join((head, "|---|---|---|---|---|", *rows, "", f"{also} Load {os.getloadavg()[0]:.1f}."))


def _peer(peer: str, size: int, folder: Path) -> dict[str, Any]:
    try:
        return _run("peer", size, folder, peer)
    except subprocess.CalledProcessError as error:
        return {"skipped": f"stopped with {error.returncode}"}  # its own words stand above, on standard error


def _run(what: str, *arguments: object) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.search", what, *map(str, arguments)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def _row(name: str, r: dict[str, Any]) -> str:
    if "skipped" in r:
        return f"| {name} | – | – | – | {r['skipped']} |"
    some = "" if r["asked"] == r["of"] else f" of the first {r['asked']}"
    figures = (
        f"{r['built_s']:.1f} | {r['mb']:,.0f} | {_pair(r['answer'])} | {r['right'] / r['asked']:.0%}{some}"
    )
    return f"| {name} | {figures} |"


def _pair(at: dict[str, float]) -> str:
    return " / ".join(f"{at[p]:.2f}" if at[p] < 10 else f"{at[p]:,.0f}" for p in ("p50", "p99"))


def _sample(r: dict[str, Any]) -> str:
    title = f"### The project's own evaluation: {r['asked']} questions of one turn, the sample catalogue"
    rows = (f"| {name} | {count / r['asked']:.0%} |" for name, count in r["right"].items())
    return "\n".join((title, "", "| engine | right answers |", "|---|---|", *rows))


def measure_fill(size: str, folder: str) -> dict[str, Any]:
    """Make the catalogue's database file."""
    began = time.perf_counter()
    database = Database(f"sqlite:///{Path(folder, _CATALOGUE)}")
    fill(database, int(size))
    database.close()
    return {"s": time.perf_counter() - began}


def measure_ours(size: str, folder: str) -> dict[str, Any]:
    """Build, understand, search, alter; and leave what the peers are asked, for them to read."""
    figures, theirs = ours.measure(int(size), Path(folder, _OURS))
    Path(folder, _ASKED).write_text(json.dumps(theirs), encoding="utf-8")
    return figures


def measure_peer(size: str, folder: str, name: str) -> dict[str, Any]:
    """Build, ask, judge."""
    source, began = Path(folder, _CATALOGUE), time.perf_counter()
    try:
        peer = PEERS[name](source, Path(folder))
    except SkippedError as error:
        return {"skipped": str(error)}
    built = time.perf_counter() - began
    try:
        figures = {"built_s": built, "mb": peer.megabytes()}
        return figures | _asking(peer, Path(folder), Judge(made := Synthetic(int(size)), source), made)
    finally:
        peer.close()


def _asking(peer: Peer, folder: Path, judge: Judge, made: Synthetic) -> dict[str, Any]:
    known = json.loads((folder / _ASKED).read_text(encoding="utf-8"))
    asked = [Asked(**one["asked"]) for one in known]
    answers = list(_until(ASKING, timed(peer.answer, asked)))
    shown = ([id_ for id_, _ in answer] for answer, _ in answers)
    exist = (one["exist"] for one in known)
    right = sum(map(partial(judge.passes, said=False), questions(made), shown, exist))
    figures = {"answer": percentiles([seconds for _, seconds in answers]), "right": right}
    return figures | {"asked": len(answers), "of": len(asked)}


def _until(seconds: float, answers: Iterator[tuple[Any, float]]) -> Iterator[tuple[Any, float]]:
    began = time.perf_counter()
    for answer in answers:
        yield answer
        if time.perf_counter() - began > seconds:
            return


_PARTS: dict[str, Callable[..., dict[str, Any]]] = {
    "fill": measure_fill,
    "ours": measure_ours,
    "peer": measure_peer,
    "sample": shares,
}


def part(arguments: Sequence[str]) -> None:
    """One part of a run, in a process of its own; its figures as JSON on standard output."""
    print(json.dumps(_PARTS[arguments[0]](*arguments[1:])))


if __name__ == "__main__":
    part(sys.argv[1:])
