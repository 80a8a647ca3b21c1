"""The stream on which an HTTP server sends what answers no request: kept open for as long as the session lasts.

A stream that ends is opened again after the time that the server wants, from the last event that came. A server that
offers none says so at the first attempt, and is left alone.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from approver.proxy.event_stream import EventStream, EventTooLong, ServerEvent
from approver.proxy.http_messages import Found, find
from approver.proxy.http_patience import Patience
from approver.proxy.http_posts import EVENTS, GET_HEADERS, Deliver, Place
from approver.proxy.http_wire import CutOff, Headers, Reply, Unreachable, Wire, WireFault
from approver.tasks import spawn

log = logging.getLogger(__name__)

_PASSING = (409, 425, 429)
"""Statuses that may be another one soon: 409 while the server still takes the last stream for open."""
_MOST_FAILURES = 5
"""After so many a stream that never was is given up."""


def _may_open(status: int, was_open: bool) -> bool:
    """Whether a stream that the server answered so may be open another time."""
    if status == 401:
        return was_open  # a login is over, and there may be another
    return status == 200 or status in _PASSING or (status >= 500 and status != 501)


class ServerStream:
    """The stream of one session; `start` it anew for another."""

    def __init__(
        self,
        wire: Wire,
        patience: Patience,
        deliver: Deliver,
        lost: Callable[[], None],
        questioned: Callable[[tuple[Any, ...], Headers], None],
    ) -> None:
        self._wire = wire
        self._patience = patience
        self._deliver = deliver
        self._lost = lost
        self._questioned = questioned
        self._task: asyncio.Task[None] | None = None

    def start(self, headers: Headers) -> None:
        """Open the stream of a session, in place of the one that was open."""
        self.stop()
        self._task = spawn(self._keep_open(headers), name="stream of server messages")

    def stop(self) -> None:
        """Close the stream."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _keep_open(self, headers: Headers) -> None:
        place = Place(self._patience.retry)
        was_open, failures = False, 0
        while True:
            status = await self._attempt(headers, place)
            if status == 404 and was_open:
                self._lost()
                return
            was_open = was_open or status == 200
            failures = 0 if status == 200 else failures + 1
            if not _may_open(status, was_open) or (failures >= _MOST_FAILURES and not was_open):
                return
            await asyncio.sleep(self._pause(place, failures))

    async def _attempt(self, headers: Headers, place: Place) -> int:
        """Open the stream once; the status, 503 where there is none, 401 where the server does not let us in."""
        try:
            return await self._open_once(headers, place)
        except (Unreachable, CutOff) as fault:
            log.debug("the stream of server messages: %s", fault)
            return 503
        except WireFault as fault:
            log.info("no stream of server messages: %s", fault)
            return 401

    def _pause(self, place: Place, failures: int) -> float:
        slower = self._patience.first_delay * 2**failures if failures else 0.0
        return min(max(place.retry if not failures else 0.0, slower), self._patience.longest_delay)

    async def _open_once(self, headers: Headers, place: Place) -> int:
        """Open the stream and take what it brings until it ends; returns the status."""
        after = [(b"last-event-id", place.last_id.encode())] if place.last_id else []
        async with await self._wire.send("GET", [*GET_HEADERS, *headers, *after]) as reply:
            if reply.status == 200 and reply.content_type != EVENTS:
                return 405
            if reply.status == 200:
                await self._read(reply, place, headers)
            return reply.status

    async def _read(self, reply: Reply, place: Place, headers: Headers) -> None:
        stream = EventStream()
        try:
            async for chunk in reply.chunks():
                await self._take(stream.feed(chunk), place, headers)
        except (CutOff, EventTooLong) as fault:
            log.debug("the stream of server messages: %s", fault)

    async def _take(self, events: list[ServerEvent], place: Place, headers: Headers) -> None:
        found = Found([])
        for event in events:
            place.note(event)
            if event.data and event.kind == "message":
                found += find(event.data, None)
        if found.lines:
            self._questioned(found.questions, headers)
            await self._deliver(found.lines)
