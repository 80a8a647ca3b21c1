"""HTTP+SSE of revision 2024-11-05: one stream for everything that the server says, and an address to POST to.

    GET ──> event `endpoint`: where to POST ──> messages of the server's, responses among them
    POST ──> 202; the answer comes on the stream

The session is the stream: where it breaks, another is opened and the handshake repeated on it; what was in flight is
lost with it.
"""

import asyncio
import logging
from typing import Any
from urllib.parse import urljoin

import msgspec

from approver.proxy import jsonrpc
from approver.proxy.event_stream import EventStream, EventTooLong, ServerEvent
from approver.proxy.http_messages import INITIALIZED, REPEATABLE, Message, find, is_success
from approver.proxy.http_patience import Attempts, Patience
from approver.proxy.http_posts import EVENTS, GET_HEADERS, Deliver, Faulty
from approver.proxy.http_session import STANDING, Agreed, Standing, changed, read_agreed
from approver.proxy.http_wire import CutOff, Headers, Unreachable, Unwelcome, Wire, WireFault, same_origin
from approver.tasks import spawn

log = logging.getLogger(__name__)

_POST: Headers = [(b"content-type", b"application/json")]


class LegacyEvents:
    """The way to one server for one client."""

    has_session = True

    def __init__(self, wire: Wire, patience: Patience, deliver: Deliver) -> None:
        self._wire = wire
        self._patience = patience
        self._deliver = deliver
        self._endpoint = ""
        self._fault: WireFault = Unreachable("its stream of events is not open yet")
        self._ready = asyncio.Event()
        self._waiting: dict[Any, asyncio.Future[bytes]] = {}
        self._own: set[Any] = set()
        """The ids of requests whose responses are not for the client."""
        self._agreed: Agreed | None = None
        self._greeting: Message | None = None
        self._confirmation: Message | None = None
        self._standing = Standing()
        self._stream: asyncio.Task[None] | None = None
        self._repeating: asyncio.Task[None] | None = None

    # -- what the client does --------------------------------------------------------------------------------------

    async def open(self) -> None:
        """Open the stream and learn where to POST. Raises `WireFault` where it is no such server."""
        opened = asyncio.get_running_loop().create_future()
        self._stream = spawn(self._keep_open(opened), name="stream of an older server")
        try:
            async with asyncio.timeout(self._patience.answer):
                await opened
        except TimeoutError as fault:
            raise CutOff(f"it has not said where to POST within {self._patience.answer:g} seconds") from fault

    async def ask(self, message: Message) -> None:
        """Send a request until it is answered. Raises `WireFault` where there is no answer."""
        attempts = Attempts(self._patience, self._patience.reconnect)
        while True:
            try:
                await self._await_ready()
                response = await self._request(message)
                break
            except (Unreachable, CutOff) as fault:
                repeatable = isinstance(fault, Unreachable) or message.method in REPEATABLE
                if isinstance(fault, Faulty) or not repeatable or not await attempts.wait():
                    raise
        message.on_answered()
        self._learn(message, response)

    async def tell(self, message: Message) -> None:
        """Send what wants no answer. Raises `WireFault` where it did not arrive."""
        await self._await_ready()
        await self._post(message)
        if message.method == INITIALIZED:
            self._confirmation = message

    async def older(self, fault: object) -> None:
        """There is nothing older."""

    async def leave(self) -> None:
        """Close the stream: that is all of it."""
        for task in (self._stream, self._repeating):
            if task is not None:
                task.cancel()

    def _learn(self, message: Message, response: bytes) -> None:
        if message.method == "initialize":
            self._greeting, self._agreed = message, read_agreed(response, "")
        elif message.method in STANDING and is_success(response):
            self._standing.keep(message)

    async def _await_ready(self) -> None:
        try:
            async with asyncio.timeout(self._patience.reconnect):
                await self._ready.wait()
        except TimeoutError:
            raise self._fault from None

    async def _request(self, message: Message) -> bytes:
        waiting: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._waiting[message.id] = waiting
        try:
            await self._post(message)
            return await waiting
        finally:
            if self._waiting.get(message.id) is waiting:
                del self._waiting[message.id]
            if waiting.done() and not waiting.cancelled():
                waiting.exception()  # the stream may have broken while the POST failed: one of the two is told

    async def _post(self, message: Message) -> None:
        sending = self._wire.send("POST", _POST, message.line, url=self._endpoint, on_sent=message.on_sent)
        async with await sending as reply:
            if reply.status >= 500:
                raise Faulty(await reply.described())
            if not 200 <= reply.status < 300:
                raise Unwelcome(await reply.described())
            await reply.read()

    # -- the stream ------------------------------------------------------------------------------------------------

    async def _keep_open(self, opened: "asyncio.Future[None]") -> None:
        """Keep a stream open; the first one settles whether there are to be others."""
        delay = self._patience.retry
        while True:
            try:
                await self._read_one(opened)
                fault: WireFault = CutOff("its stream of events ended")
                delay = self._patience.retry
            except WireFault as found:
                fault = found
                delay = min(2 * delay, self._patience.longest_delay)
            self._close(fault)
            if not opened.done():
                opened.set_exception(fault)
                return
            await asyncio.sleep(delay)

    async def _read_one(self, opened: "asyncio.Future[None]") -> None:
        async with await self._wire.send("GET", GET_HEADERS, within=self._patience.answer) as reply:
            if reply.status != 200 or reply.content_type != EVENTS:
                raise Unwelcome(await reply.described())
            stream = EventStream()
            try:
                async for chunk in reply.chunks():
                    await self._take(stream.feed(chunk), opened)
            except EventTooLong as fault:
                raise CutOff(str(fault)) from fault

    async def _take(self, events: list[ServerEvent], opened: "asyncio.Future[None]") -> None:
        lines: list[bytes] = []
        for event in events:
            if event.kind == "endpoint":
                self._begin(event.data.decode("utf-8", "replace"), opened)
            elif event.kind == "message" and event.data:
                lines += [line for line in find(event.data, None).lines if not self._is_own(line)]
        if lines:
            await self._deliver(lines)
            for line in lines:
                self._settle(line)

    def _begin(self, place: str, opened: "asyncio.Future[None]") -> None:
        there = urljoin(self._wire.url, place)
        if not same_origin(self._wire.url, there):
            raise Unwelcome("it wants messages sent to another address than its own")
        self._endpoint = there
        if not opened.done():
            opened.set_result(None)
        if self._greeting is None:
            self._ready.set()
        else:
            self._repeating = spawn(self._repeat_handshake(self._greeting), name="repeat a handshake")

    def _close(self, fault: WireFault) -> None:
        """The session went with its stream."""
        self._ready.clear()
        self._fault = fault
        if self._repeating is not None:
            self._repeating.cancel()
        waiting, self._waiting = self._waiting, {}
        for one in waiting.values():
            if not one.done():
                one.set_exception(CutOff(f"{fault}"))

    def _is_own(self, line: bytes) -> bool:
        envelope = jsonrpc.read_envelope(line) if self._own else None
        if envelope is None or envelope.method is not msgspec.UNSET or envelope.id not in self._own:
            return False
        self._settle(line)
        return True

    def _settle(self, line: bytes) -> None:
        envelope = jsonrpc.read_envelope(line) if self._waiting else None
        if envelope is not None and envelope.method is msgspec.UNSET and envelope.id is not msgspec.UNSET:
            waiting = self._waiting.get(envelope.id)
            if waiting is not None and not waiting.done():
                waiting.set_result(line)

    # -- beginning again -------------------------------------------------------------------------------------------

    async def _repeat_handshake(self, greeting: Message) -> None:
        try:
            response = await self._request_own(greeting)
            after, before = read_agreed(response, ""), self._agreed
            if before is None or after is None or after.revision != before.revision:
                raise Unwelcome(
                    "it was restarted, and does not agree any more on what it agreed on. Restart the client"
                )
            if self._confirmation is not None:
                await self._post(self._confirmation)
            for message in self._standing.requests():
                await self._request_own(message)
        except WireFault as fault:
            self._fault = fault
            log.info("a handshake could not be repeated: %s", fault)
            return
        self._ready.set()
        if self._confirmation is not None and (told := [changed(what) for what in after.changes]):
            await self._deliver(told)

    async def _request_own(self, message: Message) -> bytes:
        self._own.add(message.id)
        try:
            return await self._request(message)
        finally:
            self._own.discard(message.id)
