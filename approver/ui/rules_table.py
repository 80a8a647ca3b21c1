"""The rules as a table, edited cell by cell: a choice for the rule, a short text for the limit."""

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from approver.policy.tool_rows import Kind
from approver.ui.rules_model import Column, RulesModel, kind_words
from approver.ui.theme import em

Index = QModelIndex | QPersistentModelIndex


class RulesTable(QTableView):
    """Shows a policy's rows.

    Attributes:
        rules: The model.
        chosen: The key of the row that is chosen; it stays chosen when rows come and go.

    Signals:
        key_chosen: Another key.
    """

    key_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rules = RulesModel(self)
        self.setModel(self.rules)
        self.setItemDelegate(_Delegate(self))
        self.setAccessibleName(self.tr("Rules of each tool"))
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setShowGrid(False)
        self.setProperty("role", "cells")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(
            triggers.DoubleClicked | triggers.EditKeyPressed | triggers.AnyKeyPressed | triggers.SelectedClicked
        )
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(Column.TOOL, QHeaderView.ResizeMode.Stretch)
        self.chosen = ""
        self._wanted = ""
        self.selectionModel().currentRowChanged.connect(self._row_chosen)
        self.rules.modelReset.connect(self._reset)
        self._size()

    def search(self, wanted: str) -> None:
        """Show only rows with this in their key, in either case, and the chosen one; nothing: all."""
        self._wanted = wanted.strip().casefold()
        for row, one in enumerate(self.rules.rows):
            self.setRowHidden(row, self._wanted not in one.key.casefold() and one.key != self.chosen)

    def _reset(self) -> None:
        self.search(self._wanted)
        self.choose(self.chosen)

    def choose(self, key: str) -> bool:
        """Choose the row of a key, and show it whatever is looked for; whether there is one."""
        row = next((row for row, one in enumerate(self.rules.rows) if one.key == key), None)
        if row is not None:
            self.setRowHidden(row, False)
            self.setCurrentIndex(self.rules.index(row, Column.TOOL))
        return row is not None

    def _row_chosen(self, current: QModelIndex) -> None:
        if current.isValid() and self.rules.rows[current.row()].key != self.chosen:
            self.chosen = self.rules.rows[current.row()].key
            self.key_chosen.emit(self.chosen)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The tool's name takes what the others leave."""
        super().resizeEvent(event)
        self._size()

    def _size(self) -> None:
        unit, metrics = em(self.font()), QFontMetricsF(self.font())
        self.verticalHeader().setDefaultSectionSize(round(unit * 2.1))
        for column, sample in (
            (Column.RISK, "matches 88 tools"),
            (Column.RULE, "as browser_tab_*"),
            (Column.LIMIT, "100 per minute"),
            (Column.USES, "128,000"),
        ):
            self.setColumnWidth(column, round(metrics.horizontalAdvance(sample) + unit * 1.4))


class _Delegate(QStyledItemDelegate):
    """Makes the editors. A rule is chosen by its data, never by its words."""

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """A box with the rules, or a field for the limit."""
        if index.column() != Column.RULE:
            field = QLineEdit(parent)
            field.setPlaceholderText(self.tr("10 per minute"))
            return field
        box = QComboBox(parent)
        for kind in Kind:
            box.addItem(kind_words(kind), kind)
        box.activated.connect(lambda: self._chosen(box))
        QTimer.singleShot(0, box.showPopup)  # otherwise an arrow key would choose, not go on in the list
        return box

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Begin with what is so now."""
        value = index.data(Qt.ItemDataRole.EditRole)
        if isinstance(editor, QComboBox):
            editor.setCurrentIndex(editor.findData(value))
        elif isinstance(editor, QLineEdit):
            editor.setText(value)

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """Tell the model what was chosen or typed."""
        if isinstance(editor, QComboBox):
            model.setData(index, editor.currentData())
        elif isinstance(editor, QLineEdit):
            model.setData(index, editor.text())

    def _chosen(self, box: QComboBox) -> None:
        self.commitData.emit(box)
        self.closeEditor.emit(box)
