"""Finds the HTTP request to whose answer a message of the server's belongs. No I/O.

Over stdio everything comes on one line after another; over HTTP each request has a stream of its own. Most messages
say where they belong: an answer by its id, progress by its token, what a subscription tells by the id of the request
that opened it. A request to the client, or a log entry, says nothing: it most likely concerns what was asked last.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mcp.shared.subscriptions import SUBSCRIPTION_ID_META_KEY
from mcp_types import LOG_LEVEL_META_KEY, JSONRPCNotification, JSONRPCRequest, RequestId

UNRELATED = frozenset(
    {
        "notifications/tools/list_changed",
        "notifications/prompts/list_changed",
        "notifications/resources/list_changed",
        "notifications/resources/updated",
    }
)
"""What a server tells of its own accord: it goes on the session's standing stream where the client holds one open."""


def meta_of(params: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """The `_meta` of params; empty where there is none or it has another shape."""
    meta = (params or {}).get("_meta")
    return meta if isinstance(meta, Mapping) else {}


@dataclass(slots=True)
class SessionPlaces:
    """What a handshake session has asked and not been answered, oldest first; and what the server has asked back."""

    _open: dict[RequestId, JSONRPCRequest] = field(default_factory=dict)
    _asked_back: dict[RequestId, RequestId | None] = field(default_factory=dict)

    @property
    def open_ids(self) -> list[RequestId]:
        """The ids of what is not answered."""
        return list(self._open)

    def asked(self, request: JSONRPCRequest) -> None:
        """The client asks something."""
        self._open[request.id] = request

    def settled(self, request_id: object) -> bool:
        """A request of the client's is answered, or needs no answer; whether it was open."""
        return isinstance(request_id, str | int) and self._open.pop(request_id, None) is not None

    def answered_back(self, request_id: RequestId | None) -> None:
        """The client has answered a request of the server's."""
        if request_id is not None:
            self._asked_back.pop(request_id, None)

    def place(self, message: JSONRPCRequest | JSONRPCNotification, *, standing_stream: bool) -> RequestId | None:
        """The request on whose stream the message goes out; None: on the session's standing stream."""
        newest = next(reversed(self._open), None)
        if isinstance(message, JSONRPCRequest):
            self._asked_back[message.id] = newest
            return newest
        if message.method == "notifications/progress":
            return self._by_token((message.params or {}).get("progressToken"))
        if message.method == "notifications/cancelled":  # of what the server has asked, where it was asked
            cancelled = (message.params or {}).get("requestId")
            return self._asked_back.get(cancelled) if isinstance(cancelled, str | int) else None
        return None if message.method in UNRELATED and standing_stream else newest

    def _by_token(self, token: object) -> RequestId | None:
        for request in self._open.values():
            if token is not None and meta_of(request.params).get("progressToken") == token:
                return request.id
        return None


@dataclass(frozen=True, slots=True)
class Alias:
    """A stateless request under the name it has at the server, which many clients share: ids and tokens may repeat."""

    name: str
    """The request's id at the server, and the token of its progress."""
    client_id: RequestId
    token: Any = None
    """The token that the client has given, if any."""
    wants_logs: bool = False

    @classmethod
    def of(cls, name: str, client_id: RequestId, params: Mapping[str, Any] | None) -> "Alias":
        """Name a client's request."""
        meta = meta_of(params)
        return cls(name, client_id, meta.get("progressToken"), LOG_LEVEL_META_KEY in meta)

    def to_server(self, params: Mapping[str, Any] | None) -> dict[str, Any] | None:
        """The request's params as the server gets them."""
        if params is None or self.token is None:
            return None if params is None else dict(params)
        return {**params, "_meta": {**meta_of(params), "progressToken": self.name}}

    def to_client(self, body: Mapping[str, Any] | None) -> dict[str, Any] | None:
        """A notification's params or the result, as the client gets them."""
        if body is None:
            return None
        given_back = dict(body)
        if self.token is not None and given_back.get("progressToken") == self.name:
            given_back["progressToken"] = self.token
        if meta_of(body).get(SUBSCRIPTION_ID_META_KEY) == self.name:
            given_back["_meta"] = {**meta_of(body), SUBSCRIPTION_ID_META_KEY: self.client_id}
        return given_back


def alias_for(message: JSONRPCNotification, open_aliases: Iterable[Alias]) -> Alias | None:
    """The stateless request that a notification belongs to; None: none that is open, so nobody is to have it."""
    params = message.params or {}
    names = {alias.name: alias for alias in open_aliases}
    if SUBSCRIPTION_ID_META_KEY in meta_of(params):
        return _named(meta_of(params)[SUBSCRIPTION_ID_META_KEY], names)
    if message.method == "notifications/progress":
        return _named(params.get("progressToken"), names)
    if message.method == "notifications/message":  # only a request that asked for logs may be sent any
        return next((alias for alias in reversed(names.values()) if alias.wants_logs), None)
    return next(reversed(names.values()), None)


def _named(name: object, aliases: Mapping[str, Alias]) -> Alias | None:
    return aliases.get(name) if isinstance(name, str) else None  # a server may name anything, lists too
