"""/ny and /mine_tilbud: an offering on its way, with its card as people will see it, one short question at a
time."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.buttons import Action, Kind
from bot.replies import dates
from bot.replies.card import card_reply, upcoming
from bot.replies.markup import TEXT_LIMIT, Html, lines, one_line, say, shown_units
from bot.replies.publishing import altered_lines
from bot.replies.reply import Button, Reply, Rows, Voice
from catalog.cards import Card
from catalog.draft_cards import card_of
from catalog.model import Venue
from catalog.proposal_work import State, Work
from catalog.publishing import Preview
from catalog.undoing import UNDO_WITHIN
from catalog.values import Audience, Category, Fact, Format

STEPS = (
    *("title", "when", "where", "who", "format", "about", "price", "text", "picture", "link", "enrol"),
    "rules",
)
"""The questions of /ny, in order; also what an action's verb may be."""
OF_A_SOURCE = ("when", "where", "who", "price")
"""What of an offering that a feed or file brings staff can mend."""
_BY_TAPS = ("who", "format", "about", "rules")
_MOST_DATES = 8
_TITLE_UNITS = 80
_LABEL_UNITS = 40


@dataclass(frozen=True, slots=True)
class Standing:
    """How somebody stands to a draft. is_walking: they are asked one thing after the other. publishes: they
    let it through themselves. note: the key of what is said first, None for nothing."""

    is_walking: bool
    publishes: bool
    note: str | None = None


def plain(key: str, voice: Voice) -> Reply:
    """Just this, and the way to one's offerings."""
    return Reply(say(voice.texts, key), ((draft_button("draft.button.mine", "mine0", voice),),))


def answer_page(work: Work, voice: Voice) -> Reply:
    """What a coordinator asked, to be answered in writing."""
    question = str(work.facts.get("question") or "")
    menu = draft_button("draft.button.menu", f"{work.id}:menu", voice)
    return _under_card(work, [say(voice.texts, "draft.asked", question=question)], ((menu,),), voice)


def step_page(work: Work, step: str, stands: Standing, voice: Voice, venues: Sequence[Venue] = ()) -> Reply:
    """One question, under the card as it is so far. venues: to tap, where it is asked where."""
    asked = [*_understood(work, step, voice), say(voice.texts, f"draft.ask.{_question(work, step)}")]
    rows = (*_choices(work, step, venues, voice), *_ways(work, step, stands, voice))
    return _under_card(work, [_note(stands, voice), *asked], rows, voice)


def _question(work: Work, step: str) -> str:
    if step == "when" and work.draft.occurrences and not work.is_edit:
        return "when_again"
    if step == "when" and "moving" in work.facts:
        return "when_move"
    return f"{step}_copy" if step in ("when", "where") and "copies" in work.facts else step


def after(work: Work, step: str) -> str:
    """The screen that comes after this question; of a copy only what is missing is asked for."""
    if "copies" in work.facts:
        return next((name for name in work.missing if name != step), "done")
    at = STEPS.index(step)
    return STEPS[at + 1] if at + 1 < len(STEPS) else "done"


def place_page(work: Work, name: str, venues: Sequence[Venue], stands: Standing, voice: Voice) -> Reply:
    """Which of these places is meant, or is it a new one."""
    key = "draft.which_place" if venues else "draft.no_place"
    asked = say(voice.texts, key, name=one_line(name, _TITLE_UNITS))
    new = draft_button("draft.button.new_place", f"{work.id}:where:new", voice)
    rows = (*_places(work, venues), (new,), *_ways(work, "where", stands, voice))
    return _under_card(work, [asked], rows, voice)


def done_page(work: Work, stands: Standing, voice: Voice, *, preview: Preview | None = None) -> Reply:
    """The whole card, what is still missing, and the way out. preview: what an edit alters for those who plan
    by it."""
    told: list[Html | None] = [_note(stands, voice)]
    if work.missing:
        names = [voice.texts(f"draft.step.{name}") for name in work.missing]
        told.append(say(voice.texts, "draft.missing", names=dates.listed(names, voice)))
    elif work.state is State.PROPOSED:
        told.append(say(voice.texts, "draft.waits"))
    else:
        told.append(say(voice.texts, _ready(work, stands)))
        told += _followers(preview, voice)
    rows = (_photo(work, voice), *_ways_out(work, stands, voice))
    return _under_card(work, told, tuple(row for row in rows if row), voice)


def menu_page(work: Work, voice: Voice) -> Reply:
    """Any question, to go to."""
    steps = OF_A_SOURCE if work.is_fed else STEPS
    buttons = [draft_button(f"draft.step.{step}", f"{work.id}:{step}", voice) for step in steps]
    done = draft_button("draft.button.done", f"{work.id}:done", voice)
    return _under_card(work, [say(voice.texts, "draft.menu")], (*_in_rows(buttons, 2), (done,)), voice)


def unfinished_page(work: Work, voice: Voice) -> Reply:
    """There is one on its way: go on with it?"""
    title = one_line(card_of(work.draft, work.source).title(voice.language), _TITLE_UNITS)
    go = draft_button("draft.button.go_on", f"go{work.id}", voice)
    new = draft_button("draft.button.new", "new", voice)
    return Reply(say(voice.texts, "draft.unfinished", title=title), ((go,), (new,)))


