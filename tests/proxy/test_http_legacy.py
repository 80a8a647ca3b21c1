"""Servers of 2024-11-05: found out by how they refuse a POST, spoken to over their one stream."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from upstream_line import QUICK, line_to
from web_servers import EVENTS, Answer, Received, Script, WebServer, event, json_answer, serving

pytestmark = pytest.mark.anyio


class OldServer(Script):
    """A server made by hand after the specification of 2024-11-05; `react` says what else it answers, or does."""

    def __init__(self, react: Callable[[Received], Any] = lambda request: None, capabilities: Any = None) -> None:
        super().__init__(self._choose)
        self._react = react
        self._capabilities = capabilities or {}
        self.says: list[asyncio.Queue[bytes | None]] = []
        """What goes out on each stream; None ends it."""
        self.refusal = Answer(405)
        self.endpoint = "/messages?session={number}"
        self.revision = "2024-11-05"

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve the stream by hand, and everything else as scripted."""
        if scope["method"] != "GET" or scope["path"] != "/sse":
            await super().__call__(scope, receive, send)
            return
        queue: asyncio.Queue[bytes | None] = asyncio.Queue()
        self.says.append(queue)
        self.received.append(Received("GET", "/sse", {}, b""))
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]})
        place = self.endpoint.format(number=len(self.says))
        await send(
            {"type": "http.response.body", "body": f"event: endpoint\ndata: {place}\n\n".encode(), "more_body": True}
        )
        while (piece := await queue.get()) is not None:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    def _choose(self, request: Received) -> Answer:
        if request.path == "/sse":
            return self.refusal
        found = self._react(request)
        if found is not None:
            return found
        message = request.message
        if "method" in message and "id" in message:
            told = {"protocolVersion": self.revision, "capabilities": self._capabilities, "serverInfo": {"name": "old"}}
            self.say(
                {"jsonrpc": "2.0", "id": message["id"], "result": told if message["method"] == "initialize" else {}}
            )
        return Answer(202, {"content-type": "text/plain"}, [b"Accepted"])

    def say(self, message: Any) -> None:
        """Say something on the newest stream."""
        self.says[-1].put_nowait(event(message, event="message"))


async def test_a_server_of_the_sdk_is_spoken_to(tmp_path: Path) -> None:
    from mcp.server.mcpserver import Context, MCPServer
    from pydantic import BaseModel

    class Name(BaseModel):
        name: str

    old = MCPServer("old")

    @old.tool()
    async def greet(ctx: Context) -> str:
        answer = await ctx.elicit("Who are you?", Name)
        return f"Hello, {answer.data.name}"

    async with serving(old.sse_app(), "/sse") as server, line_to(server.url, tmp_path) as line:
        hello = await line.shake_hands("2025-06-18", {"elicitation": {}})
        assert hello["result"]["serverInfo"]["name"] == "old"
        call = line.request("tools/call", {"name": "greet", "arguments": {}})
        line.send(call)
        question = await line.await_method("elicitation/create")
        line.send({"jsonrpc": "2.0", "id": question["id"], "result": {"action": "accept", "content": {"name": "Ana"}}})
        assert (await line.answer(call["id"]))["result"]["content"][0]["text"] == "Hello, Ana"


@pytest.mark.parametrize("refusal", [Answer(400), Answer(404), json_answer({"detail": "Method Not Allowed"}, 405)])
async def test_a_server_that_refuses_the_post_is_found_out(tmp_path: Path, refusal: Answer) -> None:
    script = OldServer()
    script.refusal = refusal
    async with serving(script, "/sse") as server, line_to(server.url, tmp_path) as line:
        assert (await line.shake_hands())["result"]["serverInfo"] == {"name": "old"}
        script.say({"jsonrpc": "2.0", "method": "notifications/message"})
        await line.await_method("notifications/message")
        assert (await line.ask("tools/call", {"name": "x"}))["result"] == {}
    assert {r.path for r in script.received if r.method == "POST"} == {"/sse", "/messages?session=1"}


async def test_a_server_that_refuses_both_is_told_by_how_it_refused_the_post(tmp_path: Path) -> None:
    async with serving(Script(lambda request: Answer(404))) as server, line_to(server.url, tmp_path) as line:
        answer = await line.shake_hands()
        assert "HTTP 404 Not Found" in answer["error"]["message"]


async def test_a_refusal_that_is_json_rpc_is_no_sign_of_an_older_server(tmp_path: Path) -> None:
    error = {"code": -32602, "message": "no such revision"}
    script = Script(lambda request: json_answer({"jsonrpc": "2.0", "id": 1, "error": error}, 400))
    async with serving(script) as server, line_to(server.url, tmp_path) as line:
        assert (await line.ask("initialize", {}))["error"] == error
    assert [request.method for request in script.received] == ["POST"]


