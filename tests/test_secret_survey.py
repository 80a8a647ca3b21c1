"""Where the servers' secrets are, as people are told of it."""

from pathlib import Path

import pytest
from memory_secrets import MemorySecrets

from approver.configuration_edits import add_server
from approver.desktop.paths import Paths
from approver.model import HttpServer, StdioServer
from approver.secret_survey import Kept, SecretRow, survey
from approver.secrets import KeyringState, StoreState


class Locked(MemorySecrets):
    """A keyring that is locked until it is asked for something."""

    def __init__(self, **kept: str) -> None:
        super().__init__(**kept)
        self.is_locked = True

    def state(self) -> StoreState:
        return StoreState(KeyringState.LOCKED, "Memory", "Locked.") if self.is_locked else super().state()

    def names(self) -> tuple[str, ...]:
        self.is_locked = False
        return super().names()


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    paths = Paths.under(tmp_path)
    paths.create()
    add_server(paths, StdioServer("a", "x", env={"K": "${keyring:one}", "L": "${keyring:two}${keyring:two}"}))
    add_server(paths, HttpServer("b", "https://x.org/", {"K": "${keyring:one}", "F": "${file:/gone}"}))
    add_server(paths, StdioServer("c", "x", env={"K": "${env:APPROVER_TEST_KEY}"}))
    return paths


def test_each_secret_has_its_users_and_its_state(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APPROVER_TEST_KEY", "x")
    found = survey(paths, MemorySecrets(one="1", spare="2"))
    assert found.store.state is KeyringState.STORED
    assert found.rows == (
        SecretRow("keyring", "one", ("a", "b"), Kept.KEPT),
        SecretRow("keyring", "spare", (), Kept.KEPT),
        SecretRow("keyring", "two", ("a",), Kept.MISSING),
        SecretRow("env", "APPROVER_TEST_KEY", ("c",), Kept.KEPT),
        SecretRow("file", "/gone", ("b",), Kept.BROKEN, "The file /gone cannot be read: No such file or directory."),
    )


def test_a_locked_keyring_is_asked_for_nothing_until_the_person_says_so(paths: Paths) -> None:
    store = Locked(one="1")
    found = survey(paths, store)
    assert store.is_locked
    assert [row.kept for row in found.rows[:2]] == [Kept.UNKNOWN, Kept.UNKNOWN]
    found = survey(paths, store, asks=True)
    assert found.store.state is KeyringState.STORED
    assert [row.kept for row in found.rows[:2]] == [Kept.KEPT, Kept.MISSING]


def test_without_a_keyring_nothing_is_known_of_it(paths: Paths) -> None:
    store = MemorySecrets()
    store.fault = "There is no keyring."
    found = survey(paths, store, asks=True)
    assert found.store.state is KeyringState.NOT_AVAILABLE
    assert {row.kept for row in found.rows if row.place == "keyring"} == {Kept.UNKNOWN}
