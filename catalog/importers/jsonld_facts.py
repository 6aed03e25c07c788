"""What schema.org states of an event beside its dates: names, prices, ages, access, enrolment, place."""

import datetime as dt
import re
from collections.abc import Callable
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from catalog.drafts import VenueDraft
from catalog.importers.addresses import degrees, venue_from_text
from catalog.importers.cleaning import language_of, line_of, link, meant, number, text_of
from catalog.importers.drafting import RejectedError
from catalog.importers.infer_age import ages_in
from catalog.importers.jsonld_nodes import Graph, Node, types
from catalog.importers.jsonld_when import closing, instant, moment
from catalog.values import Access, Audience, Format, PriceKind, Tariff

_TRUE, _FALSE = frozenset({"true", "1", "yes"}), frozenset({"false", "0", "no"})
_AGE_RANGE = re.compile(
    r"(?P<low>\d{1,3})?\s*(?P<sign>[-–—+]|to|til)?\s*(?P<high>\d{1,3})?\s*(?:år|years?)?\.?"
)
_LOWEST = ("requiredMinAge", "suggestedMinAge", "minValue")
_HIGHEST = ("requiredMaxAge", "suggestedMaxAge", "maxValue")
_OLDEST = 120

_FORMATS = {
    "ExhibitionEvent": Format.EXHIBITION,
    "Festival": Format.FESTIVAL,
    "CourseInstance": Format.COURSE,
}
_TELLS_NOTHING = frozenset({"Event", "EventSeries", *_FORMATS})


def names(graph: Graph, node: Node) -> dict[str, Any]:
    """titles and descriptions by language. A plain text is Danish unless it is clearly English."""
    said, about = graph.all(node, "name", "headline"), graph.all(node, "description")
    plain = [value for value in (*said, *about) if isinstance(value, str)]
    guess = language_of(" ".join(plain))
    titles = _by_language(graph, said, guess, partial(line_of, limit=300))
    bodies = _by_language(graph, about, guess, partial(text_of, limit=20_000))
    if not titles:
        raise RejectedError("no-title", graph.text(node, "@id", "url"))
    return {"titles": titles, "descriptions": bodies}


def _by_language(graph: Graph, values: list[Any], guess: str, clean: Callable[[str], str]) -> dict[str, str]:
    """The first text in each language. A value states its language, or is a map of languages, or a guess."""
    found: dict[str, str] = {}
    for value in values:
        if isinstance(value, dict) and "@value" not in value:
            said = {key: text for key, text in value.items() if len(key) <= 3 and isinstance(text, str)}
        else:
            stated = str(value.get("@language") or "") if isinstance(value, dict) else ""
            said = {stated[:2].lower() or guess: graph.said(value)}
        for language, text in said.items():
            if cleaned := clean(text):
                found.setdefault(language, cleaned)
    return found


def kinds(graph: Graph, node: Node) -> dict[str, Any]:
    """formats where the event's type is one, and keywords, among them the type: `infer` reads it there."""
    said = [word for text in graph.texts(node, "keywords", "genre") for word in re.split(r"[,;]", text)]
    own = [kind for kind in types(node) if kind.endswith("Event") and kind not in _TELLS_NOTHING]
    keywords = dict.fromkeys(word for text in [*said, *own] if (word := line_of(text, 80)) and not link(word))
    return {
        "formats": tuple(dict.fromkeys(_FORMATS[kind] for kind in types(node) if kind in _FORMATS)),
        "keywords": tuple(keywords)[:50],
    }


def people(graph: Graph, node: Node) -> dict[str, Any]:
    """age_from, age_to, audiences, made_for, from typicalAgeRange and audience."""
    audiences = graph.all(node, "audience")
    said = [text for audience in audiences for text in _named_audiences(graph, audience)]
    groups = meant("audiences", [*said, graph.text(node, "typicalAgeRange")])
    stated = tuple(map(Audience, groups))
    low, high = _age_range(graph.text(node, "typicalAgeRange"))
    holders = [holder for audience in audiences for holder in _age_holders(graph, audience)]
    low = next((age for age in (low, *_ages(graph, holders, _LOWEST)) if age is not None), None)
    high = next((age for age in (high, *_ages(graph, holders, _HIGHEST)) if age is not None), None)
    if low is not None and high is not None and low > high:
        low = high = None
    made_for = stated[0] if len(stated) == 1 and stated[0] is not Audience.EVERYONE else None
    return {"age_from": low, "age_to": high, "audiences": stated, "made_for": made_for}


