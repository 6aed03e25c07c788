"""One message about what is new: for whom, of what, when, and never twice."""

import datetime as dt

import pytest

from catalog.model import Occurrence, Offering
from catalog.query import PlaceRef, Query
from catalog.values import Audience, Category, Format, PlaceKind, Status
from reminders import digests, news, people, searches
from reminders.model import Delivery, Person, SavedSearch
from reminders.notices import Fate
from tests.catalog.factory import ZONE, at, offering, run, time, venue
from tests.reminders.town import CHAT, Town, titles

MUSIC = Query(categories=(Category.MUSIC,))


def concert(title: str = "Koncert", when: str = "2026-12-12 19:00", **facts):
    kind = {"categories": (Category.MUSIC,), "formats": (Format.PERFORMANCE,)}
    return offering(title, when, **kind, **facts)


@pytest.fixture
def town() -> Town:
    return Town()


def local(moment: dt.datetime) -> str:
    return moment.astimezone(ZONE).strftime("%Y-%m-%d %H:%M")


def test_what_is_published_after_a_search_was_saved_is_told_at_once(town: Town) -> None:
    anna = town.person()
    town.save(anna, MUSIC)
    town.wait("2026-11-25 15:10")
    town.publish(concert(), offering("Filmaften", "2026-12-12 19:00", categories=(Category.FILM,)))
    assert town.look() == 1
    (digest,) = town.post()
    assert titles(digest) == ["Koncert"]
    assert (digest.to.chat_id, digest.to.language, digest.more) == (CHAT, "da", 0)


def test_a_search_saved_today_does_not_announce_what_was_there_already(town: Town) -> None:
    anna = town.person()
    town.publish(concert())
    town.wait("2026-11-25 15:10")
    town.save(anna, MUSIC)
    assert town.look() == 0
    assert town.rows() == []


def test_an_offering_that_two_searches_find_stands_once_with_both_labels(town: Town) -> None:
    anna = town.person()
    music = town.save(anna, MUSIC)
    free = town.save(anna, free=True)
    town.wait("2026-11-25 15:10")
    town.publish(concert(price_kind="free"))
    town.look()
    (digest,) = town.post()
    (row,) = digest.rows
    assert row.labels == (("search", str(music)), ("search", str(free)))
    assert set(digest.searches) == {music, free}


def test_a_family_with_two_children_three_searches_and_one_follow_gets_exactly_one_digest(town: Town) -> None:
    anna = town.person()
    big, small = town.child(anna, 2015), town.child(anna, 2020, "🐻")
    town.save(anna, Query(formats=(Format.WORKSHOP,)), child=big)
    town.save(anna, Query(formats=(Format.WORKSHOP,)), child=small)
    music = town.save(anna, MUSIC)
    library = venue("Ishøj Bibliotek")
    town.publish(offering("Strikkecafé", "2026-12-01 15:00", place=library))
    town.follow(anna, "venue", 1)
    town.wait("2026-11-25 15:10")
    town.publish(
        offering("Upcycling", "2026-12-05 10:00", formats=(Format.WORKSHOP,), age_from=5, age_to=12),
        offering("Lerværksted", "2026-12-06 10:00", formats=(Format.WORKSHOP,), age_from=4, age_to=7),
        concert("Julekoncert", age_from=0, age_to=99),
        offering("Højtlæsning", "2026-12-02 10:00", place=library),
    )
    town.look()
    town.look()
    said = town.post()
    assert len(said) == 1
    (digest,) = said
    print_digest(digest)
    assert [(row.card.title("da"), row.labels) for row in digest.rows] == [
        ("Højtlæsning", (("venue", "Ishøj Bibliotek"),)),
        ("Upcycling", (("child", str(big)), ("child", str(small)))),
        ("Lerværksted", (("child", str(small)),)),
        ("Julekoncert", (("search", str(music)),)),
    ]
    assert digest.children == {big: (2015, None), small: (2020, "🐻")}
    assert town.post() == []


def print_digest(digest) -> None:
    for row in digest.rows:
        labels = ", ".join(f"{kind} {which}" for kind, which in row.labels)
        print(f"{row.card.title('da')} ({row.card.occurrences[0].start:%d-%m %H:%M}): {labels}")  # noqa: T201  # to be read


