"""Stateless requests: headers that repeat the body, tools that want more of them, and subscriptions that last."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from scripted_mcp import is_post
from upstream_line import META, line_to
from web_servers import EVENTS, Answer, Received, Script, event, json_answer, result, serving

pytestmark = pytest.mark.anyio
LISTEN = "subscriptions/listen"


def tool(name: str, header: Any = None) -> dict[str, Any]:
    """A tool, with a header for its argument `region` where one is named."""
    region = {"type": "string", **({} if header is None else {"x-mcp-header": header})}
    return {"name": name, "inputSchema": {"type": "object", "properties": {"region": region}}}


def listing(request: Received, *tools: Any, **more: Any) -> Answer:
    return result(request, {"tools": list(tools), "resultType": "complete", **more})


def server_of(*tools: Any) -> Script:
    """A server that wants the header `Region` of every call."""

    def answer(request: Received) -> Answer:
        if is_post(request, "tools/list"):
            return listing(request, *tools)
        if is_post(request, "tools/call") and "mcp-param-region" not in request.headers:
            error = {"code": -32020, "message": "Mcp-Param-Region is missing"}
            return json_answer({"jsonrpc": "2.0", "id": request.message["id"], "error": error}, 400)
        return result(request, {"content": []})

    return Script(answer)


# -- headers -------------------------------------------------------------------------------------------------------


async def test_headers_repeat_what_the_body_says(tmp_path: Path) -> None:
    script = Script(lambda request: result(request, {}))
    async with serving(script) as server, line_to(server.url, tmp_path) as line:
        await line.ask("tools/call", {"name": "rün"}, stateless=True)
        await line.ask("resources/read", {"uri": "file:///a"}, stateless=True)
        await line.ask("tasks/get", {"taskId": "t-1"}, stateless=True)
        await line.ask("server/discover", stateless=True)
    told = [(r.headers["mcp-method"], r.headers.get("mcp-name")) for r in script.received]
    assert told == [
        ("tools/call", "=?base64?csO8bg==?="),
        ("resources/read", "file:///a"),
        ("tasks/get", "t-1"),
        ("server/discover", None),
    ]
    assert all(r.headers["mcp-protocol-version"] == "2026-07-28" for r in script.received)
    assert all("mcp-session-id" not in r.headers for r in script.received)


async def test_a_session_knows_none_of_these_headers(tmp_path: Path) -> None:
    script = Script(lambda request: result(request, {}) if "id" in request.message else Answer(202))
    async with serving(script) as server, line_to(server.url, tmp_path) as line:
        await line.shake_hands()
        await line.ask("tools/call", {"name": "x"})
    assert not any("mcp-method" in request.headers for request in script.received)


async def test_a_listed_tools_argument_goes_into_its_header(tmp_path: Path) -> None:
    script = server_of(tool("query", "Region"))
    async with serving(script) as server, line_to(server.url, tmp_path) as line:
        await line.ask("tools/list", stateless=True)
        await line.ask("tools/call", {"name": "query", "arguments": {"region": " süd "}}, stateless=True)
    assert script.received[-1].headers["mcp-param-region"] == "=?base64?IHPDvGQg?="
    assert len(script.received) == 2


async def test_a_tool_that_was_never_listed_is_looked_up_when_the_server_misses_its_header(tmp_path: Path) -> None:
    script = server_of(tool("query", "Region"))
    async with serving(script) as server, line_to(server.url, tmp_path) as line:
        answer = await line.ask("tools/call", {"name": "query", "arguments": {"region": "x"}}, stateless=True)
        assert answer["result"] == {"content": []}
        assert len(line.heard) == 1
    assert [request.message["method"] for request in script.received] == ["tools/call", "tools/list", "tools/call"]
    assert script.received[1].message["params"]["_meta"] == META


async def test_all_pages_are_looked_through_for_a_tools_headers(tmp_path: Path) -> None:
    whole = server_of()

    def answer(request: Received) -> Any:
        if not is_post(request, "tools/list"):
            return whole._answer(request)
        if "cursor" not in request.message["params"]:
            return listing(request, tool("other"), nextCursor="2")
        return listing(request, tool("query", "Region"))

    script = Script(answer)
    async with serving(script) as server, line_to(server.url, tmp_path) as line:
        answer = await line.ask("tools/call", {"name": "query", "arguments": {"region": "x"}}, stateless=True)
        assert "result" in answer


async def test_a_mismatch_that_stays_is_the_clients_to_know(tmp_path: Path) -> None:
    script = server_of(tool("query"))
    async with serving(script) as server, line_to(server.url, tmp_path) as line:
        answer = await line.ask("tools/call", {"name": "query", "arguments": {"region": "x"}}, stateless=True)
        assert answer["error"]["code"] == -32020
    assert len(script.posts("tools/call")) == 2


async def test_tools_whose_headers_cannot_be_told_are_not_offered(tmp_path: Path) -> None:
    script = server_of(tool("good", "Region"), tool("bad", "not a token"), tool("plain"))
    async with serving(script) as server, line_to(server.url, tmp_path) as line:
        listed = await line.ask("tools/list", stateless=True)
    assert [one["name"] for one in listed["result"]["tools"]] == ["good", "plain"]
    assert listed["result"]["resultType"] == "complete"


async def test_what_no_header_can_hold_is_refused(tmp_path: Path) -> None:
    script = Script(lambda request: result(request, {}))
    async with serving(script) as server, line_to(server.url, tmp_path) as line:
        answer = await line.ask("tools/cäll", stateless=True)
        assert "cannot be sent over HTTP" in answer["error"]["message"]
    assert script.received == []


async def test_a_404_that_speaks_of_a_session_does_not_begin_one(tmp_path: Path) -> None:
    script = Script(lambda request: Answer(404, {"mcp-session-id": "x"}))
    async with serving(script) as server, line_to(server.url, tmp_path) as line:
        assert (await line.ask("tools/list", stateless=True))["error"]["code"] == -32601
    assert len(script.received) == 1


# -- subscriptions -------------------------------------------------------------------------------------------------


def watching(*streams: Any) -> Script:
    """A server that answers each `subscriptions/listen` with the next of these streams."""
    left = list(streams)

    def answer(request: Received) -> Any:
        return left.pop(0)(request) if is_post(request, LISTEN) else result(request, {"tools": []})

    return Script(answer)


def of(request: Received, method: str, **params: Any) -> bytes:
    meta = {"io.modelcontextprotocol/subscriptionId": request.message["id"]}
    return event({"jsonrpc": "2.0", "method": f"notifications/{method}", "params": {"_meta": meta, **params}})


def stream(*notes: Any, accepted: Any, ends: bool = False) -> Any:
    def answer(request: Received) -> Answer:
        pieces: list[Any] = [of(request, "subscriptions/acknowledged", notifications=accepted)]
        pieces += [of(request, method, **params) for method, params in notes]
        return Answer(200, EVENTS, pieces if ends else [*pieces, asyncio.Event()], breaks=ends)

    return answer


WATCHED = {"toolsListChanged": True, "promptsListChanged": False, "resourceSubscriptions": ["file:///a"]}


async def test_a_subscription_brings_what_it_is_told(tmp_path: Path) -> None:
    script = watching(stream(("tools/list_changed", {}), accepted=WATCHED))
    async with serving(script) as server, line_to(server.url, tmp_path) as line:
        line.send(line.request(LISTEN, {"notifications": WATCHED}, stateless=True))
        await line.await_method("notifications/tools/list_changed")
        assert line.heard[0]["method"] == "notifications/subscriptions/acknowledged"


async def test_a_subscription_whose_stream_breaks_is_opened_again_and_what_was_missed_is_told(tmp_path: Path) -> None:
    script = watching(
        stream(accepted=WATCHED, ends=True),
        lambda request: Answer(503),
        stream(("prompts/list_changed", {}), accepted=WATCHED),
    )
    async with serving(script) as server, line_to(server.url, tmp_path) as line:
        request = line.request(LISTEN, {"notifications": WATCHED}, stateless=True)
        line.send(request)
        await line.await_method("notifications/prompts/list_changed")
    assert [message["method"] for message in line.heard] == [
        "notifications/subscriptions/acknowledged",
        "notifications/tools/list_changed",
        "notifications/resources/updated",
        "notifications/prompts/list_changed",
    ]
    assert line.heard[2]["params"]["uri"] == "file:///a"
    numbers = {message["params"]["_meta"]["io.modelcontextprotocol/subscriptionId"] for message in line.heard}
    assert numbers == {request["id"]}


async def test_a_subscription_survives_a_restart(tmp_path: Path) -> None:
    script = watching(stream(accepted=WATCHED), stream(("prompts/list_changed", {}), accepted=WATCHED))
    async with serving(script) as server, line_to(server.url, tmp_path) as line:
        line.send(line.request(LISTEN, {"notifications": WATCHED}, stateless=True))
        await line.await_method("notifications/subscriptions/acknowledged")
        await server.crash()
        await server.start()
        await line.await_method("notifications/prompts/list_changed")
        assert [m["method"] for m in line.heard].count("notifications/subscriptions/acknowledged") == 1
        assert line.unanswered == []


async def test_a_subscription_that_is_granted_less_the_second_time_says_so(tmp_path: Path) -> None:
    script = watching(stream(accepted=WATCHED, ends=True), stream(accepted={"toolsListChanged": True}))
    async with serving(script) as server, line_to(server.url, tmp_path) as line:
        line.send(line.request(LISTEN, {"notifications": WATCHED}, stateless=True))
        again = await line.await_method("notifications/subscriptions/acknowledged", count=2)
        assert again["params"]["notifications"] == {"toolsListChanged": True}


async def test_a_subscription_ends_as_the_server_ends_it(tmp_path: Path) -> None:
    def over(request: Received) -> Answer:
        told = {"resultType": "complete"}
        acknowledged = of(request, "subscriptions/acknowledged", notifications={})
        response = {"jsonrpc": "2.0", "id": request.message["id"], "result": told}
        return Answer(200, EVENTS, [acknowledged, event(response)])

    script = watching(over)
    async with serving(script) as server, line_to(server.url, tmp_path) as line:
        assert (await line.ask(LISTEN, {"notifications": {}}, stateless=True))["result"] == {"resultType": "complete"}
    assert len(script.posts(LISTEN)) == 1


async def test_a_cancelled_subscription_is_not_opened_again(tmp_path: Path) -> None:
    script = watching(stream(accepted=WATCHED))
    async with serving(script) as server, line_to(server.url, tmp_path) as line:
        request = line.request(LISTEN, {"notifications": WATCHED}, stateless=True)
        line.send(request)
        await line.await_method("notifications/subscriptions/acknowledged")
        line.notify("notifications/cancelled", {"requestId": request["id"]})
        await line.until(lambda: bool(line.unanswered), "the subscription is over")
        await line.ask("tools/list", stateless=True)
    assert len(script.posts(LISTEN)) == 1
    assert json.dumps(line.heard).count("acknowledged") == 1
