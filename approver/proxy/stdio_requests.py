"""HTTP requests of 2026-07-28, which stand alone: all of them before one server that they share.

    client ── POST ──> the SDK's entry (headers, statuses, JSON or a stream) ── middleware ──> SharedUpstream ──> server

The SDK reads and checks the HTTP side, and ends at a low-level server whose only part is a middleware that hands the
raw method and params on. At the server every request gets a name of its own: the clients' ids and tokens may repeat.
"""

import itertools
import logging
import math
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import anyio
import mcp_types as types
from anyio.abc import TaskGroup, TaskStatus
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
from mcp.server import Server, ServerRequestContext
from mcp.server.context import CallNext
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.shared.exceptions import MCPError
from mcp.shared.inbound import MCP_METHOD_HEADER, MCP_NAME_HEADER, decode_header_value
from mcp_types import JSONRPCError, JSONRPCMessage, JSONRPCNotification, JSONRPCRequest, JSONRPCResponse
from mcp_types.version import LATEST_MODERN_VERSION
from pydantic import BaseModel
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from approver.proxy.jsonrpc import MAX_LINE
from approver.proxy.stdio_messages import Connect, Upstream, UpstreamGone
from approver.proxy.stdio_placing import Alias, alias_for

log = logging.getLogger(__name__)

LONGEST_BODY = 2 * MAX_LINE
"""Bytes of a body, which was bounded when it came in; encoded again it may have grown a little."""
MOST_UNREAD = 1024
"""How many messages may wait for a client that does not read its stream."""
IDLE_SECONDS = 1800.0
"""How long the server is kept without any request; what it remembers for its clients, tasks say, ends with it."""
CANCEL_SECONDS = 5.0
SCHEMA_SECONDS = 5.0
MOST_PAGES = 20
MOST_TOOLS = 10_000
"""Of how many tools the schemas are kept, the newest ones'."""
MOST_UNKNOWN = 1000
"""How many names are remembered under which the server lists no tool, so that it is not asked at every call."""
LONGEST_NAME = 512
"""Letters of a name under which a tool is looked for; the protocol has 128 for a tool's."""
TASK_METHODS = ("tasks/get", "tasks/update", "tasks/cancel")

Notify = Callable[[str, dict[str, Any] | None], Awaitable[None]]


# -- the server that requests share ------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Open:
    """A request on its way, and the stream on which its own task reads what belongs to it."""

    alias: Alias
    send: MemoryObjectSendStream[JSONRPCMessage]
    receive: MemoryObjectReceiveStream[JSONRPCMessage]


@dataclass(slots=True)
class _Running:
    """The server while it runs."""

    upstream: Upstream
    scope: anyio.CancelScope
    """Cancelled to end the server."""
    open: dict[str, _Open] = field(default_factory=dict)
    has_ended: bool = False

    def opened(self, one: _Open) -> None:
        """Note a request that is on its way."""
        self.open[one.alias.name] = one
        self.scope.deadline = math.inf
        if self.has_ended:  # as soon as it was started
            one.send.close()

    def closed(self, one: _Open) -> None:
        """Forget a request; with the last one the time of idleness begins."""
        self.open.pop(one.alias.name, None)
        one.send.close()
        one.receive.close()
        if not self.open:
            self.scope.deadline = anyio.current_time() + IDLE_SECONDS

    async def take(self, message: JSONRPCMessage) -> None:
        """Give a message of the server's to the request that it belongs to."""
        if isinstance(message, JSONRPCRequest):
            sentence = "Requests of 2026-07-28 stand alone: the server cannot ask the client in between."
            error = types.ErrorData(code=types.INVALID_REQUEST, message=sentence)
            await self.upstream.send(JSONRPCError(jsonrpc="2.0", id=message.id, error=error))
            return
        if isinstance(message, JSONRPCNotification):
            alias = alias_for(message, (one.alias for one in self.open.values()))
            name = alias.name if alias else None
        else:
            name = cast("str | None", message.id)
        one = self.open.get(name) if name is not None else None
        if one is None:
            log.debug("nobody waits for %s", message)
            return
        try:
            one.send.send_nowait(message)
        except anyio.WouldBlock:
            log.warning("a client does not read its stream; its request is given up")
            one.send.close()
        except (anyio.ClosedResourceError, anyio.BrokenResourceError):
            log.debug("the request is given up already: %s", message)

    def end(self) -> None:
        """The server has ended: nothing comes any more."""
        self.has_ended = True
        for one in self.open.values():
            one.send.close()


