"""The engine's HTTP side: who carries what, and what an edit ends."""

import asyncio
import json
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from front_room import OTHER_TOKEN, TOKEN, FrontRoom, until
from talk import request, tool_call
from web_servers import Answer, Received, Script, result, serving

from approver import http_side as module
from approver.configuration import Configuration
from approver.desktop.paths import Paths
from approver.grants import token_digest
from approver.http_side import HttpSide
from approver.logins import Logins
from approver.proxy.http_relay import HttpRelay
from approver.proxy.stdio_carrier import StdioCarrier
from approver.secrets import SecretStore, SecretUnavailable

pytestmark = pytest.mark.anyio

PLAIN = {"command": sys.executable, "args": ["-S", str(Path(__file__).parent / "servers" / "plain_server.py")]}
WEB = {"url": "http://127.0.0.1:9/mcp", "headers": {"Authorization": "Bearer ${keyring:KEY}"}}


class Secrets(SecretStore):
    """Holds one secret."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    def fill(self, server: str, values: Any) -> dict[str, str]:
        self.asked += 1
        return {name: value.replace("${keyring:KEY}", "open sesame") for name, value in values.items()}


class Side:
    """An HTTP side on a folder of configuration."""

    def __init__(self, folder: Path) -> None:
        self.paths = Paths.under(folder)
        self.paths.create()
        self.servers({"files": PLAIN, "web": WEB})
        self.grants({"ann": ("files", TOKEN), "bob": ("web", OTHER_TOKEN)})
        self.configuration = Configuration.load(self.paths)
        self.secrets = Secrets()
        self.room = FrontRoom(folder)
        self.logins = Logins(self.secrets, self.room.clock)
        self.room.credentials = self.logins.of  # type: ignore[attr-defined]  # what the engine's own does
        self.notices: list[tuple[str, str]] = []
        self.room.notice = self.noticed  # type: ignore[attr-defined]  # the engine's own writes into the journal
        self.changed = asyncio.Event()
        self.side = HttpSide(self.room, self.configuration, self.paths, self.changed.set)  # type: ignore[arg-type]  # a room lacks what only engines have

    def noticed(self, word: str, sentence: str) -> None:
        self.notices.append((word, sentence))

    def servers(self, servers: Any) -> None:
        self.paths.servers.write_text(json.dumps({"mcpServers": servers}), encoding="utf-8")

    def grants(self, grants: dict[str, tuple[str, str]]) -> None:
        entries = [
            {"name": name, "server": server, "policy": None, "token_sha256": token_digest(token), "created": ""}
            for name, (server, token) in grants.items()
        ]
        self.paths.grants.write_text(json.dumps(entries), encoding="utf-8")

    def settings(self, text: str) -> None:
        self.paths.settings.write_text(text, encoding="utf-8")
        self.configuration.refresh()

    def edited(self) -> None:
        self.configuration.refresh()
        self.side.reload()

    async def listen(self) -> None:
        self.settings("[http]\nport = 0\n")
        await self.side.start()
        self.room.front = self.side._front

    async def begin(self) -> str:
        params = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "x", "version": "1"}}
        return (await self.room.ask(request(0, "initialize", **params))).headers["mcp-session-id"]


@pytest.fixture
async def side(tmp_path: Path) -> AsyncIterator[Side]:
    side = Side(tmp_path)
    yield side
    await side.side.stop()


async def test_each_server_has_a_carrier_of_its_kind_and_keeps_it(side: Side) -> None:
    files, web = side.side.carrier("files"), side.side.carrier("web")
    assert (type(files), type(web)) == (StdioCarrier, HttpRelay)
    assert side.side.carrier("files") is files
    assert side.side.carrier("web") is web
    assert side.side.carrier("none") is None


async def test_a_grant_for_several_servers_has_one_address_for_them_until_they_are_edited(side: Side) -> None:
    grant = {"name": "eve", "servers": ["files"], "token_sha256": token_digest(TOKEN)}
    side.paths.grants.write_text(json.dumps([grant]), encoding="utf-8")
    side.edited()
    await side.listen()
    carrier = side.side.carrier_of_all()
    assert side.side.carrier_of_all() is carrier
    params = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "x", "version": "1"}}
    heard = await side.room.ask(request(0, "initialize", **params), path="/mcp")
    session = f"eve/all-{heard.headers['mcp-session-id']}/files"
    found = side.side.session(session)
    assert found is not None and (found.caller.server, found.caller.grant) == ("files", "eve")
    assert list(side.side.sessions) == [found]
    assert (await side.room.ask(request(0, "initialize", **params), path="/mcp/web")).status == 403
    others = [{"name": "mia", "servers": ["web"], "token_sha256": token_digest(OTHER_TOKEN)}]
    side.paths.grants.write_text(json.dumps([grant, *others]), encoding="utf-8")
    side.servers({"files": PLAIN})
    side.edited()
    assert side.side.carrier_of_all() is carrier
    headers = {"Mcp-Session-Id": heard.headers["mcp-session-id"], "MCP-Protocol-Version": "2025-11-25"}
    assert (await side.room.ask(request(1, "ping"), headers=headers, path="/mcp")).status == 200
    side.servers({"files": {**PLAIN, "env": {"A": "1"}}})
    side.edited()
    await until(lambda: side.side.session(session) is None)


@pytest.mark.parametrize("name", ["files", "web"])
async def test_an_edited_server_gets_a_new_carrier_and_a_removed_one_none(side: Side, name: str) -> None:
    before = side.side.carrier(name)
    side.servers({"files": {**PLAIN, "env": {"A": "1"}}, "web": {"url": "http://127.0.0.1:10/mcp"}})
    side.edited()
    assert side.side.carrier(name) not in (None, before)
    side.servers({})
    side.edited()
    assert side.side.carrier(name) is None


async def test_an_edit_of_a_server_ends_its_sessions_and_processes(side: Side) -> None:
    await side.listen()
    session = await side.begin()
    assert [side.side.session(f"ann/{session}")] == list(side.side.sessions)
    assert (side.side.clients_of("files"), side.side.clients_of("web"), side.side.clients_of("none")) == (1, 0, 0)
    side.servers({"files": {**PLAIN, "env": {"A": "1"}}})
    side.edited()
    await until(lambda: side.side.session(f"ann/{session}") is None)
    headers = {"Mcp-Session-Id": session, "MCP-Protocol-Version": "2025-11-25"}
    assert (await side.room.ask(request(1, "ping"), headers=headers)).status == 404


async def test_a_revoked_grant_is_out_at_once_and_its_sessions_end_with_the_reload(side: Side) -> None:
    await side.listen()
    session = await side.begin()
    side.grants({"bob": ("web", OTHER_TOKEN)})
    assert (await side.room.ask(request(1, "ping"))).status == 401
    side.edited()
    await until(lambda: side.side.session(f"ann/{session}") is None)


async def test_what_was_not_edited_stays(side: Side) -> None:
    files = side.side.carrier("files")
    side.edited()
    assert side.side.carrier("files") is files


async def test_the_secret_in_a_servers_header_is_read_once_and_reaches_the_server(side: Side) -> None:
    def answer(received: Received) -> Any:
        return result(received, {"came": received.headers["authorization"]})

    script = Script(answer)
    async with serving(script) as server:
        side.servers({"web": {**WEB, "url": server.url}})
        side.edited()
        await side.listen()
        for _ in range(2):
            heard = await side.room.ask(request(1, "ping"), path="/mcp/web", token=OTHER_TOKEN)
            assert heard.message["result"]["came"] == "Bearer open sesame"
    assert side.secrets.asked == 1


async def test_a_secret_that_cannot_be_had_is_told(side: Side, monkeypatch: pytest.MonkeyPatch) -> None:
    def fill(server: str, values: Any) -> dict[str, str]:
        raise SecretUnavailable("The keyring is locked.")

    monkeypatch.setattr(side.secrets, "fill", fill)
    await side.listen()
    heard = await side.room.ask(request(1, "ping"), path="/mcp/web", token=OTHER_TOKEN)
    assert "The keyring is locked" in heard.message["error"]["message"]


async def test_a_secret_that_no_header_can_hold_is_told(side: Side) -> None:
    side.servers({"web": {"url": "http://127.0.0.1:9/mcp", "headers": {"X-Key": "\u20ac"}}})
    side.edited()
    await side.listen()
    heard = await side.room.ask(request(1, "ping"), path="/mcp/web", token=OTHER_TOKEN)
    assert "a character that no header may have" in heard.message["error"]["message"]


async def test_a_port_that_is_taken_is_a_problem_and_no_crash(side: Side) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        side.settings(f"[http]\nport = {taken.getsockname()[1]}\n")
        await side.side.start()
    assert side.side.problem is not None
    assert "cannot be used" in side.side.problem
    assert side.side.url == ""
    assert [one for _, one in side.notices] == [side.side.problem]
    await side.side.stop()


async def test_a_port_that_was_taken_is_listened_at_as_soon_as_it_is_free(
    side: Side, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "AGAIN_SECONDS", 0.01)
    with socket.socket() as taken, socket.socket() as other:
        for one in (taken, other):
            one.bind(("127.0.0.1", 0))
            one.listen()
        port, another = taken.getsockname()[1], other.getsockname()[1]
        side.settings(f"[http]\nport = {port}\n")
        await side.side.start()
        assert str(port) in (side.side.problem or "")
        side.settings(f"[http]\nport = {another}\n")
        await asyncio.wait_for(side.changed.wait(), 5)
        assert str(another) in (side.side.problem or "")
        side.changed.clear()
    await asyncio.wait_for(side.changed.wait(), 5)
    assert (side.side.problem, side.side.address) == (None, f"127.0.0.1:{another}")
    assert len(side.notices) == 2
    await side.side.stop()


async def test_a_port_that_is_not_wanted_any_more_is_no_problem(side: Side, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "AGAIN_SECONDS", 0.01)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        side.settings(f"[http]\nport = {taken.getsockname()[1]}\n")
        await side.side.start()
        side.settings("[http]\nenabled = false\n")
        await asyncio.wait_for(side.changed.wait(), 5)
    assert (side.side.problem, side.side.url) == (None, "")


async def test_where_it_is_turned_off_it_does_not_listen(side: Side) -> None:
    side.settings("[http]\nenabled = false\n")
    await side.side.start()
    assert (side.side.url, side.side.problem) == ("", None)


async def test_stopping_ends_every_process(side: Side) -> None:
    await side.listen()
    await side.begin()
    await asyncio.wait_for(side.side.stop(), 15)
    assert "ended" in (side.room.folder / "files.log").read_text(encoding="utf-8")


def test_nothing_of_the_protocols_sdk_is_loaded_with_it() -> None:
    code = f"import sys, {module.__name__}; sys.exit('mcp' in sys.modules or 'pydantic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=30).returncode == 0


async def test_a_call_that_runs_ends_at_the_address_it_was_sent_to_and_new_ones_go_to_the_edited_one(
    side: Side,
) -> None:
    go_on = asyncio.Event()

    async def slow(received: Received) -> Answer:
        await go_on.wait()
        return result(received, {"from": "old"})

    old, new = Script(slow), Script(lambda received: result(received, {"from": "new"}))
    async with serving(old) as before, serving(new) as after:
        side.servers({"web": {"url": before.url}})
        side.edited()
        await side.listen()
        where: Any = {"path": "/mcp/web", "token": OTHER_TOKEN}
        running = asyncio.get_running_loop().create_task(side.room.ask(tool_call(1, "read"), **where))
        await until(lambda: old.received)
        side.servers({"web": {"url": after.url}})
        side.edited()
        assert (await side.room.ask(tool_call(2, "read"), **where)).message["result"] == {"from": "new"}
        go_on.set()
        assert (await running).message["result"] == {"from": "old"}
