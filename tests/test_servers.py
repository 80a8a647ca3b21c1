"""What servers.json may hold, and what is said about every mistake in it."""

import json
from typing import Any

import pytest

from approver.model import HttpServer, StdioServer
from approver.servers import covered, entry_of, name_mistake, parse_servers, secret_users, server_from_entry


def parse_entry(entry: Any, name: str = "web") -> Any:
    servers, mistakes = parse_servers(json.dumps({"mcpServers": {name: entry}}))
    return servers.get(name) or mistakes


def test_a_file_as_clients_have_it_is_read() -> None:
    text = """{"theme": "dark", "mcpServers": {
        "fs": {"command": "npx", "args": ["-y", "fs"], "env": {"KEY": "${keyring:k}"}, "cwd": "/x", "disabled": true},
        "bare": {"command": "server"},
        "null": {"command": "server", "args": null, "env": null, "cwd": null},
        "web": {"type": "http", "url": "https://example.com/mcp", "headers": {"Authorization": "Bearer x"}}}}"""
    servers, mistakes = parse_servers(text)
    assert mistakes == ()
    assert dict(servers) == {
        "fs": StdioServer("fs", "npx", ("-y", "fs"), {"KEY": "${keyring:k}"}, "/x"),
        "bare": StdioServer("bare", "server"),
        "null": StdioServer("null", "server"),
        "web": HttpServer("web", "https://example.com/mcp", {"Authorization": "Bearer x"}),
    }


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("{", "line 1, column 2: not valid JSON: Expecting property name enclosed in double quotes."),
        (
            '{"servers": {}}',
            'the servers stand under "servers", as in VS Code\'s file; rename it to "mcpServers".',
        ),
        (
            "[]",
            'the file must be an object with an object "mcpServers": {"mcpServers": {"NAME": {"command": "…"}}}.',
        ),
        (
            '{"mcpServers": []}',
            'the file must be an object with an object "mcpServers": {"mcpServers": {"NAME": {"command": "…"}}}.',
        ),
    ],
)
def test_a_file_of_another_shape_is_told(text: str, mistake: str) -> None:
    assert parse_servers(text) == ({}, (mistake,))


@pytest.mark.parametrize(
    ("entry", "mistakes"),
    [
        ("npx", ["must be an object with a command or a url, not 'npx'"]),
        (None, ["must be an object with a command or a url, not null"]),
        ({}, ["has neither a command nor a url"]),
        ({"comand": "npx"}, ['has neither a command nor a url (did you mean "command"?)']),
        ({"cwd": "/", "env": {}}, ["has neither a command nor a url"]),
        ({"command": "x", "url": "https://x"}, ["has both a command and a url; keep the one that is meant"]),
        ({"command": ["npx"]}, ["command must be text, not a list"]),
        ({"command": ""}, ["command must be text, not empty text"]),
        ({"command": "x", "args": "-y"}, ['args must be a list such as ["-y", "server"], not \'-y\'']),
        ({"command": "x", "args": ["a", 5]}, ["args[1] must be text, not a number; put it in quotes"]),
        ({"command": "x", "env": ["A=1"]}, ['env must be an object such as {"NAME": "value"}, not a list']),
        ({"command": "x", "env": {"A": True}}, ["env.A must be text, not true or false; put it in quotes"]),
        ({"command": "x", "env": {"A=": "1"}}, ["env has the impossible name 'A='"]),
        ({"command": "x", "cwd": {}}, ["cwd must be text, not an object"]),
        ({"url": "ftp://x"}, ["url must be an address such as https://example.com/mcp, not 'ftp://x'"]),
        ({"url": "http://x:99999/"}, ["url must be an address such as https://example.com/mcp, not 'http://x:99999/'"]),
        ({"url": 5}, ["url must be an address such as https://example.com/mcp, not a number"]),
        (
            {"command": "x", "args": {}, "env": {"A": 1, "B": None}},
            [
                'args must be a list such as ["-y", "server"], not an object',
                "env.A must be text, not a number; put it in quotes",
                "env.B must be text, not null; put it in quotes",
            ],
        ),
    ],
)
def test_every_mistake_of_an_entry_is_told(entry: Any, mistakes: list[str]) -> None:
    assert parse_entry(entry) == tuple(f'server "web": {mistake}.' for mistake in mistakes)


def test_a_mistake_in_one_entry_leaves_the_others() -> None:
    servers, mistakes = parse_servers('{"mcpServers": {"a": {"command": "x"}, "b": {}, "c/d": {"command": "x"}}}')
    assert list(servers) == ["a"]
    assert mistakes == (
        'server "b": has neither a command nor a url.',
        "server \"c/d\": a name cannot hold '/': it is a file's name too.",
    )


@pytest.mark.parametrize("name", ["fs", "my server", "web-scraper_2.0", "größe", "@x"])
def test_ordinary_names_will_do(name: str) -> None:
    assert name_mistake(name) is None


@pytest.mark.parametrize(
    "name", ["", "x" * 65, ".hidden", "-option", " x", "x ", "../x", "a\\b", "a:b", "a\nb", "a\0b"]
)
def test_names_that_files_or_commands_cannot_bear_are_refused(name: str) -> None:
    assert name_mistake(name) is not None


@pytest.mark.parametrize(
    "server",
    [
        StdioServer("x", "npx", ("-y",), {"A": "1"}, "/x"),
        StdioServer("x", "npx"),
        HttpServer("x", "https://x/mcp", {"A": "1"}),
        HttpServer("x", "https://x/mcp"),
    ],
)
def test_an_entry_reads_back_as_the_server_it_was_written_from(server: StdioServer | HttpServer) -> None:
    assert server_from_entry("x", json.loads(json.dumps(entry_of(server)))) == server


def test_who_uses_which_secret_is_known() -> None:
    known = [
        StdioServer("a", "x", env={"K": "${keyring:one} ${keyring:one}", "L": "${keyring:two}", "M": "plain"}),
        HttpServer("b", "https://x/", {"A": "Bearer ${keyring:one}"}),
    ]
    assert secret_users(known) == {"one": ["a", "b"], "two": ["a"]}


def test_what_looks_secret_is_covered_and_a_reference_is_not() -> None:
    values = {"TOKEN": "s3cret", "LEVEL": "1", "API_KEY": "${keyring:K}"}
    assert covered(values) == {**values, "TOKEN": "••• (6 characters hidden)"}
