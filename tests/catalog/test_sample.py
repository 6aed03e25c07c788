"""The sample catalogue: what a newcomer finds in it, on whatever day they come."""

import datetime as dt
from collections import Counter
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from catalog.drafts import OccurrenceDraft, OfferingDraft
from catalog.sample import SOURCE, sample_drafts
from catalog.values import (
    CLOSED_AUDIENCES,
    Access,
    Audience,
    Category,
    Format,
    PriceKind,
    Status,
    Tariff,
)

ZONE = ZoneInfo("Europe/Copenhagen")
NOW = dt.datetime(2026, 11, 23, 8, 0, tzinfo=ZONE)
DAY = dt.timedelta(days=1)
NINE = {
    "Albertslund",
    "Furesø",
    "Halsnæs",
    "Herlev",
    "Helsingør",
    "Ishøj",
    "Køge",
    "Roskilde",
    "Rødovre",
}
MUNICIPALITIES = NINE | {"Ballerup", "Aalborg"}

moments = st.datetimes(
    min_value=dt.datetime(2025, 1, 1),  # noqa: DTZ001 - Hypothesis wants its bounds naive
    max_value=dt.datetime(2036, 12, 31),  # noqa: DTZ001
    timezones=st.just(ZONE),
)
Meeting = tuple[OfferingDraft, OccurrenceDraft]


def at_any_moment(test):
    """Run a test for wild moments, and always for both clock changes, New Year and a Sunday night."""
    for moment in (
        dt.datetime(2027, 3, 28, 1, 59, tzinfo=ZONE),
        dt.datetime(2026, 10, 25, 2, 30, tzinfo=ZONE, fold=0),
        dt.datetime(2026, 10, 25, 2, 30, tzinfo=ZONE, fold=1),
        dt.datetime(2026, 12, 31, 23, 59, 59, tzinfo=ZONE),
        dt.datetime(2028, 1, 1, 0, 0, tzinfo=ZONE),
        dt.datetime(2026, 11, 29, 23, 30, tzinfo=ZONE),
    ):
        test = example(now=moment)(test)
    return settings(max_examples=10, deadline=None)(given(now=moments)(test))


def meetings(drafts: list[OfferingDraft]) -> list[Meeting]:
    """What anyone can go to, time by itself: no runs, nothing that institutions book, nothing cancelled."""
    return [
        (draft, occurrence)
        for draft in drafts
        if not set(draft.audiences) <= CLOSED_AUDIENCES
        for occurrence in draft.occurrences
        if not occurrence.is_run and occurrence.status != Status.CANCELLED
    ]


def local(occurrence: OccurrenceDraft) -> dt.datetime:
    return occurrence.start.astimezone(ZONE)


def where(found: list[Meeting]) -> set[str]:
    return {o.venue.municipality for _, o in found if o.venue and o.venue.municipality}


def coming_saturday(now: dt.datetime) -> dt.date:
    """The Saturday of the first weekend that lies wholly ahead."""
    today = now.astimezone(ZONE).date()
    monday = today - DAY * today.weekday()
    return monday + DAY * (5 if today.weekday() < 4 else 12)


@pytest.fixture(scope="module")
def drafts() -> list[OfferingDraft]:
    return sample_drafts(NOW, ZONE)


def test_there_are_227_offerings(drafts):
    assert len(drafts) == 227
    assert SOURCE == "kulturlods-sample"


def test_every_offering_has_its_own_lasting_id(drafts):
    ids = [draft.external_id for draft in drafts]

    assert len(set(ids)) == len(ids)
    assert all(id_.startswith("urn:kulturlods:sample:") and id_.isascii() for id_ in ids)
    assert "urn:kulturlods:sample:ishoej-podcast" in ids


def test_no_two_offerings_have_the_same_title_in_one_municipality(drafts):
    titles = Counter((draft.titles["da"], draft.owners) for draft in drafts)

    assert titles.most_common(1)[0][1] == 1


def test_every_municipality_owns_and_houses_at_least_fifteen_offerings(drafts):
    owned = Counter(owner for draft in drafts for owner in draft.owners)
    housed = Counter(m for d in drafts for m in {o.venue.municipality for o in d.occurrences if o.venue})

    assert set(owned) == MUNICIPALITIES
    assert all(owned[name] >= 15 and housed[name] >= 15 for name in MUNICIPALITIES)


def test_every_district_of_ballerup_has_something(drafts):
    districts = Counter(o.venue.district for d in drafts for o in d.occurrences[:1] if o.venue)

    for name in ("Hedegård", "Skovvejen", "Baltorp", "Skovlunde", "Måløvhøj"):
        assert districts[name] >= 2


