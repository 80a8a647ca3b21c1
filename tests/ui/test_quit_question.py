"""Asking before quitting denies what waits."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from approver.ui.quit_question import QuitQuestion


@pytest.mark.parametrize(
    ("waiting", "text"), [(1, "1 waiting call will be denied."), (2, "2 waiting calls will be denied.")]
)
def test_it_says_what_will_happen_in_plain_text(qtbot: QtBot, waiting: int, text: str) -> None:
    question = QuitQuestion(waiting)
    qtbot.addWidget(question)
    assert question.text() == text
    assert question.textFormat() is Qt.TextFormat.PlainText
    assert {one.text() for one in question.buttons()} == {"&Deny and quit", "&Keep running"}


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Space])
def test_reflexes_keep_it_running(qtbot: QtBot, key: Qt.Key) -> None:
    question = QuitQuestion(2)
    qtbot.addWidget(question)
    question.open()
    with qtbot.waitExposed(question):
        pass
    heard: list[str] = []
    question.accepted.connect(lambda: heard.append("quit"))
    QTest.keyClick(question, key)
    assert heard == []


def test_quitting_takes_its_button(qtbot: QtBot) -> None:
    question = QuitQuestion(2)
    qtbot.addWidget(question)
    question.open()
    with qtbot.waitSignal(question.accepted):
        QTest.mouseClick(question.quit_button, Qt.MouseButton.LeftButton)
