"""Servers out of what people paste."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from approver.clients.pasted import PastedServer, entries_in, name_of_address, name_of_command, read_pasted, renamed
from approver.model import HttpServer, StdioServer

GITHUB = {"command": "npx", "args": ["-y", "@modelcontextprotocol/server-github"], "env": {"GITHUB_TOKEN": "ghp_x"}}
AS_SERVER = StdioServer("github", "npx", ("-y", "@modelcontextprotocol/server-github"), {"GITHUB_TOKEN": "ghp_x"})


def only(document: Any) -> PastedServer:
    found = read_pasted(document if isinstance(document, str) else json.dumps(document))
    assert found.mistake is None
    (one,) = found.servers
    return one


@pytest.mark.parametrize(
    "document",
    [
        {"mcpServers": {"github": GITHUB}},
        {"mcpServers": {"github": GITHUB}, "globalShortcut": "Ctrl+Space", "projects": {"/x": {}}},
        {"servers": {"github": {"type": "stdio", **GITHUB}}, "inputs": []},
        {"mcp": {"servers": {"github": GITHUB}}, "editor.fontSize": 12},
        {"context_servers": {"github": {"source": "custom", **GITHUB}}},
        {
            "context_servers": {
                "github": {"command": {"path": "npx", "args": GITHUB["args"], "env": GITHUB["env"]}, "settings": {}}
            }
        },
        {"mcp": {"github": {"type": "local", "command": ["npx", *GITHUB["args"]], "environment": GITHUB["env"]}}},
        {"github": GITHUB},
        {"$schema": "https://example.org/s.json", "github": GITHUB},
        {"name": "github", **GITHUB},
        GITHUB,
        f'"github": {json.dumps(GITHUB)},',
        f'  \n"mcpServers": {{"github": {json.dumps(GITHUB)}}}',
        f'// from the README\n{{"mcpServers": {{"github": {json.dumps(GITHUB)},}},}}',
    ],
)
def test_each_clients_shape_gives_the_same_server(document: Any) -> None:
    one = only(document)
    assert one.server == AS_SERVER
    assert one.mistakes == one.notes == ()
    assert one.is_enabled


@pytest.mark.parametrize("key", ["url", "serverUrl", "httpUrl", "uri"])
def test_an_address_stands_under_many_names(key: str) -> None:
    one = only({"mcpServers": {"linear": {key: "https://mcp.linear.app/mcp", "headers": {"X-A": "b"}}}})
    assert one.server == HttpServer("linear", "https://mcp.linear.app/mcp", {"X-A": "b"})


def test_several_servers_are_found_at_once_and_a_wrong_one_spoils_no_other() -> None:
    found = read_pasted(json.dumps({"mcpServers": {"a": {"command": "a"}, "b": {"comand": "b"}, "c": {"command": 5}}}))
    assert [(one.name, one.server is not None) for one in found.servers] == [("a", True), ("b", False), ("c", False)]
    assert found.servers[1].mistakes == ('server "b": has neither a command nor a url (did you mean "command"?).',)
    assert "command must be text" in found.servers[2].mistakes[0]


def test_a_server_that_was_switched_off_says_so() -> None:
    assert not only({"mcpServers": {"a": {"command": "a", "disabled": True}}}).is_enabled
    assert not only({"mcp": {"a": {"command": ["a"], "enabled": False}}}).is_enabled


def test_what_would_be_lost_is_said() -> None:
    entry = {"command": "a", "alwaysAllow": ["write"], "timeout": 5, "envFile": ".env", "note": ""}
    approvals, lost = only({"a": entry}).notes
    assert approvals.startswith("alwaysAllow: not taken over. What needs no question")
    assert lost.startswith("envFile, timeout: not taken over.")


def test_an_address_that_calls_itself_a_command_is_told() -> None:
    assert "The address counts" in only({"a": {"type": "stdio", "url": "https://x.org/"}}).notes[0]


@pytest.mark.parametrize(
    ("entry", "note"),
    [
        ({"command": "a", "args": ["${workspaceFolder}"]}, "args[0]: ${workspaceFolder} has to be filled in"),
        ({"command": "a", "env": {"K": "YOUR_API_KEY"}}, "K: YOUR_API_KEY has"),
        ({"command": "a", "env": {"K": "<your token>"}}, "K: <your token> has"),
        ({"command": "a", "cwd": "${env:HOME}/x"}, "cwd: ${env:HOME} has"),
        ({"url": "https://x.org/", "headers": {"A": "Bearer ${input:key}"}}, "A: ${input:key} has"),
    ],
)
def test_what_is_still_to_be_filled_in_is_said(entry: Any, note: str) -> None:
    assert only({"a": entry}).notes[0].startswith(note)


def test_a_reference_that_approver_fills_in_is_complete() -> None:
    assert only({"a": {"command": "a", "env": {"K": "${keyring:K}", "L": "${env:L}"}}}).notes == ()


def test_a_file_that_would_be_handed_over_is_told() -> None:
    (note,) = only({"a": {"url": "https://x.org/", "headers": {"A": "Bearer ${file:~/.ssh/id}"}}}).notes
    assert note == "A: Approver will read the file ~/.ssh/id and hand its content to this server."
    (note,) = only({"a": {"command": "a", "args": ["${file:/x}"]}}).notes
    assert note.startswith("args[0]: ${file:/x} has to be filled in")


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("{}", "no server stands in it"),
        ("[1]", "no server stands in it"),
        ('{"mcpServers": {}}', "The list of servers is empty"),
        ('{"a": {"command": "x"}, "b": {"colour": "red"}}', "no server stands in it"),
        ("npx -y thing", "This is no JSON"),
        ('"a": {"command": "x",\n "args": [1 2]}', "line 2, column 13: A comma is missing"),
        ('"a": {"command" "x"}', "line 1, column 17: A colon is missing"),
    ],
)
def test_a_text_without_servers_says_why(document: str, words: str) -> None:
    found = read_pasted(document)
    assert found.servers == ()
    assert words in str(found.mistake)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (["npx", "-y", "@modelcontextprotocol/server-filesystem@1.2", "/home/ana"], "filesystem"),
        (["uvx", "mcp-server-git"], "git"),
        (["uvx", "notion-mcp@2.0"], "notion"),
        (["docker", "run", "-i", "--rm", "ghcr.io/github/github-mcp-server"], "github-mcp-server"),
        (["C:\\tools\\Sea Shell.exe"], "Sea Shell"),
        (["python3", "/opt/weather.py"], "weather"),
        (["npx", "-y"], "npx"),
        (["/*?"], "server"),
        ([], ""),
    ],
)
def test_a_command_suggests_a_name(words: list[str], name: str) -> None:
    assert name_of_command(words) == name


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://mcp.linear.app/sse", "linear"),
        ("http://127.0.0.1:8931/mcp", "local"),
        ("http://[", ""),
        ("x", "server"),
    ],
)
def test_an_address_suggests_a_name(url: str, name: str) -> None:
    assert name_of_address(url) == name


def test_a_server_can_be_given_another_name() -> None:
    one = only(GITHUB)
    assert renamed(one, "work").server == StdioServer("work", "npx", AS_SERVER.args, AS_SERVER.env)
    assert "cannot hold" in renamed(one, "a/b").mistakes[0]
    wrong = read_pasted('{"mcpServers": {"a/b": {"command": "x"}}}').servers[0]
    assert wrong.server is None
    assert renamed(wrong, "c").name == "c"


@given(
    st.recursive(
        st.none() | st.text(max_size=5) | st.integers(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | (
                st.dictionaries(
                    st.sampled_from(["mcpServers", "servers", "mcp", "command", "url", "args", "env", "a"]), inner
                )
            )
        ),
        max_leaves=12,
    )
)
@settings(max_examples=50)
def test_no_document_is_too_odd(document: Any) -> None:
    found = read_pasted(json.dumps(document))
    assert (found.mistake is None) == bool(entries_in(document)) == bool(found.servers)
    assert all((one.server is None) == bool(one.mistakes) for one in found.servers)
