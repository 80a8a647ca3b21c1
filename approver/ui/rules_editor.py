"""An editor for JSON: line numbers beside the text, a wavy line below each mistake, undo as everywhere.

Problems go in by line and column; edits of pieces of the text go in by position, and can be undone like typed ones.
"""

import re
from collections.abc import Iterable

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent, QTextCharFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from approver.policy.edits import TextEdit
from approver.policy.problems import Problem
from approver.ui.colours import colours_now
from approver.ui.rules_highlighter import units
from approver.ui.theme import monospace

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"?|[\w.+\-]+|\S')
MOST_UNDERLINED = 200


class RulesEditor(QPlainTextEdit):
    """Edits one document at a time.

    Attributes: none of its own.

    Signals: none of its own.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFont(monospace(self))
        self.setProperty("role", "outline")
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # JSON is, and its line numbers with it
        self.setTabChangesFocus(True)  # whoever uses the keyboard alone must be able to leave
        self._numbers = _LineNumbers(self)
        self.updateRequest.connect(self._scroll_numbers)
        self.blockCountChanged.connect(self._make_room)
        self._make_room()

    def show_document(self, document: QTextDocument) -> None:
        """Edit this one from now on."""
        document.setDefaultFont(self.font())
        self.setDocument(document)
        self.setExtraSelections([])
        self._make_room()

    def underline(self, problems: Iterable[Problem]) -> None:
        """Put a wavy line below what each problem is about."""
        wavy = QTextCharFormat()
        wavy.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        wavy.setUnderlineColor(QColor(colours_now().no))
        found = []
        for problem in list(problems)[:MOST_UNDERLINED]:
            selection = QTextEdit.ExtraSelection()
            selection.cursor = self.cursor_at(problem)
            selection.format = wavy
            found.append(selection)
        self.setExtraSelections(found)

    def cursor_at(self, problem: Problem) -> QTextCursor:
        """A cursor that selects the word that a problem is about."""
        block = self.document().findBlockByNumber(max(0, problem.line - 1))
        text = block.text()
        start = min(max(0, problem.column - 1), len(text))
        token = _TOKEN.search(text, start)
        end = token.end() if token is not None else len(text)
        cursor = QTextCursor(block)
        cursor.setPosition(block.position() + units(text[:start]))
        cursor.setPosition(block.position() + units(text[:end]), QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def go_to(self, problem: Problem) -> None:
        """Bring what the problem is about into view, and the keyboard there."""
        cursor = self.cursor_at(problem)
        cursor.setPosition(cursor.anchor())
        self.setTextCursor(cursor)
        self.centerCursor()
        self.setFocus()

    # -- line numbers ----------------------------------------------------------------------------------------------

    @property
    def numbers_width(self) -> int:
        """Room for the largest number."""
        digits = max(2, len(str(self.blockCount())))
        return round(self.fontMetrics().horizontalAdvance("0") * (digits + 1.5))

    def paint_numbers(self, event: QPaintEvent) -> None:
        """Paint the numbers of the lines in view."""
        colours = colours_now()
        painter = QPainter(self._numbers)
        painter.fillRect(event.rect(), QColor(colours.window))
        painter.setPen(QColor(colours.muted))
        painter.setFont(self.font())
        block = self.firstVisibleBlock()
        area = self.blockBoundingGeometry(block).translated(self.contentOffset())
        right = self._numbers.width() - self.fontMetrics().horizontalAdvance("0") // 2
        while block.isValid() and area.top() <= event.rect().bottom():
            line = QRect(0, round(area.top()), right, self.fontMetrics().height())
            painter.drawText(line, Qt.AlignmentFlag.AlignRight, str(block.blockNumber() + 1))
            block = block.next()
            area = self.blockBoundingGeometry(block).translated(self.contentOffset())
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The numbers stand beside the text at any size."""
        super().resizeEvent(event)
        area = self.contentsRect()
        self._numbers.setGeometry(QRect(area.left(), area.top(), self.numbers_width, area.height()))

    def _make_room(self) -> None:
        self.setViewportMargins(self.numbers_width, 0, 0, 0)
        area = self.contentsRect()
        self._numbers.setGeometry(QRect(area.left(), area.top(), self.numbers_width, area.height()))

    def _scroll_numbers(self, area: QRect, by: int) -> None:
        if by:
            self._numbers.scroll(0, by)
        else:
            self._numbers.update(0, area.y(), self._numbers.width(), area.height())


class _LineNumbers(QWidget):
    """The strip; the editor paints it."""

    def __init__(self, editor: RulesEditor) -> None:
        super().__init__(editor)
        self._editor = editor

    def sizeHint(self) -> QSize:
        """As wide as the largest number."""
        return QSize(self._editor.numbers_width, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Have the editor paint."""
        self._editor.paint_numbers(event)


def carry_out(edits: Iterable[TextEdit], document: QTextDocument, text: str) -> None:
    """Change pieces of the document, whose text this is, one after the other; one step to undo."""
    cursor = QTextCursor(document)
    cursor.beginEditBlock()
    for edit in edits:
        cursor.setPosition(units(text[: edit.start]))
        cursor.setPosition(units(text[: edit.end]), QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(edit.text)
        text = edit.applied(text)
    cursor.endEditBlock()