def test_a_first_import_of_500_offerings_makes_one_message_with_ten_rows(town: Town) -> None:
    anna = town.person()
    town.save(anna, MUSIC)
    town.wait("2026-11-25 15:10")
    town.publish(*(concert(f"Koncert {n}", f"2026-12-{1 + n % 28:02} 19:00") for n in range(500)))
    town.look()
    (digest,) = town.post()
    assert (len(digest.rows), digest.more) == (10, 490)
    assert all(row.card.occurrences[0].start == at("2026-12-01 19:00") for row in digest.rows)
    town.wait("2026-11-26 15:10")
    town.publish(concert("Den næste"))
    town.look()
    (digest,) = town.post()
    assert titles(digest) == ["Den næste"]


def test_the_rest_of_a_digest_can_be_read(town: Town) -> None:
    anna = town.person()
    town.save(anna, MUSIC)
    town.wait("2026-11-25 15:10")
    town.publish(*(concert(f"Koncert {n}") for n in range(12)))
    town.look()
    town.post()
    town.wait("2026-11-26 15:10")
    town.publish(concert("Den næste"))
    town.look()
    town.post()
    first, second = (rest(town, row, anna) for row in town.rows("sent"))
    assert len(first) == 12
    assert second == ["Den næste"]
    assert rest(town, town.rows()[0], anna + 1) == []


def rest(town: Town, row: Delivery, person: int) -> list[str]:
    match = town.catalogue.search_new
    rows = town.read(lambda s: digests.all_of(s, row.id, person, town.now, ZONE, match=match))
    return [row.card.title("da") for row in rows]


def test_nothing_new_is_no_message(town: Town) -> None:
    town.save(town.person(), MUSIC)
    town.wait("2026-11-25 15:10")
    town.publish(offering("Filmaften", "2026-12-12 19:00", categories=(Category.FILM,)))
    assert town.look() == 0
    assert town.post() == []


def test_what_is_already_over_cancelled_or_for_institutions_is_no_news(town: Town) -> None:
    town.save(town.person(), MUSIC)
    town.wait("2026-11-25 15:10")
    town.publish(
        concert("Forbi", "2026-11-25 10:00"),
        concert("Aflyst", status=Status.CANCELLED),
        concert("For skoler", audiences=(Audience.SCHOOLS,)),
    )
    assert town.look() == 0


def test_what_was_published_more_than_a_month_ago_is_no_news(town: Town) -> None:
    anna = town.person(digest="off")
    town.save(anna, MUSIC)
    town.wait("2026-11-25 15:10")
    town.publish(concert("Gammel nyhed", "2027-03-01 19:00"))
    town.wait("2026-12-28 15:10")
    town.person(digest="asap")
    town.publish(concert("Ny", "2027-03-02 19:00"))
    town.look()
    (digest,) = town.post()
    assert titles(digest) == ["Ny"]


# At once: one message a day


def test_at_most_one_message_a_day_and_nothing_is_lost(town: Town) -> None:
    town.save(town.person(), MUSIC)
    town.wait("2026-11-25 15:10")
    town.publish(concert("Den første"))
    town.look()
    assert len(town.post()) == 1
    town.wait("2026-11-25 16:00")
    town.publish(concert("Den anden"))
    town.look()
    assert town.post() == []
    town.wait("2026-11-25 20:00")
    town.publish(concert("Den tredje", "2026-12-13 19:00"))
    town.look()
    town.wait("2026-11-26 08:00")
    (digest,) = town.post()
    assert titles(digest) == ["Den anden", "Den tredje"]
    assert [row.key for row in town.rows()] == ["d:1:2026-11-25", "d:1:2026-11-26"]


def test_news_in_quiet_hours_waits_for_the_morning_and_gathers(town: Town) -> None:
    town.save(town.person(), MUSIC)
    for hour in ("22:00", "23:30"):
        town.wait(f"2026-11-25 {hour}")
        town.publish(concert(f"Fra {hour}"))
        town.look()
        assert town.post() == []
    (row,) = town.rows()
    assert (row.key, local(row.due_at)) == ("d:1:2026-11-26", "2026-11-26 08:00")
    town.wait("2026-11-26 08:00")
    (digest,) = town.post()
    assert titles(digest) == ["Fra 22:00", "Fra 23:30"]


