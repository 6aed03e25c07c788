"""No log line and no traceback tells the token."""

import io
import logging
from collections.abc import Iterator

import httpx
import pytest

from bot.logs import RedactingFormatter, set_up_logging

TOKEN = "123456789:AAFakeFakeFakeFakeFakeFakeFakeFakeFake"  # no real token


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(RedactingFormatter(TOKEN))
    # A command that ran before in this process has made httpx silent, as the bot does.
    loggers = [logging.getLogger(), logging.getLogger("httpx")]
    levels = [logger.level for logger in loggers]
    loggers[0].addHandler(handler)
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
    yield stream
    loggers[0].removeHandler(handler)
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


def test_httpx_at_debug_does_not_tell_the_token(log: io.StringIO) -> None:
    transport = httpx.MockTransport(lambda _request: httpx.Response(200, json={"ok": True}))
    with httpx.Client(transport=transport) as client:
        client.get(f"https://api.example.org/bot{TOKEN}/getMe")
    assert "HTTP Request" in log.getvalue()
    assert TOKEN not in log.getvalue()
    assert "[token]" in log.getvalue()


def test_a_traceback_does_not_tell_the_token(log: io.StringIO) -> None:
    try:
        raise RuntimeError(f"https://api.example.org/bot{TOKEN}/sendMessage")
    except RuntimeError:
        logging.getLogger("x").exception("failed")
    assert "Traceback" in log.getvalue()
    assert TOKEN not in log.getvalue()


def test_a_token_that_is_not_ours_is_hidden_too(log: io.StringIO) -> None:
    other = "987654321:BBOtherOtherOtherOtherOtherOther"
    logging.getLogger("x").info("see /bot%s/getMe", other)
    assert other not in log.getvalue()


def test_a_short_token_is_hidden_because_it_is_known() -> None:
    record = logging.LogRecord("x", logging.INFO, "x.py", 1, "at /bot1:x/getMe", None, None)
    assert "1:x" not in RedactingFormatter("1:x").format(record)


def test_requests_are_not_logged_at_info() -> None:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        set_up_logging("INFO", TOKEN)
        assert not logging.getLogger("httpx").isEnabledFor(logging.INFO)
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        for name in ("httpx", "httpcore", "apscheduler", "alembic"):
            logging.getLogger(name).setLevel(logging.NOTSET)