def test_every_category_format_and_audience_is_there(drafts):
    assert {c for d in drafts for c in d.categories} == set(Category)
    assert {f for d in drafts for f in d.formats} == set(Format)
    assert {a for d in drafts for a in d.audiences} == set(Audience)
    assert all(d.categories and d.formats and d.audiences for d in drafts)


def test_prices_are_free_by_every_tariff_and_unknown(drafts):
    assert {d.price_kind for d in drafts} == set(PriceKind)
    assert {t for d in drafts for t in d.prices} == set(Tariff)
    assert all(bool(d.prices) == (d.price_kind == PriceKind.AMOUNTS) for d in drafts)


@pytest.mark.parametrize("access", Access)
def test_access_is_known_to_be_there_and_unknown_for_some(drafts, access):
    facts = Counter(draft.access.get(access) for draft in drafts)

    assert facts[True] >= 3
    assert facts[None] >= 3


def test_bad_access_is_told_too(drafts):
    refused = {a for d in drafts for a, there in d.access.items() if not there}

    assert refused >= {Access.WHEELCHAIR, Access.HEARING_LOOP, Access.SIGN_LANGUAGE, Access.QUIET}


def test_ages_run_from_babies_to_seniors_and_some_are_unknown(drafts):
    youngest = {draft.age_from for draft in drafts}

    assert {None, 0, 13, 18, 60} <= youngest
    assert any(draft.age_from == 0 and draft.age_to == 2 for draft in drafts)
    assert {draft.made_for for draft in drafts} >= {Audience.TODDLERS, Audience.YOUTH, Audience.SENIORS}


def test_about_every_seventh_offering_is_told_in_english_too(drafts):
    english = [draft for draft in drafts if "en" in draft.titles]

    assert 0.12 <= len(english) / len(drafts) <= 0.2
    assert all(set(draft.descriptions) == set(draft.titles) for draft in drafts)
    assert all("da" in draft.titles for draft in drafts)


def test_some_activities_are_in_other_languages_or_in_none(drafts):
    assert {"da", "en", "tr", "ar", "uk"} <= {code for draft in drafts for code in draft.languages}
    assert any(draft.languages == ("en",) for draft in drafts)
    assert any(draft.languages == () for draft in drafts)


def test_every_description_ends_by_saying_that_it_is_sample_data(drafts):
    ends = {
        "da": " Dette er eksempeldata: Tilbuddet er opdigtet, og man kan ikke deltage i det.",
        "en": " This is sample data: the offer is made up, and you cannot attend it.",
    }
    for draft in drafts:
        assert all(len(text) > 100 and text.endswith(ends[code]) for code, text in draft.descriptions.items())


def test_no_link_leads_to_a_real_house(drafts):
    links = [link for d in drafts for link in (d.url, d.enrolment_url, d.organizer_url, d.image_url) if link]

    assert 20 <= len(links) < len(drafts) / 2
    assert all(link.startswith("https://example.org/") for link in links)


def test_some_are_cancelled_postponed_rescheduled_or_sold_out(drafts):
    assert {draft.status for draft in drafts} == set(Status)
    assert any(
        {o.status for o in d.occurrences} == {Status.SCHEDULED, Status.CANCELLED}
        for d in drafts
        if d.status == Status.SCHEDULED
    )


def test_a_rescheduled_talk_remembers_when_it_was_to_be(drafts):
    (moved,) = (o for d in drafts for o in d.occurrences if o.status == Status.RESCHEDULED)

    assert moved.previous_start is not None
    assert (local(moved).isoweekday(), moved.previous_start.astimezone(ZONE).isoweekday()) == (4, 2)
    assert moved.key == moved.previous_start.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M")


def test_joint_projects_belong_to_several_municipalities_and_visit_them(drafts):
    joint = [draft for draft in drafts if len(draft.owners) > 1]

    assert len(joint) >= 10
    assert any(set(draft.owners) == NINE for draft in joint)
    assert any(len({o.venue.municipality for o in d.occurrences if o.venue}) >= 4 for d in joint)


@pytest.mark.parametrize(
    "name", ["RÅ festival", "SuburbanGrrls", "Ord.Liv.Skriv!", "Avisen Live", "Musikalsk leg og læring"]
)
def test_the_programmes_of_kulturmetropolen_are_series(drafts, name):
    assert any(draft.series_name == name and draft.series_id for draft in drafts)


@pytest.mark.parametrize("word", ["Upcycling", "MGK", "BGK", "TGK", "Kulturpas", "Et bedre liv med kultur"])
def test_what_the_houses_are_known_for_is_found_by_its_name(drafts, word):
    assert any(word in draft.titles["da"] for draft in drafts)


