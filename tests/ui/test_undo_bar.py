"""What was just remembered can be taken back at a press, wherever the person looks."""

from fake_engine import FakeEngine, StillBridge
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from sample_standing import standing
from still_time import StillTime

from approver.events import AnswerNotRemembered
from approver.ui.front import Front
from approver.ui.undo_bar import UNDO_MILLISECONDS, UndoBar


def bar_of(qtbot: QtBot, bridge: StillBridge, still: StillTime) -> UndoBar:
    bar = UndoBar(bridge, still)
    qtbot.addWidget(bar)
    return bar


def test_it_comes_with_the_rule_and_stays_for_ten_seconds(
    qtbot: QtBot, engine: FakeEngine, bridge: StillBridge, still: StillTime
) -> None:
    bar = bar_of(qtbot, bridge, still)
    assert bar.isVisible() is False
    engine.remembered.make(standing())
    assert bar.isVisible()
    assert bar._text.text() == "Remembered: Tester may run write on files with any arguments, always."
    assert (bar._timer.isSingleShot(), bar._timer.interval(), UNDO_MILLISECONDS) == (True, 10_000, 10_000)
    bar._timer.timeout.emit()
    assert bar.isVisible() is False


def test_a_window_that_comes_to_be_meanwhile_has_it_for_the_rest_of_that_time(
    qtbot: QtBot, engine: FakeEngine, bridge: StillBridge, still: StillTime
) -> None:
    engine.remembered.make(standing())
    still.advance(4)
    late = bar_of(qtbot, bridge, still)
    assert (late.isHidden(), late._timer.interval()) == (False, 6_000)
    still.advance(6)
    assert bar_of(qtbot, bridge, still).isHidden()
    engine.remembered.revoke("abc234", "terminal")
    assert bridge.remembered.latest is None


def test_a_press_takes_it_back(qtbot: QtBot, engine: FakeEngine, bridge: StillBridge, still: StillTime) -> None:
    bar = bar_of(qtbot, bridge, still)
    engine.remembered.make(standing())
    QTest.mouseClick(bar.undo, Qt.MouseButton.LeftButton)
    assert engine.remembered.revoked == ["abc234"]
    assert engine.remembered.kept == {}
    assert bar.isVisible() is False


def test_it_goes_when_somebody_else_took_it_back(
    qtbot: QtBot, engine: FakeEngine, bridge: StillBridge, still: StillTime
) -> None:
    bar = bar_of(qtbot, bridge, still)
    engine.remembered.make(standing(name="first"))
    engine.remembered.make(standing(name="second"))
    engine.remembered.revoke("first", "terminal")
    assert bar.isVisible()
    engine.remembered.revoke("second", "terminal")
    assert bar.isVisible() is False


def test_what_could_not_be_remembered_is_told_with_nothing_to_undo(
    qtbot: QtBot, engine: FakeEngine, bridge: StillBridge, still: StillTime
) -> None:
    bar = bar_of(qtbot, bridge, still)
    engine.events.emit(AnswerNotRemembered("Nothing is remembered: the disk is full."))
    assert bar._text.text() == "Nothing is remembered: the disk is full."
    assert bar.undo.isVisible() is False


def test_list_and_dialog_have_one(engine: FakeEngine, front: Front) -> None:
    front.queue.show()
    engine.remembered.make(standing())
    assert front.queue.undo.isVisible()
    assert front.dialog.findChild(UndoBar) is not None
