"""The log as a table, newest first, a page at a time: `LogRow`s go in, cells and roles come out.

What is not there yet is asked for by `page_wanted` when a view comes near the end. New rows are put in at the top, all
of a batch at once; where so many are new that they do not join what is there, they take its place.
"""

import enum
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QIcon

from approver.ui.icons import icon
from approver.ui.log_words import LogRow, by_words, outcome_icon, row_outcome_words, time_words, took_words

ROW_ROLE = int(Qt.ItemDataRole.UserRole) + 1
"""The `LogRow` of the row."""
MOST_LIVE_ROWS = 5000
"""What grows at the top is cut at the end beyond so many rows; the end can be had again."""

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class Column(enum.IntEnum):
    """The columns, from left to right."""

    TIME = 0
    CLIENT = 1
    SERVER = 2
    TOOL = 3
    OUTCOME = 4
    BY = 5
    TOOK = 6


class LogModel(QAbstractTableModel):
    """The rows that were read so far.

    Attributes:
        rows: Them, newest first.

    Signals:
        page_wanted: A row's number: the page before it is wanted.
    """

    page_wanted = Signal(object)

    def __init__(self, now: Callable[[], float], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self._ink = "#808080"
        self._icons: dict[str, QIcon] = {}
        self._rows: list[LogRow] = []
        self._open: dict[str, int] = {}
        self._has_more = self._is_fetching = False

    @property
    def rows(self) -> Sequence[LogRow]:
        """Every row, newest first."""
        return self._rows

    def set_ink(self, colour: str) -> None:
        """Draw the outcomes' icons in this colour."""
        self._ink = colour
        self._icons.clear()

    # -- rows come and go ------------------------------------------------------------------------------------------

    def set_rows(self, rows: Sequence[LogRow], *, has_more: bool) -> None:
        """Begin with these."""
        self.beginResetModel()
        self._rows = list(rows)
        self._open = {row.id: row.seq for row in rows if row.is_open}
        self._has_more, self._is_fetching = has_more, False
        self.endResetModel()

    def append(self, rows: Sequence[LogRow], *, has_more: bool) -> None:
        """The next page has come."""
        self._has_more, self._is_fetching = has_more, False
        rows = [row for row in rows if not self._rows or row.seq < self._rows[-1].seq]
        if rows:
            at = len(self._rows)
            self.beginInsertRows(_ROOT, at, at + len(rows) - 1)
            self._rows += rows
            self._open |= {row.id: row.seq for row in rows if row.is_open}
            self.endInsertRows()

    def fetch_failed(self) -> None:
        """The next page did not come; a view may ask again."""
        self._is_fetching = False

    def put_newest(self, rows: Sequence[LogRow], *, has_more: bool) -> int:
        """Bring in the newest rows, as they were read just now; returns how many had not been there."""
        newest = self._rows[0].seq if self._rows else 0
        fresh = [row for row in rows if row.seq > newest]
        if not self._rows or (rows and len(fresh) == len(rows) and has_more):
            self.set_rows(rows, has_more=has_more)
            return len(fresh)
        self._remove_superseded(fresh)
        self.refresh(rows)
        if fresh:
            self.beginInsertRows(_ROOT, 0, len(fresh) - 1)
            self._rows[:0] = fresh
            self._open |= {row.id: row.seq for row in fresh if row.is_open}
            self.endInsertRows()
            self._cut()
        return len(fresh)

    def refresh(self, rows: Sequence[LogRow]) -> None:
        """Of those that are here, take what is new about them: what became of a call is written after the call."""
        for row in rows:
            at = self.row_of(row.seq)
            if at is not None and self._rows[at] != row:
                self._rows[at] = row
                self.dataChanged.emit(self.index(at, 0), self.index(at, len(Column) - 1))

    def row_of(self, seq: int) -> int | None:
        """Where a row stands; None if it is not here."""
        low, high = 0, len(self._rows)
        while low < high:
            middle = (low + high) // 2
            if self._rows[middle].seq > seq:
                low = middle + 1
            else:
                high = middle
        return low if low < len(self._rows) and self._rows[low].seq == seq else None

    def _remove_superseded(self, fresh: Sequence[LogRow]) -> None:
        for row in fresh:
            at = self.row_of(self._open.pop(row.id)) if row.id in self._open else None
            if at is not None:
                self.beginRemoveRows(_ROOT, at, at)
                del self._rows[at]
                self.endRemoveRows()

    def _cut(self) -> None:
        if len(self._rows) > MOST_LIVE_ROWS:
            keep = MOST_LIVE_ROWS // 2
            self.beginRemoveRows(_ROOT, keep, len(self._rows) - 1)
            del self._rows[keep:]
            self.endRemoveRows()
            self._has_more, self._is_fetching = True, False

    # -- what views ask --------------------------------------------------------------------------------------------

    def canFetchMore(self, parent: Index) -> bool:
        """Whether there are older calls, and nobody is fetching them."""
        return not parent.isValid() and self._has_more and not self._is_fetching

    def fetchMore(self, parent: Index) -> None:
        """Ask for the next page; it comes later."""
        if self.canFetchMore(parent) and self._rows:
            self._is_fetching = True
            self.page_wanted.emit(self._rows[-1].seq)

    def rowCount(self, parent: Index = _ROOT) -> int:
        """How many calls were read so far."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        """How many columns there are."""
        return 0 if parent.isValid() else len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The columns' names."""
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        names = {
            Column.TIME: self.tr("Time"),
            Column.CLIENT: self.tr("Client"),
            Column.SERVER: self.tr("Server"),
            Column.TOOL: self.tr("Tool"),
            Column.OUTCOME: self.tr("Outcome"),
            Column.BY: self.tr("Decided by"),
            Column.TOOK: self.tr("Took"),
        }
        return names.get(Column(section)) if 0 <= section < len(Column) else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell shows, says and stands for."""
        if not index.isValid() or not 0 <= index.row() < len(self._rows):
            return None
        row, column = self._rows[index.row()], Column(index.column())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(row, column)
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{self.headerData(column, Qt.Orientation.Horizontal)}: {self._text(row, column)}"
            case Qt.ItemDataRole.DecorationRole if column is Column.OUTCOME:
                return self._icon(outcome_icon(row.outcome))
            case _ if role == ROW_ROLE:
                return row
        return None

    def _text(self, row: LogRow, column: Column) -> str:
        match column:
            case Column.TIME:
                return time_words(row.at, self._now())
            case Column.CLIENT:
                return row.client
            case Column.SERVER:
                return row.server
            case Column.TOOL:
                return row.tool
            case Column.OUTCOME:
                return row_outcome_words(row)
            case Column.BY:
                return by_words(row)
            case Column.TOOK:
                return took_words(row)

    def _icon(self, name: str) -> QIcon:
        if name not in self._icons:
            self._icons[name] = icon(name, self._ink)
        return self._icons[name]
