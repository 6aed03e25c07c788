"""A draft as the card that it would be: what staff are shown while they write. Nothing is stored."""

from catalog.cards import Card, OccurrenceFacts, VenueFacts
from catalog.drafts import OccurrenceDraft, OfferingDraft, VenueDraft
from catalog.keepers import located

_SAME = (
    *("external_id", "titles", "descriptions", "categories", "formats", "audiences", "owners", "age_from"),
    *("age_to", "made_for", "price_kind", "prices", "access", "languages", "organizer", "organizer_url"),
    *("url", "image_url", "photo", "status", "residents_only", "season_from", "season_until"),
    *("weekdays", "enrolment_opens", "enrolment_closes", "capacity", "remaining", "enrolment_url"),
)
_OF_A_TIME = (
    *("start", "end", "zone", "time_known", "is_run", "open_days", "opens", "closes", "status"),
    "previous_start",
)


def card_of(draft: OfferingDraft, source: str) -> Card:
    """The card of this draft under this source. It has no id that leads anywhere; its dates are numbered."""
    facts = {name: getattr(draft, name) for name in _SAME}
    times = sorted(draft.occurrences, key=lambda time: time.start)
    return Card(
        id=0,
        public_id="",
        source=source,
        is_sample=False,
        occurrences=tuple(_time(number, time) for number, time in enumerate(times, 1)),
        inferred=frozenset(draft.inferred),
        series=draft.series_name,
        **facts,
    )


def _time(number: int, time: OccurrenceDraft) -> OccurrenceFacts:
    facts = {name: getattr(time, name) for name in _OF_A_TIME}
    return OccurrenceFacts(id=number, venue=_venue(time.venue) if time.venue else None, **facts)


def _venue(venue: VenueDraft) -> VenueFacts:
    return VenueFacts(**located(venue))
