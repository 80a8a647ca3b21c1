"""Finds the HTTP request to whose answer a message of the server's belongs. No I/O.

Over stdio everything comes on one line after another; over HTTP each request has a stream of its own. Most messages
say where they belong: an answer by its id, progress by its token, what a subscription tells by the id of the request
that opened it. A request to the client, or a log entry, says nothing: it most likely concerns what was asked last.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from approver.proxy.jsonrpc import RequestId

SUBSCRIPTION_ID_META_KEY = "io.modelcontextprotocol/subscriptionId"
LOG_LEVEL_META_KEY = "io.modelcontextprotocol/logLevel"

UNRELATED = frozenset(
    {
        "notifications/tools/list_changed",
        "notifications/prompts/list_changed",
        "notifications/resources/list_changed",
        "notifications/resources/updated",
    }
)
"""What a server tells of its own accord: it goes on the session's standing stream where the client holds one open."""


def members(value: Any) -> Mapping[str, Any]:
    """The members of an object; none where it is something else, as a server may well send."""
    return value if isinstance(value, Mapping) else {}


def meta_of(params: Any) -> Mapping[str, Any]:
    """The `_meta` of params; empty where there is none or it has another shape."""
    return members(members(params).get("_meta"))


@dataclass(slots=True)
class SessionPlaces:
    """What a handshake session has asked and not been answered, oldest first; and what the server has asked back."""

    _open: dict[RequestId, Any] = field(default_factory=dict)
    """By id, the token under which a request's sender wants to hear of its progress, if any."""
    _names: set[str] = field(default_factory=set)
    _asked_back: dict[RequestId, RequestId | None] = field(default_factory=dict)

    @property
    def open_ids(self) -> list[RequestId]:
        """The ids of what is not answered."""
        return list(self._open)

    def asked(self, request: Mapping[str, Any]) -> None:
        """The client asks something."""
        self._open[request["id"]] = meta_of(request.get("params")).get("progressToken")
        self._names.add(str(request["id"]))

    def is_open(self, request_id: RequestId) -> bool:
        """Whether a request of that id, or of one that reads the same, is not answered."""
        return str(request_id) in self._names

    def settled(self, request_id: object) -> bool:
        """A request of the client's is answered, or needs no answer; whether it was open."""
        if not isinstance(request_id, str | int) or request_id not in self._open:
            return False
        del self._open[request_id]
        self._names.discard(str(request_id))
        return True

    def answered_back(self, request_id: object) -> None:
        """The client has answered a request of the server's."""
        if isinstance(request_id, str | int):
            self._asked_back.pop(request_id, None)

    def place(self, message: Mapping[str, Any], *, standing_stream: bool) -> RequestId | None:
        """The request on whose stream the message goes out; None: on the session's standing stream."""
        newest = next(reversed(self._open), None)
        params = members(message.get("params"))
        if "id" in message:
            if isinstance(message["id"], str | int):
                self._asked_back[message["id"]] = newest
            return newest
        if message["method"] == "notifications/progress":
            return self._by_token(params.get("progressToken"))
        if message["method"] == "notifications/cancelled":  # of what the server has asked, where it was asked
            cancelled = params.get("requestId")
            return self._asked_back.get(cancelled) if isinstance(cancelled, str | int) else None
        return None if message["method"] in UNRELATED and standing_stream else newest

    def _by_token(self, token: object) -> RequestId | None:
        if token is None:
            return None
        return next((request_id for request_id, wanted in self._open.items() if wanted == token), None)


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

    def to_server(self, params: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
        """The request's params as the server gets them: not another object where there is nothing to rename."""
        if params is None or self.token is None:
            return params
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


def alias_for(message: Mapping[str, Any], open_aliases: Iterable[Alias]) -> Alias | None:
    """The stateless request that a notification belongs to; None: none that is open, so nobody is to have it."""
    params = members(message.get("params"))
    names = {alias.name: alias for alias in open_aliases}
    if SUBSCRIPTION_ID_META_KEY in meta_of(params):
        return _named(meta_of(params)[SUBSCRIPTION_ID_META_KEY], names)
    if message["method"] == "notifications/progress":
        return _named(params.get("progressToken"), names)
    if message["method"] == "notifications/message":  # only a request that asked for logs may be sent any
        return next((alias for alias in reversed(names.values()) if alias.wants_logs), None)
    return next(reversed(names.values()), None)


def _named(name: object, aliases: Mapping[str, Alias]) -> Alias | None:
    return aliases.get(name) if isinstance(name, str) else None  # a server may name anything, lists too
