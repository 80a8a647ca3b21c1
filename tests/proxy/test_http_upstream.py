"""A server over HTTP, as a conversation has it: order, cancellation, pauses, the end; and real servers of the SDK."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from scripted_mcp import ACCEPTED, ScriptedMcp, is_post
from upstream_line import META, line_to
from web_servers import EVENTS, Answer, Received, WebServer, event, result, serving

from approver.proxy import http_upstream

pytestmark = pytest.mark.anyio


def sdk_server(ran: list[str] | None = None, hold: asyncio.Event | None = None) -> Any:
    """A server of the SDK's; `ran` hears of each call, `hold` holds one back."""
    from mcp.server.mcpserver import Context, MCPServer
    from pydantic import BaseModel

    server = MCPServer("remote")
    ran = ran if ran is not None else []

    class Name(BaseModel):
        name: str

    @server.tool()
    def add(a: int, b: int) -> int:
        return a + b

    @server.tool()
    async def count(ctx: Context) -> str:
        for step in range(1, 4):
            await ctx.report_progress(step, 3)
        return "counted"

    @server.tool()
    async def ask(ctx: Context) -> str:
        answer = await ctx.elicit("Who are you?", Name)
        return f"{answer.action} {answer.data.name}"

    @server.tool()
    async def hang() -> str:
        ran.append("hang")
        await (hold or asyncio.Event()).wait()
        return "over"

    return server.streamable_http_app()


# -- the SDK's servers ---------------------------------------------------------------------------------------------


async def test_a_session_begins_calls_and_ends(tmp_path: Path) -> None:
    async with serving(sdk_server()) as server, line_to(server.url, tmp_path) as line:
        hello = await line.shake_hands()
        assert hello["result"]["protocolVersion"] == "2025-11-25"
        tools = await line.ask("tools/list")
        assert {tool["name"] for tool in tools["result"]["tools"]} == {"add", "count", "ask", "hang"}
        called = await line.ask("tools/call", {"name": "add", "arguments": {"a": 2, "b": 3}})
        assert called["result"]["content"][0]["text"] == "5"


async def test_progress_comes_before_the_answer(tmp_path: Path) -> None:
    async with serving(sdk_server()) as server, line_to(server.url, tmp_path) as line:
        await line.shake_hands()
        await line.ask("tools/call", {"name": "count", "arguments": {}, "_meta": {"progressToken": 7}})
        told = [message["params"]["progress"] for message in line.heard if "progress" in message.get("params", {})]
        assert told == [1, 2, 3]
        assert "result" in line.heard[-1]


@pytest.mark.parametrize("revision", ["2024-11-05", "2025-03-26", "2025-06-18"])
async def test_every_revision_of_the_handshake_is_spoken(tmp_path: Path, revision: str) -> None:
    async with serving(sdk_server()) as server, line_to(server.url, tmp_path) as line:
        hello = await line.shake_hands(revision)
        assert hello["result"]["protocolVersion"] == revision
        assert "tools" in (await line.ask("tools/list"))["result"]


async def test_the_servers_question_reaches_the_client_and_its_answer_the_server(tmp_path: Path) -> None:
    async with serving(sdk_server()) as server, line_to(server.url, tmp_path) as line:
        await line.shake_hands(capabilities={"elicitation": {}})
        call = line.request("tools/call", {"name": "ask", "arguments": {}})
        line.send(call)
        question = await line.await_method("elicitation/create")
        reply = {"action": "accept", "content": {"name": "Ana"}}
        line.send({"jsonrpc": "2.0", "id": question["id"], "result": reply})
        assert (await line.answer(call["id"]))["result"]["content"][0]["text"] == "accept Ana"


async def test_requests_without_a_session_are_answered(tmp_path: Path) -> None:
    async with serving(sdk_server()) as server, line_to(server.url, tmp_path) as line:
        found = await line.ask("server/discover", stateless=True)
        assert "2026-07-28" in found["result"]["supportedVersions"]
        called = await line.ask("tools/call", {"name": "add", "arguments": {"a": 2, "b": 3}}, stateless=True)
        assert called["result"]["content"][0]["text"] == "5"


async def test_a_client_that_finds_no_stateless_server_shakes_hands(tmp_path: Path) -> None:
    def older(request: Received) -> Answer | None:
        return Answer(400) if is_post(request, "server/discover") else None

    async with serving(ScriptedMcp(older)) as server, line_to(server.url, tmp_path) as line:
        assert "error" in await line.ask("server/discover", stateless=True)
        assert "result" in await line.shake_hands()


