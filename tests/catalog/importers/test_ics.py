"""iCalendar: what a calendar says is what one can go to."""

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.drafts import OfferingDraft, Parsed, UnreadableError
from catalog.importers import ics
from catalog.importers.expansion import Limits, Span, expand
from catalog.values import Status

ZONE = ZoneInfo("Europe/Copenhagen")
NOW = dt.datetime(2026, 11, 21, 12, tzinfo=ZONE)
FIXTURES = Path(__file__).parent / "fixtures"


def calendar(*events: str, head: str = "") -> bytes:
    return "\r\n".join(
        ["BEGIN:VCALENDAR", "VERSION:2.0", *head.splitlines(), *events, "END:VCALENDAR", ""]
    ).encode()


def event(*lines: str, uid: str | None = "1", title: str | None = "Kor for alle") -> str:
    known = [f"UID:{uid}"] if uid else []
    known += [f"SUMMARY:{title}"] if title else []
    return "\r\n".join(["BEGIN:VEVENT", *known, *lines, "END:VEVENT"])


def read(*events: str, head: str = "", now: dt.datetime = NOW) -> Parsed:
    return ics.parse(calendar(*events, head=head), now, ZONE)


def only(*events: str, head: str = "") -> OfferingDraft:
    parsed = read(*events, head=head)
    assert parsed.rejections == []
    [draft] = parsed.drafts
    return draft


def local_starts(draft: OfferingDraft) -> list[str]:
    return [f"{o.start.astimezone(ZoneInfo(o.zone)):%Y-%m-%d %H:%M}" for o in draft.occurrences]


def codes(parsed: Parsed) -> list[str]:
    return [rejection.code for rejection in parsed.rejections]


class TestFacts:
    def test_a_concert_is_read_with_all_its_facts(self) -> None:
        [concert, *_] = ics.parse((FIXTURES / "kulturhus.ics").read_bytes(), NOW, ZONE).drafts
        [date] = concert.occurrences

        assert concert.external_id == "koncert-17@kulturhus.example"
        assert concert.titles == {"da": "Vinterkoncert; for hele familien"}
        assert concert.descriptions == {"da": "Koret synger vinteren ind.\n\nDørene åbner kl. 18."}
        assert concert.keywords == ("musik", "familie")
        assert concert.organizer == "Kulturhuset"
        assert concert.url == "https://kulturhus.example/koncert-17"
        assert concert.image_url == "https://kulturhus.example/kor.jpg"
        assert date.start == dt.datetime(2026, 12, 4, 19, tzinfo=ZONE)
        assert date.end == dt.datetime(2026, 12, 4, 21, tzinfo=ZONE)
        assert date.venue is not None
        assert date.venue.name == "Kulturhuset"
        assert date.venue.address == "Torvet 2"
        assert (date.venue.postcode, date.venue.town) == ("2635", "Ishøj")
        assert (date.venue.latitude, date.venue.longitude) == (55.6146, 12.3539)

    def test_todos_and_journals_are_not_events(self) -> None:
        parsed = ics.parse((FIXTURES / "kulturhus.ics").read_bytes(), NOW, ZONE)

        assert [draft.external_id.split("@")[0] for draft in parsed.drafts] == ["koncert-17", "udstilling-3"]

    def test_a_persons_mail_address_is_not_kept_as_organiser(self) -> None:
        line = "ORGANIZER;CN=bente@example.org:mailto:bente@example.org"

        assert only(event("DTSTART:20261204T180000Z", line)).organizer is None

    def test_an_address_without_http_is_no_link(self) -> None:
        draft = only(event("DTSTART:20261204T180000Z", "URL:javascript:alert(1)"))

        assert draft.url is None

    def test_an_english_text_is_known_as_english(self) -> None:
        draft = only(event("DTSTART:20261204T180000Z", title="Meet the author of the year"))

        assert list(draft.titles) == ["en"]

    @pytest.mark.parametrize(
        ("location", "name", "postcode", "town"),
        [
            ("Biblioteket\\, Store Torv 1\\, 2635 Ishøj", "Biblioteket", "2635", "Ishøj"),
            ("Store Torv 1\\, 2635 Ishøj\\, Danmark", "Store Torv 1", "2635", "Ishøj"),
            ("Baltoppen LIVE 2750 Ballerup", "Baltoppen LIVE", "2750", "Ballerup"),
            ("Mødestedet", "Mødestedet", None, None),
        ],
    )
    def test_a_location_is_taken_apart(
        self, location: str, name: str, postcode: str | None, town: str | None
    ) -> None:
        [date] = only(event("DTSTART:20261204T180000Z", f"LOCATION:{location}")).occurrences

        assert date.venue is not None
        assert (date.venue.name, date.venue.postcode, date.venue.town) == (name, postcode, town)

    def test_a_meeting_on_the_web_has_no_venue(self) -> None:
        [date] = only(event("DTSTART:20261204T180000Z", "LOCATION:https://meet.example/1")).occurrences

        assert date.venue is None


