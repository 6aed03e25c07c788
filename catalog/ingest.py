"""Drafts → rows: what a file holds becomes what the catalogue knows, in one transaction.

An offering is known by its source and the id the source gave it; a hash of the draft tells whether anything
has changed. Importing the same file again touches no row.
"""

import datetime as dt
import secrets
import string
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.orm import selectinload
from sqlmodel import Session, col, select

from catalog.acceptance import accept, content_hash
from catalog.changes import called_off_by_staff, facts_of, is_staff, record
from catalog.database import Database
from catalog.drafts import OccurrenceDraft, OfferingDraft, Parsed, Progress, Rejection
from catalog.keepers import Keepers, chunks, municipality_name
from catalog.model import Occurrence, Offering, OfferingTag, Source
from catalog.occurrences import is_over, is_past, previous_start, revise
from catalog.values import Status

BRAKE_FROM = 10
"""From this many upcoming offerings on, a complete file may not withdraw more than half of them."""

_OFF = (Status.CANCELLED, Status.POSTPONED)
_ALPHABET = string.ascii_lowercase + string.digits
_JSON = ("titles", "descriptions", "keywords", "prices", "access", "languages", "inferred", "weekdays")
_WORDS = ("made_for", "price_kind", "status")
_SAME = (
    *(
        "external_id",
        "age_from",
        "age_to",
        "url",
        "image_url",
        "photo",
        "residents_only",
        "season_from",
        "season_until",
    ),
    *("enrolment_opens", "enrolment_closes", "capacity", "remaining", "enrolment_url"),
)
_WHOLE = (
    selectinload(Offering.occurrences),  # type: ignore[arg-type]  # SQLModel types what it holds
    selectinload(Offering.tags),  # type: ignore[arg-type]  # the same
)
_TIME = ("start", "end", "zone", "time_known", "is_run", "opens", "closes", "previous_start")


@dataclass(slots=True)
class Report:
    """What an import did. Every accepted draft is counted once: added, updated, unchanged, cancelled (an
    update that calls it off) or past (over before it was ever known, so not added). withdrawn counts
    what a complete file no longer holds."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    cancelled: int = 0
    past: int = 0
    withdrawn: int = 0
    rejections: list[Rejection] = field(default_factory=list)


def ingest(
    database: Database,
    parsed: Parsed,
    *,
    source: str,
    now: dt.datetime,
    complete: bool = False,
    dry_run: bool = False,
    is_sample: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Store what `parsed` holds under the source of that name; all of it or, when an exception is raised,
    nothing. `dry_run` tells what would happen and keeps nothing.

    `complete` means that the file lists all there is: upcoming offerings of the source that it does not
    mention are withdrawn. A brake holds that back, with a rejection of its own: when the
    file holds no offering ("withdraw-empty"), when it rejected an item that cannot be told by its id
    ("withdraw-unsure"), or when more than half of BRAKE_FROM or more would go ("withdraw-too-many").
    """
    kept: Report | None = None

    def work(session: Session) -> None:
        nonlocal kept
        kept = ingest_into(
            session,
            parsed,
            source=source,
            now=now,
            complete=complete,
            is_sample=is_sample,
            progress=progress,
        )
        if dry_run:
            raise _NothingIsKept

    with suppress(_NothingIsKept):
        database.write(work)
    assert kept is not None  # noqa: S101  # or an exception was raised
    return kept


def ingest_into(
    session: Session,
    parsed: Parsed,
    *,
    source: str,
    now: dt.datetime,
    complete: bool = False,
    is_sample: bool = False,
    progress: Progress | None = None,
    by: str | None = None,
) -> Report:
    """The same within the caller's transaction. by: who alters what this source told, when it is not the
    source itself; a date that staff have called off stays off until the source moves it or staff take it
    back."""
    drafts, refused = accept(parsed.drafts)
    report = Report(rejections=[*parsed.rejections, *refused])
    source_id = _source(session, source, is_sample)
    intake = _Intake(session, source_id, now, report, by=by or source, of_staff=is_staff(source))
    intake.store(drafts, progress or _silent)
    if complete:
        intake.withdraw_the_rest(drafts)
    intake.note_the_change()
    return report


class _NothingIsKept(Exception):  # noqa: N818 - the way out of a dry run, not an error
    pass


def _silent(_done: int, _of: int) -> None:
    pass


