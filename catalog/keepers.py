"""What offerings share: venues, organisers and series, each stored once and found by its key.

Facts that a file states about one of them in several places are merged so that the order of its rows does
not matter. A fact that a file does not state leaves what is stored as it is.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from sqlmodel import Session, col, select

from catalog.drafts import OfferingDraft, VenueDraft
from catalog.model import Organizer, Series, Venue
from catalog.places import gazetteer
from catalog.text import fold, words

T = TypeVar("T")
CHUNK = 500
"""How many keys one statement asks for: well under what either database bears."""


def chunks(things: Sequence[T]) -> Iterator[Sequence[T]]:
    """`things` in order, at most CHUNK at a time."""
    return (things[at : at + CHUNK] for at in range(0, len(things), CHUNK))


@lru_cache(maxsize=4096)
def venue_key(venue: VenueDraft) -> str:
    """Same name and address at the same postcode (without one: town, else municipality), same venue."""
    area = venue.postcode or venue.town or _municipality(venue.municipality) or ""
    return "|".join(" ".join(words(part)) for part in (area, venue.name, venue.address or ""))[:400]


def organizer_key(name: str) -> str:
    """The folded name."""
    return (" ".join(words(name)) or name.casefold())[:200]


def series_key(draft: OfferingDraft) -> str | None:
    """The source's id of the series, else its folded name; None when the draft belongs to none."""
    if draft.series_id or not draft.series_name:
        return draft.series_id
    return " ".join(words(draft.series_name)) or draft.series_name


def municipality_name(stated: str) -> str | None:
    """The gazetteer's name of a municipality, however it is written; None when there is no such one."""
    return _municipality(stated)


@lru_cache(maxsize=4096)
def municipality_of(venue: VenueDraft) -> str | None:
    """The municipality of a place, as it is told or worked out; None when it cannot be known."""
    name: str | None = _merge_venues([venue])["municipality"]
    return name


@lru_cache(maxsize=1024)
def _municipality(stated: str | None) -> str | None:
    place = gazetteer().municipality(stated) if stated else None
    return place.name if place else None


def located(venue: VenueDraft) -> dict[str, Any]:
    """What there will be to know of this place when it is stored, by the names of the columns."""
    return _merge_venues([venue])


class Keepers:
    """The ids of everything that these drafts refer to, after storing what was new or has changed."""

    def __init__(self, session: Session, source_id: int, drafts: Sequence[OfferingDraft]) -> None:
        self._venues = _keep_venues(session, drafts)
        self._organizers = _keep_organizers(session, drafts)
        self._series = _keep_series(session, source_id, drafts)

    def venue(self, draft: VenueDraft | None) -> int | None:
        return self._venues[venue_key(draft)] if draft else None

    def organizer(self, draft: OfferingDraft) -> int | None:
        return self._organizers[organizer_key(draft.organizer)] if draft.organizer else None

    def series(self, draft: OfferingDraft) -> int | None:
        key = series_key(draft)
        return self._series[key] if key else None


def _keep_venues(session: Session, drafts: Iterable[OfferingDraft]) -> dict[str, int]:
    stated: dict[str, list[VenueDraft]] = defaultdict(list)
    for draft in drafts:
        for occurrence in draft.occurrences:
            if occurrence.venue:
                stated[venue_key(occurrence.venue)].append(occurrence.venue)
    facts = {key: _merge_venues(those) for key, those in stated.items()}
    return _keep(session, facts, Venue, col(Venue.key), change=_change_venue)


def _keep_organizers(session: Session, drafts: Iterable[OfferingDraft]) -> dict[str, int]:
    stated: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for draft in drafts:
        if draft.organizer:
            stated[organizer_key(draft.organizer)].append(
                {"name": draft.organizer, "url": draft.organizer_url}
            )
    facts = {key: _merge(those) for key, those in stated.items()}
    return _keep(session, facts, Organizer, col(Organizer.key))


