"""Clients over HTTP before a server that is a real process: sessions, stateless requests, and how they end."""

import asyncio
import contextlib
import os
import sys
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from front_room import GRANT, OTHER_GRANT, OTHER_TOKEN, FrontRoom, Heard, fronting, until
from talk import notification, request, tool_call
from talk import result as answer_to

from approver.model import StdioServer
from approver.proxy.stdio_carrier import StdioCarrier

pytestmark = pytest.mark.anyio

PROGRAM = str(Path(__file__).parents[1] / "servers" / "plain_server.py")
CLIENT = {"clientInfo": {"name": "Claude", "version": "1"}}
META = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": {},
    "io.modelcontextprotocol/clientInfo": {"name": "Inspector", "version": "1"},
}


class Behind(FrontRoom):
    """A front with a carrier for one server."""

    carrier_of_files: StdioCarrier

    def serve(self, *command: str) -> StdioCarrier:
        program, *arguments = command or (sys.executable, "-S", PROGRAM)
        server = StdioServer("files", program, tuple(arguments))
        self.carrier_of_files = StdioCarrier(self, server, self.folder)
        self.carriers["files"] = self.carrier_of_files
        return self.carrier_of_files

    async def begin(self, **options: Any) -> dict[str, str]:
        """Open a session; return the headers of its requests."""
        params = {"protocolVersion": "2025-11-25", "capabilities": {}, **CLIENT}
        heard = await self.ask(request(0, "initialize", **params), **options)
        assert heard.message["result"]["serverInfo"]["name"] == "plain"
        headers = {"Mcp-Session-Id": heard.headers["mcp-session-id"], "MCP-Protocol-Version": "2025-11-25"}
        told = await self.ask(notification("notifications/initialized"), headers=headers, **options)
        assert told.status == 202
        return headers

    def log(self) -> str:
        """What is known of the servers' comings and goings."""
        return (self.folder / "files.log").read_text(encoding="utf-8")


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Behind]:
    room = Behind(tmp_path)
    async with fronting(tmp_path, room):
        room.serve()
        yield room
        await room.carrier_of_files.close()


def modern(message: Any) -> dict[str, str]:
    headers = {"MCP-Protocol-Version": "2026-07-28", "Mcp-Method": message["method"]}
    name = message["params"].get("name")
    return {**headers, "Mcp-Name": name} if name else headers


def alone(request_id: Any, tool: str, arguments: Any = None, **meta: Any) -> Any:
    """A `tools/call` that stands alone."""
    return tool_call(request_id, tool, arguments, _meta={**META, **meta})


async def ask_alone(room: Behind, message: Any, **options: Any) -> Heard:
    return await room.ask(message, headers=modern(message), **options)


# -- sessions ----------------------------------------------------------------------------------------------------------


async def test_a_session_calls_a_server_of_its_own_under_the_name_it_gave(room: Behind) -> None:
    ann, bob = await room.begin(), await room.begin()
    heard = [await room.ask(tool_call(7, "read", {"n": 1.0}), headers=one) for one in (ann, ann, bob)]
    assert all(one.message["id"] == 7 for one in heard)
    assert heard[0].message["result"]["came"] == {"name": "read", "arguments": {"n": 1.0}}
    assert (heard[0].message["result"]["half"], heard[0].message["result"]["none"]) == (0.5, None)
    pids = [one.message["result"]["pid"] for one in heard]
    assert pids[0] == pids[1] != pids[2]
    first = room.journal.rows[0]
    assert (first.client, first.grant, first.outcome) == ("Claude", "ann", "allowed")
    assert room.outcomes() == ["ok", "ok", "ok"]


async def test_a_denied_call_never_reaches_the_server(room: Behind) -> None:
    session = await room.begin()
    heard = await room.ask(tool_call(1, "rm", {"path": "/etc", "do": "die"}), headers=session)
    assert heard.message["result"]["isError"] is True
    assert "pid" in (await room.ask(tool_call(2, "read"), headers=session)).message["result"]


async def test_hidden_tools_are_missing_from_every_page(room: Behind) -> None:
    room.around.hidden = {"secret"}
    session = await room.begin()
    first = (await room.ask(request(1, "tools/list"), headers=session)).message["result"]
    second = (await room.ask(request(2, "tools/list", cursor="2"), headers=session)).message["result"]
    assert [tool["name"] for page in (first, second) for tool in page["tools"]] == ["read", "write"]
    assert room.catalog.find("files", "secret") is not None


