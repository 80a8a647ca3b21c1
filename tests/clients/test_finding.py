"""What is found in clients' files, and that looking changes nothing."""

from pathlib import Path
from typing import Any

import pytest
from client_files import CODEX_TEXT, CURSOR_TEXT, around, entries, found, write

from approver.clients.finding import find_files, is_ours, look
from approver.clients.known import CLAUDE_CODE, CODEX, VS_CODE, ClientFile
from approver.model import HttpServer, StdioServer


def test_files_that_are_there_are_found_and_left_alone(tmp_path: Path) -> None:
    cursor = write(tmp_path / ".cursor/mcp.json", CURSOR_TEXT)
    write(tmp_path / ".codex/config.toml", CODEX_TEXT)
    files = find_files(around(tmp_path))
    assert [file.file.client.name for file in files] == ["Cursor", "Codex"]
    assert [[entry.name for entry in file.takeable] for file in files] == [["files", "remote"], ["files"]]
    assert cursor.read_text(encoding="utf-8") == CURSOR_TEXT and list(cursor.parent.iterdir()) == [cursor]


def test_entries_are_the_servers_that_approver_would_make_of_them() -> None:
    files, remote = found(CURSOR_TEXT).entries
    assert files.imported is not None and remote.imported is not None
    assert files.imported.server == StdioServer(
        "files", "npx", ("-y", "server-filesystem", "/home/ana"), {"API_KEY": "sk-1234567890abcdef"}
    )
    assert remote.imported.server == HttpServer("remote", "https://example.com/mcp", {"X-Team": "a"})
    assert found(CODEX_TEXT, "config.toml", CODEX).entries[0].imported == files.imported


def test_claude_code_has_servers_for_each_project_too() -> None:
    text = (
        '{"mcpServers": {"a": {"command": "x"}}, "projects": {"/p": {"mcpServers": {"b": {"command": "y"}}}, "q": 1}}'
    )
    file = found(text, ".claude.json", CLAUDE_CODE)
    assert [entry.path for entry in file.entries] == [("mcpServers", "a"), ("projects", "/p", "mcpServers", "b")]
    inner = file.entries[1].imported
    assert inner is not None and inner.server == StdioServer("b", "y", cwd="/p")


def test_vs_code_keeps_them_elsewhere() -> None:
    assert [
        one.name for one in found('{"servers": {"a": {"type": "stdio", "command": "x"}}}', client=VS_CODE).takeable
    ] == ["a"]
    assert found('{"mcpServers": {"a": {"command": "x"}}}', client=VS_CODE).entries == ()


@pytest.mark.parametrize(
    ("entry", "ours"),
    [
        ({"command": "/opt/approver", "args": ["connect", "x"]}, True),
        ({"command": "C:\\x\\approver.exe", "args": ["connect", "x"]}, True),
        ({"command": "/usr/bin/python3", "args": ["-m", "approver", "connect", "x"]}, True),
        ({"command": "/opt/approver", "args": ["serve"]}, False),
        ({"command": "npx", "args": ["connect"]}, False),
        ({"url": "https://x"}, False),
        ("text", False),
    ],
)
def test_entries_that_lead_to_approver_are_known(entry: Any, ours: bool) -> None:
    assert is_ours(entry) is ours
    (one,) = found(entries(a=entry)).entries
    assert one.is_ours is ours


def test_what_cannot_be_taken_says_why() -> None:
    (one,) = found(entries(a={"command": "x", "envFile": ".env"})).entries
    assert one.imported is None and "envFile" in one.reason
    assert found(entries(a={"command": "x", "envFile": ".env"})).takeable == ()


def test_a_file_that_does_not_load_is_told_of(tmp_path: Path) -> None:
    path = write(tmp_path / "mcp.json", '{"mcpServers": {')
    file = look(ClientFile(CODEX, path), around(tmp_path))
    assert file is not None and file.entries == () and "does not load" in file.mistake
    path.write_bytes(b"{\n\xff}")
    file = look(ClientFile(CODEX, path), around(tmp_path))
    assert file is not None and "line 2: it is no UTF-8" in file.mistake


def test_a_file_that_cannot_be_read_is_told_of_and_one_that_is_gone_is_not(tmp_path: Path) -> None:
    (tmp_path / "mcp.json").mkdir()
    file = look(ClientFile(CODEX, tmp_path / "mcp.json"), around(tmp_path))
    assert file is not None and "cannot be read" in file.mistake
    assert look(ClientFile(CODEX, tmp_path / "gone.json"), around(tmp_path)) is None
