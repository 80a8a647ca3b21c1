"""The JSON editor: numbers, underlines, and edits that can be undone."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QPlainTextDocumentLayout, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from approver.policy.edits import TextEdit
from approver.policy.problems import Problem
from approver.ui.rules_editor import RulesEditor, carry_out

TEXT = '{\n  "😀": "mathces", "b": tru\n}'


@pytest.fixture
def editor(qtbot: QtBot) -> RulesEditor:
    editor = RulesEditor()
    qtbot.addWidget(editor)
    document = QTextDocument(editor)
    document.setDocumentLayout(QPlainTextDocumentLayout(document))
    document.setPlainText(TEXT)
    editor.show_document(document)
    return editor


@pytest.mark.parametrize(
    ("line", "column", "word"),
    [(2, 8, '"mathces"'), (2, 24, "tru"), (1, 1, "{"), (3, 2, ""), (0, 0, "{"), (99, 99, "")],
)
def test_a_problem_underlines_the_word_it_is_about(editor: RulesEditor, line: int, column: int, word: str) -> None:
    problem = Problem("", "wrong", line=line, column=column)
    assert editor.cursor_at(problem).selectedText() == word
    editor.underline([problem])
    assert [one.cursor.selectedText() for one in editor.extraSelections()] == [word]


def test_going_to_a_problem_puts_the_cursor_before_it(editor: RulesEditor) -> None:
    editor.go_to(Problem("", "wrong", line=2, column=24))
    assert editor.textCursor().position() == TEXT.index("tru") + 1  # the face counts twice
    assert not editor.textCursor().hasSelection()


def test_an_edit_of_a_piece_is_one_step_to_undo(editor: RulesEditor) -> None:
    start = TEXT.index("tru")
    edits = (TextEdit(start, start + 3, "true"), TextEdit(start + 4, start + 4, " "))
    carry_out(edits, editor.document(), TEXT)
    assert editor.toPlainText() == TEXT.replace("tru", "true ")
    editor.undo()
    assert editor.toPlainText() == TEXT


def test_the_numbers_have_room_and_are_painted(
    qtbot: QtBot, editor: RulesEditor, in_view: Callable[[QWidget], None]
) -> None:
    narrow = editor.numbers_width
    editor.setPlainText("\n" * 5000)
    assert editor.numbers_width > narrow
    editor.show()
    in_view(editor)
    editor.verticalScrollBar().setValue(2500)
    image = editor._numbers.grab().toImage()
    colours = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(0, 60)}
    assert len(colours) > 1
    assert editor._numbers.sizeHint().width() == editor.numbers_width


def test_tab_leaves_the_editor(editor: RulesEditor, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    layout = QVBoxLayout(window)
    layout.addWidget(editor)
    layout.addWidget(QPushButton("next"))
    with qtbot.waitExposed(window):
        window.show()
    qtbot.keyClick(editor, Qt.Key.Key_Tab)
    assert editor.toPlainText() == TEXT
    editor.setParent(None)
