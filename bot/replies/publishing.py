"""What staff see of a file: how it would be, what is wrong in it, that it is published, that it is undone."""

from collections.abc import Iterable, Iterator

from bot.buttons import Action, Kind
from bot.conversations import Pending
from bot.replies import dates
from bot.replies.card import next_venue, upcoming
from bot.replies.changes import change_line
from bot.replies.markup import Html, escape, lines, one_line, say
from bot.replies.reply import Button, Reply, Rows, Voice
from bot.replies.staff import sheet_button
from catalog.calling_off import Found
from catalog.cards import Card
from catalog.drafts import Rejection
from catalog.importers.mending import Advice, Headers
from catalog.publishing import Alteration, Entry, Part, Preview
from catalog.undoing import UNDO_WITHIN, Undone
from reminders.notices import Changed

_MOST_ERRORS = 5
_MOST_LINES = 3
_TITLE_UNITS = 80
_DETAIL_UNITS = 200


def preview_page(preview: Preview, pending: Pending, voice: Voice, *, note: str | None = None) -> Reply:
    """What a file would do, and whether to do it. note: why it is shown again."""
    heads = [say(voice.texts, note)] if note else []
    heads.append(say(voice.texts, "publish.head", name=one_line(pending.name, _TITLE_UNITS)))
    if pending.is_whole:
        heads.append(say(voice.texts, "publish.whole"))
    counts = [_counted(name, getattr(preview, name), voice) for name in ("unchanged", "past")]
    body = [*_parts(preview, voice), *counts, *_errors(preview, voice)]
    if not preview.does_anything:
        body.insert(0, say(voice.texts, "publish.nothing"))
    return Reply(lines([*heads, Html(""), *body]), _preview_buttons(preview, pending, voice))


def published_page(number: int, preview: Preview, pending: Pending, voice: Voice) -> Reply:
    """It is done, and can be undone for a while."""
    names = ("new", "changed", "withdrawn")
    counts = [_counted(f"done.{name}", getattr(preview, name).count, voice) for name in names]
    left_out = _counted("left_out", len(preview.rejections), voice)
    rows = [(_undo(number, voice),)]
    if preview.rejections:
        rows.append((_button("sheet", pending, voice),))
    return Reply(
        lines([say(voice.texts, "publish.done.head"), *counts, left_out, *_after(preview, voice)]),
        tuple(rows),
    )


def undone_page(undone: Undone, voice: Voice) -> Reply:
    """It is as it was."""
    left = _counted("undone.left", undone.left, voice)
    return Reply(lines([say(voice.texts, "publish.undone.done"), left]))


def unreadable(name: str, code: str, detail: str, voice: Voice) -> Reply:
    """Nothing in the file can be used."""
    reason = _reason(Rejection("", code, detail), voice)
    head = say(voice.texts, "publish.unreadable", name=one_line(name, _TITLE_UNITS), reason=reason)
    return Reply(lines([head, say(voice.texts, "publish.template")]), ((sheet_button(voice),),))


def off_page(
    preview: Preview, found: Found, pending: Pending, voice: Voice, *, note: str | None = None
) -> Reply:
    """What would be called off, and whether to do it."""
    place = one_line(pending.name, _TITLE_UNITS)
    left = [_counted(f"off.{name}", getattr(found, name), voice) for name in ("lasting", "elsewhere")]
    again = say(voice.texts, note) if note else None
    if not preview.does_anything:
        return Reply(lines([again, say(voice.texts, "publish.off.nothing", place=place), *left]))
    head = say(voice.texts, "publish.off.head", n=preview.changed.count, place=place)
    body = [*_dates_off(preview.changed.shown, voice), _more(preview.changed, voice), *left]
    leave = Button(voice.texts("publish.button.leave"), Action(Kind.PUBLISH, f"no:{pending.key}"))
    return Reply(lines([again, head, Html(""), *body]), ((_button("off", pending, voice), leave),))


def called_off_page(number: int, preview: Preview, voice: Voice) -> Reply:
    """It is called off, and can be undone for a while."""
    head = say(voice.texts, "publish.off.done", n=preview.changed.count)
    return Reply(lines([head, *_after(preview, voice)]), ((_undo(number, voice),),))


def advice(rejection: Rejection, voice: Voice) -> Advice:
    """What is wrong, and what would mend it."""
    mend = _mend(rejection, voice) or voice.texts("publish.mend.other")
    return Advice(_reason(rejection, voice), mend)


def sheet_headers(voice: Voice) -> Headers:
    """What the columns of the sheet to mend are called."""
    names = {name: voice.texts(f"publish.sheet.{name}") for name in ("wrong", "mend", "where")}
    belongs = voice.texts("publish.sheet.belongs", row="{row}")
    return Headers(sheet=voice.texts("publish.sheet.title"), belongs=belongs, **names)


def _after(preview: Preview, voice: Voice) -> Iterator[Html]:
    until = dates.local(voice.now + UNDO_WITHIN, voice).time()
    yield Html("")
    if preview.changed.count:
        yield say(voice.texts, "publish.hears")
    yield say(voice.texts, "publish.regret", time=voice.texts("date.clock", time=dates.clock(until, voice)))