async def test_a_server_that_restarts_between_two_calls_goes_unnoticed(tmp_path: Path) -> None:
    server = WebServer(sdk_server())
    await server.start()
    async with line_to(server.url, tmp_path) as line:
        await line.shake_hands()
        await line.ask("tools/call", {"name": "add", "arguments": {"a": 1, "b": 1}})
        await server.crash()
        call = line.request("tools/call", {"name": "add", "arguments": {"a": 2, "b": 2}})
        line.send(call)  # while nobody is there
        server.app = sdk_server()
        await server.start()
        assert (await line.answer(call["id"]))["result"]["content"][0]["text"] == "4"
        await line.upstream.stop(1.0)
    await server.stop()
    assert len([message for message in line.heard if "serverInfo" in message.get("result", {})]) == 1


async def test_a_call_that_a_restart_cuts_off_is_not_made_again(tmp_path: Path) -> None:
    ran: list[str] = []
    server = WebServer(sdk_server(ran))
    await server.start()
    async with line_to(server.url, tmp_path) as line:
        await line.shake_hands()
        call = line.request("tools/call", {"name": "hang", "arguments": {}})
        line.send(call)
        async with asyncio.timeout(10):
            while not ran:
                await line.ask("ping")
        await server.crash()
        server.app = sdk_server(ran)
        await server.start()
        answer = await line.answer(call["id"])
        assert "is not known: look before you repeat it" in answer["error"]["message"]
        assert (await line.ask("tools/call", {"name": "add", "arguments": {"a": 2, "b": 2}}))["result"]
        assert ran == ["hang"]
        await line.upstream.stop(1.0)
    await server.stop()


# -- order and company ---------------------------------------------------------------------------------------------


async def test_a_slow_request_holds_up_no_other(tmp_path: Path) -> None:
    go_on = asyncio.Event()

    def answer(request: Received) -> Any:
        if is_post(request, "tools/call"):
            return Answer(200, EVENTS, [go_on, event({"jsonrpc": "2.0", "id": request.message["id"], "result": {}})])
        return None

    async with serving(ScriptedMcp(answer)) as server, line_to(server.url, tmp_path) as line:
        await line.shake_hands()
        slow = line.request("tools/call", {"name": "x"})
        line.send(slow)
        assert "result" in await line.ask("tools/list")
        go_on.set()
        assert "result" in await line.answer(slow["id"])


async def test_messages_that_are_written_together_arrive_in_their_order(tmp_path: Path) -> None:
    script = ScriptedMcp()
    async with serving(script) as server, line_to(server.url, tmp_path) as line:
        hello = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}
        notes = [{"jsonrpc": "2.0", "method": f"notifications/{number}"} for number in range(5)]
        last = line.request("ping")
        line.send(
            line.request("initialize", hello), {"jsonrpc": "2.0", "method": "notifications/initialized"}, *notes, last
        )
        await line.answer(last["id"])
    posts = [request for request in script.received if request.method == "POST"]
    assert [request.message["method"] for request in posts] == [
        "initialize", "notifications/initialized", *(note["method"] for note in notes), "ping",
    ]  # fmt: skip
    assert all(request.headers["mcp-session-id"] == "session-1" for request in posts[1:])
    assert all(request.headers["mcp-protocol-version"] == "2025-11-25" for request in posts[1:])
    assert not {"mcp-session-id", "mcp-protocol-version"} & posts[0].headers.keys()


