"""HTTP sessions of the handshake revisions (up to 2025-11-25), each before a server of its own.

    client ── POST, GET, DELETE ──> HandshakeSessions ──> SessionRelay ── messages ──> Upstream
    client <── events ── EventStream, one for each request <── SessionRelay <── lines ──── Upstream

A session begins with `initialize`, which starts its server, and ends with DELETE, after a time of silence, or with the
server. Messages pass as they are, ids included; only on which HTTP stream one goes out is decided here.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable
from typing import Any
from uuid import uuid4

from approver.proxy import jsonrpc
from approver.proxy.http_exchange import EVENT_STREAM, Exchange
from approver.proxy.http_guard import Headers, Refusal
from approver.proxy.stdio_events import RecentEvents
from approver.proxy.stdio_messages import (
    Connect,
    Message,
    Upstream,
    UpstreamGone,
    is_notification,
    is_request,
    is_response,
)
from approver.proxy.stdio_placing import SessionPlaces, members
from approver.proxy.stdio_streams import PING, EventStream, event, opening
from approver.tasks import spawn

log = logging.getLogger(__name__)

SESSION_HEADER = b"mcp-session-id"
REVISION_HEADER = b"mcp-protocol-version"
MOST_SESSIONS = 256
"""Sessions of one grant with one server: each has a process of its own."""
IDLE_SECONDS = 1800.0
"""How long a session may go without any request before it ends."""
RECONNECT_AFTER_MS = 100
RESUMABLE = b"2025-11-25"
"""The first revision whose clients understand an event without a message."""
STANDING = "GET"
"""The stream of what concerns no request; requests' streams are called after their ids."""
OLD_STREAM_SECONDS = 1.0
"""How long a standing stream that its client has dropped may take to end, once the client opens another."""
_POST = "POST "
REQUEST_CANCELLED = -32800
"""What a cancelled request is answered with: its stream ends only with an answer (the SDKs' own code for it)."""


