"""The table of rules: its cells are edited by choosing and typing."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from approver.policy.tool_rows import Kind, ToolRow
from approver.ui.rules_model import Column
from approver.ui.rules_table import RulesTable


@pytest.fixture
def table(qtbot: QtBot) -> Iterator[RulesTable]:
    table = RulesTable()
    qtbot.addWidget(table)
    table.resize(700, 300)
    table.rules.set_rows((ToolRow("read", Kind.ALLOW, limit=(3, "day")), ToolRow("new", Kind.UNLISTED)))
    with qtbot.waitExposed(table):
        table.show()
    yield table


def open_editor(table: RulesTable, column: Column) -> None:
    index = table.rules.index(0, column)
    table.setCurrentIndex(index)
    table.edit(index)


def test_rows_are_found_by_a_part_of_their_key_and_the_chosen_one_stays(table: RulesTable) -> None:
    def shown() -> list[str]:
        return [one.key for row, one in enumerate(table.rules.rows) if not table.isRowHidden(row)]

    table.chosen = ""
    table.search(" NE")
    assert shown() == ["new"]
    table.rules.set_rows((ToolRow("renew", Kind.ALLOW), ToolRow("read", Kind.ALLOW), ToolRow("new", Kind.ALLOW)))
    assert shown() == ["renew", "new"]
    assert table.choose("read")
    assert shown() == ["renew", "read", "new"]
    table.search("x")
    assert shown() == ["read"]
    table.search("")
    assert shown() == ["renew", "read", "new"]


def test_a_rule_is_chosen_from_a_box(qtbot: QtBot, table: RulesTable) -> None:
    open_editor(table, Column.RULE)
    box = table.findChild(QComboBox)
    assert box.currentData() is Kind.ALLOW
    box.setCurrentIndex(box.findData(Kind.DENY))
    with qtbot.waitSignal(table.rules.kind_wanted) as wanted:
        box.activated.emit(box.currentIndex())
    assert wanted.args == ["read", Kind.DENY]


def test_arrow_keys_go_through_the_choices_and_return_chooses(qtbot: QtBot, table: RulesTable) -> None:
    open_editor(table, Column.RULE)
    box = table.findChild(QComboBox)
    qtbot.waitUntil(box.view().isVisible)
    with qtbot.assertNotEmitted(table.rules.kind_wanted):
        QTest.keyClick(box.view(), Qt.Key.Key_Down)
        QTest.keyClick(box.view(), Qt.Key.Key_Down)
    with qtbot.waitSignal(table.rules.kind_wanted) as wanted:
        QTest.keyClick(box.view(), Qt.Key.Key_Return)
    assert wanted.args == ["read", Kind.DENY]


def test_a_limit_is_typed(qtbot: QtBot, table: RulesTable) -> None:
    open_editor(table, Column.LIMIT)
    field = table.findChild(QLineEdit)
    assert field.text() == "3 per day"
    field.setText("4/hour")
    with qtbot.waitSignal(table.rules.limit_wanted) as wanted:
        QTest.keyClick(field, Qt.Key.Key_Return)
    assert wanted.args == ["read", (4, "hour")]


def test_the_tool_s_name_has_the_room_that_the_others_leave(table: RulesTable) -> None:
    assert sum(table.columnWidth(column) for column in Column) == table.viewport().width()


def test_the_chosen_row_stays_chosen_when_rows_come_and_go(qtbot: QtBot, table: RulesTable) -> None:
    with qtbot.waitSignal(table.key_chosen) as chosen:
        assert table.choose("new")
    assert chosen.args == ["new"]
    table.rules.set_rows((ToolRow("a", Kind.ASK), *table.rules.rows))
    assert table.currentIndex().row() == 2
    with qtbot.assertNotEmitted(table.key_chosen):
        assert not table.choose("gone")
    assert table.chosen == "new"
