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


def test_the_button_says_that_it_allows_what_was_edited_or_why_it_cannot(bar: AnswerBar) -> None:
    bar.set_edit(is_edited=True, fault="")
    assert "Allow as edited" in texts(bar)
    assert bar.allow.isEnabled()
    bar.set_edit(is_edited=True, fault="", count=4)
    assert "Allow one of 4 as edited" in texts(bar)
    bar.set_edit(is_edited=True, fault="Mend <b>1</b> problem first")
    assert not bar.allow.isEnabled()
    assert bar.flashing == "Mend <b>1</b> problem first"
    assert bar.allow.toolTip() == "<qt>Mend &lt;b&gt;1&lt;/b&gt; problem first</qt>"
    bar.flash()
    bar.set_edit(is_edited=False, fault="")
    assert bar.flashing == "Just appeared: click again"
    assert "Allow once" in texts(bar)
    assert bar.allow.isEnabled()


def test_a_refused_answer_can_be_given_anew_with_the_reason_kept(bar: AnswerBar) -> None:
    bar.reason.setText("Because.")
    bar.wait()
    bar.set_edit(is_edited=False, fault="")
    assert not bar.allow.isEnabled(), "an answer is on its way"
    bar.resume()
    assert bar.deny.isEnabled()
    assert bar.reason.text() == "Because."