class TestTimes:
    def test_an_all_day_event_has_no_time_of_day(self) -> None:
        [date] = only(event("DTSTART;VALUE=DATE:20261205")).occurrences

        assert not date.time_known
        assert not date.is_run
        assert date.start == dt.datetime(2026, 12, 5, tzinfo=ZONE)
        assert date.end == dt.datetime(2026, 12, 6, tzinfo=ZONE)

    def test_several_whole_days_are_a_run(self) -> None:
        [date] = only(event("DTSTART;VALUE=DATE:20261023", "DTEND;VALUE=DATE:20261026")).occurrences

        assert date.is_run
        assert date.end == dt.datetime(2026, 10, 26, tzinfo=ZONE)

    def test_a_whole_day_of_25_hours_is_no_run(self) -> None:
        [date] = only(event("DTSTART;VALUE=DATE:20261025", "DTEND;VALUE=DATE:20261026")).occurrences

        assert not date.is_run

    def test_without_an_end_the_end_is_unknown(self) -> None:
        [date] = only(event("DTSTART:20261204T180000Z")).occurrences

        assert date.end is None

    def test_a_duration_gives_the_end(self) -> None:
        [date] = only(event("DTSTART:20261204T180000Z", "DURATION:PT1H30M")).occurrences

        assert date.end == dt.datetime(2026, 12, 4, 19, 30, tzinfo=dt.UTC)

    @pytest.mark.parametrize(
        ("zone_id", "hour_in_utc"),
        [
            ("Romance Standard Time", 18),
            ('"(UTC+01:00) Brussels, Copenhagen, Madrid, Paris"', 18),
            ("/example.org/20260101/Europe/Helsinki", 17),
            ("Tokyo Standard Time", 10),
            ("Kulturhusets egen tid", 18),
        ],
    )
    def test_a_zone_is_known_by_any_of_its_names(self, zone_id: str, hour_in_utc: int) -> None:
        [date] = only(event(f"DTSTART;TZID={zone_id}:20261204T190000")).occurrences

        assert date.start == dt.datetime(2026, 12, 4, hour_in_utc, tzinfo=dt.UTC)

    def test_a_zone_that_only_the_calendar_knows_is_taken_from_it(self) -> None:
        declared = "\n".join(
            [
                "BEGIN:VTIMEZONE",
                "TZID:Custom",
                "BEGIN:STANDARD",
                "TZOFFSETTO:+0900",
                "END:STANDARD",
                "END:VTIMEZONE",
            ]
        )
        [date] = only(event("DTSTART;TZID=Custom:20261204T190000"), head=declared).occurrences

        assert date.start == dt.datetime(2026, 12, 4, 10, tzinfo=dt.UTC)

    def test_floating_times_hang_on_the_calendars_own_wall(self) -> None:
        [date] = only(event("DTSTART:20261204T190000"), head="X-WR-TIMEZONE:Europe/London").occurrences

        assert date.start == dt.datetime(2026, 12, 4, 19, tzinfo=ZoneInfo("Europe/London"))

    def test_floating_times_are_local_where_nothing_is_said(self) -> None:
        [date] = only(event("DTSTART:20261204T190000")).occurrences

        assert date.start == dt.datetime(2026, 12, 4, 19, tzinfo=ZONE)
        assert date.zone == "Europe/Copenhagen"


