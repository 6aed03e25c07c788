"""To which municipalities an offering belongs: those of its venues and those that own it."""

from collections.abc import Iterable, Sequence

from sqlmodel import Session, col, select

from catalog.drafts import OfferingDraft, VenueDraft
from catalog.keepers import chunks, municipality_name, municipality_of, venue_key
from catalog.model import Occurrence, OfferingTag, Venue


def municipalities_of(session: Session, drafts: Sequence[OfferingDraft]) -> list[frozenset[str]]:
    """For each draft the municipalities of its owners and venues, as far as they are known. A venue that is
    stored already belongs to where it is stored as well: whoever restates it must be at home in both."""
    stored = _stored(session, {venue_key(venue) for draft in drafts for venue in _venues(draft)})
    found = []
    for draft in drafts:
        own = {municipality_name(owner) for owner in draft.owners}
        for venue in set(_venues(draft)):
            own |= {municipality_of(venue), stored.get(venue_key(venue))}
        found.append(frozenset(name for name in own if name))
    return found


def municipalities_of_stored(session: Session, offering_ids: Iterable[int]) -> dict[int, frozenset[str]]:
    """The same for stored offerings, by id."""
    found: dict[int, set[str]] = {id_: set() for id_ in offering_ids}
    for some in chunks(sorted(found)):
        owners = select(OfferingTag.offering_id, OfferingTag.value).where(OfferingTag.kind == "owner")
        places = select(Occurrence.offering_id, Venue.municipality).join(Venue)
        on = col(Occurrence.withdrawn_at).is_(None)
        for id_, name in session.exec(owners.where(col(OfferingTag.offering_id).in_(some))):
            found[id_].add(name)
        for id_, where in session.exec(places.where(on, col(Occurrence.offering_id).in_(some)).distinct()):
            found[id_] |= {where} if where else set()
    return {id_: frozenset(names) for id_, names in found.items()}


def _venues(draft: OfferingDraft) -> list[VenueDraft]:
    return [occurrence.venue for occurrence in draft.occurrences if occurrence.venue]


def _stored(session: Session, keys: Iterable[str]) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for some in chunks(sorted(keys)):
        found |= dict(
            session.exec(select(Venue.key, Venue.municipality).where(col(Venue.key).in_(some))).all()
        )
    return found
