"""The pages that show the change and try a call."""

from pathlib import Path

import pytest
from client_files import CURSOR_TEXT, entries, write
from first_run_room import THERE, DictionaryStore, home, machine
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from approver.desktop.autostart import LoginState
from approver.first_run.machine import FirstRun
from approver.first_run.trial_call import CallEnd, CallResult
from approver.ui.change_block import ChangeBlock
from approver.ui.first_run_apply import ApplyPage, TryPage
from approver.ui.first_run_page import FirstRunPage


class Off:
    """A login item that is off."""

    def state(self) -> LoginState:
        return LoginState(False)

    def turn_on(self) -> None: ...

    def turn_off(self) -> None: ...


@pytest.fixture
def made(tmp_path: Path) -> FirstRun:
    made = machine(home(tmp_path))
    made.keyring = THERE
    return made


def shown(qtbot: QtBot, page: FirstRunPage) -> None:
    qtbot.addWidget(page)
    page.resize(600, 900)
    page.show()


def texts(page: FirstRunPage) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def test_every_change_is_shown_without_its_secrets(qtbot: QtBot, made: FirstRun, tmp_path: Path) -> None:
    page = ApplyPage(made)
    shown(qtbot, page)
    assert not page.apply.isEnabled()
    page.show_plan(made.plan())
    assert "New in Approver: trial, files, remote, asked." in texts(page)
    changes = [block.toPlainText() for block in page.findChildren(ChangeBlock)]
    assert len(changes) == 3 and '"connect", "files", "--client", "Cursor"' in changes[1]
    assert "sk-1234567890abcdef" not in changes[1] and "characters hidden" in changes[1]
    with qtbot.waitSignal(page.apply_asked) as asked:
        qtbot.keyClick(page.apply, Qt.Key.Key_Space)
    assert asked.args == [page.plan] and not page.apply.isEnabled()


def test_a_shared_file_is_told_of(qtbot: QtBot, made: FirstRun, tmp_path: Path) -> None:
    made.add_file(write(tmp_path / "site/.mcp.json", entries(x={"command": "c"})))
    page = ApplyPage(made)
    shown(qtbot, page)
    page.show_plan(made.plan())
    qtbot.waitUntil(lambda: "may be shared with others" in texts(page))


def test_what_was_done_is_told_file_by_file(qtbot: QtBot, made: FirstRun, tmp_path: Path) -> None:
    page = ApplyPage(made)
    shown(qtbot, page)
    planned = made.plan()
    page.show_plan(planned)
    write(tmp_path / ".cursor/mcp.json", CURSOR_TEXT + " ")
    page.show_outcomes(made.carry_out(planned, DictionaryStore()))
    qtbot.waitUntil(lambda: "somebody else changed it meanwhile" in texts(page))
    assert "Some files were left" in texts(page)
    assert f"{tmp_path}/.config/Code/User/mcp.json was changed." in texts(page)
    assert not page.apply.isVisible()
    made.take_files(made.find())
    page.show_plan(made.plan())
    page.show_outcomes(made.carry_out(made.plan(), DictionaryStore()))
    assert "Done. Restart these clients" in texts(page)


def test_what_keeps_it_from_being_done_is_told_and_can_be_tried_again(qtbot: QtBot, made: FirstRun) -> None:
    page = ApplyPage(made)
    shown(qtbot, page)
    page.show_plan(made.plan())
    page.say("servers.json does not load.")
    assert "servers.json does not load." in texts(page) and page.apply.isEnabled()
    with qtbot.waitSignal(page.look_again_asked):
        qtbot.keyClick(page._again, Qt.Key.Key_Space)


def test_nothing_to_change_is_nothing_to_apply(qtbot: QtBot, made: FirstRun) -> None:
    made.chosen.clear()
    page = ApplyPage(made)
    shown(qtbot, page)
    page.show_plan(made.plan())
    assert not page.apply.isEnabled() and "Approver has these servers already." in texts(page)


@pytest.mark.parametrize(
    ("end", "words"),
    [
        (CallEnd.ALLOWED, "You allowed it"),
        (CallEnd.DENIED, "You denied it"),
        (CallEnd.EXPIRED, "Nobody answered in time"),
        (CallEnd.FAILED, "did not work"),
    ],
)
def test_the_test_call_is_sent_and_its_end_told(qtbot: QtBot, made: FirstRun, end: CallEnd, words: str) -> None:
    page = TryPage(made, Off())
    shown(qtbot, page)
    with qtbot.waitSignal(page.call_asked):
        qtbot.keyClick(page.send, Qt.Key.Key_Space)
    page.set_waiting()
    assert not page.send.isEnabled() and "Approver's dialog opens" in page.words
    page.show_result(CallResult(end, "the answer"))
    assert page.send.isEnabled() and words in page.words and "the answer" in page.words
