"""schema.org in JSON-LD: what a page states is what one can go to."""

import datetime as dt
import json
from pathlib import Path
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.drafts import OccurrenceDraft, OfferingDraft, Parsed, UnreadableError, VenueDraft
from catalog.importers import jsonld
from catalog.values import Access, Audience, Format, PriceKind, Status, Tariff

ZONE = ZoneInfo("Europe/Copenhagen")
NOW = dt.datetime(2026, 11, 21, 12, tzinfo=ZONE)
FIXTURES = Path(__file__).parent / "fixtures"
START = "2026-12-04T19:00:00+01:00"


def read(value: Any) -> Parsed:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return jsonld.parse(data, NOW, ZONE)


def node(kind: str = "Event", **facts: Any) -> dict[str, Any]:
    return {"@type": kind, "@id": "urn:x:1", "name": "Åbent værksted", "startDate": START} | facts


def only(value: Any) -> OfferingDraft:
    parsed = read(value)
    assert parsed.rejections == []
    [draft] = parsed.drafts
    return draft


def date_of(**facts: Any) -> OccurrenceDraft:
    [date] = only(node(**facts)).occurrences
    return date


def venue_of(location: Any) -> VenueDraft:
    venue = date_of(location=location).venue
    assert venue is not None
    return venue


def codes(parsed: Parsed) -> list[str]:
    return [rejection.code for rejection in parsed.rejections]


