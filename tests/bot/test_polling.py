"""A deaf process is noticed."""

from bot.polling import PollWatch


def test_silence_for_longer_than_the_limit_is_overdue() -> None:
    now = 0.0
    watch = PollWatch(limit=90, monotonic=lambda: now)
    now = 90.0
    assert not watch.overdue()
    now = 90.5
    assert watch.overdue()
    watch.answered()
    assert not watch.overdue()
