"""A policy is edited so that it hides other tools: clients that were told of such notifications hear of it."""

import json
import sys
from pathlib import Path

import anyio
from approver_home import ALLOW_ALL, ApproverHome
from mcp import Client, StdioServerParameters, stdio_client
from wire_client import WireClient

SERVERS = Path(__file__).parents[1] / "servers"
HELD = [sys.executable, str(SERVERS / "held_server.py")]
LISTENING = [sys.executable, str(SERVERS / "listening_server.py")]
CHANGED = "notifications/tools/list_changed"


def tools_of(client: WireClient) -> set[str]:
    return {tool["name"] for tool in client.request("tools/list")["result"]["tools"]}


def test_a_client_is_told_that_an_edit_hid_a_tool(home: ApproverHome) -> None:
    home.add_server("telling", HELD, ALLOW_ALL, env={"HELD_SERVER_OFFERS": json.dumps({"listChanged": True})})
    home.add_server("silent", HELD, ALLOW_ALL)
    home.serve()
    telling, silent, both = home.client("telling"), home.client("silent"), home.client("--all")
    assert "crash" in tools_of(telling) & tools_of(silent)
    assert {"telling__crash", "silent__crash"} <= tools_of(both)
    for server in ("telling", "silent"):
        home.set_policy(server, {**ALLOW_ALL, "hide": ["crash"]})
    telling.wait_for(lambda message: message.get("method") == CHANGED, "the client hears that its tools are others")
    both.wait_for(lambda message: message.get("method") == CHANGED, "the client of both hears it, too")
    assert "crash" not in tools_of(telling) | tools_of(silent)
    assert silent.notifications(CHANGED) == [], "its server never said that there are such notifications"
    assert len(telling.notifications(CHANGED)) == 1


def test_without_a_handshake_a_client_that_listens_is_told(home: ApproverHome) -> None:
    home.add_server("listening", LISTENING, ALLOW_ALL)
    home.serve()
    command = home.connect("listening")
    launched = StdioServerParameters(command=command[0], args=command[1:], env=home.environment)

    async def conversation() -> None:
        async with Client(stdio_client(launched), mode="auto", cache=None) as client:
            assert client.protocol_version == "2026-07-28"
            assert len((await client.list_tools()).tools) == 2
            async with client.listen(tools_list_changed=True) as heard:
                home.set_policy("listening", {**ALLOW_ALL, "hide": ["erase"]})
                with anyio.fail_after(20):
                    await anext(aiter(heard))
            assert [tool.name for tool in (await client.list_tools()).tools] == ["echo"]

    anyio.run(conversation)
