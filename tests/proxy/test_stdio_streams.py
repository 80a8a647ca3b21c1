"""One response of events: as one piece where the answer comes at once, otherwise as it comes, and never ahead of it."""

import asyncio
from typing import Any

import pytest
from front_room import SECONDS, until

from approver.proxy import stdio_streams as module
from approver.proxy.http_exchange import Exchange
from approver.proxy.stdio_streams import EventStream, event, opening

pytestmark = pytest.mark.anyio


class Carried:
    """A stream while it answers a request."""

    def __init__(self, first: bytes = b"") -> None:
        self.stream = EventStream(first)
        self.sent: list[Any] = []
        self.gone = asyncio.Event()
        self.reads = asyncio.Event()
        self.reads.set()
        exchange = Exchange({"method": "POST", "path": "/", "headers": []}, self._receive, self._send)
        self.task = asyncio.get_running_loop().create_task(self.stream.carry(exchange, [(b"x-a", b"b")]))

    async def _receive(self) -> Any:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        await self.reads.wait()
        self.sent.append(message)

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.sent)

    async def end(self) -> None:
        async with asyncio.timeout(SECONDS):
            await self.task


async def test_an_answer_that_comes_at_once_is_one_piece() -> None:
    carried = Carried(b"first,")
    carried.stream.put(b"answer", last=True)
    await carried.end()
    head, body = carried.sent
    assert (b"content-length", b"12") in head["headers"]
    assert (b"x-a", b"b") in head["headers"]
    assert (body["body"], body["more_body"]) == (b"first,answer", False)


async def test_after_a_moment_the_response_begins_without_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BEGIN_SECONDS", 0.0)
    carried = Carried(b"first")
    await until(lambda: carried.body == b"first")
    carried.stream.put(b",answer", last=True)
    await carried.end()
    assert carried.body == b"first,answer"
    assert carried.sent[-1]["more_body"] is False


async def test_what_comes_before_the_answer_is_sent_at_once() -> None:
    carried = Carried()
    carried.stream.put(b"told")
    await until(lambda: carried.body == b"told")
    carried.stream.end()
    await carried.end()
    assert carried.sent[-1] == {"type": "http.response.body", "body": b"", "more_body": False}


async def test_nothing_is_sent_to_a_client_that_has_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("approver.proxy.http_exchange.WATCH_SECONDS", 0.0)
    carried = Carried()
    carried.gone.set()
    await carried.end()
    assert carried.stream.is_left
    carried.stream.put(b"late", last=True)
    assert carried.body == b""


async def test_whoever_says_more_than_is_read_waits_until_it_is_or_the_client_has_gone() -> None:
    carried = Carried()
    for _ in range(2):
        carried.reads.clear()
        carried.stream.put(b"being sent")
        await until(lambda: not carried.stream._coming)
        for _ in range(module.MOST_UNREAD + 1):
            carried.stream.put(b"x")
        waiting = [asyncio.get_running_loop().create_task(carried.stream.room()) for _ in range(2)]
        await asyncio.wait(waiting, timeout=0)
        assert not any(one.done() for one in waiting)
        if carried.sent:
            carried.stream.leave()
        carried.reads.set()
        await asyncio.wait(waiting)
    await carried.end()


async def test_there_is_room_in_a_stream_that_is_read() -> None:
    await EventStream().room()


def test_a_message_is_one_line_of_an_event() -> None:
    assert event(7, b'{"a":\r1}') == b'id: 7\nevent: message\ndata: {"a": 1}\n\n'
    assert opening(3, 100) == b"id: 3\nretry: 100\ndata: \n\n"
