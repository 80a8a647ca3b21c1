"""A table in which whole rows are selected, one at most, and nothing is edited: how pages of settings list things."""

from PySide6.QtCore import QAbstractItemModel, QSize, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from approver.ui.theme import em


class RowTable(QTableView):
    """Shows a model. Columns are as wide as what is in them, but for those that share the rest.

    Attributes: none of its own.

    Signals: none of its own.
    """

    def __init__(self, model: QAbstractItemModel, name: str, *stretched: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        unit = em(self.font())
        self.setModel(model)
        self.setAccessibleName(name)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setShowGrid(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(round(unit * 2.0))
        self.setIconSize(QSize(round(unit), round(unit)))
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        for column in stretched:
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
