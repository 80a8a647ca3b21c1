"""Sessions with an HTTP server that forgets them: begun again, the client none the wiser, wherever that can be."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from scripted_mcp import ScriptedMcp, is_post
from upstream_line import line_to
from web_servers import EVENTS, Answer, Received, event, json_answer, serving

pytestmark = pytest.mark.anyio
LISTS = {"tools": {"listChanged": True}, "resources": {"listChanged": True, "subscribe": True}, "prompts": {}}


async def test_a_call_in_a_forgotten_session_is_made_in_another(tmp_path: Path) -> None:
    script = ScriptedMcp()
    async with serving(script) as server, line_to(server.url, tmp_path) as line:
        await line.begin()
        script.forget()
        assert (await line.ask("tools/call", {"name": "x"}))["result"] == {}
        assert len(line.heard) == 3
    posted = [(r.message.get("method"), r.headers.get("mcp-session-id")) for r in script.received if r.method == "POST"]
    assert posted == [
        ("initialize", None),
        ("notifications/initialized", "session-1"),
        ("ping", "session-1"),
        ("tools/call", "session-1"),  # answered 404: it was not run
        ("initialize", None),
        ("notifications/initialized", "session-2"),
        ("tools/call", "session-2"),
    ]
    assert script.received[-1].headers["mcp-session-id"] == "session-2"  # which is what is ended


async def test_many_calls_in_a_forgotten_session_begin_one_other(tmp_path: Path) -> None:
    script = ScriptedMcp()
    async with serving(script) as server, line_to(server.url, tmp_path) as line:
        await line.begin()
        script.forget()
        calls = [line.request("tools/call", {"name": "x"}) for _ in range(10)]
        line.send(*calls)
        for call in calls:
            assert "result" in await line.answer(call["id"])
    assert script.sessions == ["session-1", "session-2"]


async def test_a_notification_in_a_forgotten_session_is_sent_in_another(tmp_path: Path) -> None:
    script = ScriptedMcp()
    async with serving(script) as server, line_to(server.url, tmp_path) as line:
        await line.begin()
        script.forget()
        line.notify("notifications/roots/list_changed")
        await line.ask("ping")
    assert [r.headers["mcp-session-id"] for r in script.posts("notifications/roots/list_changed")] == [
        "session-1",
        "session-2",
    ]


async def test_an_answer_to_a_server_that_forgot_its_question_is_not_sent_to_another(tmp_path: Path) -> None:
    script = ScriptedMcp()
    async with serving(script) as server, line_to(server.url, tmp_path) as line:
        await line.begin()
        script.forget()
        line.send({"jsonrpc": "2.0", "id": "its own", "result": {}})
        await line.ask("ping")
    assert [r.headers["mcp-session-id"] for r in script.received if r.method == "POST" and "result" in r.message] == [
        "session-1"
    ]


async def test_an_answer_to_a_question_of_a_session_long_gone_is_sent_nowhere(tmp_path: Path) -> None:
    question = {"jsonrpc": "2.0", "id": 1, "method": "elicitation/create", "params": {}}

    def answer(request: Received) -> Any:
        if request.method == "GET" and request.headers["mcp-session-id"] == "session-1":
            return Answer(200, EVENTS, [event(question), asyncio.Event()])
        if is_post(request, "tools/call"):
            return Answer(200, EVENTS, [event({**question, "id": 2}), asyncio.Event()])
        return None

    script = ScriptedMcp(answer)
    async with serving(script) as server, line_to(server.url, tmp_path) as line:
        await line.begin()
        line.send(line.request("tools/call", {"name": "x"}))
        await line.await_method("elicitation/create", count=2)
        script.forget()
        await line.ask("ping")
        for number in (1, 2, 3):
            line.send({"jsonrpc": "2.0", "id": number, "result": {"of": number}})
        await line.ask("ping")
    sent = [r.message["id"] for r in script.received if r.method == "POST" and "result" in r.message]
    assert sent == [3]  # of which we know nothing


async def test_what_was_asked_for_once_and_for_all_is_asked_for_again(tmp_path: Path) -> None:
    def refuse(request: Received) -> Answer | None:
        if is_post(request, "resources/subscribe") and request.message["params"]["uri"] == "file:///no":
            return json_answer({"jsonrpc": "2.0", "id": request.message["id"], "error": {"code": 1, "message": "no"}})
        return None

    script = ScriptedMcp(refuse)
    async with serving(script) as server, line_to(server.url, tmp_path) as line:
        await line.shake_hands()
        for uri in ("file:///a", "file:///b", "file:///no"):
            await line.ask("resources/subscribe", {"uri": uri})
        await line.ask("resources/unsubscribe", {"uri": "file:///a"})
        await line.ask("logging/setLevel", {"level": "debug"})
        await line.ask("logging/setLevel", {"level": "info"})
        heard = len(line.heard)
        script.forget()
        await line.ask("ping")
        assert len(line.heard) == heard + 1
    again = [r.message for r in script.received if r.headers.get("mcp-session-id") == "session-2" and r.body]
    assert [(message["method"], message.get("params")) for message in again] == [
        ("notifications/initialized", None),
        ("resources/subscribe", {"uri": "file:///b"}),
        ("logging/setLevel", {"level": "info"}),
        ("ping", {}),
    ]


async def test_the_client_learns_that_lists_may_have_changed(tmp_path: Path) -> None:
    script = ScriptedMcp(capabilities=LISTS)
    async with serving(script) as server, line_to(server.url, tmp_path) as line:
        await line.begin()
        script.forget()
        await line.ask("ping")
        told = [message["method"] for message in line.heard if "method" in message]
        assert told == ["notifications/tools/list_changed", "notifications/resources/list_changed"]


async def test_a_server_that_comes_back_with_another_revision_is_told(tmp_path: Path) -> None:
    script = ScriptedMcp()
    async with serving(script) as server, line_to(server.url, tmp_path) as line:
        await line.begin()
        script.forget()
        script.revision = "2025-06-18"
        answer = await line.ask("tools/call", {"name": "x"})
        assert "speaks revision 2025-06-18 of the protocol now" in answer["error"]["message"]
        assert "look before you repeat it" not in answer["error"]["message"]
    assert len(script.posts("tools/call")) == 1


async def test_a_server_that_refuses_to_begin_again_is_told(tmp_path: Path) -> None:
    has_begun = False

    def once(request: Received) -> Answer | None:
        nonlocal has_begun
        if is_post(request, "initialize"):
            if has_begun:
                error = {"code": -32000, "message": "full"}
                return json_answer({"jsonrpc": "2.0", "id": request.message["id"], "error": error})
            has_begun = True
        return None

    script = ScriptedMcp(once)
    async with serving(script) as server, line_to(server.url, tmp_path) as line:
        await line.begin()
        script.forget()
        assert "refuses the handshake" in (await line.ask("ping"))["error"]["message"]


async def test_a_server_that_forgets_every_session_at_once_is_given_up(tmp_path: Path) -> None:
    def forgetful(request: Received) -> Answer | None:
        return Answer(404) if is_post(request, "ping") else None

    script = ScriptedMcp(forgetful)
    async with serving(script) as server, line_to(server.url, tmp_path) as line:
        await line.shake_hands()
        answer = await line.ask("ping")
        assert "it does not know the session any more (HTTP 404 Not Found)" in answer["error"]["message"]
    assert script.sessions == ["session-1", "session-2"]


async def test_a_404_for_a_method_is_no_forgotten_session(tmp_path: Path) -> None:
    error = {"code": -32601, "message": "Method not found"}

    def unknown(request: Received) -> Answer | None:
        if is_post(request, "tasks/list"):
            return json_answer({"jsonrpc": "2.0", "id": request.message["id"], "error": error}, 404)
        return None

    script = ScriptedMcp(unknown)
    async with serving(script) as server, line_to(server.url, tmp_path) as line:
        await line.begin()
        assert (await line.ask("tasks/list"))["error"] == error
    assert script.sessions == ["session-1"]


async def test_a_refused_handshake_leaves_no_session(tmp_path: Path) -> None:
    error = {"code": -32602, "message": "Unsupported protocol version"}

    def refuse(request: Received) -> Answer | None:
        if is_post(request, "initialize") and request.message["params"]["protocolVersion"] == "1999-01-01":
            return json_answer({"jsonrpc": "2.0", "id": request.message["id"], "error": error})
        return None

    script = ScriptedMcp(refuse)
    async with serving(script) as server, line_to(server.url, tmp_path) as line:
        assert (await line.shake_hands("1999-01-01"))["error"] == error
        assert "result" in await line.shake_hands()
        await line.ask("ping")
    assert script.posts("ping")[0].headers["mcp-session-id"] == "session-1"


async def test_a_server_without_sessions_is_not_told_of_their_end(tmp_path: Path) -> None:
    def plain(request: Received) -> Answer | None:
        if not is_post(request, "initialize"):
            return None
        told = {"protocolVersion": "2025-11-25", "capabilities": {}, "serverInfo": {"name": "s", "version": "1"}}
        return json_answer({"jsonrpc": "2.0", "id": request.message["id"], "result": told})

    script = ScriptedMcp(plain)
    async with serving(script) as server, line_to(server.url, tmp_path) as line:
        await line.shake_hands()
        await line.ask("ping")
    assert "DELETE" not in [request.method for request in script.received]
    assert "mcp-session-id" not in script.posts("ping")[0].headers


async def test_what_is_streamed_with_a_repeated_handshake_reaches_the_client(tmp_path: Path) -> None:
    note = {"jsonrpc": "2.0", "method": "notifications/message", "params": {"level": "info", "data": "back"}}

    def greeting(request: Received) -> Any:
        if not is_post(request, "initialize") or not script.forgotten:
            return None
        told = {"protocolVersion": "2025-11-25", "capabilities": {}, "serverInfo": {"name": "s", "version": "1"}}
        pieces = [event(note), event({"jsonrpc": "2.0", "id": request.message["id"], "result": told})]
        return Answer(200, {**EVENTS, "mcp-session-id": "session-9"}, pieces)

    script = ScriptedMcp(greeting)
    async with serving(script) as server, line_to(server.url, tmp_path) as line:
        await line.begin()
        script.forget()
        await line.ask("ping")
        assert [message.get("method", "") for message in line.heard[2:]] == ["notifications/message", ""]


async def test_a_server_that_is_gone_at_the_end_holds_up_nothing(tmp_path: Path) -> None:
    async with serving(ScriptedMcp()) as server, line_to(server.url, tmp_path) as line:
        await line.shake_hands()
        await line.ask("ping")
        await server.crash()
        async with asyncio.timeout(5):
            await line.upstream.stop(1.0)
