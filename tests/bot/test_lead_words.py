"""Lead times in somebody's own words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.lead_words import typed_leads
from bot.replies.leads import lead_phrase
from reminders.leads import PRESETS, Lead
from tests.bot.facts import voice


@pytest.mark.parametrize(
    ("written", "lead"),
    [
        ("10 min", "m10"),
        ("10 min.", "m10"),
        ("3 timer før", "m180"),
        ("en time før", "m60"),
        ("en halv time", "m30"),
        ("dagen før", "d1@17:00"),
        ("dagen før kl. 18.30", "d1@18:30"),
        ("2 dage før kl. 9", "d2@09:00"),
        ("en uge før", "d7@17:00"),
        ("samme dag kl 9", "d0@09:00"),
        ("om morgenen", "d0@08:00"),
        ("Half an hour", "m30"),
        ("3 hours before", "m180"),
        ("the day before at 18", "d1@18:00"),
        ("2 weeks", "d14@17:00"),
    ],
)
def test_a_lead_time_is_understood(written: str, lead: str) -> None:
    assert typed_leads(written) == (Lead.parse(lead),)


@pytest.mark.parametrize("written", ["ingen", "Ingen påmindelser", "none"])
def test_none_means_no_reminders(written: str) -> None:
    assert typed_leads(written) == ()


@pytest.mark.parametrize(
    "written",
    ["", "hvad sker der i morgen", "i weekenden", "0 min", "99 dage", "5 uger", "10", "min søn", "kl. 9"],
)
def test_anything_else_is_no_lead_time(written: str) -> None:
    assert typed_leads(written) is None


@given(st.text(max_size=60))
def test_whatever_is_written_is_lead_times_or_nothing(written: str) -> None:
    found = typed_leads(written)
    assert found is None or all(Lead.parse(str(lead)) == lead for lead in found)


@pytest.mark.parametrize("lead", PRESETS)
@pytest.mark.parametrize("language", ["da", "en"])
def test_what_the_buttons_say_can_be_written(lead: Lead, language: str) -> None:
    assert typed_leads(lead_phrase(lead, voice(language))) == (lead,)
