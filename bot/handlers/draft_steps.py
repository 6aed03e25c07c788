"""What is written or tapped on a screen of /ny, as facts of the offering. Blocking and free of Telegram."""

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from bot.handlers.visit import Visit
from catalog.drafts import OccurrenceDraft, VenueDraft
from catalog.importers.infer_tariffs import tariffs_of
from catalog.keepers import located
from catalog.proposal_work import UNTITLED, Work
from catalog.query import Query
from catalog.text import fold, visible, words
from catalog.told_times import ToldError, told_times
from catalog.values import AUDIENCE_AGES, OLDEST, Audience, Category, Format, PriceKind, Tariff

Facts = dict[str, Any]
_LINK = re.compile(r"https?://\S+", re.I)
_BARE_LINK = re.compile(r"(?:www\.|[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?:/|$))\S*", re.I)
_POSTCODE = re.compile(r"\b(\d{4})\b\s*([^\W\d_].*)?$")
_CLOSED = (Audience.SCHOOLS, Audience.DAYCARE)
_LONGEST_TEXT = 4000
_LONGEST_TITLE = 200


class StepError(ValueError):
    """What was written is no answer. key: of the sentence that says what would be one."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def typed(visit: Visit, work: Work, step: str, text: str) -> Facts:
    """The facts that this text tells on this step. Raises StepError."""
    return _TYPED[step](visit, work, visible(text).strip())


def tapped(work: Work, step: str, value: str) -> Facts:
    """The facts that this button stands for."""
    return _TAPPED[step](work, value)


def placed(visit: Visit, work: Work, venue: VenueDraft) -> Facts:
    """It is here: all of its dates that are to come."""
    times = [
        time.model_copy(update={"venue": venue}) if _ends(time) > visit.now else time
        for time in work.draft.occurrences
    ]
    owners: Facts = {} if work.is_edit else {"owners": []}
    return {"draft": {"occurrences": _dumped(times), **owners}, "venue": venue.model_dump(mode="json")}


def new_place(visit: Visit, text: str) -> VenueDraft | None:
    """A place with its address, as it was written; None when nobody can tell in which municipality it is."""
    name, _, rest = (part.strip() for part in text.replace("\n", ",").partition(","))
    if not words(name):
        return None
    found = _POSTCODE.search(rest)
    street = rest[: found.start()].strip(" ,") if found else rest
    facts = {
        "name": name[:200],
        "address": street[:300] or None,
        "postcode": found[1] if found else None,
        "town": found[2].strip()[:100] if found and found[2] else None,
    }
    venue = VenueDraft(**facts)
    if located(venue)["municipality"]:
        return venue
    home = sorted(visit.acting.municipalities)
    return venue.model_copy(update={"municipality": home[0], "postcode": None}) if len(home) == 1 else None


def same_name(one: str, other: str) -> bool:
    """Whether two places are called the same."""
    return words(one) == words(other)


def _title(visit: Visit, work: Work, text: str) -> Facts:
    line = " ".join(text.split())
    if not words(line) or len(line) > _LONGEST_TITLE:
        raise StepError("draft.bad.title")
    kept = {code: title for code, title in work.draft.titles.items() if title != UNTITLED}
    return {"draft": {"titles": {**kept, _language(visit, kept): line}}}


def _text(visit: Visit, work: Work, text: str) -> Facts:
    if len(text) > _LONGEST_TEXT:
        raise StepError("draft.bad.text")
    kept = work.draft.descriptions
    return {"draft": {"descriptions": {**kept, _language(visit, kept): text}}}


def _language(visit: Visit, kept: Iterable[str]) -> str:
    """The language that is written in: the only one there is already, else the writer's."""
    there = list(kept)
    return there[0] if len(there) == 1 else visit.language


def _when(visit: Visit, work: Work, text: str) -> Facts:
    try:
        told = told_times(text, visit.now, visit.zone, visit.language)
    except ToldError as error:
        raise StepError(f"draft.bad.when.{error.code}") from error
    if "moving" in work.facts:
        return _moved(work, told[0])
    venue = _venue(work)
    past = [time for time in work.draft.occurrences if _begins(time) < visit.now]
    kept = {_begins(time): time.key for time in work.draft.occurrences}
    taken = {time.key for time in past}
    times = [*past]
    for time in told:
        key = kept.get(_begins(time), time.key)
        while key in taken:
            key += "+"
        taken.add(key)
        times.append(time.model_copy(update={"venue": venue, "key": key}))
    return {"draft": {"occurrences": _dumped(times), "season_from": None, "season_until": None}}


