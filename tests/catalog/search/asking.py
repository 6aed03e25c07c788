"""A catalogue to put questions to, in the words of the tests: titles in, titles out."""

import datetime as dt
from typing import Any

from catalog.drafts import OfferingDraft
from catalog.query import Hit, Page, PlaceRef, Query, Window
from catalog.search import build_index, search
from catalog.values import PlaceKind
from tests.catalog.factory import at, database_with

ISHOEJ = (55.615, 12.352)


class Asked:
    """These offerings as searched on Wednesday 25 November 2026 at 15:00, or at another `now`."""

    def __init__(self, *offerings: OfferingDraft, now: str = "2026-11-25 15:00") -> None:
        self.now = at(now)
        self.database = database_with(*offerings)
        self.index = build_index(self.database, self.now)
        self._titles = {n: draft.titles["da"] for n, draft in enumerate(offerings, 1)}

    def page(self, query: Query | None = None, *, limit: int = 50, offset: int = 0, **facts: Any) -> Page:
        return search(self.index, query or Query(**facts), self.now, limit=limit, offset=offset)

    def titles(self, query: Query | None = None, **facts: Any) -> list[str]:
        """What fits all that is asked, in order; nothing that was relaxed."""
        page = self.page(query, **facts)
        return [self.title(hit) for hit in page.hits] if not page.relaxed else []

    def title(self, hit: Hit) -> str:
        return self._titles[hit.offering_id]

    def hit(self, title: str, **facts: Any) -> Hit:
        return next(hit for hit in self.page(**facts).hits if self.title(hit) == title)

    def marked(self, mark: str, **facts: Any) -> list[str]:
        return [self.title(hit) for hit in self.page(**facts).hits if mark in hit.marks]


def window(since: str | None, until: str | None) -> tuple[Window]:
    return (Window(since and at(since), until and at(until)),)  # type: ignore[arg-type]  # None stays None


def place(name: str, kind: str, latitude: float | None = None, longitude: float | None = None) -> PlaceRef:
    return PlaceRef(f"{kind}:{name}", name, PlaceKind(kind), latitude, longitude)


def local(hour: int, minute: int = 0) -> dt.time:
    return dt.time(hour, minute)
