"""Lets a pane be scrolled where the screen is too low for it; where it is not, nothing of this is seen."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from approver.ui.theme import em

LOWEST, LOWEST_ON_LOW = 9, 5
"""Line heights that are left of the pane at least, and on a screen that is low."""
LOW_SCREEN = 40
"""A screen with fewer line heights is low: 800 pixels of it at double size, say."""
MOST_OF_SCREEN = 0.9


class PaneScroll(QScrollArea):
    """Asks for as much room as its pane would, and is content with less.

    Attributes: none of its own.

    Signals: none of its own.
    """

    def __init__(self, pane: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pane = pane
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(pane)
        self.viewport().setAutoFillBackground(False)
        pane.setAutoFillBackground(False)

    def to_top(self) -> None:
        """Show the beginning."""
        self.verticalScrollBar().setValue(0)

    def hasHeightForWidth(self) -> bool:
        """The pane's lines wrap."""
        return True

    def heightForWidth(self, width: int) -> int:
        """What the pane needs beside a scroll bar. With less, a bar that came once would keep itself needed."""
        return self._pane.heightForWidth(width - self.verticalScrollBar().sizeHint().width())

    def sizeHint(self) -> QSize:
        """What the pane would ask for."""
        return self._pane.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Any width that the pane can have beside a scroll bar, and a few lines of it."""
        width = self._pane.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width()
        return QSize(width, round(em(self.font()) * (LOWEST_ON_LOW if on_low_screen(self) else LOWEST)))


def on_low_screen(widget: QWidget) -> bool:
    """Whether a window has to do without whatever is not needed now, so that its buttons stay on the screen."""
    return widget.screen().availableSize().height() < em(widget.font()) * LOW_SCREEN


def within_screen(widget: QWidget, size: QSize) -> QSize:
    """The size, or as much of it as the widget's screen has room for."""
    return size.boundedTo(widget.screen().availableSize() * MOST_OF_SCREEN)
