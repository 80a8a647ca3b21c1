"""The page for settings: the file is the truth, and nothing in it is lost."""

import dataclasses
from pathlib import Path

import pytest
from fake_engine import RUNNING, FakeEngine, StillBridge
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from approver.attention import Rung
from approver.catalog.risk import Tier
from approver.desktop.autostart import LoginState
from approver.desktop.paths import Paths
from approver.secrets import KeyringState, SecretStore, StoreState
from approver.settings import ColorScheme, Language
from approver.settings_edits import load_settings
from approver.ui.general_page import GeneralPage


class FakeItem:
    """Nothing starts at login."""

    def state(self) -> LoginState:
        return LoginState(False)

    def turn_on(self) -> None:
        raise OSError("not here")

    def turn_off(self) -> None:
        raise OSError("not here")


class Keyring(SecretStore):
    """A keyring that tells its state."""

    def state(self) -> StoreState:
        return StoreState(KeyringState.STORED, "Test", "Secrets are kept in Test.")


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    paths = Paths.under(tmp_path)
    paths.create()
    return paths


@pytest.fixture
def page(qtbot: QtBot, bridge: StillBridge, paths: Paths) -> GeneralPage:
    page = GeneralPage(bridge, paths, Keyring(), FakeItem())
    qtbot.addWidget(page)
    page.show()
    return page


def choose(page: GeneralPage, tier: Tier, key: Qt.Key) -> None:
    QTest.keyClick(page.attention.rungs[tier], key)


def test_a_choice_is_in_the_file_at_once(page: GeneralPage, paths: Paths, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.changed):
        choose(page, Tier.READS, Qt.Key.Key_Up)
    assert load_settings(paths).attention.reads is Rung.NOTIFICATION
    assert not page.note.isVisible()


def test_how_the_windows_look_and_come_is_in_the_file_at_once(page: GeneralPage, paths: Paths) -> None:
    paths.settings.write_text("[window]\n# mine\nraise_on_ask = false  # no\n", encoding="utf-8")
    page.refresh()
    page.window_form.front.click()
    page.window_form.colours.setCurrentIndex(2)
    text = paths.settings.read_text(encoding="utf-8")
    assert text == '[window]\n# mine\nraise_on_ask = true  # no\ncolor_scheme = "dark"\n'
    assert load_settings(paths).window.color_scheme is ColorScheme.DARK


def test_what_is_edited_elsewhere_is_shown(page: GeneralPage, paths: Paths) -> None:
    paths.settings.write_text('[attention]\nreads = "badge"\n', encoding="utf-8")
    page._look_timer.timeout.emit()
    assert page.attention.rungs[Tier.READS].currentText() == "Only the tray's badge"


def test_an_edit_elsewhere_is_not_overwritten(page: GeneralPage, paths: Paths) -> None:
    text = '[attention]\nreads = "sound"\n'
    paths.settings.write_text(text, encoding="utf-8")  # and the page has not looked yet
    choose(page, Tier.READS, Qt.Key.Key_Up)
    assert paths.settings.read_text(encoding="utf-8") == text
    assert "attention.reads was changed in settings.toml meanwhile" in page.note.text()
    assert page.attention.rungs[Tier.READS].currentText() == "Notification, window and a sound"
    choose(page, Tier.READS, Qt.Key.Key_Up)
    assert load_settings(paths).attention.reads is Rung.WINDOW
    assert page.note.text() == ""


def test_a_file_that_does_not_load_cannot_be_changed_here(page: GeneralPage, paths: Paths) -> None:
    paths.settings.write_text("[attention]\nreads = 1\n", encoding="utf-8")
    page.refresh()
    assert page.note.isVisible()
    assert not page.attention.isEnabled()
    paths.settings.write_text("", encoding="utf-8")
    page.refresh()
    assert not page.note.isVisible()
    assert page.attention.isEnabled()


def test_it_says_how_the_keyring_and_the_http_address_stand(
    page: GeneralPage, bridge: StillBridge, engine: FakeEngine, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: page.keyring.text() == "Secrets are kept in Test.")
    assert page.http.text() == "Approver is not running."
    bridge.start()
    assert page.http.text().startswith("They cannot come in")
    engine.become(dataclasses.replace(RUNNING, address="127.0.0.1:8787"))
    assert page.http.text() == "127.0.0.1:8787"


def test_the_language_is_written_into_the_file(page: GeneralPage, paths: Paths) -> None:
    page.language.languages.setCurrentText("Deutsch")
    assert load_settings(paths).window.language is Language.GERMAN
    paths.settings.write_text('[window]\nlanguage = "en"\n', encoding="utf-8")
    page._look_timer.timeout.emit()
    assert page.language.languages.currentText() == "English"


def test_it_rests_while_nobody_looks(page: GeneralPage) -> None:
    page.hide()
    assert not page._look_timer.isActive()
