"""One offering in full: every fact that is known, and an honest word for those that are not."""

from collections.abc import Iterable
from urllib.parse import urlencode, urlsplit

from bot.buttons import Action, Kind
from bot.replies import dates, prices
from bot.replies.markup import (
    TEXT_LIMIT,
    Html,
    bold,
    escape,
    italic,
    join,
    lines,
    link,
    one_line,
    say,
    shorten,
    shown_units,
)
from bot.replies.reply import Button, Reply, Voice
from bot.replies.understood import languages
from catalog.cards import Card, OccurrenceFacts, VenueFacts
from catalog.occurrences import is_over
from catalog.places import distance_km
from catalog.values import Access, Fact, PriceKind, Status

MOST_DATES = 6
_TITLE_UNITS = 250
_DESCRIPTION_UNITS = 900
_NAME_UNITS = 120
_MOST_OWNERS = 4
_DEAD = (Status.CANCELLED, Status.POSTPONED)


def card_reply(
    card: Card,
    voice: Voice,
    *,
    bot_username: str,
    origin: tuple[float, float] | None = None,
    can_go_back: bool = False,
    is_followed: bool | None = None,
    total: Html | None = None,
    is_heard: bool = False,
) -> Reply:
    """The card with its buttons. origin: where distances count from; can_go_back: it came out of a list;
    is_followed: by this person, None in a group, where nobody follows; total: what it costs this family;
    is_heard: somebody reads what this person says is wrong."""
    title = bold(one_line(card.title(voice.language), _TITLE_UNITS))
    head = [title, *status_lines(card, voice), *_series(card, voice)]
    facts = [fact for fact in _facts(card, voice, origin, total) if fact]
    room = TEXT_LIMIT - sum(shown_units(part) + 1 for part in (*head, *facts)) - 4
    description = _description(card, voice, min(room, _DESCRIPTION_UNITS))
    body = [Html(""), description] if description else []
    text = lines([*head, *body, Html(""), *facts])
    follow = follow_button(card, voice, bot_username, is_followed)
    first, second = _buttons(card, voice, bot_username)
    if is_heard:
        second.append(Button(voice.texts("wrong.button_card"), Action(Kind.WRONG, card.public_id)))
    if can_go_back:
        second.append(Button(voice.texts("button.back"), Action(Kind.BACK)))
    photo = (Button(voice.texts("button.photo"), Action(Kind.PHOTO, card.public_id)),) if card.photo else ()
    rows = ((follow, *photo), tuple(first), tuple(second))
    return Reply(text, tuple(row for row in rows if row), card.image_url)


def photo_reply(card: Card, voice: Voice) -> Reply | None:
    """The picture that staff have sent, with the title under it; None when there is none."""
    title = bold(one_line(card.title(voice.language), _TITLE_UNITS))
    return Reply(title, photo=card.photo) if card.photo else None


def follow_button(card: Card, voice: Voice, bot_username: str, is_followed: bool | None) -> Button:
    """ "Følg" or "Følger"; in a group the way to the private chat, where one can follow."""
    if is_followed is None:
        link = f"https://t.me/{bot_username}?start=f_{card.public_id}"
        return Button(voice.texts("button.follow"), url=link)
    if is_followed:
        return Button(voice.texts("button.following"), Action(Kind.FOLLOWING, card.public_id))
    return Button(voice.texts("button.follow"), Action(Kind.FOLLOW, card.public_id))


def upcoming(card: Card, voice: Voice) -> list[OccurrenceFacts]:
    """The occurrences that are not over."""
    return [o for o in card.occurrences if not is_over(o.start, o.end, o.zone, voice.now)]


def next_venue(card: Card, voice: Voice) -> VenueFacts | None:
    """Where it happens next; where it last did when nothing is to come."""
    candidates = upcoming(card, voice) or list(reversed(card.occurrences))
    return next((o.venue for o in candidates if o.venue is not None), None)


def address(venue: VenueFacts) -> str:
    """Street, postcode and town, as far as they are known and not repeated."""
    street = venue.address or ""
    town = " ".join(part for part in (venue.postcode, venue.town) if part)
    known = venue.postcode and venue.postcode in street
    return ", ".join(part for part in (street, "" if known else town) if part)


