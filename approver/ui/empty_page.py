"""What the queue window shows while nothing waits: a calm picture and what was decided so far."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from approver.ui.colours import colours_now
from approver.ui.icons import pixmap
from approver.ui.plain_label import PlainLabel
from approver.ui.theme import em, scaled


class EmptyPage(QWidget):
    """Says that nothing is waiting.

    Attributes: none of its own.

    Signals: none of its own.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture = QLabel()
        self._title = PlainLabel(self.tr("Nothing is waiting."))
        self._title.setFont(scaled(self.font(), 1.25, QFont.Weight.DemiBold))
        self._explanation = PlainLabel(
            self.tr("When a rule wants you to decide about a call, a window with that call appears by itself."),
            role="muted",
        )
        self._tally = PlainLabel(role="muted")
        layout = QVBoxLayout(self)
        layout.setSpacing(round(em(self.font()) * 0.6))
        layout.addStretch(2)
        for widget in (self._picture, self._title, self._explanation, self._tally):
            if isinstance(widget, QLabel):
                widget.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            layout.addWidget(widget)
        layout.addStretch(3)
        self._dress()

    def set_tally(self, sentence: str) -> None:
        """Say what was decided so far."""
        self._tally.setText(sentence)

    def changeEvent(self, event: QEvent) -> None:
        """Another palette means another picture."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._dress()

    def _dress(self) -> None:
        ratio = self.devicePixelRatioF()
        edge = round(em(self.font()) * 3.6 * ratio)
        picture = pixmap("calm", colours_now().line, edge)
        picture.setDevicePixelRatio(ratio)
        self._picture.setPixmap(picture)
