"""Clients over HTTP before a server over HTTP: what passes, what never does, and how calls end."""

import asyncio
import contextlib
import json
import threading
from collections.abc import AsyncIterator, Awaitable
from pathlib import Path
from typing import Any

import pytest
from front_room import TOKEN, FrontRoom, fronting, until
from talk import failure, notification, request, tool_call
from talk import result as answer_to
from web_servers import EVENTS, Answer, Received, Script, WebServer, event, json_answer, result, serving

from approver import model
from approver.model import AnswerKind, HttpServer, ToolDefinition
from approver.proxy.http_relay import HttpRelay

pytestmark = pytest.mark.anyio

MODERN = {"MCP-Protocol-Version": "2026-07-28", "Mcp-Method": "tools/call", "Mcp-Name": "x"}
SESSION = {"Mcp-Session-Id": "s1", "MCP-Protocol-Version": "2025-11-25"}
INFO = {"_meta": {"io.modelcontextprotocol/clientInfo": {"name": "Inspector"}}}
TOOLS = [{"name": "read"}, {"name": "secret"}]


class Relayed:
    """A front, a relay and the server behind it."""

    def __init__(self, room: FrontRoom, server: WebServer, script: Script) -> None:
        self.room = room
        self.server = server
        self.script = script
        self.answer: Any = lambda received: result(received, {"content": [], "isError": False})
        self.key = [(b"authorization", b"Bearer servers-own")]
        self.other_key: list[tuple[bytes, bytes]] | None = None
        self.refusals: list[tuple[int, str]] = []

    async def credentials(self) -> list[tuple[bytes, bytes]]:
        return self.key

    async def refused(self, status: int, challenge: str, used: list[tuple[bytes, bytes]]) -> bool:
        assert used == self.key
        self.refusals.append((status, challenge))
        self.key = self.other_key or self.key
        return self.other_key is not None

    def advice(self, status: int) -> str:
        return f"it wants you to log in (HTTP {status})"

    @property
    def last(self) -> Received:
        return self.script.received[-1]


@pytest.fixture
async def relayed(tmp_path: Path) -> AsyncIterator[Relayed]:
    found: list[Relayed] = []

    def answer(received: Received) -> Answer | Awaitable[Answer]:
        return found[0].answer(received)

    script = Script(answer)
    async with fronting(tmp_path) as room, serving(script) as server:
        found.append(Relayed(room, server, script))
        relay = HttpRelay(room, HttpServer("files", server.url), found[0])
        room.carriers["files"] = relay
        yield found[0]
        await relay.close()


async def test_a_call_is_judged_forwarded_and_its_end_written_down(relayed: Relayed) -> None:
    heard = await relayed.room.ask(tool_call(1, "read", {"a": 1.0, "b": None}, **INFO))
    assert (heard.status, heard.message) == (200, answer_to(1, content=[], isError=False))
    assert relayed.last.message == tool_call(1, "read", {"a": 1.0, "b": None}, **INFO)
    assert relayed.room.journal.rows[0].client == "Inspector"
    assert relayed.room.outcomes() == ["ok"]


async def test_the_clients_token_and_cookies_never_reach_the_server(relayed: Relayed) -> None:
    for message in (tool_call(1, "read"), request(2, "ping"), None):
        relayed.answer = lambda _: json_answer({})
        headers = {"Cookie": "a=b", "Mcp-Session-Id": "s1", "Last-Event-ID": "4"}
        await relayed.room.ask(message, "POST" if message else "GET", headers=headers)
        seen = relayed.last.headers
        assert seen["authorization"] == "Bearer servers-own"
        assert (seen["mcp-session-id"], seen["last-event-id"]) == ("s1", "4")
        assert seen["host"] == f"127.0.0.1:{relayed.server.port}"
        assert "cookie" not in seen
        assert TOKEN not in str(seen)


async def test_without_credentials_of_its_own_the_server_gets_none(relayed: Relayed) -> None:
    relayed.key = []
    await relayed.room.ask(request(2, "ping"))
    assert "authorization" not in relayed.last.headers


