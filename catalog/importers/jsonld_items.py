"""Which events of a graph are offerings of their own, which are other dates of one, which are umbrellas."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from catalog.importers.identity import identity
from catalog.importers.jsonld_nodes import Graph, Node, is_event, nodes, types
from catalog.text import words

_OF_THE_COURSE = (
    "name",
    "description",
    "url",
    "image",
    "provider",
    "inLanguage",
    "typicalAgeRange",
    "audience",
)


@dataclass(frozen=True, slots=True)
class Item:
    """One offering to be. number: its place among the events of the file, from 1. dates: the nodes that are
    its dates, when they are not its own. umbrella: the series or festival it belongs to."""

    number: int
    node: Node
    dates: list[Node]
    umbrella: Node | None


def items_of(graph: Graph, values: list[Any]) -> list[Item]:
    """The offerings in the order of the file. A subEvent with its parent's name is another date of the same
    thing; with a name of its own it is an offering under that umbrella, and an umbrella without a date of its
    own is none."""
    events = [node for node, parent in nodes(values, without="superEvent") if _prepared(node, parent)]
    family = _Family(graph, events)
    found = (family.item(number, event) for number, event in enumerate(events, start=1))
    return [item for item in found if item is not None]


def own_id(node: Node, graph: Graph) -> str | None:
    """The identifier that the source gives: @id, unless it is blank, else identifier."""
    name = node.get("@id")
    said = name.strip() if isinstance(name, str) and not name.startswith("_:") else ""
    said = said or graph.text(node, "identifier")
    return (said if len(said) <= 500 else identity(url=said, title=None)) or None


class _Family:
    def __init__(self, graph: Graph, events: list[Node]) -> None:
        self._graph = graph
        self._owner: dict[int, Node] = {}
        self._parts: dict[int, list[Node]] = {}
        listed = {id(event) for event in events}
        for event in events:
            for part in graph.nodes(event, "subEvent", "subEvents"):
                if is_event(part) or "startDate" in part:
                    self._adopt(event, part)
        for event in events:
            above = graph.one(event, "superEvent")
            if isinstance(above, dict) and id(above) in listed:
                self._adopt(above, event)

    def item(self, number: int, event: Node) -> Item | None:
        owner = self._owner.get(id(event))
        if owner is not None and self._is_same(owner, event):
            return None
        dates = list(self._dates(event))
        has_others = any(not self._is_same(event, part) for part in self._parts.get(id(event), ()))
        dateless = "EventSeries" in types(event) or not event.get("startDate")
        if has_others and not dates and dateless:
            return None
        above = self._graph.one(event, "superEvent")
        return Item(number, event, dates, owner or (above if isinstance(above, dict) else None))

    def _adopt(self, owner: Node, part: Node) -> None:
        if id(part) not in self._owner and all(part is not above for above in self._line(owner)):
            self._owner[id(part)] = owner
            self._parts.setdefault(id(owner), []).append(part)

    def _line(self, node: Node | None) -> Iterator[Node]:
        while node is not None:
            yield node
            node = self._owner.get(id(node))

    def _dates(self, event: Node) -> Iterator[Node]:
        """The parts that are the same thing, down to those that have no such parts themselves."""
        stack = self._same_parts(event)
        while stack:
            part = stack.pop(0)
            inner = self._same_parts(part)
            if not inner:
                yield part
            stack = inner + stack

    def _same_parts(self, event: Node) -> list[Node]:
        return [part for part in self._parts.get(id(event), ()) if self._is_same(event, part)]

    def _is_same(self, owner: Node, part: Node) -> bool:
        name = self._names(part)
        return not name or bool(name & self._names(owner))

    def _names(self, node: Node) -> set[str]:
        return {" ".join(words(name)) for name in self._graph.texts(node, "name")}


def _prepared(node: Node, parent: Node | None) -> bool:
    """Whether it is an event. What a course tells of itself holds for each time it is given."""
    if not is_event(node):
        return False
    if parent is not None and "Course" in types(parent) and "CourseInstance" in types(node):
        for name in _OF_THE_COURSE:
            if name in parent:
                node.setdefault(name, parent[name])
    return True
