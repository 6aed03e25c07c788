"""Facts that a source did not state, guessed from keywords, type, title and text.

Only what is missing is guessed, and every guess is named in `inferred`. A title counts more than a text, and
clear words more than frequent ones. The words are data: infer.toml.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from catalog.drafts import OfferingDraft
from catalog.importers.infer_access import access_in
from catalog.importers.infer_age import ages_in
from catalog.importers.infer_price import price_in
from catalog.importers.infer_status import status_in
from catalog.importers.infer_tariffs import tariffs_in
from catalog.importers.infer_words import data, heads_apart, meanings
from catalog.text import fold, words
from catalog.values import (
    AUDIENCE_AGES,
    OLDEST,
    Audience,
    Category,
    Fact,
    Format,
    PriceKind,
    Status,
    Tariff,
)

_MOST_CATEGORIES = 3
_MOST_FORMATS = 2


def infer(draft: OfferingDraft) -> OfferingDraft:
    """The draft with what its words tell about facts that it leaves open, and with the status that its title
    states ("Aflyst: …"), which is no guess. Inferring again changes nothing."""
    draft = _with_titled_status(draft)
    if len(draft.inferred) == len(Fact):
        return draft
    told = _Words(draft)
    guesses: dict[str, Any] = {}
    named: list[Fact] = []
    for fact, guess in _guesses(draft, told):
        if guess:
            guesses |= guess
            named.append(fact)
    if not named:
        return draft
    inferred = tuple(fact for fact in Fact if fact in named or fact in draft.inferred)
    return draft.model_copy(update=guesses | {"inferred": inferred})


def _with_titled_status(draft: OfferingDraft) -> OfferingDraft:
    said = status_in(draft.titles.values()) if draft.status is Status.SCHEDULED else None
    return draft.model_copy(update={"status": said}) if said else draft


class _Words:
    """What a draft says, by how much it counts."""

    def __init__(self, draft: OfferingDraft) -> None:
        self.title = " \n ".join(draft.titles.values())
        self.text = " \n ".join(draft.descriptions.values())
        self.keywords = draft.keywords
        self.tagged = " \n ".join(draft.keywords)


def _guesses(draft: OfferingDraft, told: _Words) -> Iterator[tuple[Fact, dict[str, Any]]]:
    categories = draft.categories or tuple(Category(value) for value in _categories(told))
    if not draft.categories:
        yield Fact.CATEGORIES, _unless_empty("categories", categories)
    if not draft.formats:
        yield Fact.FORMATS, _unless_empty("formats", tuple(Format(value) for value in _formats(told)))
    audiences = draft.audiences or tuple(Audience(value) for value in _audiences(told))
    if not draft.audiences:
        yield Fact.AUDIENCES, _unless_empty("audiences", audiences)
    stated = () if Fact.AUDIENCES in draft.inferred else draft.audiences
    made_for = draft.made_for or _made_for(told, audiences, stated)
    if draft.made_for is None and made_for:
        yield Fact.MADE_FOR, {"made_for": made_for}
    if draft.age_from is None and draft.age_to is None:
        yield Fact.AGE, _ages(told, made_for)
    if not draft.languages:
        yield Fact.LANGUAGES, _unless_empty("languages", tuple(_languages(told)))
    if draft.price_kind is PriceKind.UNKNOWN and not draft.prices:
        yield Fact.PRICE, _price(told)
    if not draft.access:
        yield Fact.ACCESS, _access(told)


def _unless_empty(name: str, values: tuple[Any, ...]) -> dict[str, Any]:
    return {name: values} if values else {}


def _categories(told: _Words) -> list[str]:
    known = meanings("category")
    title, tagged = heads_apart(told.title), heads_apart(told.tagged)
    clear = [*known.types(told.keywords), *known.clear(title), *known.clear(tagged)]
    clear = clear or [*known.vague(title), *known.vague(tagged)]
    return list(dict.fromkeys(clear or known.clear(told.text)[:1]))[:_MOST_CATEGORIES]


def _formats(told: _Words) -> list[str]:
    """A text says what it is in its first sentence, or calls it by its name later ("turen"); other words
    tell of what else there is."""
    known = meanings("format")
    return (
        known.clear(told.title)[:_MOST_FORMATS]
        or known.said(told.tagged)[:_MOST_FORMATS]
        or known.types(told.keywords)[:1]
        or known.vague(told.title)[:1]
        or known.clear(_first_sentence(told.text))[:1]
        or known.telling(told.text)[:1]
    )


def _first_sentence(text: str) -> str:
    return re.split(r"(?<=[.!?])\s|\n", text.strip(), maxsplit=1)[0]


def _audiences(told: _Words) -> list[str]:
    known = meanings("audience")
    tagged = {_nouns().get(word) for word in words(told.tagged)}
    found = [
        *known.types(told.keywords),
        *known.said(told.title),
        *known.said(told.tagged),
        *_groups(told.title),
        *_groups(told.text),
        *(group for group in tagged if group),
    ]
    return [audience for audience in Audience if audience in found]


def _made_for(told: _Words, audiences: Iterable[Audience], stated: Iterable[Audience]) -> Audience | None:
    """The one group that the title names, else the one that the text does, else the only one that is stated;
    it contradicts no stated group."""
    titled = {*meanings("audience").said(told.title), *_groups(told.title)}
    named = titled or set(_groups(told.text)) or set(stated)
    if len(named) != 1 or Audience.EVERYONE in named:
        return None
    [only] = named
    return Audience(only) if only in set(audiences) else None


def _groups(text: str) -> Iterator[str]:
    """The groups that "for …" names: "for børn og deres voksne" names children and adults."""
    rules = data()["group"]
    found = words(text)
    leads, passing = set(rules["leads"]), _folded("fillers") | _folded("joins")
    for at, word in enumerate(found):
        if word not in leads or (at and found[at - 1] in _folded("refused_before")):
            continue
        for after in found[at + 1 :]:
            if group := _nouns().get(after):
                yield group
            elif after not in passing:
                break


@cache
def _nouns() -> Mapping[str, str]:
    return {fold(noun): group for group, entry in data()["audience"].items() for noun in entry["nouns"]}


@cache
def _folded(name: str) -> frozenset[str]:
    return frozenset(fold(word) for word in data()["group"][name])


def _ages(told: _Words, made_for: Audience | None) -> dict[str, Any]:
    """The ages that title or text state, else those of the one group that it is made for."""
    stated = ages_in(told.title) or ages_in(told.tagged) or ages_in(told.text)
    if stated is None and made_for in AUDIENCE_AGES:
        low, high = AUDIENCE_AGES[made_for]
        stated = (low, None if high == OLDEST else high)
    return {"age_from": stated[0], "age_to": stated[1]} if stated else {}


def _languages(told: _Words) -> Iterator[str]:
    found = _language_rule()["stated"].finditer(fold(f"{told.title} \n {told.text}"))
    names = {fold(name): code for code, listed in data()["language"]["names"].items() for name in listed}
    said = [names[name] for match in found for name in words(match["names"]) if name in names]
    if not said and _language_rule()["both"].search(fold(f"{told.title} \n {told.text}")):
        said = ["da", "en"]
    yield from dict.fromkeys(said)


@cache
def _language_rule() -> dict[str, re.Pattern[str]]:
    rules = data()["language"]
    names = "|".join(fold(name) for listed in rules["names"].values() for name in listed)
    leads, joins = "|".join(map(fold, rules["leads"])), "|".join(map(fold, rules["joins"]))
    refused = "".join(rf"(?<!\b{fold(word)} )" for word in rules["refused_before"])
    listed = rf"(?:{names})(?:\s*(?:,|/|{joins})\s*(?:(?:{leads})\s+)?(?:{names}))*"
    return {
        "stated": re.compile(rf"\b(?=(?:{leads})\s){refused}(?:{leads})\s+(?P<names>{listed})\b"),
        "both": re.compile(rf"\b(?:{'|'.join(map(fold, rules['both']))})"),
    }


def _price(told: _Words) -> dict[str, Any]:
    said = f"{told.title}\n{told.text}\n{told.tagged}"
    if tariffs := tariffs_in(said):
        return {"price_kind": PriceKind.AMOUNTS, "prices": tariffs}
    amount = price_in(said)
    if amount is None:
        return {}
    if amount == 0:
        return {"price_kind": PriceKind.FREE}
    return {"price_kind": PriceKind.AMOUNTS, "prices": {Tariff.ADULT: amount}}


def _access(told: _Words) -> dict[str, Any]:
    found = access_in(f"{told.title}\n{told.tagged}\n{told.text}")
    return {"access": dict.fromkeys(found, True)} if found else {}