async def test_a_held_call_is_told_of_progress_and_answered_once_approved(room: Behind) -> None:
    session = await room.begin()
    async with room.visitor() as visitor:
        visitor.say(tool_call(1, "write", _meta={"progressToken": "t"}), headers=session)
        question = await room.next_question()
        room.time.advance(5)
        await visitor.head()
        told = await visitor.event()
        assert (told["method"], told["params"]["progressToken"]) == ("notifications/progress", "t")
        room.approve(question.id)
        assert (await visitor.event())["result"]["came"]["name"] == "write"


async def test_while_a_call_waits_others_of_its_session_go_on_and_the_server_may_ask_back(room: Behind) -> None:
    session = await room.begin()
    async with room.visitor() as held, room.visitor() as visitor:
        held.say(tool_call(1, "write"), headers=session)
        await room.next_question()
        visitor.say(tool_call(2, "read", {"do": "ask"}), headers=session)
        await visitor.head()
        asked = await visitor.event()
        assert (asked["id"], asked["method"]) == ("q-2", "elicitation/create")
        assert (await room.ask(answer_to("q-2", name="Ana"), headers=session)).status == 202
        assert (await visitor.event())["result"]["answer"] == {"name": "Ana"}
        room.approve()
        assert (await held.hear()).message["id"] == 1


async def test_a_held_call_that_is_cancelled_ends_and_never_reaches_the_server(room: Behind) -> None:
    session = await room.begin()
    async with room.visitor() as visitor:
        visitor.say(tool_call(1, "write"), headers=session)
        await room.next_question()
        told = await room.ask(notification("notifications/cancelled", requestId=1), headers=session)
        assert told.status == 202
        assert "error" in (await visitor.hear()).message
    assert room.queue.pending() == ()
    assert room.journal.rows[-1].outcome == "aborted"


async def test_a_held_call_whose_client_hangs_up_is_asked_about_no_more(room: Behind) -> None:
    session = await room.begin()
    async with room.visitor() as visitor:
        visitor.say(tool_call(1, "write"), headers=session)
        await room.next_question()
    await until(lambda: not room.queue.pending())
    assert room.journal.rows[-1].outcome == "aborted"
    assert (await room.ask(tool_call(1, "read"), headers=session)).message["result"]["came"]["name"] == "read"