def directions_url(venue: VenueFacts) -> str | None:
    """A way there by public transport, from wherever the phone is: a Maps URL (api=1), whose parameters are
    documented, which no deep link into the Danish journey planner is."""
    if venue.latitude is not None and venue.longitude is not None and venue.located_by == "source":
        goal = f"{venue.latitude:.6f},{venue.longitude:.6f}"
    elif venue.address:
        goal = ", ".join(part for part in (venue.name, address(venue)) if part)
    else:
        return None
    return "https://www.google.com/maps/dir/?" + urlencode(
        {"api": "1", "destination": goal, "travelmode": "transit"}
    )


def share_url(card: Card, voice: Voice, bot_username: str) -> str:
    """Opens Telegram's own list of chats to share the card's deep link with."""
    target = f"https://t.me/{bot_username}?start=o_{card.public_id}"
    title = one_line(card.title(voice.language), _NAME_UNITS)
    return "https://t.me/share/url?" + urlencode({"url": target, "text": title})


def status_lines(card: Card, voice: Voice) -> Iterable[Html]:
    """That it is off, moved, full or taken down; nothing when all is as planned."""
    if card.withdrawn:
        yield say(voice.texts, "status.withdrawn")
    elif card.status is not Status.SCHEDULED:
        yield say(voice.texts, f"status.{card.status.value}")


def _series(card: Card, voice: Voice) -> Iterable[Html]:
    if card.series:
        yield italic(voice.texts("card.series", series=one_line(card.series, _NAME_UNITS)))


def _description(card: Card, voice: Voice, room: int) -> Html | None:
    text = (card.description(voice.language) or "").strip()
    if room < 40 or not text:
        return None
    cut = shorten(text, room)
    return escape(text if cut == text else cut[:-1].rsplit(" ", 1)[0].rstrip(" ,;:.–-") + "…")


def _facts(
    card: Card, voice: Voice, origin: tuple[float, float] | None, total: Html | None
) -> Iterable[Html | None]:
    yield from date_lines(card, voice)
    yield season_line(card, voice)
    yield where_line(card, voice, origin)
    yield age_line(card, voice) or unknown_line("age", card, voice)
    yield price_line(card, voice) or unknown_line("price", card, voice)
    yield total
    yield access_line(card, voice)
    yield language_line(card, voice)
    yield enrolment_line(card, voice)
    if card.residents_only:
        owners = owners_named(card, voice)
        yield say(voice.texts, "card.residents_of" if owners else "card.residents", owners=owners)
    yield together_line(card, voice)
    yield organiser_line(card)
    yield link_line(card)
    if card.is_sample:
        yield italic(voice.texts("card.sample"))


def owners_named(card: Card, voice: Voice) -> str:
    """ "Ishøj og Køge": the municipalities whose offering it is; empty when that is not stated."""
    return dates.listed([one_line(owner, 60) for owner in card.owners], voice) if card.owners else ""


def unknown_line(name: str, card: Card, voice: Voice) -> Html:
    """Who knows the "age" or "price" that is not stated."""
    return say(voice.texts, f"card.{name}", words=ask_organiser(card, voice))


def unknown(words: str, card: Card, voice: Voice) -> Html:
    """That something is not stated, and who knows."""
    return join([escape(words), ask_organiser(card, voice)], " – ")


def ask_organiser(card: Card, voice: Voice) -> Html:
    """ "spørg arrangøren", with the way to them where there is one."""
    words, way = voice.texts("card.ask_organiser"), card.organizer_url or card.url
    return link(words, way) if way else escape(words)


def _line(name: str, words: str, voice: Voice) -> Html | None:
    return say(voice.texts, f"card.{name}", words=words) if words else None


def _guess(card: Card, fact: Fact, voice: Voice) -> str:
    return f" {voice.texts('card.guess')}" if fact in card.inferred else ""


def price_line(card: Card, voice: Voice) -> Html | None:
    """What it costs, None when that is not stated."""
    if card.price_kind is PriceKind.UNKNOWN:
        return None
    return _line("price", prices.by_tariff(card, voice) + _guess(card, Fact.PRICE, voice), voice)


