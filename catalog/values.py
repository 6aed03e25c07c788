"""The standard values of the contract: what an offering can be, for whom, and in what state.

The strings are public (they stand in files, in `ask --json` and in the template); the words people
see for them are texts, not these.
"""

from enum import IntEnum, StrEnum


class Category(StrEnum):
    MUSIC = "music"
    THEATRE = "theatre"
    DANCE = "dance"
    VISUAL_ARTS = "visual-arts"
    LITERATURE = "literature"
    FILM = "film"
    CRAFTS = "crafts"
    HERITAGE = "heritage"
    NATURE = "nature"
    TECHNOLOGY = "technology"
    FOOD = "food"
    SPORT = "sport"
    COMMUNITY = "community"


class Format(StrEnum):
    WORKSHOP = "workshop"
    PERFORMANCE = "performance"
    EXHIBITION = "exhibition"
    TALK = "talk"
    COURSE = "course"
    FESTIVAL = "festival"
    TOUR = "tour"
    CLUB = "club"
    CAMP = "camp"
    VOLUNTEERING = "volunteering"


HIDDEN_ONCE_BEGUN = frozenset({Format.PERFORMANCE, Format.TALK, Format.WORKSHOP, Format.TOUR, Format.CAMP})
"""Formats nobody can join late: such an occurrence leaves the lists when it begins (contract)."""


class Audience(StrEnum):
    TODDLERS = "toddlers"
    CHILDREN = "children"
    YOUTH = "youth"
    FAMILIES = "families"
    ADULTS = "adults"
    SENIORS = "seniors"
    SCHOOLS = "schools"
    DAYCARE = "daycare"
    EVERYONE = "everyone"


OLDEST = 120
"""The upper end of an open age range, in years."""

AUDIENCE_AGES: dict[Audience, tuple[int, int]] = {
    Audience.TODDLERS: (0, 2),
    Audience.CHILDREN: (3, 12),
    Audience.YOUTH: (13, 25),
    Audience.ADULTS: (18, OLDEST),
    Audience.SENIORS: (60, OLDEST),
}
"""Ages in whole years, both ends included, where a question names a group (contract)."""

CLOSED_AUDIENCES = frozenset({Audience.SCHOOLS, Audience.DAYCARE})
"""Offers booked by institutions: they stay out of a person's answers unless asked for."""


class Access(StrEnum):
    WHEELCHAIR = "wheelchair"
    SIGN_LANGUAGE = "sign-language"
    HEARING_LOOP = "hearing-loop"
    QUIET = "quiet"
    LOW_THRESHOLD = "low-threshold"


class Tariff(StrEnum):
    ADULT = "adult"
    CHILD = "child"
    YOUNG = "young"
    SENIOR = "senior"
    MEMBER = "member"
    GROUP = "group"


TARIFF_AGES: dict[Tariff, tuple[int, int]] = {
    Tariff.CHILD: (0, 17),
    Tariff.YOUNG: (13, 25),
    Tariff.SENIOR: (60, OLDEST),
}
"""The ages in whole years, both ends included, for which a reduced tariff is taken to be meant."""


class PriceKind(StrEnum):
    FREE = "free"
    AMOUNTS = "amounts"
    UNKNOWN = "unknown"


class Status(StrEnum):
    SCHEDULED = "scheduled"
    CANCELLED = "cancelled"
    POSTPONED = "postponed"
    RESCHEDULED = "rescheduled"
    SOLD_OUT = "sold-out"


class Fact(StrEnum):
    """Facts that an import may have to guess from words; a guess is named in `Offering.inferred`."""

    AGE = "age"
    MADE_FOR = "made-for"
    CATEGORIES = "categories"
    FORMATS = "formats"
    AUDIENCES = "audiences"
    LANGUAGES = "languages"
    PRICE = "price"
    ACCESS = "access"


class PlaceKind(StrEnum):
    MUNICIPALITY = "municipality"
    DISTRICT = "district"
    TOWN = "town"
    POSTCODE = "postcode"
    VENUE = "venue"


class Weekday(IntEnum):
    """ISO weekday numbers."""

    MONDAY = 1
    TUESDAY = 2
    WEDNESDAY = 3
    THURSDAY = 4
    FRIDAY = 5
    SATURDAY = 6
    SUNDAY = 7
