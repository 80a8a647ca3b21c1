"""One HTTP response that carries a session's messages as server-sent events.

    session ── put ──> EventStream ── carry, in the coroutine that answers the HTTP request ──> client

Whoever waits for an answer costs one coroutine, this object and nothing else. An answer that comes at once is sent as
one piece; otherwise the response begins after a moment, so that a client knows where it can read on.
"""

import asyncio
from typing import Any

from approver.proxy.http_exchange import EVENT_STREAM, Exchange

BEGIN_SECONDS = 0.01
"""How long an answer may take and still be sent as one piece."""
MOST_UNREAD = 64
"""How many events may wait for the client; then what it is sent waits, and so does its server."""
PING = b": ping\n\n"
"""Keeps a connection open on which nothing is said."""


def event(number: int, message: bytes) -> bytes:
    """A message as an event; JSON knows a carriage return only as white space, events end their lines with it."""
    if b"\r" in message:
        message = message.replace(b"\r", b" ")
    return b"id: %d\nevent: message\ndata: %b\n\n" % (number, message)


def opening(number: int, retry_milliseconds: int) -> bytes:
    """The event without a message that tells a client from where it can read on, and when to try."""
    return b"id: %d\nretry: %d\ndata: \n\n" % (number, retry_milliseconds)


class EventStream:
    """The events of one response: put by the session, sent by the coroutine that carries it."""

    __slots__ = ("_coming", "_drained", "_has_begun", "_stirred", "is_left", "is_over")

    def __init__(self, first: bytes = b"") -> None:
        self._coming = [first] if first else []
        self._has_begun = False
        self._stirred: asyncio.Future[None] | None = None
        self._drained: asyncio.Future[None] | None = None
        self.is_over = False
        """Nothing comes after what was put."""
        self.is_left = False
        """The client has gone."""

    def put(self, data: bytes, *, last: bool = False) -> None:
        """Have something sent."""
        self._coming.append(data)
        self._has_begun = self._has_begun or not last
        self.is_over = self.is_over or last
        self._stir()

    def begin(self) -> None:
        """Wait with the response's head no longer."""
        self._has_begun = True
        self._stir()

    def end(self) -> None:
        """Send what was put, then end the response."""
        self.is_over = True
        self._stir()

    def leave(self) -> None:
        """The client has gone, or reads on elsewhere: nothing is sent any more."""
        self.is_left = True
        self._stir()

    async def room(self) -> None:
        """Wait while the client does not keep up."""
        while len(self._coming) > MOST_UNREAD and not self.is_left:
            if self._drained is None:
                self._drained = asyncio.get_running_loop().create_future()
            await self._drained

    def _stir(self) -> None:
        if self._stirred is not None and not self._stirred.done():
            self._stirred.set_result(None)
        if self.is_left:
            self._let_on()

    def _let_on(self) -> None:
        drained, self._drained = self._drained, None
        if drained is not None and not drained.done():
            drained.set_result(None)

    async def carry(self, exchange: Exchange, headers: list[tuple[bytes, bytes]]) -> None:
        """Answer an HTTP request with this stream, until it is over or its client has gone."""
        loop = asyncio.get_running_loop()
        watch = exchange.watch(self.leave)
        beginning: Any = None if self._has_begun else loop.call_later(BEGIN_SECONDS, self.begin)
        try:
            while not self.is_left:
                if self.is_over or (self._has_begun and (self._coming or not exchange.has_started)):
                    if await self._send(exchange, headers):
                        return
                    continue
                self._stirred = loop.create_future()
                await self._stirred
                self._stirred = None
                if self._has_begun and beginning is not None:
                    beginning.cancel()
                    beginning = None
        finally:
            watch.cancel()
            if beginning is not None:
                beginning.cancel()
            self.leave()

    async def _send(self, exchange: Exchange, headers: list[tuple[bytes, bytes]]) -> bool:
        """Send what has been put; whether that was the end."""
        head = [(b"content-type", EVENT_STREAM), (b"cache-control", b"no-cache, no-transform"), *headers]
        data, self._coming = b"".join(self._coming), []
        if self.is_over and not exchange.has_started:
            await exchange.answer(200, data, head)
            return True
        is_last = self.is_over
        if not exchange.has_started:
            await exchange.start(200, head)
        if data or is_last:
            await exchange.write(data, last=is_last)
        self._let_on()
        return is_last
