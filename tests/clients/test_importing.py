"""Entries of clients' files as servers of Approver's."""

from pathlib import Path
from typing import Any

import pytest

from approver.clients.importing import Around, NotTaken, Secret, imported, possible_name, with_secrets_moved
from approver.model import HttpServer, StdioServer

AROUND = Around(Path("/home/ana"), {"TOKEN": "t-1", "BASE": "https://x"}, Path("/srv/site"))
ALONE = Around(Path("/home/ana"))


def test_a_command_is_taken_with_all_that_it_has() -> None:
    found = imported("files", {"command": "npx", "args": ["a"], "env": {"N": 1, "B": True, "X": None}}, ALONE)
    assert found.server == StdioServer("files", "npx", ("a",), {"N": "1", "B": "true"})
    assert found.secrets == () and found.movable == () and found.notes == ()


@pytest.mark.parametrize("key", ["url", "serverUrl", "httpUrl"])
def test_an_address_is_taken_whatever_its_client_calls_it(key: str) -> None:
    assert imported("web", {key: "https://x/mcp"}, ALONE).server == HttpServer("web", "https://x/mcp")


def test_a_projects_server_starts_in_the_project() -> None:
    server = imported("x", {"command": "node", "args": ["${workspaceFolder}/a.js", "${userHome}"]}, AROUND).server
    assert server == StdioServer("x", "node", ("/srv/site/a.js", "/home/ana"), {}, "/srv/site")


def test_what_the_environment_has_becomes_a_secret_and_its_own_variable_is_left_to_it() -> None:
    env = {"TOKEN": "${env:TOKEN}", "KEY": "${env:TOKEN}", "OTHER": "a-${NOWHERE:-b}", "ASKED": "${input:api}"}
    found = imported("s", {"command": "c", "env": env}, AROUND)
    assert isinstance(found.server, StdioServer)
    assert found.server.env == {
        "KEY": "${keyring:s-TOKEN}",
        "OTHER": "a-${keyring:s-NOWHERE}",
        "ASKED": "${keyring:s-api}",
    }
    assert found.secrets == (
        Secret("s-TOKEN", "KEY", "t-1"),
        Secret("s-NOWHERE", "OTHER", "b"),
        Secret("s-api", "ASKED", None),
    )


def test_bare_variables_are_those_of_one_client_only() -> None:
    entry = {"command": "c", "env": {"A": "$TOKEN", "TOKEN": "$TOKEN"}}
    plain = imported("s", entry, AROUND).server
    filled = imported("s", entry, AROUND, bare_variables=True).server
    assert isinstance(plain, StdioServer) and isinstance(filled, StdioServer)
    assert plain.env == {"A": "$TOKEN", "TOKEN": "$TOKEN"}
    assert filled.env == {"A": "${keyring:s-TOKEN}"}


def test_a_reference_to_the_keyring_stays() -> None:
    server = imported("s", {"command": "c", "env": {"A": "${keyring:mine}"}}, AROUND).server
    assert isinstance(server, StdioServer) and server.env == {"A": "${keyring:mine}"}


def test_codex_names_variables_for_headers() -> None:
    entry = {
        "url": "https://x/mcp",
        "bearer_token_env_var": "TOKEN",
        "http_headers": {"A": "b"},
        "env_http_headers": {"X-Key": "GONE"},
        "env_vars": ["PATH"],
    }
    found = imported("web", entry, AROUND)
    headers = {"A": "b", "X-Key": "${keyring:web-GONE}", "Authorization": "Bearer ${keyring:web-TOKEN}"}
    assert found.server == HttpServer("web", "https://x/mcp", headers)
    assert {secret.name: secret.value for secret in found.secrets} == {"web-GONE": None, "web-TOKEN": "t-1"}


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        ("text", "no object"),
        ({"type": "stdio"}, "command"),
        ({"command": "c", "envFile": ".env"}, "envFile"),
        ({"command": "${input:program}"}, r"\$\{input:program\}"),
        ({"url": "${BASE_THAT_IS_NOWHERE}/mcp"}, "must be an address|only its client"),
        ({"command": "c", "args": ["${env:GONE}"]}, r"\$\{env:GONE\}"),
    ],
)
def test_what_approver_cannot_do_is_not_taken_and_says_why(entry: Any, sentence: str) -> None:
    with pytest.raises(NotTaken, match=sentence):
        imported("s", entry, ALONE)


def test_what_looks_secret_can_be_moved_into_the_keyring() -> None:
    found = imported("s", {"command": "c", "env": {"API_KEY": "hunter2hunter2", "MODE": "fast"}}, ALONE)
    assert found.movable == ("API_KEY",)
    moved = with_secrets_moved(found, frozenset(["API_KEY", "MODE"]))
    assert isinstance(moved.server, StdioServer)
    assert moved.server.env == {"API_KEY": "${keyring:s-API_KEY}", "MODE": "fast"}
    assert moved.secrets == (Secret("s-API_KEY", "API_KEY", "hunter2hunter2"),)
    assert moved.movable == ()
    web = imported("w", {"url": "https://x/mcp", "headers": {"Authorization": "Bearer abcdefgh12345"}}, ALONE)
    kept = with_secrets_moved(web, frozenset(["Authorization"])).server
    assert isinstance(kept, HttpServer) and kept.headers == {"Authorization": "${keyring:w-Authorization}"}


def test_an_impossible_name_becomes_the_nearest_possible_one() -> None:
    assert possible_name("files") == "files"
    assert possible_name("@team/files: all") == "@team-files- all"
    assert possible_name("///") == "server"
    found = imported("a/b", {"command": "c"}, ALONE)
    assert found.server.name == "a-b" and 'called "a-b" here' in found.notes[0]
