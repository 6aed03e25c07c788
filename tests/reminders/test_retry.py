"""What comes after an outcome, as a table."""

import datetime as dt

import pytest

from reminders.notices import Fate, Kind, Outcome
from reminders.retry import Next, after

NOW = dt.datetime(2026, 11, 27, 16, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(hours=3)
SENT_TWICE_AT_MOST = (Kind.REMINDER, Kind.CANCELLATION)


def decide(kind: Kind, outcome: Outcome, attempts: int = 1, useful_until: dt.datetime = LATER) -> Next:
    return after(kind, outcome, attempts=attempts, useful_until=useful_until, now=NOW)


@pytest.mark.parametrize("kind", Kind)
def test_sent_is_sent(kind: Kind) -> None:
    assert decide(kind, Outcome(Fate.SENT, message_id=1)) == Next("sent")


@pytest.mark.parametrize("kind", Kind)
def test_what_certainly_was_not_sent_is_pending_again(kind: Kind) -> None:
    decided = decide(kind, Outcome(Fate.NOT_SENT))
    assert decided.state == "pending"
    assert NOW < decided.due_at < LATER


def test_it_expires_when_the_next_try_would_come_too_late() -> None:
    soon = NOW + dt.timedelta(seconds=5)
    assert decide(Kind.REMINDER, Outcome(Fate.NOT_SENT), useful_until=soon).state == "expired"


@pytest.mark.parametrize("kind", SENT_TWICE_AT_MOST)
def test_a_reminder_in_doubt_is_sent_once_more_after_five_minutes(kind: Kind) -> None:
    first = decide(kind, Outcome(Fate.UNKNOWN), attempts=1)
    assert (first.state, first.due_at) == ("pending", NOW + dt.timedelta(minutes=5))
    assert decide(kind, Outcome(Fate.UNKNOWN), attempts=2).state == "unknown"


def test_a_reminder_in_doubt_is_not_repeated_once_it_is_of_no_use() -> None:
    soon = NOW + dt.timedelta(minutes=4)
    assert decide(Kind.REMINDER, Outcome(Fate.UNKNOWN), useful_until=soon).state == "unknown"


@pytest.mark.parametrize("kind", [k for k in Kind if k not in SENT_TWICE_AT_MOST])
def test_everything_else_in_doubt_is_never_repeated(kind: Kind) -> None:
    assert decide(kind, Outcome(Fate.UNKNOWN)).state == "unknown"


def test_too_many_requests_stop_everything_until_then() -> None:
    decided = decide(Kind.DIGEST, Outcome(Fate.TOO_MANY, retry_after=30))
    assert decided.state == "pending"
    assert decided.halt_until == NOW + dt.timedelta(seconds=31)


def test_a_blocked_bot_means_the_person_is_gone() -> None:
    assert decide(Kind.REMINDER, Outcome(Fate.GONE, reason="blocked")) == Next("failed", "blocked", gone=True)


def test_a_migrated_chat_keeps_the_duty() -> None:
    decided = decide(Kind.REMINDER, Outcome(Fate.MIGRATED, new_chat_id=-100))
    assert (decided.state, decided.new_chat_id) == ("pending", -100)


def test_words_that_telegram_refuses_pause_their_kind() -> None:
    decided = decide(Kind.DIGEST, Outcome(Fate.REFUSED))
    assert (decided.state, decided.pause_kind) == ("failed", True)


def test_an_unknown_token_stops_the_sender_and_loses_nothing() -> None:
    decided = decide(Kind.REMINDER, Outcome(Fate.STOP))
    assert (decided.state, decided.stop) == ("pending", True)
