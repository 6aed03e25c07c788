"""/udsend: the list, a draft and the screens that change it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.buttons import Action, Kind
from bot.replies import dates
from bot.replies.announcement import announcement, excess
from bot.replies.audience import AGES, age_name, audience_words, category_name
from bot.replies.markup import Html, lines, one_line, say
from bot.replies.reply import Button, Reply, Rows, Voice
from bot.telegram_html import parse_html
from bot.texts import LANGUAGES, texts
from catalog.cards import Card
from catalog.model import Organizer
from catalog.places import Place
from catalog.values import Category
from reminders.audience import Audience
from reminders.broadcasts import MOST_OFFERINGS
from reminders.model import Broadcast
from reminders.notices import Announcement, To

ROWS = 8
_EXCERPT_UNITS = 70
_NAME_UNITS = 34
_TWO = 2


@dataclass(frozen=True, slots=True)
class Draft:
    """A broadcast with what its numbers stand for. cards: of its offerings; organizers: those of its
    audience; problems: as `reminders.broadcasts.problems` names them."""

    broadcast: Broadcast
    cards: tuple[Card, ...]
    organizers: tuple[Organizer, ...]
    problems: tuple[str, ...] = ()

    @property
    def id(self) -> int:
        """Its number."""
        return self.broadcast.id or 0

    @property
    def audience(self) -> Audience:
        """Whom it is for."""
        return Audience.load(self.broadcast.audience)


def list_page(
    found: Sequence[Broadcast], offset: int, has_more: bool, voice: Voice, *, note: str | None = None
) -> Reply:
    """One's broadcasts, and colleagues' that one may look after."""
    head = say(voice.texts, "broadcast.mine" if found else "broadcast.nobody_yet")
    rows = [_row(number, one, voice) for number, one in enumerate(found, 1)]
    first = say(voice.texts, note) if note else None
    how = [Html(""), say(voice.texts, "broadcast.how")] if found else []
    text = lines([first, head, *rows, *how])
    numbers = [Button(str(n), _action(one.id or 0)) for n, one in enumerate(found, 1)]
    turns = []
    if offset:
        turns.append(Button(voice.texts("button.previous"), _to(f"list{max(0, offset - ROWS)}")))
    if has_more:
        turns.append(Button(voice.texts("button.more"), _to(f"list{offset + ROWS}")))
    new = Button(voice.texts("broadcast.button.new"), _to("new"))
    return Reply(text, tuple(row for row in (tuple(numbers), tuple(turns), (new,)) if row))


def draft_page(draft: Draft, voice: Voice, *, note: str | None = None) -> Reply:
    """Everything that is known of a draft, and what to change. note: the key of what is told first."""
    text = lines(
        [say(voice.texts, note) if note else None, head(draft.broadcast, voice), *_facts(draft, voice)]
    )
    names = [("da", "en"), ("pic", "off"), ("when", "until"), ("test",), ("count",), ("drop",)]
    if draft.audience.recipients_of is None:
        names.insert(2, ("who",))
    buttons = (tuple(step(name, draft.id, voice) for name in row) for row in names)
    return Reply(text, (*buttons, (_list_button(voice),)))


def ask_page(name: str, number: int, extra: Sequence[str], voice: Voice, *, note: str | None = None) -> Reply:
    """Asks for something in writing or a picture. extra: names of more buttons."""
    text = lines([say(voice.texts, note) if note else None, say(voice.texts, f"broadcast.ask.{name}")])
    more = tuple((step(one, number, voice),) for one in extra)
    return Reply(text, (*more, (back(number, voice),)))


def text_page(
    language: str, number: int, is_written: bool, voice: Voice, *, note: str | None = None
) -> Reply:
    """Asks for the text in this language."""
    text = lines([say(voice.texts, note) if note else None, say(voice.texts, f"broadcast.ask.{language}")])
    clear = Button(voice.texts("broadcast.button.clear"), _action(number, "clear", language))
    return Reply(text, (((clear,),) if is_written else ()) + ((back(number, voice),),))


def offerings_page(draft: Draft, found: Sequence[Card], voice: Voice, *, note: str | None = None) -> Reply:
    """What it is about, to be taken away; and what was found or is one's own, to be added."""
    chosen = [
        (_pick("remove", one.title(voice.language), _action(draft.id, "del", str(one.id)), voice),)
        for one in draft.cards
    ]
    taken = {card.id for card in draft.cards}
    free = [one for one in found if one.id not in taken] if len(taken) < MOST_OFFERINGS else []
    addable = [
        (_pick("add", _dated(one, voice), _action(draft.id, "add", str(one.id)), voice),) for one in free
    ]
    text = lines([say(voice.texts, note) if note else None, say(voice.texts, "broadcast.ask.offerings")])
    return Reply(text, (*chosen, *addable, (back(draft.id, voice),)))