@pytest.mark.parametrize(
    ("night", "published", "due"),
    [
        ("2026-03-29 01:30", "2026-03-29 01:40", "2026-03-29T08:00:00+02:00"),  # 02:00 does not exist
        ("2026-10-25 02:30", "2026-10-25 02:40", "2026-10-25T08:00:00+01:00"),  # 02:00–03:00 comes twice
    ],
)
def test_quiet_hours_end_at_eight_on_both_clock_change_nights(night: str, published: str, due: str) -> None:
    town = Town(night)
    town.save(town.person(), MUSIC)
    town.wait(published)
    town.publish(concert(when=f"{published[:4]}-12-12 19:00"))
    town.look()
    (row,) = town.rows()
    assert row.due_at == dt.datetime.fromisoformat(due)


def test_people_are_not_looked_at_again_while_nothing_is_published(town: Town, monkeypatch) -> None:
    town.save(town.person(), MUSIC)
    looked: list[object] = []
    real = news.readers
    monkeypatch.setattr(news, "readers", lambda *a: looked.append(a) or real(*a))
    for minute, published, times in (("15:10", True, 1), ("15:11", False, 1), ("15:12", True, 2)):
        town.wait(f"2026-11-25 {minute}")
        if published:
            town.publish(offering("Filmaften", "2026-12-12 19:00", categories=(Category.FILM,)))
        town.look()
        assert len(looked) == times


def test_a_question_that_many_ask_is_asked_once(town: Town, monkeypatch) -> None:
    for n in range(5):
        town.save(town.person(CHAT + n), MUSIC)
    town.wait("2026-11-25 15:10")
    town.publish(concert())
    asked: list[object] = []
    real = town.catalogue.search_new
    monkeypatch.setattr(town.catalogue, "search_new", lambda *a, **k: asked.append(a) or real(*a, **k))
    assert town.look() == 5
    assert len(asked) == 1


# By the clock


@pytest.mark.parametrize("hour", ["15:59", "16:00", "16:01"])
def test_a_daily_digest_comes_at_its_time(town: Town, hour: str) -> None:
    town.save(town.person(digest="daily"), MUSIC)
    town.look()
    town.wait("2026-11-25 15:10")
    town.publish(concert())
    town.look()
    town.wait(f"2026-11-25 {hour}")
    assert town.look() == (hour >= "16:00")
    assert all(local(row.due_at) == "2026-11-25 16:00" for row in town.rows())


def test_a_weekly_digest_comes_once_a_week_and_tells_the_whole_week(town: Town) -> None:
    town.save(town.person(digest="weekly", digest_weekday=4), MUSIC)
    town.look()
    said = []
    for day in range(26, 31):
        town.wait(f"2026-11-{day} 15:00")
        town.publish(concert(f"Fra den {day}."))
        town.look()
        town.wait(f"2026-11-{day} 16:00")
        town.look()
        said += [titles(digest) for digest in town.post()]
    town.wait("2026-12-03 16:00")
    town.look()
    said += [titles(digest) for digest in town.post()]
    assert said == [["Fra den 26."], [f"Fra den {day}." for day in range(27, 31)]]
    assert [row.key for row in town.rows()] == ["d:1:2026-W48", "d:1:2026-W49"]


@pytest.mark.parametrize(
    ("day", "key"),
    [
        ("2026-12-31", "d:1:2026-W53"),
        ("2027-01-01", "d:1:2026-W53"),
        ("2027-01-03", "d:1:2026-W53"),
        ("2027-01-04", "d:1:2027-W01"),
        ("2024-12-30", "d:1:2025-W01"),
    ],
)
def test_weeks_are_iso_weeks_also_at_new_year(day: str, key: str) -> None:
    town = Town(f"{day} 10:00")
    town.save(town.person(digest="weekly", digest_weekday=town.now.isoweekday()), MUSIC)
    town.look()
    town.wait(f"{day} 11:00")
    town.publish(concert(when=f"{town.now.year + 1}-06-12 19:00"))
    town.wait(f"{day} 16:00")
    town.look()
    assert [row.key for row in town.rows()] == [key]


