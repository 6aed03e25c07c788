"""A small town's programme for the conversations: Wednesday 25 November 2026, three in the afternoon."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from catalog.drafts import OccurrenceDraft, OfferingDraft, VenueDraft
from catalog.values import Access, Audience, Category, Format, PriceKind, Status, Tariff

ZONE = ZoneInfo("Europe/Copenhagen")
NOW = dt.datetime(2026, 11, 25, 15, 0, tzinfo=ZONE)
ISHOJ_STATION = (55.6131, 12.3579)
NORTH_SEA = (56.0, 3.0)

LIBRARY = VenueDraft(
    name="Ishøj Bibliotek",
    address="Ishøj Store Torv 1",
    postcode="2635",
    town="Ishøj",
    municipality="Ishøj",
    latitude=55.6145,
    longitude=12.3560,
)
WORKSHOP_HALL = VenueDraft(
    name="Værkstedet",
    address="Industribuen 7",
    postcode="2635",
    town="Ishøj",
    municipality="Ishøj",
    latitude=55.6205,
    longitude=12.3300,
)
KOEGE = VenueDraft(
    name="Køge Kulturhus",
    address="Torvet 1",
    postcode="4600",
    town="Køge",
    municipality="Køge",
    latitude=55.4560,
    longitude=12.1820,
)
ROSKILDE = VenueDraft(name="Byens Hus", postcode="4000", town="Roskilde", municipality="Roskilde")


def when(day: int, hour: int, hours: float = 2, month: int = 11, **facts: Any) -> OccurrenceDraft:
    start = dt.datetime(2026, month, day, hour, tzinfo=ZONE)
    end = start + dt.timedelta(hours=hours)
    return OccurrenceDraft(key=start.isoformat(), start=start, end=end, zone=str(ZONE), **facts)


def offering(
    number: int, title: str, venue: VenueDraft, *times: OccurrenceDraft, **facts: Any
) -> OfferingDraft:
    placed = tuple(time if time.venue else time.model_copy(update={"venue": venue}) for time in times)
    known = {"titles": {"da": title}, "organizer": venue.name, "url": f"https://www.kultur.example/{number}"}
    return OfferingDraft(external_id=f"urn:town:{number}", occurrences=placed, **{**known, **facts})


FREE = {"price_kind": PriceKind.FREE}
WORKSHOP = {"formats": (Format.WORKSHOP,)}
CONCERT = {"formats": (Format.PERFORMANCE,), "categories": (Category.MUSIC,)}
YOUTH = {"audiences": (Audience.YOUTH,), "age_from": 13, "age_to": 25, "made_for": Audience.YOUTH}
CHILDREN = {"audiences": (Audience.CHILDREN,), "age_from": 6, "age_to": 12}
FAMILIES = {"audiences": (Audience.FAMILIES,), "age_from": 0, "age_to": 99}


def costs(kroner: float) -> dict[str, Any]:
    return {"price_kind": PriceKind.AMOUNTS, "prices": {Tariff.ADULT: kroner}}


COMIC = offering(
    1,
    "Tegn en tegneserie",
    LIBRARY,
    when(28, 13),
    titles={"da": "Tegn en tegneserie", "en": "Draw a comic"},
    descriptions={
        "da": "Vi tegner sammen <med> tusch & blyant.",
        "en": "We draw together <with> ink & pencil.",
    },
    categories=(Category.VISUAL_ARTS,),
    image_url="https://www.kultur.example/tegn.jpg",
    access={Access.WHEELCHAIR: True},
    **WORKSHOP,
    **YOUTH,
    **FREE,
)
PROGRAMME = [
    COMIC,
    offering(
        2,
        "Byg et beat",
        WORKSHOP_HALL,
        when(28, 16),
        **WORKSHOP,
        **YOUTH,
        **FREE,
        categories=(Category.MUSIC,),
    ),
    offering(3, "Graffiti for begyndere", WORKSHOP_HALL, when(29, 12), **WORKSHOP, **YOUTH, **costs(50)),
    offering(
        4, "Syværksted", LIBRARY, when(29, 14), categories=(Category.CRAFTS,), **WORKSHOP, **YOUTH, **FREE
    ),
    offering(5, "Podcast på en dag", LIBRARY, when(28, 10), **WORKSHOP, **YOUTH, **costs(25)),
    offering(
        6,
        "Stop motion",
        WORKSHOP_HALL,
        when(28, 11),
        categories=(Category.FILM,),
        **WORKSHOP,
        **YOUTH,
        **FREE,
    ),
    offering(7, "Byg en robot", LIBRARY, when(2, 17, month=12), **WORKSHOP, **YOUTH, **FREE),
    offering(
        8, "Keramik i Køge", KOEGE, when(28, 10), categories=(Category.CRAFTS,), **WORKSHOP, **YOUTH, **FREE
    ),
    offering(9, "Jazz i caféen", KOEGE, when(27, 20), **CONCERT, **costs(120)),
    offering(10, "Julekoncert", LIBRARY, when(5, 19, month=12), **CONCERT, **FREE, **FAMILIES),
    offering(11, "Kor for alle", ROSKILDE, when(29, 15), **CONCERT, **FREE),
    offering(12, "Aflyst rockaften", LIBRARY, when(28, 20), status=Status.CANCELLED, **CONCERT, **costs(80)),
    offering(
        13, "Eventyrstund", LIBRARY, when(28, 10, 1), categories=(Category.LITERATURE,), **FAMILIES, **FREE
    ),
    offering(
        14,
        "Teater: Den grimme ælling",
        KOEGE,
        when(29, 14),
        categories=(Category.THEATRE,),
        **FAMILIES,
        formats=(Format.PERFORMANCE,),
        **costs(60),
    ),
    offering(
        15, "Lav dit eget papir", LIBRARY, when(29, 10), categories=(Category.CRAFTS,), **WORKSHOP, **CHILDREN
    ),
]