def _named_audiences(graph: Graph, audience: Any) -> list[str]:
    if isinstance(audience, dict) and "@value" not in audience:
        return graph.texts(audience, "audienceType") + graph.texts(audience, "name")
    return [graph.said(audience)]


def _age_range(text: str) -> tuple[int | None, int | None]:
    """schema.org's own way ("7-12", "18-", "-3"), "5+", one age, or words; (None, None) for no ages."""
    found = _AGE_RANGE.fullmatch(text.strip().lower())
    if found is None or not (found["low"] or found["high"]):
        return ages_in(text) or (None, None)
    low, high = (_whole(found[end]) for end in ("low", "high"))
    if found["sign"] == "+":
        return (low if low is not None else high), None
    return (low, high) if found["sign"] else (low, low)


def _age_holders(graph: Graph, audience: Any) -> list[Node]:
    return [audience, *graph.nodes(audience, "suggestedAge")] if isinstance(audience, dict) else []


def _ages(graph: Graph, holders: list[Node], properties: tuple[str, ...]) -> list[int | None]:
    said = (number(graph.text(holder, name)) for holder in holders for name in properties)
    return [_whole(str(int(age))) for age in said if age is not None and age >= 0]


def _whole(digits: str | None) -> int | None:
    age = int(digits) if digits else _OLDEST + 1
    return age if age <= _OLDEST else None


def prices(graph: Graph, node: Node) -> dict[str, Any]:
    """price_kind and prices in kroner. An amount in another or no currency leaves the price unknown."""
    entries = [entry for offer in graph.nodes(node, "offers") for entry in _amounts(graph, offer)]
    known = [(tariff, amount) for tariff, amount, in_kroner in entries if in_kroner]
    if any(amount > 0 for _, amount in known):
        cheapest: dict[Tariff, float] = {}
        for tariff, amount in known:
            cheapest[tariff] = min(amount, cheapest.get(tariff, amount))
        return {"price_kind": PriceKind.AMOUNTS, "prices": cheapest}
    is_free = graph.text(node, "isAccessibleForFree").lower().rpartition("/")[2] in _TRUE
    if len(known) == len(entries) and (known or is_free):
        return {"price_kind": PriceKind.FREE}
    return {}


def _amounts(graph: Graph, offer: Node) -> list[tuple[Tariff, float, bool]]:
    """(tariff, amount, whether it is known to be kroner); nothing in any currency is nothing in kroner."""
    found: list[tuple[Tariff, float, bool]] = []
    for holder in [offer, *graph.nodes(offer, "priceSpecification"), *graph.nodes(offer, "offers")]:
        said = graph.text(holder, "price", "lowPrice", "minPrice")
        amount = 0.0 if meant("free", [said]) else number(said)
        if amount is None or not 0 <= amount <= 1_000_000:
            continue
        currency = graph.text(holder, "priceCurrency") or graph.text(offer, "priceCurrency") or said
        in_kroner = re.search(r"(?i)\bdkk\b|\bkr\b", currency) is not None
        called = graph.texts(holder, "name") + graph.texts(offer, "name", "category")
        tariff = next(iter(meant("tariffs", called)), Tariff.ADULT)
        found.append((Tariff(tariff), amount, in_kroner or amount == 0))
    return found


def enrolment(graph: Graph, node: Node, zone: ZoneInfo) -> dict[str, Any]:
    """When and where one can sign up, and for how many there is room."""
    offers = graph.nodes(node, "offers")
    opens = [_time(graph.text(offer, "validFrom", "availabilityStarts"), zone) for offer in offers]
    closes = [_time(graph.text(o, "availabilityEnds", "validThrough"), zone, last=True) for o in offers]
    links = (link(graph.text(offer, "url")) for offer in offers)
    return {
        "enrolment_opens": min((time for time in opens if time), default=None),
        "enrolment_closes": max((time for time in closes if time), default=None),
        "enrolment_url": next((address for address in links if address), None),
        "capacity": _seats(graph, node, "maximumAttendeeCapacity", "maximumPhysicalAttendeeCapacity"),
        "remaining": _seats(graph, node, "remainingAttendeeCapacity"),
    }


def is_sold_out(graph: Graph, node: Node) -> bool:
    """Whether every offer that tells its availability has none left."""
    said = [text.lower() for o in graph.nodes(node, "offers") for text in graph.texts(o, "availability")]
    return bool(said) and all(text.endswith(("soldout", "outofstock")) for text in said)


def _time(text: str, zone: ZoneInfo, *, last: bool = False) -> dt.datetime | None:
    try:
        said = moment(text)
        return None if said is None else (closing if last else instant)(said, zone)
    except RejectedError:
        return None


