"""Staff publish: a preview that keeps nothing, and then exactly what it showed.

A preview and a publishing are the same work in one transaction, kept or not; a fingerprint of all that it
alters binds them, so that nothing else is published than was shown. See `catalog.undoing` for the way back.
"""

import datetime as dt
import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from catalog import staff
from catalog.cards import Card, load_cards
from catalog.changes import changes_after
from catalog.database import Database
from catalog.drafts import OfferingDraft, Parsed, Rejection
from catalog.ingest import Report, ingest_into
from catalog.scoping import municipalities_of, municipalities_of_stored
from catalog.staff import Right, Role, Staffer, source_of
from catalog.undoing import MOST_CHANGES, Before, Listed, listed, newest_change, set_columns

MOST_OFFERINGS = 1_000
"""More than this in one file would keep everybody else waiting, who cannot be stored meanwhile (measured on a
busy core: 3.4 s for the publishing of 1,000 changes); it belongs on the command line."""
SHOWN = 5
"""How many of the new, of the changed and of the withdrawn a preview holds whole."""


@dataclass(frozen=True, slots=True)
class Alteration:
    """One fact that people plan by; fields as in `catalog.model.OfferingChange`."""

    occurrence_id: int | None
    fact: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One offering of a preview, as it would be afterwards, and what would differ of what people plan by."""

    card: Card
    alterations: tuple[Alteration, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """How many, and the first of them."""

    count: int = 0
    shown: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """What a publishing would do, or did. unchanged, past: how many it leaves alone; see
    `catalog.ingest.Report`. rejections: what is left out. held: why nothing is withdrawn, although the file
    is said to be all there is; see `catalog.ingest.ingest`."""

    fingerprint: str
    new: Part
    changed: Part
    withdrawn: Part
    unchanged: int
    past: int
    rejections: tuple[Rejection, ...]
    held: Rejection | None = None

    @property
    def does_anything(self) -> bool:
        return bool(self.new.count or self.changed.count or self.withdrawn.count)


@dataclass(frozen=True, slots=True)
class Batch:
    """What is to be stored under one source. keeps_hash: staff alter what the source told, and the same file
    read again alters nothing."""

    source: str
    parsed: Parsed
    complete: bool = False
    keeps_hash: bool = False


class OtherwiseError(Exception):
    """What would be published now is not what was shown; `preview` is what it would be."""

    def __init__(self, preview: Preview) -> None:
        super().__init__(preview.fingerprint)
        self.preview = preview


class _NothingIsKept(Exception):  # noqa: N818 - the way out of a preview, not an error
    pass


Plan = Callable[[Session], Sequence[Batch]]
"""Makes the batches, in the transaction that stores them."""


def from_file(staffer: Staffer, parsed: Parsed, *, complete: bool = False) -> Plan:
    """What of a file this staffer may publish; the rest is among its rejections. An offering that has an
    error in one of its rows waits as a whole, so that nobody sees half of its dates."""
    source = source_of(staffer)
    spoilt = {rejection.external_id for rejection in parsed.rejections} - {None}
    whole = [draft for draft in parsed.drafts if draft.external_id not in spoilt]

    def plan(session: Session) -> list[Batch]:
        ours, refused = _within_scope(session, staffer, source, whole)
        return [Batch(source, Parsed(parsed.format, ours, [*parsed.rejections, *refused]), complete)]

    return plan


def preview(
    database: Database, staffer: Staffer, plan: Plan, now: dt.datetime, *, most: int = SHOWN
) -> Preview:
    """What publishing this would do now; nothing is kept. most: how many of each part are shown."""
    found: list[Preview] = []

    def work(session: Session) -> None:
        found.append(_store(session, staffer, plan(session), now, most))
        raise _NothingIsKept

    with suppress(_NothingIsKept):
        database.write(work)
    return found[0]


def publish(
    database: Database, staffer: Staffer, plan: Plan, now: dt.datetime, *, shown: str
) -> tuple[int, Preview]:
    """Store this: (the number of the publishing, what it did). shown: the fingerprint of the preview; raises
    OtherwiseError when it would do anything else by now, and keeps nothing."""

    def work(session: Session) -> tuple[int, Preview]:
        batches = plan(session)
        before = Before.of(session, {batch.source: _touched(batch) for batch in batches})
        done = _store(session, staffer, batches, now, SHOWN)
        if done.fingerprint != shown:
            raise OtherwiseError(done)
        number = before.keep(session, staffer, now)
        counts = {"new": done.new.count, "changed": done.changed.count, "withdrawn": done.withdrawn.count}
        target = f"publication:{number}"
        staff.note(session, staffer.id, "publish", target, now, **counts, rejected=len(done.rejections))
        return number, done

    return database.write(work)


def _touched(batch: Batch) -> set[str] | None:
    return None if batch.complete else {draft.external_id for draft in batch.parsed.drafts}


def _within_scope(
    session: Session, staffer: Staffer, source: str, drafts: Sequence[OfferingDraft]
) -> tuple[list[OfferingDraft], list[Rejection]]:
    if staffer.role is Role.ADMIN:
        return list(drafts), []
    known = {row.external_id: row.id for row in listed(session, [source]).values()}
    stored = [known[draft.external_id] for draft in drafts if draft.external_id in known]
    before = municipalities_of_stored(session, stored)
    ours, refused = [], []
    for draft, after in zip(drafts, municipalities_of(session, drafts), strict=True):
        was = before.get(known.get(draft.external_id, 0), frozenset())
        if staff.may(staffer, Right.PUBLISH, after) and was <= staffer.municipalities:
            ours.append(draft)
        else:
            refused.append(_refusal(draft, (after | was) - staffer.municipalities))
    return ours, refused


def _refusal(draft: OfferingDraft, foreign: Collection[str]) -> Rejection:
    code = "outside-scope" if foreign else "no-municipality"
    where = draft.where or draft.external_id
    return Rejection(where, code, ", ".join(sorted(foreign))[:80], draft.external_id)


def _store(
    session: Session, staffer: Staffer, batches: Sequence[Batch], now: dt.datetime, most: int
) -> Preview:
    """Store the batches within this transaction; what that did."""
    sources = [batch.source for batch in batches]
    before, newest = listed(session, sources), newest_change(session)
    reports = [_ingest(session, staffer, batch, before, now) for batch in batches]
    told: dict[int, list[Alteration]] = defaultdict(list)
    for change in changes_after(session, newest, MOST_CHANGES):
        altered = Alteration(change.occurrence_id, change.fact, change.old, change.new)
        told[change.offering_id].append(altered)
    seen = _Seen(before, listed(session, sources), told, most)
    return seen.preview(session, reports)


def _ingest(
    session: Session, staffer: Staffer, batch: Batch, before: Mapping[int, Listed], now: dt.datetime
) -> Report:
    how: dict[str, Any] = {"source": batch.source, "complete": batch.complete, "by": source_of(staffer)}
    report = ingest_into(session, batch.parsed, now=now, **how)
    altered = {draft.external_id for draft in batch.parsed.drafts} if batch.keeps_hash else set()
    for row in before.values():
        if row.source == batch.source and row.external_id in altered:
            set_columns(session, row.id, content_hash=row.hash)
    return report


@dataclass(frozen=True, slots=True)
class _Seen:
    """The offerings of some sources before and after, and what differs of what people plan by. most: how many
    of each part are shown."""

    before: Mapping[int, Listed]
    after: Mapping[int, Listed]
    told: Mapping[int, Sequence[Alteration]]
    most: int

    def preview(self, session: Session, reports: Sequence[Report]) -> Preview:
        """What these reports have done."""
        sets = self._sets()
        rejections = [rejection for report in reports for rejection in report.rejections]
        held = next((r for r in rejections if r.code.startswith("withdraw-")), None)
        unchanged, past = sum(r.unchanged for r in reports), sum(r.past for r in reports)
        altered = sorted(self._trace(id_) for ids in sets for id_ in ids)
        refused = [[r.where, r.code, r.detail] for r in rejections]
        facts = [[len(ids) for ids in sets], altered, unchanged, past, refused]
        digest = hashlib.sha256(json.dumps(facts).encode()).hexdigest()
        new, changed, withdrawn = (self._part(session, ids) for ids in sets)
        kept = tuple(sorted((r for r in rejections if r is not held), key=_place))
        return Preview(digest, new, changed, withdrawn, unchanged, past, kept, held)

    def _sets(self) -> tuple[set[int], set[int], set[int]]:
        was, now = (
            {id_ for id_, row in rows.items() if not row.is_withdrawn} for rows in (self.before, self.after)
        )
        before, after = self.before, self.after
        changed = {id_ for id_ in was & now if after[id_].hash != before[id_].hash or id_ in self.told}
        return now - was, changed, was - now

    def _trace(self, id_: int) -> list[str]:
        """What stands for one offering in the fingerprint."""
        row, was = self.after[id_], self.before.get(id_)
        told = sorted(map(repr, self.told.get(id_, ())))
        return [row.source, row.external_id, was.hash if was else "", row.hash, *told]

    def _part(self, session: Session, ids: set[int]) -> Part:
        """Those of which people would hear come first."""
        first = sorted(ids, key=lambda id_: (id_ not in self.told, id_))[: self.most]
        cards = load_cards(session, first)
        return Part(len(ids), tuple(Entry(cards[id_], tuple(self.told.get(id_, ()))) for id_ in first))


def _place(rejection: Rejection) -> tuple[int, str]:
    """In the order of the file, where rows have numbers."""
    return (int(rejection.where) if rejection.where.isdecimal() else 0), rejection.where
