"""HTTP sessions of the handshake revisions (up to 2025-11-25), each before a server of its own.

    client ── POST, GET, DELETE ──> transport (the SDK's) ── messages ──> SessionRelay ── messages ──> Upstream

A session begins with `initialize`, which starts its server, and ends with DELETE, after a time of silence, or with the
server. Messages pass as they are, ids included; only on which HTTP stream one goes out is decided here.
"""

import contextlib
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import anyio
from anyio.abc import TaskGroup, TaskStatus
from mcp.server.streamable_http import MCP_SESSION_ID_HEADER, StreamableHTTPServerTransport
from mcp.shared.message import ServerMessageMetadata, SessionMessage
from mcp_types import (
    CONNECTION_CLOSED,
    INVALID_REQUEST,
    ErrorData,
    JSONRPCError,
    JSONRPCNotification,
    JSONRPCRequest,
    JSONRPCResponse,
    RequestId,
)
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from approver.proxy.jsonrpc import is_request_id
from approver.proxy.stdio_events import RecentEvents
from approver.proxy.stdio_messages import Connect, Readable, Upstream, UpstreamGone, Writable
from approver.proxy.stdio_placing import SessionPlaces

log = logging.getLogger(__name__)

MOST_SESSIONS = 256
"""Sessions of one grant with one server: each has a process of its own."""
IDLE_SECONDS = 1800.0
"""How long a session may go without any request before it ends."""
RECONNECT_AFTER_MS = 100
LAST_WORDS_SECONDS = 1.0
"""How long the answers of a server that has ended may take to go out."""

Unanswered = Callable[[], Awaitable[None]]


@dataclass(slots=True)
class SessionRelay:
    """Carries one session's messages between its HTTP streams and its server."""

    session_id: str
    connect: Connect
    read: Readable
    write: Writable
    standing_streams: int = 0
    """How many GETs the client holds open: one, or none."""
    _places: SessionPlaces = field(default_factory=SessionPlaces)
    _unanswered: dict[RequestId, Unanswered] = field(default_factory=dict)
    _upstream: Upstream | None = None
    _coming: set[RequestId] = field(default_factory=set)
    """Ids of requests that HTTP has and the relay has not yet."""
    _left_early: set[RequestId] = field(default_factory=set)
    """Those of them whose client has gone."""

    def expects(self, request_id: RequestId) -> bool:
        """Hear that a request is about to come; whether it may: not while another of that id is under way."""
        taken = {str(one) for one in (*self._places.open_ids, *self._coming)}  # the SDK takes 7 and "7" for one
        if str(request_id) in taken:
            return False
        self._coming.add(request_id)
        self._left_early.discard(request_id)
        return True

    async def hung_up(self, request_id: RequestId) -> None:
        """Hear that HTTP is done with a request: if it is not answered, its client has gone."""
        if request_id in self._coming:
            self._coming.discard(request_id)
            self._left_early.add(request_id)
        elif request_id not in self._places.open_ids or self._upstream is None:
            return  # it was answered
        elif self._upstream.hang_up(request_id):
            await self._end_cancelled(request_id)

    async def run(self) -> None:
        """Wait for the session's first message, start its server, and carry messages until either side ends."""
        from_client = self._items()
        first = await anext(from_client, None)
        if first is None:
            return
        try:
            async with self.connect(self.session_id) as upstream:
                self._upstream = upstream
                await self._from_client(upstream, first)
                async with anyio.create_task_group() as directions:
                    directions.start_soon(self._all_from_client, from_client, upstream, directions)
                    async for message in upstream.messages():
                        await self._from_server(message)
                    await self._fail_open(upstream.ending)
                    directions.cancel_scope.cancel()
        except UpstreamGone as fault:
            await self._fail_open(str(fault), first)

    async def _items(self) -> AsyncGenerator[SessionMessage]:
        """What the client sends; that the transport closes the stream under its reader is how a session ends."""
        try:
            async for item in self.read:
                if isinstance(item, SessionMessage):
                    yield item
        except anyio.ClosedResourceError:
            log.debug("the session has ended")

    async def _all_from_client(
        self, from_client: AsyncGenerator[SessionMessage], upstream: Upstream, directions: TaskGroup
    ) -> None:
        async for item in from_client:
            try:
                await self._from_client(upstream, item)
            except UpstreamGone:
                return  # the other direction ends as well, and tells the client
        directions.cancel_scope.cancel()

    async def _from_client(self, upstream: Upstream, item: SessionMessage) -> None:
        message = item.message
        if isinstance(message, JSONRPCRequest):
            self._places.asked(message)
            self._coming.discard(message.id)
            if isinstance(item.metadata, ServerMessageMetadata) and item.metadata.on_request_unanswered:
                self._unanswered[message.id] = item.metadata.on_request_unanswered
        elif isinstance(message, JSONRPCResponse | JSONRPCError):
            self._places.answered_back(message.id)
        await upstream.send(message)
        if isinstance(message, JSONRPCRequest) and message.id in self._left_early:
            self._left_early.discard(message.id)
            await self.hung_up(message.id)
        if isinstance(message, JSONRPCNotification) and message.method == "notifications/cancelled":
            await self._end_cancelled((message.params or {}).get("requestId"))

    async def _end_cancelled(self, request_id: object) -> None:
        """End the stream of a cancelled request: its server owes no answer, and only an answer ends a stream."""
        if self._places.settled(request_id) and (end := self._unanswered.pop(request_id, None)):  # type: ignore[call-overload] # settled: an id
            with contextlib.suppress(anyio.ClosedResourceError, anyio.BrokenResourceError):  # the session has ended
                await end()

    async def _from_server(self, message: object) -> None:
        if isinstance(message, JSONRPCResponse | JSONRPCError):
            if self._places.settled(message.id):
                self._unanswered.pop(message.id, None)  # type: ignore[arg-type] # settled: an id
                await self._to_client(SessionMessage(message))
        elif isinstance(message, JSONRPCRequest | JSONRPCNotification):
            place = self._places.place(message, standing_stream=self.standing_streams > 0)
            await self._to_client(SessionMessage(message, ServerMessageMetadata(related_request_id=place)))

    async def _to_client(self, item: SessionMessage) -> None:
        try:
            await self.write.send(item)
        except (anyio.ClosedResourceError, anyio.BrokenResourceError):
            log.debug("the session has ended; nobody to send %s to", item.message)

    async def _fail_open(self, sentence: str, first: SessionMessage | None = None) -> None:
        """Answer everything that is not answered: its server is gone."""
        if first is not None and isinstance(first.message, JSONRPCRequest):
            self._places.asked(first.message)
        error = ErrorData(code=CONNECTION_CLOSED, message=sentence)
        for request_id in self._places.open_ids:
            self._places.settled(request_id)
            await self._to_client(SessionMessage(JSONRPCError(jsonrpc="2.0", id=request_id, error=error)))