def test_the_lonely_are_told_that_they_can_come_alone(drafts):
    inviting = [
        d for d in drafts if "om alene" in d.descriptions["da"] and d.access.get(Access.LOW_THRESHOLD)
    ]

    assert len({owner for draft in inviting for owner in draft.owners}) >= 8


def test_grandparents_and_grandchildren_have_offers_of_their_own(drafts):
    together = [d for d in drafts if {Audience.SENIORS, Audience.FAMILIES} <= set(d.audiences)]

    assert len(together) >= 3


def test_the_young_can_volunteer_in_many_municipalities(drafts):
    chances = [d for d in drafts if Format.VOLUNTEERING in d.formats and Audience.YOUTH in d.audiences]

    assert len({owner for draft in chances for owner in draft.owners}) >= 6


def test_some_are_for_residents_only_and_some_are_played_twice_a_day(drafts):
    assert sum(draft.residents_only for draft in drafts) >= 5
    assert any(Counter(local(o).date() for o in d.occurrences).most_common(1)[0][1] == 2 for d in drafts)


def test_a_festival_whose_hours_are_not_set_yet_has_only_a_date(drafts):
    undecided = [o for d in drafts for o in d.occurrences if not o.time_known]

    assert undecided
    assert all(local(o).time() == dt.time() and o.end is None for o in undecided)


def test_a_camp_ends_on_another_day_and_a_late_night_past_midnight(drafts):
    camp = next(d for d in drafts if d.external_id.endswith("ballerup-kreativ-lejr")).occurrences[0]
    night = next(d for d in drafts if d.external_id.endswith("roskilde-natklub")).occurrences[0]

    assert camp.end is not None
    assert (local(camp).isoweekday(), camp.end.astimezone(ZONE).isoweekday()) == (6, 7)
    assert night.end is not None
    assert night.end - night.start == dt.timedelta(hours=4, minutes=30)


@at_any_moment
def test_whatever_the_moment_everything_lies_ahead(now):
    for draft in sample_drafts(now, ZONE):
        assert draft.occurrences
        for occurrence in draft.occurrences:
            ends = occurrence.end if occurrence.is_run else occurrence.start
            assert ends is not None
            assert ends > now.astimezone(dt.UTC)
            assert occurrence.zone == "Europe/Copenhagen"


@at_any_moment
def test_what_meets_in_weeks_meets_within_eight_weeks_and_once_a_key(now):
    for draft in sample_drafts(now, ZONE):
        assert len({o.key for o in draft.occurrences}) == len(draft.occurrences)
        if not draft.season_from and not draft.occurrences[0].is_run:
            assert local(draft.occurrences[-1]).date() <= now.astimezone(ZONE).date() + 56 * DAY


@at_any_moment
def test_a_weekly_club_keeps_its_clock_time_over_the_clock_change(now):
    for draft in sample_drafts(now, ZONE):
        if draft.external_id.endswith(
            ("ballerup-loerdagsleg", "albertslund-baby-rytmik", "aalborg-soendagsjam")
        ):
            assert len(draft.occurrences) == 8
            assert len({(local(o).isoweekday(), local(o).time()) for o in draft.occurrences}) == 1


@at_any_moment
def test_each_day_of_the_coming_fortnight_has_at_least_three_things_and_an_evening(now):
    days: Counter[dt.date] = Counter()
    evenings: Counter[dt.date] = Counter()
    for _, occurrence in meetings(sample_drafts(now, ZONE)):
        days[local(occurrence).date()] += 1
        evenings[local(occurrence).date()] += local(occurrence).hour >= 18

    for ahead in range(1, 15):
        day = now.astimezone(ZONE).date() + ahead * DAY
        assert days[day] >= 3
        assert evenings[day] >= 1


@at_any_moment
def test_each_coming_weekend_has_a_workshop_for_the_young_in_every_municipality(now):
    found = meetings(sample_drafts(now, ZONE))
    for weekend in range(7):
        saturday = coming_saturday(now) + 7 * weekend * DAY
        days = (saturday, saturday + DAY)
        workshops = [
            (d, o)
            for d, o in found
            if Format.WORKSHOP in d.formats and Audience.YOUTH in d.audiences and local(o).date() in days
        ]
        assert where(workshops) == MUNICIPALITIES


@at_any_moment
def test_small_children_have_a_weekend_morning_everywhere(now):
    days = (coming_saturday(now), coming_saturday(now) + DAY)
    mornings = [
        (d, o)
        for d, o in meetings(sample_drafts(now, ZONE))
        if local(o).date() in days and local(o).hour < 12
        if d.age_from is not None and d.age_from <= 5
    ]
    assert where(mornings) == MUNICIPALITIES