async def test_the_servers_cookies_never_reach_the_client(relayed: Relayed) -> None:
    more = {"set-cookie": "a=b", "access-control-allow-origin": "*", "mcp-session-id": "s9"}
    relayed.answer = lambda received: result(received, {}, **more)
    headers = (await relayed.room.ask(request(1, "initialize"))).headers
    assert headers["mcp-session-id"] == "s9"
    assert not {"set-cookie", "access-control-allow-origin"} & headers.keys()


async def test_a_session_is_known_by_the_name_its_client_gave_at_the_start(relayed: Relayed) -> None:
    relayed.answer = lambda received: result(received, {"content": []}, **{"mcp-session-id": "s1"})
    await relayed.room.ask(request(1, "initialize", clientInfo={"name": "Claude"}))
    await relayed.room.ask(tool_call(2, "read"), headers=SESSION)
    assert (relayed.room.journal.rows[0].client, relayed.room.journal.rows[0].session) == ("Claude", "ann/s1")


async def test_a_denied_call_never_reaches_the_server(relayed: Relayed) -> None:
    heard = await relayed.room.ask(tool_call(1, "rm", {"path": "/etc"}))
    assert heard.message["result"]["isError"] is True
    assert relayed.script.received == []


async def test_what_is_sent_on_is_what_was_judged_encoded_anew(relayed: Relayed) -> None:
    await relayed.room.ask(body=json.dumps(tool_call(1, "read", {"a": "é"}), indent=3).encode())
    assert relayed.last.body == json.dumps(
        tool_call(1, "read", {"a": "é"}), separators=(",", ":"), ensure_ascii=False
    ).encode("utf-8")


async def test_a_malformed_call_is_refused_and_written_down(relayed: Relayed) -> None:
    heard = await relayed.room.ask(request(1, "tools/call", NAME="read", name="rm"))
    assert (heard.status, heard.message["id"]) == (400, 1)
    assert relayed.script.received == []
    assert [row.kind.value for row in relayed.room.journal.rows] == ["refused"]


@pytest.mark.parametrize(
    ("members", "outcome"),
    [({"result": {"isError": True}}, "tool_error"), ({"error": {"code": -1, "message": ""}}, "rpc_error")],
)
async def test_how_a_call_failed_is_written_down(relayed: Relayed, members: Any, outcome: str) -> None:
    relayed.answer = lambda _: json_answer({"jsonrpc": "2.0", "id": 1, **members})
    heard = await relayed.room.ask(tool_call(1, "read"))
    assert heard.message == {"jsonrpc": "2.0", "id": 1, **members}
    assert relayed.room.outcomes() == [outcome]


async def test_an_answer_in_a_stream_passes_event_by_event_and_ends_the_call(relayed: Relayed) -> None:
    told, go_on = notification("notifications/progress", progressToken=1, progress=0.5), asyncio.Event()
    pieces = [event(told, id="1"), go_on, event(answer_to(1, content=[]), id="2", retry=5)]
    relayed.answer = lambda _: Answer(200, EVENTS, pieces)
    async with relayed.room.visitor() as visitor:
        visitor.say(tool_call(1, "read"))
        assert (await visitor.head())[1]["content-type"] == "text/event-stream"
        assert await visitor.chunk() == pieces[0]
        assert relayed.room.outcomes() == []
        go_on.set()
        assert await visitor.chunk() == pieces[2]
        assert await visitor.chunk() == b""
    assert relayed.room.outcomes() == ["ok"]


async def test_hidden_tools_are_missing_from_a_list_in_json(relayed: Relayed) -> None:
    relayed.room.around.hidden = {"secret"}
    relayed.answer = lambda received: result(received, {"tools": TOOLS, "nextCursor": "2"})
    heard = await relayed.room.ask(request(1, "tools/list"))
    assert heard.message == answer_to(1, tools=TOOLS[:1], nextCursor="2")
    assert relayed.room.catalog.find("files", "secret") is not None


