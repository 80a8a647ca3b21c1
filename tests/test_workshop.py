"""Servers that are tried and logged in at: real processes, ended with the trial; a login server of the test's own."""

import asyncio
import os
import sys
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from login_room import LoginRoom, login_room
from oauth_server import browse
from processes import MARK, marked
from still_time import StillTime

from approver import workshop as module
from approver.catalog.tools import Catalog
from approver.logins import Logins
from approver.model import HttpServer, StdioServer
from approver.proxy.probe import ProbeFailed
from approver.proxy.server_log import ServerLog
from approver.proxy.stdio_upstream import UpstreamUnavailable
from approver.secrets import SecretStore, SecretUnavailable
from approver.servers import Server
from approver.workshop import LoginState, SaidLine, TrialEnd, Workshop

pytestmark = pytest.mark.anyio
WITHIN = 20

SERVER = """
import json, sys
print("not a message", flush=True)
print("on stderr\\x1b[31m", file=sys.stderr, flush=True)
for line in sys.stdin:
    message = json.loads(line)
    result = {"protocolVersion": "2025-06-18", "capabilities": {"tools": {}}}
    result["serverInfo"] = {"name": "s", "version": "2"}
    if message["method"] == "tools/list":
        result = {"tools": [{"name": "read_it"}, {"name": "delete_it"}]}
    if "id" in message and sys.argv[1:] != ["silent"]:
        print(json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": result}), flush=True)
"""


class House:
    """What the engine would be to the workshop."""

    def __init__(self, folder: Path) -> None:
        self.catalog = Catalog()
        self.logins = Logins(SecretStore(), StillTime())
        self.start_seconds = float(WITHIN)
        self.mark = uuid.uuid4().hex
        self.fault: Exception | None = None
        self._log = ServerLog(folder / "web.log")

    async def launch_environment(self, server: StdioServer) -> Mapping[str, str]:
        if self.fault is not None:
            raise self.fault
        return {**os.environ, MARK: self.mark}

    def server_log(self, server: str) -> ServerLog:
        return self._log

    def refresh(self) -> None:
        raise AssertionError("the workshop reads no files")


class Told:
    """Everything that was told, and a wait for it."""

    def __init__(self) -> None:
        self.all: list[Any] = []
        self._came = asyncio.Event()

    def __call__(self, *what: Any) -> None:
        self.all += what
        self._came.set()

    async def until(self, is_there: Callable[[list[Any]], bool]) -> None:
        async with asyncio.timeout(WITHIN):
            while not is_there(self.all):
                self._came.clear()
                await self._came.wait()

    @property
    def lines(self) -> list[SaidLine]:
        return [line for told in self.all if isinstance(told, tuple) for line in told]

    @property
    def ends(self) -> list[TrialEnd]:
        return [told for told in self.all if isinstance(told, TrialEnd)]


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def server(*words: str, name: str = "web") -> StdioServer:
    return StdioServer(name, sys.executable, ("-c", SERVER, *words))


async def tried(house: House, what: Server) -> tuple[Told, TrialEnd]:
    told = Told()
    Workshop().try_server(house, what, told)
    await told.until(lambda _: bool(told.ends))
    return told, told.ends[0]


async def test_a_trial_tells_what_is_printed_and_what_was_found(house: House, tmp_path: Path) -> None:
    told, end = await tried(house, server())
    assert end.found is not None
    assert (end.found.name, end.found.revision, end.fault) == ("s", "2025-06-18", "")
    assert SaidLine("stdout", "not a message") in told.lines
    assert SaidLine("stderr", "on stderr␛[31m") in told.lines
    assert [one.name for one in house.catalog.of("web")] == ["read_it", "delete_it"]
    assert all(len(one.digest) == 64 for one in house.catalog.of("web"))
    assert "stdout: not a message" in (tmp_path / "web.log").read_text(encoding="utf-8")
    assert marked(house.mark) == []


async def test_a_trial_that_is_stopped_leaves_nothing_running(house: House) -> None:
    workshop, told = Workshop(), Told()
    workshop.stop_trial()
    workshop.try_server(house, server("silent"), told)
    await told.until(lambda _: any(line.source == "stderr" for line in told.lines))
    workshop.stop_trial()
    await told.until(lambda _: bool(told.ends))
    assert (told.ends[0].found, told.ends[0].fault) == (None, "")
    assert marked(house.mark) == []


