"""One of many servers: how it starts, fails, hangs, and comes back."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from front_room import until
from many_room import ManyRoom
from talk import request, tool_call

from approver.model import HttpServer, StdioServer
from approver.proxy import many_server
from approver.proxy.http_upstream import HttpUpstream
from approver.proxy.many_server import Behind

pytestmark = pytest.mark.anyio


@pytest.fixture
async def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[ManyRoom]:
    room = ManyRoom(tmp_path, monkeypatch, "a")
    yield room
    await room.many.stop()


async def test_what_is_said_while_it_starts_is_said_once_it_has(room: ManyRoom) -> None:
    server = room.servers["a"]
    server.may_start.clear()
    room.many.start()
    number = room.client(tool_call(1, "a__read"))
    assert server.told == []
    server.may_start.set()
    answer = await room.settled(number)
    assert answer is not None and answer["result"]["by"] == "a"


async def test_a_call_to_a_server_that_did_not_start_is_judged_and_told_why(room: ManyRoom) -> None:
    room.servers["a"].refuses_to_start = "There is no such command."
    await room.greet()
    answer = await room.settled(room.client(tool_call(1, "a__read")))
    assert answer is not None and "could not be started: There is no such command." in answer["error"]["message"]
    assert [row.tool for row in room.journal.rows if row.outcome == "allowed"] == ["read"]
    assert room.outcomes() == ["unreachable"]
    assert "no such command" in room.many.behind["a"].session.fault


async def test_a_server_that_fails_is_tried_again_by_itself_and_ever_later(
    room: ManyRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds: list[float] = []
    monkeypatch.setattr(many_server, "FIRST_RETRY_SECONDS", 0.01)
    monkeypatch.setattr(many_server, "LONGEST_RETRY_SECONDS", 0.03)
    real = asyncio.get_running_loop().call_later

    def call_later(delay: float, *rest: Any) -> Any:
        seconds.append(delay)
        return real(delay, *rest)

    monkeypatch.setattr(asyncio.get_running_loop(), "call_later", call_later, raising=False)
    room.servers["a"].refuses_to_start = "No."
    await room.greet()
    await until(lambda: room.servers["a"].starts >= 4)
    assert [one for one in seconds if one < 0.05][:3] == [0.01, 0.02, 0.03]
    room.servers["a"].refuses_to_start = ""
    await until(lambda: room.told("notifications/tools/list_changed"))
    assert room.many.behind["a"].is_ready and room.many.behind["a"].session.fault == ""


async def test_a_server_that_never_answers_is_given_up(room: ManyRoom, caplog: pytest.LogCaptureFixture) -> None:
    room.start_seconds = 0.05
    room.servers["a"].on["initialize"] = lambda *_: None
    greeting = await room.greet()
    assert greeting["capabilities"] == {"tools": {"listChanged": True}}
    assert "was started but has not answered within 0.05 seconds" in caplog.text
    await until(lambda: not room.servers["a"].is_running)


async def test_a_fault_of_our_own_at_the_start_is_not_the_others(
    room: ManyRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fault(_: Any) -> Any:
        raise RuntimeError("a fault")

    monkeypatch.setattr(room, "launch_environment", fault)
    await room.greet()
    assert "Approver failed at it" in room.many.behind["a"].session.fault


async def test_a_line_that_cannot_be_handled_does_not_stop_the_others(
    room: ManyRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    await room.greet()
    behind = room.many.behind["a"]
    real = behind.session.server_line

    def broken(line: bytes) -> None:
        if b"break" in line:
            raise RuntimeError("a fault")
        real(line)

    monkeypatch.setattr(behind.session, "server_line", broken)
    room.servers["a"].say({"jsonrpc": "2.0", "method": "break"})
    room.servers["a"].say({"jsonrpc": "2.0", "method": "go/on"})
    assert room.told("go/on")


async def test_a_server_that_was_stopped_before_it_started_is_ended(room: ManyRoom) -> None:
    server = room.servers["a"]
    server.may_start.clear()
    room.many.start()
    await until(lambda: room.many.behind["a"]._starters)
    await room.many.stop()
    assert not room.many.behind["a"]._starters  # nothing of it is left to the loop's end
    server.may_start.set()
    room.many.behind["a"].retry_now()
    room.many.behind["a"].retry_later()
    await asyncio.sleep(0)
    assert (server.starts, server.is_running) == (0, False)


async def test_a_start_that_is_overtaken_by_a_restart_has_no_effect(room: ManyRoom) -> None:
    server = room.servers["a"]
    server.may_start.clear()
    room.many.start()
    await asyncio.sleep(0)
    again = asyncio.ensure_future(room.many.behind["a"].restart())
    await asyncio.sleep(0)
    server.may_start.set()
    await again
    await until(lambda: server.starts == 2)


async def test_a_server_over_http_is_reached_where_it_is(room: ManyRoom) -> None:
    server = HttpServer("web", "http://127.0.0.1:9/mcp")
    behind = Behind(room, server, room.many.caller, room.many, room.folder, keep_label=False)
    upstream = await behind._new_upstream(server)
    assert isinstance(upstream, HttpUpstream)


async def test_a_call_that_comes_to_nothing_over_http_is_told_and_written_down(room: ManyRoom) -> None:
    await room.greet()
    server, behind = room.servers["a"], room.many.behind["a"]
    server.on["tools/call"] = lambda *_: None
    number = room.client(tool_call(1, "a__read"))
    await until(lambda: server.asked("tools/call"))
    (sent,) = server.asked("tools/call")
    error = {"jsonrpc": "2.0", "id": sent["id"], "error": {"code": -32000, "message": "It is away."}}
    behind._server_unanswered(sent["id"], json.dumps(error).encode())
    answer = await room.settled(number)
    assert answer is not None and answer["error"]["message"] == "It is away."
    assert room.outcomes() == ["unreachable"]


async def test_noise_is_kept_in_the_servers_log(room: ManyRoom) -> None:
    await room.greet()
    room.many.behind["a"].server_noise(b"hello there")
    assert "hello there" in (room.folder / "a.log").read_text(encoding="utf-8")
    room.client(request(1, "ping"))


# -- edits -------------------------------------------------------------------------------------------------------------


async def test_an_edited_entry_is_started_in_place_of_what_runs_and_the_client_hears_of_new_lists(
    room: ManyRoom,
) -> None:
    await room.greet()
    room.many.reload([StdioServer("a", "x")])  # as it was
    assert room.servers["a"].starts == 1
    room.many.reload([StdioServer("a", "mended")])
    await until(lambda: room.told("notifications/tools/list_changed"))
    assert (room.servers["a"].starts, room.servers["a"].command) == (2, "mended")
    assert (await room.settled(room.client(tool_call(1, "a__read")))) is not None


async def test_an_entry_that_is_edited_while_it_starts_is_started_as_it_is_in_the_end(room: ManyRoom) -> None:
    server = room.servers["a"]
    server.may_start.clear()
    room.many.start()
    number = room.client(tool_call(1, "a__read"))
    room.many.reload([StdioServer("a", "half mended")])
    room.many.reload([StdioServer("a", "mended")])
    server.may_start.set()
    answer = await room.settled(number)
    assert answer is not None and answer["result"]["by"] == "a"
    assert server.command == "mended"


async def test_an_entry_that_did_not_start_is_started_at_once_when_it_is_mended(room: ManyRoom) -> None:
    room.servers["a"].refuses_to_start = 'Mend "command" in servers.json.'
    await room.greet()
    room.servers["a"].refuses_to_start = ""
    room.many.reload([StdioServer("a", "mended")])
    await until(lambda: room.many.behind["a"].is_ready)
    assert room.servers["a"].command == "mended"


async def test_a_removed_entry_can_not_be_called_and_is_not_tried_again_until_it_is_there_again(
    room: ManyRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(many_server, "FIRST_RETRY_SECONDS", 0.0)
    await room.greet()
    room.many.reload([])
    await until(lambda: "removed" in room.many.behind["a"].session.fault)
    answer = await room.settled(room.client(tool_call(1, "a__read")))
    assert answer is not None and "removed" in answer["error"]["message"]
    assert (await room.ask(2, "tools/list"))["result"]["tools"] == []
    assert (room.servers["a"].starts, room.servers["a"].is_running) == (1, False)
    room.many.reload([StdioServer("a", "x")])
    await until(lambda: room.many.behind["a"].is_ready)
    answer = await room.settled(room.client(tool_call(3, "a__read")))
    assert answer is not None and answer["result"]["by"] == "a"


async def test_what_a_person_was_asked_about_is_not_done_by_an_edited_server(room: ManyRoom) -> None:
    await room.greet()
    number = room.client(tool_call(1, "a__write"))
    question = await room.next_question()
    room.many.reload([StdioServer("a", "another")])
    answer = await room.settled(number)
    assert answer is not None and "was just edited; try again" in answer["error"]["message"]
    assert question.id not in [one.id for one in room.queue.pending()]
    await until(lambda: room.many.behind["a"].is_ready)
    assert room.servers["a"].asked("tools/call") == []
    assert (await room.settled(room.client(tool_call(1, "a__read")))) is not None  # the id is free again


async def test_after_its_client_has_left_an_edit_starts_nothing(room: ManyRoom) -> None:
    await room.greet()
    await room.many.stop()
    room.many.reload([StdioServer("a", "another")])
    assert room.servers["a"].starts == 1