def drop_page(work: Work, voice: Voice) -> Reply:
    """Asks once, before it is thrown away."""
    gone = draft_button("draft.button.dropped", f"{work.id}:dropped", voice)
    keep = draft_button("draft.button.keep", f"{work.id}:done", voice)
    return _under_card(work, [say(voice.texts, "draft.drop")], ((gone,), (keep,)), voice)


def published_page(work: Work, number: int, public_id: str, voice: Voice) -> Reply:
    """It is out, and can be taken back for a while."""
    until = dates.local(voice.now + UNDO_WITHIN, voice).time()
    clock = voice.texts("date.clock", time=dates.clock(until, voice))
    key = "draft.published_edit" if work.is_edit else "draft.published"
    undo = draft_button("publish.button.undo", f"undo{number}", voice)
    see = Button(voice.texts("notice.button.open"), Action(Kind.OPEN, public_id))
    mine = draft_button("draft.button.mine", "mine0", voice)
    title = _title(card_of(work.draft, work.source), voice)
    return Reply(say(voice.texts, key, title=title, time=clock), ((undo, see), (mine,)))


def handed_in_page(work: Work, colleagues: int, voice: Voice) -> Reply:
    """It waits. colleagues: how many were told."""
    title = _title(card_of(work.draft, work.source), voice)
    see = draft_button("draft.button.see", f"{work.id}:done", voice)
    told = say(voice.texts, "draft.handed_in" if colleagues else "draft.handed_in_alone", title=title)
    return Reply(told, ((see,),))


def _under_card(work: Work, told: Iterable[Html | None], rows: Rows, voice: Voice) -> Reply:
    if "title" in work.missing and not work.draft.occurrences:
        return Reply(lines(told), rows)
    return with_card(card_of(work.draft, work.source), told, rows, voice)


def with_card(card: Card, told: Iterable[Html | None], rows: Rows, voice: Voice) -> Reply:
    """The card as people see it, and what is said to staff under it."""
    said = lines(told)
    shown = card_reply(card, voice, bot_username="")
    fits = shown_units(shown.text) + shown_units(said) + 40 < TEXT_LIMIT
    line = say(voice.texts, "draft.line")
    return Reply(lines([shown.text, line, said]) if fits else said, rows, shown.picture)


def _note(stands: Standing, voice: Voice) -> Html | None:
    return say(voice.texts, stands.note) if stands.note else None


def _understood(work: Work, step: str, voice: Voice) -> Iterator[Html]:
    """How something that was written was taken, or what it was guessed from."""
    if step == "when" and "moving" in work.facts:
        yield from _moving(work, voice)
    elif step == "when" and work.draft.occurrences:
        times = upcoming(card_of(work.draft, work.source), voice)
        yield say(voice.texts, "draft.understood")
        for time in times[:_MOST_DATES]:
            yield say(voice.texts, "draft.date", when=dates.fully(time, voice))
        if len(times) > _MOST_DATES:
            yield say(voice.texts, "draft.more_dates", n=len(times) - _MOST_DATES)
    if step in _GUESSES and set(_GUESSES[step]) & set(work.draft.inferred):
        yield say(voice.texts, "draft.guessed")


def _moving(work: Work, voice: Voice) -> Iterator[Html]:
    """The date that is to be moved."""
    card = card_of(work.draft, work.source)
    start = next((t.start for t in work.draft.occurrences if t.key == work.facts["moving"]), None)
    for time in card.occurrences:
        if time.start == start:
            yield say(voice.texts, "draft.moving", when=dates.fully(time, voice))


_GUESSES = {
    "who": (Fact.AUDIENCES, Fact.AGE, Fact.MADE_FOR),
    "format": (Fact.FORMATS,),
    "about": (Fact.CATEGORIES,),
    "price": (Fact.PRICE,),
}


def _choices(work: Work, step: str, venues: Sequence[Venue], voice: Voice) -> Rows:  # noqa: PLR0911  # one line a question
    """What can be tapped for an answer."""
    draft = work.draft
    match step:
        case "where":
            return _places(work, venues)
        case "who":
            groups = [group for group in Audience if group not in (Audience.SCHOOLS, Audience.DAYCARE)]
            return _toggles(work, step, groups, draft.audiences, voice)
        case "format":
            return _toggles(work, step, list(Format), draft.formats, voice)
        case "about":
            return _toggles(work, step, list(Category), draft.categories, voice)
        case "price":
            return (
                tuple(
                    draft_button(f"draft.button.{n}", f"{work.id}:price:{n}", voice)
                    for n in ("free", "unknown")
                ),
            )
        case "rules":
            return tuple((_rule(work, name, voice),) for name in ("residents", "schools", "daycare"))
        case "picture":
            is_there = draft.photo or draft.image_url
            gone = draft_button("draft.button.no_picture", f"{work.id}:picture:none", voice)
            return ((*_photo(work, voice), gone),) if is_there else ()
    has = {"text": draft.descriptions, "link": draft.url, "enrol": _enrols(work)}
    return ((draft_button("draft.button.none", f"{work.id}:{step}:none", voice),),) if has.get(step) else ()


