"""What every page of the first start has: a heading, a sentence, and room for what is chosen there."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from approver.first_run.machine import FirstRun
from approver.ui.plain_label import PlainLabel
from approver.ui.theme import em, scaled


class FirstRunPage(QWidget):
    """One step. Pages hold nothing: they show the machine and change it.

    Attributes:
        body: Where a page puts its own.

    Signals:
        changed: Something was chosen, so whether one can go on may be another.
    """

    changed = Signal()

    def __init__(self, machine: FirstRun, heading: str, explanation: str) -> None:
        super().__init__()
        self.machine = machine
        unit = em(self.font())
        title = PlainLabel(heading)
        title.setFont(scaled(self.font(), 1.45, QFont.Weight.DemiBold))
        self.explanation = PlainLabel(explanation, role="muted")
        inside = QWidget()
        self.body = QVBoxLayout(inside)
        self.body.setContentsMargins(0, 0, round(unit * 0.3), 0)
        self.body.setSpacing(round(unit * 0.7))
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(inside)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(round(unit * 0.6))
        layout.addWidget(title)
        layout.addWidget(self.explanation)
        layout.addSpacing(round(unit * 0.4))
        layout.addWidget(scroll, 1)

    def refresh(self) -> None:
        """Show what the machine has; called each time the page comes into view."""

    def indent(self) -> int:
        """How far what belongs to a box stands in."""
        return round(em(self.font()) * 1.7)


def cleared(layout: QVBoxLayout) -> None:
    """Take everything out of a layout."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        inner = item.layout()
        if isinstance(inner, QVBoxLayout):
            cleared(inner)
