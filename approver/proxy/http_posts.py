"""Carries the client's messages to a streamable HTTP server, one POST a message, and reads the answers.

    request ──> POST ──> JSON, or a stream of events ──> messages of the server's, the response among them
                           └─ broken off: GET with the last event's id, where the revision and the server allow it

What a server may already have acted on is not sent a second time, unless it changes nothing there. What it cannot have
got is kept back for a while and sent again: a server that restarts is to go unnoticed.
"""

import asyncio
import logging
import math
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import Any, Protocol

from approver.proxy import jsonrpc
from approver.proxy.event_stream import EventStream, EventTooLong, ServerEvent
from approver.proxy.http_messages import LISTEN, REPEATABLE, Found, Message, error_code, find, find_error
from approver.proxy.http_patience import Attempts, Patience
from approver.proxy.http_wire import CutOff, Headers, Reply, Unreachable, Unwelcome, Wire, WireFault

log = logging.getLogger(__name__)

EVENTS = "text/event-stream"
JSON = "application/json"
METHOD_NOT_FOUND = -32601
SESSION_HEADER = b"mcp-session-id"
_POST: Headers = [(b"accept", b"application/json, text/event-stream"), (b"content-type", b"application/json")]
GET_HEADERS: Headers = [(b"accept", b"text/event-stream"), (b"cache-control", b"no-store")]

Deliver = Callable[[list[bytes]], Awaitable[None]]


class NoSuchMethod(Unwelcome):
    """The server answered 404 where there is no session that it could have forgotten."""


class SessionForgotten(Unwelcome):
    """The server does not know the session: it has not acted on the message."""


class Faulty(CutOff):
    """The server answered, but not as a server does; asking again would not help."""


class AskAgain(WireFault):
    """The server refused the request for a reason that has been mended meanwhile."""


class NotSpoken(Faulty):
    """The server does not take POSTs as this transport has them; it may be one of 2024-11-05."""


class Asked:
    """What is asked of the server, and who takes what it answers."""

    def __init__(self, message: Message, headers: Headers, deliver: Deliver) -> None:
        self.message = message
        self.headers = headers
        self._deliver = deliver
        self.within: float | None = None
        """Seconds that the answer's head may take."""
        self.was_opened = False

    @property
    def has_session(self) -> bool:
        """Whether it names a session, which the server may have forgotten."""
        return any(name == SESSION_HEADER for name, _ in self.headers)

    def opened(self, reply: Reply) -> None:
        """Hear that the server has begun to answer."""
        self.was_opened = True

    async def took(self, found: Found) -> None:
        """Take messages of the server's; the response may be among them."""
        await self.pass_on(found.lines)

    def questioned(self, ids: tuple[Any, ...]) -> None:
        """Hear of requests of the server's own."""

    async def pass_on(self, lines: list[bytes]) -> None:
        """Hand messages to the client."""
        if lines:
            await self._deliver(lines)


class Place:
    """How far a stream has been read."""

    def __init__(self, retry: float) -> None:
        self.last_id = ""
        self.retry = retry

    def note(self, event: ServerEvent) -> None:
        """Remember what an event says of where it stands."""
        self.last_id = self.last_id if event.id is None else event.id
        self.retry = self.retry if event.retry is None else event.retry


class Source(Protocol):
    """Who has something to send; asked anew at each attempt, since the session may have changed in between."""

    async def asked(self) -> Asked:
        """What is to be sent now. Raises `WireFault` where there is no use in it."""
        ...

    async def forgotten(self, asked: Asked) -> None:
        """Hear that the server has forgotten the session. Raises `WireFault` where there can be no other."""
        ...


