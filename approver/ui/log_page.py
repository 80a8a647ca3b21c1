"""The page with the log: filters and table above, the selected call below, the chain's state at its foot.

    filter bar ──filters──> reading (a thread) ──rows──> model ──> table ──selection──> reading ──story──> detail
    bridge: calls were judged ──> at most a few times a second, the newest rows are read again

While the person looks at the newest rows and has none selected, new ones appear there by themselves; otherwise nothing
moves, and a button says how many there are.
"""

import dataclasses
import functools
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from approver.clock import Clock
from approver.journal.reader import Reader
from approver.journal.records import Filters
from approver.ui.bridge import Bridge
from approver.ui.headings import page_title
from approver.ui.log_chain import LoadAnchor, LogChain
from approver.ui.log_detail import LogDetail
from approver.ui.log_export import LogExport
from approver.ui.log_filter_bar import FACETS, LogFilterBar
from approver.ui.log_model import MOST_LIVE_ROWS
from approver.ui.log_reading import LogReading
from approver.ui.log_story import Story, tell
from approver.ui.log_table import LogTable
from approver.ui.log_words import LogRow, rows_of
from approver.ui.plain_label import PlainLabel
from approver.ui.theme import em

FIRST_PAGE, NEXT_PAGE, LIVE_PAGE = 200, 500, 200
SOON_MILLISECONDS, SOMETIME_MILLISECONDS = 250, 2000
"""How long after a judged call, and how often anyway, the newest rows are read."""
SLOW_MILLISECONDS = 300
"""How long reading may take before the page says that it goes on."""
LOOK_BACK_SECONDS = 120.0
"""What became of a call is looked for among those of so long ago."""
_PAGE, _LIVE, _DETAIL = "page", "live", "detail"