def _moved(work: Work, told: OccurrenceDraft) -> Facts:
    """The one date that is moved keeps its key, so that it stays the same one for those who follow it."""
    moving = work.facts["moving"]
    times = [
        told.model_copy(update={"key": time.key, "venue": time.venue}) if time.key == moving else time
        for time in work.draft.occurrences
    ]
    return {"draft": {"occurrences": _dumped(times)}}


def _venue(work: Work) -> VenueDraft | None:
    venues = [time.venue for time in work.draft.occurrences if time.venue]
    if venues:
        return venues[-1]
    told = work.facts.get("venue")
    return VenueDraft.model_validate(told) if told else None


def _begins(time: OccurrenceDraft) -> datetime:
    return time.start


def _ends(time: OccurrenceDraft) -> datetime:
    return time.end or time.start


def _dumped(times: Iterable[OccurrenceDraft]) -> list[Facts]:
    return [time.model_dump(mode="json") for time in times]


def _query(visit: Visit, text: str) -> Query:
    return visit.house.catalogue.understand(text, visit.now, language=visit.language).query


def _who(visit: Visit, work: Work, text: str) -> Facts:
    query = _query(visit, text)
    if not query.ages and not query.audiences:
        raise StepError("draft.bad.who")
    closed = [group for group in work.draft.audiences if group in _CLOSED]
    groups = [*query.audiences, *(group for group in closed if group not in query.audiences)]
    low, high = (min(a for a, _ in query.ages), max(b for _, b in query.ages)) if query.ages else (None, None)
    return {"draft": _groups(groups) | ({"age_from": low, "age_to": _open(high)} if query.ages else {})}


def _open(high: int | None) -> int | None:
    return None if high is not None and high >= OLDEST else high


def _groups(groups: Iterable[Audience]) -> Facts:
    """Made for the one group that is named, with its ages."""
    named = set(groups)
    found = [group for group in Audience if group in named]
    people = [group for group in found if group not in _CLOSED]
    only = people[0] if len(people) == 1 and people != [Audience.EVERYONE] else None
    ages = [AUDIENCE_AGES[group] for group in people if group in AUDIENCE_AGES]
    known = len(ages) == len(people) and bool(ages)
    span = (min(low for low, _ in ages), max(high for _, high in ages)) if known else (None, None)
    low, high = (0, None) if people == [Audience.EVERYONE] else span
    return {"audiences": found, "made_for": only, "age_from": low, "age_to": _open(high)}


def _formats(visit: Visit, _work: Work, text: str) -> Facts:
    if not (found := _query(visit, text).formats):
        raise StepError("draft.bad.tap")
    return {"draft": {"formats": list(found)}}


def _categories(visit: Visit, _work: Work, text: str) -> Facts:
    if not (found := _query(visit, text).categories):
        raise StepError("draft.bad.tap")
    return {"draft": {"categories": list(found)}}


def _price(visit: Visit, _work: Work, text: str) -> Facts:
    if _query(visit, text).free or re.fullmatch(r"0+(?:[.,]0+)?\s*(?:kr\.?)?", text):
        return _costs({})
    prices = tariffs_of(text)
    if not prices:
        raise StepError("draft.bad.price")
    return _costs(prices)


def _costs(prices: dict[Tariff, float]) -> Facts:
    kind = PriceKind.AMOUNTS if any(prices.values()) else PriceKind.FREE
    return {"draft": {"price_kind": kind, "prices": prices if kind is PriceKind.AMOUNTS else {}}}


def _picture(visit: Visit, _work: Work, text: str) -> Facts:
    """A photo, or the address of a picture: the one takes the place of the other."""
    if visit.photo is not None:
        return {"draft": {"photo": visit.photo, "image_url": None}}
    if visit.said is not None and visit.said.document is not None:
        raise StepError("draft.bad.photo")
    return {"draft": {"image_url": _address(text), "photo": None}}


def _link(_visit: Visit, _work: Work, text: str) -> Facts:
    return {"draft": {"url": _address(text)}}