class TestRecurrence:
    WEEKLY = "DTSTART;TZID=Europe/Copenhagen:20261013T170000"

    def test_a_weekly_choir_keeps_its_hour_over_the_change_of_clocks(self) -> None:
        draft = only(event(self.WEEKLY, "RRULE:FREQ=WEEKLY;COUNT=4"))

        assert local_starts(draft) == [
            "2026-10-13 17:00",
            "2026-10-20 17:00",
            "2026-10-27 17:00",
            "2026-11-03 17:00",
        ]
        assert [o.start.astimezone(dt.UTC).hour for o in draft.occurrences] == [15, 15, 16, 16]

    def test_the_last_day_of_a_rule_is_in_it(self) -> None:
        draft = only(event(self.WEEKLY, "RRULE:FREQ=WEEKLY;UNTIL=20261027"))

        assert local_starts(draft)[-1] == "2026-10-27 17:00"

    def test_dates_can_be_added_and_taken_out(self) -> None:
        draft = only(
            event(
                self.WEEKLY,
                "RRULE:FREQ=WEEKLY;COUNT=3",
                "EXDATE;TZID=Europe/Copenhagen:20261020T170000",
                "RDATE;TZID=Europe/Copenhagen:20261022T170000",
            )
        )

        assert local_starts(draft) == ["2026-10-13 17:00", "2026-10-22 17:00", "2026-10-27 17:00"]

    def test_a_moved_date_is_the_same_date(self) -> None:
        rule = event(self.WEEKLY, "RRULE:FREQ=WEEKLY;COUNT=2")
        moved = event(
            "RECURRENCE-ID;TZID=Europe/Copenhagen:20261020T170000",
            "DTSTART;TZID=Europe/Copenhagen:20261021T183000",
            "LOCATION:Biblioteket",
            "SEQUENCE:1",
        )
        before, after = only(rule).occurrences[1], only(rule, moved).occurrences[1]

        assert before.key == after.key == "2026-10-20T15:00:00+00:00"
        assert after.start == dt.datetime(2026, 10, 21, 18, 30, tzinfo=ZONE)
        assert after.venue is not None
        assert after.venue.name == "Biblioteket"

    def test_a_single_date_can_be_cancelled(self) -> None:
        rule = event(self.WEEKLY, "RRULE:FREQ=WEEKLY;COUNT=2")
        off = event(
            "RECURRENCE-ID:20261020T150000Z", "DTSTART:20261020T150000Z", "STATUS:CANCELLED", "SEQUENCE:1"
        )
        draft = only(rule, off)

        assert [o.status for o in draft.occurrences] == [Status.SCHEDULED, Status.CANCELLED]
        assert draft.status is Status.SCHEDULED

    def test_dates_reach_18_months_ahead(self) -> None:
        draft = only(event(self.WEEKLY, "RRULE:FREQ=WEEKLY"))

        assert draft.occurrences[0].start == dt.datetime(2026, 10, 13, 17, tzinfo=ZONE)
        assert (
            dt.datetime(2028, 5, 10, tzinfo=ZONE)
            < draft.occurrences[-1].start
            < dt.datetime(2028, 5, 22, tzinfo=ZONE)
        )

    def test_of_a_long_series_only_what_is_near_is_kept(self) -> None:
        draft = only(event("DTSTART:20100105T170000Z", "RRULE:FREQ=WEEKLY"))

        assert draft.occurrences[0].start >= dt.datetime(2026, 10, 1, tzinfo=ZONE)

    def test_a_series_that_is_over_still_tells_its_last_dates(self) -> None:
        draft = only(event("DTSTART:20200107T170000Z", "RRULE:FREQ=WEEKLY;COUNT=100"))

        assert 0 < len(draft.occurrences) <= 50
        assert draft.occurrences[-1].start == dt.datetime(2021, 11, 30, 17, tzinfo=dt.UTC)

    def test_a_series_that_begins_after_the_horizon_tells_its_first_dates(self) -> None:
        draft = only(event("DTSTART:20290102T170000Z", "RRULE:FREQ=WEEKLY"))

        assert draft.occurrences[0].start == dt.datetime(2029, 1, 2, 17, tzinfo=dt.UTC)
        assert len(draft.occurrences) <= 5