class LogPage(QWidget):
    """Shows the journal at a path.

    Attributes:
        table, filter_bar, detail, chain, export: Its parts.
        may_make_rules: Asked each time a call is shown: whether somebody makes rules from calls.

    Signals:
        rule_wanted: Server, tool and arguments of the selected call.
        remembered_wanted: The id of the remembered answer that it was answered by.
    """

    rule_wanted = Signal(str, str, object)
    remembered_wanted = Signal(str)

    def __init__(self, bridge: Bridge, clock: Clock, journal: Path, load_anchor: LoadAnchor) -> None:
        super().__init__()
        self._clock = clock
        self._read_at: float | None = None
        self._held: list[LogRow] = []
        self._is_due = False
        self.may_make_rules: Callable[[], bool] = lambda: False
        self.reading = LogReading(journal, self)
        self._beside = LogReading(journal, self)  # what is quick need not wait for a search
        self.filter_bar = LogFilterBar(clock, self)
        self.table = LogTable(clock, self)
        self.detail = LogDetail(clock)
        self.chain = LogChain(journal, load_anchor, self)
        self.export = LogExport(journal, self)
        self._title = page_title(self.tr("Log"))
        self._new = QPushButton()
        self._export_button = QPushButton(self.tr("&Export…"))
        self._none = PlainLabel(role="muted")
        self._busy = PlainLabel(self.tr("Searching…"), role="muted", wraps=False)
        self._list = QStackedWidget()
        self._soon = QTimer(self)
        self._sometime = QTimer(self)
        self._slow = QTimer(self)
        self._lay_out()
        self._connect()
        for signal in (bridge.judged, bridge.question_opened, bridge.question_ended):
            signal.connect(self._something_happened)

    def add_bar(self, bar: QWidget) -> None:
        """Let a bar stand above the filters, for as long as it shows itself."""
        self._layout.insertWidget(1, bar)

    # -- reading ---------------------------------------------------------------------------------------------------

    def load(self) -> None:
        """Read the first page of what the filters admit."""
        filters, self._read_at = self.filter_bar.filters(), self._clock.now()
        self._hold([])
        self._slow.start()
        self.reading.drop(_LIVE)
        self.reading.ask(_PAGE, lambda reader: rows_of(reader.calls(filters, FIRST_PAGE)), self._loaded)

    def _loaded(self, rows: list[LogRow]) -> None:
        self._be_busy(False)
        self.table.log.set_rows(rows, has_more=len(rows) == FIRST_PAGE)
        self.table.scrollToTop()
        self._say_none("" if rows else self._why_none())

    def _load_more(self, before: int) -> None:
        filters = self.filter_bar.filters()
        self.reading.ask(_PAGE, lambda reader: rows_of(reader.calls(filters, NEXT_PAGE, before)), self._loaded_more)

    def _loaded_more(self, rows: list[LogRow]) -> None:
        self.table.log.append(rows, has_more=len(rows) == NEXT_PAGE)

    def _look_for_new(self) -> None:
        """Read the newest rows, unless that is being done."""
        if self._read_at is None or self.reading.is_asking(_PAGE) or self.reading.is_asking(_LIVE):
            return
        self._is_due = False
        filters, now = self.filter_bar.filters(), self._clock.now()
        since = max(self._read_at - LOOK_BACK_SECONDS, filters.since or 0.0)
        recent = dataclasses.replace(filters, since=since)

        def then(rows: list[LogRow]) -> None:
            self._read_at = now
            self._heard_of(rows)

        self.reading.ask(_LIVE, lambda reader: rows_of(reader.calls(recent, LIVE_PAGE)), then)

    def _heard_of(self, rows: list[LogRow]) -> None:
        if self.table.is_at_top and self.table.selected is None:
            self._take_in(rows)
        else:
            self._hold(rows)
            self.table.log.refresh(rows)
        if self._is_due:
            self._soon.start()

    def _take_in(self, rows: list[LogRow]) -> None:
        self._hold([])
        self.table.log.put_newest(rows, has_more=len(rows) == LIVE_PAGE)
        if self.table.log.rows:
            self._say_none("")

    def _hold(self, rows: list[LogRow]) -> None:
        """Keep new rows out of the table while the person looks at others, and say how many they are."""
        self._held = rows
        newest = self.table.log.rows[0].seq if self.table.log.rows else 0
        count = sum(row.seq > newest for row in rows)
        number = self.locale().toString(count) + ("+" if count == LIVE_PAGE else "")
        self._new.setText(self.tr("{count} new ↑").format(count=number))
        self._new.setVisible(count > 0)

    def _show_new(self) -> None:
        held = self._held
        self.table.clearSelection()
        self.table.scrollToTop()
        self._take_in(held)
        self.table.setFocus()

    def _failed(self, lane: str, sentence: str) -> None:
        if lane == _PAGE:
            self._be_busy(False)
            self.table.log.fetch_failed()
            if not self.table.log.rows:
                self._say_none(sentence)
                self._read_at = None

    # -- what happens ----------------------------------------------------------------------------------------------

    def stop(self) -> None:
        """Read, check and write nothing more."""
        for part in (self.reading, self._beside, self.chain, self.export):
            part.stop()

    def _something_happened(self, _: object) -> None:
        self._is_due = True
        if self.isVisible() and not self._soon.isActive():
            self._soon.start()

    def _look_sometime(self) -> None:
        if self._read_at is None:
            self.load()
        else:
            self._look_for_new()

    def _selection_changed(self) -> None:
        row = self.table.selected
        if row is not None:
            self._beside.ask(_DETAIL, lambda reader: (row, tell(reader, row)), self._told)

    def _told(self, found: tuple[LogRow, Story | None]) -> None:
        row, story = found
        if story is not None and self.table.selected is not None and self.table.selected.seq == row.seq:
            self.detail.may_make_rules = self.may_make_rules()
            self.detail.show_story(story)

    def _filters_changed(self) -> None:
        self.detail.show_nothing()
        self.load()

    def showEvent(self, event: QShowEvent) -> None:
        """Look again, and go on looking while it is seen."""
        super().showEvent(event)
        for name in FACETS:
            self._beside.ask(name, _values(name), functools.partial(self.filter_bar.set_choices, name))
        self._look_sometime()
        self._sometime.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest while nobody looks, and keep little."""
        super().hideEvent(event)
        self._sometime.stop()
        self._soon.stop()
        if len(self.table.log.rows) > MOST_LIVE_ROWS:
            self._read_at = None

    # -- building --------------------------------------------------------------------------------------------------

    def _be_busy(self, is_busy: bool) -> None:
        self._slow.stop()
        self._busy.setVisible(is_busy)

    def _say_none(self, sentence: str) -> None:
        self._none.setText(sentence)
        self._list.setCurrentIndex(1 if sentence else 0)

    def _why_none(self) -> str:
        if self.filter_bar.filters() == Filters():
            return self.tr("No call was recorded yet.")
        return self.tr("No recorded call matches these filters.")

    def _connect(self) -> None:
        self._soon.timeout.connect(self._look_for_new)
        self._slow.timeout.connect(lambda: self._be_busy(True))
        self._sometime.timeout.connect(self._look_sometime)
        self.reading.failed.connect(self._failed)
        self.filter_bar.changed.connect(self._filters_changed)
        self.table.log.page_wanted.connect(self._load_more)
        self.table.selection_changed.connect(self._selection_changed)
        self.table.top_reached.connect(self._look_for_new)
        self.detail.rule_wanted.connect(self.rule_wanted)
        self.detail.remembered_wanted.connect(self.remembered_wanted)
        self._new.clicked.connect(self._show_new)
        self._export_button.clicked.connect(lambda: self.export.ask(self.filter_bar.filters()))
        QShortcut(QKeySequence.StandardKey.Find, self, self.filter_bar.search.setFocus)
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self.table, self.table.clearSelection)
        escape.setContext(Qt.ShortcutContext.WidgetShortcut)

    def _lay_out(self) -> None:
        unit = em(self.font())
        self._soon.setSingleShot(True)
        self._soon.setInterval(SOON_MILLISECONDS)
        self._sometime.setInterval(SOMETIME_MILLISECONDS)
        self._slow.setSingleShot(True)
        self._slow.setInterval(SLOW_MILLISECONDS)
        self._busy.hide()
        self.table.setAccessibleName(self.tr("Recorded calls, newest first"))
        self._none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._new.hide()
        self._new.setAccessibleDescription(self.tr("Show the calls that were recorded meanwhile"))
        head = QHBoxLayout()
        head.setSpacing(round(unit * 0.6))
        head.addWidget(self._title)
        head.addWidget(self._busy, 1)
        head.addStretch(1)
        head.addWidget(self._new)
        head.addWidget(self._export_button)
        self._list.addWidget(self.table)
        self._list.addWidget(self._none)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setObjectName("log")
        self.table.setObjectName("log")
        splitter.addWidget(self._list)
        splitter.addWidget(self.detail)
        splitter.setStretchFactor(0, 1)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(round(unit * 0.9))
        splitter.setSizes([round(unit * 20), round(unit * 17)])
        self._layout = layout = QVBoxLayout(self)
        layout.setContentsMargins(*[round(unit * 1.2)] * 4)
        layout.setSpacing(round(unit * 0.7))
        layout.addLayout(head)
        layout.addWidget(self.filter_bar)
        layout.addWidget(splitter, 1)
        layout.addWidget(self.export)
        layout.addWidget(self.chain)


def _values(name: str) -> Callable[[Reader], list[str]]:
    return lambda reader: reader.values(name)
