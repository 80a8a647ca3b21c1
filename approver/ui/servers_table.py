"""The servers and how they fare, and below them what is wrong with those that are not there."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QSize, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QVBoxLayout, QWidget

from approver.approvals.presentation import short_name
from approver.model import ServerHealth
from approver.ui.colours import colours_now
from approver.ui.marks import drawable
from approver.ui.plain_label import PlainLabel
from approver.ui.servers_model import Column, ServersModel
from approver.ui.theme import em

LONGEST_FAULT = 300


class ServersTable(QWidget):
    """Shows `ServerHealth`.

    Attributes:
        model: The rows.

    Signals:
        activated: A server that the person wants to see more of.
    """

    activated = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = ServersModel(self)
        self._table = QTableView()
        self._faults = PlainLabel(role="warning")
        self._none = PlainLabel(
            self.tr("No server is configured yet. Take over those of your clients, or add one."), role="muted"
        )
        table = self._table
        table.setModel(self.model)
        table.setAccessibleName(self.tr("Servers"))
        table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setTabKeyNavigation(False)
        table.setShowGrid(False)
        table.verticalHeader().hide()
        table.horizontalHeader().hide()
        table.horizontalHeader().setSectionResizeMode(Column.NAME, QHeaderView.ResizeMode.ResizeToContents)
        table.horizontalHeader().setSectionResizeMode(Column.STATE, QHeaderView.ResizeMode.Stretch)
        self._faults.setAccessibleName(self.tr("What is wrong with servers"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(round(em(self.font()) * 0.4))
        layout.addWidget(self._none)
        layout.addWidget(table, 1)
        layout.addWidget(self._faults)
        layout.addStretch()
        table.activated.connect(self._activated)
        self._dress()
        self.set_servers(())

    def most_wanting(self, problems: Sequence[str]) -> str:
        """The server to be seen to first: one that is not there, or that a problem names; otherwise the first."""
        servers = self.model.servers
        wanting = [one.name for one in servers if one.fault or any(f'"{one.name}"' in words for words in problems)]
        return next(iter([*wanting, *(one.name for one in servers)]), "")

    def _activated(self, index: QModelIndex) -> None:
        self.activated.emit(self.model.servers[index.row()].name)

    def set_servers(self, servers: Sequence[ServerHealth]) -> None:
        """Show these."""
        self.model.set_servers(servers)
        faults = [f"{short_name(one.name)}: {short_name(one.fault, LONGEST_FAULT)}" for one in servers if one.fault]
        self._faults.setText(drawable("\n".join(faults), self.font()))
        self._faults.setVisible(bool(faults))
        self._none.setVisible(not servers)
        self._table.setVisible(bool(servers))

    def changeEvent(self, event: QEvent) -> None:
        """Another palette means other icons."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._dress()

    def _dress(self) -> None:
        self.model.set_ink(colours_now().ink)
        unit = em(self.font())
        self._table.verticalHeader().setDefaultSectionSize(round(unit * 1.9))
        self._table.setIconSize(QSize(round(unit), round(unit)))
        self._table.setMinimumHeight(round(unit * 5))
