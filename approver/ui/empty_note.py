"""What a page says while there is nothing on it: its icon and a sentence that helps, in the middle of the room."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from approver.ui.colours import colours_now
from approver.ui.icons import pixmap
from approver.ui.plain_label import PlainLabel
from approver.ui.theme import em

EDGE = 3.0
"""Of the picture, in line heights."""


class EmptyNote(QWidget):
    """Takes all the room that the page's list would have.

    Attributes: none of its own.

    Signals: none of its own.
    """

    def __init__(self, icon_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon_name = icon_name
        self._picture = QLabel()
        self._words = PlainLabel(role="muted")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        layout = QVBoxLayout(self)
        layout.setSpacing(round(em(self.font()) * 0.8))
        layout.addStretch(2)
        for label in (self._picture, self._words):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            layout.addWidget(label)
        layout.addStretch(3)
        self._dress()

    def setText(self, sentence: str) -> None:
        """Say this."""
        self._words.setText(sentence)

    def text(self) -> str:
        """What is said."""
        return self._words.text()

    def changeEvent(self, event: QEvent) -> None:
        """Another palette means another picture."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._dress()

    def _dress(self) -> None:
        ratio = self.devicePixelRatioF()
        picture = pixmap(self._icon_name, colours_now().line, round(em(self.font()) * EDGE * ratio))
        picture.setDevicePixelRatio(ratio)
        self._picture.setPixmap(picture)