def age_line(card: Card, voice: Voice) -> Html | None:
    """For what ages and for whom, None when neither is stated."""
    known = _has_age(card) or card.made_for is not None
    return _line("age", _age(card, voice), voice) if known else None


def language_line(card: Card, voice: Voice) -> Html | None:
    """The languages spoken there, None when that is not stated."""
    names = languages(card.languages, voice) + _guess(card, Fact.LANGUAGES, voice)
    return _line("language", names, voice) if card.languages else None


def date_lines(card: Card, voice: Voice, most: int = MOST_DATES) -> Iterable[Html]:
    """The next dates, at most so many, and how many more there are."""
    ahead = upcoming(card, voice)
    if not ahead and card.occurrences:
        yield say(voice.texts, "card.over")
        return
    if not ahead:
        yield say(voice.texts, "card.when", words=unknown(voice.texts("card.no_dates"), card, voice))
        return
    several_venues = len({o.venue for o in ahead}) > 1
    for occurrence in ahead[:most]:
        yield say(voice.texts, "card.when", words=_date(occurrence, several_venues, voice))
    if len(ahead) > most:
        yield say(voice.texts, "card.more_dates", n=len(ahead) - most)


def _date(occurrence: OccurrenceFacts, name_venue: bool, voice: Voice) -> Html:
    words = escape(dates.fully(occurrence, voice))
    if occurrence.status in _DEAD:
        words = Html(f"<s>{words}</s>")
    parts = [words]
    if name_venue and occurrence.venue:
        parts.append(escape(one_line(occurrence.venue.name, 60)))
    if occurrence.status is not Status.SCHEDULED:
        parts.append(say(voice.texts, f"date_status.{occurrence.status.value}"))
    if occurrence.previous_start is not None and occurrence.status not in _DEAD:
        before = dates.moment(occurrence.previous_start, voice)
        parts.append(say(voice.texts, "card.previously", when=before))
    return join(parts, " – ")


def season_line(card: Card, voice: Voice) -> Html | None:
    """Its season and weekdays, None when it has none."""
    words = season_words(card, voice)
    return say(voice.texts, "card.season", words=words) if words else None


def season_words(card: Card, voice: Voice) -> str:
    """ "1. sep. – 15. dec., tirsdag"; empty when it has no season."""
    parts = []
    if card.season_from and card.season_until:
        parts.append(dates.days(card.season_from, card.season_until, voice))
    if card.weekdays:
        parts.append(dates.listed(dates.weekday_names(card.weekdays, voice), voice))
    return ", ".join(parts)


def where_line(card: Card, voice: Voice, origin: tuple[float, float] | None = None) -> Html:
    """Where it happens next. origin: where a distance counts from."""
    venue = next_venue(card, voice)
    if venue is None:
        return say(voice.texts, "card.where", words=unknown(voice.texts("place.unknown"), card, voice))
    parts = [one_line(venue.name, _NAME_UNITS), one_line(address(venue), _NAME_UNITS)]
    area = venue.district or venue.municipality
    if area and area not in (venue.name, venue.town):
        parts.append(one_line(area, 60))
    place = ", ".join(part for part in parts if part)
    if origin and venue.latitude is not None and venue.longitude is not None:
        km = distance_km(*origin, venue.latitude, venue.longitude)
        place = f"{place} · {prices.distance(km, voice)}"
    return say(voice.texts, "card.where", words=place)


def _age(card: Card, voice: Voice) -> str:
    parts = [age_range(card, voice) + _guess(card, Fact.AGE, voice)] if _has_age(card) else []
    if card.made_for is not None:
        who = voice.texts("card.made_for", who=voice.texts(f"audience.{card.made_for.value}"))
        parts.append(who + _guess(card, Fact.MADE_FOR, voice))
    return " · ".join(parts)


def _has_age(card: Card) -> bool:
    return card.age_from is not None or card.age_to is not None


