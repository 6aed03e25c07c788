"""Whom a broadcast is for, in words; and how many that is."""

from collections.abc import Mapping, Sequence

from bot.replies import dates
from bot.replies.markup import Html, lines, one_line, say
from bot.replies.reply import Voice
from catalog.model import Organizer
from catalog.places import gazetteer
from catalog.values import Category
from reminders.audience import REASONS, Audience, Count
from reminders.broadcasts import FEWEST

AGES = ((0, 2), (3, 5), (6, 9), (10, 12), (13, 17), (18, 25), (26, 64), (65, 120))
"""The spans of years that can be tapped, both ends included."""
_OLDEST = 120
_NAME_UNITS = 60
_MOST_PLACES = 12


def audience_words(audience: Audience, organizers: Sequence[Organizer], voice: Voice) -> str:
    """ "alle i Ishøj og Køge, med børn eller søgninger for 6–9 år, som er til musik". organizers: those that
    it names."""
    if audience.recipients_of is not None:
        return voice.texts("broadcast.audience.correction", id=audience.recipients_of)
    places = [*audience.municipalities, *(_district(key, voice) for key in audience.districts)]
    words = voice.texts("broadcast.audience.everybody")
    if places:
        words = voice.texts("broadcast.audience.in_place", where=dates.listed(places, voice))
    if audience.ages:
        ages = dates.listed([age_name(low, high, voice) for low, high in audience.ages], voice, "or")
        words = voice.texts("broadcast.audience.ages", who=words, ages=ages)
    interests = _interests(audience, organizers, voice)
    if interests:
        either = dates.listed(interests, voice, "or")
        words = voice.texts("broadcast.audience.interests", who=words, interests=either)
    return words


def age_name(low: int, high: int, voice: Voice) -> str:
    """ "6–9 år"."""
    if high >= _OLDEST:
        return voice.texts("broadcast.age.from", low=low)
    return voice.texts("broadcast.age.span", low=low, high=high)


def category_name(category: Category, voice: Voice) -> str:
    """What a category is called."""
    return voice.texts(f"category.{category.value}")


def count_lines(counted: Count, voice: Voice) -> Html:
    """How many it reaches, by place and language, and who is left out and why. Small numbers are not told,
    so that nobody can be found by narrowing the circle."""
    if counted.reached < FEWEST:
        return say(voice.texts, "broadcast.count.nobody", n=FEWEST)
    places = {_place(*place, voice): number for place, number in counted.places.most_common(_MOST_PLACES)}
    spoken = {voice.texts(f"broadcast.language.{code}"): n for code, n in counted.languages.most_common()}
    reasons = {name: counted.left_out[name] for name in REASONS if counted.left_out[name]}
    left = {voice.texts(f"broadcast.left_out.{name}"): number for name, number in reasons.items()}
    return lines(
        [
            say(voice.texts, "broadcast.count.reached", n=counted.reached),
            say(voice.texts, "broadcast.count.places", list=_shares(places, counted.reached, voice)),
            say(voice.texts, "broadcast.count.languages", list=_shares(spoken, counted.reached, voice)),
            say(voice.texts, "broadcast.count.left_out", list=_parts(left, voice)) if left else None,
        ]
    )


def number_words(number: int, voice: Voice) -> str:
    """ "12", "færre end 5"."""
    return str(number) if number >= FEWEST else voice.texts("broadcast.count.few", n=FEWEST)


def _interests(audience: Audience, organizers: Sequence[Organizer], voice: Voice) -> list[str]:
    found = []
    if audience.categories:
        names = dates.listed([category_name(one, voice) for one in audience.categories], voice, "or")
        found.append(voice.texts("broadcast.audience.category", categories=names))
    if audience.matching:
        found.append(voice.texts("broadcast.audience.matching"))
    if organizers:
        names = dates.listed([one_line(one.name, _NAME_UNITS) for one in organizers], voice, "or")
        found.append(voice.texts("broadcast.audience.organizer", names=names))
    return found


def _district(key: str, voice: Voice) -> str:
    place = gazetteer().get(key)
    if place is None:
        return key
    return voice.texts(
        "broadcast.audience.district", district=place.name, municipality=place.municipality or ""
    )


def _place(municipality: str, district: str, voice: Voice) -> str:
    if district:
        return voice.texts("broadcast.audience.district", district=district, municipality=municipality)
    return municipality or voice.texts("broadcast.count.no_place")


def _shares(numbers: Mapping[str, int], total: int, voice: Voice) -> str:
    """Parts of a number that is told. One that is too small to be told is not to be had by taking the others
    from the whole: they are rounded down, and where that still tells it, nothing but the names is told."""
    if all(number >= FEWEST for number in numbers.values()):
        return _parts(numbers, voice)
    rounded = {name: number - number % FEWEST for name, number in numbers.items()}
    if total - sum(rounded.values()) < FEWEST:
        return " · ".join(numbers)
    told = {
        name: voice.texts("broadcast.count.at_least", n=least) if least else number_words(least, voice)
        for name, least in rounded.items()
    }
    return " · ".join(
        voice.texts("broadcast.count.part", name=name, number=words) for name, words in told.items()
    )


def _parts(numbers: Mapping[str, int], voice: Voice) -> str:
    return " · ".join(
        voice.texts("broadcast.count.part", name=name, number=number_words(number, voice))
        for name, number in numbers.items()
    )
