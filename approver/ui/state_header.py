"""The head of the queue window: how many calls wait, what Approver does, what is wrong, how to stop it all."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QPushButton, QToolButton, QVBoxLayout, QWidget

from approver.clock import Clock
from approver.ui.bridge import Bridge
from approver.ui.held_off_bar import HeldOffBar
from approver.ui.plain_label import PlainLabel
from approver.ui.standstill_menu import fill_denying, fill_pausing
from approver.ui.state_words import Condition, condition_of, state_in_words, waiting_in_words
from approver.ui.theme import em, scaled
from approver.ui.tray_icon import tray_pixmap


class StateHeader(QWidget):
    """Shows the bridge's state in words and as the tray's icon.

    Attributes:
        held_off: Clients that ask too often.
        pause_menu, deny_menu: How long nobody is to be asked, or everything denied; built when about to be shown.

    Signals:
        quit_asked: Quit, after asking if calls wait.
    """

    quit_asked = Signal()

    def __init__(self, bridge: Bridge, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._clock = clock
        self._shown: tuple[Condition, int] | None = None
        self._problems_shown: tuple[str, ...] = ()
        self._icon = QLabel()
        self._title = PlainLabel(wraps=False)
        self._state = PlainLabel(role="muted")
        self._problems = QFrame()
        self._problem_text = PlainLabel()
        self.held_off = HeldOffBar()
        self.pause_menu, self.deny_menu = QMenu(self), QMenu(self)
        self._pause, self._deny = QToolButton(), QToolButton()
        self._resume = QPushButton(self.tr("Res&ume"))
        self._quit = QPushButton(self.tr("&Quit"))
        self._dress()
        self._connect()
        self._lay_out()
        self.refresh()

    def add_command(self, text: str) -> QPushButton:
        """A quiet button left of «Quit»."""
        button = QPushButton(text)
        button.setProperty("role", "quiet")
        self._row.insertWidget(self._row.indexOf(self._quit), button)
        return button

    def refresh(self) -> None:
        """Take everything from the bridge."""
        state, waiting, runs = self._bridge.state, len(self._bridge.pending), self._bridge.is_running
        condition = condition_of(state, waiting, runs=runs)
        if self._shown != (condition, waiting):
            self._shown = (condition, waiting)
            ratio = self.devicePixelRatioF()
            picture = tray_pixmap(condition, waiting, round(em(self.font()) * 2.4 * ratio))
            picture.setDevicePixelRatio(ratio)
            self._icon.setPixmap(picture)
            self._title.setText(waiting_in_words(waiting))
        self._state.setText(state_in_words(state, self._clock.now(), runs=runs))
        self._pause.setVisible(not (state.panic or state.paused))
        self._deny.setVisible(not state.panic)
        for button in (self._pause, self._deny):
            button.setEnabled(runs)
        self._resume.setVisible(state.panic or state.paused)
        if state.problems != self._problems_shown:
            self._problems_shown = state.problems
            self._problem_text.setText("\n".join(state.problems))
        self._problems.setVisible(bool(state.problems))
        self.held_off.show_clients(state.held_off, self._clock.now())

    def _dress(self) -> None:
        self._title.setFont(scaled(self.font(), 1.4, QFont.Weight.DemiBold))
        self._pause.setText(self.tr("&Pause asking"))
        self._pause.setAccessibleDescription(
            self.tr("What rules ask about is denied, for some time or until you resume")
        )
        self._deny.setText(self.tr("&Deny everything"))
        self._deny.setAccessibleDescription(self.tr("For some time, or until you resume"))
        for button, menu in ((self._pause, self.pause_menu), (self._deny, self.deny_menu)):
            button.setProperty("role", "menu")
            button.setMenu(menu)
            button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._resume.setAccessibleDescription(self.tr("Judge calls by the rules, and ask, again"))
        self._quit.setProperty("role", "quiet")
        self._problems.setProperty("role", "problem")
        self._problem_text.setAccessibleName(self.tr("Problems"))

    def _connect(self) -> None:
        self.pause_menu.aboutToShow.connect(lambda: _refill(self.pause_menu, self._bridge, fill_pausing))
        self.deny_menu.aboutToShow.connect(lambda: _refill(self.deny_menu, self._bridge, fill_denying))
        self._resume.clicked.connect(lambda: self._bridge.resume())
        self.held_off.ask_again.connect(self._bridge.ask_again)
        self._quit.clicked.connect(self.quit_asked)
        for signal in (self._bridge.question_opened, self._bridge.question_ended, self._bridge.state_changed):
            signal.connect(lambda _: self.refresh())
        for plain in (self._bridge.started, self._bridge.stopped):
            plain.connect(self.refresh)

    def _lay_out(self) -> None:
        unit = em(self.font())
        words = QVBoxLayout()
        words.setSpacing(round(unit * 0.1))
        words.addWidget(self._title)
        words.addWidget(self._state)
        self._row = row = QHBoxLayout()
        row.setSpacing(round(unit * 0.6))
        row.addWidget(self._icon)
        row.addSpacing(round(unit * 0.2))
        row.addLayout(words, 1)
        for button in (self._quit, self._resume, self._pause, self._deny):
            row.addWidget(button)
        problem_layout = QVBoxLayout(self._problems)
        problem_layout.setContentsMargins(*[round(unit * 0.7)] * 4)
        problem_layout.addWidget(self._problem_text)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(round(unit * 0.8))
        layout.addLayout(row)
        layout.addWidget(self._problems)
        layout.addWidget(self.held_off)


def _refill(menu: QMenu, bridge: Bridge, fill: Callable[[QMenu, Bridge], None]) -> None:
    menu.clear()
    fill(menu, bridge)
