"""What one client was told of its server's tools, and whether it is to hear that the list has changed.

    tools/list <── without what the policy hides ── ToolLists <── the server's answer
    notifications/tools/list_changed <── news ── ToolLists <── a policy was edited

A client hears of it in the way that it knows from its server: with a handshake, where the server's answer to it said
that there are such notifications; without one, on each stream of `subscriptions/listen` for which the server agreed to
them. Nobody else does.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from approver.model import ToolDefinition
from approver.proxy import jsonrpc
from approver.proxy.listing import filter_listing

CHANGED = "notifications/tools/list_changed"
LISTEN = "subscriptions/listen"
SUBSCRIPTION_ID_META_KEY = "io.modelcontextprotocol/subscriptionId"
MOST_LISTENING = 256
"""Streams that one client may hold open and still hear on each."""


class ToolLists:
    """The lists of one session."""

    def __init__(self, is_hidden: Callable[[str], bool]) -> None:
        self._is_hidden = is_hidden
        self._told: dict[str, bool] = {}
        """The tools that the server listed, and whether each was hidden when the client last heard of the list."""
        self._handshake: Any = None
        """The id of the request whose answer says what the server can do."""
        self._listening: dict[Any, bool] = {}
        """Open streams by their requests' ids, and whether the server agreed to tell of its tools there."""
        self.is_declared = False
        """Whether the client was told, in a handshake, that it will be told of changes."""

    def requested(self, method: str, message: Mapping[str, Any]) -> None:
        """Hear of a request that goes to the server."""
        if method == "initialize":
            self._handshake = message["id"]
        elif method == LISTEN and len(self._listening) < MOST_LISTENING and jsonrpc.is_request_id(message["id"]):
            self._listening[message["id"]] = False
        elif method == "tools/list" and not _member(message.get("params"), "cursor"):
            self._told.clear()  # the first page of a new list

    def answered(self, request_id: Any, envelope: jsonrpc.Envelope) -> None:
        """Hear of the answer to a request."""
        self._listening.pop(request_id, None)
        if request_id == self._handshake and envelope.result is not msgspec.UNSET:
            self._handshake = None
            self.is_declared = self.is_declared or _declares(_read(bytes(envelope.result)))

    def forget(self, request_id: Any) -> None:
        """Hear that a request was cancelled."""
        self._listening.pop(request_id, None)

    def told(self, line: bytes) -> None:
        """Hear of a notification of the server's: it may say what it agrees to on a stream."""
        if not self._listening or b"acknowledged" not in line:
            return
        params = _member(_read(line), "params")
        stream = _member(_member(params, "_meta"), SUBSCRIPTION_ID_META_KEY)
        if jsonrpc.is_request_id(stream) and stream in self._listening:
            self._listening[stream] = _member(_member(params, "notifications"), "toolsListChanged") is True

    def shown(self, line: bytes) -> tuple[bytes, list[ToolDefinition]]:
        """Take out of a list on its way to the client what the policy hides; returns what was listed as well."""

        def note(tool: str) -> bool:
            self._told[tool] = hidden = self._is_hidden(tool)
            return hidden

        return filter_listing(line, note)

    def news(self) -> Iterator[bytes]:
        """What the client is to be sent now that a policy was edited: nothing, if that hid and showed nothing."""
        now = {tool: self._is_hidden(tool) for tool in self._told}
        if now == self._told:
            return
        self._told = now
        if self.is_declared:
            yield jsonrpc.encode({"jsonrpc": "2.0", "method": CHANGED})
        for stream in [stream for stream, has_agreed in self._listening.items() if has_agreed]:
            params = {"_meta": {SUBSCRIPTION_ID_META_KEY: stream}}
            yield jsonrpc.encode({"jsonrpc": "2.0", "method": CHANGED, "params": params})


def _declares(result: Any) -> bool:
    return _member(_member(_member(result, "capabilities"), "tools"), "listChanged") is True


def _read(text: bytes) -> Any:
    try:
        return jsonrpc.read(text)
    except ValueError:
        return None


def _member(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None
