"""A table of whole rows."""

from PySide6.QtWidgets import QHeaderView
from pytestqt.qtbot import QtBot

from approver.model import Grant
from approver.ui.grants_model import Column, GrantsModel
from approver.ui.row_table import RowTable


def test_whole_rows_are_selected_and_the_rest_of_the_width_is_shared(qtbot: QtBot) -> None:
    model = GrantsModel()
    table = RowTable(model, "Grants", Column.NAME)
    qtbot.addWidget(table)
    model.set_grants([Grant("a", "x"), Grant("b", "y")])
    table.selectRow(1)
    assert {index.row() for index in table.selectedIndexes()} == {1}
    assert len(table.selectedIndexes()) == len(Column)
    header = table.horizontalHeader()
    assert header.sectionResizeMode(Column.NAME) is QHeaderView.ResizeMode.Stretch
    assert header.sectionResizeMode(Column.POLICY) is QHeaderView.ResizeMode.ResizeToContents
    assert table.accessibleName() == "Grants"
