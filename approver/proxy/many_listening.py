"""`subscriptions/listen` at the endpoint for many servers: one request of the client's, the same one at every server.

    client ── listen ──> Listening ── the same id, each with its own addresses ──> every server
    client <── one acknowledgement, whatever they tell under that id, one end ── all of them

Servers know each other's requests by nothing, so all of them may have the client's own id.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from approver.proxy import jsonrpc
from approver.proxy.many_routes import Message, Routes
from approver.proxy.many_server import OWN_NUMBER, Behind

ACKNOWLEDGE_SECONDS = 5.0
"""How long the client's acknowledgement waits for servers."""
ACKNOWLEDGED = "notifications/subscriptions/acknowledged"
SUBSCRIPTION_ID_META_KEY = "io.modelcontextprotocol/subscriptionId"


@dataclass(slots=True)
class _Listen:
    """A listening client."""

    number: int
    message: Message
    waiting: set[str] = field(default_factory=set)
    """The servers that have not acknowledged yet."""
    listening: set[str] = field(default_factory=set)
    acknowledgement: Message | None = None
    """What those that have, agreed to; None once it was told."""
    is_told: bool = False


class Listening:
    """What one client listens to."""

    def __init__(self, behind: Mapping[str, Behind], routes: Routes, say: Callable[..., None]) -> None:
        self._behind = behind
        self._routes = routes
        self._say = say
        self._open: dict[jsonrpc.RequestId, _Listen] = {}

    def begin(self, number: int, message: Message) -> None:
        """Have the client listen to every server."""
        listen = self._open[message["id"]] = _Listen(number, message)
        listen.waiting = set(self._behind)
        listen.listening = set(self._behind)
        for behind in self._behind.values():
            behind.client(OWN_NUMBER, self._as_known_to(behind.name, message))
        asyncio.get_running_loop().call_later(ACKNOWLEDGE_SECONDS, self._acknowledge, listen)

    def _as_known_to(self, server: str, message: Message) -> Message:
        """The request with those addresses only that are this server's."""
        params = message.get("params")
        wanted = params.get("notifications") if isinstance(params, dict) else None
        uris = wanted.get("resourceSubscriptions") if isinstance(wanted, dict) else None
        if not isinstance(params, dict) or not isinstance(wanted, dict) or not isinstance(uris, list):
            return message
        found = [self._routes.addresses.find(uri, self._behind) for uri in uris if isinstance(uri, str)]
        own = [one[1] for one in found if one is not None and one[0] == server]
        return {**message, "params": {**params, "notifications": {**wanted, "resourceSubscriptions": own}}}

    def came(self, behind: Behind) -> None:
        """Have the client listen to a server that was started anew."""
        for listen in self._open.values():
            listen.listening.add(behind.name)
            behind.client(OWN_NUMBER, self._as_known_to(behind.name, listen.message))

    def takes(self, behind: Behind, message: Message) -> bool:
        """Take a server's acknowledgement; the client gets one, once all have acknowledged."""
        if message.get("method") != ACKNOWLEDGED:
            return False
        params = message.get("params")
        meta = params.get("_meta") if isinstance(params, dict) else None
        listen = self._open.get(meta.get(SUBSCRIPTION_ID_META_KEY)) if isinstance(meta, dict) else None  # type: ignore[arg-type]  # whatever it is
        if listen is None or not isinstance(params, dict):
            return True
        agreed = params.get("notifications")
        if listen.acknowledgement is None:
            listen.acknowledgement = {**message, "params": {**params, "notifications": {}}}
        if isinstance(agreed, dict):
            known = listen.acknowledgement["params"]["notifications"]
            listen.acknowledgement["params"]["notifications"] = _both(known, agreed, behind.name, self._routes)
        self._has_acknowledged(behind, listen)
        return True

    def _has_acknowledged(self, behind: Behind, listen: _Listen) -> None:
        listen.waiting.discard(behind.name)
        if not listen.waiting:
            self._acknowledge(listen)

    def _acknowledge(self, listen: _Listen) -> None:
        is_open = self._open.get(listen.message["id"]) is listen
        if is_open and not listen.is_told and listen.acknowledgement is not None:
            listen.is_told = True
            self._say(listen.acknowledgement)

    def has(self, request_id: jsonrpc.RequestId) -> bool:
        """Whether a request is under way."""
        return request_id in self._open

    def ended(self, behind: Behind, line: bytes) -> bool:
        """Take the end of a server's part; whether it is one. The client's request ends with the last of them."""
        envelope = jsonrpc.read_envelope(line)
        listen = self._open.get(envelope.id) if envelope is not None else None  # type: ignore[arg-type]  # whatever it is
        if envelope is None or listen is None:
            return False
        listen.listening.discard(behind.name)
        self._has_acknowledged(behind, listen)
        if not listen.listening:
            del self._open[listen.message["id"]]
            self._say(jsonrpc.read(line), listen.number)
        return True

    def cancelled(self, request_id: jsonrpc.RequestId, message: Message) -> None:
        """The client listens no more."""
        listen = self._open.pop(request_id, None)
        if listen is not None:
            for name in listen.listening:
                self._behind[name].client(OWN_NUMBER, message)


def _both(one: Message, other: Message, server: str, routes: Routes) -> Message:
    """What either server agreed to."""
    both: dict[str, Any] = {**one}
    for key, value in other.items():
        if isinstance(value, list):
            shown = [routes.addresses.shown(server, uri) if isinstance(uri, str) else uri for uri in value]
            both[key] = [*(both.get(key) or []), *shown]
        else:
            both[key] = both.get(key) or value
    return both
