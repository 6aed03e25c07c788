"""The judge itself: facts that anybody could check by hand, over offerings in a few words."""

from typing import Any

from catalog.drafts import OfferingDraft
from catalog.values import Access, Audience, Category, Format, PriceKind, Status, Tariff
from tests.catalog.factory import at, offering, run, time, venue
from tests.evaluation.judge import Candidate, Facts, Verdict, verdict

NOW = at("2026-11-25 15:00")
RIGHT, MAYBE, LATER, WRONG = Verdict.RIGHT, Verdict.MAYBE, Verdict.LATER, Verdict.WRONG


def judged(draft: OfferingDraft, **facts: Any) -> Verdict:
    return verdict(facts, Candidate(draft, draft.occurrences[0]), NOW)


def concert(start: str = "2026-11-28 19:00", end: str | None = None, **facts: Any) -> OfferingDraft:
    return offering("Jazz", time(start, end), formats=(Format.PERFORMANCE,), **facts)


def test_a_concert_that_has_begun_is_not_shown_and_a_club_is_until_it_ends() -> None:
    begun = time("2026-11-25 14:00", "2026-11-25 16:00")
    over = time("2026-11-25 13:00", "2026-11-25 15:00")
    assert judged(offering("Jazz", begun, formats=(Format.PERFORMANCE,))) is WRONG
    assert judged(offering("Klub", begun, formats=(Format.CLUB,))) is RIGHT
    assert judged(offering("Klub", over, formats=(Format.CLUB,))) is WRONG


def test_what_has_begun_counts_when_now_is_asked() -> None:
    begun = offering("Jazz", time("2026-11-25 14:00", "2026-11-25 16:00"), formats=(Format.PERFORMANCE,))
    assert verdict({}, Candidate(begun, begun.occurrences[0]), NOW, begun=True) is RIGHT


def test_a_cancelled_concert_is_never_shown() -> None:
    assert judged(concert(status=Status.CANCELLED)) is WRONG


def test_what_schools_book_is_shown_only_when_it_is_asked_for() -> None:
    booked = concert(audiences=(Audience.SCHOOLS,))
    assert judged(booked) is WRONG
    assert judged(booked, group="schools") is RIGHT


def test_an_offering_fits_a_window_when_it_is_on_at_some_time_within_it() -> None:
    late = concert("2026-11-27 17:00", "2026-11-27 19:00")
    assert judged(late, on=["2026-11-27T18:00/2026-11-30"]) is RIGHT
    assert judged(late, on=["2026-11-27T19:00/2026-11-30"]) is WRONG


def test_an_exhibition_counts_on_the_days_it_is_open() -> None:
    from_tuesday = run("2026-11-01 11:00", "2026-12-20 17:00", open_days=(2, 3, 4, 5, 6, 7))
    art = offering("Kunst", from_tuesday, formats=(Format.EXHIBITION,))
    assert judged(art, on=["2026-12-01/2026-12-02"]) is RIGHT
    assert judged(art, on=["2026-11-30/2026-12-01"]) is WRONG


def test_a_weekday_and_a_clock_time_must_hold_of_the_same_asked_day() -> None:
    evening = concert("2026-11-26 19:00", "2026-11-26 21:00")
    assert judged(evening, weekday=[4], clock="18:00/24:00") is RIGHT
    assert judged(evening, weekday=[5], clock="18:00/24:00") is WRONG
    assert judged(evening, weekday=[4], clock="04:00/12:00") is WRONG


def test_a_town_has_its_own_first_and_what_lies_near_comes_later() -> None:
    farum: Facts = {"name": "Farum", "at": [55.81, 12.365]}
    own = venue(town="Farum", postcode="3520")
    near = venue(town="Værløse", latitude=55.782, longitude=12.368)
    far = venue(town="Køge", latitude=55.457, longitude=12.182)
    places = [offering("Jazz", "2026-11-28 19:00", place=place) for place in (own, near, far)]
    assert [judged(draft, town=farum) for draft in places] == [RIGHT, LATER, WRONG]


def test_ages_overlap_and_an_unknown_age_is_told_by_whom_it_is_for() -> None:
    assert judged(concert(age_from=6, age_to=10), ages=[[8, 8]]) is RIGHT
    assert judged(concert(age_from=13, age_to=19), ages=[[8, 8]]) is WRONG
    assert judged(concert(audiences=(Audience.EVERYONE,)), ages=[[8, 8]]) is MAYBE
    assert judged(concert(audiences=(Audience.ADULTS,)), ages=[[8, 8]]) is WRONG
    assert judged(concert(), ages=[[8, 8]]) is LATER


def test_an_unknown_price_comes_after_what_is_known_to_be_free_or_cheap() -> None:
    cheap = concert(age_from=0, price_kind=PriceKind.AMOUNTS, prices={Tariff.ADULT: 90, Tariff.CHILD: 40})
    assert judged(cheap, free=True) is WRONG
    assert judged(concert(), free=True) is LATER
    assert judged(concert(), price_to=100) is LATER
    assert judged(cheap, price_to=100) is RIGHT
    assert judged(cheap, price_to=50) is MAYBE
    assert judged(cheap, price_to=50, ages=[[6, 6]]) is RIGHT


def test_access_must_be_known() -> None:
    assert judged(concert(access={Access.WHEELCHAIR: True}), access=["wheelchair"]) is RIGHT
    assert judged(concert(), access=["wheelchair"]) is WRONG


def test_negation_turns_a_fact_around() -> None:
    music = concert(categories=(Category.MUSIC,))
    assert judged(music, **{"not": {"category": ["music"]}}) is WRONG
    assert judged(music, **{"not": {"category": ["theatre"]}}) is RIGHT
