"""The button that acts on what stood there when it was pressed."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from approver.ui.painted_button import PaintedButton


@pytest.fixture
def button(qtbot: QtBot, in_view: Callable[[QWidget], None]) -> PaintedButton:
    button = PaintedButton("Deny")
    qtbot.addWidget(button)
    button.set_subject("Deny four", 4)
    button.show()
    in_view(button)
    return button


def test_a_press_means_what_was_painted(qtbot: QtBot, button: PaintedButton) -> None:
    button.set_subject("Deny five", 5)
    with qtbot.waitSignal(button.meant) as meant:
        button.click()
    assert meant.args == [4]
    button.repaint()
    with qtbot.waitSignal(button.meant) as meant:
        button.click()
    assert meant.args == [5]


def test_what_is_painted_between_press_and_release_was_not_pressed(qtbot: QtBot, button: PaintedButton) -> None:
    qtbot.mousePress(button, Qt.MouseButton.LeftButton)
    button.set_subject("Deny five", 5)
    button.repaint()
    with qtbot.waitSignal(button.meant) as meant:
        qtbot.mouseRelease(button, Qt.MouseButton.LeftButton)
    assert meant.args == [4]


def test_what_was_never_painted_was_not_meant(qtbot: QtBot) -> None:
    button = PaintedButton("Deny")
    qtbot.addWidget(button)
    button.set_subject("Deny four", 4)
    with qtbot.waitSignal(button.meant) as meant:
        button.click()
    assert meant.args == [None]
