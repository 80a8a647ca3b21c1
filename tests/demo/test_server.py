"""The demo server against real clients of both eras, and against what no real client sends."""

import io
import json
import sys
from typing import Any

import anyio
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

from approver.demo import server
from approver.demo.jobs import Jobs
from approver.demo.server import CAPABILITIES_KEY, VERSION_KEY, Server
from approver.demo.toolbox import Toolbox

ENVELOPE = {VERSION_KEY: "2026-07-28", CAPABILITIES_KEY: {}}


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("mode", "version"), [("legacy", "2025-11-25"), ("auto", "2026-07-28"), ("2026-07-28", "2026-07-28")]
)
async def test_the_protocols_own_client_starts_and_cancels_a_job(mode: str, version: str) -> None:
    launched = StdioServerParameters(command=sys.executable, args=["-m", "approver.demo.server"])
    with anyio.fail_after(30):
        async with Client(stdio_client(launched), mode=mode) as client:
            assert client.protocol_version == version
            assert "cancel_job" in [tool.name for tool in (await client.list_tools()).tools]
            payload = {"job_type": "batch_scrape", "payload_json": '{"pages": 99, "pause": 5}'}
            assert (await client.call_tool("start_job", payload)).is_error is False
            cancelled = await client.call_tool("cancel_job", {"job_id": "job-1"})
            assert cancelled.structured_content is not None
            assert json.loads(cancelled.structured_content["result"])["status"] == "cancelled"
            assert (await client.call_tool("poll_job", {"job_id": "job-2"})).is_error is True


def answers(*messages: dict[str, Any] | str) -> list[dict[str, Any]]:
    """What the server writes when these lines come in."""
    lines = [message if isinstance(message, str) else json.dumps(message) for message in messages]
    output = io.StringIO()
    server.serve(lines, output)
    return [json.loads(line) for line in output.getvalue().splitlines()]


def request(method: str, params: Any = None) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": 1, "method": method} | ({} if params is None else {"params": params})


@pytest.mark.parametrize("version", ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"])
def test_the_handshake_agrees_on_a_version_that_both_know(version: str) -> None:
    (reply,) = answers(request("initialize", {"protocolVersion": version}))
    assert reply["result"]["protocolVersion"] == version


def test_an_unknown_version_gets_the_newest_of_the_handshake() -> None:
    (reply,) = answers(request("initialize", {"protocolVersion": "1999-01-01"}))
    assert reply["result"]["protocolVersion"] == "2025-11-25"


def test_nothing_is_served_before_the_handshake_but_ping() -> None:
    ping, call = answers(request("ping"), request("tools/list"))
    assert ping["result"] == {}
    assert call["error"]["code"] == -32602


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("{", -32700),
        ("[]", -32600),
        ({"jsonrpc": "2.0", "id": 1}, -32600),
        (request("resources/list"), -32601),
        (request("tools/list", [1]), -32602),
        (request("tools/list", {"_meta": {VERSION_KEY: "2026-07-28"}}), -32602),
        (request("tools/list", {"_meta": ENVELOPE | {VERSION_KEY: "2030-01-01"}}), -32022),
        (request("initialize", {"_meta": ENVELOPE}), -32022),
        (request("prompts/list", {"_meta": ENVELOPE}), -32601),
        (request("tools/call", {"_meta": ENVELOPE, "name": "no_such_tool"}), -32602),
        (request("tools/call", {"_meta": ENVELOPE, "name": ["x"]}), -32602),
        (request("tools/call", {"_meta": ENVELOPE, "name": "list_jobs", "arguments": "x"}), -32602),
    ],
)
def test_what_it_cannot_serve_is_refused_with_the_right_code(message: Any, code: int) -> None:
    (reply,) = answers(message)
    assert reply["error"]["code"] == code


def test_replies_and_notifications_are_not_answered() -> None:
    notification = {"jsonrpc": "2.0", "method": "notifications/initialized"}
    assert answers(notification, {"jsonrpc": "2.0", "id": 5, "result": {}}, "\n") == []


def test_discovery_names_what_a_stateless_client_needs() -> None:
    (reply,) = answers(request("server/discover", {"_meta": ENVELOPE}))
    assert reply["result"]["supportedVersions"] == ["2026-07-28"]
    assert reply["result"]["resultType"] == "complete"
    assert reply["result"]["cacheScope"] == "public"


def test_a_tools_mistake_is_a_result_that_the_agent_can_read() -> None:
    hello = request("initialize", {"protocolVersion": "2025-11-25"})
    _, reply = answers(hello, request("tools/call", {"name": "poll_job", "arguments": {"job_id": "x"}}))
    assert reply["result"]["isError"] is True
    assert "no job 'x'" in reply["result"]["content"][0]["text"]


def test_one_server_object_answers_without_streams() -> None:
    assert Server(Toolbox(Jobs(), "")).answer('{"jsonrpc":"2.0","id":"a","method":"ping"}') == {
        "jsonrpc": "2.0",
        "id": "a",
        "result": {},
    }
