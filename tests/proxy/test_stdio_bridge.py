"""HTTP before one stdio server: which era a request is of, what is loaded for it, and what ends with the bridge."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from front_room import SECONDS
from stdio_room import Puppets, Web
from talk import request, result

from approver.proxy import stdio_bridge as module
from approver.proxy.stdio_bridge import StdioBridge

pytestmark = pytest.mark.anyio

INITIALIZE = request(0, "initialize", protocolVersion="2025-11-25", capabilities={}, clientInfo={})
META = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": {},
}
ALONE = request(1, "prompts/list", _meta=META)
HEADERS = {"MCP-Protocol-Version": "2026-07-28", "Mcp-Method": "prompts/list"}


@asynccontextmanager
async def bridged() -> AsyncIterator[tuple[Web, Puppets]]:
    puppets = Puppets()
    bridge = StdioBridge(puppets.connect)
    async with asyncio.timeout(SECONDS), asyncio.TaskGroup() as served, bridge.serving():
        yield Web(bridge.handle, served), puppets


async def begin(web: Web, puppets: Puppets, number: int, **headers: str) -> Any:
    visit = web.say(INITIALIZE, headers=headers)
    puppet = await puppets.number(number)
    await puppet.heard()
    puppet.say(result(0))
    assert (await visit.hear()).headers["mcp-session-id"] == puppet.session
    return puppet


async def test_the_header_alone_says_of_which_era_a_request_is() -> None:
    async with bridged() as (web, puppets):
        for number, headers in enumerate([{}, {"MCP-Protocol-Version": "2025-06-18"}], 1):
            await begin(web, puppets, number, **headers)
        visit = web.say(ALONE, headers=HEADERS)
        puppet = await puppets.number(3)
        puppet.say(result((await puppet.heard())["id"], prompts=[]))
        assert (await visit.hear()).message == result(1, prompts=[])
        assert puppet.session == ""
        odd = await web.ask(ALONE, headers={**HEADERS, "MCP-Protocol-Version": "v999"})
        assert odd.status == 400
        assert len(puppets.all) == 3


async def test_initialize_is_not_of_the_era_without_sessions() -> None:
    async with bridged() as (web, puppets):
        message = request(1, "initialize", _meta=META)
        heard = await web.ask(message, headers={**HEADERS, "Mcp-Method": "initialize"})
        assert (heard.status, heard.message["id"], heard.message["error"]["code"]) == (404, 1, -32601)
        assert puppets.all == []


async def test_streams_are_tended_of_both_eras(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TEND_SECONDS", 0.001)
    async with bridged() as (web, puppets):
        puppet = await begin(web, puppets, 1)
        waits = web.say(request(1, "ping"), headers={"Mcp-Session-Id": puppet.session})
        alone = web.say(ALONE, headers=HEADERS)
        other = await puppets.number(2)
        named = (await other.heard())["id"]
        for visit in (waits, alone):
            assert (await visit.head()).headers["content-type"] == "text/event-stream"
            assert b": ping" in (await visit._piece())["body"]
        puppet.say(result(1))
        other.say(result(named, prompts=[]))
        assert (await waits.hear_rest(), await alone.hear_rest()) == ([result(1)], [result(1, prompts=[])])


async def test_when_serving_ends_every_server_ends_and_what_waits_is_told() -> None:
    async with bridged() as (web, puppets):
        puppet = await begin(web, puppets, 1)
        waits = web.say(request(1, "ping"), headers={"Mcp-Session-Id": puppet.session})
        await puppet.heard()
        alone = web.say(ALONE, headers=HEADERS)
        await (await puppets.number(2)).heard()
    assert all(one.has_stopped for one in puppets.all)
    for visit in (waits, alone):
        assert "error" in (await visit.hear()).message


def test_sessions_do_not_load_the_sdk() -> None:
    program = "import sys, approver.proxy.stdio_bridge; print([name for name in sys.modules if name == 'mcp'])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=SECONDS)
    assert done.stdout == "[]\n"
