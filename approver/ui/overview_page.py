"""The page that says how things are: what waits, what was decided lately, the day in figures, the servers.

The bridge tells what waits and what Approver does; counts and recent calls are read from the log, on a thread of their
own, soon after something happened and only while the page is seen. It is what a person without a tray has.
"""

import time
from pathlib import Path

from PySide6.QtCore import QDateTime, QTime, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from approver.clock import Clock
from approver.journal.reader import Reader
from approver.journal.records import Filters, Tally
from approver.ui.bridge import Bridge
from approver.ui.day_counts import day_in_words
from approver.ui.headings import part_title
from approver.ui.hours_picture import COUNT, HOUR, HoursPicture, hours_of
from approver.ui.log_model import Column
from approver.ui.log_reading import LogReading
from approver.ui.log_table import LogTable
from approver.ui.log_words import LogRow, midnight, rows_of
from approver.ui.pending_table import PendingTable
from approver.ui.plain_label import PlainLabel
from approver.ui.servers_table import ServersTable
from approver.ui.state_header import StateHeader
from approver.ui.theme import em
from approver.ui.undo_bar import UndoBar

RECENT = 20
SOON_MILLISECONDS, TICK_MILLISECONDS = 500, 1000
COUNT_EVERY_SECONDS = 5.0
REST = 20
"""Counting rests this many times as long as it took."""
_RECENT, _COUNTS = "recent", "counts"


