"""The pages that decide."""

from pathlib import Path

import pytest
from first_run_room import MISSING, THERE, home, machine
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from approver.first_run.keeping import Keeping
from approver.first_run.machine import FirstRun
from approver.first_run.probing import Learned
from approver.first_run.start_rules import StartRules
from approver.ui.first_run_page import FirstRunPage
from approver.ui.first_run_rules import SecretsPage, StartRulesPage


@pytest.fixture
def made(tmp_path: Path) -> FirstRun:
    return machine(home(tmp_path))


def shown(qtbot: QtBot, page: FirstRunPage) -> None:
    qtbot.addWidget(page)
    page.resize(600, 900)
    page.refresh()
    page.show()


def texts(page: FirstRunPage) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def test_both_choices_say_what_they_mean_for_the_tools(qtbot: QtBot, made: FirstRun) -> None:
    page = StartRulesPage(made)
    shown(qtbot, page)
    assert page.ask.isChecked() and "The tools of 4 servers are not known yet." in texts(page)
    keys = list(made.to_learn())
    made.take_learned({key: Learned(("read_file", "run")) for key in keys[1:]})
    made.take_learned({keys[0]: Learned(None, "It ended before it answered.")})
    page.refresh()
    assert "3 tools run, 3 ask, 0 are blocked. The tools of 1 server are not known yet." in texts(page)
    assert "6 tools run, 0 ask, 0 are blocked." in texts(page)
    qtbot.waitUntil(lambda: "trial: It ended before it answered." in texts(page))
    assert "until 2026-11-29" in texts(page)


def test_watching_can_be_chosen_by_keyboard(qtbot: QtBot, made: FirstRun) -> None:
    page = StartRulesPage(made)
    shown(qtbot, page)
    qtbot.keyClick(page.watch, Qt.Key.Key_Space)
    assert made.rules is StartRules.WATCH
    qtbot.keyClick(page.ask, Qt.Key.Key_Space)
    assert made.rules is StartRules.ASK


def test_servers_are_started_only_when_asked_for(qtbot: QtBot, made: FirstRun) -> None:
    page = StartRulesPage(made)
    shown(qtbot, page)
    with qtbot.waitSignal(page.learn_asked):
        qtbot.keyClick(page.learn, Qt.Key.Key_Space)
    page.set_learning(True, 2)
    assert not page.learn.isEnabled() and page.learn.text() == "Asking the servers… 2 of 4"
    page.set_learning(False)
    assert page.learn.isEnabled()


def test_the_keyring_is_told_of_as_it_is(qtbot: QtBot, made: FirstRun) -> None:
    page = SecretsPage(made)
    shown(qtbot, page)
    assert "Looking at the keyring" in texts(page)
    made.keyring = THERE
    page.refresh()
    assert "Secrets are kept in Secret Service." in texts(page) and not page.file.isVisible()


def test_without_a_keyring_nothing_is_chosen_beforehand(qtbot: QtBot, made: FirstRun) -> None:
    made.keyring = MISSING
    page = SecretsPage(made)
    shown(qtbot, page)
    assert page.file.isVisible() and not page.file.isChecked() and not page.environment.isChecked()
    qtbot.keyClick(page.file, Qt.Key.Key_Space)
    assert made.keeping is Keeping.FILE
    qtbot.keyClick(page.environment, Qt.Key.Key_Space)
    assert made.keeping is Keeping.ENVIRONMENT


def test_wanted_secrets_are_asked_for_unseen(qtbot: QtBot, made: FirstRun, tmp_path: Path) -> None:
    made.keyring = THERE
    page = SecretsPage(made)
    shown(qtbot, page)
    field = page.fields["asked-key"]
    assert field.echoMode() is QLineEdit.EchoMode.Password
    qtbot.keyClicks(field, "typed")
    assert made.values == {"asked-key": "typed"}
    page.refresh()
    assert page.fields["asked-key"] is field
    made.chosen_files.discard(tmp_path / ".config/Code/User/mcp.json")
    page.refresh()
    assert page.fields == {} and "None of the servers" in texts(page)


def test_where_all_is_known_nothing_is_asked(qtbot: QtBot, made: FirstRun) -> None:
    made.keyring = THERE
    made.wanted = lambda: ()  # type: ignore[method-assign]  # as if every value were known
    page = SecretsPage(made)
    shown(qtbot, page)
    assert "Everything that is to be kept is known." in texts(page)