class TestVersions:
    def test_the_newest_version_of_an_event_counts(self) -> None:
        draft = only(
            event("DTSTART:20261204T180000Z", "SEQUENCE:3", title="Ny titel"),
            event("DTSTART:20261203T180000Z", "SEQUENCE:1", title="Gammel titel"),
        )

        assert draft.titles == {"da": "Ny titel"}
        assert len(draft.occurrences) == 1

    def test_a_cancelled_event_is_marked_and_kept(self) -> None:
        assert only(event("DTSTART:20261204T180000Z", "STATUS:CANCELLED")).status is Status.CANCELLED

    def test_a_calendar_of_cancellations_cancels(self) -> None:
        assert only(event("DTSTART:20261204T180000Z"), head="METHOD:CANCEL").status is Status.CANCELLED

    def test_without_a_uid_a_moved_event_stays_the_same_offering(self) -> None:
        before = only(event("DTSTART:20261204T180000Z", "LOCATION:Salen", uid=None))
        after = only(event("DTSTART:20261211T180000Z", "LOCATION:Salen", uid=None))

        assert before.external_id == after.external_id

    def test_without_a_uid_the_same_thing_on_two_days_is_one_offering(self) -> None:
        draft = only(event("DTSTART:20261204T180000Z", uid=None), event("DTSTART:20261211T180000Z", uid=None))

        assert len(draft.occurrences) == 2

    def test_a_link_that_several_events_share_does_not_make_them_one(self) -> None:
        page = "URL:https://kulturhus.example/kalender"
        parsed = read(
            event("DTSTART:20261204T180000Z", page, uid=None, title="Kor"),
            event("DTSTART:20261204T180000Z", page, uid=None, title="Keramik"),
        )

        assert len({draft.external_id for draft in parsed.drafts}) == 2


class TestBrokenCalendars:
    def test_one_bad_event_does_not_sink_the_others(self) -> None:
        parsed = read(
            event("DTSTART:20261204T180000Z", uid="a"),
            event("DTSTART:20261204T180000Z", "DTSTART:20261205T180000Z", uid="b"),
            event("DTSTART:20261204T180000Z", uid="c"),
        )

        assert [draft.external_id for draft in parsed.drafts] == ["a", "c"]
        assert [(r.where, r.code, r.external_id) for r in parsed.rejections] == [("b", "several-starts", "b")]

    @pytest.mark.parametrize(
        ("lines", "code"),
        [
            ((), "no-start"),
            (("DTSTART:20260230T180000Z",), "bad-date"),
            (("DTSTART:i morgen",), "bad-date"),
            (("DTSTART:20261204T180000Z", "DTEND:20261204T170000Z"), "end-before-start"),
            (("DTSTART:20261204T180000Z", "RRULE:FREQ=WEEKLY;UNTL=20270101"), "bad-recurrence"),
            (("DTSTART:20261204T180000Z", "RRULE:FREQ=FORTNIGHTLY"), "bad-recurrence"),
            (("DTSTART:20261204T180000Z", "RRULE:FREQ=WEEKLY;UNTIL=20261101"), "no-occurrences"),
        ],
    )
    def test_what_is_wrong_is_named(self, lines: tuple[str, ...], code: str) -> None:
        parsed = read(event(*lines, uid="b"), event("DTSTART:20261204T180000Z", uid="c"))

        assert [(r.where, r.code) for r in parsed.rejections] == [("b", code)]
        assert len(parsed.drafts) == 1

    def test_an_event_without_a_title_is_named_by_its_line(self) -> None:
        parsed = read(event("DTSTART:20261204T180000Z", uid=None, title=None))

        assert [(r.where, r.code) for r in parsed.rejections] == [("3", "no-title")]

    def test_an_event_that_never_ends_costs_only_itself(self) -> None:
        parsed = read("BEGIN:VEVENT\r\nSUMMARY:Halv", event("DTSTART:20261204T180000Z"))

        assert (len(parsed.drafts), codes(parsed)) == (1, ["unfinished-event"])

    def test_a_todo_that_ends_under_a_wrong_name_hides_no_event(self) -> None:
        assert only("BEGIN:VTODO\r\nEND:VTOOD", event("DTSTART:20261204T180000Z"))

    def test_what_is_no_calendar_is_unreadable(self) -> None:
        with pytest.raises(UnreadableError) as caught:
            ics.parse(b"SUMMARY:nothing begins here", NOW, ZONE)

        assert caught.value.code == "not-a-calendar"


