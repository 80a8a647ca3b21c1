"""The log as a table."""

import pytest
from PySide6.QtCore import QModelIndex, Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot
from sample_log_rows import row, rows
from still_time import NOON

from approver.ui.log_model import MOST_LIVE_ROWS, ROW_ROLE, Column, LogModel

ROOT = QModelIndex()


@pytest.fixture
def model(qtbot: QtBot) -> LogModel:
    model = LogModel(lambda: NOON)
    model.set_rows(rows(10, 5), has_more=True)
    return model


def seqs(model: LogModel) -> list[int]:
    return [one.seq for one in model.rows]


def test_it_is_a_sound_model_whatever_happens_to_it(model: LogModel, qtmodeltester: ModelTester) -> None:
    model.page_wanted.connect(lambda before: model.append(rows(before - 1, 3), has_more=before > 4))
    qtmodeltester.check(model)
    model.put_newest([row(11, id="q", is_open=True), *rows(10, 2)], has_more=True)
    model.put_newest([row(12, id="q"), *rows(10, 2)], has_more=True)
    model.refresh([row(12, id="q", latency=1.0)])
    model.put_newest(rows(MOST_LIVE_ROWS + 20, MOST_LIVE_ROWS), has_more=False)
    model.set_rows([], has_more=False)


def test_cells_say_what_became_of_a_call(model: LogModel) -> None:
    model.set_rows([row(1, outcome="denied_by_user", by="window", waited=6.2)], has_more=False)
    texts = [model.index(0, column).data() for column in Column]
    assert texts[1:] == ["Cursor", "git", "push", "denied by you", "you", "6.2 s asked"]
    outcome = model.index(0, Column.OUTCOME)
    assert not outcome.data(Qt.ItemDataRole.DecorationRole).isNull()
    assert outcome.data(Qt.ItemDataRole.AccessibleTextRole) == "Outcome: denied by you"
    assert outcome.data(ROW_ROLE).seq == 1
    assert model.headerData(Column.BY, Qt.Orientation.Horizontal) == "Decided by"
    assert model.headerData(99, Qt.Orientation.Horizontal) is None


def test_a_call_that_was_edited_is_marked(model: LogModel) -> None:
    model.set_rows([row(1, outcome="approved", by="window", is_edited=True)], has_more=False)
    assert model.index(0, Column.OUTCOME).data() == "approved, edited"


def test_the_next_page_is_asked_for_once(qtbot: QtBot, model: LogModel) -> None:
    asked: list[int] = []
    model.page_wanted.connect(asked.append)
    model.set_rows(rows(10, 5), has_more=True)
    assert model.canFetchMore(ROOT)
    model.fetchMore(ROOT)
    model.fetchMore(ROOT)
    assert asked == [6]
    assert not model.canFetchMore(ROOT)
    model.append(rows(5, 5), has_more=False)
    assert seqs(model) == list(range(10, 0, -1))
    assert not model.canFetchMore(ROOT)


def test_a_page_that_did_not_come_can_be_asked_for_again(model: LogModel) -> None:
    model.set_rows(rows(10, 5), has_more=True)
    model.fetchMore(ROOT)
    model.fetch_failed()
    assert model.canFetchMore(ROOT)


def test_new_rows_come_in_at_the_top(model: LogModel) -> None:
    assert model.put_newest(rows(12, 5), has_more=True) == 2
    assert seqs(model) == [12, 11, 10, 9, 8, 7, 6]
    assert model.canFetchMore(ROOT)
    assert model.put_newest([], has_more=False) == 0


def test_where_rows_are_missing_between_the_new_ones_take_all_places(model: LogModel) -> None:
    model.put_newest(rows(100, 5), has_more=True)
    assert seqs(model) == [100, 99, 98, 97, 96]
    assert model.canFetchMore(ROOT)


def test_few_new_rows_that_are_all_there_are_join_what_is_there(model: LogModel) -> None:
    """The reader was asked for what is recent, and all of it fitted on the page: nothing is missing between."""
    model.put_newest(rows(100, 2), has_more=False)
    assert seqs(model) == [100, 99, 10, 9, 8, 7, 6]


def test_a_later_state_takes_the_place_of_the_question(model: LogModel) -> None:
    asked = row(11, id="q", is_open=True, outcome="pending")
    model.put_newest([asked, *rows(10, 3)], has_more=True)
    model.put_newest([row(13, id="q"), row(12), *rows(10, 2)], has_more=True)
    assert seqs(model) == [13, 12, 10, 9, 8, 7, 6]


def test_what_became_of_a_call_is_filled_in(qtbot: QtBot, model: LogModel) -> None:
    with qtbot.waitSignal(model.dataChanged):
        model.refresh([row(9, latency=0.002), row(999)])
    assert model.index(1, Column.TOOK).data() == "2 ms"
    assert seqs(model) == [10, 9, 8, 7, 6]


def test_what_grows_at_the_top_is_cut_at_the_end(model: LogModel) -> None:
    model.set_rows(rows(MOST_LIVE_ROWS, MOST_LIVE_ROWS), has_more=False)
    model.put_newest(rows(MOST_LIVE_ROWS + 1, 3), has_more=True)
    assert len(model.rows) == MOST_LIVE_ROWS // 2
    assert model.rows[0].seq == MOST_LIVE_ROWS + 1
    assert model.canFetchMore(ROOT)


def test_rows_are_found_by_number(model: LogModel) -> None:
    assert [model.row_of(seq) for seq in (10, 6, 5, 11)] == [0, 4, None, None]
