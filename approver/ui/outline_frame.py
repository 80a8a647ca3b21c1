"""The framed block of text that somebody else wrote: who wrote it, the text, and how much of it is out of view."""

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from approver.approvals.outline import Line
from approver.ui.outline_view import OutlineView
from approver.ui.plain_label import PlainLabel
from approver.ui.theme import em


class OutlineFrame(QFrame):
    """A heading, tool buttons and an `OutlineView` in one frame.

    Attributes:
        view: The block of text.

    Signals: none of its own.
    """

    def __init__(self, heading: str, parent: QWidget | None = None, *, fewest: int = 5, most: int = 16) -> None:
        super().__init__(parent)
        self.setProperty("role", "block")
        self.view = OutlineView(self, fewest=fewest, most=most)
        self.view.setAccessibleName(heading)
        self.view.lines_below_changed.connect(self._tell_lines_below)
        self._heading = PlainLabel(heading, role="heading", wraps=False)
        self._heading.setBuddy(self.view)
        self._size = PlainLabel(role="muted", wraps=False)
        self._below = PlainLabel(role="muted", wraps=False)
        unit = em(self.font())
        self._top = QHBoxLayout()
        self._top.setSpacing(round(unit * 0.5))
        self._top.addWidget(self._heading)
        self._top.addWidget(self._size)
        self._top.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(round(unit * share) for share in (0.7, 0.45, 0.5, 0.5)))
        layout.setSpacing(round(unit * 0.25))
        layout.addLayout(self._top)
        layout.addWidget(self.view, 1)
        layout.addWidget(self._below)

    def add_tool(self, text: str, description: str) -> QToolButton:
        """A small button at the right of the heading."""
        button = QToolButton(self)
        button.setProperty("role", "link")
        button.setText(text)
        button.setAccessibleDescription(description)
        self._top.addWidget(button)
        return button

    def set_lines(self, lines: Sequence[Line]) -> None:
        """Show these lines, and how long they are altogether."""
        length = sum(len(line.text) - line.hang for line in lines)
        self._size.setText(self.tr("{count} characters").format(count=self.locale().toString(length)))
        self.view.set_lines(lines)

    def _tell_lines_below(self, count: int) -> None:
        if count <= 0:
            text = " "  # keeps its line, so that nothing moves when the end is reached
        elif count == 1:
            text = self.tr("↓ 1 more line below")
        else:
            text = self.tr("↓ {count} more lines below").format(count=self.locale().toString(count))
        self._below.setText(text)
