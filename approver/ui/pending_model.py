"""The waiting calls as a table: questions go in, rows and roles come out. Identical calls share a row.

Which row a call stands in is decided in `approver.approvals.waiting_rows`; here Qt is told of it.
"""

import enum
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QGuiApplication, QIcon

from approver.approvals.presentation import short_name
from approver.approvals.waiting_rows import Alike, WaitingRows
from approver.catalog.risk import Tier, risk_of
from approver.model import PendingQuestion
from approver.ui.clock_words import moment, span
from approver.ui.icons import icon
from approver.ui.marks import drawable
from approver.ui.tier_badge import tier_words

QUESTION_ROLE = int(Qt.ItemDataRole.UserRole) + 1
"""The `PendingQuestion` of the row, the oldest where several are identical."""
TIER_ROLE = int(Qt.ItemDataRole.UserRole) + 2
"""The `Tier` of the row's tool."""
LONGEST_CELL = 80

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class Column(enum.IntEnum):
    """The columns, from left to right."""

    CLIENT = 0
    SERVER = 1
    TOOL = 2
    RISK = 3
    WAITS = 4
    CLOSES = 5
    SEEN = 6


class PendingModel(QAbstractTableModel):
    """The rows of the queue window's table.

    Attributes:
        calls: How many calls wait; identical ones count each.

    Signals: none of its own.
    """

    def __init__(self, now: Callable[[], float], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self._waiting = WaitingRows()
        self._icons: dict[Tier, QIcon] = {}
        self._ink = "#808080"

    @property
    def calls(self) -> int:
        """How many calls wait."""
        return self._waiting.calls

    def set_ink(self, colour: str) -> None:
        """Draw the tiers' icons in this colour."""
        self._ink = colour
        self._icons.clear()

    def set_questions(self, questions: Sequence[PendingQuestion]) -> None:
        """Begin with these."""
        self.beginResetModel()
        self._waiting = WaitingRows(questions)
        self.endResetModel()

    def add(self, question: PendingQuestion) -> None:
        """A question was opened; it stands with its like, or below the others of its client."""
        row, is_new = self._waiting.row_for(question)
        if is_new:
            self.beginInsertRows(_ROOT, row, row)
            self._waiting.add(question)
            self.endInsertRows()
        else:
            self._waiting.add(question)
            self._tell(row)

    def change(self, question: PendingQuestion) -> None:
        """Something about a question is new."""
        row = self._waiting.row_of(question.id)
        if row is not None:
            self._waiting.change(question)
            self._tell(row)

    def remove(self, question_id: str) -> None:
        """A question is over."""
        row = self._waiting.row_of(question_id)
        if row is None:
            return
        if self._waiting.count(row) == 1:
            self.beginRemoveRows(_ROOT, row, row)
            self._waiting.remove(question_id)
            self.endRemoveRows()
        else:
            self._waiting.remove(question_id)
            self._tell(row)

    def tick(self) -> None:
        """Let the clocks go on."""
        if len(self._waiting):
            self.dataChanged.emit(self.index(0, Column.WAITS), self.index(len(self._waiting) - 1, Column.CLOSES))

    def row_of(self, question_id: str | None) -> int | None:
        """Where a question stands now."""
        return self._waiting.row_of(question_id)

    def question_at(self, row: int) -> PendingQuestion | None:
        """The question of a row, the oldest where several are identical."""
        return self._waiting.first(row)

    def alike(self, question_id: str) -> Alike:
        """All that share a question's row, the oldest first."""
        return self._waiting.alike(question_id)

    def rowCount(self, parent: Index = _ROOT) -> int:
        """How many different calls wait."""
        return 0 if parent.isValid() else len(self._waiting)

    def columnCount(self, parent: Index = _ROOT) -> int:
        """How many columns there are."""
        return 0 if parent.isValid() else len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The columns' names."""
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        names = {
            Column.CLIENT: self.tr("Client"),
            Column.SERVER: self.tr("Server"),
            Column.TOOL: self.tr("Tool"),
            Column.RISK: self.tr("Risk"),
            Column.WAITS: self.tr("Client waits"),
            Column.CLOSES: self.tr("Closes"),
            Column.SEEN: self.tr("Seen"),
        }
        return names.get(Column(section)) if 0 <= section < len(Column) else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell shows, says and stands for."""
        question = self.question_at(index.row()) if index.isValid() else None
        if question is None:
            return None
        tier = risk_of(question.call.tool).tier
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(question, index.row(), Column(index.column()))
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{self.headerData(index.column(), Qt.Orientation.Horizontal)}: " + self._text(
                    question, index.row(), Column(index.column())
                )
            case Qt.ItemDataRole.DecorationRole if index.column() == Column.RISK:
                return self._icon(tier)
            case _ if role == QUESTION_ROLE:
                return question
            case _ if role == TIER_ROLE:
                return tier
        return None

    def _tell(self, row: int) -> None:
        self.dataChanged.emit(self.index(row, 0), self.index(row, len(Column) - 1))

    def _text(self, question: PendingQuestion, row: int, column: Column) -> str:
        caller, now = question.call.caller, self._now()
        match column:
            case Column.CLIENT:
                return _cell(caller.client)
            case Column.SERVER:
                return _cell(caller.server)
            case Column.TOOL:
                return _cell(question.call.tool)
            case Column.RISK:
                return tier_words(risk_of(question.call.tool).tier)
            case Column.WAITS:
                waits = question.waiting and question.patience_ends is not None
                return span((question.patience_ends or now) - now) if waits else self.tr("told pending")
            case Column.CLOSES:
                return moment(question.expires, now)
            case Column.SEEN:
                return f"×{self._waiting.count(row)}"

    def _icon(self, tier: Tier) -> QIcon:
        if tier not in self._icons:
            self._icons[tier] = icon(tier.value, self._ink)
        return self._icons[tier]


def _cell(name: str) -> str:
    """A stranger's name as a cell shows it."""
    return drawable(short_name(name, LONGEST_CELL), QGuiApplication.font())
