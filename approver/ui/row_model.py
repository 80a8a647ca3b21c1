"""What the tables of the pages have in common: rows, named columns, icons that are drawn once for each palette."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QIcon

from approver.ui.colours import colours_now
from approver.ui.icons import icon

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()


class RowModel(QAbstractTableModel):
    """A model of rows; who derives from it gives `titles` and `data`, and `shown` where it has rows of its own making.

    Attributes:
        rows: What is shown.

    Signals: none of its own.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[Any, ...] = ()
        self._icons: dict[tuple[str, str], QIcon] = {}

    def set_rows(self, rows: Sequence[Any]) -> None:
        """Show these. What has not changed stays as it is."""
        if tuple(rows) != self.rows:
            self.beginResetModel()
            self.rows = tuple(rows)
            self.endResetModel()

    @property
    def shown(self) -> Sequence[object]:
        """The rows."""
        return self.rows

    def titles(self) -> tuple[str, ...]:
        """The columns' names, from left to right."""
        return ()

    def dress(self) -> None:
        """Draw the icons anew: the colours are others."""
        self._icons.clear()

    def drawn(self, name: str, colour: str = "") -> QIcon:
        """An icon in this colour, or in that of text."""
        if (name, colour) not in self._icons:
            self._icons[name, colour] = icon(name, colour or colours_now().ink)
        return self._icons[name, colour]

    def rowCount(self, parent: Index = ROOT) -> int:
        """How many rows there are."""
        return 0 if parent.isValid() else len(self.shown)

    def columnCount(self, parent: Index = ROOT) -> int:
        """How many columns there are."""
        return 0 if parent.isValid() else len(self.titles())

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The columns' names."""
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        titles = self.titles()
        return titles[section] if 0 <= section < len(titles) else None

    def has(self, index: Index) -> bool:
        """Whether the index is that of a row."""
        return index.isValid() and 0 <= index.row() < len(self.shown)
