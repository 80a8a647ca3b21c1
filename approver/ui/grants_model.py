"""The grants as a table: `Grant`s and when each was last used go in, rows with words come out."""

import enum
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject, Qt

from approver.approvals.presentation import short_name
from approver.model import ALL_SERVERS, Grant
from approver.ui.clock_words import moment
from approver.ui.row_model import Index, RowModel
from approver.visible import make_visible

LONGEST_CELL = 80


class Column(enum.IntEnum):
    """The columns, from left to right."""

    NAME = 0
    SERVERS = 1
    POLICY = 2
    CREATED = 3
    LAST_USED = 4


def created_at(grant: Grant) -> float | None:
    """When it was made, seconds since the epoch; None where the file does not say."""
    try:
        return datetime.fromisoformat(grant.created).timestamp()
    except ValueError:
        return None


class GrantsModel(RowModel):
    """One row a grant, in the order of the file.

    Attributes:
        grants: What the rows show.

    Signals: none of its own.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.grants: tuple[Grant, ...] = ()
        self._used: Mapping[str, float | None] = {}
        self._now = 0.0

    def set_grants(self, grants: Sequence[Grant]) -> None:
        """Show these. What has not changed stays as it is."""
        if tuple(grants) != self.grants:
            self.beginResetModel()
            self.grants = tuple(grants)
            self.endResetModel()

    def set_used(self, used: Mapping[str, float | None], now: float) -> None:
        """When each was last used; None: never, as far as the log tells. What is absent is not known yet."""
        self._used, self._now = used, now
        if self.grants:
            last = len(self.grants) - 1
            self.dataChanged.emit(self.index(0, Column.CREATED), self.index(last, Column.LAST_USED))

    @property
    def shown(self) -> Sequence[object]:
        """The rows."""
        return self.grants

    def titles(self) -> tuple[str, ...]:
        """The columns' names, from left to right."""
        return (
            self.tr("Client"),
            self.tr("May use"),
            self.tr("By the rules of"),
            self.tr("Made"),
            self.tr("Last call"),
        )

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell shows and says."""
        if not self.has(index):
            return None
        grant = self.grants[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._words(grant, Column(index.column()))
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == Column.SERVERS:
            return self.servers_in_words(grant)
        return None

    def servers_in_words(self, grant: Grant) -> str:
        """Which servers it is for."""
        if grant.servers == (ALL_SERVERS,):
            return self.tr("all servers")
        return ", ".join(make_visible(name) for name in grant.servers or (grant.server,))

    def _words(self, grant: Grant, column: Column) -> str:
        match column:
            case Column.NAME:
                name = short_name(grant.name, LONGEST_CELL)
                return name if grant.token_sha256 else self.tr("{name} (no token)").format(name=name)
            case Column.SERVERS:
                return self.servers_in_words(grant)
            case Column.POLICY:
                return short_name(grant.policy, LONGEST_CELL) if grant.policy else self.tr("each server")
            case Column.CREATED:
                at = created_at(grant)
                return moment(at, self._now) if at is not None else short_name(grant.created, LONGEST_CELL)
        if grant.name not in self._used:
            return "…"
        used = self._used[grant.name]
        return self.tr("never") if used is None else moment(used, self._now)
