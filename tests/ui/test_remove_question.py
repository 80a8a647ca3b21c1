"""The question before something is taken away."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from approver.ui.remove_question import RemoveQuestion


def test_only_the_verb_removes(qtbot: QtBot) -> None:
    question = RemoveQuestion("Remove it?", "Rules\nstay\u202e.", "&Remove it")
    qtbot.addWidget(question)
    assert question.informativeText() == "Rules\nstay⟨U+202E⟩."
    with qtbot.assertNotEmitted(question.accepted):
        question.open()
        QTest.keyClick(question, Qt.Key.Key_Return)
    question = RemoveQuestion("Remove it?", "", "&Remove it")
    qtbot.addWidget(question)
    question.open()
    with qtbot.waitSignal(question.accepted):
        question.remove_button.click()
