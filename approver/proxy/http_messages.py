"""The client's messages on their way to an HTTP server, and which of the server's messages answers which."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from approver.proxy import jsonrpc
from approver.proxy.stateless_headers import revision_of

REPEATABLE = frozenset({
    "completion/complete", "initialize", "logging/setLevel", "ping", "prompts/get", "prompts/list", "resources/list",
    "resources/read", "resources/subscribe", "resources/templates/list", "resources/unsubscribe", "server/discover",
    "subscriptions/listen", "tasks/get", "tasks/list", "tasks/result", "tools/list",
})  # fmt: skip
"""What may be sent again where it is not known whether the server got it: it changes nothing there."""

CANCELLED = "notifications/cancelled"
INITIALIZED = "notifications/initialized"
LISTEN = "subscriptions/listen"


@dataclass(slots=True, eq=False)
class Message:
    """One message of the client's, or of our own on its behalf."""

    line: bytes
    body: dict[str, Any]
    revision: str | None
    """The stateless revision it follows; None in the handshake's revisions."""
    on_sent: Callable[[], None] = field(default=lambda: None)
    on_answered: Callable[[], None] = field(default=lambda: None)
    is_given_up: bool = False
    """Whether the client has cancelled it: nobody waits for its answer any more."""

    @property
    def id(self) -> Any:
        """Its id; None where it has none."""
        return self.body.get("id")

    @property
    def method(self) -> str:
        """Its method; empty for a response."""
        method = self.body.get("method")
        return method if isinstance(method, str) else ""

    @property
    def answers(self) -> Any:
        """The id of the server's request that it answers; None where it answers none."""
        return self.id if not self.method and jsonrpc.is_request_id(self.id) else None

    @property
    def is_request(self) -> bool:
        """Whether it wants an answer."""
        return bool(self.method) and "id" in self.body

    @property
    def cancels(self) -> Any:
        """The id of the request that it takes back; None where it takes back none."""
        params = self.body.get("params")
        found = params.get("requestId") if self.method == CANCELLED and isinstance(params, dict) else None
        return found if jsonrpc.is_request_id(found) else None


def read_message(line: bytes) -> Message:
    """A line that was read strictly before, and encoded again."""
    body = jsonrpc.read(line)
    assert isinstance(body, dict)
    return Message(line, body, revision_of(body))


def own_message(method: str, params: Any, request_id: str | None = None, revision: str | None = None) -> Message:
    """A message of our own; with an id it is a request."""
    body = {"jsonrpc": "2.0", **({} if request_id is None else {"id": request_id}), "method": method, "params": params}
    return Message(jsonrpc.encode(body), body, revision)


@dataclass(frozen=True, slots=True)
class Found:
    """What a piece of the server's answer holds."""

    lines: list[bytes]
    """Messages, one a line, as they came."""
    response: bytes | None = None
    """The one of them that answers the request."""
    questions: tuple[Any, ...] = ()
    """The ids of those that are requests of the server's own."""

    def __add__(self, more: "Found") -> "Found":
        """What came, and what came next."""
        response = self.response if self.response is not None else more.response
        return Found([*self.lines, *more.lines], response, (*self.questions, *more.questions))


def find(text: bytes, request: Message | None) -> Found:
    """Take apart what came on a request's own response: one message, or a batch of them."""
    line = text.strip().replace(b"\r", b" ").replace(b"\n", b" ")  # white space between tokens: JSON escapes all others
    if line.startswith(b"["):
        found = sum((find(item, request) for item in _items(line)), Found([]))
        return found if found.lines else Found([line])
    envelope = jsonrpc.read_envelope(line)
    if envelope is not None and envelope.method is not msgspec.UNSET:
        return Found([line], questions=() if envelope.id is msgspec.UNSET else (envelope.id,))
    if envelope is None or request is None:
        return Found([line])
    if _same_id(envelope.id, request.id):
        return Found([line], line)
    if envelope.id is None and envelope.error is not msgspec.UNSET:  # it had read no id when it refused
        line = jsonrpc.encode({"jsonrpc": "2.0", "id": request.id, "error": envelope.error})
        return Found([line], line)
    return Found([line])


def find_error(text: bytes, request: Message) -> Found | None:
    """The JSON-RPC error in an answer whose status is an error too; many servers leave the id out, or make one up."""
    found = find(text, request)
    if found.response is not None:
        return found
    envelope = jsonrpc.read_envelope(found.lines[0])
    if envelope is None or envelope.error is msgspec.UNSET:
        return None
    line = jsonrpc.encode({"jsonrpc": "2.0", "id": request.id, "error": envelope.error})
    return Found([line], line)


def error_code(found: Found) -> Any:
    """The code of the error that answers a request; None where none does."""
    message = jsonrpc.read(found.response) if found.response is not None else None
    error = message.get("error") if isinstance(message, dict) else None
    return error.get("code") if isinstance(error, dict) else None


def is_success(response: bytes) -> bool:
    """Whether a response brings a result."""
    envelope = jsonrpc.read_envelope(response)
    return envelope is not None and envelope.result is not msgspec.UNSET


def _items(line: bytes) -> list[bytes]:
    try:
        return [bytes(item) for item in msgspec.json.decode(line, type=list[msgspec.Raw])]
    except (msgspec.DecodeError, UnicodeDecodeError):
        return []


def _same_id(one: Any, other: Any) -> bool:
    return one is not msgspec.UNSET and one == other and isinstance(one, str) == isinstance(other, str)