@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_hidden_tools_are_missing_from_a_list_in_a_stream_and_from_one_that_is_replayed(
    relayed: Relayed, method: str
) -> None:
    relayed.room.around.hidden = {"secret"}
    told = event(notification("notifications/message", data="tools"), id="1")
    whole = told + event(answer_to(1, tools=TOOLS), id="2")
    relayed.answer = lambda _: Answer(200, EVENTS, [whole[:25], whole[25:60], whole[60:]])
    heard = await relayed.room.ask(request(1, "tools/list") if method == "POST" else None, method)
    assert heard.messages[-1] == answer_to(1, tools=TOOLS[:1])
    assert heard.body.startswith(told + b"id: 2\n")


async def test_everything_else_passes_as_it_is(relayed: Relayed) -> None:
    odd = b'{ "jsonrpc" : "2.0", "id" : 1, "result" : {"x": 1.0} }\n'
    relayed.answer = lambda _: Answer(202, {"content-type": "application/json", "x-own": "1"}, [odd])
    heard = await relayed.room.ask(request(1, "method/from/tomorrow"))
    assert (heard.status, heard.headers["x-own"], heard.body) == (202, "1", odd)


async def test_a_servers_status_reaches_the_client(relayed: Relayed) -> None:
    relayed.answer = lambda _: json_answer(failure(1), status=404)
    assert (await relayed.room.ask(request(1, "ping"))).status == 404
    assert (await relayed.room.ask(tool_call(1, "read"))).status == 404


async def test_a_server_that_refuses_our_credentials_is_told_without_its_challenge(relayed: Relayed) -> None:
    relayed.answer = lambda _: Answer(401, {"www-authenticate": "Bearer resource_metadata=x"}, [])
    for message in (request(1, "ping"), tool_call(1, "read")):
        heard = await relayed.room.ask(message)
        assert heard.status == 200
        assert "www-authenticate" not in heard.headers
        assert "it wants you to log in (HTTP 401)" in heard.message["error"]["message"]
    assert relayed.room.outcomes() == ["unreachable"]
    assert relayed.refusals == [(401, "Bearer resource_metadata=x")] * 2


async def test_other_credentials_are_tried_before_a_refusal_is_told(relayed: Relayed) -> None:
    relayed.other_key = [(b"authorization", b"Bearer renewed")]

    def answer(received: Received) -> Answer:
        renewed = received.headers["authorization"] == "Bearer renewed"
        return result(received, {"content": [], "isError": False}) if renewed else Answer(401)

    relayed.answer = answer
    assert (await relayed.room.ask(tool_call(1, "read"))).message == answer_to(1, content=[], isError=False)
    assert len(relayed.script.received) == 2
    assert relayed.room.outcomes() == ["ok"]


async def test_a_server_that_is_not_there_is_told_in_a_sentence_and_draws_nothing(relayed: Relayed) -> None:
    await relayed.server.stop()
    for message in (request(1, "ping"), tool_call(1, "count")):
        heard = await relayed.room.ask(message)
        assert heard.message["error"]["message"].startswith("The server files could not be reached: ")
    assert (await relayed.room.ask(None, "GET")).status == 502
    assert relayed.room.outcomes() == ["unreachable"]
    assert relayed.room.used("count") == 0


async def test_a_server_that_breaks_off_a_stream_ends_the_call(relayed: Relayed) -> None:
    told = event(notification("notifications/message", data=1))
    relayed.answer = lambda _: Answer(200, EVENTS, [told], breaks=True)
    heard = await relayed.room.ask(tool_call(1, "read"))
    assert "could not be reached" in heard.messages[-1]["error"]["message"]
    assert relayed.room.outcomes() == ["unreachable"]


async def test_a_held_call_whose_client_hangs_up_is_asked_about_no_more(relayed: Relayed) -> None:
    async with relayed.room.visitor() as visitor:
        visitor.say(tool_call(1, "write"))
        await relayed.room.next_question()
    await until(lambda: not relayed.room.queue.pending())
    assert relayed.room.journal.rows[-1].outcome == "aborted"
    assert relayed.script.received == []