async def test_a_cancellation_comes_after_what_it_cancels(tmp_path: Path) -> None:
    def answer(request: Received) -> Any:
        return Answer(200, EVENTS, [asyncio.Event()]) if is_post(request, "tools/call") else None

    script = ScriptedMcp(answer)
    async with serving(script) as server, line_to(server.url, tmp_path) as line:
        await line.shake_hands()
        call = line.request("tools/call", {"name": "x"})
        cancel = {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": call["id"]}}
        line.send(call, cancel)
        await line.ask("ping")
        names = [request.message["method"] for request in script.received if request.method == "POST"]
        assert names[-3:] == ["tools/call", "notifications/cancelled", "ping"]
        assert script.hung_up == []  # in a session hanging up is no cancellation


async def test_without_a_session_hanging_up_is_the_cancellation(tmp_path: Path) -> None:
    has_begun = asyncio.Event()

    def answer(request: Received) -> Any:
        has_begun.set()
        return Answer(200, EVENTS, [b": begun\n\n", asyncio.Event()]) if is_post(request, "tools/call") else None

    script = ScriptedMcp(answer)
    async with serving(script) as server, line_to(server.url, tmp_path) as line:
        call = line.request("tools/call", {"name": "x"}, stateless=True)
        line.send(call)
        await has_begun.wait()
        line.notify("notifications/cancelled", {"requestId": call["id"]})
        async with asyncio.timeout(10):
            while not script.hung_up:
                await line.ask("tools/list", stateless=True)
    assert line.unanswered == [(call["id"], None)]
    assert not script.posts("notifications/cancelled")


async def test_without_a_session_a_late_cancellation_goes_nowhere(tmp_path: Path) -> None:
    script = ScriptedMcp()
    async with serving(script) as server, line_to(server.url, tmp_path) as line:
        call = line.request("tools/call", {"name": "x"}, stateless=True)
        line.send(call)
        await line.answer(call["id"])
        line.notify("notifications/cancelled", {"requestId": call["id"]})
        await line.ask("tools/list", stateless=True)
    assert not script.posts("notifications/cancelled")


async def test_without_a_session_other_notifications_name_the_revision(tmp_path: Path) -> None:
    script = ScriptedMcp()
    async with serving(script) as server, line_to(server.url, tmp_path) as line:
        await line.ask("tools/list", stateless=True)
        line.notify("notifications/own")
        await line.ask("tools/list", stateless=True)
    assert script.posts("notifications/own")[0].headers["mcp-protocol-version"] == "2026-07-28"


async def test_a_call_taken_back_before_it_was_sent_is_never_sent(tmp_path: Path) -> None:
    script = ScriptedMcp()
    async with serving(script) as server, line_to(server.url, tmp_path) as line:
        call = line.request("tools/call", {"name": "x"}, stateless=True)
        cancel = {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": call["id"]}}
        line.send(call, cancel)
        await line.ask("tools/list", stateless=True)
    assert not script.posts("tools/call")
    assert line.unanswered == [(call["id"], None)]


# -- what is told of failures --------------------------------------------------------------------------------------


async def test_a_server_that_is_not_there_is_told_with_what_to_do(tmp_path: Path) -> None:
    server = WebServer(ScriptedMcp())
    async with line_to(server.url, tmp_path) as line:
        answer = await line.shake_hands()
        assert answer["error"] == {
            "code": -32000,
            "message": f"The server remote could not be reached: nothing answers at 127.0.0.1:{server.port}. "
            "Is it running?",
        }
        await server.start()
        assert "result" in await line.shake_hands()
        await line.upstream.stop(1.0)
    await server.stop()


async def test_a_server_that_wants_a_login_is_told_with_what_to_do(tmp_path: Path) -> None:
    def refuse(request: Received) -> Answer:
        return Answer(401, {"www-authenticate": "Bearer scope=x"})

    async with serving(ScriptedMcp(refuse)) as server, line_to(server.url, tmp_path) as line:
        answer = await line.ask("initialize", {})
        assert answer["error"]["message"] == (
            "The server remote did not accept the request: it wants you to log in (HTTP 401)."
        )
        assert line.door.refusals == [(401, "Bearer scope=x")]


async def test_a_failure_of_our_own_is_an_answer_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(self: Any, message: Any) -> None:
        raise RuntimeError("broken")

    async with serving(ScriptedMcp()) as server, line_to(server.url, tmp_path) as line:
        monkeypatch.setattr(http_upstream.Streamable, "ask", broken)
        assert "Approver failed" in (await line.ask("ping"))["error"]["message"]


# -- too much, and the end -----------------------------------------------------------------------------------------


async def test_while_the_client_does_not_read_nothing_is_delivered(tmp_path: Path) -> None:
    async with serving(ScriptedMcp()) as server, line_to(server.url, tmp_path) as line:
        await line.shake_hands()
        line.upstream.pause_reading(True)
        held = [line.request("ping"), line.request("tools/list")]
        line.send(*held)
        async with line_to(server.url, tmp_path) as other:  # by its clock the answers have long come
            await other.shake_hands()
            await other.ask("ping")
        assert len(line.heard) == 1
        line.upstream.pause_reading(False)
        for request in held:
            assert "result" in await line.answer(request["id"])


async def test_a_client_that_writes_too_fast_is_paused_until_the_server_has_caught_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_upstream, "_PAUSE_AT", 3000)
    monkeypatch.setattr(http_upstream, "_GO_ON_AT", 1000)
    monkeypatch.setattr(http_upstream, "MOST_UNSENT", 6000)
    go_on = asyncio.Event()

    async def answer(request: Received) -> Answer:
        await go_on.wait()
        return ACCEPTED if "id" not in request.message else result(request, {})

    async with serving(ScriptedMcp(answer)) as server, line_to(server.url, tmp_path) as line:
        filler = "x" * 1000
        for _ in range(5):
            line.notify("notifications/filler", {"filler": filler})
        assert line.pauses == [True]
        assert line.upstream.buffered > 5000
        line.notify("notifications/filler", {"filler": filler})
        assert line.upstream.write(b'{"jsonrpc":"2.0","method":"notifications/last"}\n') is False
        go_on.set()
        await line.until(lambda: line.pauses == [True, False], "writing may go on")
        await line.ask("ping")
        assert line.upstream.buffered == 0


async def test_what_is_under_way_may_end_before_the_session_does(tmp_path: Path) -> None:
    go_on = asyncio.Event()

    def answer(request: Received) -> Any:
        return (
            Answer(200, EVENTS, [go_on, event({"jsonrpc": "2.0", "id": 2, "result": {}})])
            if is_post(request, "tools/call")
            else None
        )

    script = ScriptedMcp(answer)
    async with serving(script) as server, line_to(server.url, tmp_path) as line:
        await line.shake_hands()
        line.send(line.request("tools/call", {"name": "x"}))
        stopping = asyncio.ensure_future(line.upstream.stop(10.0))
        await asyncio.sleep(0)
        assert not line.upstream.is_running
        assert line.upstream.write(b"{}\n") is False
        go_on.set()
        await stopping
    assert [request.method for request in script.received][-1] == "DELETE"
    assert script.received[-1].headers["mcp-session-id"] == "session-1"
    assert line.heard[-1] == {"jsonrpc": "2.0", "id": 2, "result": {}}


async def test_what_does_not_end_is_left_when_time_is_up(tmp_path: Path) -> None:
    def answer(request: Received) -> Any:
        return Answer(200, EVENTS, [asyncio.Event()]) if is_post(request, "tools/call") else None

    script = ScriptedMcp(answer)
    async with serving(script) as server, line_to(server.url, tmp_path) as line:
        await line.shake_hands()
        line.send(line.request("tools/call", {"name": "x"}))
        await line.upstream.stop(0.05)
    assert script.received[-1].method == "DELETE"
    assert [message.get("id") for message in line.heard] == [1]


async def test_what_still_waits_when_time_is_up_is_never_sent(tmp_path: Path) -> None:
    async def never(request: Received) -> Answer:
        await asyncio.Event().wait()
        raise AssertionError

    script = ScriptedMcp(lambda request: never(request) if is_post(request, "notifications/slow") else None)
    async with serving(script) as server, line_to(server.url, tmp_path) as line:
        await line.begin()
        line.notify("notifications/slow")
        line.send(line.request("tools/call", {"name": "x"}))
        await line.upstream.stop(0.05)
    assert not script.posts("tools/call")


async def test_a_handshake_whose_answer_never_comes_is_given_up(tmp_path: Path) -> None:
    stuck = Answer(200, EVENTS, [b": begun\n\n", asyncio.Event()])
    script = ScriptedMcp(lambda request: stuck if is_post(request, "initialize") else None)
    async with serving(script) as server, line_to(server.url, tmp_path) as line:
        await line.upstream.start(0.05)
        assert "it has not answered within 0.1 seconds" in (await line.shake_hands())["error"]["message"]


async def test_a_subscription_does_not_hold_up_the_end(tmp_path: Path) -> None:
    def answer(request: Received) -> Any:
        return Answer(200, EVENTS, [asyncio.Event()]) if is_post(request, "subscriptions/listen") else None

    async with serving(ScriptedMcp(answer)) as server, line_to(server.url, tmp_path) as line:
        line.send(line.request("subscriptions/listen", {"notifications": {}, "_meta": META}))
        await line.ask("tools/list", stateless=True)
        async with asyncio.timeout(5):
            await line.upstream.stop(60.0)


async def test_stopping_what_never_started_does_nothing(tmp_path: Path) -> None:
    async with line_to("http://127.0.0.1:1/mcp", tmp_path) as line:
        await line.upstream.stop(1.0)
        await line.upstream.stop(1.0)
        assert line.upstream.last_words == ()