def audience_page(draft: Draft, voice: Voice) -> Reply:
    """Whom it is for, in words, and the screens that narrow it."""
    names = [("place", "ages"), ("cats", "orgs")]
    rows = [tuple(step(name, draft.id, voice) for name in row) for row in names]
    if draft.cards:
        rows.append(
            (
                _toggle(
                    draft.audience.matching,
                    voice.texts("broadcast.button.match"),
                    _action(draft.id, "match"),
                    voice,
                ),
            )
        )
    words = audience_words(draft.audience, draft.organizers, voice)
    text = say(voice.texts, "broadcast.ask.audience", audience=words)
    return Reply(text, (*rows, (back(draft.id, voice),)))


def place_page(
    draft: Draft,
    municipalities: Sequence[Place],
    districts: Sequence[Place],
    is_typed: bool,
    voice: Voice,
    *,
    note: str | None = None,
) -> Reply:
    """Which municipalities and districts. is_typed: any may be written."""
    audience = draft.audience
    towns = [
        _toggle(one.name in audience.municipalities, one.name, _action(draft.id, "town", _tail(one)), voice)
        for one in municipalities
    ]
    parts = [
        _toggle(one.key in audience.districts, one.name, _action(draft.id, "dist", _tail(one)), voice)
        for one in districts
    ]
    text = lines(
        [
            say(voice.texts, note) if note else None,
            say(voice.texts, "broadcast.ask.place_typed" if is_typed else "broadcast.ask.place"),
        ]
    )
    return Reply(text, (*in_rows(towns), *in_rows(parts), (_who(draft.id, voice),)))


def ages_page(draft: Draft, voice: Voice) -> Reply:
    """Which ages."""
    spans = [
        _toggle(
            (low, high) in draft.audience.ages,
            age_name(low, high, voice),
            _action(draft.id, "age", f"{low}.{high}"),
            voice,
        )
        for low, high in AGES
    ]
    return Reply(say(voice.texts, "broadcast.ask.ages"), (*in_rows(spans), (_who(draft.id, voice),)))


def categories_page(draft: Draft, voice: Voice) -> Reply:
    """Which categories."""
    found = [
        _toggle(
            one in draft.audience.categories,
            category_name(one, voice),
            _action(draft.id, "cat", one.value),
            voice,
        )
        for one in Category
    ]
    return Reply(say(voice.texts, "broadcast.ask.categories"), (*in_rows(found), (_who(draft.id, voice),)))


def organizers_page(
    draft: Draft, found: Sequence[Organizer], voice: Voice, *, note: str | None = None
) -> Reply:
    """Whose followers: those that are picked, and those that were found."""
    picked = {one.id for one in draft.organizers}
    shown = [*draft.organizers, *(one for one in found if one.id not in picked)]
    rows = [
        (
            _toggle(
                one.id in picked,
                one_line(one.name, _NAME_UNITS),
                _action(draft.id, "org", str(one.id)),
                voice,
            ),
        )
        for one in shown
    ]
    text = lines([say(voice.texts, note) if note else None, say(voice.texts, "broadcast.ask.organizers")])
    return Reply(text, (*rows, (_who(draft.id, voice),)))


def confirm_page(what: str, yes: str, number: int, voice: Voice) -> Reply:
    """Asks once, before what cannot be undone."""
    go = step(yes, number, voice)
    keep = Button(voice.texts("broadcast.button.keep"), _action(number))
    return Reply(say(voice.texts, f"broadcast.ask.{what}", id=number), ((go,), (keep,)))


def head(broadcast: Broadcast, voice: Voice) -> Html:
    """Its number and how far it has come."""
    state = voice.texts(f"broadcast.state.{broadcast.state}")
    return say(voice.texts, "broadcast.head", id=broadcast.id or 0, state=state)


def versions(draft: Draft, chat_id: int, voice: Voice) -> dict[str, Reply]:
    """The message as people of each language get it."""
    return {
        language: _version(draft, chat_id, language, voice) for language in LANGUAGES if draft.broadcast.texts
    }


def shown_versions(draft: Draft, chat_id: int, voice: Voice) -> tuple[Reply, ...]:
    """Those of `versions` that differ by more than our own words: one for each text that was written."""
    made = versions(draft, chat_id, voice)
    return tuple(made[language] for language in LANGUAGES if draft.broadcast.texts.get(language))


def excess_of(draft: Draft, voice: Voice) -> int:
    """How many characters the longest version is too long."""
    return max((excess(reply) for reply in versions(draft, 0, voice).values()), default=0)


