"""The table of recorded calls: shows a `LogModel`, tells which row is selected and whether the newest is in view."""

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from approver.clock import Clock
from approver.ui.colours import colours_now
from approver.ui.log_model import Column, LogModel
from approver.ui.log_words import LogRow, midnight
from approver.ui.theme import em

_WIDTHS = {Column.OUTCOME: 20, Column.TOOK: 15}
"""Letters that fit; columns are not measured, because that would read every row."""
_TIME, _TIME_AND_DAY = 11, 22


class LogTable(QTableView):
    """One row selected at most, all rows equally high.

    Attributes:
        log: The model.
        selected: The selected `LogRow`, or None.
        is_at_top: Whether the newest row is in view.

    Signals:
        selection_changed: Another row is selected, or none.
        top_reached: The newest row has come into view.
    """

    selection_changed = Signal()
    top_reached = Signal()

    def __init__(self, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self.log = LogModel(clock.now, self)
        self.setModel(self.log)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for column in (Column.CLIENT, Column.SERVER, Column.TOOL, Column.BY):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        for signal in (self.log.modelReset, self.log.rowsInserted):
            signal.connect(self._fit_time)
        self.selectionModel().selectionChanged.connect(lambda *_: self.selection_changed.emit())
        header.setSectionResizeMode(Column.TIME, QHeaderView.ResizeMode.Fixed)  # as wide as what is in view needs
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self._dress()

    @property
    def selected(self) -> LogRow | None:
        """The selected call."""
        rows = self.selectionModel().selectedRows()
        return self.log.rows[rows[0].row()] if rows else None

    @property
    def is_at_top(self) -> bool:
        """Whether the newest row is in view."""
        return self.verticalScrollBar().value() == 0

    def sizeHint(self) -> QSize:
        """Room for some rows."""
        unit = em(self.font())
        return QSize(round(unit * 40), round(unit * 11))

    def changeEvent(self, event: QEvent) -> None:
        """Another palette means other icons, another font other sizes."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self.log.set_ink(colours_now().ink)
        elif event.type() is QEvent.Type.FontChange:
            self._dress()

    def _scrolled(self, value: int) -> None:
        if value == 0:
            self.top_reached.emit()

    def _dress(self) -> None:
        self.log.set_ink(colours_now().ink)
        unit = em(self.font())
        self.verticalHeader().setDefaultSectionSize(round(unit * 2))
        self.setIconSize(QSize(round(unit), round(unit)))
        for column, letters in _WIDTHS.items():
            self._set_letters(column, letters)
        self._fit_time()

    def _fit_time(self) -> None:
        """Calls of other days have their day beside the time."""
        rows, now = self.log.rows, self._clock.now()
        is_long = bool(rows) and rows[-1].at < midnight(now)
        self._set_letters(Column.TIME, _TIME_AND_DAY if is_long else _TIME)

    def _set_letters(self, column: Column, letters: int) -> None:
        letter = QFontMetricsF(self.font()).averageCharWidth()
        self.horizontalHeader().resizeSection(column, round(letter * letters + em(self.font())))
