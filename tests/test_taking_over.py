"""A plan is carried out in an order in which nothing can be half done."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from client_files import CURSOR_TEXT, WAY, around, choices, entries, write

from approver.clients.connections import read_connections
from approver.clients.finding import FoundFile
from approver.clients.importing import Secret
from approver.clients.json_text import NotReadable
from approver.clients.planning import Plan, key_of, plan
from approver.configuration_edits import STARTER, EditRefused, add_server, read_servers
from approver.desktop.paths import Paths
from approver.model import StdioServer
from approver.secrets import SecretStore, SecretUnavailable
from approver.taking_over import (
    carry_out,
    found_files,
    undoing_of,
    undone,
    wanted_files,
    way_of,
)

TODAY = date(2026, 11, 22)


class FakeStore(SecretStore):
    """A keyring in a dictionary."""

    def __init__(self, *, is_there: bool = True) -> None:
        self.kept: dict[str, str] = {}
        self.is_there = is_there

    def put(self, name: str, value: str) -> None:
        if not self.is_there:
            raise SecretUnavailable("There is no keyring.")
        self.kept[name] = value

    def fill(self, server: str, values: Mapping[str, str]) -> dict[str, str]:
        if not self.is_there:
            raise SecretUnavailable("there is no keyring.")
        return {key: self.kept.get(value[10:-1], value) for key, value in values.items()}


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths.under(tmp_path / "approver")


@pytest.fixture
def cursor(tmp_path: Path) -> Path:
    return write(tmp_path / ".cursor/mcp.json", CURSOR_TEXT)


def files(home: Path) -> tuple[FoundFile, ...]:
    return found_files(around(home), None)


def planned(home: Path, *, moved: bool = False) -> Plan:
    chosen = choices(*files(home))
    moves = {key_of(one): frozenset(["API_KEY"]) for one in chosen} if moved else {}
    return plan(chosen, {}, WAY, moves)


def test_servers_policies_secrets_and_files_are_all_written(tmp_path: Path, paths: Paths, cursor: Path) -> None:
    store = FakeStore()
    (outcome,) = carry_out(paths, planned(tmp_path, moved=True), {"files": STARTER}, WAY, store, TODAY)
    assert outcome.connection is not None and outcome.fault == ""
    assert set(read_servers(paths)) == {"files", "remote"}
    assert json.loads((paths.policies / "files.json").read_text(encoding="utf-8")) == STARTER
    assert store.kept == {"files-API_KEY": "sk-1234567890abcdef"}
    assert "sk-1234567890abcdef" not in paths.servers.read_text(encoding="utf-8")
    assert read_connections(paths) == (outcome.connection,)
    assert all(entry.is_ours for entry in files(tmp_path)[0].entries)


def test_without_a_keyring_nothing_is_touched(tmp_path: Path, paths: Paths, cursor: Path) -> None:
    with pytest.raises(SecretUnavailable):
        carry_out(paths, planned(tmp_path, moved=True), {}, WAY, FakeStore(is_there=False), TODAY)
    assert cursor.read_text(encoding="utf-8") == CURSOR_TEXT and not paths.servers.exists()


def test_a_secret_that_nobody_knows_is_not_kept(paths: Paths) -> None:
    store = FakeStore()
    carry_out(paths, Plan(secrets=(Secret("a", "A"), Secret("b", "B", "v"))), {}, WAY, store, TODAY)
    assert store.kept == {"b": "v"}


def test_a_server_of_another_kind_under_the_name_stops_it_all(tmp_path: Path, paths: Paths, cursor: Path) -> None:
    work = planned(tmp_path)
    paths.create()
    add_server(paths, StdioServer("files", "other"))
    with pytest.raises(EditRefused, match='There is a server "files" already'):
        carry_out(paths, work, {}, WAY, FakeStore(), TODAY)
    assert cursor.read_text(encoding="utf-8") == CURSOR_TEXT


def test_rules_that_are_there_stay(tmp_path: Path, paths: Paths, cursor: Path) -> None:
    write(paths.policies / "files.json", "mine")
    carry_out(paths, planned(tmp_path), {"files": STARTER}, WAY, FakeStore(), TODAY)
    assert (paths.policies / "files.json").read_text(encoding="utf-8") == "mine"


def test_a_file_that_fails_is_told_of_and_the_others_go_on_and_once_more_mends_it(
    tmp_path: Path, paths: Paths, cursor: Path
) -> None:
    write(tmp_path / ".gemini/settings.json", entries(other={"command": "x"}))
    work = planned(tmp_path)
    cursor.write_text(CURSOR_TEXT + "\n", encoding="utf-8")
    failed, done = carry_out(paths, work, {}, WAY, FakeStore(), TODAY)
    assert failed.connection is None and "somebody else changed it" in failed.fault
    assert done.connection is not None
    (mended,) = carry_out(paths, planned(tmp_path), {}, WAY, FakeStore(), TODAY)
    assert mended.connection is not None


def test_what_was_done_can_be_undone(tmp_path: Path, paths: Paths, cursor: Path) -> None:
    carry_out(paths, planned(tmp_path), {}, WAY, FakeStore(), TODAY)
    (connection,) = read_connections(paths)
    undone(paths, connection, undoing_of(paths, connection, FakeStore()))
    assert cursor.read_text(encoding="utf-8") == CURSOR_TEXT and read_connections(paths) == ()


def test_without_the_backup_secrets_come_from_the_keyring(tmp_path: Path, paths: Paths, cursor: Path) -> None:
    store = FakeStore()
    carry_out(paths, planned(tmp_path, moved=True), {}, WAY, store, TODAY)
    (connection,) = read_connections(paths)
    connection.backup.unlink()
    assert b"sk-1234567890abcdef" in undoing_of(paths, connection, store).after
    with pytest.raises(EditRefused, match="its backup is gone"):
        undoing_of(paths, connection, FakeStore(is_there=False))
    paths.servers.write_text('{"mcpServers": {}}', encoding="utf-8")
    assert len(undoing_of(paths, connection, store).notes) == 2


def test_undoing_a_file_that_does_not_load_is_refused(tmp_path: Path, paths: Paths, cursor: Path) -> None:
    carry_out(paths, planned(tmp_path), {}, WAY, FakeStore(), TODAY)
    cursor.write_text("{", encoding="utf-8")
    with pytest.raises(NotReadable, match="left alone"):
        undoing_of(paths, read_connections(paths)[0], FakeStore())


def test_words_mean_clients_or_files(tmp_path: Path, cursor: Path) -> None:
    write(tmp_path / "site/.cursor/mcp.json", "{}")
    mine = wanted_files(["cursor", str(cursor)], around(tmp_path), None)
    assert [file.path for file in mine] == [cursor]
    assert len(wanted_files(["Cursor"], around(tmp_path), tmp_path / "site")) == 2
    assert len(found_files(around(tmp_path), tmp_path / "site")) == 2
    with pytest.raises(EditRefused, match="Zed has no file here"):
        wanted_files(["zed"], around(tmp_path), None)
    with pytest.raises(EditRefused, match='no client "nobody"'):
        wanted_files(["nobody"], around(tmp_path), None)


def test_clients_start_this_approver(tmp_path: Path) -> None:
    way = way_of({"APPROVER_HOME": str(tmp_path)})
    assert Path(way.command[0]).is_absolute() and way.environment == {"APPROVER_HOME": str(tmp_path)}
