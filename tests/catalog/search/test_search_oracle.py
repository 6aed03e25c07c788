"""Any question over any catalogue: exactly what the plain rules allow, in one order, and nothing past."""

import datetime as dt
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.drafts import OccurrenceDraft, OfferingDraft, VenueDraft
from catalog.query import Near, PlaceRef, Query, Window
from catalog.search import build_index, search
from catalog.values import Access, Audience, Category, Format, PlaceKind, PriceKind, Status, Tariff
from tests.catalog.factory import ZONE, at, database_with
from tests.catalog.search import oracle

NOW = at("2026-10-22 15:00")  # three days before the clocks go back
TOWNS = (("Ishøj", 55.615, 12.352), ("Køge", 55.457, 12.182), ("Greve", 55.583, 12.298))
WORDS = ("jazz", "keramik", "børn", "koncert", "jazzkoncert", "teater")


def some(values: Any, most: int = 2) -> Any:
    return st.lists(st.sampled_from(list(values)), max_size=most, unique=True).map(tuple)


def rarely(strategy: Any, blank: Any = None) -> Any:
    return st.one_of(st.just(blank), st.just(blank), strategy)


hours = st.sampled_from([dt.time(h) for h in (0, 9, 12, 17, 20, 22)])
instants = st.integers(-2 * 48, 7 * 48).map(lambda n: NOW.astimezone(dt.UTC) + n * oracle.TICK)
spans = st.tuples(st.integers(0, 40), st.integers(0, 60)).map(lambda a: (a[0], a[0] + a[1]))
windows = st.builds(
    lambda since, length: Window(since, since and since + length * oracle.TICK),
    instants,
    st.integers(1, 150),
)
venues = st.one_of(
    st.none(),
    st.builds(
        lambda town, off, known: VenueDraft(
            name=f"Hus {town[0]}",
            town=town[0] if off < 0.05 and known else None,
            municipality=town[0],
            district=town[0],
            postcode="2635" if town[0] == "Ishøj" else None,
            latitude=town[1] + off if known else None,
            longitude=town[2] if known else None,
        ),
        st.sampled_from(TOWNS),
        st.sampled_from([0.0, 0.03, 0.08]),
        st.booleans(),
    ),
)


@st.composite
def occurrences(draw: Any, key: int) -> OccurrenceDraft:
    is_run, time_known = draw(st.booleans()), draw(st.booleans())
    start = draw(instants)
    if not time_known:
        start = dt.datetime.combine(start.astimezone(ZONE), dt.time(0), ZONE)
    length = draw(st.sampled_from([0, 1, 4, 50, 400]))
    facts: dict[str, Any] = {}
    if is_run:
        facts = {
            "open_days": draw(some(range(1, 8), 5)),
            "opens": draw(rarely(hours)),
            "closes": draw(rarely(hours)),
        }
    return OccurrenceDraft(
        key=str(key),
        start=start,
        end=draw(st.sampled_from([None, start.astimezone(dt.UTC) + length * oracle.TICK])),
        zone=str(ZONE),
        time_known=time_known,
        is_run=is_run,
        venue=draw(venues),
        status=draw(st.sampled_from([*[Status.SCHEDULED] * 6, *Status])),
        **facts,
    )


@st.composite
def offerings(draw: Any, number: int) -> OfferingDraft:
    age = draw(rarely(spans, (None, None)))
    return OfferingDraft(
        external_id=str(number),
        titles={"da": " ".join(draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=3)))},
        categories=draw(some(list(Category)[:3])),
        formats=draw(some(list(Format)[:4])),
        audiences=draw(some(Audience)),
        made_for=draw(rarely(st.sampled_from(Audience))),
        age_from=age[0],
        age_to=age[1],
        price_kind=draw(st.sampled_from(PriceKind)),
        prices=draw(
            st.dictionaries(st.sampled_from(Tariff), st.sampled_from([0.0, 40.0, 120.0]), max_size=3)
        ),
        access=draw(st.dictionaries(st.sampled_from(list(Access)[:2]), st.booleans(), max_size=2)),
        languages=draw(some(["da", "en"])),
        status=draw(st.sampled_from([*[Status.SCHEDULED] * 6, *Status])),
        occurrences=tuple(draw(occurrences(key)) for key in range(draw(st.integers(0, 2)))),
    )


