"""A call over HTTP, from the gate's judging to its ruling."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from front_room import until
from gate_room import GateRoom
from sample_calls import caller
from talk import tool_call

from approver.proxy import http_exchange
from approver.proxy.http_calls import HttpCall, reply
from approver.proxy.http_exchange import Exchange
from approver.proxy.rulings import Forward, Kept, Reply

pytestmark = pytest.mark.anyio


class Room(GateRoom):
    """A gate, and one client's exchange."""

    def __init__(self) -> None:
        super().__init__()
        self.coming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.sent: list[Any] = []
        self.sent_something = asyncio.Event()

    async def _send(self, message: Any) -> None:
        self.sent.append(message)
        self.sent_something.set()

    def exchange(self, accept: str = "application/json, text/event-stream") -> Exchange:
        scope = {"method": "POST", "path": "/", "headers": [(b"accept", accept.encode())]}
        return Exchange(scope, self.coming.get, self._send)

    def http_call(self, tool: str, *, accept: str = "text/event-stream", **more: Any) -> HttpCall:
        return HttpCall(self.gate, self.exchange(accept), tool_call(1, tool, **more))

    def waiting(self, call: HttpCall) -> "asyncio.Task[Any]":
        return asyncio.get_running_loop().create_task(call.rule(caller()))

    @property
    def messages(self) -> list[Any]:
        text = b"".join(message.get("body", b"") for message in self.sent)
        return [json.loads(line[6:]) for line in text.split(b"\n") if line.startswith(b"data: ")]


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    async with asyncio.timeout(10):
        yield Room()


async def held(room: Room) -> None:
    await until(room.queue.pending)


async def test_an_allowed_call_is_ruled_at_once_and_nobody_is_watched(room: Room) -> None:
    ruling = await room.http_call("read").rule(caller())
    assert isinstance(ruling, Forward)
    assert room.coming.qsize() == 0
    assert [row.outcome for row in room.journal.rows] == ["allowed"]


async def test_a_denied_call_gets_its_reply(room: Room) -> None:
    ruling = await room.http_call("rm", arguments={"path": "/etc"}).rule(caller())
    assert isinstance(ruling, Reply)


async def test_a_held_call_is_ruled_when_a_person_answers(room: Room) -> None:
    ruling = room.waiting(room.http_call("write"))
    await held(room)
    room.approve()
    assert isinstance(await ruling, Forward)


async def test_while_it_is_held_its_client_is_told_of_progress(room: Room) -> None:
    ruling = room.waiting(room.http_call("write", _meta={"progressToken": "t"}))
    await held(room)
    room.time.advance(room.around.progress_seconds)
    while not room.messages:
        await room.sent_something.wait()
        room.sent_something.clear()
    (told,) = room.messages
    assert told["method"] == "notifications/progress"
    assert (told["params"]["progressToken"], told["params"]["message"][-5:]) == ("t", "write")
    room.deny("no")
    assert isinstance(await ruling, Reply)


@pytest.mark.parametrize("options", [{"accept": "application/json", "_meta": {"progressToken": 1}}, {}])
async def test_a_client_that_did_not_ask_or_reads_no_events_is_told_nothing(
    room: Room, options: dict[str, Any]
) -> None:
    ruling = room.waiting(room.http_call("write", **options))
    await held(room)
    room.time.advance(room.around.progress_seconds)
    room.approve()
    await ruling
    assert room.sent == []


async def test_a_client_that_hangs_up_ends_its_question(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_exchange, "WATCH_SECONDS", 0.0)
    ruling = room.waiting(room.http_call("write"))
    await held(room)
    room.coming.put_nowait({"type": "http.disconnect"})
    assert await ruling is None
    assert room.queue.pending() == ()
    assert room.journal.rows[-1].outcome == "aborted"
    assert room.used() == 0


async def test_an_approval_that_comes_with_the_hang_up_sends_nothing(room: Room) -> None:
    call = room.http_call("write")
    ruling = room.waiting(call)
    await held(room)
    question = room.question()
    call._is_left = True  # hung up in the same turn of the loop
    call._stir()
    room.approve(question.id)
    room.gate.commit()
    assert await ruling is None
    assert room.journal.rows[-1].outcome == "unreachable"
    assert room.used() == 0


async def test_a_kept_result_is_answered_as_it_was(room: Room) -> None:
    ruling = await room.http_call("read").rule(caller())
    assert isinstance(ruling, Forward)
    await reply(room.exchange(), 7, Kept(ruling.call, b'{"content":[],"x":1.0}'))
    assert b"".join(message.get("body", b"") for message in room.sent) == (
        b'{"jsonrpc":"2.0","id":7,"result":{"content":[],"x":1.0}}'
    )


async def test_a_reply_after_progress_is_the_streams_last_event(room: Room) -> None:
    ruling = await room.http_call("rm", arguments={"path": "/etc"}).rule(caller())
    assert isinstance(ruling, Reply)
    exchange = room.exchange()
    await exchange.start_events()
    await reply(exchange, 7, ruling)
    assert room.messages[-1]["id"] == 7
    assert room.sent[-1]["more_body"] is False
