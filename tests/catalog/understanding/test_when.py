"""Time phrases: a table of what people say and what they mean, and the sentences that say no time."""

import tomllib
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.text import tokens
from catalog.understanding.when import When, find_when
from catalog.understanding.when.feasts import easter, feast_dates
from catalog.understanding.when.lexicon import lexicon, meanings

ZONE = ZoneInfo("Europe/Copenhagen")
TABLE = tomllib.loads(Path(__file__).with_name("when_phrases.toml").read_text(encoding="utf-8"))
WEDNESDAY = datetime(2026, 11, 25, 15, tzinfo=ZONE)


def when(text: str, now: datetime = WEDNESDAY, language: str = "da") -> When:
    return find_when(tokens(text), text, now, language)


def rest(text: str, language: str = "da") -> str:
    """The words that say nothing about time."""
    used = when(text, language=language).used
    return " ".join(token.text for index, token in enumerate(tokens(text)) if index not in used)


def shown(found: When) -> str:
    """The table's way of writing it."""

    def moment(at: datetime | None) -> str:
        return "" if at is None else at.strftime("%Y-%m-%dT%H:%M").removesuffix("T00:00")

    parts = [f"{moment(window.since)}..{moment(window.until)}" for window in found.windows]
    parts += [f"days {' '.join(map(str, found.weekdays))}"] if found.weekdays else []
    parts += [f"from {found.from_time:%H:%M}"] if found.from_time else []
    parts += [f"until {found.until_time:%H:%M}"] if found.until_time else []
    parts += ["now"] * found.now_asked + ["starts"] * found.starts_only
    return ", ".join(parts) or "none"


def phrases() -> Iterator[tuple[str, str, str, str]]:
    for group in TABLE["at"]:
        for language in ("da", "en"):
            for phrase, expected in group.get(language, {}).items():
                yield group["now"], language, phrase, expected


def test_nearly_all_phrases_of_the_table_are_understood(capsys):
    asked: Counter[str] = Counter()
    wrong = []
    for now, language, phrase, expected in phrases():
        asked[language] += 1
        got = shown(when(phrase, datetime.fromisoformat(now).replace(tzinfo=ZONE), language))
        if got != expected:
            wrong.append((language, now, phrase, expected, got))
    missed = Counter(language for language, *_ in wrong)
    rates = {language: 1 - missed[language] / asked[language] for language in asked}
    with capsys.disabled():
        print("\ntime phrases right: " + ", ".join(f"{k} {rates[k]:.1%} of {asked[k]}" for k in asked))  # noqa: T201
    assert min(asked.values()) >= 100
    assert min(rates.values()) >= 0.98, wrong


def test_the_weekend_of_the_contract():
    found = when("gratis workshops for unge i weekenden")
    assert [window.to_json() for window in found.windows] == [
        {"from": "2026-11-27T18:00:00+01:00", "until": "2026-11-30T00:00:00+01:00"}
    ]
    assert rest("gratis workshops for unge i weekenden") == "gratis workshops for unge"


@pytest.mark.parametrize(
    ("now", "hours"),
    [(datetime(2026, 10, 24, 22, tzinfo=ZONE), 25), (datetime(2027, 3, 27, 22, tzinfo=ZONE), 23)],
)
def test_a_day_is_a_day_when_the_clocks_change(now, hours):
    (window,) = when("i morgen", now).windows
    assert window.until.astimezone(UTC) - window.since.astimezone(UTC) == timedelta(hours=hours)
    (window,) = when("om 6 timer", now).windows
    assert window.since.astimezone(UTC) - now.astimezone(UTC) == timedelta(hours=6)


def test_a_clock_time_that_does_not_exist_becomes_one_that_does():
    (window,) = when("søndag kl. 02.30", datetime(2027, 3, 27, 22, tzinfo=ZONE)).windows
    assert window.since == window.since.astimezone(UTC).astimezone(ZONE)
    assert window.since < window.until


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("15-18 år", "da"),
        ("til min datter på 8", "da"),
        ("7 år", "da"),
        ("2 voksne og 3 børn", "da"),
        ("god aften", "da"),
        ("dans og musik for alle", "da"),
        ("foredrag om fred", "da"),
        ("fredagsbar og fredagsrock", "da"),
        ("julekoncert", "da"),
        ("fastelavn i Køge", "da"),
        ("halloween for børn", "da"),
        ("sommer koncert", "da"),
        ("kan man se noget for man ved aldrig", "da"),
        ("marked", "da"),
        ("under 100 kr", "da"),
        ("hvad laver I", "da"),
        ("venter du", "da"),
        ("I may go to a concert", "en"),
        ("may we bring kids", "en"),
        ("spring concerts", "en"),
        ("Christmas concerts", "en"),
        ("night market", "en"),
        ("good evening", "en"),
        ("a match and a march", "en"),
        ("for my 7 year old", "en"),
        ("kids aged 5 to 7", "en"),
        ("bread baking", "en"),
        ("something to do", "en"),
        ("", "en"),
    ],
)
def test_sentences_that_say_no_time(text, language):
    assert when(text, language=language) == When()


