"""Answers that stand as rows of words, the newest first."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester
from sample_calls import caller
from sample_standing import asked, standing
from still_time import NOON

from approver.approvals.lapsed import time_words
from approver.approvals.standing_book import Kept
from approver.model import AnswerKind
from approver.standing_model import Lifetime, Reach, StandingState
from approver.ui.remembered_matches import Matches
from approver.ui.remembered_model import Column, RememberedModel

FIRST = Kept(standing(name="first"), StandingState("first", 1, uses=3, last_used=NOON))
SECOND = Kept(standing(AnswerKind.DENY, name="second"), StandingState("second", 2))
SESSION = Kept(standing(AnswerKind.ALLOW, Reach.TOOL, Lifetime.SESSION, name="session"), StandingState("session", 4))
VOID = Kept(standing(name="void"), StandingState("void", 3, is_void=True))


@pytest.fixture
def model(qapp: object) -> RememberedModel:
    return RememberedModel()


def row(model: RememberedModel, number: int) -> list[str]:
    return [model.data(model.index(number, column)) for column in Column]


def test_each_has_a_row_the_newest_first(model: RememberedModel) -> None:
    model.set_kept((FIRST, SECOND), NOON)
    made = time_words(NOON, NOON)
    assert row(model, 0) == [
        "deny", "write", "files", "Tester (local)", "with any arguments", "always", made, "never", "…",
    ]  # fmt: skip
    assert row(model, 1)[0] == "allow"
    assert row(model, 1)[Column.USED] == f"3×, last {made}"
    assert model.data(model.index(1, 0), Qt.ItemDataRole.UserRole) == "first"


def test_a_void_one_says_so_by_word_and_icon(model: RememberedModel) -> None:
    model.set_kept((VOID,), NOON)
    assert row(model, 0)[0] == "void"
    assert not model.data(model.index(0, 0), Qt.ItemDataRole.DecorationRole).isNull()


def test_one_for_the_session_says_so_in_two_words(model: RememberedModel) -> None:
    model.set_kept((SESSION,), NOON)
    assert row(model, 0)[Column.LIFETIME] == "this session"


def test_matches_come_later(model: RememberedModel) -> None:
    model.set_matches({})
    model.set_kept((FIRST,), NOON)
    model.set_matches({"first": Matches(7)})
    assert row(model, 0)[Column.WEEK] == "7 calls"
    assert model.week(SECOND) == "…"


def test_what_has_not_changed_stays_as_it_is(model: RememberedModel) -> None:
    resets: list[int] = []
    model.modelReset.connect(lambda: resets.append(1))
    for kept in ((FIRST,), (FIRST,), (), ()):
        model.set_kept(kept, NOON)
    assert len(resets) == 2


def test_names_are_made_visible(model: RememberedModel) -> None:
    hostile = standing(question=asked(by=caller(client="x\u202ey")))
    model.set_kept((Kept(hostile, StandingState("abc234", 1)),), NOON)
    assert row(model, 0)[Column.CLIENT] == "x⟨U+202E⟩y (local)"
    assert "⟨U+202E⟩" in model.rule(model.kept[0])


def test_qt_finds_nothing_wrong_with_it(model: RememberedModel, qtmodeltester: ModelTester) -> None:
    model.dress()
    model.set_kept((FIRST, SECOND, VOID), NOON)
    qtmodeltester.check(model)
    assert model.headerData(0, Qt.Orientation.Horizontal) == "Answer"
    assert model.headerData(0, Qt.Orientation.Vertical) is None
    assert model.data(model.index(9, 9)) is None
    assert model.data(model.index(0, 1), Qt.ItemDataRole.DecorationRole) is None
