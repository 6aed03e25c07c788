"""A Bot API over HTTP for tests: `OfflineApi` behind a real socket, for the real process to talk to.

It adds what only a server has: tokens, the three kinds of body, long polling with offsets, the conflict of
two pollers, scripted faults, and a record of when what was sent. Waiting is by condition, never by sleep.
"""

import itertools
import json
import sys
import threading
import time
from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, TypeVar
from urllib.parse import parse_qsl, unquote

from bot.offline import Message, OfflineApi

T = TypeVar("T")
Uploads = dict[str, tuple[str, bytes]]
PATIENCE_SECONDS = 30.0
_NOT_SENT_UNASKED = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(frozen=True, slots=True)
class Fault:
    """An answer that comes instead of the real one. retry_after: seconds, for a 429. migrate_to: a chat's new
    number."""

    status: int
    description: str
    retry_after: int | None = None
    migrate_to: int | None = None

    def body(self) -> dict[str, Any]:
        body: dict[str, Any] = {
            "ok": False,
            "error_code": self.status,
            "description": self.description,
        }
        if self.retry_after is not None:
            body["parameters"] = {"retry_after": self.retry_after}
        if self.migrate_to is not None:
            body["parameters"] = {"migrate_to_chat_id": self.migrate_to}
        return body


class CutError(Exception):
    """The connection ends without an answer."""


@dataclass(frozen=True, slots=True)
class Send:
    """One message that reached a chat; `at` counts seconds of a monotonic clock."""

    at: float
    method: str
    chat_id: int


