"""A server process as the HTTP side talks to it: neither side outruns the other, and its end is told."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from front_room import FrontRoom, until
from sample_calls import caller

from approver.model import StdioServer
from approver.proxy import stdio_talk as module
from approver.proxy.stdio_messages import UpstreamGone
from approver.proxy.stdio_talk import Talk, talking
from approver.proxy.stdio_upstream import UpstreamExit, UpstreamUnavailable

pytestmark = pytest.mark.anyio


class Upstream:
    """A process that does what a test says."""

    made: "Upstream"
    fault: UpstreamUnavailable | None = None

    def __init__(self, server: Any, environment: Any, **callbacks: Any) -> None:
        Upstream.made = self
        self.lines = callbacks["on_lines"]
        self.exits = callbacks["on_exit"]
        self.pauses = callbacks["on_pause"]
        self.is_running = False
        self.written: list[Any] = []
        self.reading: list[bool] = []
        self.stops: list[float] = []

    async def start(self, within: float) -> None:
        if self.fault is not None:
            raise self.fault
        self.is_running = True

    def write(self, data: bytes) -> bool:
        self.written.append(json.loads(data))
        return True

    def pause_reading(self, paused: bool) -> None:
        self.reading.append(paused)

    async def stop(self, grace: float) -> None:
        self.is_running = False
        self.stops.append(grace)

    def say(self, *messages: Any) -> None:
        self.lines([message if isinstance(message, bytes) else json.dumps(message).encode() for message in messages])


def told(number: int) -> Any:
    return {"jsonrpc": "2.0", "method": "notifications/message", "params": {"data": number}}


def ping(request_id: Any = 1) -> Any:
    return {"jsonrpc": "2.0", "id": request_id, "method": "ping"}


@pytest.fixture
async def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FrontRoom]:
    monkeypatch.setattr(module, "StdioUpstream", Upstream)
    async with asyncio.timeout(10):
        yield FrontRoom(tmp_path)


def new_talk(room: FrontRoom) -> Talk:
    return Talk(room, StdioServer("files", "x"), caller(), room.folder)


async def test_a_server_that_says_more_than_is_read_is_not_read_until_it_is(
    room: FrontRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_UNREAD", 4)
    async with talking(new_talk(room)) as talk:
        messages = talk.messages()
        Upstream.made.say(*map(told, range(6)))
        assert Upstream.made.reading == [True]
        heard = [json.loads(await anext(messages))["params"]["data"] for _ in range(6)]
        assert heard == list(range(6))
        assert Upstream.made.reading == [True, False]


async def test_a_client_waits_while_the_server_does_not_read(room: FrontRoom) -> None:
    async with talking(new_talk(room)) as talk:
        Upstream.made.pauses(True)
        sending = asyncio.get_running_loop().create_task(talk.send(ping()))
        await asyncio.wait([sending], timeout=0)
        assert Upstream.made.written == []
        Upstream.made.pauses(False)
        await sending
        assert Upstream.made.written == [{"jsonrpc": "2.0", "id": 1, "method": "ping"}]


async def test_what_is_no_json_rpc_goes_to_the_servers_log(room: FrontRoom) -> None:
    async with talking(new_talk(room)) as talk:
        Upstream.made.say(b"Listening!", told(1))
        assert json.loads(await anext(talk.messages()))["params"] == {"data": 1}
    assert "Listening!" in (room.folder / "files.log").read_text(encoding="utf-8")


async def test_when_the_server_ends_what_is_in_flight_fails_and_then_the_talk_is_over(room: FrontRoom) -> None:
    async with talking(new_talk(room)) as talk:
        await talk.send(ping(7))
        Upstream.made.exits(UpstreamExit("files", 3, ("no disk",), False))
        (failed,) = [json.loads(message) async for message in talk.messages()]
        assert failed["id"] == 7
        assert failed["error"]["message"] == talk.ending
        assert talk.ending.startswith("The server files has ended: ")
        with pytest.raises(UpstreamGone, match="has ended"):
            await talk.send(ping(8))


async def test_a_server_that_cannot_start_is_gone_with_the_reason(
    room: FrontRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Upstream, "fault", UpstreamUnavailable("There is no such program."))
    with pytest.raises(UpstreamGone, match="files could not be started: There is no such program."):
        async with talking(new_talk(room)):
            pass


async def test_a_server_that_stays_silent_is_given_up(room: FrontRoom) -> None:
    room.start_seconds = 0.01
    async with talking(new_talk(room)) as talk:
        await talk.send(ping())
        await until(lambda: talk.ending)
        assert "has not answered within 0.01 seconds" in talk.ending
        await until(lambda: Upstream.made.stops == [0])


async def test_leaving_ends_the_server_and_the_questions(room: FrontRoom) -> None:
    talk = new_talk(room)
    async with talking(talk):
        call = {"name": "write", "arguments": {}}
        await talk.send({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call})
        assert len(room.queue.pending()) == 1
        assert [row.outcome for row in room.journal.rows] == ["asked"]  # before anybody is shown it
    assert room.queue.pending() == ()
    assert (Upstream.made.stops, talk.ending) == ([0.0], "The server files was ended by Approver.")


async def test_a_call_that_cannot_be_judged_is_refused_and_written_down(room: FrontRoom) -> None:
    async with talking(new_talk(room)) as talk:
        await talk.send({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"NAME": "x", "name": "rm"}})
        assert json.loads(await anext(talk.messages()))["error"]["code"] == -32602
        assert [row.kind.value for row in room.journal.rows] == ["refused"]
    assert Upstream.made.written == []
