"""The clients' files as a table: what the survey found goes in, rows with words come out."""

import enum
from typing import Any

from PySide6.QtCore import Qt

from approver.approvals.presentation import short_name
from approver.client_survey import ClientRow
from approver.ui.row_model import Index, RowModel
from approver.visible import make_visible


class Column(enum.IntEnum):
    """The columns, from left to right."""

    CLIENT = 0
    SERVERS = 1
    FILE = 2


class ClientsModel(RowModel):
    """One row a file, in the order in which clients are known.

    Attributes:
        rows: What the rows show.

    Signals: none of its own.
    """

    rows: tuple[ClientRow, ...]

    def titles(self) -> tuple[str, ...]:
        """The columns' names, from left to right."""
        return self.tr("Client"), self.tr("Its servers"), self.tr("File")

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell shows and says."""
        if not self.has(index):
            return None
        row = self.rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            match index.column():
                case Column.CLIENT:
                    return short_name(row.found.file.client.name)
                case Column.SERVERS:
                    return self.state_in_words(row)
            return make_visible(str(row.found.file.path))
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == Column.FILE:
            return make_visible(str(row.found.file.path))
        return None

    def state_in_words(self, row: ClientRow) -> str:
        """How many of its servers go through Approver."""
        count = len(row.found.entries)
        if row.found.mistake:
            return self.tr("cannot be read")
        if not count:
            return self.tr("no servers")
        if row.through == count:
            return self.tr("all through Approver ({count})").format(count=count)
        if not row.through:
            return self.tr("none through Approver (0 of {count})").format(count=count)
        return self.tr("{through} of {count} through Approver").format(through=row.through, count=count)
