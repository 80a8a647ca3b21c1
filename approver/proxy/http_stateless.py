"""Stateless requests (2026-07-28) to an HTTP server: what their headers repeat, and what becomes of subscriptions.

A call whose parameter headers the server misses is refused before it runs; then the tools are listed, on our own
account, and the call is sent again with the headers that its tool wants. A subscription whose stream breaks is opened
again, and the client is told that whatever it watches may have changed meanwhile.
"""

from collections.abc import Mapping
from typing import Any

from approver.proxy import jsonrpc
from approver.proxy.http_messages import LISTEN, Found, Message, own_message
from approver.proxy.http_posts import AskAgain, Asked, Deliver, Posts
from approver.proxy.http_session import Aside, Once
from approver.proxy.http_wire import Unwelcome
from approver.proxy.listing import filter_listing
from approver.proxy.stateless_headers import HEADER_MISMATCH, StatelessHeaders

_ACKNOWLEDGED = "notifications/subscriptions/acknowledged"
_SUBSCRIPTION_META_KEY = "io.modelcontextprotocol/subscriptionId"
_CHANGES = {"toolsListChanged": "tools", "promptsListChanged": "prompts", "resourcesListChanged": "resources"}
_OWN_LIST_ID = "approver:headers"
_MOST_PAGES = 100


class StatelessSending:
    """One stateless message on its way; a `Source`."""

    def __init__(self, message: Message, headers: StatelessHeaders, posts: Posts, deliver: Deliver) -> None:
        self.message = message
        self._headers = headers
        self._posts = posts
        self._deliver = deliver
        self._is_mismatched = False
        self._acknowledged: Any = None

    async def asked(self) -> Asked:
        """The message with its headers as they are now."""
        if self._is_mismatched:
            await self._list_tools()
        assert self.message.revision is not None
        try:
            headers = self._headers.of(self.message.body, self.message.revision)
        except ValueError as fault:
            raise Unwelcome(f"it cannot be sent over HTTP: {fault}") from fault
        return _StatelessAsked(self, headers, self._deliver)

    async def forgotten(self, asked: Asked) -> None:
        """There is no session to be forgotten."""
        raise Unwelcome("it speaks of a session where there is none")

    # -- what is learnt from answers -------------------------------------------------------------------------------

    def look_at(self, found: Found) -> list[bytes]:
        """What of it the client is to see. Raises `AskAgain`."""
        if found.response is not None and self.message.method == "tools/call":
            self._check_mismatch(found.response)
        if found.response is not None and self.message.method == "tools/list":
            shown = self._listed(found.response)
            return [shown if line is found.response else line for line in found.lines]
        if self.message.method == LISTEN:
            return [shown for line in found.lines for shown in self._watched(line)]
        return found.lines

    def _check_mismatch(self, response: bytes) -> None:
        if self._is_mismatched or b"-32020" not in response:
            return
        if _member(jsonrpc.read(response), "error", "code") == HEADER_MISMATCH:
            self._is_mismatched = True
            raise AskAgain("it wants other headers")

    def _listed(self, response: bytes) -> bytes:
        params = self.message.body.get("params")
        is_first_page = not (isinstance(params, dict) and "cursor" in params)
        broken = self._headers.learn(response, is_first_page=is_first_page)
        return filter_listing(response, broken.__contains__)[0] if broken else response

    async def _list_tools(self) -> None:
        """List the tools for what their headers are; the client sees nothing of it."""
        meta = self.message.body["params"]["_meta"]
        params: dict[str, Any] = {"_meta": {key: value for key, value in meta.items() if key != "progressToken"}}
        revision = self.message.revision
        assert revision is not None
        for page in range(_MOST_PAGES):
            request = own_message("tools/list", params, _OWN_LIST_ID, revision)
            aside = Aside(request, self._headers.of(request.body, revision), self._deliver)
            await self._posts.ask(Once(aside))
            self._headers.learn(aside.response, is_first_page=page == 0)
            cursor = _member(jsonrpc.read(aside.response), "result", "nextCursor")
            if not isinstance(cursor, str):
                return
            params = {**params, "cursor": cursor}

    def _watched(self, line: bytes) -> list[bytes]:
        """A line of a subscription: the client need not see that it was opened again, but what it may have missed."""
        if _ACKNOWLEDGED.encode() not in line:
            return [line]
        message = jsonrpc.read(line)
        if _member(message, "method") != _ACKNOWLEDGED:
            return [line]
        before, self._acknowledged = self._acknowledged, _member(message, "params", "notifications") or {}
        if before is None:
            return [line]
        missed = self._missed(self._acknowledged)
        return missed if before == self._acknowledged else [line, *missed]

    def _missed(self, acknowledged: Any) -> list[bytes]:
        if not isinstance(acknowledged, dict):
            return []
        meta = {"_meta": {_SUBSCRIPTION_META_KEY: self.message.id}}
        changed = [
            own_message(f"notifications/{what}/list_changed", meta)
            for member, what in _CHANGES.items()
            if acknowledged.get(member) is True
        ]
        watched = acknowledged.get("resourceSubscriptions")
        updated = [
            own_message("notifications/resources/updated", {**meta, "uri": uri})
            for uri in (watched if isinstance(watched, list) else [])
        ]
        return [message.line for message in (*changed, *updated)]


class _StatelessAsked(Asked):
    def __init__(self, sending: StatelessSending, headers: list[tuple[bytes, bytes]], deliver: Deliver) -> None:
        super().__init__(sending.message, headers, deliver)
        self._sending = sending

    async def took(self, found: Found) -> None:
        await self.pass_on(self._sending.look_at(found))


def _member(value: Any, *path: str) -> Any:
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value
