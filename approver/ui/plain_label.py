"""A label for text that others wrote: text goes in, and what is painted is that text, never markup or a link."""

import html

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget


class PlainLabel(QLabel):
    """Plain text over as many lines as it needs. `role` picks the style sheet's look.

    Attributes: none of its own.

    Signals: none of its own.
    """

    def __init__(self, text: str = "", parent: QWidget | None = None, *, role: str = "", wraps: bool = True) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setOpenExternalLinks(False)
        self.setWordWrap(wraps)
        self.setProperty("role", role)
        self.setText(text)
        if wraps:
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)

    def set_role(self, role: str) -> None:
        """Look like this from now on; without the first step the room around the text would stay what it was."""
        if role != self.property("role"):
            self.setProperty("role", role)
            self.style().unpolish(self)
            self.style().polish(self)
            QCoreApplication.sendEvent(self, QEvent(QEvent.Type.StyleChange))

    def minimumSizeHint(self) -> QSize:
        """A line. `QLabel` itself asks for the height that it would have at its narrowest, whatever its width is."""
        hint = super().minimumSizeHint()
        return QSize(hint.width(), self.fontMetrics().height()) if self.wordWrap() else hint


def inert_tip(text: str) -> str:
    """The text for a tool tip, which otherwise guesses whether it is markup; empty if there is none."""
    return f"<qt>{html.escape(text)}</qt>" if text else ""
