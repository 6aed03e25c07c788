"""What it takes to put a publishing back, kept as long as that can be done; and doing it.

Followers never hear of a publishing that is undone before they heard of it: its changes and those of the
undoing, told as one, lead back to where they began.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, func, select

from catalog import staff
from catalog.acceptance import content_hash
from catalog.changes import changes_after
from catalog.database import Database
from catalog.drafts import OfferingDraft, Parsed
from catalog.ingest import ingest_into
from catalog.model import Occurrence, Offering, OfferingChange, Source
from catalog.redraft import drafts_of
from catalog.staff import Staffer, source_of
from catalog.staff_model import Publication

UNDO_WITHIN = dt.timedelta(minutes=15)
"""How long a publishing can be undone: until followers hear of it."""
MOST_CHANGES = 1_000_000


class UndoError(Exception):
    """A publishing that is not undone. code: "unknown" (also somebody else's), "done" (already) or "late"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Undone:
    """How many offerings are as they were, and how many were left alone because they were edited after."""

    restored: int
    left: int


@dataclass(frozen=True, slots=True)
class Listed:
    """What tells whether a stored offering has changed."""

    id: int
    source: str
    external_id: str
    hash: str
    is_withdrawn: bool


def listed(session: Session, sources: Iterable[str]) -> dict[int, Listed]:
    """All offerings of these sources, by id."""
    known = select(Source.id, Source.name).where(col(Source.name).in_(set(sources)))
    names = {id_: name for id_, name in session.exec(known) if id_ is not None}
    columns = (
        col(Offering.id),
        col(Offering.source_id),
        col(Offering.external_id),
        col(Offering.content_hash),
    )
    rows = session.execute(
        select(*columns).add_columns(col(Offering.withdrawn_at)).where(col(Offering.source_id).in_(names))
    )
    return {id_: Listed(id_, names[of], own, hash_, gone is not None) for id_, of, own, hash_, gone in rows}


def newest_change(session: Session) -> int:
    """The number of the last change, 0 when there is none."""
    return session.exec(select(func.max(OfferingChange.id))).one() or 0


def set_columns(session: Session, offering_id: int, **columns: Any) -> None:
    """Set these columns of an offering, and nothing else."""
    session.execute(update(Offering).where(col(Offering.id) == offering_id).values(**columns))


@dataclass(frozen=True, slots=True)
class Before:
    """The offerings of some sources before a publishing; `drafts`: those that it may touch."""

    listed: Mapping[int, Listed]
    drafts: Mapping[int, OfferingDraft]
    newest: int

    @classmethod
    def of(cls, session: Session, touched: Mapping[str, set[str] | None]) -> "Before":
        """touched: by source the ids there of what may be altered, None for all that it lists."""
        rows = listed(session, touched)
        ids = [row.id for row in rows.values() if _is_among(touched[row.source], row.external_id)]
        return cls(rows, drafts_of(session, ids), newest_change(session))

    def keep(self, session: Session, staffer: Staffer, now: dt.datetime) -> int:
        """Note the publishing that is now done, with what it takes to undo it; its number. What older ones
        have kept goes."""
        outdated = update(Publication).where(col(Publication.at) <= now - UNDO_WITHIN)
        session.execute(outdated.values(before={}))
        sources = {row.source for row in self.listed.values()} | {source_of(staffer)}
        row = Publication(
            staff_id=staffer.id,
            source=source_of(staffer),
            at=now,
            before=self._differing(session, sources),
            first_change=self.newest + 1,
            last_change=newest_change(session),
        )
        session.add(row)
        session.flush()
        assert row.id is not None  # noqa: S101  # flushed
        return row.id

    def _differing(self, session: Session, sources: Iterable[str]) -> dict[str, object]:
        """By id, of each offering that is now another: its draft from before (None when it is new), the hash
        it had, whether it was withdrawn, and the hash of what it is now."""
        after = listed(session, sources)
        told = {change.offering_id for change in changes_after(session, self.newest, MOST_CHANGES)}
        others = [id_ for id_, row in after.items() if id_ in told or self.listed.get(id_) != row]
        drafts = drafts_of(session, others)
        return {str(id_): self._one(id_, content_hash(drafts[id_])) for id_ in others}

    def _one(self, id_: int, after: str) -> dict[str, object]:
        row, draft = self.listed.get(id_), self.drafts.get(id_)
        return {
            "draft": draft.model_dump(mode="json") if draft else None,
            "hash": row.hash if row else None,
            "withdrawn": row is None or row.is_withdrawn,
            "after": after,
        }


def undo(database: Database, staffer: Staffer, publication_id: int, now: dt.datetime) -> Undone:
    """Put everything back as it was before this publishing of theirs; what was edited after is left alone.
    Raises UndoError."""

    def work(session: Session) -> Undone:
        row = session.get(Publication, publication_id)
        if row is None or row.staff_id != staffer.id:
            raise UndoError("unknown")
        if row.undone_at is not None:
            raise UndoError("done")
        if not dt.timedelta(0) <= now - row.at < UNDO_WITHIN:
            raise UndoError("late")
        before: Mapping[str, Any] = row.before
        row.undone_at, row.before = now, {}
        session.add(row)
        session.flush()
        undone = _Undoing(session, source_of(staffer), row.first_change, now).put_back(before)
        counts = {"restored": undone.restored, "left": undone.left}
        staff.note(session, staffer.id, "undo", f"publication:{publication_id}", now, **counts)
        return undone

    return database.write(work)


class _Undoing:
    """One undoing, within one transaction."""

    def __init__(self, session: Session, by: str, since: int, now: dt.datetime) -> None:
        self._session, self._by, self._since, self._now = session, by, since, now

    def put_back(self, before: Mapping[str, Any]) -> Undone:
        ids = [int(id_) for id_ in before]
        drafts = drafts_of(self._session, ids)
        same = [
            id_ for id_ in ids if id_ in drafts and content_hash(drafts[id_]) == before[str(id_)]["after"]
        ]
        newest, born = newest_change(self._session), self._born(same, before)
        self._ingest({id_: before[str(id_)]["draft"] for id_ in same if before[str(id_)]["draft"]})
        for id_ in same:
            self._restore(id_, before[str(id_)])
        self._hush(newest, born)
        self._note_the_change(same)
        return Undone(len(same), len(ids) - len(same))

    def _ingest(self, told: Mapping[int, Any]) -> None:
        """The drafts from before, each under its own source."""
        for stale in told:
            set_columns(self._session, stale, content_hash="")  # else what staff altered may count as known
        by_source: dict[str, list[OfferingDraft]] = defaultdict(list)
        rows = select(Offering.id, Source.name).join(Source).where(col(Offering.id).in_(told))
        drafts = {id_: OfferingDraft.model_validate(draft) for id_, draft in told.items()}
        for id_, source in self._session.exec(rows).all():
            by_source[source].append(drafts[id_ or 0])
        for source, some in by_source.items():
            ingest_into(self._session, Parsed("undo", some), source=source, now=self._now, by=self._by)
        for id_, draft in drafts.items():
            self._unmove(id_, draft)

    def _unmove(self, id_: int, draft: OfferingDraft) -> None:
        """A date that was moved and moved back was never anywhere else."""
        for time in draft.occurrences:
            one = (col(Occurrence.offering_id) == id_) & (col(Occurrence.key) == time.key)
            self._session.execute(update(Occurrence).where(one).values(previous_start=time.previous_start))

    def _restore(self, id_: int, was: Mapping[str, Any]) -> None:
        columns: dict[str, Any] = {"updated_at": self._now}
        if was["withdrawn"]:
            columns["withdrawn_at"] = self._now
        if was["hash"]:
            columns["content_hash"] = was["hash"]
        set_columns(self._session, id_, **columns)

    def _born(self, ids: Iterable[int], before: Mapping[str, Any]) -> set[int]:
        """The dates that nobody knew before the publishing."""
        told = {id_: (before[str(id_)]["draft"] or {}).get("occurrences", ()) for id_ in ids}
        known = {(id_, time["key"]) for id_, times in told.items() for time in times}
        since = col(OfferingChange.id) >= self._since
        came_back = set(self._session.exec(select(OfferingChange.occurrence_id).where(since)))
        listed_now = col(Occurrence.withdrawn_at).is_(None) & col(Occurrence.offering_id).in_(told)
        rows = self._session.exec(select(Occurrence).where(listed_now))
        return {row.id or 0 for row in rows if (row.offering_id, row.key) not in known} - came_back

    def _hush(self, newest: int, born: Iterable[int]) -> None:
        """That a date which nobody heard of is gone again is nothing to tell. The row stays: its number must
        not be given to another change."""
        ours = (col(OfferingChange.id) > newest) & col(OfferingChange.occurrence_id).in_(list(born))
        self._session.execute(update(OfferingChange).where(ours).values(old=col(OfferingChange.new)))

    def _note_the_change(self, ids: Iterable[int]) -> None:
        sources = select(Offering.source_id).where(col(Offering.id).in_(list(ids)))
        newer = update(Source).where(col(Source.id).in_(sources))
        self._session.execute(newer.values(revision=Source.revision + 1))


def _is_among(names: set[str] | None, name: str) -> bool:
    return names is None or name in names
