"""The foot of the dialog by itself."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot
from still_time import StillTime

from approver.ui.answer_bar import LONGEST_REASON, AnswerBar
from approver.ui.guard import InputGuard


@pytest.fixture
def bar(qtbot: QtBot, still: StillTime) -> AnswerBar:
    bar = AnswerBar(InputGuard(still.monotonic, 0.5))
    qtbot.addWidget(bar)
    bar.ask()
    bar.show()
    return bar


def texts(bar: AnswerBar) -> list[str]:
    return [one.text().replace("&", "") for one in bar.findChildren(QPushButton) if one.isVisibleTo(bar)]


def test_while_asking_the_three_verbs_stand_there(bar: AnswerBar) -> None:
    assert sorted(texts(bar)) == ["Allow once", "Decide later", "Deny"]


def test_while_an_answer_is_on_its_way_nothing_can_be_pressed(bar: AnswerBar) -> None:
    bar.wait()
    assert not bar.allow.isEnabled()
    assert not bar.deny.isEnabled()
    assert not bar.reason.isEnabled()


@pytest.mark.parametrize(("waiting", "text"), [(0, "Close"), (2, "Next waiting call")])
def test_after_the_end_there_is_one_way_on(bar: AnswerBar, waiting: int, text: str) -> None:
    bar.end(waiting)
    assert texts(bar) == [text]


def test_the_reason_is_bounded_and_begins_empty(bar: AnswerBar) -> None:
    bar.reason.setText("x" * (LONGEST_REASON + 50))
    assert len(bar.reason.text()) == LONGEST_REASON
    bar.ask()
    assert bar.reason.text() == ""


def test_the_note_about_an_ignored_press_goes_by_itself(qtbot: QtBot, bar: AnswerBar) -> None:
    bar.flash()
    assert bar.flashing == "Just appeared: click again"
    bar._flash_timer.timeout.emit()
    assert bar.flashing == ""


def test_the_note_moves_no_button(bar: AnswerBar) -> None:
    before = bar.allow.geometry()
    bar.flash()
    assert bar.allow.geometry() == before


def test_it_is_walked_by_the_keyboard_from_the_mild_to_the_grave(qtbot: QtBot, bar: AnswerBar) -> None:
    bar.activateWindow()
    qtbot.waitUntil(bar.isActiveWindow)
    bar.reason.setFocus()
    reached = []
    for _ in range(3):
        QTest.keyClick(bar.focusWidget(), Qt.Key.Key_Tab)
        reached.append(bar.focusWidget())
    assert reached[1:] == [bar.deny, bar.allow]


def test_field_and_buttons_say_what_they_are(bar: AnswerBar) -> None:
    assert bar.reason.accessibleName() == "Reason for the agent"
    assert bar.allow.accessibleDescription() != ""
    assert bar.deny.accessibleDescription() != ""
    assert [label.buddy() for label in bar.findChildren(QLabel) if label.buddy()] == [bar.reason]