@pytest.mark.parametrize(
    ("before", "after", "due"),
    [
        ("2026-03-29T01:59:00+01:00", "2026-03-29T03:00:00+02:00", "2026-03-29T03:30:00+02:00"),
        ("2026-10-25T02:29:00+02:00", "2026-10-25T02:31:00+02:00", "2026-10-25T02:30:00+02:00"),
    ],
)
def test_half_past_two_on_both_clock_change_nights(before: str, after: str, due: str) -> None:
    town = Town("2026-03-20 12:00" if "03-29" in before else "2026-10-20 12:00")
    awake = {"quiet_from": dt.time(0), "quiet_until": dt.time(0)}
    town.save(town.person(digest="daily", digest_time=dt.time(2, 30), **awake), MUSIC)
    town.now += dt.timedelta(minutes=1)
    town.publish(concert())
    town.now = dt.datetime.fromisoformat(before)
    town.look()
    town.now = dt.datetime.fromisoformat(after)
    town.look()
    (row,) = town.rows()
    assert row.due_at == dt.datetime.fromisoformat(due)
    # An hour later, when 02:30 comes for the second time in autumn.
    town.now = max(row.due_at, town.now)
    assert len(town.post()) == 1
    town.now += dt.timedelta(hours=1)
    town.look()
    assert town.post() == []
    assert len(town.rows()) == 1


def test_a_chosen_time_in_quiet_hours_waits_for_the_morning(town: Town) -> None:
    town.save(town.person(digest="daily", digest_time=dt.time(22)), MUSIC)
    town.look()
    town.wait("2026-11-25 15:10")
    town.publish(concert())
    town.wait("2026-11-25 22:00")
    town.look()
    (row,) = town.rows()
    assert (row.key, local(row.due_at)) == ("d:1:2026-11-25", "2026-11-26 08:00")


def test_off_is_off(town: Town) -> None:
    town.save(town.person(digest="off"), MUSIC)
    town.wait("2026-11-25 15:10")
    town.publish(concert())
    for hour in ("15:10", "16:00", "17:00"):
        town.wait(f"2026-11-25 {hour}")
        assert town.look() == 0


def test_a_digest_planned_before_another_rhythm_was_chosen_is_not_sent(town: Town) -> None:
    town.save(town.person(), MUSIC)
    town.wait("2026-11-25 15:10")
    town.publish(concert())
    town.look()
    town.write(lambda s: people.set_digest(s, CHAT, "weekly", weekday=3, at=dt.time(17)))
    assert town.post() == []
    town.wait("2026-11-25 17:00")
    town.look()
    (digest,) = town.post()
    assert titles(digest) == ["Koncert"]


# Pause, cap, lateness


def test_a_pause_holds_everything_and_afterwards_one_digest_tells_it_all(town: Town) -> None:
    town.save(town.person(), MUSIC)
    town.write(lambda s: people.pause(s, CHAT, town.now))
    for day in ("2026-11-26", "2026-12-02"):
        town.wait(f"{day} 12:00")
        town.publish(concert(f"Fra {day}"))
        town.look()
        assert town.post() == []
    town.wait("2026-12-09 15:00")
    (digest,) = town.post()
    assert titles(digest) == ["Fra 2026-11-26", "Fra 2026-12-02"]


def test_the_weekly_cap_puts_the_next_digest_off_until_there_is_room(town: Town) -> None:
    town.save(town.person(weekly_cap=2), MUSIC)
    said = []
    for day in range(26, 29):
        town.wait(f"2026-11-{day} 12:00")
        town.publish(concert(f"Fra den {day}."))
        town.look()
        said += [titles(digest) for digest in town.post()]
    assert said == [["Fra den 26."], ["Fra den 27."]]
    (waiting,) = town.rows("pending")
    assert local(waiting.due_at) == "2026-12-03 12:00"
    town.wait("2026-12-03 12:00")
    assert [titles(digest) for digest in town.post()] == [["Fra den 28."]]