class SharedUpstream:
    """One server for all requests; started by the first one, and again by the first one after it ended."""

    def __init__(self, connect: Connect, group: TaskGroup) -> None:
        self._connect = connect
        self._group = group
        self._running: _Running | None = None
        self._starting = anyio.Lock()
        self._numbers = itertools.count(1)

    async def request(
        self, method: str, params: Mapping[str, Any] | None, client_id: types.RequestId, notify: Notify
    ) -> dict[str, Any]:
        """Have a request answered; what the server tells about it meanwhile goes to `notify`.

        Raises:
            MCPError: the server's own error, or that it is gone.
        """
        running = await self._started()
        alias = Alias.of(f"request-{next(self._numbers)}", client_id, params)
        one = _Open(alias, *anyio.create_memory_object_stream[JSONRPCMessage](MOST_UNREAD))
        running.opened(one)
        try:
            message = JSONRPCRequest(jsonrpc="2.0", id=alias.name, method=method, params=alias.to_server(params))
            if message.params is None:
                message = JSONRPCRequest(jsonrpc="2.0", id=alias.name, method=method)
            await running.upstream.send(message)
            return await self._answer(running, one, notify)
        except UpstreamGone as fault:
            raise MCPError(types.CONNECTION_CLOSED, str(fault)) from fault
        except anyio.get_cancelled_exc_class():
            await self._cancel(running, alias)
            raise
        finally:
            running.closed(one)

    async def _answer(self, running: _Running, one: _Open, notify: Notify) -> dict[str, Any]:
        async for message in one.receive:
            if isinstance(message, JSONRPCNotification):
                await notify(message.method, one.alias.to_client(message.params))
            elif isinstance(message, JSONRPCError):
                raise MCPError.from_error_data(message.error)
            elif isinstance(message, JSONRPCResponse):
                return one.alias.to_client(message.result) or {}
        raise UpstreamGone(running.upstream.ending or "The client did not read what the server told it.")

    async def _cancel(self, running: _Running, alias: Alias) -> None:
        """The client has closed the request's stream, which cancels it; over stdio a notification does."""
        params = {"requestId": alias.name, "reason": "the client has closed the stream"}
        message = JSONRPCNotification(jsonrpc="2.0", method="notifications/cancelled", params=params)
        with anyio.move_on_after(CANCEL_SECONDS, shield=True):
            try:
                await running.upstream.send(message)
            except UpstreamGone:
                log.debug("nothing to cancel: the server has ended")

    async def _started(self) -> _Running:
        async with self._starting:
            if self._running is not None and not self._running.scope.cancel_called:
                return self._running
            try:
                running: _Running = await self._group.start(self._keep)
            except UpstreamGone as fault:
                raise MCPError(types.CONNECTION_CLOSED, str(fault)) from fault
            return running

    async def _keep(self, *, task_status: TaskStatus[_Running]) -> None:
        """Run the server: it is ended by the task that started it."""
        has_started = False
        try:
            async with self._connect("") as upstream:
                with anyio.CancelScope(deadline=anyio.current_time() + IDLE_SECONDS) as scope:
                    running = self._running = _Running(upstream, scope)
                    task_status.started(running)
                    has_started = True
                    await self._take_all(running)
        except Exception:
            if not has_started:  # whoever asked for it hears of it
                raise
            log.exception("a server that requests share broke")  # this must not end the sessions of others

    async def _take_all(self, running: _Running) -> None:
        try:
            async for message in running.upstream.messages():
                await running.take(message)
        except UpstreamGone:
            log.debug("the server ended while it was answered")
        finally:
            if self._running is running:  # not the next one already
                self._running = None
            running.end()


# -- the HTTP side -----------------------------------------------------------------------------------------------------


class _Notification(BaseModel):
    """A notification as it came, in the form in which the SDK's session takes one."""

    method: str
    params: dict[str, Any] | None = None


