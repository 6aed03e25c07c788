"""iCalendar (RFC 5545): VEVENTs become offerings, one a UID; to-dos and journals are not events."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from zoneinfo import ZoneInfo

from catalog.drafts import OccurrenceDraft, OfferingDraft, Parsed
from catalog.importers.calendar_text import Block, cut
from catalog.importers.cleaning import language_of, line_of, link, text_of
from catalog.importers.drafting import (
    RejectedError,
    by_start,
    lasts_more_than_a_day,
    read_item,
    together,
)
from catalog.importers.expansion import Moment, Span, expand
from catalog.importers.identity import identity, shared_links
from catalog.importers.recurrence import horizon
from catalog.importers.vevents import Vevent, read_vevent
from catalog.values import Status

_DAY = dt.timedelta(days=1)
_Answer = list[Moment] | RejectedError | None


@dataclass(slots=True)
class _Series:
    """One UID: the newest version of the event itself (or its first exception, when a file holds only those)
    and its exceptions."""

    master: Vevent
    exceptions: list[Vevent]

    @property
    def parts(self) -> list[Vevent]:
        return [self.master, *(part for part in self.exceptions if part is not self.master)]

    @property
    def recurs(self) -> bool:
        return self.master.repeats or len(self.parts) > 1

    def question(self) -> str:
        lines = [line for number, part in enumerate(self.parts) for line in part.timing(number)]
        return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *lines, "END:VCALENDAR", ""])


def parse(data: bytes, now: dt.datetime, zone: ZoneInfo) -> Parsed:
    """The offerings of a calendar. Floating times are read in X-WR-TIMEZONE, else in `zone`.

    Dates of a rule are given from the month before `now` to 18 months after it. Raises UnreadableError."""
    pieces = cut(data)
    parsed = Parsed("ics", rejections=pieces.rejections)
    vevents: list[Vevent] = []
    for block in pieces.blocks:
        uid = _uid_of(block.lines)
        read_item(parsed, uid or str(block.line), partial(_keep, block, zone, vevents), uid)
    _draft_all(parsed, list(_series(vevents)), horizon(now, zone))
    return parsed


def _uid_of(lines: Sequence[str]) -> str | None:
    return next((line[4:].strip() for line in lines if line[:4].upper() == "UID:"), None) or None


def _keep(block: Block, zone: ZoneInfo, vevents: list[Vevent]) -> tuple[OfferingDraft, ...]:
    vevents.append(read_vevent(block, zone))
    return ()


def _series(vevents: Sequence[Vevent]) -> Iterator[_Series]:
    """One for each UID; equal versions of a UID are dates of the same thing, told one by one."""
    groups: dict[str, list[Vevent]] = {}
    for number, vevent in enumerate(vevents):
        groups.setdefault(f"uid {vevent.uid}" if vevent.uid else f"no {number}", []).append(vevent)
    for group in groups.values():
        exceptions = [vevent for vevent in group if vevent.is_exception]
        masters = [vevent for vevent in group if not vevent.is_exception]
        newest = max((vevent.version for vevent in masters), default=None)
        heads = [vevent for vevent in masters if vevent.version == newest] or exceptions[:1]
        yield _Series(heads[-1], exceptions)
        yield from (_Series(head, []) for head in heads[:-1])


def _draft_all(parsed: Parsed, all_series: Sequence[_Series], span: Span) -> None:
    shared = shared_links((_url(s.master), s.master.text("SUMMARY")) for s in all_series if not s.master.uid)
    for series, answer in zip(all_series, _answers(all_series, span), strict=True):
        make = partial(_offerings, series, answer, shared)
        read_item(parsed, series.master.where, make, series.master.uid)
    parsed.drafts = together(parsed.drafts)


def _answers(all_series: Sequence[_Series], span: Span) -> list[_Answer]:
    """For each series its moments, or why it has none; None for what happens once."""
    answers: dict[int, _Answer] = {}
    questions: dict[int, str] = {}
    for number, series in enumerate(all_series):
        answers[number] = None
        if series.recurs:
            try:
                questions[number] = series.question()
            except RejectedError as reason:
                answers[number] = reason
    replies = expand(list(questions.values()), span)
    for number, reply in zip(questions, replies, strict=True):
        title = all_series[number].master.text("SUMMARY")
        answers[number] = RejectedError(reply, title) if isinstance(reply, str) else reply
    return list(answers.values())


def _offerings(series: _Series, answer: _Answer, shared: frozenset[str]) -> list[OfferingDraft]:
    if isinstance(answer, RejectedError):
        raise answer
    moments = [_single(series.master)] if answer is None else answer
    parts = series.parts
    dates = by_start(_occurrence(moment, parts[moment.component], series.master) for moment in moments)
    return [_offering(series.master, dates, shared)]


def _single(vevent: Vevent) -> Moment:
    start = vevent.start
    utc = start.astimezone(dt.UTC) if isinstance(start, dt.datetime) else start
    return Moment(utc.isoformat(), start, vevent.end or start, 0)


def _occurrence(moment: Moment, part: Vevent, master: Vevent) -> OccurrenceDraft:
    timed = isinstance(moment.start, dt.datetime)
    start = _instant(moment.start, part.zone)
    end = _timed_end(moment, part.zone) if timed else _all_day_end(moment, part.zone)
    return OccurrenceDraft(
        key=moment.key,
        start=start,
        end=end,
        zone=part.zone.key,
        time_known=timed,
        is_run=lasts_more_than_a_day(start, end, part.zone, timed=timed),
        venue=part.venue() or master.venue(),
        status=Status.CANCELLED if part.is_cancelled else Status.SCHEDULED,
    )


def _timed_end(moment: Moment, zone: ZoneInfo) -> dt.datetime | None:
    """None where there is none: the start itself, or no more than the day of the start, says as much."""
    end = _instant(moment.end, zone)
    return end if end > _instant(moment.start, zone) else None


def _all_day_end(moment: Moment, zone: ZoneInfo) -> dt.datetime:
    """The midnight after the last day; one day where no end is told (RFC 5545, 3.6.1)."""
    last = moment.end
    if isinstance(last, dt.datetime):
        last = last.date() + (_DAY if last.time() else dt.timedelta())
    return _instant(max(last, moment.start + _DAY), zone)


def _instant(time: dt.date, zone: ZoneInfo) -> dt.datetime:
    """In UTC, whose instants compare rightly even in the hour that comes twice; of a date its midnight in
    `zone`."""
    if isinstance(time, dt.datetime):
        return time.astimezone(dt.UTC)
    return dt.datetime.combine(time, dt.time.min, zone).astimezone(dt.UTC)


def _offering(vevent: Vevent, dates: tuple[OccurrenceDraft, ...], shared: frozenset[str]) -> OfferingDraft:
    title = line_of(vevent.text("SUMMARY"), 300)
    if not title:
        raise RejectedError("no-title")
    description = text_of(vevent.text("DESCRIPTION"), 20_000)
    url = _url(vevent)
    venue, organizer = vevent.venue(), vevent.organizer()
    language = language_of(f"{title} {description}")
    return OfferingDraft(
        external_id=(vevent.uid or "")[:500]
        or identity(
            url=None if url in shared else url,
            title=title,
            venue=venue.name if venue else None,
            organizer=organizer,
        ),
        titles={language: title},
        descriptions={language: description} if description else {},
        keywords=vevent.keywords(),
        organizer=organizer,
        url=url,
        image_url=vevent.image(),
        status=_status(vevent, dates),
        occurrences=dates,
        where=vevent.where,
    )


def _status(vevent: Vevent, dates: Sequence[OccurrenceDraft]) -> Status:
    called_off = vevent.is_cancelled or all(date.status is Status.CANCELLED for date in dates)
    return Status.CANCELLED if called_off else Status.SCHEDULED


def _url(vevent: Vevent) -> str | None:
    return link(vevent.text("URL")) or link(vevent.text("LOCATION").strip())