def test_a_capped_daily_digest_is_left_out_and_a_later_one_tells_it(town: Town) -> None:
    town.save(town.person(weekly_cap=1, digest="daily"), MUSIC)
    town.look()
    said = []
    for day in ("25", "26", "27", "28", "29", "30", "01", "02", "03"):
        month = "12" if day < "25" else "11"
        town.wait(f"2026-{month}-{day} 15:30")
        if day in ("25", "26", "30"):
            town.publish(concert(f"Fra den {day}."))
        town.look()
        town.wait(f"2026-{month}-{day} 16:00")
        town.look()
        said += [(day, titles(digest)) for digest in town.post()]
    assert said == [("25", ["Fra den 25."]), ("02", ["Fra den 26.", "Fra den 30."])]
    assert len(town.rows()) == 2


def test_a_cap_of_none_means_no_digest_at_all(town: Town) -> None:
    town.save(town.person(weekly_cap=0), MUSIC)
    town.wait("2026-11-25 15:10")
    town.publish(concert())
    assert town.look() == 0


def test_a_cap_lowered_after_planning_holds_when_sending(town: Town) -> None:
    town.save(town.person(), MUSIC)
    town.wait("2026-11-25 15:10")
    town.publish(concert())
    town.look()
    town.write(lambda s: people.set_weekly_cap(s, CHAT, 0))
    assert town.post() == []
    assert [(row.state, row.reason) for row in town.rows()] == [("cancelled", "cap")]


def test_a_digest_delayed_into_quiet_hours_waits_for_their_end(town: Town) -> None:
    town.save(town.person(), MUSIC)
    town.wait("2026-11-25 20:50")
    town.publish(concert())
    town.look()
    town.wait("2026-11-25 21:30")
    assert town.post() == []
    town.wait("2026-11-26 08:00")
    assert len(town.post()) == 1


def test_a_digest_more_than_a_day_late_is_skipped_and_the_next_one_tells_what_is_still_ahead(
    town: Town,
) -> None:
    town.save(town.person(digest="daily"), MUSIC)
    town.look()
    town.wait("2026-11-25 15:10")
    town.publish(concert("Snart", "2026-11-27 18:00"), concert("Senere"))
    town.wait("2026-11-25 16:00")
    town.look()
    town.wait("2026-11-27 15:00")
    assert town.post() == []
    town.wait("2026-11-27 19:00")
    town.look()
    (digest,) = town.post()
    assert titles(digest) == ["Senere"]


def test_after_a_day_down_only_one_daily_digest_is_made(town: Town) -> None:
    town.save(town.person(digest="daily"), MUSIC)
    town.look()
    town.wait("2026-11-25 15:10")
    town.publish(concert())
    town.wait("2026-11-27 16:05")
    assert town.look() == 1
    assert [row.key for row in town.rows()] == ["d:1:2026-11-27"]


def test_after_two_days_down_the_next_news_bring_the_missed_ones_along(town: Town) -> None:
    town.save(town.person(), MUSIC)
    town.wait("2026-11-25 15:10")
    town.publish(concert("Den missede"))
    town.look()
    town.wait("2026-11-27 16:00")
    town.publish(concert("Den nye"))
    town.look()
    (digest,) = town.post()
    assert titles(digest) == ["Den missede", "Den nye"]


def test_who_ends_a_pause_early_does_not_wait_for_its_end(town: Town) -> None:
    town.save(town.person(), MUSIC)
    town.write(lambda s: people.pause(s, CHAT, town.now))
    town.wait("2026-11-26 12:00")
    town.publish(concert("I pausen"))
    town.look()
    town.wait("2026-11-28 12:00")
    town.write(lambda s: people.resume(s, CHAT))
    town.publish(concert("Bagefter"))
    town.look()
    (digest,) = town.post()
    assert titles(digest) == ["I pausen", "Bagefter"]


# What has changed since it was planned


def test_what_is_cancelled_between_planning_and_sending_is_left_out(town: Town) -> None:
    town.save(town.person(), MUSIC)
    town.wait("2026-11-25 15:10")
    first, second, third = town.publish(
        concert("Aflyst i mellemtiden"), concert("Består"), concert("Dagen aflyst")
    )
    town.look()
    town.change(Offering, first, status="cancelled")
    town.change(Occurrence, third, status="cancelled")
    (digest,) = town.post()
    assert (titles(digest), digest.more) == (["Består"], 0)
    assert digest.rows[0].card.id == second