@dataclass(slots=True)
class _Session:
    transport: StreamableHTTPServerTransport
    relay: SessionRelay | None = None
    posts: int = 0
    """How many POSTs are being answered."""
    _quiet: anyio.Event | None = None

    def post_ended(self) -> None:
        """A POST is answered, or its client has gone."""
        self.posts -= 1
        if self._quiet is not None and not self.posts:
            self._quiet.set()

    async def send_last_words(self) -> None:
        """Wait until what the transport was given has gone out: to end it drops the rest."""
        self._quiet = anyio.Event()
        if self.posts:
            with anyio.move_on_after(LAST_WORDS_SECONDS):
                await self._quiet.wait()


class HandshakeSessions:
    """Serves every HTTP request of a handshake revision: finds or opens its session."""

    def __init__(self, connect: Connect, group: TaskGroup) -> None:
        self._connect = connect
        self._group = group
        self._sessions: dict[str, _Session] = {}

    async def handle(self, scope: Scope, receive: Receive, send: Send, message: dict[str, Any] | None) -> None:
        """Serve one HTTP request; `message` is a POST's, parsed."""
        session_id = Request(scope).headers.get(MCP_SESSION_ID_HEADER)
        if session_id is None:
            await self._open(scope, receive, send, message)
        elif session := self._sessions.get(session_id):
            await self._go_on(session, scope, receive, send, message)
        else:
            await _refusal(404, "Session not found")(scope, receive, send)

    async def _open(self, scope: Scope, receive: Receive, send: Send, message: dict[str, Any] | None) -> None:
        """Serve what comes without a session: only `initialize` opens one, which the transport sees to."""
        if len(self._sessions) >= MOST_SESSIONS:
            await _refusal(503, "Too many open sessions")(scope, receive, send)
            return
        session_id = uuid4().hex
        transport = StreamableHTTPServerTransport(
            session_id,
            event_store=RecentEvents(),
            retry_interval=RECONNECT_AFTER_MS,
            idle_timeout=IDLE_SECONDS,
        )
        session = self._sessions[session_id] = _Session(transport)
        await self._group.start(self._serve, session_id, session)
        status = 500

        async def note_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._go_on(session, scope, receive, note_status, message)
        finally:
            if status >= 400:
                await self._end(session_id, session)

    async def _go_on(
        self, session: _Session, scope: Scope, receive: Receive, send: Send, message: dict[str, Any] | None
    ) -> None:
        assert session.relay is not None, "a session that is found is served"
        request_id = message.get("id") if message is not None and "method" in message else None
        asks = is_request_id(request_id)
        if asks and not session.transport.is_terminated and not session.relay.expects(request_id):  # type: ignore[arg-type] # asks: an id
            await _refusal(400, "Refused: a request with this id is still in flight.")(scope, receive, send)
            return
        gets, posts = (scope["method"] == "GET"), (scope["method"] == "POST")
        session.relay.standing_streams += gets
        session.posts += posts
        try:
            await session.transport.handle_request(scope, receive, send)
        finally:
            session.relay.standing_streams -= gets
            if posts:
                session.post_ended()
            if asks and not session.transport.is_terminated:
                await session.relay.hung_up(request_id)  # type: ignore[arg-type] # as above

    async def _serve(
        self, session_id: str, session: _Session, *, task_status: TaskStatus[None] = anyio.TASK_STATUS_IGNORED
    ) -> None:
        """Carry a session's messages until it ends, however it ends."""
        async with session.transport.connect() as (read, write):
            session.relay = SessionRelay(session_id, self._connect, read, write)
            task_status.started()
            try:
                with session.transport.idle_scope or anyio.CancelScope():
                    await session.relay.run()
                    await session.send_last_words()
            except Exception:  # a session's top level: what breaks one must not end the others
                log.exception("the session %s broke", session_id)
            finally:
                await self._end(session_id, session)

    async def _end(self, session_id: str, session: _Session) -> None:
        """Forget the session, so that its id is answered 404 from now on, and end its streams."""
        self._sessions.pop(session_id, None)
        if not session.transport.is_terminated:
            with anyio.CancelScope(shield=True):
                await session.transport.terminate()


def _refusal(status: int, sentence: str) -> Response:
    body = JSONRPCError(jsonrpc="2.0", id=None, error=ErrorData(code=INVALID_REQUEST, message=sentence))
    return Response(body.model_dump_json(exclude_unset=True), status, media_type="application/json")
