"""The plan: names without clashes, and each file's new text."""

import json
from pathlib import Path

import pytest
from client_files import CODEX_TEXT, CURSOR_TEXT, WAY, choices, entries, found

from approver.clients.finding import FoundFile
from approver.clients.importing import Secret
from approver.clients.json_text import NotReadable
from approver.clients.known import CLAUDE_DESKTOP, CODEX, CURSOR, GEMINI_CLI, ClientFile
from approver.clients.lenient_json import read_lenient
from approver.clients.planning import Led, Way, key_of, led_through, plan
from approver.model import StdioServer

A, B = {"command": "a"}, {"command": "b"}


def desktop(text: str) -> FoundFile:
    return found(text, "claude_desktop_config.json", CLAUDE_DESKTOP)


def test_each_entry_leads_to_its_server_and_all_else_stays() -> None:
    planned = plan(choices(found(CURSOR_TEXT)), {}, WAY, {})
    assert [server.name for server in planned.servers] == ["files", "remote"]
    assert planned.files[0].after.decode() == (
        '{\n  // mine\n  "mcpServers": {\n    "files": {\n'
        '      "command": "/opt/approver", // the launcher\n'
        '      "args": ["connect", "files", "--client", "Cursor"]\n'
        "    },\n"
        '    "remote": { "command": "/opt/approver", "args": ["connect", "remote", "--client", "Cursor"] },\n'
        '  },\n  "theme": "dark"\n}\n'
    )
    assert '-      "command": "npx", // the launcher\n' in planned.files[0].diff
    assert '+      "command": "/opt/approver", // the launcher\n' in planned.files[0].diff


def test_the_same_server_in_two_clients_is_one_server() -> None:
    planned = plan(choices(found(CURSOR_TEXT), found(CODEX_TEXT, "config.toml", CODEX)), {}, WAY, {})
    assert [server.name for server in planned.servers] == ["files", "remote"]
    assert [[led.server for led in file.led] for file in planned.files] == [["files", "remote"], ["files"]]


def test_another_server_of_the_same_name_gets_a_suffix() -> None:
    planned = plan(choices(found(entries(x=A)), desktop(entries(x=B))), {"x": StdioServer("x", "c")}, WAY, {})
    assert planned.servers == (StdioServer("x-cursor", "a"), StdioServer("x-claude-desktop", "b"))
    taken = {"x": StdioServer("x", "c"), "x-cursor": StdioServer("x-cursor", "d")}
    assert [one.name for one in plan(choices(found(entries(x=A))), taken, WAY, {}).servers] == ["x-cursor-2"]


def test_the_same_server_under_a_suffix_is_still_one_server() -> None:
    gemini = found(entries(x=A), "settings.json", GEMINI_CLI)
    planned = plan(choices(found(entries(x=A)), gemini), {"x": StdioServer("x", "c")}, WAY, {})
    assert [one.name for one in planned.servers] == ["x-cursor"]


def test_a_server_that_is_there_already_is_used() -> None:
    planned = plan(choices(found(entries(x=A))), {"x": StdioServer("x", "a")}, WAY, {})
    assert planned.servers == () and planned.files[0].led == (Led(("mcpServers", "x"), "x"),)


def test_values_are_moved_into_the_keyring_under_the_name_that_the_server_gets() -> None:
    (choice, _) = choices(found(CURSOR_TEXT))
    taken = {"files": StdioServer("files", "other")}
    planned = plan([choice], taken, WAY, {key_of(choice): frozenset(["API_KEY"])})
    assert planned.secrets == (Secret("files-cursor-API_KEY", "API_KEY", "sk-1234567890abcdef"),)
    (server,) = planned.servers
    assert isinstance(server, StdioServer) and server.env == {"API_KEY": "${keyring:files-cursor-API_KEY}"}


def test_secrets_follow_the_servers_name() -> None:
    file = found(entries(x={"command": "c", "env": {"K": "${input:key}"}}))
    planned = plan(choices(file), {"x": StdioServer("x", "other")}, WAY, {})
    (server,) = planned.servers
    assert isinstance(server, StdioServer) and server.env == {"K": "${keyring:x-cursor-key}"}
    assert planned.secrets == (Secret("x-cursor-key", "K"),)


def test_only_what_was_chosen_changes() -> None:
    file = found(entries(a=A, b=B))
    planned = plan(choices(file)[1:], {}, WAY, {})
    after = json.loads(planned.files[0].after)
    assert after["mcpServers"]["a"] == A
    assert after["mcpServers"]["b"]["args"] == ["connect", "b", "--client", "Cursor"]


def test_an_address_gives_way_and_its_type_is_said_anew() -> None:
    file = found(entries(w={"type": "http", "url": "https://x/mcp", "headers": {"A": "b"}, "disabled": True}))
    way = Way(("/usr/bin/python3", "-m", "approver"), {"APPROVER_HOME": "/h"})
    after = read_lenient(plan(choices(file), {}, way, {}).files[0].after.decode())["mcpServers"]["w"]
    assert after == {
        "type": "stdio",
        "disabled": True,
        "command": "/usr/bin/python3",
        "args": ["-m", "approver", "connect", "w", "--client", "Cursor"],
        "env": {"APPROVER_HOME": "/h"},
    }


def test_an_entry_that_cannot_be_taken_is_never_planned() -> None:
    file = found(entries(a={"command": "x", "envFile": ".env"}))
    with pytest.raises(ValueError, match="envFile"):
        plan([(file, file.entries[0])], {}, WAY, {})


def test_a_text_that_cannot_be_changed_safely_is_refused() -> None:
    text = b'{"mcpServers": {"a": "text"}}'
    with pytest.raises((NotReadable, TypeError)):
        led_through(ClientFile(CURSOR, Path("/x.json")), text, [Led(("mcpServers", "a"), "a")], WAY)