async def test_the_result_of_an_approved_call_whose_client_hangs_up_is_kept(
    room: Behind, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = await room.begin()
    abandoned, abandon = asyncio.Event(), room.gate.abandoned
    monkeypatch.setattr(room.gate, "abandoned", lambda ruling: (abandon(ruling), abandoned.set()))
    async with room.visitor() as visitor:
        visitor.say(tool_call(1, "write", {"do": "ask"}), headers=session)
        await room.approve_next()
        await visitor.head()
        await visitor.event()
    await abandoned.wait()
    await room.ask(answer_to("q-1", name="Ana"), headers=session)
    repeat = await room.ask(tool_call(2, "write", {"do": "ask"}), headers=session)
    assert repeat.message == answer_to(2, content=[], answer={"name": "Ana"})


async def test_an_id_that_is_in_flight_is_refused_and_the_first_call_is_unharmed(room: Behind) -> None:
    session = await room.begin()
    async with room.visitor() as visitor:
        visitor.say(tool_call(1, "write"), headers=session)
        await room.next_question()
        assert (await room.ask(tool_call("1", "read"), headers=session)).status == 400
        room.approve()
        assert (await visitor.hear()).message["result"]["came"]["name"] == "write"


async def test_a_session_of_one_grant_is_nobody_elses(room: Behind) -> None:
    session = await room.begin()
    assert (await room.ask(tool_call(1, "read"), headers=session, token=OTHER_TOKEN)).status == 404
    assert [row for row in room.journal.rows if row.grant == "bob"] == []


async def test_delete_ends_a_session_its_questions_and_its_server(room: Behind) -> None:
    session = await room.begin()
    async with room.visitor() as visitor:
        visitor.say(tool_call(1, "write"), headers=session)
        await room.next_question()
        assert (await room.ask(None, "DELETE", headers=session)).status == 200
        await until(lambda: not room.queue.pending())
    assert (await room.ask(tool_call(1, "read"), headers=session)).status == 404
    await until(lambda: len(room.carrier_of_files) == 0)
    assert "ended" in room.log()


async def test_a_server_that_dies_is_told_with_its_last_words_and_the_client_may_start_anew(room: Behind) -> None:
    session = await room.begin()
    heard = await room.ask(tool_call(1, "read", {"do": "die"}), headers=session)
    assert heard.message["error"]["message"].startswith("The server files has ended: ")
    await until(lambda: len(room.carrier_of_files) == 0)
    assert room.outcomes() == ["unreachable"]
    assert (await room.ask(tool_call(2, "read"), headers=session)).status == 404
    await room.begin()


async def test_a_server_that_cannot_be_started_is_told_with_the_reason(room: Behind) -> None:
    room.serve("/no/such/program")
    heard = await room.ask(request(0, "initialize", **CLIENT))
    assert "The server files could not be started: " in heard.message["error"]["message"]
    call = alone(1, "read")
    assert "could not be started" in (await ask_alone(room, call)).message["error"]["message"]


async def test_a_server_that_never_answers_is_given_up(room: Behind) -> None:
    room.start_seconds = 0.5
    room.serve(sys.executable, "-S", "-c", "import sys; sys.stdin.read()")
    heard = await room.ask(request(0, "initialize", **CLIENT))
    assert "has not answered within 0.5 seconds" in heard.message["error"]["message"]


async def test_a_client_that_reads_again_where_it_stopped_gets_what_came_meanwhile(room: Behind) -> None:
    session = await room.begin()
    async with room.visitor() as visitor:
        visitor.say(tool_call(5, "read", {"do": "tell"}, _meta={"progressToken": 1}), headers=session)
        opening = (await visitor.hear()).body.replace(b"\r", b"")
    first = next(line[4:] for line in opening.split(b"\n") if line.startswith(b"id: "))
    async with room.visitor() as visitor:
        visitor.say(None, "GET", headers={**session, "Last-Event-ID": first.decode()})
        progress, answer = (await visitor.hear()).messages
        assert (progress["method"], answer["id"]) == ("notifications/progress", 5)


@pytest.mark.parametrize("stands_alone", [False, True])
async def test_a_call_that_waits_costs_one_task_and_no_thread(room: Behind, stands_alone: bool) -> None:
    session = {} if stands_alone else await room.begin()
    if stands_alone:
        await ask_alone(room, alone(0, "read"))
    async with contextlib.AsyncExitStack() as visitors:
        tasks, threads = len(asyncio.all_tasks()), threading.active_count()
        for number in range(1, 4):
            visitor = await visitors.enter_async_context(room.visitor())
            call = alone(number, "write", {"n": number}) if stands_alone else tool_call(number, "write", {"n": number})
            visitor.say(call, headers=modern(call) if stands_alone else session)
            await until(lambda number=number: len(room.queue.pending()) == number)
        assert len(asyncio.all_tasks()) - tasks == 3
        assert threading.active_count() <= threads


# -- stateless requests ------------------------------------------------------------------------------------------------


async def test_stateless_requests_of_one_grant_share_a_server_and_grants_do_not(room: Behind) -> None:
    call = alone(1, "read", {"n": 1})
    heard = [await ask_alone(room, call), await ask_alone(room, call), await ask_alone(room, call, token=OTHER_TOKEN)]
    pids = [one.message["result"]["pid"] for one in heard]
    assert pids[0] == pids[1] != pids[2]
    assert [one.message["id"] for one in heard] == [1, 1, 1]
    assert {(row.client, row.grant) for row in room.journal.rows} == {("Inspector", "ann"), ("Inspector", "bob")}


async def test_every_stateless_call_is_written_down_under_its_own_name_or_the_grants(room: Behind) -> None:
    unnamed = {key: value for key, value in META.items() if not key.endswith("clientInfo")}
    for meta in (META, unnamed):
        await ask_alone(room, tool_call(1, "read", {}, _meta=meta))
    assert [row.client for row in room.journal.rows if row.outcome == "allowed"] == ["Inspector", "ann"]


async def test_a_stateless_call_is_judged_like_any_other(room: Behind) -> None:
    denied = await ask_alone(room, alone(1, "rm", {"path": "/etc"}))
    assert denied.message["result"]["isError"] is True
    held = asyncio.get_running_loop().create_task(ask_alone(room, alone(2, "write")))
    await room.approve_next()
    assert (await held).message["result"]["came"]["name"] == "write"


async def test_a_stateless_client_that_hangs_up_withdraws_what_is_held(room: Behind) -> None:
    call = alone(1, "write")
    async with room.visitor() as visitor:
        visitor.say(call, headers=modern(call))
        await room.next_question()
    await until(lambda: not room.queue.pending())
    assert room.journal.rows[-1].outcome == "aborted"


async def test_a_stateless_client_that_hangs_up_cancels_what_runs(room: Behind) -> None:
    call = alone(1, "read", {"do": "wait"})
    async with room.visitor() as visitor:
        visitor.say(call, headers=modern(call))
        await until(lambda: any(row.tool == "read" for row in room.journal.rows))
    await until(lambda: "cancelled" in room.log())


async def test_hidden_tools_are_missing_from_stateless_lists_too(room: Behind) -> None:
    room.around.hidden = {"secret"}
    page = request(1, "tools/list", cursor="2", _meta=META)
    heard = await ask_alone(room, page)
    assert [tool["name"] for tool in heard.message["result"]["tools"]] == ["write"]


async def test_a_header_that_says_something_else_than_the_body_is_refused(room: Behind) -> None:
    call = alone(1, "read")
    heard = await room.ask(call, headers={**modern(call), "Mcp-Name": "write"})
    assert heard.status == 400
    assert [row.tool for row in room.journal.rows] == []


async def test_a_shared_server_that_dies_fails_the_call_and_the_next_one_starts_it_again(room: Behind) -> None:
    heard = await ask_alone(room, alone(1, "read", {"do": "die"}))
    assert heard.message["error"]["message"].startswith("The server files has ended: ")
    assert "pid" in (await ask_alone(room, alone(2, "read"))).message["result"]


# -- endings -----------------------------------------------------------------------------------------------------------


async def test_a_revoked_grants_sessions_and_servers_end_and_others_stay(room: Behind) -> None:
    ann, bob = await room.begin(), await room.begin(token=OTHER_TOKEN)
    async with room.visitor() as visitor:
        visitor.say(tool_call(1, "write"), headers=ann)
        await room.next_question()
        room.carrier_of_files.retain({OTHER_GRANT.name})
        await until(lambda: not room.queue.pending())
    await until(lambda: len(room.carrier_of_files) == 1)
    assert (await room.ask(tool_call(1, "read"), headers=bob, token=OTHER_TOKEN)).status == 200
    assert (await room.ask(tool_call(1, "read"), headers=ann)).status == 404


async def test_after_its_end_a_carrier_takes_nothing_and_no_process_is_left(room: Behind) -> None:
    session = await room.begin()
    pids = [
        (await room.ask(tool_call(1, "read"), headers=session)).message["result"]["pid"],
        (await ask_alone(room, alone(1, "read"))).message["result"]["pid"],
    ]
    await room.carrier_of_files.close()
    assert (await room.ask(tool_call(1, "read"), headers=session)).status == 503
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


async def test_calls_that_run_when_the_server_is_edited_are_told_so(room: Behind) -> None:
    session, lone = await room.begin(), alone(1, "read", {"do": "wait"})
    async with room.visitor() as in_session, room.visitor() as by_itself:
        in_session.say(tool_call(1, "read", {"do": "wait"}), headers=session)
        by_itself.say(lone, headers=modern(lone))
        await until(lambda: len([row for row in room.journal.rows if row.tool == "read"]) == 2)
        await room.carrier_of_files.close()
        for visitor in (in_session, by_itself):
            assert "was ended by Approver" in (await visitor.hear()).message["error"]["message"]


async def test_a_bridge_that_broke_is_replaced_by_the_next_request(room: Behind) -> None:
    await room.begin()
    (served,) = room.carrier_of_files._served.values()
    served._task.cancel()
    await until(lambda: not room.carrier_of_files._served)
    await room.begin()


async def test_the_session_of_a_caller_can_be_found(room: Behind) -> None:
    session = await room.begin()
    name = f"{GRANT.name}/{session['Mcp-Session-Id']}"
    found = room.carrier_of_files.session(name)
    assert found is not None
    assert found.caller.session == name
    assert list(room.carrier_of_files.sessions) == [found]
    assert room.carrier_of_files.session("ann/none") is None
