"""Places by name, as staff write them: typos are forgiven, and their own places come first."""

from collections.abc import Collection

from rapidfuzz import fuzz
from sqlmodel import Session, col, func, select

from catalog.drafts import VenueDraft
from catalog.model import Occurrence, Offering, Source, Venue
from catalog.redraft import venue_draft
from catalog.text import fold, words

MOST = 4
_ALIKE = 82
_MOST_VENUES = 20_000


def alike(session: Session, name: str, municipalities: Collection[str]) -> list[Venue]:
    """The stored places with such a name, the likest first; those in these municipalities before others."""
    wanted = " ".join(words(name))
    found = [
        (row.municipality not in municipalities, -likeness, row.id or 0, row)
        for row in session.exec(select(Venue).order_by(col(Venue.id)).limit(_MOST_VENUES))
        if (likeness := _likeness(wanted, row)) >= _ALIKE
    ]
    return [row for *_, row in sorted(found, key=lambda one: one[:3])[:MOST]]


def often_used(session: Session, source: str) -> list[Venue]:
    """The places where most of this source's offerings are."""
    used = select(Occurrence.venue_id, func.count()).join(Offering).join(Source)
    used = used.where(Source.name == source, col(Occurrence.venue_id).is_not(None))
    rows = session.exec(used.group_by(col(Occurrence.venue_id)).order_by(func.count().desc()).limit(MOST))
    found = (session.get(Venue, id_) for id_, _ in rows.all())
    return [row for row in found if row is not None]


def stored(session: Session, venue_id: int) -> VenueDraft | None:
    """The place of this number as a draft that leads to it again; None when it is gone."""
    row = session.get(Venue, venue_id)
    return venue_draft(row) if row else None


def _likeness(wanted: str, row: Venue) -> float:
    name = " ".join(words(row.name))
    if wanted == name:
        return 101.0
    whole = fuzz.ratio(wanted, name)
    # A part of a name is enough when it is whole words of it: "biblioteket" in "biblioteket i Ishøj".
    part = 95.0 if len(wanted) > 3 and f" {wanted} " in f" {name} " else 0.0
    placed = fuzz.ratio(wanted, f"{name} {fold(row.town or '')}".strip())
    return max(whole, part, placed)
