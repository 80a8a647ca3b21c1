"""A server over HTTP, as one client's conversation has it: lines in, lines out, like a process with pipes.

    write ──> messages in their order ──> a way ──> POSTs ──> server
    on_lines <── answers, streams, server messages <───────────┘

The way is streamable HTTP (`http_posts`, with or without a session) until a server turns out to be one of 2024-11-05
(`http_legacy`). Requests run side by side. Whatever else the client says is sent after the requests before it and
before everything after it. Nothing here ends because a server is away: each request gets its answer or the reason.
"""

import asyncio
import dataclasses
import logging
from collections import deque
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

from approver.model import HttpServer
from approver.proxy import jsonrpc, stateless_headers
from approver.proxy.http_legacy import LegacyEvents
from approver.proxy.http_messages import CANCELLED, LISTEN, Message, read_message
from approver.proxy.http_patience import Patience
from approver.proxy.http_posts import NotSpoken, code, sentence
from approver.proxy.http_streamable import Streamable
from approver.proxy.http_wire import Credentials, Wire, WireFault
from approver.proxy.server_log import ServerLog
from approver.proxy.upstream_exit import UpstreamExit
from approver.tasks import spawn

log = logging.getLogger(__name__)

MOST_UNSENT = 64 * 1024 * 1024
"""Bytes that may wait to be sent; then `write` takes no more."""
_PAUSE_AT, _GO_ON_AT = 4 * 1024 * 1024, 1024 * 1024

Unanswered = Callable[[Any, bytes], None]


@dataclasses.dataclass(slots=True, eq=False)
class _Running:
    """A request on its way."""

    message: Message
    over: asyncio.Event
    """Set once it is answered, or will not be."""
    task: "asyncio.Task[None] | None" = None