GOOD = event("DTSTART:20261201T170000Z", "RRULE:FREQ=WEEKLY;COUNT=3", uid="good")
HOURS = "BYHOUR=" + ",".join(map(str, range(24)))


class TestBombs:
    @pytest.mark.parametrize(
        ("lines", "allowed"),
        [
            (("DTSTART:19700101T000000Z", "RRULE:FREQ=SECONDLY"), {"recurrence-too-dense"}),
            (
                ("DTSTART:20260101T000000Z", f"RRULE:FREQ=DAILY;{HOURS};BYMINUTE=0,30"),
                {"recurrence-too-dense"},
            ),
            (
                ("DTSTART:20260101T000000Z", "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"),
                {"recurrence-too-heavy", "no-occurrences"},
            ),
            (
                ("DTSTART:19000101T000000Z", f"RRULE:FREQ=DAILY;COUNT=1000000000;{HOURS}"),
                {"recurrence-too-heavy", "too-many-occurrences"},
            ),
            (
                ("DTSTART:20260101T000000Z", "RDATE:" + ",".join(["20260101T100000Z"] * 50_000)),
                {"too-many-occurrences"},
            ),
            (("DTSTART:20260101T000000Z", "RRULE:FREQ=DAILY;INTERVAL=0"), {"bad-recurrence"}),
            (
                ("DTSTART:20260101T000000Z", "RRULE:FREQ=WEEKLY;BYDAY=" + "MO," * 9_999 + "TU"),
                {"recurrence-too-dense"},
            ),
        ],
    )
    def test_a_bomb_is_named_and_the_good_event_stands(
        self, lines: tuple[str, ...], allowed: set[str]
    ) -> None:
        parsed = read(event(*lines, uid="bomb"), GOOD)

        assert [draft.external_id for draft in parsed.drafts] == ["good"]
        assert [r.where for r in parsed.rejections] == ["bomb"]
        assert set(codes(parsed)) <= allowed

    def test_a_billion_dates_are_worked_out_to_the_horizon_only(self) -> None:
        [draft] = read(event("DTSTART:20260101T100000Z", "RRULE:FREQ=DAILY;COUNT=1000000000")).drafts

        assert len(draft.occurrences) < 620

    def test_more_than_a_thousand_dates_are_refused(self) -> None:
        parsed = read(event("DTSTART:20261101T000000Z", "RRULE:FREQ=DAILY;BYHOUR=9,12,15"))

        assert codes(parsed) == ["too-many-occurrences"]

    def test_a_child_that_dies_names_the_guilty_event_and_goes_on(self) -> None:
        heavy = calendar(event("DTSTART:00010101T000000Z", "RRULE:FREQ=DAILY")).decode()
        good = calendar(GOOD).decode()
        span = Span(NOW, NOW + dt.timedelta(days=30))
        # The patience with one event outlasts the child's own processor time: the system ends it.
        limits = Limits(seconds_an_event=30.0, processor_seconds=1)

        answers = expand([good, heavy, good], span, limits)

        assert answers[1] == "recurrence-too-heavy"
        assert [len(answer) for answer in (answers[0], answers[2])] == [3, 3]


day = st.dates(dt.date(2026, 1, 1), dt.date(2028, 1, 1))
clock = st.times().map(lambda time: time.replace(second=0, microsecond=0))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(day, clock), min_size=1, max_size=8))
def test_any_calendar_of_simple_events_gives_its_starts_back(starts: list[tuple[dt.date, dt.time]]) -> None:
    wanted = [dt.datetime.combine(date, time, dt.UTC) for date, time in starts]
    parsed = read(*(event(f"DTSTART:{start:%Y%m%dT%H%M%SZ}", uid=str(n)) for n, start in enumerate(wanted)))

    assert [draft.occurrences[0].start for draft in parsed.drafts] == wanted


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text(alphabet=st.characters(codec="utf-8"), max_size=60), max_size=12))
def test_any_lines_within_an_event_are_read_or_named(lines: list[str]) -> None:
    parsed = read(event(*lines), event("DTSTART:20261204T180000Z", uid="good"))

    assert "good" in [draft.external_id for draft in parsed.drafts]


def test_reading_twice_gives_equal_drafts() -> None:
    data = (FIXTURES / "kulturhus.ics").read_bytes()

    assert ics.parse(data, NOW, ZONE) == ics.parse(data, NOW, ZONE)
