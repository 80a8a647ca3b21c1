"""The waiting calls as a table, oldest first: questions go in, rows and roles come out. Rows are found by id."""

import enum
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QGuiApplication, QIcon

from approver.approvals.presentation import short_name
from approver.catalog.risk import Tier, risk_of
from approver.model import PendingQuestion
from approver.ui.clock_words import moment, span
from approver.ui.icons import icon
from approver.ui.marks import drawable
from approver.ui.tier_badge import tier_words

QUESTION_ROLE = int(Qt.ItemDataRole.UserRole) + 1
"""The `PendingQuestion` of the row."""
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


class PendingModel(QAbstractTableModel):
    """The rows of the queue window's table.

    Attributes: none of its own.

    Signals: none of its own.
    """

    def __init__(self, now: Callable[[], float], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self._questions: list[PendingQuestion] = []
        self._icons: dict[Tier, QIcon] = {}
        self._ink = "#808080"

    def set_ink(self, colour: str) -> None:
        """Draw the tiers' icons in this colour."""
        self._ink = colour
        self._icons.clear()

    def set_questions(self, questions: Sequence[PendingQuestion]) -> None:
        """Begin with these."""
        self.beginResetModel()
        self._questions = list(questions)
        self.endResetModel()

    def add(self, question: PendingQuestion) -> None:
        """A question was opened; it is the newest."""
        row = len(self._questions)
        self.beginInsertRows(_ROOT, row, row)
        self._questions.append(question)
        self.endInsertRows()

    def change(self, question: PendingQuestion) -> None:
        """Something about a question is new."""
        row = self.row_of(question.id)
        if row is not None:
            self._questions[row] = question
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(Column) - 1))

    def remove(self, question_id: str) -> None:
        """A question is over."""
        row = self.row_of(question_id)
        if row is not None:
            self.beginRemoveRows(_ROOT, row, row)
            del self._questions[row]
            self.endRemoveRows()

    def tick(self) -> None:
        """Let the clocks go on."""
        if self._questions:
            self.dataChanged.emit(self.index(0, Column.WAITS), self.index(len(self._questions) - 1, Column.CLOSES))

    def row_of(self, question_id: str | None) -> int | None:
        """Where a question stands now."""
        return next((row for row, question in enumerate(self._questions) if question.id == question_id), None)

    def question_at(self, row: int) -> PendingQuestion | None:
        """The question of a row."""
        return self._questions[row] if 0 <= row < len(self._questions) else None

    def rowCount(self, parent: Index = _ROOT) -> int:
        """How many calls wait."""
        return 0 if parent.isValid() else len(self._questions)

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
                return self._text(question, Column(index.column()))
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{self.headerData(index.column(), Qt.Orientation.Horizontal)}: " + self._text(
                    question, Column(index.column())
                )
            case Qt.ItemDataRole.DecorationRole if index.column() == Column.RISK:
                return self._icon(tier)
            case _ if role == QUESTION_ROLE:
                return question
            case _ if role == TIER_ROLE:
                return tier
        return None

    def _text(self, question: PendingQuestion, column: Column) -> str:
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

    def _icon(self, tier: Tier) -> QIcon:
        if tier not in self._icons:
            self._icons[tier] = icon(tier.value, self._ink)
        return self._icons[tier]


def _cell(name: str) -> str:
    """A stranger's name as a cell shows it."""
    return drawable(short_name(name, LONGEST_CELL), QGuiApplication.font())
