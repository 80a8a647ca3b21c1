"""What was changed is remembered, and nothing of what stood there."""

import stat
from datetime import date
from pathlib import Path

import pytest
from client_files import CURSOR_TEXT, WAY, around, choices, write

from approver.clients.applying import ChangeRefused
from approver.clients.connections import Connection, connect, connections_file, forget, read_connections
from approver.clients.finding import find_files
from approver.clients.planning import plan
from approver.desktop.paths import Paths


def connected(home: Path, paths: Paths) -> Connection:
    write(home / ".cursor/mcp.json", CURSOR_TEXT)
    (planned,) = plan(choices(*find_files(around(home))), {}, WAY, {}).files
    return connect(paths, planned, WAY, date(2026, 11, 22))


def test_a_change_is_remembered_until_it_is_forgotten(tmp_path: Path) -> None:
    paths = Paths.under(tmp_path / "approver")
    assert read_connections(paths) == ()
    made = connected(tmp_path, paths)
    assert read_connections(paths) == (made,)
    assert (made.backup.read_text(encoding="utf-8"), made.day) == (CURSOR_TEXT, "2026-11-22")
    forget(paths, [made])
    assert read_connections(paths) == ()


def test_no_secret_of_the_file_is_in_it(tmp_path: Path) -> None:
    paths = Paths.under(tmp_path / "approver")
    connected(tmp_path, paths)
    file = connections_file(paths)
    assert "sk-1234567890abcdef" not in file.read_text(encoding="utf-8")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("text", ["[", "[1]", '[{"file": "/x"}]', "null"])
def test_where_it_cannot_be_read_nothing_is_changed(tmp_path: Path, text: str) -> None:
    paths = Paths.under(tmp_path / "approver")
    write(connections_file(paths), text)
    with pytest.raises(ChangeRefused, match="The backups are beside those files"):
        connected(tmp_path, paths)
    assert (tmp_path / ".cursor/mcp.json").read_text(encoding="utf-8") == CURSOR_TEXT