class SessionRelay:
    """Carries one session's messages between its HTTP streams and its server."""

    def __init__(self, session_id: str, connect: Connect) -> None:
        self.session_id = session_id
        self._headers: Headers = [(SESSION_HEADER, session_id.encode())]
        self._connect = connect
        self._upstream: Upstream | None = None
        self._started: asyncio.Future[Upstream] = asyncio.get_running_loop().create_future()
        self._places = SessionPlaces()
        self._events = RecentEvents()
        self._streams: dict[str, EventStream] = {}
        """What is open to the client, by the name of the stream."""
        self._has_closed = asyncio.Event()
        """Set when the next stream is closed."""
        self._busy = 0
        self._quiet_since = asyncio.get_running_loop().time()

    # -- beginning and end -----------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Start the server and carry what it says, until it ends or this is cancelled."""
        sentence = "The session was ended."
        try:
            async with self._connect(self.session_id) as upstream:
                self._upstream = upstream
                self._started.set_result(upstream)
                async for line in upstream.messages():
                    await self._from_server(line)
                self.end(upstream.ending)
        except UpstreamGone as fault:
            sentence = str(fault)
        finally:
            self.end(sentence)

    def end(self, sentence: str) -> None:
        """Answer everything that is not answered, and end every stream."""
        if not self._started.done():
            self._started.set_exception(UpstreamGone(sentence))
            self._started.exception()  # whether or not anybody waits for it
        for request_id in self._places.open_ids:
            self._answer(request_id, jsonrpc.error(request_id, jsonrpc.UNAVAILABLE, sentence))
        for stream in self._streams.values():
            stream.end()

    def idle_for(self, now: float) -> float:
        """How long it has gone without a request."""
        return 0.0 if self._busy else now - self._quiet_since

    def ping(self) -> None:
        """Let every client hear that its stream is still there."""
        for stream in self._streams.values():
            stream.put(PING)

    # -- from the client -------------------------------------------------------------------------------------------

    def handle(self, exchange: Exchange, message: Message | None) -> Awaitable[None]:
        """Answer one request; `message` is a POST's. To be awaited."""
        if message is None:
            return self._listen(exchange)
        if is_request(message):
            return self._ask(exchange, message)
        return self._tell(exchange, message)

    async def _tell(self, exchange: Exchange, message: Message) -> None:
        """Take what needs no answer."""
        try:
            upstream = self._upstream
            if upstream is None:
                upstream = await asyncio.shield(self._started)
            if "method" not in message:
                self._places.answered_back(message.get("id"))
            await upstream.send(message)
        except UpstreamGone as fault:
            log.debug("nobody to tell: %s", fault)
        if message.get("method") == "notifications/cancelled":
            self._end_cancelled(members(message.get("params")).get("requestId"))
        await exchange.answer(202, b"", self._headers)

    async def _ask(self, exchange: Exchange, message: Message) -> None:
        """Take a request, and answer with the stream on which what belongs to it comes."""
        request_id, name = message["id"], _name(message["id"])
        if self._places.is_open(request_id):
            await exchange.refuse(Refusal(400, "Refused: a request with this id is still in flight."))
            return
        self._places.asked(message)
        stream = self._streams[name] = EventStream(self._opening(exchange, name, message))
        self._busy += 1
        try:
            upstream = self._upstream
            if upstream is None:
                upstream = await asyncio.shield(self._started)
            await upstream.send(message)
            await stream.carry(exchange, self._headers)
        except UpstreamGone as fault:
            self._answer(request_id, jsonrpc.error(request_id, jsonrpc.UNAVAILABLE, str(fault)))
            await stream.carry(exchange, self._headers)
        finally:
            self._closed(name, stream)
            self._hung_up(request_id)

    def _opening(self, exchange: Exchange, name: str, message: Message | None = None) -> bytes:
        """The event from which a client of this revision can read on; empty for an older one."""
        revision = exchange.header(REVISION_HEADER)
        if message is not None and message["method"] == "initialize":
            revision = str(members(message.get("params")).get("protocolVersion")).encode("utf-8", "replace")
        return opening(self._events.keep(name, b""), RECONNECT_AFTER_MS) if revision >= RESUMABLE else b""

    def _closed(self, name: str, stream: EventStream) -> None:
        if self._streams.get(name) is stream:
            del self._streams[name]
            self._has_closed.set()
            self._has_closed = asyncio.Event()
        self._busy -= 1
        self._quiet_since = asyncio.get_running_loop().time()

    def _hung_up(self, request_id: jsonrpc.RequestId) -> None:
        """HTTP is done with a request: if it is not answered, its client has gone."""
        is_open = self._places.is_open(request_id) and _name(request_id) not in self._streams
        if is_open and self._upstream is not None and self._upstream.hang_up(request_id):
            self._end_cancelled(request_id)

    def _end_cancelled(self, request_id: Any) -> None:
        """End the stream of a cancelled request: its server owes no answer, and only an answer ends a stream."""
        self._answer(request_id, jsonrpc.error(request_id, REQUEST_CANCELLED, "Request cancelled"))

    async def _listen(self, exchange: Exchange) -> None:
        """Answer a GET: what concerns no request, or a stream that broke, from where its client stopped reading."""
        after = exchange.header(b"last-event-id").decode("latin-1")
        found = self._events.after(after) if after else (STANDING, [])
        if found is None:
            await exchange.answer(200, b"", [(b"content-type", EVENT_STREAM), *self._headers])
            return
        name, later = found
        if not after and not await self._may_stand():
            await exchange.refuse(Refusal(409, "Refused: this session has a standing stream already."))
            return
        former = self._streams.get(name)
        stream = EventStream(self._opening(exchange, name) if after else b"")
        for number, line in later:
            stream.put(event(number, line))
        stream.begin()
        if name == STANDING or self._places.is_open(name.removeprefix(_POST)):
            self._streams[name] = stream
        else:
            stream.end()  # that was all
        if former is not None:
            former.end()
        self._busy += 1
        try:
            await stream.carry(exchange, self._headers)
        finally:
            self._closed(name, stream)

    async def _may_stand(self) -> bool:
        """Whether there is no standing stream; that the client has dropped its last is heard a little later."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(OLD_STREAM_SECONDS):
                while STANDING in self._streams:
                    await self._has_closed.wait()
        return STANDING not in self._streams

    # -- from the server -------------------------------------------------------------------------------------------

    async def _from_server(self, line: bytes) -> None:
        envelope = jsonrpc.read_envelope(line)
        if envelope is None:
            log.warning("the server wrote a line that is no JSON-RPC")
        elif isinstance(envelope.method, str):
            message = jsonrpc.read(line)
            place = self._places.place(message, standing_stream=STANDING in self._streams)
            name = STANDING if place is None else _name(place)
            self._send(name, line)
            if stream := self._streams.get(name):
                await stream.room()
        else:
            self._answer(envelope.id, line)

    def _answer(self, request_id: Any, line: bytes) -> None:
        """End a request's stream with its answer; what answers nothing that is open goes nowhere."""
        if self._places.settled(request_id):
            self._send(_name(request_id), line, last=True)

    def _send(self, name: str, line: bytes, *, last: bool = False) -> None:
        number = self._events.keep(name, line)
        if stream := self._streams.get(name):
            stream.put(event(number, line), last=last)


