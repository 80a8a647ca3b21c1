"""The table of recorded calls."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot
from sample_log_rows import row, rows
from still_time import NOON, StillTime

from approver.ui.log_model import Column
from approver.ui.log_table import LogTable


@pytest.fixture
def table(qtbot: QtBot, still: StillTime) -> Iterator[LogTable]:
    table = LogTable(still)
    qtbot.addWidget(table)
    table.log.set_rows(rows(500, 400), has_more=False)
    with qtbot.waitExposed(table):
        table.resize(800, 300)
        table.show()
    yield table
    table.hide()


def test_the_selected_row_follows_its_call(qtbot: QtBot, table: LogTable) -> None:
    assert table.selected is None
    with qtbot.waitSignal(table.selection_changed):
        table.selectRow(2)
    assert table.selected is not None
    assert table.selected.seq == 498
    table.log.put_newest([row(501), *rows(500, 2)], has_more=True)
    assert table.selected.seq == 498


def test_it_tells_when_the_newest_comes_into_view(qtbot: QtBot, table: LogTable) -> None:
    assert table.is_at_top
    table.scrollToBottom()
    assert not table.is_at_top
    with qtbot.waitSignal(table.top_reached):
        table.scrollToTop()
    assert table.is_at_top


def test_all_rows_are_equally_high(table: LogTable) -> None:
    assert len({table.rowHeight(number) for number in range(400)}) == 1


def test_calls_of_other_days_have_room_for_the_day(table: LogTable) -> None:
    narrow = table.columnWidth(Column.TIME)
    table.log.set_rows([row(1, at=NOON - 9 * 86_400)], has_more=False)
    assert table.columnWidth(Column.TIME) > narrow
