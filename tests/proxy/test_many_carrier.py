"""`/mcp`: HTTP clients before all servers of their grant."""

import asyncio
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from front_room import GRANT, FrontRoom, Heard, fronting, until
from talk import notification, request, tool_call

from approver.model import Grant, StdioServer
from approver.proxy import many_carrier
from approver.proxy.many_carrier import ManyCarrier, ManyTalk

pytestmark = pytest.mark.anyio

PROGRAM = str(Path(__file__).parents[1] / "servers" / "plain_server.py")
META = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": {},
    "io.modelcontextprotocol/clientInfo": {"name": "Inspector", "version": "1"},
}


class AllRoom(FrontRoom):
    """A front with a carrier for two servers."""

    carrier: Any

    def serve(self) -> None:
        self.asked: list[Grant] = []
        self.all = ManyCarrier(self, self._servers_of, self.folder)
        self.carriers[""] = self.all

    def _servers_of(self, grant: Grant) -> list[StdioServer]:
        self.asked.append(grant)
        return [StdioServer(name, sys.executable, ("-S", PROGRAM)) for name in ("files", "mail")]

    async def begin(self) -> dict[str, str]:
        params = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "Claude", "version": "1"}}
        heard = await self.ask(request(0, "initialize", **params), path="/mcp")
        assert heard.message["result"]["serverInfo"]["name"] == "approver"
        headers = {"Mcp-Session-Id": heard.headers["mcp-session-id"], "MCP-Protocol-Version": "2025-11-25"}
        await self.ask(notification("notifications/initialized"), headers=headers, path="/mcp")
        return headers


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[AllRoom]:
    room = AllRoom(tmp_path)
    async with fronting(tmp_path, room):
        room.serve()
        yield room
        await room.all.close()


async def ask(room: AllRoom, headers: dict[str, str], message: Any) -> Heard:
    return await room.ask(message, headers=headers, path="/mcp")


async def test_a_session_has_all_servers_of_its_grant(room: AllRoom) -> None:
    session = await room.begin()
    assert set(room.asked) == {GRANT} and len(room.all) == 1
    listed = (await ask(room, session, request(1, "tools/list"))).message["result"]["tools"]
    assert [tool["name"] for tool in listed][:4] == ["files__read", "files__write", "files__secret", "mail__read"]
    heard = [await ask(room, session, tool_call(2, f"{name}__read")) for name in ("files", "mail")]
    first, second = (one.message["result"]["pid"] for one in heard)
    assert first != second
    row = room.journal.rows[0]
    assert (row.server, row.tool, row.client, row.grant, row.session.split("/")[-1]) == (
        "files", "read", "Claude", "ann", "files",
    )  # fmt: skip
    found = room.all.session(row.session)
    assert found is not None and found.caller.server == "files"
    assert [one.caller.server for one in room.all.sessions] == ["files", "mail"]
    assert room.all.session("ann/none") is None


async def test_a_held_call_is_answered_once_approved_and_withdrawn_once_its_client_has_left(room: AllRoom) -> None:
    session = await room.begin()
    async with room.visitor() as visitor:
        visitor.say(tool_call(1, "mail__write"), headers=session, path="/mcp")
        await room.approve_next()
        assert (await visitor.hear()).message["result"]["came"]["name"] == "write"
    async with room.visitor() as visitor:
        visitor.say(tool_call(2, "mail__write", {"n": 2}), headers=session, path="/mcp")
        await room.next_question()
    await until(lambda: not room.queue.pending())


async def test_a_server_may_ask_the_client_in_between(room: AllRoom) -> None:
    session = await room.begin()
    async with room.visitor() as visitor:
        visitor.say(tool_call(3, "files__read", {"do": "ask"}), headers=session, path="/mcp")
        await visitor.head()
        asked = await visitor.event()
        assert asked["method"] == "elicitation/create"
        answer = {"jsonrpc": "2.0", "id": asked["id"], "result": {"name": "Ana"}}
        assert (await ask(room, session, answer)).status == 202
        assert (await visitor.event())["result"]["answer"] == {"name": "Ana"}


async def test_requests_that_stand_alone_reach_every_server(room: AllRoom) -> None:
    for number, server in enumerate(("files", "mail")):
        message = tool_call(number, f"{server}__read", _meta=META)
        headers = {"MCP-Protocol-Version": "2026-07-28", "Mcp-Method": "tools/call", "Mcp-Name": f"{server}__read"}
        assert (await ask(room, headers, message)).message["result"]["came"]["name"] == "read"
    assert [row.server for row in room.journal.rows if row.outcome == "allowed"] == ["files", "mail"]


async def test_closing_ends_every_server_and_tells_what_runs(room: AllRoom) -> None:
    session = await room.begin()
    async with room.visitor() as visitor:
        visitor.say(tool_call(1, "files__read", {"do": "wait"}), headers=session, path="/mcp")
        await until(lambda: room.journal.rows)
        room.all.retain({"bob"})
        assert "ended this conversation" in (await visitor.hear()).message["error"]["message"]
    await until(lambda: len(room.all) == 0)
    await room.all.close()
    assert (await ask(room, session, request(1, "ping"))).status == 503


async def test_a_grants_sessions_outlast_edits_that_do_not_concern_them(room: AllRoom) -> None:
    session = await room.begin()
    room.all.renew([GRANT])
    assert "pid" in (await ask(room, session, tool_call(1, "files__read"))).message["result"]
    room.all.renew([replace(GRANT, policy="strict")])
    await until(lambda: len(room.all) == 0)
    assert (await ask(room, session, request(2, "ping"))).status == 404


async def test_an_edit_while_the_first_client_comes_in_does_not_turn_it_away(room: AllRoom) -> None:
    first = asyncio.ensure_future(room.begin())
    await until(lambda: room.asked)
    room.all.renew([GRANT])
    assert "Mcp-Session-Id" in await first


async def test_a_grant_that_is_revoked_while_its_first_client_comes_in_is_told_so(room: AllRoom) -> None:
    async with room.visitor() as visitor:
        visitor.say(request(0, "initialize"), path="/mcp")
        await until(lambda: room.asked)
        room.all.renew([])
        assert "ended" in (await visitor.hear()).message["error"]["message"]


async def test_servers_wait_for_a_client_that_does_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: AllRoom
) -> None:
    from many_room import ManyRoom

    from approver.model import Caller

    monkeypatch.setattr(many_carrier, "MOST_UNREAD", 2)
    scripted = ManyRoom(tmp_path, monkeypatch, "a")
    talk = ManyTalk(scripted, [StdioServer("a", "x")], Caller("s", "ann", "*", "T"), tmp_path)
    talk.many.start()
    await until(lambda: scripted.servers["a"].is_running)
    for number in range(4):
        scripted.servers["a"].say(notification("x/y", n=number))
    assert scripted.servers["a"].paused
    messages = talk.messages()
    for _ in range(4):
        await anext(messages)
    assert not scripted.servers["a"].paused
    scripted.servers["a"].pause_client(True)
    scripted.servers["a"].pause_client(False)
    assert not talk.hang_up(1)
    await talk.stop()
    assert [message async for message in messages] == []
