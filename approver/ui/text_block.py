"""Text that others wrote, whole and to be copied: text goes in, a block that grows with it comes out.

Nothing is shortened; a very long text scrolls within its block. What cannot be seen is marked.
"""

from PySide6.QtGui import QResizeEvent, QTextOption
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QWidget

from approver.ui.marks import drawable
from approver.ui.theme import em, monospace
from approver.visible import make_visible


class TextBlock(QPlainTextEdit):
    """Monospaced text over as many lines as it needs, up to `most_lines`; then it scrolls.

    Attributes: none of its own.

    Signals: none of its own.
    """

    def __init__(self, name: str, *, most_lines: int = 8, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._most_lines = most_lines
        self.setAccessibleName(name)
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("role", "block")
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere)  # after a hyphen one word would look like two
        self.setFont(monospace(self))
        self._fit()

    def set_text(self, text: str) -> None:
        """Show this; each line of it is one of ours, everything else in it is marked."""
        shown = "\n".join(drawable(make_visible(line), self.font()) for line in text.split("\n"))
        if shown != self.toPlainText():
            self.setPlainText(shown)
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width means other lines."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        lines = min(self._most_lines, max(1, round(self.document().size().height())))
        around = 2 * (self.document().documentMargin() + self.frameWidth()) + em(self.font()) * 0.2
        self.setFixedHeight(round(lines * self.fontMetrics().lineSpacing() + around))
