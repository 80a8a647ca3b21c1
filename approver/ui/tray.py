"""The tray icon and its menu: the bridge's state goes in, wishes come out as signals.

There may be no tray, or it may come and go; so nothing is found here that the queue window does not have as well.
"""

import math
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from approver.approvals.presentation import short_name
from approver.approvals.standing_words import lifetime_words
from approver.clock import Clock
from approver.model import AnswerKind
from approver.ui.bridge import Bridge
from approver.ui.standstill_menu import add_standstill
from approver.ui.state_words import (
    Condition,
    address_in_words,
    condition_of,
    problem_in_words,
    state_in_words,
    waiting_in_words,
)
from approver.ui.tray_icon import MOST_COUNTED, tray_icon
from approver.ui.undo_bar import undo_seconds

LOOK_EVERY_MILLISECONDS = 2000
MOST_LOGINS = 3
"""More are on the page with the servers."""


class Tray(QObject):
    """Shows the icon wherever there is a tray for it.

    Attributes:
        menu: Built anew each time it is about to be shown.
        is_shown: Whether there is a tray, and the icon in it.
        log_page, settings_page: Keys of the pages that «Log…» and «Settings…» open; None: the menu has no such entry.

    Signals:
        open_asked: Show the main window.
        page_asked: Show the main window with the page of this key.
        problem_asked: Show the main window where something can be done about the problem with this sentence.
        login_asked: Show where the person logs in at the server with this name.
        review_asked: Show the dialog with the oldest waiting call.
        quit_asked: Quit, after asking if calls wait.
        message_clicked: The person clicked what `show_message` showed.
        availability_changed: A tray has come (True) or gone (False).
    """

    open_asked = Signal()
    page_asked = Signal(str)
    problem_asked = Signal(str)
    login_asked = Signal(str)
    review_asked = Signal()
    quit_asked = Signal()
    message_clicked = Signal()
    availability_changed = Signal(bool)

    def __init__(
        self,
        bridge: Bridge,
        clock: Clock,
        parent: QObject | None = None,
        *,
        is_available: Callable[[], bool] = QSystemTrayIcon.isSystemTrayAvailable,
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._clock = clock
        self._is_available = is_available
        self._shown: tuple[Condition, int] | None = None
        self.log_page: str | None = None
        self.settings_page: str | None = None
        self.menu = QMenu()
        self.menu.aboutToShow.connect(self._fill_menu)
        self._icon = QSystemTrayIcon(self)
        self._icon.setContextMenu(self.menu)
        self._icon.activated.connect(self._activated)
        self._icon.messageClicked.connect(self.message_clicked)
        self.is_shown = False
        self._look_timer = QTimer(self)
        self._look_timer.timeout.connect(self.look)
        for signal in (bridge.question_opened, bridge.question_ended, bridge.state_changed):
            signal.connect(lambda _: self.refresh())
        for signal in (bridge.started, bridge.stopped):
            signal.connect(self.refresh)

    @property
    def tooltip(self) -> str:
        """What the icon says when pointed at."""
        return self._icon.toolTip()

    def start(self) -> None:
        """Show the icon if there is a tray, and look again from time to time."""
        self._fill_menu()  # some panels ask for the menu before they announce that they show it
        self.refresh()
        self.look()
        self._look_timer.start(LOOK_EVERY_MILLISECONDS)

    def show_message(self, title: str, text: str, *, is_urgent: bool) -> None:
        """Show a message of the icon's own, for systems that have no better notifications."""
        icons = QSystemTrayIcon.MessageIcon
        self._icon.showMessage(title, text, icons.Warning if is_urgent else icons.Information)

    def stop(self) -> None:
        """Take the icon away."""
        self._look_timer.stop()
        self._icon.hide()

    def look(self) -> None:
        """See whether there is a tray now."""
        available = self._is_available()
        if available != self.is_shown:
            self.is_shown = available
            self._icon.setVisible(available)
            self.availability_changed.emit(available)

    def refresh(self) -> None:
        """Take icon and tooltip from the bridge's state."""
        waiting, state, runs = len(self._bridge.pending), self._bridge.state, self._bridge.is_running
        condition = condition_of(state, waiting, runs=runs)
        shown = (condition, min(waiting, MOST_COUNTED + 1))  # more than that looks the same
        if self._shown != shown:
            self._shown = shown
            self._icon.setIcon(tray_icon(condition, waiting))
        parts = [state_in_words(state, self._clock.now(), runs=runs)]
        if waiting:
            parts.insert(0, waiting_in_words(waiting))
        if state.problems:
            parts.append(self.tr("There is a problem: open Approver"))  # own words only: panels may read markup here
        self._icon.setToolTip("Approver\n" + "\n".join(parts))

    def _fill_menu(self) -> None:
        self.menu.clear()
        first = self.menu.addAction(self.tr("&Open Approver"))
        font = first.font()
        font.setBold(True)
        first.setFont(font)
        first.triggered.connect(self.open_asked)
        self.menu.setDefaultAction(first)
        self.menu.addSeparator()
        self._add_waiting()
        self._add_undo()
        self._add_state()
        self.menu.addSeparator()
        add_standstill(self.menu, self._bridge)
        self.menu.addSeparator()
        self._add_pages()
        self.menu.addAction(self.tr("&Quit Approver")).triggered.connect(self.quit_asked)

    def _add_waiting(self) -> None:
        count = len(self._bridge.pending)
        if count:
            text = (
                self.tr("&Waiting: 1 call…") if count == 1 else self.tr("&Waiting: {count} calls…").format(count=count)
            )
            self.menu.addAction(text).triggered.connect(self.review_asked)

    def _add_undo(self) -> None:
        latest = self._bridge.remembered.latest
        seconds = undo_seconds(latest, self._clock)
        if latest is None or not seconds:
            return
        allow, deny = (
            self.tr("&Undo: allow {tool}, {lifetime} ({seconds} s)"),
            self.tr("&Undo: deny {tool}, {lifetime} ({seconds} s)"),
        )
        text = (allow if latest.kind is AnswerKind.ALLOW else deny).format(
            tool=_for_menu(short_name(latest.tool)),
            lifetime=lifetime_words(latest, self._clock.now(), QCoreApplication.translate),
            seconds=math.ceil(seconds),
        )
        self.menu.addAction(text).triggered.connect(lambda: self._bridge.remembered.revoke(latest.id))

    def _add_state(self) -> None:
        state = self._bridge.state
        self.menu.addAction(address_in_words(state, runs=self._bridge.is_running)).setEnabled(False)
        if state.panic or state.paused:
            self.menu.addAction(state_in_words(state, self._clock.now(), runs=True)).setEnabled(False)
        for login in state.logins[:MOST_LOGINS]:
            text = self.tr("Log in to {server}…").format(server=_for_menu(short_name(login.server)))
            self.menu.addAction(text).triggered.connect(self._logging_in(login.server))
        if problem := problem_in_words(state):
            text = self.tr("Problem: {sentence}").format(sentence=_for_menu(problem))
            self.menu.addAction(text).triggered.connect(self._solving(problem))

    def _add_pages(self) -> None:
        if self.log_page is None and self.settings_page is None:
            return
        for key, text in ((self.log_page, self.tr("&Log…")), (self.settings_page, self.tr("&Settings…"))):
            if key is not None:
                self.menu.addAction(text).triggered.connect(self._asking_for(key))
        self.menu.addSeparator()

    def _solving(self, problem: str) -> Callable[[], None]:
        return lambda: self.problem_asked.emit(problem)

    def _logging_in(self, server: str) -> Callable[[], None]:
        return lambda: self.login_asked.emit(server)

    def _asking_for(self, key: str) -> Callable[[], None]:
        return lambda: self.page_asked.emit(key)

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in (QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick):
            self.open_asked.emit()


def _for_menu(text: str) -> str:
    return text.replace("&", "&&")