@at_any_moment
def test_families_find_theatre_within_a_month_everywhere(now):
    plays = [
        (d, o)
        for d, o in meetings(sample_drafts(now, ZONE))
        if Category.THEATRE in d.categories and Audience.FAMILIES in d.audiences
        if o.start < now.astimezone(dt.UTC) + 28 * DAY
    ]
    assert where(plays) == MUNICIPALITIES


@at_any_moment
def test_there_is_music_on_a_friday_or_saturday_evening_within_a_fortnight_everywhere(now):
    concerts = [
        (d, o)
        for d, o in meetings(sample_drafts(now, ZONE))
        if Category.MUSIC in d.categories and Format.PERFORMANCE in d.formats
        if local(o).isoweekday() in (5, 6) and local(o).hour >= 18
        if o.start < now.astimezone(dt.UTC) + 15 * DAY
    ]
    assert where(concerts) == MUNICIPALITIES


@at_any_moment
def test_children_and_the_young_have_somewhere_to_go_after_school_every_week_everywhere(now):
    clubs = [
        (d, o)
        for d, o in meetings(sample_drafts(now, ZONE))
        if Format.CLUB in d.formats and {Audience.CHILDREN, Audience.YOUTH} & set(d.audiences)
        if local(o).isoweekday() <= 5 and 14 <= local(o).hour < 18
        if o.start < now.astimezone(dt.UTC) + 8 * DAY
    ]
    assert where(clubs) == MUNICIPALITIES


@at_any_moment
def test_seniors_have_a_weekday_morning_every_week_everywhere(now):
    mornings = [
        (d, o)
        for d, o in meetings(sample_drafts(now, ZONE))
        if Audience.SENIORS in d.audiences and local(o).isoweekday() <= 5 and local(o).hour < 12
        if o.start < now.astimezone(dt.UTC) + 8 * DAY
    ]
    assert where(mornings) == MUNICIPALITIES


@at_any_moment
def test_there_is_something_free_every_week_everywhere(now):
    free = [
        (d, o)
        for d, o in meetings(sample_drafts(now, ZONE))
        if d.price_kind == PriceKind.FREE and o.start < now.astimezone(dt.UTC) + 8 * DAY
    ]
    assert where(free) == MUNICIPALITIES


@at_any_moment
def test_some_exhibitions_are_on_already_and_open_on_known_days(now):
    runs = [o for d in sample_drafts(now, ZONE) for o in d.occurrences if o.is_run]

    assert sum(run.start <= now.astimezone(dt.UTC) for run in runs) >= 5
    assert all(run.open_days and run.opens and run.closes and run.opens < run.closes for run in runs)


@at_any_moment
def test_a_course_has_a_season_weekdays_and_an_enrolment_that_fills_only_once_open(now):
    courses = [d for d in sample_drafts(now, ZONE) if Format.COURSE in d.formats]
    for course in courses:
        assert course.season_from
        assert course.season_until
        assert course.enrolment_opens
        assert course.enrolment_closes
        assert course.season_from <= local(course.occurrences[0]).date()
        assert course.season_until == local(course.occurrences[-1]).date()
        assert {local(o).isoweekday() for o in course.occurrences} <= set(course.weekdays)
        assert course.enrolment_opens < course.enrolment_closes
        if now.astimezone(dt.UTC) < course.enrolment_opens:
            assert course.remaining == course.capacity
    opening = [c.enrolment_opens <= now.astimezone(dt.UTC) <= c.enrolment_closes for c in courses]
    assert 1 <= sum(opening) < len(courses)


@settings(max_examples=10, deadline=None)
@given(now=moments, later=st.timedeltas(min_value=dt.timedelta(), max_value=30 * DAY))
def test_loading_again_later_changes_nothing_that_still_lies_ahead(now, later):
    then = (now.astimezone(dt.UTC) + later).astimezone(ZONE)
    before = {d.external_id: d for d in sample_drafts(now, ZONE)}
    after = {d.external_id: d for d in sample_drafts(then, ZONE)}

    assert before.keys() == after.keys()
    for id_, draft in before.items():
        ahead = [o for o in draft.occurrences if o.start > then.astimezone(dt.UTC)]
        assert {o.key: o for o in ahead}.items() <= {o.key: o for o in after[id_].occurrences}.items()


def test_another_zone_gives_the_same_clock_times(drafts):
    elsewhere = sample_drafts(NOW, ZoneInfo("Atlantic/Reykjavik"))
    club = next(d for d in elsewhere if d.external_id.endswith("ballerup-loerdagsleg"))

    assert club.occurrences[0].zone == "Atlantic/Reykjavik"
    assert club.occurrences[0].start.time() == dt.time(10)
