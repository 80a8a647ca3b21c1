"""The rows of a policy as a table model: `ToolRow`s go in; what is put into a cell comes out as a signal.

The model changes nothing itself: the page edits the text, reads it again, and the rows follow. So text and table never
say different things.
"""

import enum
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from approver.catalog.risk import risk_of
from approver.policy.globs import is_glob
from approver.policy.tool_rows import Kind, ToolRow, parse_limit
from approver.ui.plain_label import inert_tip
from approver.ui.tier_badge import risk_words, tier_words
from approver.ui.tool_uses import Uses, by_row
from approver.visible import make_visible

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
LONGEST_NAME = 80


class Column(enum.IntEnum):
    """The columns, from left to right."""

    TOOL = 0
    RISK = 1
    RULE = 2
    LIMIT = 3
    USES = 4


def kind_words(kind: Kind) -> str:
    """What the cell says."""
    words = {
        Kind.UNLISTED: QCoreApplication.translate("Rules", "Not listed"),
        Kind.ALLOW: QCoreApplication.translate("Rules", "Allow"),
        Kind.ASK: QCoreApplication.translate("Rules", "Ask"),
        Kind.DENY: QCoreApplication.translate("Rules", "Deny"),
        Kind.HIDE: QCoreApplication.translate("Rules", "Hide"),
        Kind.CUSTOM: QCoreApplication.translate("Rules", "Custom…"),
    }
    return words[kind]


class RulesModel(QAbstractTableModel):
    """One row a key, a hidden name, or a tool that is neither.

    Attributes:
        rows: What is shown.

    Signals:
        kind_wanted: A key and the `Kind` that its calls are to have.
        limit_wanted: A key and its limit; None: none.
    """

    kind_wanted = Signal(str, object)
    limit_wanted = Signal(str, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[ToolRow, ...] = ()
        self._used: Mapping[str, Uses] | None = None
        self._fault = ""
        self._uses: dict[str, Uses] = {}

    def set_rows(self, rows: Sequence[ToolRow]) -> None:
        """Show these. What has not changed stays as it is."""
        rows = tuple(rows)
        self._uses = by_row(self._used or {}, rows)
        if [row.key for row in rows] != [row.key for row in self.rows]:
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()
        elif rows != self.rows:
            self.rows = rows
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(Column) - 1))

    def set_uses(self, used: Mapping[str, Uses] | None, fault: str = "") -> None:
        """How often each tool was called; None: not known, or not to be known because of `fault`."""
        self._used, self._fault = used, fault
        self._uses = by_row(used or {}, self.rows)
        if self.rows:
            self.dataChanged.emit(self.index(0, Column.USES), self.index(len(self.rows) - 1, Column.USES))

    def rowCount(self, parent: Index = _ROOT) -> int:
        """How many there are."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        """The columns."""
        return 0 if parent.isValid() else len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The columns' names."""
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return (self.tr("Tool"), self.tr("Risk"), self.tr("Rule"), self.tr("Limit"), self.tr("7 days"))[section]

    def flags(self, index: Index) -> Qt.ItemFlag:
        """A rule can be changed unless a glob hides the tool; a limit where a rule stands."""
        flags = super().flags(index)
        if not index.isValid():
            return flags
        row = self.rows[index.row()]
        is_hidden_by_glob = row.kind is Kind.HIDE and bool(row.by)
        may_rule = index.column() == Column.RULE and not is_hidden_by_glob
        # a limit for an unlisted tool would list it, and so allow it
        may_limit = index.column() == Column.LIMIT and row.kind not in (Kind.UNLISTED, Kind.HIDE)
        is_editable = may_rule or (may_limit and not row.has_other_limits)
        return flags | Qt.ItemFlag.ItemIsEditable if is_editable else flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell says; for editing, the value behind it."""
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._words(row, Column(index.column()))
        if role == Qt.ItemDataRole.EditRole:
            return row.kind if index.column() == Column.RULE else self._words(row, Column(index.column()))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            header = self.headerData(index.column(), Qt.Orientation.Horizontal)
            return f"{header}: {self._words(row, Column(index.column()))}"
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == Column.USES:
            return inert_tip(make_visible(self._fault) or self._uses_in_words(row))
        if role == Qt.ItemDataRole.AccessibleDescriptionRole and index.column() == Column.USES:
            return make_visible(self._fault) or self._uses_in_words(row)
        if role == Qt.ItemDataRole.AccessibleDescriptionRole and index.column() == Column.RISK:
            return "" if is_glob(row.key) else risk_words(risk_of(row.key))
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Say what the person wants; the cell changes when the text has."""
        if role != Qt.ItemDataRole.EditRole or not self.flags(index) & Qt.ItemFlag.ItemIsEditable:
            return False
        row = self.rows[index.row()]
        if index.column() == Column.RULE:
            if not isinstance(value, Kind) or value is row.kind:
                return False
            self.kind_wanted.emit(row.key, value)
            return True
        limit = parse_limit(str(value))
        if limit == row.limit or (limit is None and str(value).strip()):
            return False
        self.limit_wanted.emit(row.key, limit)
        return True

    def _words(self, row: ToolRow, column: Column) -> str:
        if column is Column.TOOL:
            name = row.key if len(row.key) <= LONGEST_NAME else f"{row.key[:LONGEST_NAME]}…"
            return make_visible(name)
        if column is Column.RISK:
            if row.matches is not None:
                one, several = self.tr("matches 1 tool"), self.tr("matches {count} tools")
                return one if row.matches == 1 else several.format(count=row.matches)
            return tier_words(risk_of(row.key).tier)
        if column is Column.RULE:
            if not row.by:
                return kind_words(row.kind)
            words = self.tr("as {glob}") if row.kind is Kind.UNLISTED else self.tr("Hide, by {glob}")
            return words.format(glob=make_visible(row.by))
        if column is Column.USES:
            if self._used is None:
                return "?" if self._fault else "…"
            return self._uses.get(row.key, Uses()).in_short()
        return self._limit(row)

    def _uses_in_words(self, row: ToolRow) -> str:
        return self._uses.get(row.key, Uses()).in_words() if self._used is not None else ""

    def _limit(self, row: ToolRow) -> str:
        if row.has_other_limits:
            return self.tr("as in the text")
        if row.limit is None:
            return ""
        return f"{row.limit[0]} per {row.limit[1]}"  # as it can be typed, so not translated
