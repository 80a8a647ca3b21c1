"""Values that go from servers.json into the keyring."""

import json
from pathlib import Path

import pytest
from memory_secrets import MemorySecrets

from approver.configuration_edits import EditRefused, add_server, read_servers
from approver.desktop.paths import Paths
from approver.keyring_moves import move_to_keyring, values_of
from approver.model import HttpServer, StdioServer
from approver.secrets import SecretUnavailable


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    paths = Paths.under(tmp_path)
    paths.create()
    add_server(paths, StdioServer("git", "x", env={"TOKEN": "s3cret", "LEVEL": "1", "OLD": "${keyring:OLD}"}))
    add_server(paths, HttpServer("web", "https://x.org/", {"Authorization": "Bearer abc", "X-Key": "k"}))
    return paths


def test_a_variable_is_kept_and_a_reference_takes_its_place(paths: Paths) -> None:
    store = MemorySecrets()
    assert move_to_keyring(paths, "git", "TOKEN", store) == "TOKEN"
    assert store.kept == {"TOKEN": "s3cret"}
    assert values_of(read_servers(paths)["git"]) == {
        "TOKEN": "${keyring:TOKEN}",
        "LEVEL": "1",
        "OLD": "${keyring:OLD}",
    }
    assert store.fill("git", {"TOKEN": "${keyring:TOKEN}"}) == {"TOKEN": "s3cret"}


def test_the_scheme_of_a_header_stays_to_be_seen(paths: Paths) -> None:
    store = MemorySecrets()
    move_to_keyring(paths, "web", "Authorization", store)
    assert store.kept == {"Authorization": "abc"}
    assert values_of(read_servers(paths)["web"])["Authorization"] == "Bearer ${keyring:Authorization}"


def test_another_value_of_that_name_is_not_overwritten(paths: Paths) -> None:
    store = MemorySecrets(TOKEN="other", **{"git-TOKEN": "another"})
    assert move_to_keyring(paths, "git", "TOKEN", store) == "git-TOKEN-2"
    assert store.kept["TOKEN"] == "other"


def test_the_same_value_is_kept_once(paths: Paths) -> None:
    store = MemorySecrets(TOKEN="s3cret")
    assert move_to_keyring(paths, "git", "TOKEN", store) == "TOKEN"


@pytest.mark.parametrize(("server", "variable"), [("gone", "TOKEN"), ("git", "GONE"), ("git", "OLD")])
def test_what_is_not_there_is_not_moved(paths: Paths, server: str, variable: str) -> None:
    with pytest.raises(EditRefused):
        move_to_keyring(paths, server, variable, MemorySecrets())


def test_without_a_keyring_the_file_stays_as_it_is(paths: Paths) -> None:
    before, store = paths.servers.read_text(encoding="utf-8"), MemorySecrets()
    store.fault = "There is no keyring."
    with pytest.raises(SecretUnavailable):
        move_to_keyring(paths, "git", "TOKEN", store)
    assert paths.servers.read_text(encoding="utf-8") == before


def test_a_keyring_that_gives_back_another_value_is_not_trusted(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    store = MemorySecrets()
    monkeypatch.setattr(store, "get", lambda name: "else")
    with pytest.raises(SecretUnavailable, match="another value"):
        move_to_keyring(paths, "git", "TOKEN", store)
    assert json.loads(paths.servers.read_text(encoding="utf-8"))["mcpServers"]["git"]["env"]["TOKEN"] == "s3cret"


def test_a_keyring_without_a_free_name_says_so(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    store = MemorySecrets(TOKEN="1", **{"git-TOKEN": "1"}, **{f"git-TOKEN-{number}": "1" for number in range(2, 100)})
    with pytest.raises(SecretUnavailable, match="No name is free"):
        move_to_keyring(paths, "git", "TOKEN", store)
