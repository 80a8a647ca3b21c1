"""The page with the AI clients."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from client_files import CURSOR_TEXT, around, write
from fake_engine import StillBridge
from memory_secrets import MemorySecrets
from pytestqt.qtbot import QtBot

from approver.configuration_edits import read_servers
from approver.desktop.paths import Paths
from approver.ui.bridge_workshop import WorkshopBridge
from approver.ui.client_change import ClientChange
from approver.ui.clients_page import ClientsPage

DAY = date(2026, 11, 22)


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    paths = Paths.under(tmp_path / "approver")
    paths.create()
    return paths


@pytest.fixture
def cursor(tmp_path: Path) -> Path:
    return write(tmp_path / "home" / ".cursor" / "mcp.json", CURSOR_TEXT)


@pytest.fixture
def store() -> MemorySecrets:
    return MemorySecrets()


@pytest.fixture
def page(
    qtbot: QtBot, bridge: StillBridge, paths: Paths, tmp_path: Path, store: MemorySecrets
) -> Iterator[ClientsPage]:
    page = ClientsPage(WorkshopBridge(bridge), paths, store, around=around(tmp_path / "home"), today=lambda: DAY)
    qtbot.addWidget(page)
    page.resize(900, 600)
    page.show()
    qtbot.waitUntil(lambda: not page._looking.is_working)
    yield page
    page.hide()
    qtbot.waitUntil(lambda: not any(one.is_working for one in (page._looking, page._planning, page._changing)))


def opened(qtbot: QtBot, page: ClientsPage) -> ClientChange:
    """The dialog, with its change planned."""
    dialog = page.dialog
    assert dialog is not None
    qtbot.waitUntil(dialog.change_button.isEnabled)
    return dialog


@pytest.mark.usefixtures("cursor")
def test_a_client_is_connected_after_its_change_was_shown_and_disconnected_again(
    qtbot: QtBot, page: ClientsPage, paths: Paths, cursor: Path
) -> None:
    assert page.model.index(0, 0).data() == "Cursor"
    assert page.model.index(0, 1).data() == "none through Approver (0 of 2)"
    assert not page.disconnect_button.isEnabled()
    page.connect_button.click()
    dialog = opened(qtbot, page)
    assert cursor.read_text(encoding="utf-8") == CURSOR_TEXT
    shown = dialog.block.toPlainText()
    assert '-      "command": "npx", // the launcher' in shown
    assert "sk-1234567890abcdef" not in shown
    assert not dialog.change_button.isDefault()
    assert dialog._news.text().startswith("New in Approver: “files”, “remote”.")
    dialog.change_button.click()
    qtbot.waitUntil(lambda: page.dialog is None and page.disconnect_button.isEnabled())
    assert page.model.index(0, 1).data() == "all through Approver (2)"
    assert "Restart Cursor" in page._words.text()
    assert sorted(read_servers(paths)) == ["files", "remote"]
    assert json.loads((paths.policies / "files.json").read_text(encoding="utf-8"))["default"] == "require_approval"
    page.disconnect_button.click()
    dialog = opened(qtbot, page)
    dialog.change_button.click()
    qtbot.waitUntil(lambda: page.dialog is None and page.connect_button.isEnabled())
    assert cursor.read_text(encoding="utf-8") == CURSOR_TEXT


@pytest.mark.usefixtures("cursor")
def test_values_that_look_secret_go_into_the_keyring_where_the_person_says_so(
    qtbot: QtBot, page: ClientsPage, paths: Paths, store: MemorySecrets
) -> None:
    page.connect_button.click()
    dialog = opened(qtbot, page)
    assert dialog.keyring.isVisible()
    dialog.keyring.click()
    dialog = opened(qtbot, page)
    dialog.change_button.click()
    qtbot.waitUntil(lambda: page.dialog is None and page.disconnect_button.isEnabled())
    assert list(store.kept.values()) == ["sk-1234567890abcdef"]
    assert "sk-1234567890abcdef" not in paths.servers.read_text(encoding="utf-8")


def test_a_file_that_was_edited_meanwhile_is_left_alone(qtbot: QtBot, cursor: Path, page: ClientsPage) -> None:
    page.connect_button.click()
    dialog = opened(qtbot, page)
    edited = CURSOR_TEXT.replace("dark", "light")
    cursor.write_text(edited, encoding="utf-8")
    dialog.change_button.click()
    qtbot.waitUntil(lambda: bool(dialog._words.text()))
    assert page.dialog is dialog
    assert not dialog.change_button.isEnabled()
    assert cursor.read_text(encoding="utf-8") == edited
    dialog.reject()
    assert page.dialog is None
    assert "sk-" not in page._entries.text()


def test_what_cannot_be_read_and_what_is_not_there_is_told(qtbot: QtBot, page: ClientsPage, tmp_path: Path) -> None:
    assert page._none.isVisible()
    assert not page.connect_button.isEnabled()
    write(tmp_path / "home" / ".cursor" / "mcp.json", "{")
    page._again.click()
    qtbot.waitUntil(lambda: bool(page.model.rows))
    assert page.model.index(0, 1).data() == "cannot be read"
    assert "line 1" in page._entries.text()
    assert not page.connect_button.isEnabled()
    with qtbot.waitSignal(page.assistant_asked):
        page._assistant.click()