def _keep_series(session: Session, source_id: int, drafts: Iterable[OfferingDraft]) -> dict[str, int]:
    stated: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for draft in drafts:
        if key := series_key(draft):
            stated[key].append({"name": draft.series_name or key[:300], "source_id": source_id})
    facts = {key: _merge(those) for key, those in stated.items()}
    only = (col(Series.source_id) == source_id,)
    return _keep(session, facts, Series, col(Series.external_id), only=only)


def _change(row: Any, facts: Mapping[str, Any]) -> None:
    for name, value in facts.items():
        if value is not None:
            setattr(row, name, value)


def _change_venue(row: Venue, facts: Mapping[str, Any]) -> None:
    """A guess from the postcode or town never replaces a position that a source stated."""
    guessed = facts["located_by"] not in (None, "source")
    kept = {"latitude", "longitude", "located_by"} if guessed and row.located_by == "source" else set()
    _change(row, {name: value for name, value in facts.items() if name not in kept})


def _keep(
    session: Session,
    facts: Mapping[str, Mapping[str, Any]],
    table: type[Any],
    key: Any,
    *,
    only: Iterable[Any] = (),
    change: Callable[[Any, Mapping[str, Any]], None] = _change,
) -> dict[str, int]:
    """Make or change one row of `table` for each key of `facts`; their ids."""
    rows: dict[str, Any] = {}
    for some in chunks(sorted(facts)):
        for row in session.exec(select(table).where(key.in_(some), *only)):
            rows[getattr(row, key.key)] = row
    for name in sorted(facts.keys() - rows.keys()):
        rows[name] = table(**{key.key: name})
        session.add(rows[name])
    for name, row in rows.items():
        change(row, facts[name])
    session.flush()
    return {name: row.id for name, row in rows.items()}


def _merge(stated: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """One value for each fact: of several, the least, so that it does not depend on their order."""
    merged: dict[str, Any] = {}
    for facts in stated:
        for name, value in facts.items():
            known = [v for v in (merged.get(name), value) if v is not None]
            merged[name] = min(known) if known else None
    return merged


def _merge_venues(stated: Iterable[VenueDraft]) -> dict[str, Any]:
    """What these drafts of one venue tell together, completed from the gazetteer."""
    facts = _merge(_venue_facts(venue) for venue in dict.fromkeys(stated))
    latitude, longitude = facts.pop("position") or (None, None)
    facts |= {"latitude": latitude, "longitude": longitude}
    facts["located_by"] = None if latitude is None else "source"
    return _located(facts)


def _venue_facts(venue: VenueDraft) -> dict[str, Any]:
    known = venue.latitude is not None and venue.longitude is not None
    return {
        "name": venue.name[:200],
        "address": venue.address,
        "postcode": venue.postcode,
        "town": venue.town,
        "municipality": _municipality(venue.municipality),
        "district": venue.district,
        "position": (venue.latitude, venue.longitude) if known else None,
    }


def _located(facts: dict[str, Any]) -> dict[str, Any]:
    """The same facts with what follows from the address, else from the position, else from a town in the
    name; what is stated stays."""
    asked = {name: facts[name] for name in ("address", "postcode", "town", "municipality")}
    found = gazetteer().locate(**asked)
    if found is None and facts["latitude"] is None:
        found = gazetteer().locate(address=_town_in(facts["name"]))
    if found is not None:
        names = ["postcode", "town", "municipality", "district"]
        if facts["latitude"] is None:
            names += ["latitude", "longitude", "located_by"]
        return facts | {name: getattr(found, name) for name in names if facts[name] is None}
    if facts["latitude"] is not None and facts["municipality"] is None:
        nearest = gazetteer().nearest(facts["latitude"], facts["longitude"])
        facts["municipality"] = nearest.municipality if nearest else None
    return facts


def _town_in(name: str) -> str:
    """The town that a venue's name begins with ("Ishøj Bibliotek") when there is only one of that name; else
    the whole name, which may be a town's or end with one ("Måløv", "Biblioteket i Hornbæk")."""
    said = name.split()
    for count in range(min(gazetteer().max_words, len(said)), 0, -1):
        lead = " ".join(said[:count])
        where = {place.municipality for place in gazetteer().named(lead)}
        if len(where) == 1 and None not in where and not gazetteer().is_common_word(fold(lead)):
            return lead
    return name
