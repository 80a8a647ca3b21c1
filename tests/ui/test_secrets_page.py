"""The page with the secrets."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from memory_secrets import MemorySecrets
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from approver.configuration_edits import add_server
from approver.desktop.paths import Paths
from approver.model import StdioServer
from approver.secret_survey import Kept
from approver.secrets import KeyringState, StoreState
from approver.ui.secrets_page import SecretsPage


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    paths = Paths.under(tmp_path)
    paths.create()
    env = {"K": "${keyring:one}", "L": "${keyring:two}", "F": "${file:gone}"}
    add_server(paths, StdioServer("web", "x", env=env))
    return paths


@pytest.fixture
def store() -> MemorySecrets:
    return MemorySecrets(one="s3cret")


@pytest.fixture
def page(qtbot: QtBot, paths: Paths, store: MemorySecrets) -> Iterator[SecretsPage]:
    page = SecretsPage(paths, store)
    qtbot.addWidget(page)
    page.resize(900, 600)
    with qtbot.waitExposed(page):
        page.show()
    wait(qtbot, page)
    yield page
    page.hide()


def wait(qtbot: QtBot, page: SecretsPage) -> None:
    qtbot.waitUntil(lambda: page._survey is not None and not page._work.is_working)


def kept(page: SecretsPage) -> dict[str, Kept]:
    return {row.name: row.kept for row in page.model.rows}


def select(page: SecretsPage, name: str) -> None:
    page.table.selectRow([row.name for row in page.model.rows].index(name))


def test_what_is_kept_and_what_is_missing_is_shown_and_no_value(page: SecretsPage) -> None:
    assert kept(page) == {"one": Kept.KEPT, "two": Kept.MISSING, "gone": Kept.BROKEN}
    assert page._state.text() == "Secrets are kept in Memory."
    select(page, "gone")
    assert "by its whole path" in page._why.text()
    assert not page._replace.isEnabled()
    page.replace()
    page.delete()
    assert (page.dialog, page.question) == (None, None)
    assert not any("s3cret" in label.text() for label in page.findChildren(QLabel))


def test_a_missing_value_is_given(qtbot: QtBot, page: SecretsPage, store: MemorySecrets) -> None:
    select(page, "two")
    page._replace.click()
    dialog = page.dialog
    assert dialog is not None
    assert dialog.name.text() == "two"
    page.add()
    assert page.dialog is dialog
    dialog.value.setText("new")
    dialog.finish()
    qtbot.waitUntil(lambda: page.dialog is None)
    assert store.kept["two"] == "new"
    assert kept(page)["two"] is Kept.KEPT
    assert page._words.text() == "Kept “two”. Servers name it as ${keyring:two}."


def test_what_the_keyring_refuses_is_told_in_the_dialog(qtbot: QtBot, page: SecretsPage, store: MemorySecrets) -> None:
    page._add.click()
    assert page.dialog is not None
    page.dialog.name.setText("three")
    page.dialog.value.setText("x")
    store.fault = "The keyring is gone."
    page.dialog.finish()
    qtbot.waitUntil(lambda: page.dialog is not None and page.dialog._words.text() == "The keyring is gone.")
    page.dialog.reject()


def test_deleting_asks_and_says_who_uses_it(qtbot: QtBot, page: SecretsPage, store: MemorySecrets) -> None:
    select(page, "one")
    page._delete.click()
    question = page.question
    assert question is not None
    page.delete()
    assert page.question is question
    assert "These servers use it and will not start without it: web." in question.informativeText()
    question.remove_button.click()
    qtbot.waitUntil(lambda: page._words.text() == "Deleted “one”.")
    assert store.kept == {}
    assert kept(page)["one"] is Kept.MISSING


def test_without_a_keyring_the_other_ways_are_told(qtbot: QtBot, page: SecretsPage, store: MemorySecrets) -> None:
    assert not page._others.isVisible()
    store.fault = "There is no keyring."
    page._again.click()
    wait(qtbot, page)
    assert page._state.text() == "There is no keyring."
    assert page._others.isVisible()
    said = " ".join(label.text() for label in page._others.findChildren(QLabel))
    assert "${env:NAME}" in said
    assert "chmod 600" in said
    page.add()
    assert page.dialog is None
    assert not page._add.isEnabled()


def test_a_locked_keyring_is_unlocked_when_the_person_says_so(
    qtbot: QtBot, page: SecretsPage, store: MemorySecrets, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "state", lambda: StoreState(KeyringState.LOCKED, "Memory", "It is locked."))
    page.look()
    wait(qtbot, page)
    assert page._again.text() == "&Unlock…"
    assert kept(page)["one"] is Kept.UNKNOWN
    page._again.click()
    qtbot.waitUntil(lambda: kept(page)["one"] is Kept.KEPT)


def test_the_window_goes_on_while_the_keyring_is_asked(
    qtbot: QtBot, page: SecretsPage, store: MemorySecrets, monkeypatch: pytest.MonkeyPatch
) -> None:
    free, asked = threading.Event(), threading.Event()
    names = store.names

    def slow() -> tuple[str, ...]:
        asked.set()
        assert free.wait(5)
        return names()

    monkeypatch.setattr(store, "names", slow)
    page.look()
    assert asked.wait(5)
    assert page._state.text() == "Asking the keyring…"
    store.kept["four"] = "x"
    page.look()
    free.set()
    qtbot.waitUntil(lambda: "four" in kept(page))
    wait(qtbot, page)


def test_a_file_that_does_not_load_is_told(qtbot: QtBot, page: SecretsPage, paths: Paths) -> None:
    paths.servers.write_text("{", encoding="utf-8")
    page.look()
    qtbot.waitUntil(lambda: "does not load" in page._words.text())
