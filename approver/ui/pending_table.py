"""The table of waiting calls: questions in, the selected one out. The selection follows a call, never a row.

No column is measured by its cells, because that would read every row with each call that comes or goes.
"""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetricsF
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from approver.approvals.waiting_rows import Alike
from approver.catalog.risk import Tier
from approver.clock import Clock
from approver.model import PendingQuestion
from approver.ui.colours import colours_now
from approver.ui.pending_model import Column, PendingModel
from approver.ui.theme import em, scaled
from approver.ui.tier_badge import tier_words

_SERVER_LETTERS = 15


class PendingTable(QTableView):
    """Shows a `PendingModel`, one row selected at most.

    Attributes:
        selected: The question of the selected row, the oldest of identical ones, or None.
        count: How many calls wait.
        rows: How many different ones.

    Signals:
        selection_changed: Another row is selected, or none.
    """

    selection_changed = Signal()

    def __init__(self, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pending = PendingModel(clock.now, self)
        self.setModel(self._pending)
        self.setAccessibleName(self.tr("Waiting calls by client, oldest first"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for column in (Column.CLIENT, Column.TOOL):  # names have no bounds, so they share what the others leave
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.selectionModel().selectionChanged.connect(lambda *_: self.selection_changed.emit())
        self._dress()

    @property
    def count(self) -> int:
        """How many calls wait."""
        return self._pending.calls

    @property
    def rows(self) -> int:
        """How many different calls wait."""
        return self._pending.rowCount()

    @property
    def selected(self) -> PendingQuestion | None:
        """The selected call."""
        rows = self.selectionModel().selectedRows()
        return self._pending.question_at(rows[0].row()) if rows else None

    def alike(self, question_id: str) -> Alike:
        """All that share a question's row, the oldest first."""
        return self._pending.alike(question_id)

    def set_questions(self, questions: Sequence[PendingQuestion]) -> None:
        """Begin with these."""
        self._pending.set_questions(questions)

    def add(self, question: PendingQuestion) -> None:
        """A question was opened."""
        self._pending.add(question)

    def change(self, question: PendingQuestion) -> None:
        """Something about a question is new."""
        self._pending.change(question)

    def remove(self, question_id: str) -> None:
        """A question is over."""
        self._pending.remove(question_id)

    def tick(self) -> None:
        """Let the clocks go on."""
        self._pending.tick()

    def deselect(self) -> None:
        """Select nothing. A current row would be followed by its neighbour when it goes."""
        self.selectionModel().clear()

    def select_first(self) -> None:
        """Select the oldest call."""
        if self.count:
            self.setCurrentIndex(self.model().index(0, 0))

    def sizeHint(self) -> QSize:
        """Room for some rows."""
        unit = em(self.font())
        return QSize(round(unit * 40), round(unit * 11))

    def changeEvent(self, event: QEvent) -> None:
        """Another palette means other icons, another font other sizes."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._pending.set_ink(colours_now().ink)
        elif event.type() is QEvent.Type.FontChange:
            self._dress()

    def _dress(self) -> None:
        self._pending.set_ink(colours_now().ink)
        unit = em(self.font())
        self.verticalHeader().setDefaultSectionSize(round(unit * 2))
        self.setIconSize(QSize(round(unit), round(unit)))
        metrics = QFontMetricsF(self.font())
        of_headings = QFontMetricsF(scaled(self.font(), 1.0, QFont.Weight.DemiBold))
        for column, words in self._widest().items():
            widest = max(metrics.horizontalAdvance(word) for word in words)
            widest = max(widest, of_headings.horizontalAdvance(self._heading(column)))
            self.horizontalHeader().resizeSection(column, round(widest + unit * 1.5))

    def _widest(self) -> dict[Column, list[str]]:
        """What is to fit into a column."""
        return {
            Column.SERVER: ["n" * _SERVER_LETTERS],
            Column.RISK: [tier_words(tier) + "nnn" for tier in Tier],  # with its icon
            Column.WAITS: [QCoreApplication.translate("PendingModel", "told pending")],
            Column.CLOSES: ["00:00:00"],
            Column.SEEN: ["×000"],
        }

    def _heading(self, column: Column) -> str:
        return str(self._pending.headerData(column, Qt.Orientation.Horizontal))