def step(name: str, number: int, voice: Voice, value: str = "") -> Button:
    """The button that does this with that broadcast."""
    return Button(voice.texts(f"broadcast.button.{name}"), _action(number, name, value))


def back(number: int, voice: Voice) -> Button:
    """The way back to a broadcast."""
    return Button(voice.texts("button.back"), _action(number))


def excerpt(broadcast: Broadcast, voice: Voice) -> str:
    """The beginning of its text."""
    written = broadcast.texts.get(voice.language) or next(iter(broadcast.texts.values()), "")
    return one_line(plain(written), _EXCERPT_UNITS) or voice.texts("broadcast.untitled")


def plain(markup: str) -> str:
    """A stored text as it reads."""
    return parse_html(markup)[0]


def moment_words(broadcast: Broadcast, voice: Voice) -> str:
    """When it begins; a draft whose time is over begins as soon as it is ready."""
    at = broadcast.send_at
    is_over = at is not None and broadcast.state == "draft" and at <= voice.now
    return dates.moment(at, voice) if at and not is_over else voice.texts("broadcast.value.now")


def in_rows(buttons: Sequence[Button], size: int = _TWO) -> Rows:
    """Some buttons a row."""
    return tuple(tuple(buttons[i : i + size]) for i in range(0, len(buttons), size))


def _version(draft: Draft, chat_id: int, language: str, voice: Voice) -> Reply:
    written = draft.broadcast.texts
    text = written.get(language) or next(iter(written.values()))
    to = To(chat_id, language, voice.now, 0)
    notice = Announcement(to, draft.id, text, draft.broadcast.picture, draft.cards)
    return announcement(notice, Voice(texts(language), voice.now, voice.zone))


def _facts(draft: Draft, voice: Voice) -> list[Html]:
    broadcast, say_it = draft.broadcast, voice.texts
    values = {language: _text_value(draft, language, voice) for language in LANGUAGES}
    values["picture"] = say_it(
        "broadcast.value.picture" if broadcast.picture else "broadcast.value.no_picture"
    )
    titles = [one_line(card.title(voice.language), _NAME_UNITS) for card in draft.cards]
    values["offerings"] = dates.listed(titles, voice) if titles else say_it("broadcast.value.no_offerings")
    values["audience"] = audience_words(draft.audience, draft.organizers, voice)
    values["send_at"] = moment_words(broadcast, voice)
    until = broadcast.not_after
    values["not_after"] = dates.moment(until, voice) if until else say_it("broadcast.value.anytime")
    facts = [say(say_it, f"broadcast.line.{name}", value=value) for name, value in values.items()]
    return [*facts, *problem_lines(draft, voice)]


def problem_lines(draft: Draft, voice: Voice) -> list[Html]:
    """Why it cannot be handed in."""
    known: Collection[str] = draft.problems
    found = [say(voice.texts, f"broadcast.problem.{name}") for name in known]
    over = excess_of(draft, voice)
    return [*found, say(voice.texts, "broadcast.problem.excess", n=over)] if over else found


def _text_value(draft: Draft, language: str, voice: Voice) -> str:
    written = draft.broadcast.texts.get(language)
    if written:
        return voice.texts("broadcast.quoted", text=one_line(plain(written), _EXCERPT_UNITS))
    is_other = bool(draft.broadcast.texts)
    return voice.texts(f"broadcast.other.{language}" if is_other else "broadcast.value.missing")


def _row(number: int, one: Broadcast, voice: Voice) -> Html:
    state = voice.texts(f"broadcast.state.{one.state}")
    return say(
        voice.texts, "broadcast.row", number=number, id=one.id or 0, state=state, text=excerpt(one, voice)
    )


def _dated(card: Card, voice: Voice) -> str:
    when = dates.briefly(card.occurrences[0], voice) if len(card.occurrences) == 1 else ""
    return " · ".join(part for part in (one_line(card.title(voice.language), _NAME_UNITS), when) if part)


def _pick(key: str, name: str, action: Action, voice: Voice) -> Button:
    return Button(voice.texts(f"broadcast.button.{key}", name=name), action)


def _toggle(is_on: bool, name: str, action: Action, voice: Voice) -> Button:
    return Button(voice.texts("broadcast.button.picked", name=name) if is_on else name, action)


def _who(number: int, voice: Voice) -> Button:
    return Button(voice.texts("button.back"), _action(number, "who"))


def _list_button(voice: Voice) -> Button:
    return Button(voice.texts("button.back"), _to("list0"))


def _action(number: int, verb: str = "", value: str = "") -> Action:
    return _to(":".join(part for part in (str(number), verb, value) if part))


def _to(argument: str) -> Action:
    return Action(Kind.BROADCAST, argument)


def _tail(place: Place) -> str:
    return place.key.partition(":")[2]
