"""A question as facts → what is on, in order. The door: build an index, search it."""

import datetime as dt
from dataclasses import replace

from catalog.query import Hit, Page, Query
from catalog.search.finding import Search
from catalog.search.index import Index, build_index
from catalog.search.rank import page, ranked
from catalog.search.relax import closest
from catalog.search.updating import update_index

__all__ = ["Index", "build_index", "search", "search_new", "update_index"]


def search(index: Index, query: Query, now: dt.datetime, *, limit: int = 5, offset: int = 0) -> Page:
    """The hits `offset` to `offset + limit` of what fits the question at `now`.

    When nothing fits, what comes closest, with `Page.relaxed` naming what was given up and `Page.query` the
    question that was really answered. The same arguments always give the same page."""
    within = Search(index, now)
    found, names = within.find(query), tuple[str, ...]()
    if not len(found):
        nearest = closest(query, within.any_fits, index.lookups.is_name)
        if nearest is None:
            return Page((), total=0, query=query)
        names, answered = nearest
        found = within.find(answered)
    return replace(
        page(within, ranked(within, found, offset + limit), limit=limit, offset=offset), relaxed=names
    )


def search_new(index: Index, query: Query, now: dt.datetime, *, after: int, until: int) -> tuple[Hit, ...]:
    """All that fits the whole question among the offerings with an id in (after, until], in order. Nothing is
    given up to find something."""
    within = Search(index, now, after=after, until=until)
    found = within.find(query)
    return page(within, ranked(within, found, len(found)), limit=len(found), offset=0).hits
