"""A server over HTTP, as a conversation has it: real servers of the protocol's SDK, in both eras."""

from pathlib import Path
from typing import Any

import pytest
from upstream_line import line_to
from web_servers import serving

pytestmark = pytest.mark.anyio


def sdk_server() -> Any:
    from mcp.server.mcpserver import Context, MCPServer

    server = MCPServer("remote")

    @server.tool()
    def add(a: int, b: int) -> int:
        return a + b

    @server.tool()
    async def count(ctx: Context) -> str:
        for step in range(1, 4):
            await ctx.report_progress(step, 3)
        return "counted"

    return server.streamable_http_app()


async def test_a_session_begins_calls_and_ends(tmp_path: Path) -> None:
    async with serving(sdk_server()) as server, line_to(server.url, tmp_path) as line:
        hello = await line.shake_hands()
        assert hello["result"]["protocolVersion"] == "2025-11-25"
        tools = await line.ask("tools/list")
        assert {tool["name"] for tool in tools["result"]["tools"]} == {"add", "count"}
        called = await line.ask("tools/call", {"name": "add", "arguments": {"a": 2, "b": 3}})
        assert called["result"]["content"][0]["text"] == "5"
        await line.ask("tools/call", {"name": "count", "arguments": {}, "_meta": {"progressToken": 7}})
        assert [m["params"]["progress"] for m in line.heard if m.get("method") == "notifications/progress"] == [1, 2, 3]


async def test_requests_without_a_session_are_answered(tmp_path: Path) -> None:
    async with serving(sdk_server()) as server, line_to(server.url, tmp_path) as line:
        found = await line.ask("server/discover", stateless=True)
        assert "2026-07-28" in found["result"]["supportedVersions"]
        called = await line.ask("tools/call", {"name": "add", "arguments": {"a": 2, "b": 3}}, stateless=True)
        assert called["result"]["content"][0]["text"] == "5"
