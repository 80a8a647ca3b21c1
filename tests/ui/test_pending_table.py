"""The table of waiting calls."""

import pytest
from pytestqt.qtbot import QtBot
from sample_questions import pushing, reading, writing
from still_time import StillTime

from approver.ui.pending_table import PendingTable


@pytest.fixture
def table(qtbot: QtBot, still: StillTime) -> PendingTable:
    table = PendingTable(still)
    qtbot.addWidget(table)
    return table


def test_the_selection_follows_the_call_and_not_the_row(table: PendingTable) -> None:
    first, second, third = writing(), pushing(), reading()
    table.set_questions([first, second, third])
    table.selectRow(1)
    table.remove(first.id)
    assert table.selected == second


def test_the_first_is_selected_only_where_there_is_one(table: PendingTable) -> None:
    table.select_first()
    assert table.selected is None
    table.add(writing())
    table.select_first()
    assert table.selected is not None


def test_it_says_what_it_is(table: PendingTable) -> None:
    assert table.accessibleName() == "Waiting calls by client, oldest first"


def test_tab_leads_out_of_it(table: PendingTable) -> None:
    assert not table.tabKeyNavigation()


def test_a_change_and_the_clock_keep_the_selection(qtbot: QtBot, table: PendingTable) -> None:
    asked = writing()
    table.set_questions([asked])
    table.select_first()
    with qtbot.assertNotEmitted(table.selection_changed):
        table.change(asked)
        table.tick()
    assert table.count == 1
    assert table.sizeHint().isValid()
