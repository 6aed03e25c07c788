"""A question as facts → what is on, in order. The door: build an index, search it."""

import datetime as dt
from dataclasses import replace

from catalog.query import Hit, Page, Query
from catalog.search.index import Index, build_index
from catalog.search.rank import find, page
from catalog.search.relax import closest

__all__ = ["Index", "build_index", "search", "search_new"]


def search(index: Index, query: Query, now: dt.datetime, *, limit: int = 5, offset: int = 0) -> Page:
    """The hits `offset` to `offset + limit` of what fits the question at `now`.

    When nothing fits, what comes closest, with `Page.relaxed` naming what was given up and `Page.query` the
    question that was really answered. The same arguments always give the same page."""
    found = find(index, query, now)
    if len(found):
        return page(index, found, query, now, limit=limit, offset=offset)
    venue_words = {word for name in index.words.venues for word in name.split()} if query.words else set()
    nearest = closest(query, lambda relaxed: len(find(index, relaxed, now)) > 0, venue_words)
    if nearest is None:
        return Page((), total=0, query=query)
    names, answered = nearest
    return replace(
        page(index, find(index, answered, now), answered, now, limit=limit, offset=offset), relaxed=names
    )


def search_new(index: Index, query: Query, now: dt.datetime, *, after: int, until: int) -> tuple[Hit, ...]:
    """All that fits the whole question among the offerings with an id in (after, until], in order. Nothing is
    given up to find something."""
    found = find(index, query, now, after=after, until=until)
    return page(index, found, query, now, limit=len(found), offset=0).hits