async def test_messages_are_not_sent_to_another_address(tmp_path: Path) -> None:
    script = OldServer()
    script.endpoint = "http://127.0.0.2:1/messages"
    async with serving(script, "/sse") as server, line_to(server.url, tmp_path) as line:
        assert "HTTP 405" in (await line.shake_hands())["error"]["message"]
    assert {request.path for request in script.received} == {"/sse"}


async def test_a_stream_that_does_not_say_where_to_post_is_given_up(tmp_path: Path) -> None:
    script = Script(lambda request: Answer(200, EVENTS, [asyncio.Event()]) if request.method == "GET" else Answer(405))
    async with serving(script) as server, line_to(server.url, tmp_path) as line:
        await line.upstream.start(0.1)
        assert "HTTP 405" in (await line.shake_hands())["error"]["message"]


async def test_a_stream_that_breaks_is_opened_again_and_the_handshake_repeated(tmp_path: Path) -> None:
    script = OldServer(capabilities={"tools": {"listChanged": True}})
    async with serving(script, "/sse") as server, line_to(server.url, tmp_path) as line:
        await line.begin()
        await line.ask("logging/setLevel", {"level": "info"})
        heard = len(line.heard)
        script.says[-1].put_nowait(None)
        await line.await_method("notifications/tools/list_changed")
        assert (await line.ask("tools/call", {"name": "x"}))["result"] == {}
        assert len(line.heard) == heard + 2
    again = [r.message["method"] for r in script.received if r.path == "/messages?session=2"]
    assert again == ["initialize", "notifications/initialized", "logging/setLevel", "tools/call"]


async def test_a_call_that_a_break_cuts_off_is_not_made_again_and_a_listing_is(tmp_path: Path) -> None:
    def silent(request: Received) -> Answer | None:
        if request.message.get("method") == "tools/call" or (
            request.message.get("method") == "tools/list" and len(script.says) == 1
        ):
            return Answer(202)
        return None

    script = OldServer(silent)
    async with serving(script, "/sse") as server, line_to(server.url, tmp_path) as line:
        await line.begin()
        call, listing = line.request("tools/call", {"name": "x"}), line.request("tools/list")
        line.send(call, listing)
        await line.ask("ping")
        script.says[-1].put_nowait(None)
        assert "look before you repeat it" in (await line.answer(call["id"]))["error"]["message"]
        assert (await line.answer(listing["id"]))["result"] == {}
    assert len(script.posts("tools/call")) == 1
    assert len(script.posts("tools/list")) == 2


async def test_a_restart_goes_unnoticed(tmp_path: Path) -> None:
    script = OldServer()
    server = WebServer(script, "/sse")
    await server.start()
    async with line_to(server.url, tmp_path) as line:
        await line.begin()
        await server.crash()
        ping = line.request("ping")
        line.send(ping)
        await server.start()
        assert (await line.answer(ping["id"]))["result"] == {}
        await line.upstream.stop(1.0)
    await server.stop()


async def test_a_server_that_stays_away_is_told(tmp_path: Path) -> None:
    hurried = replace(QUICK, reconnect=0.1)
    script = OldServer()
    async with serving(script, "/sse") as server, line_to(server.url, tmp_path, patience=hurried) as line:
        await line.begin()
        await server.crash()
        answer = await line.ask("ping")
        assert (
            "nothing answers at" in answer["error"]["message"] or "the connection broke" in answer["error"]["message"]
        )


async def test_a_server_that_agrees_on_something_else_is_told(tmp_path: Path) -> None:
    hurried = replace(QUICK, reconnect=0.3)
    script = OldServer()
    async with serving(script, "/sse") as server, line_to(server.url, tmp_path, patience=hurried) as line:
        await line.begin()
        script.revision = "2099-01-01"
        script.says[-1].put_nowait(None)
        assert "Restart the client" in (await line.ask("ping"))["error"]["message"]


@pytest.mark.parametrize(("status", "words"), [(500, "look before you repeat"), (404, "did not accept the request")])
async def test_a_post_that_is_refused_is_told(tmp_path: Path, status: int, words: str) -> None:
    script = OldServer(lambda request: Answer(status) if request.message.get("method") == "tools/call" else None)
    async with serving(script, "/sse") as server, line_to(server.url, tmp_path) as line:
        await line.begin()
        answer = await line.ask("tools/call", {"name": "x"})
        assert words in answer["error"]["message"]
        assert f"HTTP {status}" in answer["error"]["message"]
