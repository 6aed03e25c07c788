"""Logging that cannot tell the token: the finished line is searched, traceback and all.

httpx writes the address of every request, token included, at INFO; so it and httpcore begin at WARNING, and
whatever still comes through any logger is redacted when it is formatted.
"""

import logging
import re
import sys
from types import TracebackType

_REDACTED = "[token]"
_TOKEN_FORM = re.compile(r"(?:bot)?\d{3,20}:[A-Za-z0-9_-]{20,100}")


class RedactingFormatter(logging.Formatter):
    """Formats as usual, then takes the secret, and whatever looks like a bot token, out of the whole line
    and its traceback."""

    def __init__(self, secret: str | None = None) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._secret = secret

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        if self._secret:
            line = line.replace(self._secret, _REDACTED)
        return _TOKEN_FORM.sub(_REDACTED, line)


def set_up_logging(level: str, secret: str | None = None) -> None:
    """Send every logger to standard error through the redacting formatter; also uncaught exceptions."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(RedactingFormatter(secret))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    if level != "DEBUG":
        for noisy in ("httpx", "httpcore", "apscheduler", "alembic"):
            logging.getLogger(noisy).setLevel(logging.WARNING)
    logging.getLogger("telegram.ext").addFilter(_without_token_traceback)
    sys.excepthook = _log_uncaught


def _without_token_traceback(record: logging.LogRecord) -> bool:
    """A token that Telegram does not know gets one clear line at the end; its traceback helps nobody."""
    # By name: asking one question from the command line should not load Telegram's library.
    if record.exc_info and record.exc_info[0] is not None and record.exc_info[0].__name__ == "InvalidToken":
        record.exc_info = None
    return True


def _log_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    logging.getLogger("kulturlods").critical("stopped by an error", exc_info=(kind, error, trace))