def refused_post(exchange: Exchange, message: Message) -> Refusal | None:
    """Why a POST is not taken, whichever session it is for."""
    if not (exchange.takes(b"application/json") and exchange.takes(b"text/event-stream")):
        return Refusal(406, "Not acceptable: the client must accept application/json and text/event-stream.")
    if not exchange.sends_json:
        return Refusal(415, "Unsupported media type: Content-Type must be application/json.")
    if not (is_request(message) or is_notification(message) or is_response(message)):
        return Refusal(400, "Refused: the body is no JSON-RPC request, notification or response.")
    return None


def _name(request_id: jsonrpc.RequestId) -> str:
    return f"{_POST}{request_id}"


class HandshakeSessions:
    """Serves every HTTP request of a handshake revision: finds or opens its session."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._sessions: dict[str, SessionRelay] = {}
        self._serving: dict[str, asyncio.Task[Any]] = {}
        self._ending: set[asyncio.Task[Any]] = set()

    def handle(self, exchange: Exchange, message: Message | None) -> Awaitable[None]:
        """Answer one request; `message` is a POST's, parsed. To be awaited."""
        session_id = exchange.header(SESSION_HEADER).decode("latin-1")
        opens = message is not None and message.get("method") == "initialize" and is_request(message)
        if refusal := self._refusal(exchange, message, session_id, opens=opens):
            return exchange.refuse(refusal)
        if exchange.method == "DELETE":
            return self._delete(exchange, session_id)
        return self._sessions[session_id].handle(exchange, message) if session_id else self._begin(exchange, message)

    def _refusal(self, exchange: Exchange, message: Message | None, session_id: str, *, opens: bool) -> Refusal | None:
        """Why a request is not taken."""
        if session_id and session_id not in self._sessions:
            return Refusal(404, "Session not found")
        if exchange.method == "GET" and not exchange.takes(b"text/event-stream"):
            return Refusal(406, "Not acceptable: the client must accept text/event-stream.")
        if message is not None and (refusal := refused_post(exchange, message)):
            return refusal
        if not session_id and not opens:
            return Refusal(400, "Bad request: the header Mcp-Session-Id is missing.")
        if not session_id and len(self._sessions) >= MOST_SESSIONS:
            return Refusal(503, "Too many open sessions")
        return None

    async def _begin(self, exchange: Exchange, message: Message | None) -> None:
        session = SessionRelay(uuid4().hex, self._connect)
        self._sessions[session.session_id] = session
        self._serving[session.session_id] = spawn(self._serve(session), name=f"HTTP session {session.session_id}")
        await session.handle(exchange, message)
        if exchange.is_gone and not exchange.has_started:  # nobody knows of it
            self._end(session)

    async def _serve(self, session: SessionRelay) -> None:
        """Carry a session's messages until it ends, however it ends."""
        try:
            await session.run()
        except Exception:  # a session's top level: what breaks one must not end the others
            log.exception("the session %s broke", session.session_id)
        finally:
            self._sessions.pop(session.session_id, None)
            self._serving.pop(session.session_id, None)

    async def _delete(self, exchange: Exchange, session_id: str) -> None:
        self._end(self._sessions[session_id])
        await exchange.answer(200, b"", [(SESSION_HEADER, session_id.encode())])

    def _end(self, session: SessionRelay) -> None:
        """Forget a session, so that its id is answered 404 from now on; its server ends."""
        self._sessions.pop(session.session_id, None)
        session.end("The session was ended.")
        if task := self._serving.pop(session.session_id, None):
            task.cancel()
            self._ending.add(task)
            task.add_done_callback(self._ending.discard)

    def tend(self, now: float) -> None:
        """Keep streams alive, and end the sessions that were silent for too long."""
        for session in list(self._sessions.values()):
            if session.idle_for(now) > IDLE_SECONDS:
                self._end(session)
            else:
                session.ping()

    async def close(self) -> None:
        """End all sessions and their servers."""
        for session in list(self._sessions.values()):
            self._end(session)
        if self._ending:
            await asyncio.wait(self._ending)
