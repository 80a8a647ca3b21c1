"""The clients behind shims: which server and grant they get, who they are, and how they leave."""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from front_room import FrontRoom, until

from approver import local_clients as module
from approver.configuration import Configuration
from approver.desktop.ancestry import CannotTell, Process
from approver.desktop.paths import Paths
from approver.local_clients import LocalClients
from approver.model import LOCAL_GRANT, Caller
from approver.proxy.local_front import Peer

pytestmark = pytest.mark.anyio


class Conversation:
    """Stands for the real one, which has tests of its own."""

    def __init__(
        self, house: Any, connection: Any, server: Any, caller: Caller, ended: Callable[[Any], None], **options: Any
    ) -> None:
        self.server = server
        self.session = type("Session", (), {"caller": caller, "fault": "", "tell_of_hidden": lambda _: None})()
        self.options = options
        self.ended = ended
        self.started = asyncio.Event()
        self.was_stopped = False
        self.turned_out = ""

    async def start(self) -> None:
        self.started.set()

    def turn_out(self, sentence: str) -> None:
        self.turned_out = sentence
        self.ended(self)

    async def stop(self) -> None:
        self.was_stopped = True
        self.ended(self)


class Connection:
    """Stands for a shim's connection."""

    def __init__(self, pid: int | None = None) -> None:
        self.peer = Peer(pid, os.getuid())
        self.turned_away = ""

    def turn_away(self, sentence: str) -> None:
        self.turned_away = sentence


class Clients:
    """Local clients on a folder of configuration."""

    def __init__(self, folder: Path) -> None:
        self.paths = Paths.under(folder)
        self.paths.create()
        self.changes = 0
        self.write(self.paths.servers, {"mcpServers": {"files": {"command": "x"}, "web": {"url": "http://h/mcp"}}})
        self.write(self.paths.grants, [{"name": "ann", "server": "files"}, {"name": "bob", "server": "web"}])
        self.configuration = Configuration.load(self.paths)
        host: Any = None
        self.clients = LocalClients(FrontRoom(folder), host, self.configuration, self.paths.run, self._changed)

    def write(self, path: Path, content: Any) -> None:
        path.write_text(json.dumps(content), encoding="utf-8")

    def _changed(self) -> None:
        self.changes += 1

    def connect(self, connection: Any = None, **greeting: Any) -> Any:
        """Connect a shim; return its conversation."""
        before = set(self.clients._conversations)
        self.clients.connect(connection or Connection(), {"server": "files", **greeting})
        (new,) = set(self.clients._conversations) - before
        return self.clients.find(new)


@pytest.fixture
async def clients(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Clients]:
    monkeypatch.setattr(module, "Conversation", Conversation)
    found = Clients(tmp_path)
    yield found
    await found.clients.stop()


async def test_a_shim_gets_a_conversation_of_its_own_that_is_started(clients: Clients) -> None:
    one, two = clients.connect(), clients.connect()
    await one.started.wait()
    assert one.session.caller.session != two.session.caller.session
    assert (one.server.name, one.session.caller.grant, len(clients.clients)) == ("files", LOCAL_GRANT, 2)
    assert clients.changes == 2


async def test_a_client_without_a_label_is_called_so_and_may_name_itself_later(clients: Clients) -> None:
    unnamed, labelled = clients.connect(), clients.connect(client="Claude Desktop")
    assert (unnamed.session.caller.client, unnamed.options["keep_label"]) == ("An unnamed client", False)
    assert (labelled.session.caller.client, labelled.options["keep_label"]) == ("Claude Desktop", True)


async def test_a_label_that_is_a_grant_for_the_server_gives_that_grant(clients: Clients) -> None:
    assert clients.connect(client="ann").session.caller.grant == "ann"
    assert clients.connect(client="bob").session.caller.grant == LOCAL_GRANT


@pytest.mark.parametrize("greeting", [{"client": 7}, {"client": ""}, {"client": None}])
async def test_a_label_that_is_no_text_is_none(clients: Clients, greeting: Any) -> None:
    assert clients.connect(**greeting).session.caller.client == "An unnamed client"