class Posts:
    """One server's POSTs."""

    def __init__(self, wire: Wire, patience: Patience) -> None:
        self._wire = wire
        self._patience = patience

    async def ask(self, source: Source) -> None:
        """Send a request until it is answered, as often as may be. Raises `WireFault` where there is no answer."""
        await self._persist(source, self._ask_once)

    async def tell(self, source: Source) -> None:
        """Send what wants no answer. Raises `WireFault` where it did not arrive."""
        await self._persist(source, self._tell_once)

    async def _persist(self, source: Source, send: Callable[[Asked], Awaitable[None]]) -> None:
        attempts: Attempts | None = None
        has_forgotten = False
        while True:
            asked = await source.asked()
            try:
                return await send(asked)
            except SessionForgotten:
                if has_forgotten:
                    raise
                has_forgotten = True
                await source.forgotten(asked)
            except AskAgain:
                continue
            except (Unreachable, CutOff) as fault:
                if not self._may_repeat(asked, fault):
                    raise
                attempts = self._attempts(asked, attempts)
                if not await attempts.wait():
                    raise

    def _attempts(self, asked: Asked, before: Attempts | None) -> Attempts:
        """How long to go on; a subscription that was open once is to be open again, however long that takes."""
        if asked.message.method == LISTEN and asked.was_opened:
            return Attempts(self._patience, math.inf)
        return before or Attempts(self._patience, self._patience.reconnect)

    def _may_repeat(self, asked: Asked, fault: Unreachable | CutOff) -> bool:
        if isinstance(fault, Unreachable):
            return self._wire.has_answered
        return asked.message.method in REPEATABLE and not isinstance(fault, Faulty)

    # -- one attempt -----------------------------------------------------------------------------------------------

    async def _ask_once(self, asked: Asked) -> None:
        place = Place(self._patience.retry)
        async with await self._post(asked) as reply:
            if not 200 <= reply.status < 300 or reply.status == 202:
                return await self._no_answer(reply, asked)
            asked.opened(reply)
            if reply.content_type != EVENTS:
                return await self._take_body(reply, asked)
            broken = await self._read_stream(reply, asked, place)
        if broken is not None:
            await self._resume(asked, place, broken)
        return None

    async def _tell_once(self, asked: Asked) -> None:
        async with await self._post(asked) as reply:
            if not 200 <= reply.status < 300:
                raise _by_status(reply.status, asked, await reply.described())
            asked.opened(reply)
            if reply.content_type == EVENTS:
                await self._read_stream(reply, asked, Place(0))
            elif reply.content_type == JSON and (body := await reply.read()):
                await asked.took(find(body, None))

    async def _post(self, asked: Asked) -> Reply:
        message = asked.message
        headers = [*_POST, *asked.headers]
        return await self._wire.send("POST", headers, message.line, within=asked.within, on_sent=message.on_sent)

    async def _take_body(self, reply: Reply, asked: Asked) -> None:
        if reply.content_type != JSON:
            raise Faulty(
                f"its answer is {reply.content_type or 'of no kind'}, and that is no MCP. Is the address right?"
            )
        found = find(await reply.read(), asked.message)
        await self._take(found, asked)
        if found.response is None:
            raise Faulty("its answer is no response to the request")

    async def _no_answer(self, reply: Reply, asked: Asked) -> None:
        """Take an error that came with its status, as the protocol has it; whatever else it is fails the request."""
        if reply.status == 202:
            raise Faulty("it accepted the request without answering it")
        if reply.content_type == JSON:
            found = find_error(await reply.read(), asked.message)
            forgets = reply.status == 404 and asked.has_session  # unless it is the method that it does not know
            if found is not None and (not forgets or error_code(found) == METHOD_NOT_FOUND):
                return await self._take(found, asked)
        raise _by_status(reply.status, asked, await reply.described())

    @staticmethod
    async def _take(found: Found, asked: Asked) -> None:
        if found.questions:
            asked.questioned(found.questions)
        await asked.took(found)
        if found.response is not None:
            asked.message.on_answered()

    # -- streams ---------------------------------------------------------------------------------------------------

    async def _read_stream(self, reply: Reply, asked: Asked, place: Place) -> CutOff | None:
        """Take what a stream brings; None once the response has come, else why it did not."""
        stream = EventStream()
        chunks = reply.chunks()
        try:
            async for chunk in chunks:
                if await self._take_events(stream.feed(chunk), asked, place):
                    await self._read_on(chunks, stream, asked, place)
                    return None
        except EventTooLong as fault:
            return CutOff(str(fault))
        except CutOff as fault:
            return fault
        return CutOff("its stream of events ended without an answer")

    async def _take_events(self, events: list[ServerEvent], asked: Asked, place: Place) -> bool:
        found = Found([])
        for event in events:
            place.note(event)
            if event.data and event.kind == "message":
                found += find(event.data, asked.message)
        if found.lines:
            await self._take(found, asked)
        return found.response is not None

    async def _read_on(self, chunks: AsyncIterator[bytes], stream: EventStream, asked: Asked, place: Place) -> None:
        with suppress(CutOff, EventTooLong, TimeoutError):
            async with asyncio.timeout(self._patience.linger):
                async for chunk in chunks:
                    await self._take_events(stream.feed(chunk), asked, place)

    async def _resume(self, asked: Asked, place: Place, broken: CutOff) -> None:
        """Ask for the rest of a broken answer. Raises `broken` where it cannot be had."""
        attempts = Attempts(self._patience, self._patience.resume)
        while place.last_id and asked.message.revision is None and not asked.message.is_given_up:
            await asyncio.sleep(place.retry)
            headers = [*GET_HEADERS, *asked.headers, (b"last-event-id", place.last_id.encode())]
            try:
                async with await self._wire.send("GET", headers) as reply:
                    if reply.status != 200 or reply.content_type != EVENTS:
                        raise broken
                    asked.opened(reply)
                    attempts.begin_again()
                    if await self._read_stream(reply, asked, place) is None:
                        return
            except (Unreachable, CutOff) as fault:
                if fault is broken or not await attempts.wait():
                    raise broken from fault
        raise broken


_LOOK = "Whether it carried the request out is not known: look before you repeat it."

_PASSING = (502, 503, 504)
"""Statuses by which a gateway says that the server behind it is away."""


def _by_status(status: int, asked: Asked, described: str) -> Unwelcome | CutOff:
    if status == 404 and asked.has_session:
        return SessionForgotten(f"it does not know the session any more ({described})")
    if status in (400, 404, 405) and asked.message.method == "initialize":
        return NotSpoken(described)
    if status == 404:
        return NoSuchMethod(described)
    if status in _PASSING:
        return CutOff(described)
    return Unwelcome(described) if status < 500 else Faulty(described)


def sentence(server: str, fault: Exception, method: str) -> str:
    """What the client is told of a request that failed."""
    why = f"{fault}" if f"{fault}".endswith("?") else f"{fault}."
    if isinstance(fault, Unreachable):
        return f"The server {server} could not be reached: {why}"
    if isinstance(fault, CutOff):
        told = f"The server {server} gave no answer: {why}"
        return told if method in REPEATABLE else f"{told} {_LOOK}"
    return f"The server {server} did not accept the request: {why}"


def code(fault: Exception) -> int:
    """The JSON-RPC error's code for it."""
    return METHOD_NOT_FOUND if isinstance(fault, NoSuchMethod) else jsonrpc.UNAVAILABLE
