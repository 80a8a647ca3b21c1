"""The tools of a tried server as a table: what it listed goes in, rows with our own guess of the risk come out."""

import enum
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, Qt

from approver.approvals.presentation import short_name
from approver.catalog.risk import risk_of
from approver.ui.colours import colours_now
from approver.ui.row_model import Index, RowModel
from approver.ui.tier_badge import risk_words, tier_words

LONGEST_NAME, LONGEST_DESCRIPTION = 80, 300


class Column(enum.IntEnum):
    """The columns, from left to right."""

    TOOL = 0
    RISK = 1
    DESCRIPTION = 2


class TrialToolsModel(RowModel):
    """One row a tool, as listed.

    Attributes:
        tools: Name and description of each. Untrusted text.

    Signals: none of its own.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.tools: tuple[tuple[str, str], ...] = ()

    def set_tools(self, tools: Sequence[Mapping[str, Any]]) -> None:
        """Show these."""
        self.beginResetModel()
        self.tools = tuple((str(tool.get("name", "")), _first_line(tool.get("description"))) for tool in tools)
        self.endResetModel()

    @property
    def shown(self) -> Sequence[object]:
        """The rows."""
        return self.tools

    def titles(self) -> tuple[str, ...]:
        """The columns' names, from left to right."""
        return (
            self.tr("Tool"),
            self.tr("Risk, as we guess"),
            self.tr("The server says"),
        )

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell shows and says."""
        if not self.has(index):
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
                return self.drawn(risk.tier.value, colours_now().edge(risk.tier))
        return None


def _first_line(description: Any) -> str:
    lines = description.strip().splitlines() if isinstance(description, str) else []
    return lines[0] if lines else ""