@pytest.mark.parametrize(
    "answer",
    [
        Answer(502, {"content-type": "text/html"}, [b"<p>Bad\ngateway</p>"]),
        json_answer({"jsonrpc": "2.0", "id": None, "error": {"code": -1, "message": "?"}}, status=404),
    ],
)
async def test_a_call_that_was_held_is_told_of_an_answer_that_is_none(relayed: Relayed, answer: Answer) -> None:
    """Its response is a stream of events already, so the server's status says nothing any more."""
    relayed.answer = lambda _: answer
    async with relayed.room.visitor() as visitor:
        visitor.say(tool_call(1, "write", _meta={"progressToken": "t"}))
        question = await relayed.room.next_question()
        relayed.room.time.advance(5)
        await visitor.head()
        assert (await visitor.event())["method"] == "notifications/progress"
        relayed.room.approve(question.id)
        told = await visitor.event()
        assert (told["id"], f"it answered {answer.status}" in told["error"]["message"]) == (1, True)
    assert relayed.room.outcomes() == ["rpc_error"]


async def test_an_approved_call_goes_out_after_its_progress_on_the_same_stream(relayed: Relayed) -> None:
    async with relayed.room.visitor() as visitor:
        visitor.say(tool_call(1, "write", _meta={"progressToken": "t"}))
        question = await relayed.room.next_question()
        relayed.room.time.advance(5)
        await visitor.head()
        assert (await visitor.event())["method"] == "notifications/progress"
        relayed.room.approve(question.id)
        assert await visitor.event() == answer_to(1, content=[], isError=False)
        assert await visitor.chunk() == b""


async def test_without_sessions_a_hang_up_cancels_the_call_at_the_server(relayed: Relayed) -> None:
    never = asyncio.Event()
    relayed.answer = lambda _: Answer(200, EVENTS, [event(notification("x")), never])
    async with relayed.room.visitor() as visitor:
        visitor.say(tool_call(1, "read"), headers=MODERN)
        await visitor.head()
    await until(lambda: relayed.script.hung_up)
    await until(lambda: relayed.room.outcomes() == ["cancelled"])


async def test_in_a_session_the_result_of_an_approved_call_is_kept_for_its_repeat(
    relayed: Relayed, monkeypatch: pytest.MonkeyPatch
) -> None:
    finish = asyncio.Event()
    abandoned, abandon = asyncio.Event(), relayed.room.gate.abandoned
    monkeypatch.setattr(relayed.room.gate, "abandoned", lambda ruling: (abandon(ruling), abandoned.set()))
    relayed.answer = lambda _: Answer(200, EVENTS, [event(notification("x")), finish, event(answer_to(1, content=[7]))])
    async with relayed.room.visitor() as visitor:
        visitor.say(tool_call(1, "write"), headers=SESSION)
        await relayed.room.approve_next()
        await visitor.head()
    await abandoned.wait()
    finish.set()
    await until(lambda: relayed.room.outcomes() == ["cancelled", "ok"])
    assert (await relayed.room.ask(tool_call(2, "write"), headers=SESSION)).message == answer_to(2, content=[7])
    assert len(relayed.script.received) == 1


async def test_a_further_round_of_a_call_asks_nobody_again(relayed: Relayed) -> None:
    relayed.answer = lambda received: result(received, {"resultType": "input_required", "requestState": "r"})
    asked = asyncio.get_running_loop().create_task(relayed.room.ask(tool_call(1, "write"), headers=MODERN))
    await relayed.room.approve_next()
    await asked
    relayed.answer = lambda received: result(received, {"content": []})
    more = {"requestState": "r", "inputResponses": {}}
    assert (await relayed.room.ask(tool_call(2, "write", **more), headers=MODERN)).message == answer_to(2, content=[])
    assert relayed.last.message["params"]["requestState"] == "r"


async def test_the_end_of_a_session_ends_its_questions(relayed: Relayed) -> None:
    relayed.answer = lambda _: Answer(200, {}, [])
    async with relayed.room.visitor() as visitor:
        visitor.say(tool_call(1, "write"), headers=SESSION)
        await relayed.room.next_question()
        assert (await relayed.room.ask(None, "DELETE", headers=SESSION)).status == 200
        await until(lambda: not relayed.room.queue.pending())


REGION = {"type": "object", "properties": {"region": {"type": "string", "x-mcp-header": "Region"}}}