def _seats(graph: Graph, node: Node, *properties: str) -> int | None:
    seats = number(graph.text(node, *properties))
    return int(seats) if seats is not None and 0 <= seats < 10_000_000 else None


def access(graph: Graph, node: Node) -> dict[Access, bool]:
    """Accessibility where it is stated, of the event or of its place."""
    stated = dict.fromkeys(meant("access", graph.texts(node, "accessibilityFeature")), True)
    for place in graph.nodes(node, "location"):
        for feature in graph.nodes(place, "amenityFeature"):
            holds = graph.text(feature, "value").lower().rpartition("/")[2] not in _FALSE
            stated.update(dict.fromkeys(meant("access", graph.texts(feature, "name")), holds))
    return {Access(name): holds for name, holds in stated.items()}


def languages(graph: Graph, node: Node) -> tuple[str, ...]:
    """inLanguage as two-letter codes."""
    found: list[str] = []
    for value in graph.all(node, "inLanguage"):
        said = graph.text(value, "alternateName", "name") if isinstance(value, dict) else ""
        text = said or graph.said(value)
        code = re.fullmatch(r"([a-zA-Z]{2})(?:[-_].*)?", text)
        found += [code[1].lower()] if code else meant("languages", [text])
    return tuple(dict.fromkeys(found))


def organizer(graph: Graph, node: Node) -> dict[str, Any]:
    who = graph.one(node, "organizer", "provider")
    is_node = isinstance(who, dict) and "@value" not in who
    name = line_of(graph.text(who, "name") if is_node else graph.said(who), 200)
    address = link(graph.text(who, "url", "sameAs")) if is_node else None
    return {"organizer": None if link(name) else name or None, "organizer_url": address}


def links(graph: Graph, node: Node) -> dict[str, str | None]:
    """url and image_url: absolute http(s) addresses only."""
    pages = (link(text) for text in graph.texts(node, "url"))
    images = (link(_address(graph, value)) for value in graph.all(node, "image", "thumbnailUrl"))
    return {
        "url": next((page for page in pages if page), None),
        "image_url": next((image for image in images if image), None),
    }


def _address(graph: Graph, image: Any) -> str:
    said = graph.text(image, "contentUrl", "url") if isinstance(image, dict) else ""
    return said or graph.said(image)


def venue(graph: Graph, node: Node) -> VenueDraft | None:
    """The first place that is somewhere: a Place, a PostalAddress, or a line of text."""
    for place in graph.all(node, "location"):
        if isinstance(place, str) or (isinstance(place, dict) and "@value" in place):
            found = venue_from_text(graph.said(place))
        elif isinstance(place, dict) and "VirtualLocation" not in types(place):
            found = _place(graph, place)
        else:
            found = None
        if found:
            return found
    return None


def _place(graph: Graph, place: Node) -> VenueDraft | None:
    addresses = graph.nodes(place, "address") or ([place] if "PostalAddress" in types(place) else [])
    lines = [text for value in graph.all(place, "address") if (text := _line(graph, value))]
    geo = next(iter(graph.nodes(place, "geo")), place)
    point = degrees(graph.text(geo, "latitude"), graph.text(geo, "longitude"))
    postal = next((address for address in addresses if "@value" not in address), None)
    name = line_of(graph.text(place, "name"), 200)
    from_line = venue_from_text(", ".join([*([name] if name else []), *lines[:1]]), *point)
    if postal is None:
        return from_line
    parts = _postal(graph, postal)
    called = name or parts["address"] or parts["town"] or (from_line.name if from_line else None)
    return VenueDraft(name=called, latitude=point[0], longitude=point[1], **parts) if called else None


def _line(graph: Graph, value: Any) -> str:
    plain = isinstance(value, str) or (isinstance(value, dict) and "@value" in value)
    return graph.said(value) if plain else ""


def _postal(graph: Graph, address: Node) -> dict[str, str | None]:
    country = graph.text(address, "addressCountry").lower()
    danish = country in {"", "dk", "dnk", "denmark", "danmark"}
    code = re.search(r"(?<!\d)\d{4}(?!\d)", graph.text(address, "postalCode"))
    region = line_of(graph.text(address, "addressRegion"), 100)
    return {
        "address": line_of(graph.text(address, "streetAddress"), 300) or None,
        "postcode": code[0] if code and danish else None,
        "town": line_of(graph.text(address, "addressLocality"), 100) or None,
        "municipality": region if region.lower().endswith("kommune") else None,
    }