class HttpUpstream:
    """One client's way to a server over HTTP, from `start` to `stop`."""

    def __init__(
        self,
        server: HttpServer,
        credentials: Credentials,
        *,
        log: ServerLog,
        on_lines: Callable[[list[bytes]], None],
        on_exit: Callable[[UpstreamExit], None],
        on_pause: Callable[[bool], None] = lambda paused: None,
        on_unanswered: Unanswered | None = None,
        patience: Patience | None = None,
    ) -> None:
        self._server = server
        self._log = log
        self._on_lines = on_lines
        self._on_exit = on_exit
        self.on_pause = on_pause
        """Called with True when much waits to be sent, with False when it has been."""
        self._on_unanswered = on_unanswered or self._answer_ourselves
        self._patience = patience or Patience()
        self._wire = Wire(server, credentials)
        self._way: Streamable | LegacyEvents
        self._waiting: deque[bytes] = deque()
        self._running: set[_Running] = set()
        self._by_id: dict[Any, _Running] = {}
        self._unsent: dict[Message, asyncio.Event] = {}
        self._in_order: asyncio.Task[None] | None = None
        self._late: set[asyncio.Task[None]] = set()
        self._size = 0
        self._has_paused = False
        self._may_read = asyncio.Event()
        self._may_read.set()
        self._idle = asyncio.Event()
        self._idle.set()
        self._is_started = False
        self._was_stopped = False

    # -- what the owner calls --------------------------------------------------------------------------------------

    async def start(self, within: float) -> None:
        """Get ready. The server is reached with the first message, which is told if it cannot be."""
        await asyncio.to_thread(stateless_headers.load)
        self._patience = dataclasses.replace(self._patience, answer=within)
        self._way = Streamable(self._wire, self._patience, self._deliver)
        self._is_started = True

    @property
    def is_running(self) -> bool:
        """Whether messages are taken."""
        return self._is_started and not self._was_stopped

    @property
    def last_words(self) -> tuple[str, ...]:
        """Nothing: a server elsewhere has no stderr here."""
        return ()

    @property
    def buffered(self) -> int:
        """Bytes written that are not on their way yet."""
        return self._size

    def write(self, data: bytes) -> bool:
        """Send lines, each with its end; never blocks. False: no more are taken."""
        if not self.is_running:
            return False
        if self._size > MOST_UNSENT:
            self._log.write("approver", b"a message was not sent: too many wait for the server")
            return False
        lines = [line for line in data.split(b"\n") if line]
        self._waiting.extend(lines)
        self._grow(sum(map(len, lines)))
        self._advance()
        return True

    def pause_reading(self, paused: bool) -> None:
        """Read no more of the server's messages for now, or go on."""
        (self._may_read.clear if paused else self._may_read.set)()

    async def stop(self, grace: float) -> None:
        """Give what is under way `grace` seconds to end, then end it, and take leave of the server."""
        if not self.is_running:
            return
        self._was_stopped = True
        self.pause_reading(False)
        for running in self._running:
            if running.message.method == LISTEN and running.task is not None:
                running.task.cancel()
        with suppress(TimeoutError):
            async with asyncio.timeout(grace):
                await self._idle.wait()
        await self._drop_the_rest()
        with suppress(TimeoutError):
            async with asyncio.timeout(self._patience.leave):
                await self._way.leave()
        await self._wire.close()
        self._on_exit(UpstreamExit(self._server.name, None, (), was_stopped=True))

    async def _drop_the_rest(self) -> None:
        """End what has not ended by itself."""
        self._waiting.clear()
        tasks = [running.task for running in self._running] + [self._in_order, *self._late]
        left = [task for task in tasks if task is not None]
        for task in left:
            task.cancel()
        if left:
            await asyncio.wait(left, timeout=self._patience.leave)

    # -- messages out ----------------------------------------------------------------------------------------------

    def _advance(self) -> None:
        """Send what may be sent now."""
        while self._waiting and self._in_order is None:
            line = self._waiting.popleft()
            message = read_message(line)
            if message.is_request and message.method != "initialize":
                self._start_request(message)
            elif message.method == CANCELLED and self._cancel(message):
                self._grow(-len(line))
            else:
                self._in_order = self._run(self._send_in_order(message), f"send {message.method or 'a response'}")
                self._in_order.add_done_callback(self._sent_in_order)
        self._tell_idle()

    def _start_request(self, message: Message) -> _Running:
        running = _Running(message, asyncio.Event())
        self._running.add(running)
        if isinstance(message.id, str | int | float):
            self._by_id[message.id] = running
        sent = self._unsent[message] = asyncio.Event()
        message.on_sent = lambda: self._sent(message, sent)
        message.on_answered = lambda: self._answered(running)
        running.task = self._run(self._carry(running), message.method)
        running.task.add_done_callback(lambda task: self._finished(running, sent))
        return running

    def _run(self, work: Coroutine[Any, Any, None], what: str) -> "asyncio.Task[None]":
        return spawn(work, name=f"{self._server.name}: {what}")

    async def _carry(self, running: _Running) -> None:
        """See a request through to its answer, or to the reason why there is none."""
        message = running.message
        try:
            await self._ask(message)
        except WireFault as fault:
            self._log.write("approver", f"{message.method}: {fault}".encode())
            told = jsonrpc.error(message.id, code(fault), sentence(self._server.name, fault, message.method))
            self._on_unanswered(message.id, b"" if message.is_given_up else told)
        except Exception:  # a request's top level: its client is to hear something
            log.exception("a request to %s failed", self._server.name)
            self._on_unanswered(message.id, jsonrpc.error(message.id, jsonrpc.UNAVAILABLE, _OWN_FAULT))

    async def _ask(self, message: Message) -> None:
        try:
            await self._way.ask(message)
        except NotSpoken as fault:
            legacy = await self._way.older(fault)
            if legacy is None:
                raise
            self._way = legacy
            await legacy.ask(message)

    def _answered(self, running: _Running) -> None:
        """Its answer is out; what its stream still brings is read on for a moment."""
        running.over.set()
        self._running.discard(running)
        if running.task is not None and not running.task.done():
            self._late.add(running.task)
            running.task.add_done_callback(self._late.discard)
        if self._by_id.get(running.message.id) is running:
            del self._by_id[running.message.id]
        self._tell_idle()

    def _finished(self, running: _Running, sent: asyncio.Event) -> None:
        self._sent(running.message, sent)
        self._answered(running)

    def _cancel(self, message: Message) -> bool:
        """Take back a request; True where that is all there is to do: closing its response is what cancels it."""
        running = self._by_id.get(message.cancels)
        if running is None:
            return not self._way.has_session
        running.message.is_given_up = True
        if running.message.revision is None or running.task is None:
            return False
        running.task.cancel()
        self._on_unanswered(running.message.id, b"")
        return True

    async def _send_in_order(self, message: Message) -> None:
        """Send what has its place between other messages: after those before it, and before those after it."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._patience.in_order):
                for event in tuple(self._unsent.values()):
                    await event.wait()
        if message.is_request:
            await self._start_request(message).over.wait()
        else:
            telling = self._run(self._tell(message), message.method or "a response")
            self._late.add(telling)
            telling.add_done_callback(self._late.discard)
            await asyncio.wait([telling], timeout=self._patience.in_order)
            self._grow(-len(message.line))

    async def _tell(self, message: Message) -> None:
        try:
            await self._way.tell(message)
        except WireFault as fault:
            what = message.method or "a response"
            self._log.write("approver", f"{what} did not arrive: {fault}".encode())

    def _sent_in_order(self, task: "asyncio.Task[None]") -> None:
        self._in_order = None
        self._advance()

    # -- how much waits --------------------------------------------------------------------------------------------

    def _sent(self, message: Message, sent: asyncio.Event) -> None:
        if not sent.is_set():
            sent.set()
            self._unsent.pop(message, None)
            self._grow(-len(message.line))

    def _grow(self, size: int) -> None:
        self._size += size
        if not self._has_paused and self._size > _PAUSE_AT:
            self._has_paused = True
            self.on_pause(True)
        elif self._has_paused and self._size < _GO_ON_AT:
            self._has_paused = False
            self.on_pause(False)

    def _tell_idle(self) -> None:
        busy = self._waiting or self._running or self._in_order is not None
        (self._idle.clear if busy else self._idle.set)()

    # -- messages in -----------------------------------------------------------------------------------------------

    async def _deliver(self, lines: list[bytes]) -> None:
        await self._may_read.wait()
        self._on_lines(lines)

    def _answer_ourselves(self, request_id: Any, line: bytes) -> None:
        if line:
            self._on_lines([line])


_OWN_FAULT = "Approver failed while it carried this request. Its log says more: data/logs."