places = st.builds(
    lambda town, kind: PlaceRef(
        f"{kind}:{town[0]}",
        {"postcode": "2635", "venue": f"Hus {town[0]}"}.get(kind, town[0]),
        PlaceKind(kind),
        town[1],
        town[2],
    ),
    st.sampled_from(TOWNS),
    st.sampled_from(list(PlaceKind)),
)
nears = st.builds(
    lambda town, km: Near(town[1], town[2], km), st.sampled_from(TOWNS), st.sampled_from([2.0, 9.0, 30.0])
)
asked = {
    "windows": st.lists(windows, min_size=1, max_size=2).map(tuple),
    "weekdays": some(range(1, 8), 3),
    "from_time": hours,
    "until_time": hours,
    "places": st.lists(places, min_size=1, max_size=2).map(tuple),
    "near": nears,
    "ages": st.lists(spans, min_size=1, max_size=2).map(tuple),
    "audiences": some(Audience),
    "categories": some(list(Category)[:3]),
    "formats": some(list(Format)[:4], 3),
    "free": st.just(True),
    "max_price": st.sampled_from([0.0, 50.0]),
    "accessibility": some(list(Access)[:2]),
    "languages": some(["da", "en"]),
    "starts_only": st.just(True),
    "now_asked": st.just(True),
    "origin": st.sampled_from([town[1:] for town in TOWNS]),
}


@st.composite
def questions(draw: Any, names: tuple[str, ...] = tuple(asked), most: int = 3) -> Query:
    """A few fields filled: with all of them nothing would ever fit."""
    chosen = draw(st.lists(st.sampled_from(names), max_size=most, unique=True))
    return Query(**{name: draw(asked[name]) for name in chosen})


excluded = questions(tuple(asked)[:14], 2)
queries = st.builds(
    lambda query, words, no: replace(query, words=words, exclude=no),
    questions(),
    rarely(some([*WORDS, "koncret", "sludder"]), ()),
    rarely(excluded),
)
catalogues = st.integers(0, 6).flatmap(lambda n: st.tuples(*(offerings(number) for number in range(n))))


@settings(max_examples=40, deadline=None)
@given(catalogues, st.lists(queries, min_size=6, max_size=12))
def test_a_list_holds_exactly_what_the_plain_rules_allow(
    drafts: tuple[OfferingDraft, ...], asked_queries: list[Query]
) -> None:
    index = build_index(database_with(*drafts), NOW)
    for query in asked_queries:
        page = search(index, query, NOW, limit=100)
        assert page == search(index, query, NOW, limit=100)
        answered = page.query
        allowed = {n: oracle.fitting(draft, answered, NOW) for n, draft in enumerate(drafts, 1)}
        found = {hit.offering_id: hit for hit in page.hits}
        assert page.total == len(page.hits) == len(found)
        for number, hit in found.items():
            assert hit.start in {o.start for o in allowed[number]}
        if not answered.words:
            assert found.keys() == {number for number, times in allowed.items() if times}
        if page.relaxed:
            assert not any(oracle.fitting(d, query, NOW) for d in drafts) or query.words


@settings(max_examples=20, deadline=None)
@given(catalogues, queries)
def test_the_order_keeps_its_promises(drafts: tuple[OfferingDraft, ...], query: Query) -> None:
    page = search(build_index(database_with(*drafts), NOW), query, NOW, limit=100)
    unknown = [{"age-unknown", "price-unknown"} & hit.marks for hit in page.hits]
    counts = [hit.why["unknown"] for hit in page.hits]
    assert counts == sorted(counts)
    assert all(count >= len(marks) for count, marks in zip(counts, unknown, strict=True))
    for hit in page.hits:
        draft = drafts[hit.offering_id - 1]
        assert hit.price == oracle.price_for(draft, page.query)
        assert ("price-unknown" in hit.marks) <= (hit.price is None)
        assert ("age-unknown" in hit.marks) <= (oracle.ages(draft) is None)
