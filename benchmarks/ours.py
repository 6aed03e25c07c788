"""Our own side of the search benchmark, through the doors that the bot uses."""

import dataclasses
import datetime as dt
import gc
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import psutil

from benchmarks.judging import SHOWN, Judge
from benchmarks.peers import asked
from benchmarks.questions import SMALLEST, Question, questions
from benchmarks.synthetic import AMOUNT, FREE, GROUPS, NOW, TOWNS, ZONE, Synthetic, fill
from benchmarks.timing import percentiles
from catalog.catalogue import Catalogue
from catalog.database import Database
from catalog.drafts import OccurrenceDraft, OfferingDraft, Parsed, VenueDraft
from catalog.ingest import ingest
from catalog.query import Page, Query
from catalog.values import Category, Format, PriceKind, Tariff

CHANGED = 100
_LATER = NOW + dt.timedelta(minutes=1)


def measure(size: int, source: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """(our figures, what the peers are asked). The database is altered at the end."""
    _wake()
    database = Database(f"sqlite:///{source}")
    catalogue = Catalogue(database, ZONE)
    figures: dict[str, Any] = dict(_build(catalogue))
    made = Synthetic(size)
    theirs = _ask(catalogue, questions(made), Judge(made, source), figures)
    figures |= _update(catalogue, database, made, source)
    return figures, theirs


def _build(catalogue: Catalogue) -> Iterator[tuple[str, float]]:
    gc.collect()
    before, began = psutil.Process().memory_info().rss, time.perf_counter()
    catalogue.refresh(NOW)
    yield "built_s", time.perf_counter() - began
    yield "mb", (psutil.Process().memory_info().rss - before) / 1e6


def _ask(
    catalogue: Catalogue, asking: list[Question], judge: Judge, figures: dict[str, Any]
) -> list[dict[str, Any]]:
    """Adds to the figures; gives what the peers are asked, and how many offerings answer it."""
    answers = [_answer(catalogue, question.text) for question in asking]
    exist = [judge.exist(question) for question in asking]
    passed = map(partial(_passes, judge), asking, (answer.page for answer in answers), exist)
    figures |= {"asked": len(asking), "of": len(asking), "right": sum(passed)}
    figures["understanding"] = percentiles([answer.understood_s for answer in answers])
    figures["answer"] = percentiles([answer.took_s for answer in answers])
    theirs = (asked(q.text, answer.query, NOW) for q, answer in zip(asking, answers, strict=True))
    return [{"exist": n, "asked": dataclasses.asdict(one)} for n, one in zip(exist, theirs, strict=True)]


def _wake() -> None:
    """Dictionaries, places and words are the program's, not this catalogue's: loaded before looking."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/small.db")
        small = fill(database, SMALLEST)
        catalogue = Catalogue(database, ZONE)
        for question in questions(small)[:20]:
            _answer(catalogue, question.text)
        database.close()


@dataclasses.dataclass(frozen=True, slots=True)
class _Answer:
    query: Query
    page: Page
    understood_s: float
    took_s: float


def _answer(catalogue: Catalogue, text: str) -> _Answer:
    began = time.perf_counter()
    query = catalogue.understand(text, NOW).query
    understood = time.perf_counter() - began
    page = catalogue.search(query, NOW, limit=SHOWN)
    return _Answer(query, page, understood, time.perf_counter() - began)


def _passes(judge: Judge, question: Question, page: Page, exist: int) -> bool:
    shown = [hit.offering_id for hit in page.hits]
    return judge.passes(question, shown, exist, said=bool(page.relaxed))


def _update(catalogue: Catalogue, database: Database, made: Synthetic, source: Path) -> dict[str, float]:
    """A hundred offerings get a new title through an import; how long until they are found."""
    rows = range(0, made.size, max(1, made.size // CHANGED))[:CHANGED]
    drafts = [_renamed(made, row, source) for row in rows]
    began = time.perf_counter()
    ingest(database, Parsed("jsonld", drafts), source="synthetic", now=_LATER)
    imported, began = time.perf_counter() - began, time.perf_counter()
    catalogue.refresh(_LATER)
    took = time.perf_counter() - began
    page = catalogue.search(catalogue.understand("ommøbleret", _LATER).query, _LATER)
    if page.relaxed or not page.hits:
        raise RuntimeError("an altered title is not found")
    return {"import_s": imported, "update_s": took}


def _renamed(made: Synthetic, row: int, source: Path) -> OfferingDraft:
    """The offering as it was but for its title, and with its first date alone."""
    youngest, oldest, audience = GROUPS[made.group[row]]
    with closing(sqlite3.connect(source)) as connection:
        found = connection.execute("SELECT descriptions ->> 'da' FROM offering WHERE id = ?", (row + 1,))
        text = found.fetchone()[0]
    priced = int(made.price_kind[row])
    kind = {FREE: PriceKind.FREE, AMOUNT: PriceKind.AMOUNTS}.get(priced, PriceKind.UNKNOWN)
    return OfferingDraft(
        external_id=f"urn:synthetic:{row + 1}",
        titles={"da": f"{made.title(row)} ommøbleret"},
        descriptions={"da": text},
        keywords=(made.subjects[made.keyword[row]],),
        categories=(list(Category)[made.category[row]],),
        formats=(list(Format)[made.format[row]],),
        audiences=(audience,) if audience else (),
        age_from=youngest,
        age_to=oldest,
        price_kind=kind,
        prices={Tariff.ADULT: float(made.amount[row])} if priced == AMOUNT else {},
        languages=("da",),
        occurrences=(_first_date(made, row),),
    )


def _first_date(made: Synthetic, row: int) -> OccurrenceDraft:
    _, starts, ends = made.times(0)
    town, municipality, postcode, latitude, longitude = TOWNS[made.venue_town[made.venue[row]]]
    place = {"town": town, "municipality": municipality, "postcode": postcode}
    return OccurrenceDraft(
        key="0",
        start=dt.datetime.fromtimestamp(int(starts[row]), ZONE),
        end=dt.datetime.fromtimestamp(int(ends[row]), ZONE),
        zone=str(ZONE),
        venue=VenueDraft(name=f"{town} Torv", **place, latitude=latitude, longitude=longitude),
    )
