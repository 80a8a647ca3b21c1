"""Which era a message belongs to, when both are spoken on one connection."""

from pathlib import Path

import pytest
from scripted_mcp import ScriptedMcp
from upstream_line import line_to
from web_servers import Answer, Received, serving

pytestmark = pytest.mark.anyio


async def test_each_request_is_sent_as_its_own_era_wants_it(tmp_path: Path) -> None:
    script = ScriptedMcp()
    async with serving(script) as server, line_to(server.url, tmp_path) as line:
        await line.ask("server/discover", stateless=True)
        await line.begin()
        await line.ask("tools/list", stateless=True)
        await line.ask("tools/list")
        line.notify("notifications/own")
        await line.ask("ping")
    told = [
        (r.message["method"], r.headers.get("mcp-protocol-version"), r.headers.get("mcp-session-id"))
        for r in script.received
        if r.method == "POST"
    ]
    assert told == [
        ("server/discover", "2026-07-28", None),
        ("initialize", None, None),
        ("notifications/initialized", "2025-11-25", "session-1"),
        ("ping", "2025-11-25", "session-1"),
        ("tools/list", "2026-07-28", None),
        ("tools/list", "2025-11-25", "session-1"),
        ("notifications/own", "2025-11-25", "session-1"),
        ("ping", "2025-11-25", "session-1"),
    ]


async def test_a_message_before_any_handshake_names_nothing(tmp_path: Path) -> None:
    script = ScriptedMcp()
    async with serving(script) as server, line_to(server.url, tmp_path) as line:
        line.notify("notifications/early")
        await line.ask("ping")
    posts = [request for request in script.received if request.method == "POST"]
    assert len(posts) == 2
    assert not any({"mcp-session-id", "mcp-protocol-version"} & request.headers.keys() for request in posts)


async def test_a_server_that_took_one_handshake_is_no_older_one(tmp_path: Path) -> None:
    def answer(request: Received) -> Answer | None:
        again = request.method == "POST" and request.message.get("method") == "initialize" and script.sessions
        return Answer(405) if again else None

    script = ScriptedMcp(answer)
    async with serving(script) as server, line_to(server.url, tmp_path) as line:
        await line.begin()
        gets = [request.method for request in script.received].count("GET")
        assert "HTTP 405" in (await line.ask("initialize", {"protocolVersion": "2025-11-25"}))["error"]["message"]
        assert [request.method for request in script.received].count("GET") == gets