async def test_a_second_trial_ends_the_first_before_it_begins(house: House) -> None:
    workshop, told = Workshop(), Told()
    workshop.try_server(house, server("silent", name="one"), told)
    await told.until(lambda _: any(line.source == "stderr" for line in told.lines))
    workshop.try_server(house, server(name="two"), told)
    await told.until(lambda _: len(told.ends) == 2)
    assert [(end.server, end.found is not None) for end in told.ends] == [("one", False), ("two", True)]


@pytest.mark.parametrize(
    ("what", "fault", "words"),
    [
        (StdioServer("web", "no-such-program-anywhere"), None, "no-such-program-anywhere"),
        (StdioServer("web", sys.executable, ("-c", "raise SystemExit('bad key')")), None, "ended before it answered"),
        (StdioServer("web", "x"), UpstreamUnavailable("The keyring did not answer."), "The keyring did not answer."),
    ],
)  # fmt: skip
async def test_a_server_that_does_not_work_says_why(
    house: House, what: Server, fault: Exception | None, words: str
) -> None:
    house.fault = fault
    _, end = await tried(house, what)
    assert end.found is None
    assert words in end.fault


async def test_a_remote_server_is_tried_with_its_login(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def probe(server: HttpServer, credentials: Any, log: ServerLog, within: float) -> Any:
        assert credentials is house.logins.of(server)
        raise ProbeFailed("It wants you to log in.")

    monkeypatch.setattr(module, "probe_http", probe)
    _, end = await tried(house, HttpServer("web", "https://x.org/"))
    assert end.fault == "It wants you to log in."


async def test_a_server_that_prints_without_end_is_told_in_part(house: House) -> None:
    told, _ = await tried(house, StdioServer("web", sys.executable, ("-c", "print('x\\n' * 5000)")))
    assert len(told.lines) <= 2000


# -- logins ------------------------------------------------------------------------------------------------------------


class OneLogin(Logins):
    """The logins of a house in which there is one server."""

    def __init__(self, room: LoginRoom) -> None:
        super().__init__(SecretStore(), StillTime())
        self._room = room

    def of(self, server: HttpServer) -> Any:
        return self._room.login


async def test_a_login_tells_the_link_and_how_it_ended_and_can_be_forgotten(house: House) -> None:
    async with login_room() as room:
        house.logins = OneLogin(room)
        workshop, begun, ended, states = Workshop(), Told(), Told(), Told()
        remote = room.login.server
        workshop.look_at_login(house, remote, states)
        await states.until(bool)
        assert states.all == [LoginState("remote")]
        workshop.log_in(house, remote, begun, ended)
        await begun.until(bool)
        await browse(begun.all[0])
        await ended.until(bool)
        assert ended.all == ['Logged in at "remote". The login is kept in the keyring.']
        workshop.look_at_login(house, remote, states)
        await states.until(lambda all_of_it: len(all_of_it) == 2)
        assert states.all[1].is_logged_in
        workshop.log_out(house, remote, ended)
        await ended.until(lambda all_of_it: len(all_of_it) == 2)
        workshop.log_out(house, remote, ended)
        await ended.until(lambda all_of_it: len(all_of_it) == 3)
        assert ended.all[1:] == ['Logged out at "remote".', 'There was no login at "remote".']


async def test_a_login_that_is_given_up_says_so(house: House) -> None:
    async with login_room() as room:
        house.logins = OneLogin(room)
        workshop, begun, ended = Workshop(), Told(), Told()
        workshop.log_in(house, room.login.server, begun, ended)
        await begun.until(bool)
        workshop.stop_login(house, room.login.server)
        await ended.until(bool)
        assert ended.all == ['Not logged in at "remote": it was given up.']


async def test_a_keyring_that_does_not_forget_is_told(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse(_: HttpServer) -> bool:
        raise SecretUnavailable("The keyring is locked.")

    monkeypatch.setattr(house.logins, "forget", refuse)
    ended = Told()
    Workshop().log_out(house, HttpServer("remote", "https://x.org/"), ended)
    await ended.until(bool)
    assert ended.all == ["The keyring is locked."]
