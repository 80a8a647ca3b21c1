"""The first start from its window: keyboard in, files out; nothing changes before Apply."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from client_files import CURSOR_TEXT, WAY, around, entries, write
from first_run_room import MISSING, SERVER, TODAY, DictionaryStore, home
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QPushButton
from pytestqt.qtbot import QtBot

from approver.configuration_edits import read_servers
from approver.desktop.autostart import LoginState
from approver.desktop.paths import Paths
from approver.first_run.machine import FirstRun, Step
from approver.first_run.trial_call import CallEnd, CallResult
from approver.ui import first_run_wizard
from approver.ui.first_run_wizard import FirstRunWizard


class Off:
    """A login item that is off."""

    def state(self) -> LoginState:
        return LoginState(False)

    def turn_on(self) -> None: ...

    def turn_off(self) -> None: ...


@pytest.fixture
def store() -> DictionaryStore:
    return DictionaryStore()


@pytest.fixture
def wizard(qtbot: QtBot, tmp_path: Path, store: DictionaryStore) -> Iterator[FirstRunWizard]:
    """The window in a home with three clients, files found."""
    made = FirstRun(Paths.under(tmp_path / "approver"), around(home(tmp_path)), WAY, lambda: TODAY)
    wizard = FirstRunWizard(made, store, 10.0, Off())
    qtbot.addWidget(wizard)
    wizard.appear()
    at_rest(qtbot, wizard)
    yield wizard
    at_rest(qtbot, wizard)


def at_rest(qtbot: QtBot, wizard: FirstRunWizard) -> None:
    qtbot.waitUntil(lambda: not wizard._works, timeout=20_000)


def press(qtbot: QtBot, button: QPushButton, wizard: FirstRunWizard) -> None:
    assert button.isEnabled()
    qtbot.keyClick(button, Qt.Key.Key_Space)
    at_rest(qtbot, wizard)


def go_to(qtbot: QtBot, wizard: FirstRunWizard, step: Step) -> None:
    while wizard.machine.step < step:
        press(qtbot, wizard.onward, wizard)


def test_no_button_is_the_default_one(wizard: FirstRunWizard) -> None:
    buttons = wizard.findChildren(QPushButton)
    assert buttons and not any(button.isDefault() or button.autoDefault() for button in buttons)


def test_no_two_letters_of_one_step_are_the_same(qtbot: QtBot, wizard: FirstRunWizard, store: DictionaryStore) -> None:
    store.now = MISSING
    for step in Step:
        wizard.machine.step = step
        wizard._show_step()
        at_rest(qtbot, wizard)
        texts = [one.text() for one in wizard.findChildren(QAbstractButton) if one.isVisible()]
        letters = [found[1].lower() for text in texts if (found := re.search("&([^&])", text))]
        assert len(letters) == len(set(letters)), (step, texts)


def test_one_comes_to_the_change_and_back_and_nothing_has_changed(
    qtbot: QtBot, wizard: FirstRunWizard, tmp_path: Path
) -> None:
    go_to(qtbot, wizard, Step.APPLY)
    assert wizard.applying.plan is not None and not wizard.onward.isEnabled()
    assert "Nothing has changed so far." in wizard._hint.text()
    for step in reversed(list(Step)[:-2]):
        press(qtbot, wizard.back, wizard)
        assert wizard.machine.step is step
    assert not wizard.back.isVisible()
    assert (tmp_path / ".cursor/mcp.json").read_text(encoding="utf-8") == CURSOR_TEXT
    assert not wizard.machine.paths.servers.exists()


def test_apply_makes_the_change_and_opens_the_way_on(
    qtbot: QtBot, wizard: FirstRunWizard, store: DictionaryStore, tmp_path: Path
) -> None:
    go_to(qtbot, wizard, Step.SERVERS)
    qtbot.keyClick(wizard.servers.moves[0], Qt.Key.Key_Space)
    go_to(qtbot, wizard, Step.SECRETS)
    qtbot.keyClicks(wizard.secrets.fields["asked-key"], "typed")
    go_to(qtbot, wizard, Step.APPLY)
    press(qtbot, wizard.applying.apply, wizard)
    assert store.kept == {"files-API_KEY": "sk-1234567890abcdef", "asked-key": "typed"}
    assert set(read_servers(wizard.machine.paths)) == {"trial", "files", "remote", "asked"}
    assert "/opt/approver" in (tmp_path / ".cursor/mcp.json").read_text(encoding="utf-8")
    press(qtbot, wizard.onward, wizard)
    assert wizard.machine.step is Step.TRY and wizard.onward.text() == "&Finish"
    with qtbot.waitSignal(wizard.closed):
        qtbot.keyClick(wizard.onward, Qt.Key.Key_Space)


def test_what_failed_is_told_and_mended_by_looking_again(qtbot: QtBot, wizard: FirstRunWizard, tmp_path: Path) -> None:
    go_to(qtbot, wizard, Step.APPLY)
    write(tmp_path / ".cursor/mcp.json", CURSOR_TEXT + "\n")
    press(qtbot, wizard.applying.apply, wizard)
    assert wizard.machine.has_failed and wizard.onward.isEnabled()
    press(qtbot, wizard.applying._again, wizard)
    press(qtbot, wizard.applying.apply, wizard)
    assert not wizard.machine.has_failed


def test_a_fault_before_any_change_is_told_and_can_be_tried_again(
    qtbot: QtBot, wizard: FirstRunWizard, store: DictionaryStore, tmp_path: Path
) -> None:
    go_to(qtbot, wizard, Step.SECRETS)
    qtbot.keyClicks(wizard.secrets.fields["asked-key"], "typed")
    go_to(qtbot, wizard, Step.APPLY)
    there, store.now = store.now, MISSING
    press(qtbot, wizard.applying.apply, wizard)
    assert "There is no keyring" in wizard.applying._problem.text()
    assert (tmp_path / ".cursor/mcp.json").read_text(encoding="utf-8") == CURSOR_TEXT
    store.now = there
    press(qtbot, wizard.applying.apply, wizard)
    assert wizard.machine.outcomes is not None


def test_a_plan_that_cannot_be_made_is_told(qtbot: QtBot, wizard: FirstRunWizard) -> None:
    go_to(qtbot, wizard, Step.SECRETS)
    write(wizard.machine.paths.servers, "{")
    go_to(qtbot, wizard, Step.APPLY)
    assert "servers.json" in wizard.applying._problem.text() and not wizard.applying.apply.isEnabled()


def test_servers_are_started_when_asked_for_and_their_tools_counted(
    qtbot: QtBot, wizard: FirstRunWizard, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SHELL", "/bin/sh")
    monkeypatch.setenv("HOME", str(tmp_path))
    for path in list(wizard.machine.chosen_files):
        if "Claude" not in str(path):
            wizard.machine.chosen_files.discard(path)
    go_to(qtbot, wizard, Step.RULES)
    press(qtbot, wizard.rules.learn, wizard)
    (learned,) = wizard.machine.learned.values()
    assert learned.tools == ("write_greeting",)
    assert "0 tools run, 1 ask, 0 are blocked." in wizard.rules._ask_counts.text()


def test_without_a_choice_the_way_is_closed_and_says_why(qtbot: QtBot, wizard: FirstRunWizard) -> None:
    go_to(qtbot, wizard, Step.SERVERS)
    for box in wizard.servers.boxes:
        qtbot.keyClick(box, Qt.Key.Key_Space)
    assert not wizard.onward.isEnabled() and "Choose a server" in wizard._hint.text()


def test_without_a_keyring_one_has_to_choose(qtbot: QtBot, wizard: FirstRunWizard, store: DictionaryStore) -> None:
    store.now = MISSING
    go_to(qtbot, wizard, Step.SECRETS)
    assert not wizard.onward.isEnabled() and "Choose what becomes" in wizard._hint.text()
    qtbot.keyClick(wizard.secrets.file, Qt.Key.Key_Space)
    assert wizard.onward.isEnabled()


def test_a_client_that_comes_later_is_found_by_looking_again(
    qtbot: QtBot, wizard: FirstRunWizard, tmp_path: Path
) -> None:
    go_to(qtbot, wizard, Step.CLIENTS)
    write(tmp_path / ".gemini/settings.json", entries(late=SERVER))
    wizard.clients.look_again_asked.emit()
    at_rest(qtbot, wizard)
    assert "Gemini CLI: 1 server" in [box.text() for box in wizard.clients.boxes]


@pytest.mark.parametrize("fault", ["", "the thread fell over"])
def test_the_test_call_is_made_on_a_thread(
    qtbot: QtBot, wizard: FirstRunWizard, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    def send(*_: object) -> CallResult:
        if fault:
            raise RuntimeError(fault)
        return CallResult(CallEnd.ALLOWED, "hello")

    monkeypatch.setattr(first_run_wizard, "send_trial_call", send)
    wizard.machine.step = Step.TRY
    wizard._show_step()
    press(qtbot, wizard.trying.send, wizard)
    assert (fault or "hello") in wizard.trying.words
