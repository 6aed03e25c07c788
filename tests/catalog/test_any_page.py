"""Through the whole door: whatever is asked, the page shows what is on and nothing else."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.catalogue import Catalogue
from catalog.query import Page, Query
from tests.catalog.factory import ZONE, at, database_with, offering, run, venue
from tests.catalog.understanding.wild import assert_valid, positions, texts

NOW = at("2026-11-25 15:00")
PER_PAGE = 5
WILD = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
OFF = {"Jazz i går", "Aflyst koncert", "Udsat teater", "Kurset er begyndt"}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """A few offerings that are on, of every sort, and as many that are over, called off or have begun."""
    ishoej = venue("Ishøj Bibliotek", municipality="Ishøj", town="Ishøj", latitude=55.615, longitude=12.352)
    koege = venue("Tapperiet", municipality="Køge", town="Køge", latitude=55.457, longitude=12.182)
    made = Catalogue(
        database_with(
            offering("Jazz i går", "2026-11-24 19:00", categories=["music"]),
            offering("Aflyst koncert", "2026-11-28 19:00", status="cancelled", categories=["music"]),
            offering("Udsat teater", "2026-11-29 19:00", status="postponed", categories=["theatre"]),
            offering("Kurset er begyndt", "2026-11-25 14:00", formats=["workshop"]),
            offering("Jazz i morgen", "2026-11-26 19:00", place=ishoej, categories=["music"]),
            offering("Keramik for børn", "2026-11-28 10:00", place=koege, age_from=6, age_to=12),
            offering("Teater på lørdag", "2026-11-28 15:00", place=koege, categories=["theatre"]),
            offering("Strik og kaffe", "2026-12-02 10:00", place=ishoej, price_kind="free"),
            offering("Udstilling om havet", run("2026-11-01", "2027-02-01"), formats=["exhibition"]),
            *(offering(f"Dans {n}", f"2026-12-{n:02} 18:00", categories=["dance"]) for n in range(3, 12)),
        ),
        ZONE,
    )
    made.refresh(NOW)
    return made


@WILD
@given(text=texts(), location=positions(), language=st.sampled_from([None, "da", "en"]))
def test_any_question_gets_a_page_of_what_is_on(
    catalogue: Catalogue, text: str, location: tuple[float, float] | None, language: str | None
) -> None:
    answer = catalogue.understand(text, NOW, language=language, location=location)
    assert_valid(answer)
    assert_shows_what_is_on(catalogue, answer.query)


@settings(WILD, max_examples=30)
@given(turns=st.lists(texts(), min_size=2, max_size=4), location=positions())
def test_any_conversation_gets_pages_of_what_is_on(
    catalogue: Catalogue, turns: list[str], location: tuple[float, float] | None
) -> None:
    previous: Query | None = None
    for text in turns:
        previous = catalogue.understand(text, NOW, previous=previous, location=location).query
        assert_shows_what_is_on(catalogue, previous)


def assert_shows_what_is_on(catalogue: Catalogue, query: Query) -> None:
    first = catalogue.search(query, NOW, limit=PER_PAGE)
    second = catalogue.search(query, NOW, limit=PER_PAGE, offset=PER_PAGE)
    shown = [hit.offering_id for page in (first, second) for hit in page.hits]
    assert len(set(shown)) == len(shown)
    for page in (first, second):
        _assert_valid_page(page)
    cards = catalogue.cards(shown)
    titles = {cards[id_].title("da") for id_ in shown}
    begun = {"Kurset er begyndt"} if first.query.now_asked else set()
    assert not titles & (OFF - begun)


def _assert_valid_page(page: Page) -> None:
    assert len(page.hits) <= PER_PAGE
    assert len(page.hits) <= page.total
    for hit in page.hits:
        assert hit.end is None or hit.start <= hit.end
        assert (hit.end or hit.start) + dt.timedelta(hours=1) > NOW
        assert hit.distance_km is None or hit.distance_km >= 0
        assert hit.price is None or hit.price >= 0
