"""How many a broadcast reaches, in words: no small number is told, nor left to be worked out."""

from collections import Counter
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.replies.audience import count_lines
from bot.replies.reply import Voice
from bot.texts import texts
from reminders.audience import Count

ZONE = ZoneInfo("Europe/Copenhagen")


def languages(**numbers: int) -> str:
    total = sum(numbers.values())
    counted = Count(total, places=Counter({("Ishøj", ""): total}), languages=Counter(numbers))
    voice = Voice(texts("da"), datetime(2026, 11, 23, 10, tzinfo=ZONE), ZONE)
    return str(count_lines(counted, voice)).splitlines()[2]


@pytest.mark.parametrize(
    ("numbers", "told"),
    [
        ({"da": 13, "en": 6}, "🌐 dansk: 13 · engelsk: 6"),
        ({"da": 14, "en": 3}, "🌐 dansk: mindst 10 · engelsk: færre end 5"),
        ({"da": 15, "en": 2}, "🌐 dansk · engelsk"),
        ({"da": 9}, "🌐 dansk: 9"),
    ],
)
def test_a_small_part_cannot_be_worked_out_from_the_others(numbers: dict[str, int], told: str) -> None:
    assert languages(**numbers) == told