def _parts(preview: Preview, voice: Voice) -> Iterator[Html | None]:
    for name in ("new", "changed", "withdrawn"):
        part: Part = getattr(preview, name)
        yield _counted(name, part.count, voice)
        for entry in part.shown:
            yield _entry(entry, voice)
            if name == "changed":
                yield from altered_lines(entry, voice)
        yield _more(part, voice)


def _entry(entry: Entry, voice: Voice) -> Html:
    title, facts = _title(entry.card, voice), _facts(entry.card, voice)
    if not facts or entry.alterations:
        return say(voice.texts, "publish.entry", title=title)
    return say(voice.texts, "publish.facts", title=title, facts=facts)


def _facts(card: Card, voice: Voice) -> str:
    """When and where it is next."""
    ahead, venue = upcoming(card, voice), next_venue(card, voice)
    known = [dates.briefly(ahead[0], voice)] if ahead else []
    return " · ".join([*known, *([one_line(venue.name, _TITLE_UNITS)] if venue else [])])


def altered_lines(entry: Entry, voice: Voice) -> Iterator[Html]:
    """What people plan by that is another now, old and new."""
    told = [line for alteration in entry.alterations if (line := _line(alteration, entry.card, voice))]
    if not told:
        yield say(voice.texts, "publish.other_facts")
    for words in told[:_MOST_LINES]:
        yield say(voice.texts, "publish.altered", words=words)
    if len(told) > _MOST_LINES:
        yield say(
            voice.texts, "publish.altered", words=voice.texts("publish.more", n=len(told) - _MOST_LINES)
        )


def _line(alteration: Alteration, card: Card, voice: Voice) -> Html | None:
    if alteration.fact == "status" and alteration.new is None:
        return escape(voice.texts("publish.date_gone"))
    found = (time for time in card.occurrences if time.id == alteration.occurrence_id)
    changed = Changed(alteration.fact, alteration.old, alteration.new, next(found, None))
    return change_line(changed, card, voice)


def _dates_off(entries: tuple[Entry, ...], voice: Voice) -> Iterator[Html]:
    """The dates that are called off, the soonest first."""
    ids = {alteration.occurrence_id for entry in entries for alteration in entry.alterations}
    dated = [(time, entry.card) for entry in entries for time in entry.card.occurrences if time.id in ids]
    for time, card in sorted(dated, key=lambda one: (one[0].start, one[0].id)):
        title, when = _title(card, voice), dates.briefly(time, voice)
        yield say(voice.texts, "publish.off.line", title=title, when=when)


def _errors(preview: Preview, voice: Voice) -> Iterator[Html | None]:
    total = len(preview.rejections)
    if preview.held:
        yield from (Html(""), escape("⚠️ " + _reason(preview.held, voice)))
    if total:
        yield from (Html(""), _counted("rejected", total, voice))
    for rejection in preview.rejections[:_MOST_ERRORS]:
        yield from _error(rejection, voice)
    yield _counted("more_errors", total - _MOST_ERRORS, voice)


def _error(rejection: Rejection, voice: Voice) -> Iterator[Html]:
    where = one_line(rejection.where, _TITLE_UNITS)
    key = "row" if where.isdecimal() else "item" if where else "file"
    yield say(voice.texts, f"publish.error.{key}", where=where, reason=_reason(rejection, voice))
    if mend := _mend(rejection, voice):
        yield say(voice.texts, "publish.error.mend", mend=mend)


def _reason(rejection: Rejection, voice: Voice) -> str:
    detail = one_line(rejection.detail, _DETAIL_UNITS)
    return voice.texts(f"import.reason.{rejection.code}", detail=detail).strip()


def _mend(rejection: Rejection, voice: Voice) -> str:
    key = f"publish.mend.{rejection.code}"
    return voice.texts(key) if voice.texts.has(key) else ""


def _counted(name: str, count: int, voice: Voice) -> Html | None:
    return say(voice.texts, f"publish.{name}", n=count) if count > 0 else None


def _more(part: Part, voice: Voice) -> Html | None:
    return _counted("more", part.count - len(part.shown), voice)


def _title(card: Card, voice: Voice) -> str:
    return one_line(card.title(voice.language), _TITLE_UNITS)


def _preview_buttons(preview: Preview, pending: Pending, voice: Voice) -> Rows:
    rows: list[Iterable[str]] = [("go", "no")] if preview.does_anything else []
    rows.append(("part" if pending.is_whole else "whole",))
    rows += [("sheet",)] if preview.rejections else []
    return tuple(tuple(_button(name, pending, voice) for name in row) for row in rows)


def _button(name: str, pending: Pending, voice: Voice) -> Button:
    return Button(voice.texts(f"publish.button.{name}"), Action(Kind.PUBLISH, f"{name}:{pending.key}"))


def _undo(number: int, voice: Voice) -> Button:
    return Button(voice.texts("publish.button.undo"), Action(Kind.PUBLISH, f"undo:{number}"))