@pytest.mark.parametrize(
    ("text", "language", "left"),
    [
        ("hvad sker der i aften i Ishøj", "da", "hvad sker der i Ishøj"),
        ("noget for min datter på 8 på lørdag", "da", "noget for min datter på 8"),
        ("teater i næste uge efter kl. 18", "da", "teater"),
        ("børneteater fredag og lørdag aften i Køge", "da", "børneteater i Køge"),
        ("free concerts in the next couple of weeks", "en", "free concerts"),
        ("kids' theatre this Sunday at 11am", "en", "kids theatre"),
        ("exhibitions open now", "en", "exhibitions open"),
    ],
)
def test_only_the_words_of_time_are_taken(text, language, left):
    assert rest(text, language) == left


def test_words_taken_out_by_others_part_the_sentence():
    text = "lørdag 3 børn 14-16 år"
    kept = [token for token in tokens(text) if token.text in ("lørdag", "år")]
    found = find_when(kept, text, WEDNESDAY, "da")
    assert shown(found) == "2026-11-28..2026-11-29"
    assert found.used == {0}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("på lødag", ("lødag", "lørdag")),
        ("i weekeden", ("weekeden", "weekenden")),
        ("i morgn", ("morgn", "morgen")),
        ("on saterday", ("saterday", "saturday")),
        ("næste torsdg", ("torsdg", "torsdag")),
    ],
)
def test_typos_in_words_of_time_are_mended_and_told(written, meant):
    assert when(written).repaired == (meant,)


@pytest.mark.parametrize(
    ("danish", "ascii_letters"),
    [
        ("på lørdag", "paa loerdag"),
        ("på søndag", "pa sondag"),
        ("næste måned", "naste maned"),
        ("i påsken", "i pasken"),
    ],
)
def test_ascii_spellings_mean_the_same(danish, ascii_letters):
    assert when(danish).windows == when(ascii_letters).windows != ()


def test_people_mix_languages():
    assert when("workshops this weekend", language="da") == when("workshops this weekend", language="en")
    assert when("events i weekenden", language="en").windows == when("i weekenden").windows


def test_hours_without_a_day_hold_every_day():
    found = when("koncerter om aftenen efter kl. 8")
    assert (found.windows, found.from_time, found.until_time) == ((), time(20), None)


def test_hours_said_with_a_day_are_in_its_window_only():
    found = when("lørdag mellem 14 og 16")
    assert (shown(found), found.from_time) == ("2026-11-28T14:00..2026-11-28T16:00", None)


def test_easter_and_the_days_around_it_are_those_of_the_public_calendar():
    named = {
        "maundy-thursday": "Skærtorsdag",
        "good-friday": "Langfredag",
        "easter-monday": "Anden påskedag",
        "ascension": "Kristi himmelfartsdag",
        "whit-monday": "Anden pinsedag",
        "new-years-day": "Nytårsdag",
        "boxing-day": "Anden juledag",
    }
    for year in range(2024, 2041):
        public = holidays.country_holidays("DK", years=year, language="da")
        for feast, name in named.items():
            assert feast_dates(feast, year)[0] in public.get_named(name, lookup="exact")
    assert easter(2027) == date(2027, 3, 28)


def test_every_word_of_the_lexicon_has_a_meaning():
    known = meanings()
    for language in ("da", "en"):
        for phrase, found in lexicon(language).phrases.items():
            for word in found:
                if word.kind in ("part", "part_any", "part_plural"):
                    assert word.value in known["parts"], phrase
                elif word.kind in ("season", "season_unsure"):
                    assert word.value in known["seasons"], phrase
                elif word.kind in ("feast", "feast_unsure") and word.value != "school-holiday":
                    assert word.value in known["feasts"], phrase


WORDS = """i på om til fra kl. den næste denne hver sidste første en to 3 5. 14 31. 2026 2027 5/12 19.30 9999
uger dage måned år lørdag fredag mandagen tirsdage weekend aften formiddag om natten jul påske december maj
februar og eller - , mellem efter før inden indtil nu snart between and from next friday night pm may at the
of week 53 1.-10. 31/2 29. februar hverdage efter skole resten af midt halv middag uge sen timer"""


@settings(max_examples=400, deadline=None)
@given(
    st.lists(st.sampled_from(WORDS.split()), max_size=9).map(" ".join) | st.text(max_size=40),
    st.datetimes(datetime(2025, 1, 1), datetime(2030, 12, 31)),  # noqa: DTZ001 (made aware below)
    st.sampled_from(["da", "en"]),
)
def test_any_sentence_at_any_time_gives_ordered_aware_windows(text, naive, language):
    now = naive.replace(tzinfo=ZONE)
    found = when(text, now, language)
    for window in found.windows:
        assert all(end.tzinfo is ZONE for end in (window.since, window.until) if end)
        if window.since and window.until:
            assert window.since.astimezone(UTC) <= window.until.astimezone(UTC)
    assert found.used <= set(range(len(tokens(text))))
    assert all(1 <= day <= 7 for day in found.weekdays)
