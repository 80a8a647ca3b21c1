"""The secrets as a table: names, users and states go in, never a value; rows with words and an icon come out."""

import enum
from typing import Any

from PySide6.QtCore import Qt

from approver.approvals.presentation import short_name
from approver.secret_survey import Kept, SecretRow
from approver.ui.row_model import Index, RowModel
from approver.visible import make_visible

LONGEST_CELL = 80
_ICONS = {Kept.KEPT: "allow", Kept.MISSING: "warning", Kept.BROKEN: "warning", Kept.UNKNOWN: "ended"}


class Column(enum.IntEnum):
    """The columns, from left to right."""

    NAME = 0
    PLACE = 1
    STATE = 2
    USERS = 3


class SecretsModel(RowModel):
    """One row a secret.

    Attributes:
        rows: What is shown.

    Signals: none of its own.
    """

    rows: tuple[SecretRow, ...]

    def titles(self) -> tuple[str, ...]:
        """The columns' names, from left to right."""
        return (
            self.tr("Name"),
            self.tr("Where"),
            self.tr("State"),
            self.tr("Used by"),
        )

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell shows and says."""
        if not self.has(index):
            return None
        row = self.rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return self._words(row, Column(index.column()))
            case Qt.ItemDataRole.ToolTipRole if index.column() == Column.STATE and row.why:
                return make_visible(row.why)
            case Qt.ItemDataRole.DecorationRole if index.column() == Column.STATE:
                return self.drawn(_ICONS[row.kept])
        return None

    def _words(self, row: SecretRow, column: Column) -> str:
        match column:
            case Column.NAME:
                return short_name(row.name, LONGEST_CELL)
            case Column.PLACE:
                places = {
                    "keyring": self.tr("keyring"),
                    "env": self.tr("environment variable"),
                    "file": self.tr("file"),
                }
                return places[row.place]
            case Column.STATE:
                return self._state(row)
        return ", ".join(short_name(name) for name in row.users) if row.users else self.tr("nobody")

    def _state(self, row: SecretRow) -> str:
        words = {
            Kept.KEPT: self.tr("kept") if row.place == "keyring" else self.tr("there"),
            Kept.MISSING: self.tr("missing"),
            Kept.UNKNOWN: self.tr("cannot be told now"),
            Kept.BROKEN: self.tr("cannot be used"),
        }
        return words[row.kept]
