"""The tools of a tried server as a table: what it listed goes in, rows with our own guess of the risk come out."""

import enum
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QIcon

from approver.approvals.presentation import short_name
from approver.catalog.risk import risk_of
from approver.ui.colours import colours_now
from approver.ui.icons import icon
from approver.ui.tier_badge import risk_words, tier_words

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
LONGEST_NAME, LONGEST_DESCRIPTION = 80, 300


class Column(enum.IntEnum):
    """The columns, from left to right."""

    TOOL = 0
    RISK = 1
    DESCRIPTION = 2


class TrialToolsModel(QAbstractTableModel):
    """One row a tool, as listed.

    Attributes:
        tools: Name and description of each. Untrusted text.

    Signals: none of its own.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.tools: tuple[tuple[str, str], ...] = ()
        self._icons: dict[str, QIcon] = {}

    def set_tools(self, tools: Sequence[Mapping[str, Any]]) -> None:
        """Show these."""
        self.beginResetModel()
        self.tools = tuple((str(tool.get("name", "")), _first_line(tool.get("description"))) for tool in tools)
        self.endResetModel()

    def dress(self) -> None:
        """Draw the icons anew: the colours are others."""
        self._icons.clear()

    def rowCount(self, parent: Index = _ROOT) -> int:
        """How many tools there are."""
        return 0 if parent.isValid() else len(self.tools)

    def columnCount(self, parent: Index = _ROOT) -> int:
        """How many columns there are."""
        return 0 if parent.isValid() else len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The columns' names."""
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        names = {
            Column.TOOL: self.tr("Tool"),
            Column.RISK: self.tr("Risk, as we guess"),
            Column.DESCRIPTION: self.tr("The server says"),
        }
        return names.get(Column(section)) if 0 <= section < len(Column) else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell shows and says."""
        if not index.isValid() or not 0 <= index.row() < len(self.tools):
            return None
        name, description = self.tools[index.row()]
        risk = risk_of(name)
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                texts = {
                    Column.TOOL: short_name(name, LONGEST_NAME),
                    Column.RISK: tier_words(risk.tier),
                    Column.DESCRIPTION: short_name(description, LONGEST_DESCRIPTION) if description else "",
                }
                return texts[Column(index.column())]
            case Qt.ItemDataRole.ToolTipRole if index.column() == Column.RISK:
                return risk_words(risk)
            case Qt.ItemDataRole.DecorationRole if index.column() == Column.RISK:
                return self._icon(risk.tier.value, colours_now().edge(risk.tier))
        return None

    def _icon(self, name: str, colour: str) -> QIcon:
        if name not in self._icons:
            self._icons[name] = icon(name, colour)
        return self._icons[name]


def _first_line(description: Any) -> str:
    lines = description.strip().splitlines() if isinstance(description, str) else []
    return lines[0] if lines else ""