@pytest.mark.parametrize("server", ["none", None, 7, ["files"]])
async def test_a_server_that_is_not_known_is_turned_away_with_those_that_are(clients: Clients, server: Any) -> None:
    connection: Any = Connection()
    clients.clients.connect(connection, {"server": server})
    assert "knows no server" in connection.turned_away
    assert "files" in connection.turned_away
    assert len(clients.clients) == 0


async def test_a_server_that_was_added_a_moment_ago_is_known(clients: Clients) -> None:
    clients.write(clients.paths.servers, {"mcpServers": {"new": {"command": "x"}}})
    assert clients.connect(server="new").server.name == "new"


async def test_the_processes_that_a_client_consists_of_are_known_while_it_is_connected(
    clients: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    shim, desktop = Process(11, 10, "python", 1.0), Process(10, 1, "claude", 1.0)
    monkeypatch.setattr(module, "find_process", lambda pid: shim)
    monkeypatch.setattr(module, "clients_behind", lambda pid: (desktop,) if pid == 10 else ())
    connection: Any = Connection(11)
    assert clients.connect(connection).session.caller.pid == 10
    assert clients.clients.processes == (desktop,)
    assert not clients.clients.has_untraced
    clients.clients._closed(connection)
    assert clients.clients.processes == ()


async def test_a_client_whose_processes_are_not_known_is_untraced(
    clients: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    def find(pid: int) -> Process:
        raise CannotTell("no")

    monkeypatch.setattr(module, "find_process", find)
    assert not clients.clients.has_untraced
    assert clients.connect(Connection(11)).session.caller.pid is None
    assert clients.clients.has_untraced


async def test_a_conversation_that_has_ended_is_forgotten(clients: Clients) -> None:
    one = clients.connect()
    await one.stop()
    assert clients.clients.find(one.session.caller.session) is None
    assert (len(clients.clients), clients.changes) == (0, 2)


async def test_stopping_ends_every_conversation(clients: Clients) -> None:
    both = [clients.connect(), clients.connect()]
    await clients.clients.stop()
    assert [one.was_stopped for one in both] == [True, True]


class AllConnection(Connection):
    """A shim's connection that hears what it is opened with."""

    opened: Any = None
    closed = False

    def open(self, session: Any, owner: Any) -> None:
        self.opened = owner

    def send(self, number: int | None, message: bytes) -> None:
        """Hear nothing."""

    batch = pause_client = send

    def close(self) -> None:
        self.closed = True


def connect_all(clients: Clients, monkeypatch: pytest.MonkeyPatch, **greeting: Any) -> AllConnection:
    monkeypatch.setattr(module.LocalMany, "start", lambda many: many._connection.open(many.many, many))
    connection: Any = AllConnection()
    clients.clients.connect(connection, {"all": True, **greeting})
    return connection


async def test_a_shim_may_have_all_servers(clients: Clients, monkeypatch: pytest.MonkeyPatch) -> None:
    connection = connect_all(clients, monkeypatch, client="Claude Desktop")
    many = connection.opened.many
    assert (list(many.behind), many.caller.client, many.caller.grant) == (
        ["files", "web"],
        "Claude Desktop",
        LOCAL_GRANT,
    )
    assert (len(clients.clients), clients.clients.health("web")) == (1, (1, ""))
    web = clients.clients.find(f"{many.caller.session}/web")
    assert web is not None and (web.session.caller.server, web.session.caller.grant) == ("web", LOCAL_GRANT)
    assert clients.clients.find(f"{many.caller.session}/other") is None
    await clients.clients.stop()
    assert connection.closed and len(clients.clients) == 0


async def test_a_shim_with_a_grant_has_the_grants_servers(clients: Clients, monkeypatch: pytest.MonkeyPatch) -> None:
    clients.write(clients.paths.grants, [{"name": "bob", "server": "web"}, {"name": "eve", "servers": ["gone"]}])
    many = connect_all(clients, monkeypatch, client="bob").opened.many
    assert (list(many.behind), many.behind["web"].session.caller.grant) == (["web"], "bob")
    assert "knows no servers yet" in connect_all(clients, monkeypatch, client="eve").turned_away


async def test_edits_reach_a_shim_that_has_all_servers(clients: Clients, monkeypatch: pytest.MonkeyPatch) -> None:
    all_there_are, bob = (connect_all(clients, monkeypatch, **one).opened.many for one in ({}, {"client": "bob"}))
    heard: list[tuple[Any, list[str]]] = []
    for many in (all_there_are, bob):
        monkeypatch.setattr(many, "reload", lambda servers, many=many: heard.append((many, [s.name for s in servers])))
    clients.write(clients.paths.servers, {"mcpServers": {"web": {"url": "http://h/mcp"}, "new": {"command": "x"}}})
    clients.configuration.refresh()
    clients.clients.reload()
    assert heard == [(all_there_are, ["web", "new"]), (bob, ["web"])]
    heard.clear()
    clients.write(clients.paths.grants, [{"name": "ann", "server": "files"}])  # bob's is revoked, which is not "all"
    clients.configuration.refresh()
    clients.clients.reload()
    assert heard == [(all_there_are, ["web", "new"])]
    await until(lambda: bob.caller.session not in clients.clients._many)


def edit_grants(clients: Clients, *grants: dict[str, Any]) -> None:
    clients.write(clients.paths.grants, list(grants))
    clients.configuration.refresh()
    clients.clients.reload()


async def test_a_client_whose_grant_is_gone_leaves_and_others_stay(clients: Clients) -> None:
    ann, local = clients.connect(client="ann"), clients.connect(client="somebody")
    edit_grants(clients, {"name": "bob", "server": "web"})
    assert 'The grant "ann", by which this client comes in, was revoked.' in ann.turned_out
    assert local.turned_out == ""
    assert len(clients.clients) == 1


@pytest.mark.parametrize(
    "grants",
    [
        [],
        [{"name": "ann", "server": "web"}],  # it is for another server now
        [{"name": "ann", "server": "files", "revoked": "2026-11-22T10:00:00+00:00"}],
    ],
)
async def test_who_names_a_revoked_grant_is_turned_away_and_is_no_client_without_one(
    clients: Clients, monkeypatch: pytest.MonkeyPatch, grants: list[dict[str, Any]]
) -> None:
    edit_grants(clients, *grants)
    connection: Any = Connection()
    clients.clients.connect(connection, {"server": "files", "client": "ann"})
    assert 'The grant "ann"' in connection.turned_away
    assert clients.connect(server="web", client="ann").session.caller.grant in (LOCAL_GRANT, "ann")
    if len(grants) == 0 or "revoked" in grants[0]:
        assert "was revoked" in connect_all(clients, monkeypatch, client="ann").turned_away
    edit_grants(clients, {"name": "ann", "server": "files"})
    assert clients.connect(client="ann").session.caller.grant == "ann"


async def test_a_revoked_grant_is_known_to_an_app_that_was_started_later(clients: Clients) -> None:
    revoked = {"name": "old", "server": "files", "revoked": "2026-11-22T10:00:00+00:00"}
    clients.write(clients.paths.grants, [revoked])
    connection: Any = Connection()
    clients.clients.connect(connection, {"server": "files", "client": "old"})
    assert "was revoked" in connection.turned_away


async def test_how_a_server_fares_is_told_by_the_client_that_came_last(clients: Clients) -> None:
    assert clients.clients.health("files") == (0, "")
    one, two = clients.connect(), clients.connect()
    one.session.fault = "It ended."
    assert clients.clients.health("files") == (2, "")
    two.session.fault = "It did not start."
    assert clients.clients.health("files") == (2, "It did not start.")
    await one.stop()
    await two.stop()
    assert clients.clients.health("files") == (0, "It did not start.")
    assert clients.connect() and clients.clients.health("files") == (1, "")
