"""What was found in a pasted text, as a list with a tick each: `PastedServer`s go in, those to add come out."""

import shlex
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from approver.clients.pasted import PastedServer, renamed
from approver.model import HttpServer
from approver.servers import Server, covered
from approver.visible import make_visible

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


def way_in_words(server: Server) -> str:
    """How it is reached, whole: the exact command, or the address."""
    return server.url if isinstance(server, HttpServer) else shlex.join((server.command, *server.args))


class PastedModel(QAbstractListModel):
    """One row a server.

    Attributes:
        found: What the rows show.

    Signals:
        chosen_changed: A tick or a name is another.
    """

    chosen_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.found: tuple[PastedServer, ...] = ()
        self._taken: frozenset[str] = frozenset()
        self._ticked: list[bool] = []

    def set_found(self, found: Sequence[PastedServer], taken: Sequence[str]) -> None:
        """Show these; servers called as in `taken` are there already."""
        self.beginResetModel()
        self.found, self._taken = tuple(found), frozenset(taken)
        self._ticked = [one.is_enabled and not self.hindrance(row) for row, one in enumerate(self.found)]
        self.endResetModel()
        self.chosen_changed.emit()

    def rename(self, row: int, name: str) -> None:
        """Give one another name."""
        was_hindered = bool(self.hindrance(row))
        one = renamed(self.found[row], name)
        self.found = (*self.found[:row], one, *self.found[row + 1 :])
        if was_hindered or self.hindrance(row):
            self._ticked[row] = not self.hindrance(row)
        self.dataChanged.emit(self.index(0), self.index(len(self.found) - 1))
        self.chosen_changed.emit()

    @property
    def chosen(self) -> tuple[Server, ...]:
        """Those that are ticked."""
        ticked = (one.server for one, is_ticked in zip(self.found, self._ticked, strict=True) if is_ticked)
        return tuple(server for server in ticked if server is not None)

    def hindrance(self, row: int) -> str:
        """Why one cannot be added; empty where it can."""
        one = self.found[row]
        if one.mistakes:
            return " ".join(one.mistakes)
        if one.name in self._taken:
            return self.tr("There is a server of this name already. Give this one another name.")
        if any(one.name == other.name for other in self.found[:row]):
            return self.tr("Another one above has this name. Give this one another name.")
        return ""

    def rowCount(self, parent: Index = _ROOT) -> int:
        """How many were found."""
        return 0 if parent.isValid() else len(self.found)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """What can be added can be ticked."""
        flags = super().flags(index)
        if index.isValid() and not self.hindrance(index.row()):
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a row shows and says."""
        if not index.isValid() or not 0 <= index.row() < len(self.found):
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._words(index.row())
        if role == Qt.ItemDataRole.CheckStateRole:
            return Qt.CheckState.Checked if self._ticked[index.row()] else Qt.CheckState.Unchecked
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Tick, or take the tick away."""
        if role != Qt.ItemDataRole.CheckStateRole or not index.isValid() or self.hindrance(index.row()):
            return False
        self._ticked[index.row()] = Qt.CheckState(value) is Qt.CheckState.Checked
        self.dataChanged.emit(index, index, [role])
        self.chosen_changed.emit()
        return True

    def _words(self, row: int) -> str:
        one = self.found[row]
        lines = [make_visible(one.name)]
        if one.server is not None:
            lines.append(make_visible(way_in_words(one.server)))
            lines += [make_visible(line) for line in _values(one.server)]
        if hindrance := self.hindrance(row):
            lines.append(f"⚠ {make_visible(hindrance)}")
        lines += [f"• {make_visible(note)}" for note in one.notes]
        return "\n".join(lines)


def _values(server: Server) -> list[str]:
    values = server.headers if isinstance(server, HttpServer) else server.env
    sign = ": " if isinstance(server, HttpServer) else "="
    return [f"{name}{sign}{value}" for name, value in covered(values).items()]