def age_range(card: Card, voice: Voice) -> str:
    """ "6–12 år", "fra 15 år", "alle aldre", "ikke oplyst"."""
    low, high = card.age_from, card.age_to
    if low is not None and high is not None:
        key = "age.exactly" if low == high else "age.between"
        return voice.texts(key, low=low, high=high, n=low)
    if low is not None:
        return voice.texts("age.from" if low else "age.all", low=low)
    return voice.texts("age.to", high=high) if high is not None else voice.texts("age.unknown")


def access_guess(card: Card, voice: Voice) -> str:
    """Marks what is known of access as a guess, when it is one."""
    return _guess(card, Fact.ACCESS, voice)


def access_line(card: Card, voice: Voice) -> Html:
    """What is known of access for everybody."""
    known = card.access or {}
    parts = [
        escape(voice.texts(f"access_yes.{fact.value}" if known[fact] else f"access_no.{fact.value}"))
        for fact in Access
        if fact in known
    ]
    if Access.WHEELCHAIR not in known:
        parts.append(ask_organiser(card, voice))
    words = Html(join(parts, ", ") + escape(_guess(card, Fact.ACCESS, voice)))
    return say(voice.texts, "card.access", words=words)


def enrolment_line(card: Card, voice: Voice) -> Html | None:
    """When and where one signs up and how many places there are, None when nothing is stated."""
    closes, parts = card.enrolment_closes, []
    if closes and closes <= voice.now:
        closed = voice.texts("enrolment.closed", when=dates.moment(closes, voice))
        return say(voice.texts, "card.enrolment", words=closed)
    if card.enrolment_opens and card.enrolment_opens > voice.now:
        parts.append(voice.texts("enrolment.opens", when=dates.moment(card.enrolment_opens, voice)))
    if closes:
        parts.append(voice.texts("enrolment.closes", when=dates.moment(closes, voice)))
    if card.remaining == 0 or card.has_waiting_list:
        parts.append(voice.texts("enrolment.waiting" if card.has_waiting_list else "enrolment.full"))
    elif card.remaining is not None:
        parts.append(voice.texts("enrolment.remaining", n=card.remaining))
    elif card.capacity is not None:
        parts.append(voice.texts("enrolment.capacity", n=card.capacity))
    words = [escape(part) for part in parts]
    if card.enrolment_url and (card.remaining != 0 or card.has_waiting_list):
        words.append(link(voice.texts("enrolment.link"), card.enrolment_url))
    return say(voice.texts, "card.enrolment", words=join(words, ", ")) if words else None


def together_line(card: Card, voice: Voice) -> Html | None:
    """The municipalities that make it together, None where it is not several; many are only counted."""
    if len(card.owners) < 2:
        return None
    if len(card.owners) > _MOST_OWNERS:
        return say(voice.texts, "card.together_many", n=len(card.owners))
    return say(voice.texts, "card.together", owners=owners_named(card, voice))


def organiser_line(card: Card) -> Html | None:
    """Who makes it, None when that is not stated."""
    if not card.organizer:
        return None
    name = one_line(card.organizer, _NAME_UNITS)
    return Html(f"👤 {link(name, card.organizer_url) if card.organizer_url else escape(name)}")


def link_line(card: Card) -> Html | None:
    """The source's own page."""
    if not card.url:
        return None
    try:
        host = urlsplit(card.url).hostname or ""
    except ValueError:
        host = ""
    label = one_line(host.removeprefix("www.") or card.url, 60)
    return Html(f"🔗 {link(label, card.url)}")


def _buttons(card: Card, voice: Voice, bot_username: str) -> tuple[list[Button], list[Button]]:
    venue = next_venue(card, voice)
    first = []
    if venue and venue.latitude is not None and venue.longitude is not None:
        first.append(Button(voice.texts("button.map"), Action(Kind.MAP, card.public_id)))
    if upcoming(card, voice):
        first.append(Button(voice.texts("button.calendar"), Action(Kind.CALENDAR, card.public_id)))
    if venue and (way := directions_url(venue)):
        first.append(Button(voice.texts("button.directions"), url=way))
    return first, [Button(voice.texts("button.share"), url=share_url(card, voice, bot_username))]