def test_a_digest_that_has_become_empty_is_dropped_and_a_later_one_may_still_come_that_day(
    town: Town,
) -> None:
    town.save(town.person(), MUSIC)
    town.wait("2026-11-25 15:10")
    (only,) = town.publish(concert())
    town.look()
    town.change(Offering, only, status="cancelled")
    assert town.post() == []
    assert [(row.state, row.reason) for row in town.rows()] == [("cancelled", "empty")]
    town.publish(concert("En anden"))
    town.look()
    (digest,) = town.post()
    assert titles(digest) == ["En anden"]


def test_a_search_removed_or_not_renewed_is_silent(town: Town) -> None:
    anna = town.person()
    removed, paused = town.save(anna, MUSIC), town.save(anna, free=True)
    town.wait("2026-11-25 15:10")
    town.publish(concert(price_kind="free"))
    town.look()
    town.write(lambda s: searches.remove(s, anna, removed))
    town.change(SavedSearch, paused, paused=True)
    assert town.post() == []


def test_a_search_that_can_no_longer_be_read_harms_no_other(town: Town, caplog) -> None:
    anna = town.person()
    broken = town.save(anna, free=True)
    town.save(anna, MUSIC)
    town.change(SavedSearch, broken, query={"categories": ["magic"]})
    town.wait("2026-11-25 15:10")
    town.publish(concert())
    town.look()
    (digest,) = town.post()
    assert titles(digest) == ["Koncert"]
    assert f"saved search {broken} cannot be read" in caplog.text


# Never twice


@pytest.mark.parametrize("fate", [Fate.SENT, Fate.UNKNOWN])
def test_what_was_told_or_may_have_been_is_never_told_again(town: Town, fate: Fate) -> None:
    town.save(town.person(), MUSIC)
    town.wait("2026-11-25 15:10")
    town.publish(concert("Den første"))
    town.look()
    assert len(town.post(fate)) == 1
    assert town.post() == []
    town.wait("2026-11-26 12:00")
    town.publish(concert("Den anden"))
    town.look()
    (digest,) = town.post()
    assert titles(digest) == ["Den anden"]


@pytest.mark.parametrize("rhythm", ["asap", "daily"])
def test_who_has_been_told_everything_is_not_planned_for_again(town: Town, rhythm: str) -> None:
    town.save(town.person(digest=rhythm), MUSIC)
    town.look()
    town.wait("2026-11-25 16:00")
    town.publish(concert())
    town.look()
    assert len(town.post()) == 1
    town.wait("2026-11-26 16:00")
    town.publish(offering("Filmaften", "2026-12-12 19:00", categories=(Category.FILM,)))
    assert town.look() == 0


def test_a_crash_while_sending_leaves_a_digest_in_doubt_that_is_not_repeated(town: Town) -> None:
    town.save(town.person(), MUSIC)
    town.wait("2026-11-25 15:10")
    town.publish(concert("Den første"))
    town.look()
    lease = {"state": "in_flight", "claimed_by": "dead", "lease_until": at("2026-11-25 15:11"), "attempts": 1}
    town.change(Delivery, 1, **lease)
    town.wait("2026-11-25 15:20")
    assert town.post() == []
    assert [row.state for row in town.rows()] == ["unknown"]
    town.wait("2026-11-26 12:00")
    town.publish(concert("Den anden"))
    town.look()
    (digest,) = town.post()
    assert titles(digest) == ["Den anden"]


def test_what_was_certainly_not_sent_is_told_later(town: Town) -> None:
    town.save(town.person(), MUSIC)
    town.wait("2026-11-25 15:10")
    town.publish(concert())
    town.look()
    town.post(Fate.NOT_SENT)
    town.wait("2026-11-25 15:12")
    (digest,) = town.post()
    assert titles(digest) == ["Koncert"]


def test_an_id_is_not_given_away_again_when_the_newest_offerings_are_removed(town: Town) -> None:
    town.save(town.person(), MUSIC)
    town.wait("2026-11-25 15:10")
    (sample,) = town.publish(concert("Prøve"))
    town.look()
    town.post()
    town.write(lambda s: s.delete(s.get(Offering, sample)))
    town.wait("2026-11-26 12:00")
    (fresh,) = town.publish(concert("Rigtig"))
    assert fresh > sample
    town.look()
    (digest,) = town.post()
    assert titles(digest) == ["Rigtig"]


