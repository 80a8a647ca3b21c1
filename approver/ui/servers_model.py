"""The configured servers as a table: `ServerHealth` goes in, rows with words and an icon come out."""

import enum
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QIcon

from approver.approvals.presentation import short_name
from approver.model import ServerHealth
from approver.ui.icons import icon

LONGEST_CELL = 60
Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class Column(enum.IntEnum):
    """The columns, from left to right."""

    NAME = 0
    STATE = 1


class ServersModel(QAbstractTableModel):
    """One row a server, in the order of their names.

    Attributes:
        servers: What the rows show.

    Signals: none of its own.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.servers: tuple[ServerHealth, ...] = ()
        self._icons: dict[str, QIcon] = {}
        self._ink = "#808080"

    def set_ink(self, colour: str) -> None:
        """Draw the icons in this colour."""
        self._ink = colour
        self._icons.clear()

    def set_servers(self, servers: Sequence[ServerHealth]) -> None:
        """Show these. What has not changed stays as it is."""
        servers = tuple(servers)
        if [server.name for server in servers] != [server.name for server in self.servers]:
            self.beginResetModel()
            self.servers = servers
            self.endResetModel()
        elif servers != self.servers:
            self.servers = servers
            self.dataChanged.emit(self.index(0, 0), self.index(len(servers) - 1, len(Column) - 1))

    def rowCount(self, parent: Index = _ROOT) -> int:
        """How many servers there are."""
        return 0 if parent.isValid() else len(self.servers)

    def columnCount(self, parent: Index = _ROOT) -> int:
        """How many columns there are."""
        return 0 if parent.isValid() else len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The columns' names."""
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        names = {Column.NAME: self.tr("Server"), Column.STATE: self.tr("State")}
        return names.get(Column(section)) if 0 <= section < len(Column) else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell shows and says."""
        if not index.isValid() or not 0 <= index.row() < len(self.servers):
            return None
        server = self.servers[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return short_name(server.name, LONGEST_CELL) if index.column() == Column.NAME else self._state(server)
            case Qt.ItemDataRole.DecorationRole if index.column() == Column.STATE:
                return self._icon("warning" if server.fault else "allow" if server.clients else "ended")
        return None

    def _state(self, server: ServerHealth) -> str:
        if server.fault:
            return self.tr("not reached") if server.is_remote else self.tr("did not start, or ended")
        if server.clients == 1:
            return self.tr("1 client")
        if server.clients:
            return self.tr("{count} clients").format(count=server.clients)
        return self.tr("no client, runs elsewhere") if server.is_remote else self.tr("no client, so it rests")

    def _icon(self, name: str) -> QIcon:
        if name not in self._icons:
            self._icons[name] = icon(name, self._ink)
        return self._icons[name]