class TestWhereEventsAreFound:
    @pytest.mark.parametrize(
        "wrap",
        [
            lambda event: event,
            lambda event: [event],
            lambda event: {"@context": "https://schema.org", "@graph": [{"@type": "WebSite"}, event]},
            lambda event: {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": event}]},
            lambda event: {"@type": "Place", "name": "Huset", "event": [event]},
        ],
    )
    def test_an_event_is_found_wherever_it_stands(self, wrap: Any) -> None:
        assert only(wrap(node())).external_id == "urn:x:1"

    @pytest.mark.parametrize(
        "kind",
        ["MusicEvent", "Festival", "CourseInstance", "http://schema.org/TheaterEvent", "schema:Hackathon"],
    )
    def test_every_kind_of_event_is_one(self, kind: str) -> None:
        assert len(read(node(kind)).drafts) == 1

    @pytest.mark.parametrize("kind", ["Place", "DeliveryEvent", "EventVenue", "Person"])
    def test_other_things_are_not(self, kind: str) -> None:
        assert read(node(kind)).drafts == []

    def test_a_web_page_is_read_block_by_block(self) -> None:
        parsed = read((FIXTURES / "kulturskole.html").read_bytes())
        [concert, day] = parsed.drafts
        venue = concert.occurrences[0].venue

        assert (concert.titles, day.titles) == ({"da": "Elevkoncert"}, {"da": "Åbent hus"})
        assert venue is not None
        assert (venue.name, venue.address, venue.postcode) == ("Kulturskolens sal", "Skolegade 4", "2620")
        assert [(r.where, r.code) for r in parsed.rejections] == [("3", "broken-block")]

    def test_lines_are_read_one_by_one(self) -> None:
        lines = [json.dumps(node(**{"@id": "a"})), "{broken", "", json.dumps(node(**{"@id": "b"}))]
        parsed = read("\n".join(lines).encode())

        assert [draft.external_id for draft in parsed.drafts] == ["a", "b"]
        assert [(r.where, r.code) for r in parsed.rejections] == [("2", "broken-line")]

    def test_the_spelling_of_expanded_json_ld_is_understood(self) -> None:
        prefix = "http://schema.org/"
        expanded = {
            "@id": "urn:x:1",
            "@type": [f"{prefix}Event"],
            f"{prefix}name": [{"@language": "da", "@value": "Fælles sang"}],
            f"{prefix}startDate": [{"@type": "xsd:dateTime", "@value": START}],
            f"{prefix}eventStatus": [{"@id": f"{prefix}EventCancelled"}],
        }
        draft = only([expanded])

        assert draft.titles == {"da": "Fælles sang"}
        assert draft.status is Status.CANCELLED

    def test_references_are_followed_even_in_circles(self) -> None:
        place = {"@type": "Place", "@id": "#p", "name": "Huset", "event": {"@id": "urn:x:1"}}
        organizer = {
            "@type": "Organization",
            "@id": "#o",
            "name": "Foreningen",
            "url": "https://forening.example",
        }
        event = node(location={"@id": "#p"}, organizer={"@id": "#o"})
        draft = only({"@graph": [event, place, organizer]})

        assert draft.organizer == "Foreningen"
        assert draft.organizer_url == "https://forening.example"
        assert draft.occurrences[0].venue == VenueDraft(name="Huset")


class TestNames:
    def test_titles_are_kept_in_their_languages(self) -> None:
        said = [{"@language": "da-DK", "@value": "Rock &amp; Rul <3"}, {"@language": "en", "@value": "Rock"}]

        assert only(node(name=said)).titles == {"da": "Rock & Rul <3", "en": "Rock"}

    def test_a_plain_title_is_danish_unless_clearly_english(self) -> None:
        assert list(only(node(name="Jazz i gården")).titles) == ["da"]
        assert list(only(node(name="The sound of the city")).titles) == ["en"]

    def test_markup_leaves_a_description_and_nothing_hidden_stays(self) -> None:
        text = "<p>Kom og <b>syng</b>.</p><ul><li>Medbring tæppe</li></ul><script>alert(1)</script><!-- x -->"

        assert only(node(description=text)).descriptions == {"da": "Kom og syng.\nMedbring tæppe"}

    def test_a_title_of_nothing_but_markup_stands_as_it_is_written(self) -> None:
        assert only(node(name="<b>")).titles == {"da": "<b>"}

    def test_only_web_addresses_become_links(self) -> None:
        draft = only(
            node(
                url="javascript:alert(1)",
                image=["/lokal.jpg", {"@type": "ImageObject", "url": "https://x.example/a b.jpg"}],
            )
        )

        assert (draft.url, draft.image_url) == (None, "https://x.example/a%20b.jpg")

    def test_the_type_and_the_keywords_are_passed_on(self) -> None:
        assert only(node("MusicEvent", keywords="jazz, sang")).keywords == ("jazz", "sang", "MusicEvent")


class TestDates:
    def test_a_time_without_an_offset_is_local(self) -> None:
        assert date_of(startDate="2026-07-04T19:00").start == dt.datetime(2026, 7, 4, 17, tzinfo=dt.UTC)

    def test_a_bare_date_has_no_time_of_day(self) -> None:
        date = date_of(startDate="2026-12-04")

        assert (date.time_known, date.is_run, date.end) == (False, False, None)
        assert date.start == dt.datetime(2026, 12, 4, tzinfo=ZONE)

    @pytest.mark.parametrize("end", [None, "2026-12-04T00:00:00", "2026-12-04T23:59:59"])
    def test_midnight_at_both_ends_means_that_the_time_is_unknown(self, end: str | None) -> None:
        date = date_of(startDate="2026-12-04T00:00:00", endDate=end)

        assert (date.time_known, date.is_run) == (False, False)

    def test_an_exhibition_runs_and_has_opening_hours(self) -> None:
        draft = only(
            node(
                "ExhibitionEvent",
                startDate="2026-11-01",
                endDate="2027-01-31",
                openingHours="Tu-Su 11:00-17:00",
            )
        )
        [run] = draft.occurrences

        assert draft.formats == (Format.EXHIBITION,)
        assert run.is_run
        assert run.end == dt.datetime(2027, 2, 1, tzinfo=ZONE)
        assert run.open_days == (2, 3, 4, 5, 6, 7)
        assert (run.opens, run.closes) == (dt.time(11), dt.time(17))

    def test_days_with_different_hours_leave_the_hours_open(self) -> None:
        spec = [
            {"dayOfWeek": ["https://schema.org/Tuesday", "Friday"], "opens": "10:00", "closes": "16:00"},
            {"dayOfWeek": "Saturday", "opens": "12:00", "closes": "15:00"},
        ]
        run = date_of(startDate="2026-12-01", endDate="2026-12-20", openingHoursSpecification=spec)

        assert (run.open_days, run.opens, run.closes) == ((2, 5, 6), None, None)

    def test_a_concert_past_midnight_is_no_run(self) -> None:
        assert not date_of(startDate="2026-12-04T20:00", endDate="2026-12-05T02:00").is_run

    def test_the_hour_that_comes_twice_is_read_in_its_order(self) -> None:
        date = date_of(startDate="2026-10-25T02:30:00+02:00", endDate="2026-10-25T02:15:00+01:00")

        assert date.end is not None
        assert date.end - date.start == dt.timedelta(minutes=45)

    def test_an_end_before_the_start_is_named(self) -> None:
        assert codes(read(node(endDate="2026-12-03T19:00:00+01:00"))) == ["end-before-start"]

    @pytest.mark.parametrize(
        ("start", "code"),
        [
            ("i morgen", "bad-date"),
            ("2026-02-30", "bad-date"),
            ("0001-01-01", "bad-date"),
            (None, "no-start"),
        ],
    )
    def test_a_date_that_is_none_is_named(self, start: str | None, code: str) -> None:
        parsed = read([node(startDate=start), node(**{"@id": "urn:x:2"})])

        assert [(r.where, r.code) for r in parsed.rejections] == [("urn:x:1", code)]
        assert len(parsed.drafts) == 1


class TestStatus:
    @pytest.mark.parametrize("prefix", ["", "https://schema.org/", "http://schema.org/"])
    def test_a_cancelled_concert_is_marked_and_kept(self, prefix: str) -> None:
        assert only(node(eventStatus=f"{prefix}EventCancelled")).status is Status.CANCELLED

    def test_a_postponed_event_without_a_date_is_kept(self) -> None:
        draft = only(node(eventStatus="EventPostponed", startDate=None))

        assert (draft.status, draft.occurrences) == (Status.POSTPONED, ())

    def test_a_rescheduled_event_tells_when_it_would_have_been(self) -> None:
        draft = only(node(eventStatus="EventRescheduled", previousStartDate="2026-11-20T19:00"))
        [date] = draft.occurrences

        assert draft.status is date.status is Status.RESCHEDULED
        assert date.previous_start == dt.datetime(2026, 11, 20, 19, tzinfo=ZONE)

    def test_what_has_no_ticket_left_is_sold_out(self) -> None:
        gone = {"@type": "Offer", "availability": "https://schema.org/SoldOut"}
        left = {"@type": "Offer", "availability": "InStock"}

        assert only(node(offers=[gone, {"@type": "AggregateOffer"}])).status is Status.SOLD_OUT
        assert only(node(offers=[gone, left])).status is Status.SCHEDULED


class TestPrices:
    @pytest.mark.parametrize(
        ("price", "amount"),
        [
            ("75", 75),
            (75.5, 75.5),
            ("75,50", 75.5),
            ("1.200,00", 1200),
            ("1,200.00", 1200),
            ("kr. 60,-", 60),
            ("75.000", 75),
        ],
    )
    def test_an_amount_in_kroner_is_read_as_it_is_meant(self, price: Any, amount: float) -> None:
        draft = only(node(offers={"price": price, "priceCurrency": "DKK"}))

        assert (draft.price_kind, draft.prices) == (PriceKind.AMOUNTS, {Tariff.ADULT: amount})

    @pytest.mark.parametrize(
        "facts",
        [
            {"offers": {"price": "0"}},
            {"isAccessibleForFree": True},
            {"isAccessibleForFree": "https://schema.org/True"},
        ],
    )
    def test_what_is_stated_to_be_free_is_free(self, facts: dict[str, Any]) -> None:
        assert only(node(**facts)).price_kind is PriceKind.FREE

    @pytest.mark.parametrize(
        "facts",
        [
            {},
            {"offers": {"price": "12", "priceCurrency": "EUR"}},
            {"offers": {"price": ""}},
            {"isAccessibleForFree": False},
        ],
    )
    def test_what_is_not_stated_in_kroner_is_unknown(self, facts: dict[str, Any]) -> None:
        assert only(node(**facts)).price_kind is PriceKind.UNKNOWN

    def test_offers_with_names_are_tariffs(self) -> None:
        said = [
            ("Voksen", 120),
            ("Børn under 12", 0),
            ("Unge", 60),
            ("Pensionist", 80),
            ("Medlemmer", 50),
            ("Gruppe", 40),
        ]
        offers = [{"name": name, "price": price, "priceCurrency": "DKK"} for name, price in said]

        assert only(node(offers=offers)).prices == {
            Tariff.ADULT: 120,
            Tariff.CHILD: 0,
            Tariff.YOUNG: 60,
            Tariff.SENIOR: 80,
            Tariff.MEMBER: 50,
            Tariff.GROUP: 40,
        }

    def test_enrolment_opens_closes_and_fills(self) -> None:
        offer = {
            "validFrom": "2026-11-01",
            "availabilityEnds": "2026-11-30",
            "url": "https://x.example/tilmeld",
        }
        draft = only(node(offers=offer, maximumAttendeeCapacity=20, remainingAttendeeCapacity="3"))

        assert draft.enrolment_opens == dt.datetime(2026, 11, 1, tzinfo=ZONE)
        assert draft.enrolment_closes == dt.datetime(2026, 12, 1, tzinfo=ZONE)
        assert draft.enrolment_url == "https://x.example/tilmeld"
        assert (draft.capacity, draft.remaining) == (20, 3)


class TestPeople:
    @pytest.mark.parametrize(
        ("said", "ages"),
        [
            ("7-12", (7, 12)),
            ("7–12 år", (7, 12)),
            ("5+", (5, None)),
            ("18-", (18, None)),
            ("-3", (None, 3)),
            ("fra 5 år", (5, None)),
            ("0-18 mdr.", (0, 1)),
            ("8", (8, 8)),
            ("alle aldre", (None, None)),
            ("12-7", (None, None)),
        ],
    )
    def test_an_age_range_is_understood(self, said: str, ages: tuple[int | None, int | None]) -> None:
        draft = only(node(typicalAgeRange=said))

        assert (draft.age_from, draft.age_to) == ages

    def test_an_audience_states_ages_and_group(self) -> None:
        audience = {
            "@type": "PeopleAudience",
            "audienceType": "Børnefamilier",
            "suggestedMinAge": 3,
            "suggestedMaxAge": 9,
        }
        draft = only(node(audience=audience))

        assert (draft.age_from, draft.age_to) == (3, 9)
        assert draft.audiences == (Audience.FAMILIES,)
        assert draft.made_for is Audience.FAMILIES

    def test_suitable_for_all_is_made_for_nobody(self) -> None:
        draft = only(node(audience={"audienceType": "Alle"}))

        assert (draft.audiences, draft.made_for) == ((Audience.EVERYONE,), None)

    @pytest.mark.parametrize(
        "said", ["da-DK", "Dansk", {"@type": "Language", "name": "Danish", "alternateName": "da"}]
    )
    def test_the_language_of_the_activity_is_known(self, said: Any) -> None:
        assert only(node(inLanguage=said)).languages == ("da",)

    def test_access_is_known_where_it_is_stated(self) -> None:
        features = [{"name": "Kørestolsadgang", "value": True}, {"name": "Teleslynge", "value": "false"}]
        draft = only(node(location={"@type": "Place", "name": "Huset", "amenityFeature": features}))

        assert draft.access == {Access.WHEELCHAIR: True, Access.HEARING_LOOP: False}


class TestPlaces:
    def test_a_place_with_an_address_and_coordinates(self) -> None:
        address = {
            "streetAddress": "Torvet 2",
            "postalCode": "DK-2635",
            "addressLocality": "Ishøj",
            "addressRegion": "Ishøj Kommune",
        }
        venue = venue_of(
            {
                "@type": "Place",
                "name": "Huset",
                "address": address,
                "geo": {"latitude": "55.614", "longitude": 12.35},
            }
        )

        assert venue == VenueDraft(
            name="Huset",
            address="Torvet 2",
            postcode="2635",
            town="Ishøj",
            municipality="Ishøj Kommune",
            latitude=55.614,
            longitude=12.35,
        )

    def test_a_place_as_one_line(self) -> None:
        assert venue_of("Huset, Torvet 2, 2635 Ishøj") == VenueDraft(
            name="Huset", address="Torvet 2", postcode="2635", town="Ishøj"
        )

    def test_a_place_whose_address_is_a_line(self) -> None:
        venue = venue_of({"@type": "Place", "name": "Huset", "address": "Torvet 2, 2635 Ishøj"})

        assert (venue.name, venue.address, venue.postcode) == ("Huset", "Torvet 2", "2635")

    def test_a_foreign_postcode_is_not_taken_for_a_danish_one(self) -> None:
        address = {"postalCode": "0150", "addressLocality": "Oslo", "addressCountry": "NO"}

        assert venue_of({"@type": "Place", "name": "Operaen", "address": address}).postcode is None

    def test_what_is_only_on_the_web_has_no_venue(self) -> None:
        assert date_of(location={"@type": "VirtualLocation", "url": "https://x.example"}).venue is None

    def test_impossible_coordinates_are_unknown(self) -> None:
        venue = venue_of({"name": "Huset", "geo": {"latitude": 955, "longitude": 12}})

        assert (venue.latitude, venue.longitude) == (None, None)


class TestSeries:
    def test_other_dates_of_the_same_thing_are_its_occurrences(self) -> None:
        dates = [
            {"@type": "Event", "@id": "urn:x:a", "startDate": "2026-12-01T15:00"},
            {
                "@type": "Event",
                "@id": "urn:x:b",
                "name": "Strikkecafé",
                "startDate": "2026-12-08T15:00",
                "eventStatus": "EventCancelled",
            },
        ]
        draft = only(node("EventSeries", name="Strikkecafé", startDate=None, subEvent=dates))

        assert [o.key for o in draft.occurrences] == ["urn:x:a", "urn:x:b"]
        assert [o.status for o in draft.occurrences] == [Status.SCHEDULED, Status.CANCELLED]

    def test_a_bad_date_of_many_costs_only_itself(self) -> None:
        dates = [
            {"@type": "Event", "startDate": "2026-12-01T15:00"},
            {"@type": "Event", "startDate": "snart"},
        ]
        parsed = read(node(startDate=None, subEvent=dates))

        assert len(parsed.drafts[0].occurrences) == 1
        assert codes(parsed) == ["bad-date"]

    def test_a_festival_and_what_happens_at_it_are_offerings_of_their_own(self) -> None:
        part = node(**{"@id": "urn:x:2"}, name="Upcycling", startDate="2026-12-01T15:00")
        festival = node(
            "Festival", name="RÅ festival", startDate="2026-12-01", endDate="2026-12-03", subEvent=part
        )
        whole, workshop = read(festival).drafts

        assert whole.formats == (Format.FESTIVAL,)
        assert whole.occurrences[0].is_run
        assert (workshop.series_id, workshop.series_name) == ("urn:x:1", "RÅ festival")

    def test_a_series_that_is_only_a_roof_is_no_offering(self) -> None:
        roof = node("EventSeries", name="Kulturåret", subEvent=node(**{"@id": "urn:x:2"}))
        draft = only(roof)

        assert (draft.external_id, draft.series_name) == ("urn:x:2", "Kulturåret")

    def test_an_event_names_the_series_it_belongs_to(self) -> None:
        draft = only(node(superEvent={"@type": "EventSeries", "@id": "urn:s:1", "name": "Kulturåret"}))

        assert (draft.series_id, draft.series_name) == ("urn:s:1", "Kulturåret")

    def test_two_events_that_contain_each_other_are_read_all_the_same(self) -> None:
        one = node(subEvent={"@id": "urn:x:2"})
        two = node(**{"@id": "urn:x:2"}, subEvent={"@id": "urn:x:1"}, startDate="2026-12-05T19:00")

        assert len(read([one, two]).drafts) == 1

    def test_without_an_identifier_the_same_thing_on_two_days_is_one_offering(self) -> None:
        event = {"@type": "Event", "name": "Krea", "location": "Huset"}
        one, two = event | {"startDate": "2026-12-01T15:00"}, event | {"startDate": "2026-12-08T15:00"}

        assert len(only([one, two]).occurrences) == 2
        assert only(one).external_id == only(two).external_id

    def test_an_identifier_beside_a_blank_id_counts(self) -> None:
        identifier = {"@type": "PropertyValue", "propertyID": "uuid", "value": "17"}

        assert only(node(**{"@id": "_:b0"}, identifier=identifier)).external_id == "17"


class TestSchedules:
    WEEKLY: ClassVar[dict[str, str]] = {
        "@type": "Schedule",
        "startDate": "2026-10-06",
        "endDate": "2026-11-05",
        "startTime": "17:00",
        "endTime": "17:45",
        "repeatFrequency": "P1W",
        "byDay": "https://schema.org/Thursday",
        "exceptDate": "2026-10-15",
    }

    def test_a_course_is_worked_out_from_its_schedule(self) -> None:
        course = {"@type": "Course", "name": "Guitar for begyndere", "provider": "Musikskolen"}
        instance = {"@type": "CourseInstance", "@id": "urn:x:1", "courseSchedule": self.WEEKLY}
        draft = only(course | {"hasCourseInstance": instance})

        assert draft.titles == {"da": "Guitar for begyndere"}
        assert draft.organizer == "Musikskolen"
        assert draft.formats == (Format.COURSE,)
        assert [f"{o.start.astimezone(ZONE):%d/%m %H:%M}" for o in draft.occurrences] == [
            "08/10 17:00",
            "22/10 17:00",
            "29/10 17:00",
            "05/11 17:00",
        ]
        assert {o.end - o.start for o in draft.occurrences if o.end} == {dt.timedelta(minutes=45)}
        assert (draft.season_from, draft.season_until) == (dt.date(2026, 10, 6), dt.date(2026, 11, 5))
        assert draft.weekdays == (4,)

    def test_a_course_far_ahead_tells_its_first_dates(self) -> None:
        far = self.WEEKLY | {"startDate": "2029-01-02", "endDate": "2029-06-01"}
        draft = only(node("CourseInstance", courseSchedule=far))

        assert draft.occurrences[0].start == dt.datetime(2029, 1, 4, 17, tzinfo=ZONE)

    def test_a_course_without_a_schedule_still_has_its_season(self) -> None:
        draft = only(node("CourseInstance", startDate="2026-09-01", endDate="2026-12-15"))

        assert (draft.season_from, draft.season_until) == (dt.date(2026, 9, 1), dt.date(2026, 12, 15))

    @pytest.mark.parametrize(
        ("frequency", "code"),
        [("PT1H", "recurrence-too-dense"), ("Hourly", "recurrence-too-dense"), ("ofte", "bad-recurrence")],
    )
    def test_a_schedule_is_guarded_like_a_calendar(self, frequency: str, code: str) -> None:
        schedule = self.WEEKLY | {"repeatFrequency": frequency}

        assert codes(read(node(eventSchedule=schedule))) == [code]


class TestGuards:
    @pytest.mark.parametrize(
        ("data", "code"),
        [
            (b"{", "not-json"),
            (b"<html><body>Ingen kalender</body></html>", "no-json-ld"),
            (b"<", "no-json-ld"),
            (b"[" * 100 + b"]" * 100, "too-deep"),
            (b"[" * 200_000, "too-deep"),
            (b"[" + b"[]," * 200_001 + b"[]]", "too-many-items"),
        ],
    )
    def test_what_is_beyond_reason_is_refused_as_a_whole(self, data: bytes, code: str) -> None:
        with pytest.raises(UnreadableError) as caught:
            read(data)

        assert caught.value.code == code

    def test_half_a_character_sinks_nothing(self) -> None:
        assert only(rb'{"@type":"Event","name":"Kor \ud800","startDate":"2026-12-04"}').titles == {
            "da": "Kor"
        }


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from([START, "urn:x:1", "7-12"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["@id", "@type", "@value", "name", "price", "value", "startDate"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)
properties = st.sampled_from(
    [
        *(
            "@id",
            "name",
            "description",
            "startDate",
            "endDate",
            "previousStartDate",
            "eventStatus",
            "location",
        ),
        *("offers", "audience", "typicalAgeRange", "keywords", "inLanguage", "organizer", "image", "url"),
        *("eventSchedule", "subEvent", "superEvent", "identifier", "openingHours", "maximumAttendeeCapacity"),
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(properties, json_values, max_size=8))
def test_any_event_is_read_or_named(facts: dict[str, Any]) -> None:
    parsed = read([{"@type": "Event"} | facts, node(**{"@id": "urn:good"})])

    assert "urn:good" in [draft.external_id for draft in parsed.drafts]
    assert "broken-item" not in codes(parsed)


def test_reading_twice_gives_equal_drafts() -> None:
    data = (FIXTURES / "kulturskole.html").read_bytes()

    assert jsonld.parse(data, NOW, ZONE) == jsonld.parse(data, NOW, ZONE)
