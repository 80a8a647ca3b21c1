"""Presses of a guarded button, by every way there is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout
from pytestqt.qtbot import QtBot
from still_time import StillTime

from approver.ui.guard import InputGuard
from approver.ui.guarded_button import GuardedButton
from approver.ui.guarded_window import GuardedWindow

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@dataclass
class Room:
    """A window with a field and a guarded button, and what came of the presses."""

    window: GuardedWindow
    field: QLineEdit
    button: GuardedButton
    heard: list[str] = field(default_factory=list)


@pytest.fixture
def room(qtbot: QtBot, still: StillTime, guard_opens: Callable[[GuardedWindow], None]) -> Iterator[Room]:
    window = GuardedWindow(InputGuard(still.monotonic, 0.5))
    qtbot.addWidget(window)
    room = Room(window, QLineEdit(), GuardedButton("&Allow once", window.guard))
    window.guard_buttons(room.button)
    layout = QVBoxLayout(window)
    layout.addWidget(room.field)
    layout.addWidget(room.button)
    room.button.confirmed.connect(lambda: room.heard.append("confirmed"))
    room.button.ignored.connect(lambda: room.heard.append("ignored"))
    window.resize(300, 200)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    guard_opens(window)
    room.field.setFocus()
    yield room


def key(button: GuardedButton, kind: QEvent.Type, which: Qt.Key, *, repeats: bool = False) -> None:
    QApplication.sendEvent(button, QKeyEvent(kind, which, NONE, " ", repeats))


def test_a_deliberate_click_is_confirmed(room: Room) -> None:
    QTest.mouseClick(room.button, LEFT)
    assert room.heard == ["confirmed"]


def test_a_click_right_after_a_restart_is_ignored_and_a_later_one_counts(
    room: Room, guard_opens: Callable[[GuardedWindow], None]
) -> None:
    room.window.restart_guard()
    QTest.mouseClick(room.button, LEFT)
    assert room.heard == ["ignored"]
    guard_opens(room.window)
    QTest.mouseClick(room.button, LEFT)
    assert room.heard == ["ignored", "confirmed"]


def test_a_press_before_and_a_release_after_the_guard_opens_is_nothing(
    room: Room, guard_opens: Callable[[GuardedWindow], None]
) -> None:
    room.window.restart_guard()
    QTest.mousePress(room.button, LEFT)
    guard_opens(room.window)
    QTest.mouseRelease(room.button, LEFT)
    assert room.heard == ["ignored"]


def test_a_restart_between_press_and_release_takes_the_press_back(
    room: Room, guard_opens: Callable[[GuardedWindow], None]
) -> None:
    QTest.mousePress(room.button, LEFT)
    assert room.button.isDown()
    room.window.restart_guard()
    assert not room.button.isDown()
    guard_opens(room.window)
    QTest.mouseRelease(room.button, LEFT)
    assert room.heard == ["ignored"]
    QTest.mouseClick(room.button, LEFT)
    assert room.heard == ["ignored", "confirmed"]


def test_press_and_release_must_both_be_inside(room: Room) -> None:
    QTest.mousePress(room.button, LEFT)
    QTest.mouseRelease(room.button, LEFT, NONE, QPoint(-20, -20))
    QTest.mousePress(room.field, LEFT)
    QTest.mouseRelease(room.button, LEFT)
    assert room.heard == []


def test_a_double_click_counts_no_second_time(room: Room) -> None:
    QTest.mouseDClick(room.button, LEFT)
    assert room.heard.count("confirmed") <= 1
    room.heard.clear()
    middle = QPointF(room.button.rect().center())
    where = room.button.mapToGlobal(middle)
    event = QMouseEvent(QEvent.Type.MouseButtonDblClick, middle, where, LEFT, LEFT, NONE)
    QApplication.sendEvent(room.button, event)
    QTest.mouseRelease(room.button, LEFT)
    assert room.heard == ["ignored"]


@pytest.mark.parametrize("button", [Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton])
def test_other_mouse_buttons_never_count(room: Room, button: Qt.MouseButton) -> None:
    QTest.mouseClick(room.button, button)
    assert room.heard == ["ignored"]


@pytest.mark.parametrize("which", [Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Select])
def test_a_key_counts_on_a_button_that_was_reached_on_purpose(room: Room, which: Qt.Key) -> None:
    room.button.setFocus()
    QTest.keyClick(room.button, which)
    assert room.heard == ["confirmed"]


@pytest.mark.parametrize("which", [Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_the_keys_do_nothing_while_another_widget_has_the_focus(room: Room, which: Qt.Key) -> None:
    QTest.keyClick(room.field, which)
    QTest.keyClick(room.window, which)
    assert room.heard == []


def test_a_focus_that_came_before_the_guard_opened_does_not_make_the_first_key_count(
    room: Room, guard_opens: Callable[[GuardedWindow], None]
) -> None:
    room.window.restart_guard()
    room.button.setFocus()
    guard_opens(room.window)
    QTest.keyClick(room.button, Qt.Key.Key_Space)
    assert room.heard == ["ignored"]
    QTest.keyClick(room.button, Qt.Key.Key_Space)
    assert room.heard == ["ignored", "confirmed"]


def test_a_held_key_never_counts(room: Room) -> None:
    room.button.setFocus()
    for _ in range(5):
        key(room.button, QEvent.Type.KeyPress, Qt.Key.Key_Space, repeats=True)
        key(room.button, QEvent.Type.KeyRelease, Qt.Key.Key_Space, repeats=True)
    key(room.button, QEvent.Type.KeyRelease, Qt.Key.Key_Space)
    assert room.heard == []


def test_a_key_held_since_before_the_guard_opened_is_nothing(
    room: Room, guard_opens: Callable[[GuardedWindow], None]
) -> None:
    room.button.setFocus()
    room.window.restart_guard()
    key(room.button, QEvent.Type.KeyPress, Qt.Key.Key_Space)
    guard_opens(room.window)
    key(room.button, QEvent.Type.KeyPress, Qt.Key.Key_Space, repeats=True)
    key(room.button, QEvent.Type.KeyRelease, Qt.Key.Key_Space)
    assert "confirmed" not in room.heard


def test_losing_the_focus_takes_a_pressed_key_back(room: Room) -> None:
    room.button.setFocus()
    key(room.button, QEvent.Type.KeyPress, Qt.Key.Key_Space)
    room.field.setFocus()
    key(room.button, QEvent.Type.KeyRelease, Qt.Key.Key_Space)
    assert room.heard == []


def test_the_shortcut_has_the_same_guard(room: Room, guard_opens: Callable[[GuardedWindow], None]) -> None:
    room.window.restart_guard()
    QTest.keyClick(room.window, Qt.Key.Key_A, Qt.KeyboardModifier.AltModifier)
    assert room.heard == ["ignored"]
    guard_opens(room.window)
    QTest.keyClick(room.window, Qt.Key.Key_A, Qt.KeyboardModifier.AltModifier)
    assert room.heard == ["ignored", "confirmed"]


def test_a_screen_reader_s_press_has_the_same_guard(room: Room, guard_opens: Callable[[GuardedWindow], None]) -> None:
    room.window.restart_guard()
    room.button.click()
    assert room.heard == ["ignored"]
    guard_opens(room.window)
    room.button.click()
    assert room.heard == ["ignored", "confirmed"]


def test_a_button_that_is_off_never_counts(room: Room) -> None:
    room.button.setEnabled(False)
    QTest.mouseClick(room.button, LEFT)
    room.button.click()
    assert "confirmed" not in room.heard


def test_it_is_neither_default_nor_becomes_it(room: Room) -> None:
    room.button.setFocus()
    assert not room.button.isDefault()
    assert not room.button.autoDefault()


def test_under_another_name_the_letter_still_has_the_guard(
    room: Room, guard_opens: Callable[[GuardedWindow], None]
) -> None:
    room.button.rename("&Yes, as edited")
    assert room.button.shortcut().isEmpty(), "Qt's own repeats while it is held"
    room.window.restart_guard()
    QTest.keyClick(room.window, Qt.Key.Key_Y, Qt.KeyboardModifier.AltModifier)
    assert room.heard == ["ignored"]
    guard_opens(room.window)
    QTest.keyClick(room.window, Qt.Key.Key_A, Qt.KeyboardModifier.AltModifier)
    QTest.keyClick(room.window, Qt.Key.Key_Y, Qt.KeyboardModifier.AltModifier)
    assert room.heard == ["ignored", "confirmed"]