class OverviewPage(QWidget):
    """Shows everything at once.

    Attributes:
        header: State, problems, «Deny everything», «Quit».
        waiting, recent, servers, picture: Its parts.

    Signals:
        review_asked: Show the dialog with this question's id.
        queue_asked: Show the window with the waiting calls.
        log_asked: Show the log.
        server_asked: Show this server on its page; empty where there is none.
        clients_asked: Show which clients' servers can be taken over.
        quit_asked: Quit, after asking if calls wait.
    """

    review_asked = Signal(str)
    queue_asked = Signal()
    log_asked = Signal()
    server_asked = Signal(str)
    clients_asked = Signal()
    quit_asked = Signal()

    def __init__(self, bridge: Bridge, clock: Clock, journal: Path) -> None:
        super().__init__()
        self._bridge = bridge
        self._clock = clock
        self._count_at = 0.0
        self._is_due = True
        self.reading = LogReading(journal, self)
        self.header = StateHeader(bridge, clock, self)
        self.undo = UndoBar(bridge, clock, self)
        self.waiting = PendingTable(clock, self)
        self.recent = LogTable(clock, self)
        self.servers = ServersTable(self)
        self._servers = QPushButton(self.tr("&Servers…"))
        self.picture = HoursPicture(self)
        self._waiting_part = QWidget()
        self._no_calls = PlainLabel(
            self.tr("No call was recorded yet. What your clients call appears here."), role="muted"
        )
        self._today = PlainLabel(role="muted")
        self._review = QPushButton(self.tr("&Review…"))
        self._queue = QPushButton(self.tr("All &waiting calls…"))
        self._log = QPushButton(self.tr("&Open the log"))
        self._clients = QPushButton(self.tr("From your &clients…"))
        self._soon = QTimer(self)
        self._tick_timer = QTimer(self)
        self._lay_out()
        self._connect()
        self._show_waiting()

    # -- what waits ------------------------------------------------------------------------------------------------

    def _show_waiting(self) -> None:
        self.waiting.set_questions(self._bridge.pending)
        self._waiting_changed()

    def _waiting_changed(self) -> None:
        count = self.waiting.rows
        self._waiting_part.setVisible(count > 0)  # the header says in words that nothing waits
        unit = em(self.font())
        self.waiting.setFixedHeight(round(unit * (2.6 + 2 * min(max(count, 2), 5))))

    def _review_one(self) -> None:
        chosen = self.waiting.selected or next(iter(self._bridge.pending), None)
        if chosen is not None:
            self.review_asked.emit(chosen.id)

    def _ask_for_server(self) -> None:
        self.server_asked.emit(self.servers.most_wanting(self._bridge.state.problems))

    # -- what the log says -----------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read what is new."""
        self._is_due = False
        self._bridge.ask_servers()
        self.reading.ask(_RECENT, lambda reader: rows_of(reader.calls(Filters(), RECENT)), self._show_recent)
        if self._clock.monotonic() >= self._count_at and not self.reading.is_asking(_COUNTS):
            since = first_hour(self._clock.now())
            self.reading.ask(_COUNTS, lambda reader: _counted(reader, since), self._show_counts)

    def _show_recent(self, rows: list[LogRow]) -> None:
        log = self.recent.log
        if list(log.rows) != rows:
            log.set_rows(rows, has_more=False)
        self.recent.setVisible(bool(rows))
        self._no_calls.setVisible(not rows)

    def _show_counts(self, counted: tuple[float, list[Tally], float]) -> None:
        since, tallies, took = counted
        self._count_at = self._clock.monotonic() + max(COUNT_EVERY_SECONDS, REST * took)
        self.picture.set_hours(hours_of(since, tallies))
        first_of_today = (midnight(self._clock.now()) - since) / HOUR
        self._today.setText(day_in_words([tally for tally in tallies if tally.piece >= first_of_today]))

    # -- time ------------------------------------------------------------------------------------------------------

    def _something_happened(self) -> None:
        self._is_due = True
        if self.isVisible() and not self._soon.isActive():
            self._soon.start(SOON_MILLISECONDS)

    def _tick(self) -> None:
        self.header.refresh()
        self.waiting.tick()
        if self._is_due or self._clock.monotonic() >= self._count_at:
            self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Look at once, and go on looking while it is seen."""
        super().showEvent(event)
        self.header.refresh()
        self.refresh()
        self._tick_timer.start(TICK_MILLISECONDS)

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest while nobody looks."""
        super().hideEvent(event)
        self._tick_timer.stop()
        self._soon.stop()

    # -- building --------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        bridge = self._bridge
        for plain in (bridge.started, bridge.stopped):
            plain.connect(self._show_waiting)
        bridge.question_opened.connect(self.waiting.add)
        bridge.question_changed.connect(self.waiting.change)
        bridge.question_ended.connect(lambda ended: self.waiting.remove(ended.id))
        for changing in (bridge.question_opened, bridge.question_ended):
            changing.connect(lambda _: self._waiting_changed())
        for happening in (bridge.question_opened, bridge.question_ended, bridge.judged, bridge.state_changed):
            happening.connect(lambda _: self._something_happened())
        bridge.servers_told.connect(self.servers.set_servers)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.refresh)
        self._tick_timer.timeout.connect(self._tick)
        self.header.quit_asked.connect(self.quit_asked)
        self.waiting.activated.connect(lambda _: self._review_one())
        self._review.clicked.connect(self._review_one)
        self._queue.clicked.connect(self.queue_asked)
        self._log.clicked.connect(self.log_asked)
        self._clients.clicked.connect(self.clients_asked)
        self._servers.clicked.connect(self._ask_for_server)
        self.servers.activated.connect(self.server_asked)
        self.recent.activated.connect(lambda _: self.log_asked.emit())

    def _lay_out(self) -> None:
        unit = em(self.font())
        self.recent.setAccessibleName(self.tr("Recent calls, newest first"))
        self.recent.setMinimumHeight(round(unit * 9))
        for column_left_out in (Column.BY, Column.TOOK):
            self.recent.setColumnHidden(column_left_out, True)
        self._today.setAccessibleName(self.tr("Counts of today"))
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(round(unit * 0.6))
        column.addWidget(self._waiting_part)
        column.addLayout(self._headed(self.tr("Calls in the last 24 hours")))
        column.addWidget(self.picture, 1)
        column.addWidget(self._today)
        column.addSpacing(round(unit * 0.6))
        column.addLayout(self._lower(), 2)
        waiting = QVBoxLayout(self._waiting_part)
        waiting.setContentsMargins(0, 0, 0, round(unit * 0.6))
        waiting.setSpacing(round(unit * 0.6))
        waiting.addLayout(self._headed(self.tr("Waiting for you"), self._queue, self._review))
        waiting.addWidget(self.waiting)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(body)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[round(unit * 1.2)] * 4)
        layout.setSpacing(round(unit * 0.9))
        layout.addWidget(self.header)
        layout.addWidget(self.undo)
        layout.addWidget(scroll, 1)

    def _lower(self) -> QGridLayout:
        unit = em(self.font())
        grid = QGridLayout()
        grid.setHorizontalSpacing(round(unit * 1.2))
        grid.setVerticalSpacing(round(unit * 0.5))
        grid.addLayout(self._headed(self.tr("Recent calls"), self._log), 0, 0)
        grid.addLayout(self._headed(self.tr("Servers"), self._clients, self._servers), 0, 1)
        recent = QVBoxLayout()
        recent.addWidget(self._no_calls)
        self.recent.hide()
        recent.addWidget(self.recent, 1)
        recent.addStretch()
        grid.addLayout(recent, 1, 0)
        grid.addWidget(self.servers, 1, 1)
        grid.setRowStretch(1, 1)
        grid.setColumnStretch(0, 7)
        grid.setColumnStretch(1, 4)
        return grid

    def _headed(self, heading: str, *widgets: QWidget) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(round(em(self.font()) * 0.6))
        row.addWidget(part_title(heading))
        row.addStretch(1)
        for widget in widgets:
            row.addWidget(widget)
        return row


def first_hour(now: float) -> int:
    """When the oldest of the last hours began, this one included, by the person's clock."""
    moment = QDateTime.fromSecsSinceEpoch(int(now))
    this_hour = QDateTime(moment.date(), QTime(moment.time().hour(), 0)).toSecsSinceEpoch()
    return this_hour - (COUNT - 1) * HOUR


def _counted(reader: Reader, since: float) -> tuple[float, list[Tally], float]:
    began = time.perf_counter()
    tallies = reader.tallies(since, HOUR)
    return since, tallies, time.perf_counter() - began
