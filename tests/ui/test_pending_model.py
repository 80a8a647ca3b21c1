"""The waiting calls as a table."""

import dataclasses

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QIcon
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot
from sample_questions import hostile, pushing, question, reading, writing
from still_time import StillTime

from approver.catalog.risk import Tier
from approver.ui.pending_model import QUESTION_ROLE, TIER_ROLE, Column, PendingModel

DISPLAY = Qt.ItemDataRole.DisplayRole


@pytest.fixture
def model(qtbot: QtBot, still: StillTime) -> PendingModel:
    return PendingModel(still.now)


def cell(model: PendingModel, row: int, column: Column, role: int = DISPLAY) -> object:
    return model.data(model.index(row, column), role)


def test_it_is_a_sound_model_through_a_whole_life(qtmodeltester: ModelTester, model: PendingModel) -> None:
    first, second, third = writing(), pushing(), hostile()
    qtmodeltester.check(model)
    model.set_questions([first])
    model.add(second)
    model.add(third)
    model.change(dataclasses.replace(second, waiting=True))
    model.tick()
    model.remove(first.id)
    model.remove("unknown")
    model.change(first)
    assert model.rowCount() == 2
    qtmodeltester.check(model)


def test_a_row_tells_who_what_where_how_risky_and_both_clocks(model: PendingModel, still: StillTime) -> None:
    model.set_questions([writing(), pushing()])
    assert [cell(model, 0, column) for column in list(Column)[:5]] == [
        "Claude Desktop", "filesystem", "write_file", "changes", "3:12",
    ]  # fmt: skip
    assert cell(model, 1, Column.RISK) == "sends out"
    assert cell(model, 1, Column.WAITS) == "told pending"
    assert cell(model, 0, Column.CLOSES) != ""
    still.advance(12)
    assert cell(model, 0, Column.WAITS) == "3:00"


def test_the_oldest_stands_first_and_new_ones_below(model: PendingModel) -> None:
    model.set_questions([writing()])
    newest = reading()
    model.add(newest)
    assert model.row_of(newest.id) == 1
    assert model.question_at(1) == newest
    assert model.question_at(2) is None
    assert model.row_of(None) is None


def test_the_question_and_its_tier_are_data_and_not_words(model: PendingModel) -> None:
    asked = hostile()
    model.set_questions([asked])
    assert cell(model, 0, Column.CLIENT, QUESTION_ROLE) == asked
    assert cell(model, 0, Column.CLIENT, TIER_ROLE) is Tier.DESTROYS


def test_a_stranger_s_text_stands_in_a_cell_visible_and_bounded(model: PendingModel) -> None:
    model.set_questions([question("t" * 500, client="\u202eevil\n")])
    assert cell(model, 0, Column.CLIENT) in ("⟨U+202E⟩evil␊", "⟨U+202E⟩evil↵")
    assert cell(model, 0, Column.TOOL) == "t" * 80 + "… (+420 characters)"


def test_screen_readers_hear_the_column_s_name_too(model: PendingModel) -> None:
    model.set_questions([writing()])
    assert cell(model, 0, Column.TOOL, Qt.ItemDataRole.AccessibleTextRole) == "Tool: write_file"


def test_only_the_risk_has_an_icon(model: PendingModel) -> None:
    model.set_questions([writing()])
    assert isinstance(cell(model, 0, Column.RISK, Qt.ItemDataRole.DecorationRole), QIcon)
    assert cell(model, 0, Column.TOOL, Qt.ItemDataRole.DecorationRole) is None


def test_there_are_no_tooltips_to_smuggle_markup_into(model: PendingModel) -> None:
    model.set_questions([hostile()])
    assert cell(model, 0, Column.CLIENT, Qt.ItemDataRole.ToolTipRole) is None


def test_beyond_its_edges_there_is_nothing(model: PendingModel) -> None:
    model.set_questions([writing()])
    assert model.data(QModelIndex()) is None
    assert model.rowCount(model.index(0, 0)) == 0
    assert model.columnCount(model.index(0, 0)) == 0
    assert model.headerData(99, Qt.Orientation.Horizontal) is None
    assert model.headerData(0, Qt.Orientation.Vertical) is None
    assert model.headerData(0, Qt.Orientation.Horizontal) == "Client"


def test_identical_calls_are_one_row_that_says_how_many(qtmodeltester: ModelTester, model: PendingModel) -> None:
    first, other, second = writing(), pushing(), writing()
    model.set_questions([first, other])
    qtmodeltester.check(model)
    assert cell(model, 0, Column.SEEN) == "×1"
    model.add(second)
    assert (model.rowCount(), model.calls) == (2, 3)
    assert cell(model, 0, Column.SEEN) == "×2"
    assert model.alike(second.id) == (first, second)
    model.remove(first.id)
    assert model.question_at(0) == second
    assert cell(model, 0, Column.SEEN) == "×1"
    qtmodeltester.check(model)


def test_a_row_that_counts_more_or_less_is_told_and_keeps_its_place(qtbot: QtBot, model: PendingModel) -> None:
    first, second = writing(), writing()
    model.set_questions([first, pushing()])
    with qtbot.waitSignal(model.dataChanged) as changed, qtbot.assertNotEmitted(model.rowsInserted):
        model.add(second)
    assert changed.args[0].row() == 0
    with qtbot.waitSignal(model.dataChanged), qtbot.assertNotEmitted(model.rowsRemoved):
        model.remove(first.id)