# Organisers and venues


def test_what_is_new_from_a_followed_organiser_is_told_with_its_name(town: Town) -> None:
    anna = town.person()
    town.publish(offering("Før", "2026-12-01 19:00", organizer="Musikskolen"))
    town.follow(anna, "organizer", 1)
    town.wait("2026-11-25 15:10")
    town.publish(
        offering("Elevkoncert", "2026-12-05 14:00", organizer="Musikskolen"),
        offering("Andres", "2026-12-05 14:00", organizer="Teatret"),
    )
    town.look()
    (digest,) = town.post()
    assert [(row.card.title("da"), row.labels) for row in digest.rows] == [
        ("Elevkoncert", (("organizer", "Musikskolen"),))
    ]


def test_of_a_followed_venue_the_date_there_is_told_and_a_namesake_is_another(town: Town) -> None:
    anna = town.person()
    here, there = venue("Biblioteket", town="Ishøj"), venue("Biblioteket", town="Køge")
    town.publish(offering("Før", time("2026-12-01 19:00", venue=here)))
    town.follow(anna, "venue", 1)
    town.wait("2026-11-25 15:10")
    elsewhere = venue("Kulturhuset")
    dates = time("2026-12-03 10:00", venue=elsewhere), time("2026-12-10 10:00", venue=here)
    town.publish(
        offering("På turné", *dates),
        offering("I Køge", time("2026-12-04 10:00", venue=there)),
    )
    town.look()
    (digest,) = town.post()
    (row,) = digest.rows
    told = next(o for o in row.card.occurrences if o.id == row.occurrence_id)
    assert (row.card.title("da"), local(told.start)) == ("På turné", "2026-12-10 10:00")


def test_what_somebody_follows_already_is_no_news_to_them(town: Town) -> None:
    anna = town.person()
    town.save(anna, MUSIC)
    town.wait("2026-11-25 15:10")
    (known,) = town.publish(concert())
    town.follow(anna, "offering", known)
    assert town.look() == 0


def test_a_running_exhibition_comes_after_what_is_to_begin(town: Town) -> None:
    town.save(town.person(), Query(free=True))
    town.wait("2026-11-25 15:10")
    town.publish(
        offering("Udstilling", run("2026-11-01 10:00", "2026-12-31 17:00"), price_kind="free"),
        offering("Foredrag", "2026-12-12 19:00", price_kind="free"),
    )
    town.look()
    (digest,) = town.post()
    assert titles(digest) == ["Foredrag", "Udstilling"]


# Who is asked


def test_people_who_cannot_be_reached_get_nothing_planned(town: Town) -> None:
    town.save(town.person(inactive_since=town.now), MUSIC)
    town.wait("2026-11-25 15:10")
    town.publish(concert())
    assert town.look() == 0


def test_everybody_is_reached_over_many_pages(town: Town, monkeypatch) -> None:
    monkeypatch.setattr(digests, "_PAGE", 3)
    for n in range(10):
        town.save(town.person(CHAT + n), MUSIC)
    town.wait("2026-11-25 15:10")
    town.publish(concert())
    assert town.look() == 10
    assert {notice.to.chat_id for notice in town.post()} == {CHAT + n for n in range(10)}


def test_a_search_in_ishoej_says_nothing_of_koege(town: Town) -> None:
    place = PlaceRef("municipality:0183", "Ishøj", PlaceKind.MUNICIPALITY)
    town.save(town.person(), Query(places=(place,)))
    town.wait("2026-11-25 15:10")
    town.publish(
        offering("Her", "2026-12-05 14:00", place=venue("Huset", municipality="Ishøj")),
        offering("Der", "2026-12-05 14:00", place=venue("Salen", municipality="Køge")),
    )
    town.look()
    (digest,) = town.post()
    assert titles(digest) == ["Her"]


def test_an_erased_person_gets_nothing_also_when_it_was_planned(town: Town) -> None:
    town.save(town.person(), MUSIC)
    town.wait("2026-11-25 15:10")
    town.publish(concert())
    town.look()
    assert people.erase(town.database, CHAT, town.now)
    assert town.post() == []
    assert town.read(lambda s: s.get(Person, 1)) is None
