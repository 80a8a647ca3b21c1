"""The pane with everything about a call."""

import dataclasses

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QLabel
from pytestqt.qtbot import QtBot
from sample_questions import hostile, question, writing
from still_time import NOON

from approver.approvals.presentation import present
from approver.ui.call_pane import CallPane
from approver.ui.outline_view import OutlineView


@pytest.fixture
def pane(qtbot: QtBot) -> CallPane:
    pane = CallPane()
    qtbot.addWidget(pane)
    pane.resize(600, 700)
    pane.show()
    return pane


def labels(pane: CallPane) -> str:
    return "\n".join(label.text() for label in pane.findChildren(QLabel) if label.isVisible())


def button(pane: CallPane, text: str) -> QAbstractButton:
    return next(one for one in pane.findChildren(QAbstractButton) if one.text() == text)


def details(pane: CallPane) -> OutlineView:
    return pane._more.view


def test_who_wants_what_where_and_why(pane: CallPane) -> None:
    pane.show_question(writing(), NOON)
    assert pane._sentence.text == "Claude Desktop wants to run write_file on filesystem"
    assert "Writing outside of projects needs a look. (rule /tools/write_file/require_approval/always)" in labels(pane)


def test_what_stands_there_is_the_presentation(pane: CallPane) -> None:
    asked = writing()
    pane.show_question(asked, NOON)
    assert pane.presentation == present(asked)


def test_the_same_text_again_is_no_change(qtbot: QtBot, pane: CallPane) -> None:
    asked = writing()
    pane.show_question(asked, NOON)
    with qtbot.assertNotEmitted(pane.content_changed):
        pane.show_question(dataclasses.replace(asked, patience_ends=None, waiting=False), NOON)
    with qtbot.waitSignal(pane.content_changed):
        pane.show_question(writing(), NOON)


def test_marks_are_counted_in_words(pane: CallPane) -> None:
    pane.show_question(question(arguments={"x": "\u202e"}), NOON)
    assert "holds 1 invisible or misleading character," in labels(pane)
    pane.show_question(hostile(), NOON)
    assert "holds 5 invisible or misleading characters," in labels(pane)
    pane.show_question(writing(), NOON)
    assert "invisible" not in labels(pane)


def test_names_that_differ_only_in_case_are_pointed_out(pane: CallPane) -> None:
    pane.show_question(question(arguments={"path": "/tmp/a", "PATH": "/etc/passwd"}), NOON)
    assert "Names that differ only in case: “path” and “PATH”." in labels(pane)
    pane.show_question(writing(), NOON)
    assert "differ only in case" not in labels(pane)


def test_details_are_closed_at_first_and_hold_the_rest(qtbot: QtBot, pane: CallPane) -> None:
    pane.show_question(writing(), NOON)
    assert not pane._more.isVisible()
    with qtbot.waitSignal(pane.details_toggled):
        button(pane, "Tool description and details").click()
    assert pane._more.isVisible()
    text = details(pane).toPlainText()
    assert "Create a new file or completely overwrite" in text
    for label in ("Client", "Started by process", "Grant", "Rule", "Call digest"):
        assert label in text
    pane.show_question(hostile(), NOON)
    assert not pane._more.isVisible()


def test_the_server_s_words_cannot_pass_for_facts(pane: CallPane) -> None:
    pane.show_question(hostile(), NOON)
    button(pane, "Tool description and details").click()
    lines = details(pane).toPlainText().split("\n")
    assert len([line for line in lines if line.startswith("Client ") and "calls itself" not in line]) == 1
    assert "│ Client: Approver itself" in [line.replace("\u200e", "") for line in lines]


def test_covered_values_are_shown_on_demand_and_covered_again_with_the_next_call(pane: CallPane) -> None:
    secret = question(arguments={"password": "hunter2"})
    pane.show_question(secret, NOON)
    assert "hunter2" not in pane.arguments.view.toPlainText()
    button(pane, "Show covered values").click()
    assert "hunter2" in pane.arguments.view.toPlainText()
    button(pane, "Cover values").click()
    assert "hunter2" not in pane.arguments.view.toPlainText()
    button(pane, "Show covered values").click()
    pane.show_question(question(arguments={"password": "swordfish"}), NOON)
    assert "swordfish" not in pane.arguments.view.toPlainText()


def test_nothing_to_uncover_is_not_offered(pane: CallPane) -> None:
    pane.show_question(writing(), NOON)
    assert not button(pane, "Show covered values").isVisible()


def test_copy_takes_what_is_shown_in_full(pane: CallPane) -> None:
    asked = question(arguments={"x": "y" * 10_000, "password": "hunter2"})
    pane.show_question(asked, NOON)
    button(pane, "Copy").click()
    assert QGuiApplication.clipboard().text() == present(asked).arguments_text


def test_clocks_go_on_and_end_in_a_note(pane: CallPane) -> None:
    pane.show_question(question(patience=60.0), NOON)
    pane.tick(NOON + 15)
    assert "waits 0:45 more" in pane.clocks.text()
    pane.end_clocks("Time ran out.")
    assert pane.clocks.text() == "Time ran out."


def test_without_a_question_nothing_can_be_uncovered_copied_or_counted_down(pane: CallPane) -> None:
    QGuiApplication.clipboard().setText("before")
    pane.show_nothing()
    pane.tick(NOON)
    button(pane, "Copy").click()
    pane._toggle_reveal()
    assert pane.presentation is None
    assert QGuiApplication.clipboard().text() == "before"