@dataclass
class StandIn:
    """The Bot API for the bot that has `token`, at `url` while the `with` block lasts.

    `world` is what people see and do. The server's threads use it too, so act on it through `person` and
    `wait`. `refused` holds (method, description) of each call that broke a rule of the Bot API, `failures`
    what went wrong inside the server itself. `chat_faults` are the answers of chats to whatever is sent to
    them; `latency` gives the seconds that the answer to a message is on its way.
    """

    token: str
    world: OfflineApi = field(default_factory=OfflineApi)
    changed: threading.Condition = field(default_factory=threading.Condition)
    sends: list[Send] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    failures: list[BaseException] = field(default_factory=list)
    polls: int = 0
    chat_faults: dict[int, Fault] = field(default_factory=dict)
    latency: Callable[[], float] = lambda: 0.0
    _cuts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    _faults: dict[str, deque[Fault]] = field(default_factory=lambda: defaultdict(deque))
    _allowed: frozenset[str] = frozenset()
    _closed: bool = False

    def __enter__(self) -> "StandIn":
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self.changed:
            self._closed = True
            self.changed.notify_all()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        """What TELEGRAM_API_URL is set to."""
        return f"http://127.0.0.1:{self._server.server_port}"

    # What a test does.

    def person(self, act: Callable[[OfflineApi], T]) -> T:
        """Let a person act, and wake the poller."""
        with self.changed:
            done = act(self.world)
            self.changed.notify_all()
            return done

    def wait(self, what: Callable[[OfflineApi], T | None], *, seconds: float = PATIENCE_SECONDS) -> T:
        """The first true value of `what`, asked again after every call; AssertionError when time is up."""
        with self.changed:
            found = self.changed.wait_for(lambda: what(self.world) or None, timeout=seconds)
            assert found, f"waited {seconds:g} s in vain; the bot called: {self._last_calls()}"
            return found

    def fail(
        self, method: str, status: int, description: str, *, retry_after: int | None = None, times: int = 1
    ) -> None:
        """Answer the next `times` calls of `method` with this error; nothing of them is delivered."""
        with self.changed:
            self._faults[method].extend([Fault(status, description, retry_after)] * times)

    def cut(self, method: str, times: int = 1) -> None:
        """Deliver the next `times` calls of `method`, and end the connection instead of answering."""
        with self.changed:
            self._cuts[method] += times

    def pending_faults(self) -> int:
        """How many scripted faults nobody has met yet."""
        return sum(len(faults) for faults in self._faults.values()) + sum(self._cuts.values())

    def most_sends(self, *, within: float, chat_id: int | None = None) -> int:
        """The most messages that reached chats (or this chat) in any `within` seconds."""
        with self.changed:
            times = [send.at for send in self.sends if chat_id in (None, send.chat_id)]
        return max((bisect_left(times, at + within) - i for i, at in enumerate(times)), default=0)

    # What the server does.

    def answer(
        self, token: str, method: str, params: Mapping[str, Any], uploads: Uploads
    ) -> tuple[int, dict[str, Any]]:
        """One call as (HTTP status, body)."""
        if token != self.token:
            return 401, Fault(401, "Unauthorized").body()
        with self.changed:
            try:
                return self._answer(method, params, uploads)
            finally:
                self.changed.notify_all()

    def _answer(self, method: str, params: Mapping[str, Any], uploads: Uploads) -> tuple[int, dict[str, Any]]:
        if self._faults[method]:
            fault = self._faults[method].popleft()
            return fault.status, fault.body()
        if method == "getUpdates":
            return self._poll(params)
        if fault := self.chat_faults.get(int(params.get("chat_id") or 0)):
            return fault.status, fault.body()
        status, body = self.world.call(method, params, uploads)
        if status != 200:
            self.refused.append((method, body["description"]))
        elif method.startswith("send") and method != "sendChatAction":
            self.sends.append(Send(time.monotonic(), method, int(params["chat_id"])))
        if self._cuts[method]:
            self._cuts[method] -= 1
            raise CutError
        return status, body

    def _poll(self, params: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
        """Waits like Telegram: an offset confirms what is before it; a newer poller ends an older one."""
        self.polls += 1
        mine = self.polls
        self.changed.notify_all()
        self._confirm(int(params.get("offset") or 0))
        self._allow(params.get("allowed_updates"))
        limit = int(params.get("limit") or 100)
        self.changed.wait_for(
            lambda: self._waiting() or self.polls != mine or self._closed,
            timeout=float(params.get("timeout") or 0),
        )
        if self.polls != mine:
            return 409, Fault(409, "Conflict: terminated by other getUpdates request").body()
        return 200, {"ok": True, "result": self._waiting()[:limit]}

    def _confirm(self, offset: int) -> None:
        updates = self.world.updates
        if offset < 0:
            updates[:] = updates[offset:]
        else:
            updates[:] = [update for update in updates if update["update_id"] >= offset]

    def _allow(self, allowed: Any) -> None:
        if allowed is not None:
            self._allowed = frozenset(json.loads(allowed) if isinstance(allowed, str) else allowed)

    def _waiting(self) -> list[dict[str, Any]]:
        return [update for update in self.world.updates if self._wants(update)]

    def _wants(self, update: Mapping[str, Any]) -> bool:
        kind = next(key for key in update if key != "update_id")
        return kind in self._allowed if self._allowed else kind not in _NOT_SENT_UNASKED

    def _last_calls(self) -> str:
        last = itertools.islice(reversed(self.world.calls), 8)
        return ", ".join(f"{method}({params.get('text', '')!r:.60})" for method, params in last) or "nothing"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, standin: StandIn) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.standin = standin

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A bot that is killed resets its connections; anything else is a fault of ours."""
        error = sys.exc_info()[1]
        if not isinstance(error, ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:
        """/bot<token>/<method>, with a JSON, form or multipart body."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            self._reply(*self._handle(body))
        except (ConnectionError, CutError):
            self.close_connection = True  # a poller that was stopped does not wait for its answer
        except Exception as error:
            self.server.standin.failures.append(error)
            raise

    def do_GET(self) -> None:
        if self.path.startswith("/file/bot"):
            self._send_file()
        else:
            self.do_POST()

    def _send_file(self) -> None:
        """/file/bot<token>/<path>: a file that somebody sent."""
        token, _, path = unquote(self.path.removeprefix("/file/bot")).partition("/")
        known = token == self.server.standin.token
        status, content = self.server.standin.world.files.download(path) if known else (404, b"")
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _handle(self, body: bytes) -> tuple[int, dict[str, Any]]:
        path, _, query = self.path.partition("?")
        prefix, _, rest = path.partition("/bot")
        token, _, method = rest.partition("/")
        if prefix or not method:
            return 404, Fault(404, "Not Found").body()
        params, uploads = read_body(self.headers.get("Content-Type") or "", body)
        return self.server.standin.answer(token, method, {**dict(parse_qsl(query)), **params}, uploads)

    def _reply(self, status: int, body: Mapping[str, Any]) -> None:
        if self.path.endswith("/sendMessage"):
            time.sleep(self.server.standin.latency())
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the test tells what went wrong."""


def read_body(content_type: str, body: bytes) -> tuple[dict[str, Any], Uploads]:
    """The parameters of a call, and its uploads as {field: (file name, content)}."""
    if content_type.startswith("application/json"):
        return dict(json.loads(body or b"{}")), {}
    if content_type.startswith("multipart/form-data"):
        return _read_multipart(content_type, body)
    return dict(parse_qsl(body.decode(), keep_blank_values=True)), {}


def _read_multipart(content_type: str, body: bytes) -> tuple[dict[str, Any], Uploads]:
    whole = BytesParser(policy=HTTP).parsebytes(
        b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body
    )
    params: dict[str, Any] = {}
    uploads: Uploads = {}
    for part in whole.iter_parts():
        name = str(part.get_param("name", header="content-disposition"))
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        file_name = part.get_filename()
        if file_name is None:
            params[name] = content.decode()
        else:
            uploads[name] = (file_name, content)
    return params, uploads


def last_shown(world: OfflineApi, chat_id: int) -> Message | None:
    """The newest message that the bot shows in a chat."""
    return next(reversed(world.shown(chat_id)), None)
