"""The box says what the system will do, and a failure is told."""

from typing import Any

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from approver.desktop.autostart import LoginState
from approver.ui.launch_at_login import LaunchAtLogin


class FakeItem:
    """A login item that can be broken."""

    def __init__(self) -> None:
        self.now = LoginState(False)
        self.fault: OSError | None = None

    def state(self) -> LoginState:
        return self.now

    def turn_on(self) -> None:
        if self.fault is not None:
            raise self.fault
        self.now = LoginState(True)

    def turn_off(self) -> None:
        self.now = LoginState(False)


def shown(qtbot: QtBot, item: Any) -> LaunchAtLogin:
    widget = LaunchAtLogin(item)
    qtbot.addWidget(widget)
    widget.show()
    return widget


def test_a_tick_turns_it_on_and_off(qtbot: QtBot) -> None:
    item = FakeItem()
    widget = shown(qtbot, item)
    changes: list[bool] = []
    widget.changed.connect(changes.append)
    qtbot.keyClick(widget.box, Qt.Key.Key_Space)
    assert item.now.is_on and widget.box.isChecked() and widget.note.isHidden()
    qtbot.keyClick(widget.box, Qt.Key.Key_Space)
    assert not item.now.is_on and changes == [True, False]


def test_what_was_changed_elsewhere_is_seen_when_it_comes_into_view(qtbot: QtBot) -> None:
    item = FakeItem()
    widget = shown(qtbot, item)
    widget.hide()
    item.now = LoginState(True, "It starts another Approver.")
    widget.show()
    assert widget.box.isChecked() and widget.note.text() == "It starts another Approver."


def test_a_failure_is_told_and_the_tick_goes_back(qtbot: QtBot) -> None:
    item = FakeItem()
    widget = shown(qtbot, item)
    item.fault = OSError(13, "Permission denied", "/x/approver.desktop")
    qtbot.keyClick(widget.box, Qt.Key.Key_Space)
    assert not widget.box.isChecked()
    assert widget.note.text() == "That could not be done. /x/approver.desktop: Permission denied"


def test_a_state_that_cannot_be_read_is_told(qtbot: QtBot) -> None:
    class Unreadable(FakeItem):
        def state(self) -> LoginState:
            raise OSError("nobody may look")

    assert "nobody may look" in shown(qtbot, Unreadable()).note.text()