class StatelessRequests:
    """Serves every HTTP request of a revision without handshake."""

    def __init__(self, shared: SharedUpstream) -> None:
        self._shared = shared
        self._schemas: dict[str, Any] = {}
        self._asked_for: dict[str, Any] = {}
        server: Server[Any] = Server("approver", get_tool_input_schema=self._schemas.get)
        server.middleware[:] = [self._carry]
        self.manager = StreamableHTTPSessionManager(server, max_request_body_size=LONGEST_BODY)
        """Its `run()` must be entered while requests are served."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one HTTP request."""
        headers = Request(scope).headers
        if headers.get(MCP_METHOD_HEADER) == "tools/call":
            await self._know_schema(decode_header_value(headers.get(MCP_NAME_HEADER)))
        await self.manager.handle_request(scope, receive, send)

    async def _carry(self, ctx: ServerRequestContext[Any], call_next: CallNext) -> dict[str, Any] | None:
        """Have the shared server answer; nothing after this middleware is reached."""
        method, params, request_id = ctx.method, ctx.params, ctx.request_id
        if request_id is None:
            return None
        if method == "initialize":  # a stdio server may take it; this wire has it not
            raise MCPError(types.METHOD_NOT_FOUND, "Method not found", method)
        if method in TASK_METHODS:
            _check_task_header(ctx)

        async def notify(method: str, params: dict[str, Any] | None) -> None:
            self._learn(method, None)
            raw = cast("types.ServerNotification", _Notification(method=method, params=params))
            await ctx.session.send_notification(raw, related_request_id=request_id)

        result = await self._shared.request(method, params, request_id, notify)
        self._learn(method, result)
        return result

    def _learn(self, method: str, result: Mapping[str, Any] | None) -> None:
        """Keep the tools' schemas, by which the SDK checks the headers that repeat an argument."""
        if method == "notifications/tools/list_changed":
            self._schemas.clear()
            self._asked_for.clear()
        if method == "tools/list" and result is not None:
            tools = result.get("tools")
            for tool in tools if isinstance(tools, list) else ():
                if isinstance(tool, Mapping) and isinstance(tool.get("name"), str):
                    _keep(self._schemas, tool["name"], tool.get("inputSchema"), MOST_TOOLS)

    async def _know_schema(self, tool: str | None) -> None:
        """Ask the server for its tools before the first call of one not known: the SDK cannot wait for it then."""
        if tool is None or len(tool) > LONGEST_NAME or tool in self._schemas or tool in self._asked_for:
            return
        _keep(self._asked_for, tool, None, MOST_UNKNOWN)
        meta = {types.PROTOCOL_VERSION_META_KEY: LATEST_MODERN_VERSION, types.CLIENT_CAPABILITIES_META_KEY: {}}
        params: dict[str, Any] = {"_meta": meta}
        with anyio.move_on_after(SCHEMA_SECONDS):
            for _ in range(MOST_PAGES):
                try:
                    result = await self._shared.request("tools/list", params, "schemas", _ignore)
                except MCPError as fault:
                    log.debug("no schemas to check headers by: %s", fault)
                    return
                self._learn("tools/list", result)
                if tool in self._schemas or not isinstance(result.get("nextCursor"), str):
                    return
                params = {"_meta": meta, "cursor": result["nextCursor"]}


def _keep(kept: dict[str, Any], name: str, one: Any, most: int) -> None:
    """Keep one more; the oldest goes where there are too many."""
    kept.pop(name, None)
    kept[name] = one
    if len(kept) > most:
        del kept[next(iter(kept))]


async def _ignore(_: str, __: dict[str, Any] | None) -> None:
    """Nobody hears what is told about a request of our own."""


def _check_task_header(context: ServerRequestContext[Any]) -> None:
    """The tasks extension has the header name a task as it names a tool, which the SDK does not know of."""
    named = decode_header_value(context.request.headers.get(MCP_NAME_HEADER)) if context.request else None
    if named != (context.params or {}).get("taskId"):
        raise MCPError(
            types.HEADER_MISMATCH, "The Mcp-Name header does not match the request body's 'taskId' parameter"
        )
