"""schema.org Events in JSON-LD: a file, a graph, JSON Lines, or a web page."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from catalog.drafts import OccurrenceDraft, OfferingDraft, Parsed, Rejection, VenueDraft
from catalog.importers import jsonld_facts as facts
from catalog.importers.cleaning import line_of
from catalog.importers.drafting import RejectedError, by_start, read_item, rejection, together
from catalog.importers.expansion import Moment, expand
from catalog.importers.identity import identity, shared_links
from catalog.importers.jsonld_items import Item, items_of, own_id
from catalog.importers.jsonld_nodes import Graph, Node, read_values, types
from catalog.importers.jsonld_schedule import Schedule, read_schedule
from catalog.importers.jsonld_when import occurrences, status_of
from catalog.importers.recurrence import horizon
from catalog.values import Status

_WITHOUT_DATES = frozenset({Status.POSTPONED, Status.CANCELLED})
_Planned = tuple[Schedule, list[Moment]] | RejectedError


def parse(data: bytes, now: dt.datetime, zone: ZoneInfo) -> Parsed:
    """The offerings of a file. Times without an offset are local in `zone`; schedules are worked out from the
    month before `now` to 18 months after it. Raises UnreadableError."""
    found = read_values(data)
    graph = Graph(found.values)
    items = items_of(graph, found.values)
    unnamed = [item.node for item in items if own_id(item.node, graph) is None]
    shared = shared_links((facts.links(graph, node)["url"], graph.text(node, "name")) for node in unnamed)
    parsed = Parsed("jsonld", rejections=found.rejections)
    reader = _Reader(graph, zone, shared, _planned(graph, items, now, zone), parsed.rejections)
    for item in items:
        own = own_id(item.node, graph)
        read_item(parsed, own or str(item.number), partial(reader.offerings, item), own)
    parsed.drafts = together(parsed.drafts)
    return parsed


def _planned(graph: Graph, items: Sequence[Item], now: dt.datetime, zone: ZoneInfo) -> dict[int, _Planned]:
    """Every schedule with its moments, or why it has none, by the identity of its node."""
    plans: dict[int, _Planned] = {}
    asked: list[tuple[int, Schedule]] = []
    for item in items:
        for node in _schedules(graph, item.node):
            try:
                asked.append((id(node), read_schedule(graph, node, item.node, zone)))
            except RejectedError as reason:
                plans[id(node)] = reason
    replies = expand([schedule.question() for _, schedule in asked], horizon(now, zone))
    for (key, schedule), reply in zip(asked, replies, strict=True):
        plans[key] = RejectedError(reply) if isinstance(reply, str) else (schedule, reply)
    return plans


def _schedules(graph: Graph, node: Node) -> list[Node]:
    return graph.nodes(node, "eventSchedule", "courseSchedule")


@dataclass(slots=True)
class _Reader:
    graph: Graph
    zone: ZoneInfo
    shared: frozenset[str]
    plans: dict[int, _Planned]
    rejections: list[Rejection] = field(default_factory=list)

    def offerings(self, item: Item) -> list[OfferingDraft]:
        graph, node = self.graph, item.node
        named = facts.names(graph, node)
        venue, links, who = facts.venue(graph, node), facts.links(graph, node), facts.organizer(graph, node)
        dates = by_start(self._dates(item, venue))
        own = own_id(node, graph)
        title = next(iter(named["titles"].values()))
        draft = OfferingDraft(
            external_id=own or self._known_by(links["url"], title, venue, who["organizer"]),
            **named,
            **links,
            **who,
            **facts.kinds(graph, node),
            **facts.people(graph, node),
            **facts.prices(graph, node),
            **facts.enrolment(graph, node, self.zone),
            **self._season(node, dates),
            **self._series(item.umbrella),
            access=facts.access(graph, node),
            languages=facts.languages(graph, node),
            status=self._status(node, dates),
            occurrences=dates,
            where=own or str(item.number),
        )
        return [draft]

    def _known_by(self, url: str | None, title: str, venue: VenueDraft | None, organizer: str | None) -> str:
        own_url = None if url in self.shared else url
        place = venue.name if venue else None
        return identity(url=own_url, title=title, venue=place, organizer=organizer)

    def _dates(self, item: Item, venue: VenueDraft | None) -> list[OccurrenceDraft]:
        if item.dates:
            return self._dates_of_parts(item, venue)
        if schedules := _schedules(self.graph, item.node):
            return self._scheduled(schedules, venue)
        dates = occurrences(self.graph, item.node, self.zone, venue)
        if not dates and status_of(self.graph, item.node) not in _WITHOUT_DATES:
            raise RejectedError("no-start", self.graph.text(item.node, "name"))
        return dates

    def _dates_of_parts(self, item: Item, venue: VenueDraft | None) -> list[OccurrenceDraft]:
        """A bad date is named and costs only itself, unless it is the only one."""
        found: list[OccurrenceDraft] = []
        refused: list[RejectedError] = []
        for part in item.dates:
            own_venue = facts.venue(self.graph, part) or venue
            try:
                dates = occurrences(self.graph, part, self.zone, own_venue, is_part=True)
            except RejectedError as reason:
                refused.append(reason)
            else:
                gone = facts.is_sold_out(self.graph, part)
                found += [_sold_out(date) if gone else date for date in dates]
        if refused and not found:
            raise refused[0]
        where = own_id(item.node, self.graph) or str(item.number)
        self.rejections += [rejection(where, reason.code, reason.detail) for reason in refused]
        return found

    def _scheduled(self, schedules: list[Node], venue: VenueDraft | None) -> list[OccurrenceDraft]:
        found: list[OccurrenceDraft] = []
        for plan in (self.plans[id(node)] for node in schedules):
            if isinstance(plan, RejectedError):
                raise plan
            found += plan[0].occurrences(plan[1], venue)
        if not found:
            raise RejectedError("no-occurrences")
        return found

    def _season(self, node: Node, dates: Sequence[OccurrenceDraft]) -> dict[str, Any]:
        """Of a course: from when to when, and on which weekdays."""
        plans = [plan for s in _schedules(self.graph, node) if isinstance(plan := self.plans[id(s)], tuple)]
        if "CourseInstance" not in types(node):
            return {}
        if not plans:
            return _season_of_run(dates, self.zone)
        lasts = [schedule.last for schedule, _ in plans]
        known = [last for last in lasts if last is not None]
        return {
            "season_from": min(schedule.first for schedule, _ in plans),
            "season_until": max(known) if len(known) == len(lasts) else None,
            "weekdays": tuple(sorted({day for schedule, _ in plans for day in schedule.days})),
        }

    def _series(self, umbrella: Node | None) -> dict[str, str]:
        name = line_of(self.graph.text(umbrella, "name"), 300) if umbrella else ""
        if umbrella is None or not name:
            return {}
        url = facts.links(self.graph, umbrella)["url"]
        return {
            "series_id": own_id(umbrella, self.graph) or identity(url=url, title=name),
            "series_name": name,
        }

    def _status(self, node: Node, dates: Sequence[OccurrenceDraft]) -> Status:
        status = status_of(self.graph, node)
        if status is not Status.SCHEDULED:
            return status
        if dates and all(date.status is Status.CANCELLED for date in dates):
            return Status.CANCELLED
        gone = dates and all(date.status is Status.SOLD_OUT for date in dates)
        return Status.SOLD_OUT if gone or facts.is_sold_out(self.graph, node) else Status.SCHEDULED


def _season_of_run(dates: Sequence[OccurrenceDraft], zone: ZoneInfo) -> dict[str, dt.date]:
    """The first and last day of a course that tells no schedule."""
    if len(dates) != 1 or not dates[0].is_run or dates[0].end is None:
        return {}
    last_moment = dates[0].end - dt.timedelta(microseconds=1)
    first, last = (time.astimezone(zone).date() for time in (dates[0].start, last_moment))
    return {"season_from": first, "season_until": last}


def _sold_out(date: OccurrenceDraft) -> OccurrenceDraft:
    bookable = date.status is Status.SCHEDULED
    return date.model_copy(update={"status": Status.SOLD_OUT}) if bookable else date