def new_public_id() -> str:
    """Ten random characters of a–z and 0–9: nobody can guess one from another."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(10))


def _source(session: Session, name: str, is_sample: bool) -> int:
    source = session.exec(select(Source).where(Source.name == name)).one_or_none()
    if source is None:
        source = Source(name=name)
        session.add(source)
    source.is_sample = is_sample
    session.flush()
    if source.id is None:
        raise LookupError(name)
    return source.id


@dataclass(frozen=True, slots=True)
class _Known:
    """What is asked of every stored offering of the source, changed or not."""

    id: int
    content_hash: str
    withdrawn: bool


class _Intake:
    """One import into one source, within one transaction."""

    def __init__(
        self, session: Session, source_id: int, now: dt.datetime, report: Report, *, by: str, of_staff: bool
    ) -> None:
        self._session = session
        self._by, self._is_by_staff = by, of_staff or is_staff(by)
        self._source_id = source_id
        self._now = now
        self._report = report
        self._known = _known(session, source_id)

    def store(self, drafts: Mapping[str, OfferingDraft], progress: Progress) -> None:
        """Add what is new, update what has changed, count the rest."""
        hashes = {name: content_hash(draft) for name, draft in drafts.items()}
        todo = [draft for name, draft in drafts.items() if self._has_news(draft, hashes[name])]
        self._keepers = Keepers(self._session, self._source_id, todo)
        done = len(drafts) - len(todo)
        for some in chunks(todo):
            self._store_some(some, hashes)
            done += len(some)
            progress(done, len(drafts))

    def _store_some(self, drafts: Sequence[OfferingDraft], hashes: Mapping[str, str]) -> None:
        rows = self._load([self._known[d.external_id].id for d in drafts if d.external_id in self._known])
        before = facts_of(rows.values())
        self._off = set() if self._is_by_staff else called_off_by_staff(self._session, rows.values())
        for draft in drafts:
            name, facts = draft.external_id, self._offering(draft, hashes[draft.external_id])
            self._count(rows.get(name), draft)
            if name in rows:
                _change(rows[name], facts)
            else:
                rows[name] = self._new(facts)
        self._session.flush()
        new_tags = [tag for draft in drafts for tag in self._tags(rows[draft.external_id], draft)]
        new_times = [time for draft in drafts for time in self._times(rows[draft.external_id], draft)]
        self._session.flush()
        for table, new in ((OfferingTag, new_tags), (Occurrence, new_times)):
            if new:
                self._session.execute(insert(table), new)
        record(self._session, before, rows.values(), now=self._now, source=self._by)
        self._session.expunge_all()

    def _has_news(self, draft: OfferingDraft, hash_: str) -> bool:
        known = self._known.get(draft.external_id)
        if known is None and is_past(draft, self._now):
            self._report.past += 1
            return False
        if known and known.content_hash == hash_ and not known.withdrawn:
            self._report.unchanged += 1
            return False
        return True

    def _load(self, ids: Sequence[int]) -> dict[str, Offering]:
        query = select(Offering).where(col(Offering.id).in_(ids))
        whole = query.options(*_WHOLE)
        return {row.external_id: row for row in self._session.exec(whole)}

    def _new(self, facts: dict[str, Any]) -> Offering:
        # Empty lists, or each new row would be asked for what it cannot have yet.
        nothing: dict[str, Any] = {"occurrences": [], "tags": []}
        row = Offering(public_id=new_public_id(), created_at=self._now, **facts, **nothing)
        self._session.add(row)
        return row

    def _tags(self, row: Offering, draft: OfferingDraft) -> Iterator[dict[str, Any]]:
        """The tags that are still to be added, after deleting those that no longer hold."""
        wanted = _tags(draft)
        for tag in row.tags:
            if (tag.kind, tag.value) not in wanted:
                self._session.delete(tag)
        present = {(tag.kind, tag.value) for tag in row.tags}
        for kind, value in sorted(wanted - present):
            yield {"offering_id": row.id, "kind": kind, "value": value}

    def _times(self, row: Offering, draft: OfferingDraft) -> Iterator[dict[str, Any]]:
        """The occurrences that are still to be added, after changing and withdrawing those that are there."""
        kept, new, gone = revise(row.occurrences, draft.occurrences, self._now)
        is_off_without_dates = draft.status in _OFF and not draft.occurrences
        for occurrence in gone:
            occurrence.withdrawn_at = None if is_off_without_dates else self._now
        for occurrence, told in kept:
            facts = self._time(told) | {"previous_start": previous_start(occurrence, told)}
            if occurrence.id in self._off and occurrence.start == told.start:
                facts["status"] = occurrence.status
            _change(occurrence, facts | {"withdrawn_at": None})
        for told in new:
            yield self._time(told) | {"offering_id": row.id, "key": told.key}

    def _time(self, draft: OccurrenceDraft) -> dict[str, Any]:
        facts: dict[str, Any] = {name: getattr(draft, name) for name in _TIME}
        venue_id = self._keepers.venue(draft.venue)
        return facts | {"open_days": list(draft.open_days), "status": str(draft.status), "venue_id": venue_id}

    def _offering(self, draft: OfferingDraft, hash_: str) -> dict[str, Any]:
        """The columns of an offering as this draft states them."""
        facts: dict[str, Any] = draft.model_dump(mode="json", include=set(_JSON) | set(_WORDS))
        facts |= {name: getattr(draft, name) for name in _SAME}
        return facts | {
            "source_id": self._source_id,
            "organizer_id": self._keepers.organizer(draft),
            "series_id": self._keepers.series(draft),
            "content_hash": hash_,
            "updated_at": self._now,
            "withdrawn_at": None,
        }

    def _count(self, row: Offering | None, draft: OfferingDraft) -> None:
        if row is None:
            self._report.added += 1
        elif draft.status is Status.CANCELLED and row.status != Status.CANCELLED:
            self._report.cancelled += 1
        else:
            self._report.updated += 1

    def withdraw_the_rest(self, drafts: Mapping[str, OfferingDraft]) -> None:
        """Withdraw the upcoming offerings that the file does not mention, unless the brake holds."""
        upcoming = self._upcoming()
        spared = {rejection.external_id for rejection in self._report.rejections}
        missing = [name for name in upcoming if name not in drafts and name not in spared]
        held = _brake(len(missing), len(upcoming), bool(drafts), None in spared)
        if held:
            self._report.rejections.append(Rejection("", held, f"{len(missing)}/{len(upcoming)}"))
            return
        for some in chunks([upcoming[name] for name in missing]):
            for row in self._session.exec(select(Offering).where(col(Offering.id).in_(some))):
                row.withdrawn_at = row.updated_at = self._now
        self._report.withdrawn = len(missing)

    def note_the_change(self) -> None:
        """Let whoever keeps a snapshot of the catalogue see that it is no longer the same."""
        report = self._report
        if report.added or report.updated or report.cancelled or report.withdrawn:
            newer = update(Source).where(col(Source.id) == self._source_id)
            self._session.execute(newer.values(revision=Source.revision + 1))

    def _upcoming(self) -> dict[str, int]:
        """The stored offerings known before this import that are not over, id by external id."""
        ends: dict[int, bool] = {}
        query = select(Occurrence.offering_id, Occurrence.start, Occurrence.end, Occurrence.zone)
        of_source = query.join(Offering).where(
            Offering.source_id == self._source_id, col(Occurrence.withdrawn_at).is_(None)
        )
        for offering_id, start, end, zone in self._session.exec(of_source):
            over = is_over(start, end, zone, self._now)
            ends[offering_id] = ends.get(offering_id, True) and over
        return {
            name: known.id
            for name, known in self._known.items()
            if not known.withdrawn and not ends.get(known.id, False)
        }


def _brake(missing: int, upcoming: int, holds_any: bool, is_unsure: bool) -> str | None:
    if not missing:
        return None
    if not holds_any:
        return "withdraw-empty"
    if is_unsure:
        return "withdraw-unsure"
    return "withdraw-too-many" if upcoming >= BRAKE_FROM and missing * 2 > upcoming else None


def _known(session: Session, source_id: int) -> dict[str, _Known]:
    columns = (
        col(Offering.external_id),
        col(Offering.id),
        col(Offering.content_hash),
        col(Offering.withdrawn_at),
    )
    rows = session.exec(select(*columns).where(Offering.source_id == source_id))
    return {name: _Known(id_, hash_, gone is not None) for name, id_, hash_, gone in rows if id_ is not None}


def _change(row: Any, facts: Mapping[str, Any]) -> None:
    for name, value in facts.items():
        setattr(row, name, value)


def _tags(draft: OfferingDraft) -> set[tuple[str, str]]:
    """(kind, value) of all that an offering is marked with."""
    owners = {str(municipality_name(name)) for name in draft.owners}
    kinds = {
        "category": draft.categories,
        "format": draft.formats,
        "audience": draft.audiences,
        "owner": owners,
    }
    return {(kind, str(value)) for kind, values in kinds.items() for value in values}
