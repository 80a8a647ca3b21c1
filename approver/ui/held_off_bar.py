"""Clients that asked more than a person can answer: who, until when, and a button that has them asked about again."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from approver.approvals.presentation import quoted_if_odd
from approver.events import HeldOff
from approver.ui.clock_words import moment
from approver.ui.plain_label import PlainLabel
from approver.ui.theme import em


class HeldOffBar(QFrame):
    """A line for each client; hidden while there is none.

    Attributes:
        buttons: One for each client, in the order of the lines.

    Signals:
        ask_again: A client, by its name.
    """

    ask_again = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "problem")
        self._shown: tuple[HeldOff, ...] = ()
        self.buttons: list[QPushButton] = []
        self._lines: list[QWidget] = []
        unit = em(self.font())
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(*(round(unit * share) for share in (0.8, 0.4, 0.4, 0.4)))
        self._layout.setSpacing(round(unit * 0.5))
        self.hide()

    def show_clients(self, held_off: tuple[HeldOff, ...], now: float) -> None:
        """Show these."""
        if held_off == self._shown:
            return
        self._shown = held_off
        for line in self._lines:
            self._layout.removeWidget(line)
            line.hide()
            line.deleteLater()
        self._lines.clear()
        self.buttons.clear()
        for one in held_off:
            self._add(one, now)
        self.setVisible(bool(held_off))

    def _add(self, one: HeldOff, now: float) -> None:
        said = self.tr("{client} asks too often. What it asks further is denied until {time}.")
        text = said.format(client=quoted_if_odd(one.client), time=moment(one.until, now))
        button = QPushButton(self.tr("Ask me again"))
        button.setAccessibleDescription(text)
        button.setAutoDefault(False)
        button.clicked.connect(lambda: self.ask_again.emit(one.client))
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(PlainLabel(text), 1)
        row.addWidget(button)
        self._layout.addWidget(line)
        self._lines.append(line)
        self.buttons.append(button)