async def edited(relayed: Relayed, headers: dict[str, str]) -> Received:
    """What the server gets of a call that a person let through with another region."""
    asking = relayed.room.ask(tool_call(1, "write", {"region": "us"}, **INFO), headers=headers)
    work = asyncio.ensure_future(asking)
    question = await relayed.room.next_question()
    answer = model.Answer(AnswerKind.ALLOW, "window", arguments={"region": "eu"})
    relayed.room.gate.answer(question.id, answer)
    assert (await work).status == 200
    assert relayed.last.message == tool_call(1, "write", {"region": "eu"}, **INFO)
    return relayed.last


async def test_an_edited_call_goes_out_as_edited_and_its_headers_follow(relayed: Relayed) -> None:
    relayed.room.catalog.learn("files", [ToolDefinition("write", input_schema=REGION)])
    sent = await edited(relayed, {**MODERN, "Mcp-Param-Region": "us"})
    assert sent.headers["mcp-param-region"] == "eu"
    assert sent.headers["mcp-name"] == "x"


async def test_headers_that_nobody_can_write_anew_are_left_out(relayed: Relayed) -> None:
    assert "mcp-param-region" not in (await edited(relayed, {**MODERN, "Mcp-Param-Region": "us"})).headers


async def test_what_an_edited_call_has_no_headers_for_gets_none(relayed: Relayed) -> None:
    relayed.room.catalog.learn("files", [ToolDefinition("write", input_schema=REGION)])
    assert "mcp-param-region" not in (await edited(relayed, SESSION)).headers


async def test_a_call_that_waits_costs_one_task_and_no_thread(relayed: Relayed) -> None:
    async with contextlib.AsyncExitStack() as visitors:
        tasks, threads = len(asyncio.all_tasks()), threading.active_count()
        for number in range(1, 4):
            visitor = await visitors.enter_async_context(relayed.room.visitor())
            visitor.say(tool_call(number, "write", {"n": number}))
            await until(lambda number=number: len(relayed.room.queue.pending()) == number)
        assert len(asyncio.all_tasks()) - tasks == 3
        assert threading.active_count() <= threads


# -- a server that is edited -------------------------------------------------------------------------------------------


async def test_a_call_that_runs_may_end_where_it_was_sent_while_the_relay_is_closed(relayed: Relayed) -> None:
    go_on = asyncio.Event()

    async def later(received: Received) -> Answer:
        await go_on.wait()
        return result(received, {"content": []})

    relayed.answer = later
    relay: Any = relayed.room.carriers["files"]
    async with relayed.room.visitor() as visitor:
        visitor.say(tool_call(1, "read"))
        await until(lambda: relayed.script.received)
        closing = asyncio.get_running_loop().create_task(relay.close(within=10))
        await asyncio.wait([closing], timeout=0)
        refused = await relayed.room.ask(tool_call(2, "read"))
        assert (refused.status, "just edited" in refused.message["error"]["message"]) == (503, True)
        assert not closing.done()
        go_on.set()
        assert (await visitor.hear()).message == answer_to(1, content=[])
        await closing
    assert relayed.room.outcomes() == ["ok"]


async def test_a_call_that_takes_too_long_is_cut_off_and_its_client_told(relayed: Relayed) -> None:
    async def never(received: Received) -> Answer:
        await asyncio.Event().wait()
        raise AssertionError

    relayed.answer = never
    relay: Any = relayed.room.carriers["files"]
    async with relayed.room.visitor() as visitor:
        visitor.say(tool_call(1, "read"))
        await until(lambda: relayed.script.received)
        await relay.close(within=0.001)
        assert "could not be reached" in (await visitor.hear()).message["error"]["message"]
    assert relayed.room.outcomes() == ["unreachable"]


async def test_what_is_asked_about_is_asked_about_no_more_when_its_server_is_edited(relayed: Relayed) -> None:
    relay: Any = relayed.room.carriers["files"]
    async with relayed.room.visitor() as visitor:
        visitor.say(tool_call(1, "write"))
        await relayed.room.next_question()
        await relay.close(within=10)
        assert "just edited" in (await visitor.hear()).message["error"]["message"]
    assert relayed.room.queue.pending() == ()
    assert relayed.room.journal.rows[-1].outcome == "aborted"
    assert relayed.script.received == []