def _address(text: str) -> str:
    found = _LINK.search(text)
    if found:
        return found[0].rstrip(".,;)")
    if _BARE_LINK.fullmatch(text):
        return f"https://{text}"
    raise StepError("draft.bad.link")


def _enrol(visit: Visit, _work: Work, text: str) -> Facts:
    """A link, how many places, from when and until when: in any order, with commas between."""
    told: Facts = {}
    if link := _LINK.search(text):
        told["enrolment_url"] = link[0].rstrip(".,;)")
    for part in re.split(r"[,;\n]", _LINK.sub(" ", text)):
        told |= _enrolment_part(visit, part)
    if not told:
        raise StepError("draft.bad.enrol")
    return {"draft": told}


def _enrolment_part(visit: Visit, part: str) -> Facts:
    said = set(words(part))
    places = re.search(r"\b(\d{1,5})\b", part)
    if places and said & _vocabulary(visit, "places"):
        return {"capacity": int(places[1])}
    # "senest 4. december" is said of a day here, not of all days until then.
    closing = _vocabulary(visit, "closes")
    plain = " ".join(word for word in part.split() if fold(word).strip(":") not in closing)
    try:
        at = told_times(plain, visit.now, visit.zone, visit.language)[-1]
    except ToldError:
        return {}
    if said & _vocabulary(visit, "opens"):
        return {"enrolment_opens": at.start.isoformat()}
    end = at.start if at.time_known else at.start.replace(hour=23, minute=59)
    return {"enrolment_closes": end.isoformat()}


def _vocabulary(visit: Visit, kind: str) -> frozenset[str]:
    return frozenset(fold(word) for word in visit.voice.texts(f"draft.words.{kind}").split("|"))


def _no_text(_visit: Visit, _work: Work, _text: str) -> Facts:
    raise StepError("draft.bad.tap")


def _toggled(held: Iterable[str], is_guess: bool, value: str) -> list[str]:
    """A guess is confirmed by a tap, or replaced by another."""
    now = [str(one) for one in held]
    if is_guess:
        return [value]
    return [one for one in now if one != value] if value in now else [*now, value]


def _tap_who(work: Work, value: str) -> Facts:
    groups = _toggled(work.draft.audiences, "audiences" in work.draft.inferred, Audience(value))
    return {"draft": _groups(map(Audience, groups))}


def _tap_format(work: Work, value: str) -> Facts:
    found = _toggled(work.draft.formats, "formats" in work.draft.inferred, Format(value))
    return {"draft": {"formats": found}}


def _tap_about(work: Work, value: str) -> Facts:
    found = _toggled(work.draft.categories, "categories" in work.draft.inferred, Category(value))
    return {"draft": {"categories": found}}


def _tap_price(_work: Work, value: str) -> Facts:
    if value == "free":
        return _costs({})
    return {"draft": {"price_kind": PriceKind.UNKNOWN, "prices": {}}}


def _tap_rules(work: Work, value: str) -> Facts:
    if value == "residents":
        return {"draft": {"residents_only": not work.draft.residents_only}}
    is_guess = "audiences" in work.draft.inferred and Audience(value) not in work.draft.audiences
    groups = [value] if is_guess else _toggled(work.draft.audiences, False, Audience(value))
    return {"draft": {"audiences": groups}}


def _cleared(*names: str, empty: Any = None) -> Callable[[Work, str], Facts]:
    return lambda _work, _value: {"draft": dict.fromkeys(names, empty)}


_TYPED: dict[str, Callable[[Visit, Work, str], Facts]] = {
    "title": _title,
    "when": _when,
    "who": _who,
    "format": _formats,
    "about": _categories,
    "price": _price,
    "text": _text,
    "picture": _picture,
    "link": _link,
    "enrol": _enrol,
    "rules": _no_text,
}
_TAPPED: dict[str, Callable[[Work, str], Facts]] = {
    "who": _tap_who,
    "format": _tap_format,
    "about": _tap_about,
    "price": _tap_price,
    "rules": _tap_rules,
    "text": _cleared("descriptions", empty={}),
    "picture": _cleared("image_url", "photo"),
    "link": _cleared("url"),
    "enrol": _cleared("enrolment_opens", "enrolment_closes", "capacity", "remaining", "enrolment_url"),
}
