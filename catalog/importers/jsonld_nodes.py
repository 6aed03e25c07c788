"""JSON-LD out of a file or a web page, as nodes that can be asked: references followed, spellings united."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from extruct.jsonld import JsonLdExtractor
from extruct.utils import parse_html

from catalog.drafts import Rejection, UnreadableError
from catalog.importers.calendar_text import decoded
from catalog.importers.drafting import rejection

MOST_NESTED, MOST_NODES = 50, 200_000
Node = dict[str, Any]

_PREFIX = re.compile(r"^(?:https?://(?:www\.)?schema\.org/|schema:)", re.IGNORECASE)
_LD_JSON = "descendant-or-self::script[contains(translate(@type, 'LDJSON', 'ldjson'), 'ld+json')]"
_OTHER_EVENTS = frozenset({"Festival", "EventSeries", "CourseInstance", "Hackathon"})
_NO_EVENTS = frozenset({"DeliveryEvent"})
_ONLY_A_REFERENCE = frozenset({"@id", "@type", "@context"})


@dataclass(slots=True)
class Found:
    """The JSON values of a file, and what could not be read beside them."""

    values: list[Any] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)


def read_values(data: bytes) -> Found:
    """All JSON-LD in a JSON text, JSON Lines, or a web page.

    Raises UnreadableError when there is none, or when it is nested or large beyond reason."""
    text = decoded(data).strip()
    found = _from_page(text) if text.startswith("<") else _from_json(text)
    found.values = [_united(value) for value in _measured(found.values)]
    return found


def types(node: Node) -> tuple[str, ...]:
    """The local names of a node's types: "http://schema.org/MusicEvent" gives "MusicEvent"."""
    said = node.get("@type", ())
    listed = said if isinstance(said, list) else [said]
    return tuple(re.split(r"[/#:]", kind)[-1] for kind in listed if isinstance(kind, str))


def is_event(node: Node) -> bool:
    """Whether it is a schema.org Event, of whatever subtype, and not a mere reference to one."""
    named = any(kind.endswith("Event") or kind in _OTHER_EVENTS for kind in types(node))
    return named and not _NO_EVENTS.intersection(types(node)) and not is_reference(node)


def is_reference(node: Node) -> bool:
    return "@id" in node and node.keys() <= _ONLY_A_REFERENCE


def nodes(values: list[Any], *, without: str = "") -> Iterator[tuple[Node, Node | None]]:
    """(node, the node it stands in) for all of them, in the order of the text; `without` is not entered."""
    stack: list[tuple[Any, Node | None]] = [(value, None) for value in reversed(values)]
    while stack:
        value, parent = stack.pop()
        if isinstance(value, dict):
            yield value, parent
            inner = [child for key, child in value.items() if key != without]
            stack.extend((child, value) for child in reversed(inner))
        elif isinstance(value, list):
            stack.extend((child, parent) for child in reversed(value))


class Graph:
    """The nodes of a file under their identifiers."""

    def __init__(self, values: list[Any]) -> None:
        self._by_id: dict[str, Node] = {}
        for node, _ in nodes(values):
            name = node.get("@id")
            if isinstance(name, str) and not is_reference(node):
                self._by_id.setdefault(name, node)

    def all(self, node: Node, *names: str) -> list[Any]:
        """The values under the first of `names` that is there, references followed; a lone one as a list."""
        for name in names:
            value = node.get(name)
            if value not in (None, "", [], {}):
                listed = value if isinstance(value, list) else [value]
                return [self._followed(one) for one in listed if one is not None]
        return []

    def one(self, node: Node, *names: str) -> Any:
        """The first of `all`, or None."""
        return next(iter(self.all(node, *names)), None)

    def nodes(self, node: Node, *names: str) -> list[Node]:
        """Those of `all` that are nodes."""
        return [value for value in self.all(node, *names) if isinstance(value, dict)]

    def text(self, node: Node, *names: str) -> str:
        """The first of `all` as text: its value, its name, or its identifier."""
        return self.said(self.one(node, *names))

    def texts(self, node: Node, *names: str) -> list[str]:
        return [said for value in self.all(node, *names) if (said := self.said(value))]

    def said(self, value: Any) -> str:
        """A value as text, "" for what is none."""
        if isinstance(value, dict):
            inner = next((value[key] for key in ("@value", "value", "name", "@id") if value.get(key)), "")
            value = inner[0] if isinstance(inner, list) and inner else inner
            if isinstance(value, dict):
                value = value.get("@value", "")
        if isinstance(value, bool):
            return str(value).lower()
        return str(value).strip() if isinstance(value, str | int | float) else ""

    def _followed(self, value: Any) -> Any:
        if isinstance(value, dict) and is_reference(value) and isinstance(value["@id"], str):
            return self._by_id.get(value["@id"], value)
        return value


def _from_page(text: str) -> Found:
    found = Found()
    for number, block in enumerate(_blocks(text), start=1):
        block.set("type", "application/ld+json")
        try:
            found.values.extend(JsonLdExtractor().extract_items(block))
        # The extractor repairs what it can of a wild block; however it stumbles, the other blocks stand.
        except Exception as error:
            found.rejections.append(rejection(str(number), "broken-block", str(error)))
    return found


def _blocks(page: str) -> list[Any]:
    try:
        blocks: list[Any] = parse_html(page.encode("utf-8", "replace"), "utf-8").xpath(_LD_JSON)
    # Whatever the parser makes of bytes that are no page, there is no JSON-LD in them.
    except Exception:
        blocks = []
    if not blocks:
        raise UnreadableError("no-json-ld")
    return blocks


def _from_json(text: str) -> Found:
    try:
        return Found([json.loads(text, strict=False)])
    except RecursionError:
        raise UnreadableError("too-deep", str(MOST_NESTED)) from None
    except ValueError as error:
        found = _from_lines(text)
        if not found.values:
            raise UnreadableError("not-json", str(error)) from None
        return found


def _from_lines(text: str) -> Found:
    """JSON Lines, and what can be saved of a broken list that has one item a line."""
    found = Found()
    for number, line in enumerate(text.split("\n"), start=1):
        item = line.strip().rstrip(",")
        if len(item) < 2:
            continue
        try:
            value = json.loads(item, strict=False)
        except (ValueError, RecursionError) as error:
            found.rejections.append(rejection(str(number), "broken-line", str(error)))
        else:
            found.values += [value] if isinstance(value, dict | list) else []
    return found


def _measured(values: list[Any]) -> list[Any]:
    stack = [(value, 1) for value in values]
    count = 0
    while stack:
        value, depth = stack.pop()
        if not isinstance(value, dict | list):
            continue
        count += 1
        if depth > MOST_NESTED:
            raise UnreadableError("too-deep", str(MOST_NESTED))
        if count > MOST_NODES:
            raise UnreadableError("too-many-items", str(MOST_NODES))
        stack.extend((child, depth + 1) for child in (value.values() if isinstance(value, dict) else value))
    return values


def _united(value: Any) -> Any:
    """Keys without the vocabulary's prefix, so that expanded and compacted JSON-LD read alike; text without
    the halves of characters that JSON may hold and nothing can store."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "ignore").decode()
    if isinstance(value, dict):
        return {_PREFIX.sub("", _united(key)): _united(child) for key, child in value.items()}
    return [_united(child) for child in value] if isinstance(value, list) else value