def _photo(work: Work, voice: Voice) -> tuple[Button, ...]:
    return (draft_button("button.photo", f"{work.id}:photo", voice),) if work.draft.photo else ()


def _enrols(work: Work) -> bool:
    draft = work.draft
    stated = (draft.enrolment_opens, draft.enrolment_closes, draft.capacity, draft.enrolment_url)
    return any(fact is not None for fact in stated)


def _rule(work: Work, name: str, voice: Voice) -> Button:
    held = {
        "residents": work.draft.residents_only,
        "schools": Audience.SCHOOLS in work.draft.audiences,
        "daycare": Audience.DAYCARE in work.draft.audiences,
    }
    label = voice.texts(f"draft.rule.{name}")
    return _ticked(label, held[name], f"{work.id}:rules:{name}", voice)


def _places(work: Work, venues: Sequence[Venue]) -> Rows:
    def label(venue: Venue) -> str:
        town = venue.town or venue.municipality or ""
        return one_line(", ".join(part for part in (venue.name, town) if part), _LABEL_UNITS)

    return tuple((Button(label(v), Action(Kind.DRAFT, f"{work.id}:where:{v.id}")),) for v in venues)


def _toggles(
    work: Work, step: str, values: Sequence[Audience | Format | Category], held: Iterable[str], voice: Voice
) -> Rows:
    section = {"who": "audience", "format": "format", "about": "category"}[step]
    buttons = [
        _ticked(voice.texts(f"{section}.{value}"), value in set(held), f"{work.id}:{step}:{value}", voice)
        for value in values
    ]
    return _in_rows(buttons, 2)


def _ticked(label: str, is_held: bool, argument: str, voice: Voice) -> Button:
    key = "staff.picked" if is_held else "staff.unpicked"
    return Button(voice.texts(key, name=label), Action(Kind.DRAFT, argument))


def _ways(work: Work, step: str, stands: Standing, voice: Voice) -> Rows:
    """Back, on, to any question, away."""
    if not stands.is_walking:
        return ((draft_button("draft.button.to_card", f"{work.id}:done", voice),),)
    at = STEPS.index(step)
    back = (draft_button("button.back", f"{work.id}:{STEPS[at - 1]}", voice),) if at else ()
    on = (draft_button(f"draft.button.{_onwards(work, step)}", f"{work.id}:{after(work, step)}", voice),)
    change = draft_button("draft.button.menu", f"{work.id}:menu", voice)
    done = () if work.missing else (draft_button("draft.button.done", f"{work.id}:done", voice),)
    away = draft_button("draft.button.drop", f"{work.id}:drop", voice)
    if step in work.missing and step == "title":
        return ((away,),)
    return ((*back, *on), (change, *done), (away,))


def _onwards(work: Work, step: str) -> str:
    if step == "when" and work.draft.occurrences:
        return "right"
    return "on" if step in _BY_TAPS and _is_filled(work, step) else "skip"


def _is_filled(work: Work, step: str) -> bool:
    draft = work.draft
    filled = {"who": draft.audiences, "format": draft.formats, "about": draft.categories}
    return bool(filled.get(step, True))


def _ways_out(work: Work, stands: Standing, voice: Voice) -> Rows:
    change = draft_button("draft.button.menu", f"{work.id}:menu", voice)
    away = draft_button("draft.button.drop", f"{work.id}:drop", voice)
    if work.missing:
        mend = draft_button("draft.button.mend", f"{work.id}:{work.missing[0]}", voice)
        return ((mend,), (change, away))
    if work.state is State.PROPOSED:
        return ((change, away),)
    name = "publish" if stands.publishes else "send"
    go = draft_button(f"draft.button.{name}", f"{work.id}:{name}:{work.digest}", voice)
    return ((go,), (change, away))


def _ready(work: Work, stands: Standing) -> str:
    if work.is_edit:
        return "draft.ready.fed" if work.is_fed else "draft.ready.edit"
    return "draft.ready.publish" if stands.publishes else "draft.ready.send"


def _followers(preview: Preview | None, voice: Voice) -> Iterator[Html]:
    """What people who follow it will hear."""
    entries = preview.changed.shown if preview else ()
    told = [line for entry in entries if entry.alterations for line in altered_lines(entry, voice)]
    if told:
        yield say(voice.texts, "draft.followers_hear")
        yield from told
    elif preview is not None:
        yield say(voice.texts, "draft.followers_do_not")


def _title(card: Card, voice: Voice) -> str:
    return one_line(card.title(voice.language), _TITLE_UNITS)


def draft_button(key: str, argument: str, voice: Voice) -> Button:
    """A button of /ny or /mine_tilbud."""
    return Button(voice.texts(key), Action(Kind.DRAFT, argument))


def _in_rows(buttons: Sequence[Button], size: int) -> Rows:
    return tuple(tuple(buttons[i : i + size]) for i in range(0, len(buttons), size))
