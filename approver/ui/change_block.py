"""Text that others wrote, whole: a command line, or a change as a diff with its lines in two colours and two marks.

Text goes in, a block that grows with it comes out; a very long text scrolls within. What cannot be seen is marked.
"""

from PySide6.QtCore import QEvent
from PySide6.QtGui import QColor, QResizeEvent, QTextCharFormat, QTextCursor, QTextFormat, QTextOption
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QTextEdit, QWidget

from approver.ui.colours import colours_now, mixed
from approver.ui.theme import em, monospace
from approver.visible import make_visible


class ChangeBlock(QPlainTextEdit):
    """Monospaced text, read only, over as many lines as it needs up to `most_lines`.

    Attributes: none of its own.

    Signals: none of its own.
    """

    def __init__(self, name: str, *, most_lines: int = 6, is_diff: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._most_lines = most_lines
        self._is_diff = is_diff
        self.setAccessibleName(name)
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("role", "change")
        self.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere)  # after a hyphen one word would look like two
        self.setFont(monospace(self))
        self._fit()

    def set_text(self, text: str) -> None:
        """Show this."""
        self.setPlainText("\n".join(map(make_visible, text.rstrip("\n").split("\n"))))
        self._dress()
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width means other lines."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Another palette means other colours."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._dress()

    def _fit(self) -> None:
        lines = min(self._most_lines, max(1, round(self.document().size().height())))
        around = 2 * (self.document().documentMargin() + self.contentsMargins().top()) + em(self.font()) * 0.2
        self.setFixedHeight(round(lines * self.fontMetrics().lineSpacing() + around))

    def _dress(self) -> None:
        if not self._is_diff:
            return
        colours = colours_now()
        marked = []
        block = self.document().begin()
        while block.isValid():
            text = block.text()
            ink = {"+": colours.yes, "-": colours.no, "@": colours.muted}.get(text[:1])
            if ink is not None:
                marked.append(self._marked(block.position(), ink, is_change=text[:1] != "@"))
            block = block.next()
        self.setExtraSelections(marked)

    def _marked(self, position: int, ink: str, *, is_change: bool) -> QTextEdit.ExtraSelection:
        selection = QTextEdit.ExtraSelection()
        style = QTextCharFormat()
        style.setForeground(QColor(ink))
        if is_change:
            style.setBackground(QColor(mixed(colours_now().sunken, ink, 0.12)))
            style.setProperty(QTextFormat.Property.FullWidthSelection, True)
        cursor = QTextCursor(self.document())
        cursor.setPosition(position)
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
        selection.format = style
        selection.cursor = cursor
        return selection
