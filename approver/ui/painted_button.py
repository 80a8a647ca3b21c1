"""A button that acts on what it spoke of when it was pressed: a subject goes in, the one that was painted comes out.

What stands in a list may change in the very moment in which somebody presses; they mean what they saw.
"""

from PySide6.QtCore import Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QPushButton, QWidget


class PaintedButton(QPushButton):
    """Listen to `meant`, never to `clicked`.

    Attributes: none of its own.

    Signals:
        meant: The button was pressed; carries the subject that it had when it was last painted, or None.
    """

    meant = Signal(object)

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._subject: object = None
        self._painted: object = None
        self._at_press: object = None
        self.pressed.connect(self._remember)
        self.clicked.connect(lambda: self.meant.emit(self._at_press))

    def set_subject(self, text: str, subject: object) -> None:
        """Speak of something else."""
        self._subject = subject
        if text != self.text():
            self.setText(text)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint, and remember what of."""
        super().paintEvent(event)
        self._painted = self._subject

    def _remember(self) -> None:
        self._at_press = self._painted
