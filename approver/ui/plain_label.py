"""A label for text that others wrote: text goes in, and what is painted is that text, never markup or a link."""

from PySide6.QtCore import Qt
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
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)
