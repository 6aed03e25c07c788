"""Something like it: what else is on, of the same kind, in the same municipality, around the same time."""

import datetime as dt
from dataclasses import replace

from catalog.cards import Card, OccurrenceFacts
from catalog.catalogue import Catalogue
from catalog.places import gazetteer
from catalog.query import Query, Window
from catalog.values import CLOSED_AUDIENCES

AROUND = dt.timedelta(days=14)
MOST = 3


def similar(catalogue: Catalogue, card: Card, now: dt.datetime, limit: int = MOST) -> tuple[Card, ...]:
    """At most `limit` other offerings that could stand in for this one, the nearest in time first; none when
    nothing is known by which another could be like it. Nothing is relaxed but the format."""
    alike = _alike(card, now)
    if not alike.categories and not alike.formats:
        return ()
    found: dict[int, None] = {}
    for query in dict.fromkeys((alike, alike.without("formats") if alike.categories else alike)):
        page = catalogue.search(query, now, limit=limit + len(found) + 1)
        found |= {
            hit.offering_id: None for hit in page.hits if not page.relaxed and hit.offering_id != card.id
        }
    ids = list(found)[:limit]
    cards = catalogue.cards(ids)
    return tuple(cards[id_] for id_ in ids if id_ in cards)


def _alike(card: Card, now: dt.datetime) -> Query:
    known = card.age_from is not None and card.age_to is not None
    query = Query(
        windows=(_around(_date(card, now), now),),
        categories=card.categories,
        formats=card.formats,
        audiences=tuple(a for a in card.audiences if a in CLOSED_AUDIENCES),
        ages=((card.age_from, card.age_to),) if known else (),  # type: ignore[arg-type]  # known: no None
    )
    venue = next((o.venue for o in card.occurrences if o.venue), None)
    place = gazetteer().municipality(venue.municipality) if venue and venue.municipality else None
    return replace(query, places=(place.ref(),)) if place else query


def _date(card: Card, now: dt.datetime) -> OccurrenceFacts | None:
    return next((o for o in card.occurrences if o.start > now), None)


def _around(date: OccurrenceFacts | None, now: dt.datetime) -> Window:
    middle = date.start if date else now
    return Window(max(now, middle - AROUND), middle + AROUND)
