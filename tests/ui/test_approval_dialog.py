"""The dialog against slips, hostile text and a long queue. The numbers are the requirements' own order of worry."""

import dataclasses
import random
from collections.abc import Callable

import pytest
from fake_engine import FakeEngine
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from sample_questions import hostile, pushing, question, reading, writing
from sample_standing import standing
from still_time import StillTime

from approver.approvals.draft import LARGEST
from approver.approvals.presentation import present
from approver.approvals.standing import shown_with
from approver.model import AnswerKind, Outcome, PendingQuestion, ToolDefinition
from approver.standing_model import Lifetime, Reach, Wish
from approver.ui.approval_dialog import ApprovalDialog
from approver.ui.argument_editor import ArgumentEditor
from approver.ui.front import Front
from approver.ui.guarded_window import GuardedWindow
from approver.ui.outline_view import OutlineView
from approver.ui.pane_scroll import MOST_OF_SCREEN

LEFT = Qt.MouseButton.LeftButton
ALT = Qt.KeyboardModifier.AltModifier
Opens = Callable[[GuardedWindow], None]


def labels(dialog: ApprovalDialog) -> str:
    """Every label that is seen, one a line."""
    return "\n".join(label.text() for label in dialog.findChildren(QLabel) if label.isVisible())


def arguments_shown(dialog: ApprovalDialog) -> str:
    return dialog.pane.arguments.view.toPlainText()


def visible_buttons(dialog: ApprovalDialog) -> list[str]:
    found = dialog.findChildren(QPushButton)
    return sorted(button.text().replace("&", "") for button in found if button.isVisible())


# -- nothing approves by default ---------------------------------------------------------------------------------------


def test_it_appears_by_itself_with_the_focus_on_the_text(
    engine: FakeEngine, dialog: ApprovalDialog, in_view: Callable[[QWidget], None]
) -> None:
    engine.ask(writing())
    in_view(dialog)
    assert dialog.isVisible()
    assert dialog.focusWidget() is dialog.pane.arguments.view
    assert visible_buttons(dialog) == ["Allow once", "Decide later", "Deny"]


def test_no_button_is_the_default_one(engine: FakeEngine, dialog: ApprovalDialog) -> None:
    engine.ask(writing())
    assert [one for one in dialog.findChildren(QPushButton) if one.isDefault() or one.autoDefault()] == []


@pytest.mark.parametrize("which", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_enter_and_space_do_nothing_where_the_focus_begins(
    engine: FakeEngine, dialog: ApprovalDialog, guard_opens: Opens, which: Qt.Key
) -> None:
    engine.ask(writing())
    guard_opens(dialog)
    for target in (dialog.pane.arguments.view, dialog.answers.reason, dialog):
        QTest.keyClick(target, which)
    assert engine.answers == []
    assert dialog.isVisible()


EVERY_KEY = sorted({key.value for key in Qt.Key if key not in (Qt.Key.Key_unknown, Qt.Key.Key_Menu)})


@pytest.mark.qt_log_ignore("keyToAscii", extend=True)
@pytest.mark.parametrize("modifier", [Qt.KeyboardModifier.NoModifier, ALT, Qt.KeyboardModifier.ShiftModifier])
def test_no_key_pressed_within_the_guard_answers_anything(
    qtbot: QtBot, engine: FakeEngine, front: Front, still: StillTime, modifier: Qt.KeyboardModifier
) -> None:
    """Every key of Qt's, at random moments of the guard's period, on whatever may have the focus."""
    chance = random.Random(7)
    dialog = front.dialog
    engine.ask(writing())
    for key in EVERY_KEY:
        if not dialog.isActiveWindow():
            front.show_queue()  # the offscreen platform takes a hidden window for active until another one is
            front.review()  # at first, and after Esc and Alt+L have put it off
            qtbot.waitUntil(dialog.isActiveWindow)
        dialog.restart_guard()
        dialog.guard.painted()
        target = chance.choice([dialog.answers.allow, dialog.answers.deny, dialog.pane.arguments.view, dialog])
        target.setFocus()
        for _ in range(2):
            still.advance(chance.uniform(0, 0.249))
            press(target, Qt.Key(key), modifier)
            assert engine.answers == [], f"{Qt.Key(key).name} answered"


def press(target: QWidget, key: Qt.Key, modifier: Qt.KeyboardModifier) -> None:
    """Press and release; keys that QTest has no letter for are sent as events."""
    if not target.isVisible():
        return
    try:
        QTest.keyClick(target, key, modifier)
    except SystemError:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(target, QKeyEvent(kind, key, modifier))


# -- answers that stand ------------------------------------------------------------------------------------------------


def test_an_answer_that_is_to_stand_is_bound_to_question_and_rule(
    engine: FakeEngine, dialog: ApprovalDialog, guard_opens: Opens
) -> None:
    asked = engine.ask(writing())
    guard_opens(dialog)
    dialog.reach._reaches[Reach.TOOL].click()
    assert dialog.answers.allow.text() == "&Allow this tool for the session"
    rule = dialog.reach.sentence
    guard_opens(dialog)
    QTest.mouseClick(dialog.answers.allow, LEFT)
    [(_, answer)] = engine.answers
    assert answer.wish == Wish(Reach.TOOL, Lifetime.SESSION, definition="41ab" * 16)
    assert answer.shown == shown_with(present(asked).text, rule)


def test_another_reach_restarts_the_guard(engine: FakeEngine, dialog: ApprovalDialog, guard_opens: Opens) -> None:
    engine.ask(writing())
    guard_opens(dialog)
    dialog.reach._reaches[Reach.TOOL].click()
    QTest.mouseClick(dialog.answers.allow, LEFT)
    QTest.keyClick(dialog, Qt.Key.Key_A, ALT)
    assert engine.answers == []


def test_a_denial_can_stand_too_with_its_reason_and_its_own_rule(
    engine: FakeEngine, dialog: ApprovalDialog, guard_opens: Opens
) -> None:
    asked = engine.ask(dataclasses.replace(writing(), definition=None))
    guard_opens(dialog)
    dialog.reach._reaches[Reach.TOOL].click()
    assert dialog.answers.allow.isEnabled() is False, "what the tool is said to do is not known"
    rule = dialog.reach.sentence_of(AnswerKind.DENY)
    guard_opens(dialog)
    QTest.keyClicks(dialog.answers.reason, "Never.")
    QTest.keyClick(dialog, Qt.Key.Key_D, ALT)
    [(_, answer)] = engine.answers
    assert (answer.kind, answer.reason, answer.wish.reach) == (AnswerKind.DENY, "Never.", Reach.TOOL)
    assert answer.shown == shown_with(present(asked).text, rule)


def test_the_next_question_begins_with_this_call_once(
    engine: FakeEngine, dialog: ApprovalDialog, guard_opens: Opens
) -> None:
    engine.ask(writing())
    engine.ask(pushing())
    guard_opens(dialog)
    dialog.reach._reaches[Reach.TOOL].click()
    guard_opens(dialog)
    QTest.mouseClick(dialog.answers.deny, LEFT)
    assert dialog.reach.wish is None
    assert (dialog.answers.allow.text(), dialog.answers.deny.text()) == ("&Allow once", "&Deny")


def test_an_approval_that_became_void_says_so_and_shows_what_changed(
    engine: FakeEngine, dialog: ApprovalDialog, in_view: Callable[[QWidget], None]
) -> None:
    void = dataclasses.replace(standing(), definition=ToolDefinition("write_file", description="Writes.", digest="old"))
    engine.ask(dataclasses.replace(writing(), lapsed=void))
    in_view(dialog)
    assert "the server has changed what it says of the tool since" in labels(dialog)
    changes = dialog.pane._server_changes.view.toPlainText().replace("\u200e", "")
    assert "− │ description: Writes." in changes
    assert "+ │ description: Use with caution." in changes


# -- the guard ---------------------------------------------------------------------------------------------------------


def test_a_click_at_once_is_ignored_and_says_so(
    engine: FakeEngine, dialog: ApprovalDialog, in_view: Callable[[QWidget], None]
) -> None:
    engine.ask(writing())
    in_view(dialog)
    QTest.mouseClick(dialog.answers.allow, LEFT)
    QTest.mouseClick(dialog.answers.deny, LEFT)
    assert engine.answers == []
    assert dialog.answers.flashing == "Just appeared: click again"
    assert dialog.isVisible()


def test_a_click_after_the_guard_allows_once_and_is_bound_to_what_was_shown(
    engine: FakeEngine, dialog: ApprovalDialog, guard_opens: Opens
) -> None:
    asked = engine.ask(writing())
    guard_opens(dialog)
    QTest.mouseClick(dialog.answers.allow, LEFT)
    [(question_id, answer)] = engine.answers
    assert question_id == asked.id
    assert answer.kind is AnswerKind.ALLOW
    assert answer.by == "window"
    assert answer.shown == present(asked).digest
    assert not dialog.isVisible()


def test_deny_carries_the_reason_to_the_agent(engine: FakeEngine, dialog: ApprovalDialog, guard_opens: Opens) -> None:
    engine.ask(writing())
    guard_opens(dialog)
    QTest.keyClicks(dialog.answers.reason, "Not into .ssh, please ")
    QTest.mouseClick(dialog.answers.deny, LEFT)
    [(_, answer)] = engine.answers
    assert (answer.kind, answer.reason) == (AnswerKind.DENY, "Not into .ssh, please")


@pytest.mark.parametrize(("key", "kind"), [(Qt.Key.Key_A, AnswerKind.ALLOW), (Qt.Key.Key_D, AnswerKind.DENY)])
def test_the_shortcuts_answer_after_the_guard_and_not_within_it(
    qtbot: QtBot, engine: FakeEngine, front: Front, guard_opens: Opens, key: Qt.Key, kind: AnswerKind
) -> None:
    engine.ask(writing())
    front.review()
    qtbot.waitUntil(front.dialog.isActiveWindow)
    QTest.keyClick(front.dialog, key, ALT)
    assert engine.answers == []
    guard_opens(front.dialog)
    QTest.keyClick(front.dialog, key, ALT)
    assert [answer.kind for _, answer in engine.answers] == [kind]


def test_a_held_shortcut_never_answers(qtbot: QtBot, engine: FakeEngine, front: Front, guard_opens: Opens) -> None:
    engine.ask(writing())
    front.review()
    qtbot.waitUntil(front.dialog.isActiveWindow)
    guard_opens(front.dialog)
    held = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, ALT, "a", True)
    QApplication.sendEvent(front.dialog.answers.allow, held)
    assert engine.answers == []


def test_new_text_about_the_call_closes_the_guard_and_a_new_clock_does_not(
    engine: FakeEngine, dialog: ApprovalDialog, guard_opens: Opens
) -> None:
    asked = engine.ask(question())
    guard_opens(dialog)
    engine.change(dataclasses.replace(asked, patience_ends=None, waiting=False))
    assert "has been told that its call is pending" in labels(dialog)
    guard_opens(dialog)
    before = dialog.pane.presentation
    engine.change(dataclasses.replace(asked, definition=ToolDefinition("write_file", "", "Writes.")))
    assert dialog.pane.presentation != before
    assert not dialog.guard.is_open
    QTest.mouseClick(dialog.answers.allow, LEFT)
    assert engine.answers == []


def test_uncovering_secrets_closes_the_guard_and_changes_what_the_answer_is_bound_to(
    engine: FakeEngine, dialog: ApprovalDialog, guard_opens: Opens
) -> None:
    asked = engine.ask(question(arguments={"password": "hunter2"}))
    guard_opens(dialog)
    assert "hunter2" not in arguments_shown(dialog)
    find(dialog, "Show covered values").click()
    assert "hunter2" in arguments_shown(dialog)
    assert not dialog.guard.is_open
    guard_opens(dialog)
    QTest.mouseClick(dialog.answers.allow, LEFT)
    assert engine.answers[0][1].shown == present(asked, reveal=True).digest


def find(dialog: ApprovalDialog, text: str) -> QAbstractButton:
    return next(one for one in dialog.findChildren(QAbstractButton) if one.text().replace("&", "") == text)


# -- focus and later ---------------------------------------------------------------------------------------------------


def test_it_comes_without_the_keyboard_unless_the_person_asked(engine: FakeEngine, front: Front) -> None:
    engine.ask(writing())
    assert front.dialog.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    front.dialog.put_off()
    front.review()
    assert not front.dialog.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)


def by_escape(dialog: ApprovalDialog) -> None:
    QTest.keyClick(dialog.pane.arguments.view, Qt.Key.Key_Escape)


def by_its_button(dialog: ApprovalDialog) -> None:
    find(dialog, "Decide later").click()


@pytest.mark.parametrize("way", [by_escape, by_its_button, lambda dialog: dialog.close()])
def test_closing_means_later(
    engine: FakeEngine, dialog: ApprovalDialog, guard_opens: Opens, way: Callable[[ApprovalDialog], object]
) -> None:
    asked = engine.ask(writing())
    guard_opens(dialog)
    way(dialog)
    assert engine.answers == []
    assert asked.id in engine.open


def test_minimising_means_later(qtbot: QtBot, engine: FakeEngine, dialog: ApprovalDialog, guard_opens: Opens) -> None:
    asked = engine.ask(writing())
    guard_opens(dialog)
    with qtbot.waitSignal(dialog.set_aside):
        dialog.showMinimized()
    assert engine.answers == []
    assert asked.id in engine.open


# -- time --------------------------------------------------------------------------------------------------------------


def test_both_clocks_stand_there_in_words_and_go_on(
    qtbot: QtBot, engine: FakeEngine, dialog: ApprovalDialog, still: StillTime
) -> None:
    engine.ask(question(patience=192.0))
    assert "Claude Desktop waits 3:12 more. The question closes at " in labels(dialog)
    still.advance(62)
    dialog._tick()
    assert "Claude Desktop waits 2:10 more." in labels(dialog)
    still.advance(1000)
    dialog._tick()
    assert "waits 0:00 more" in labels(dialog)
    assert engine.answers == []


def test_the_clocks_do_not_disturb_the_guard(engine: FakeEngine, dialog: ApprovalDialog, guard_opens: Opens) -> None:
    engine.ask(question(patience=192.0))
    guard_opens(dialog)
    dialog._tick()
    QApplication.sendPostedEvents()
    assert dialog.guard.is_open


@pytest.mark.parametrize(
    ("outcome", "note"),
    [
        (Outcome.ABORTED, "The caller went away before an answer came (client left). Nothing was run."),
        (Outcome.EXPIRED, "Time ran out unanswered. Nothing was run."),
        (Outcome.SHUT_DOWN, "Approver is closing. Nothing was run."),
        (Outcome.DENIED_BY_USER, "This call was denied elsewhere (client left)."),
        (Outcome.APPROVED, "This call was allowed elsewhere (client left)."),
    ],
)
def test_a_question_that_ends_elsewhere_says_so_and_cannot_be_answered(
    engine: FakeEngine, dialog: ApprovalDialog, guard_opens: Opens, outcome: Outcome, note: str
) -> None:
    asked = engine.ask(writing())
    guard_opens(dialog)
    engine.end(asked.id, outcome, "client left")
    assert note in labels(dialog)
    assert visible_buttons(dialog) == ["Close"]
    dialog.answers.allow.confirmed.emit()
    dialog.answers.allow.click()
    QTest.keyClick(dialog, Qt.Key.Key_A, ALT)
    assert engine.answers == []
    find(dialog, "Close").click()
    assert not dialog.isVisible()


def test_an_answer_that_comes_too_late_is_told_so(
    engine: FakeEngine, dialog: ApprovalDialog, guard_opens: Opens
) -> None:
    asked = engine.ask(writing())
    guard_opens(dialog)
    del engine.open[asked.id]
    QTest.mouseClick(dialog.answers.allow, LEFT)
    assert "this call is no longer waiting" in labels(dialog)
    assert visible_buttons(dialog)[0] in ("Close", "Next waiting call")


def test_a_second_answer_is_never_given(engine: FakeEngine, front: Front, guard_opens: Opens) -> None:
    engine.ask(writing())
    guard_opens(front.dialog)
    given: list[object] = []
    front.dialog.answered.disconnect()
    front.dialog.answered.connect(lambda *answer: given.append(answer))
    QTest.mouseClick(front.dialog.answers.allow, LEFT)
    QTest.mouseClick(front.dialog.answers.deny, LEFT)
    front.dialog.answers.allow.confirmed.emit()
    assert len(given) == 1


# -- the whole call, inert ---------------------------------------------------------------------------------------------


def test_hostile_text_is_shown_and_not_obeyed(engine: FakeEngine, dialog: ApprovalDialog) -> None:
    engine.ask(hostile())
    text = arguments_shown(dialog)
    assert "<h1>Safe</h1><img src=http://evil.example/x.png>" in text
    assert "invoice⟨U+202E⟩fdp.exe" in text
    assert "pay⟨U+200B⟩pal.com" in text
    assert "\x1b" not in text
    assert "invisible or misleading characters" in labels(dialog)
    assert dialog.pane._sentence.text.startswith("“Claude Desktop wants to run read_file on docs —” wants to run")


def test_every_label_shows_plain_text_without_links(engine: FakeEngine, dialog: ApprovalDialog) -> None:
    engine.ask(hostile())
    for label in dialog.findChildren(QLabel):
        assert label.textFormat() is Qt.TextFormat.PlainText
        assert not label.openExternalLinks()


def test_tooltips_hold_nothing_of_strangers(engine: FakeEngine, dialog: ApprovalDialog) -> None:
    engine.ask(hostile())
    for widget in dialog.findChildren(QWidget):
        assert "evil" not in widget.toolTip()
        assert "<" not in widget.toolTip()


def test_risk_is_told_by_word_icon_and_colour_and_the_server_s_hint_as_unverified(
    engine: FakeEngine, dialog: ApprovalDialog
) -> None:
    engine.ask(hostile())
    assert dialog.pane._badge.accessibleName() == "Risk: destroys"
    assert "guessed from “clear” in the tool's name" in labels(dialog)
    assert "Server says: “read-only” (unverified)" in labels(dialog)


def test_a_megabyte_of_arguments_opens_at_once_and_is_all_there(
    engine: FakeEngine, dialog: ApprovalDialog, guard_opens: Opens
) -> None:
    """The bound is on work: whatever the length, few lines are folded before somebody scrolls to the rest."""
    engine.ask(question(arguments={"content": "x" * 1_000_000, "path": "/etc/passwd"}))
    guard_opens(dialog)
    view = dialog.pane.arguments.view
    assert view.blockCount() <= 3000
    assert "more lines below" in labels(dialog)
    scroll_to_the_end(view)
    assert view.toPlainText().count("x") >= 1_000_000
    assert "/etc/passwd" in view.toPlainText()


def scroll_to_the_end(view: OutlineView) -> None:
    for _ in range(40):
        view.verticalScrollBar().setValue(view.verticalScrollBar().maximum())
        if view.lines_below == 0:
            return
    raise AssertionError("the end never came")


# -- the queue ---------------------------------------------------------------------------------------------------------


def test_the_queue_is_seen_and_walked_oldest_first(engine: FakeEngine, dialog: ApprovalDialog) -> None:
    first, second, third = engine.ask(writing()), engine.ask(pushing()), engine.ask(reading())
    assert dialog.question_id == first.id
    assert "1 of 3" in labels(dialog)
    assert dialog.windowTitle() == "Approver: 3 calls are waiting"
    find_named(dialog, "Next waiting call").click()
    assert dialog.question_id == second.id
    assert "2 of 3" in labels(dialog)
    find_named(dialog, "Next waiting call").click()
    assert dialog.question_id == third.id
    assert not find_named(dialog, "Next waiting call").isEnabled()
    find_named(dialog, "Previous waiting call").click()
    assert dialog.question_id == second.id


def find_named(dialog: ApprovalDialog, name: str) -> QAbstractButton:
    return next(one for one in dialog.findChildren(QAbstractButton) if one.accessibleName() == name)


def test_a_new_call_changes_only_the_count_of_an_open_dialog(
    engine: FakeEngine, dialog: ApprovalDialog, guard_opens: Opens
) -> None:
    first = engine.ask(writing())
    guard_opens(dialog)
    engine.ask(pushing())
    assert dialog.question_id == first.id
    assert "1 of 2" in labels(dialog)


def test_answering_one_never_slides_the_next_under_the_pointer(
    engine: FakeEngine, dialog: ApprovalDialog, guard_opens: Opens
) -> None:
    first, second = engine.ask(writing()), engine.ask(pushing())
    guard_opens(dialog)
    for _ in range(5):
        QTest.mouseClick(dialog.answers.allow, LEFT)
    assert [question_id for question_id, _ in engine.answers] == [first.id]
    assert dialog.question_id == second.id
    assert dialog.focusWidget() is dialog.pane.arguments.view
    assert dialog.answers.reason.text() == ""
    guard_opens(dialog)
    QTest.mouseClick(dialog.answers.deny, LEFT)
    assert [question_id for question_id, _ in engine.answers] == [first.id, second.id]


def test_after_a_note_the_next_call_waits_for_a_click_and_a_guard(
    engine: FakeEngine, dialog: ApprovalDialog, guard_opens: Opens
) -> None:
    first, second = engine.ask(writing()), engine.ask(pushing())
    guard_opens(dialog)
    engine.end(first.id, Outcome.ABORTED, "client left")
    assert dialog.question_id == first.id
    assert visible_buttons(dialog) == ["Next waiting call"]
    find(dialog, "Next waiting call").click()
    assert dialog.question_id == second.id
    QTest.mouseClick(dialog.answers.allow, LEFT)
    assert engine.answers == []


def test_nothing_allows_more_than_one_call(engine: FakeEngine, dialog: ApprovalDialog) -> None:
    for _ in range(3):
        engine.ask(writing())
    texts = [one.text().lower() for one in dialog.findChildren(QAbstractButton)]
    assert [text for text in texts if "allow" in text.replace("&", "")] == ["&allow one of 3"]


# -- its size ----------------------------------------------------------------------------------------------------------


def test_opened_details_get_room_of_their_own(engine: FakeEngine, dialog: ApprovalDialog, guard_opens: Opens) -> None:
    engine.ask(reading())
    guard_opens(dialog)
    height = dialog.height()
    find(dialog, "Tool description and details").click()
    assert dialog.height() > height
    assert not dialog.guard.is_open


def test_wider_is_as_wide_as_the_screen_and_back(
    engine: FakeEngine, dialog: ApprovalDialog, guard_opens: Opens
) -> None:
    engine.ask(writing())
    guard_opens(dialog)
    width = dialog.width()
    find(dialog, "Wider").click()
    assert dialog.width() > width
    assert not dialog.guard.is_open
    find(dialog, "Narrower").click()
    assert dialog.width() == width


# -- editing -----------------------------------------------------------------------------------------------------------

SCHEMA = {"properties": {"path": {"type": "string", "minLength": 2}}, "required": ["path"]}
SENT = {"path": "/tmp/x", "password": "hunter2", "f": 1.0}


def editable(engine: FakeEngine, **changes: object) -> PendingQuestion:
    return engine.ask(
        question("write_file", SENT, definition=ToolDefinition("write_file", input_schema=SCHEMA), **changes)
    )


def begin_edit(dialog: ApprovalDialog) -> ArgumentEditor:
    QTest.mouseClick(dialog.pane._edit, LEFT)
    assert dialog.pane.editor is not None
    return dialog.pane.editor


def type_path(dialog: ApprovalDialog, text: str) -> None:
    field = dialog.pane.editor.form.editor(("path",))
    field.setText(text)
    field.textEdited.emit(text)


def differences(dialog: ApprovalDialog) -> list[str]:
    text = dialog.pane.changes.view.toPlainText()
    return [line.strip("\u200e ") for line in text.split("\n")] if dialog.pane.changes.isVisible() else []


def test_an_edited_call_is_allowed_as_edited(engine: FakeEngine, dialog: ApprovalDialog, guard_opens: Opens) -> None:
    asked = editable(engine)
    before = dialog.pane.presentation.digest
    begin_edit(dialog)
    assert not dialog.pane.arguments.isVisible()
    assert "Allow once" in visible_buttons(dialog)
    type_path(dialog, "/tmp/y")
    assert "Allow as edited" in visible_buttons(dialog)
    assert [line.replace("\u200e", "") for line in differences(dialog)][:3] == [
        "path",
        "was  “/tmp/x”",
        "now  “/tmp/y”",
    ]
    guard_opens(dialog)
    QTest.mouseClick(dialog.answers.allow, LEFT)
    ((question_id, answer),) = engine.answers
    assert (question_id, answer.kind) == (asked.id, AnswerKind.ALLOW)
    assert repr(answer.arguments) == repr({**SENT, "path": "/tmp/y"})
    assert answer.shown not in ("", before)


def test_opening_the_editor_alone_changes_nothing(
    engine: FakeEngine, dialog: ApprovalDialog, guard_opens: Opens
) -> None:
    editable(engine)
    begin_edit(dialog)
    type_path(dialog, "/tmp/y")
    type_path(dialog, "/tmp/x")
    assert differences(dialog) == []
    guard_opens(dialog)
    QTest.mouseClick(dialog.answers.allow, LEFT)
    assert engine.answers[0][1].arguments is None


def test_a_denial_never_carries_edits(engine: FakeEngine, dialog: ApprovalDialog, guard_opens: Opens) -> None:
    editable(engine)
    begin_edit(dialog)
    type_path(dialog, "/tmp/y")
    guard_opens(dialog)
    QTest.mouseClick(dialog.answers.deny, LEFT)
    assert engine.answers[0][1].arguments is None


def test_while_the_edits_are_wrong_allow_is_off_and_says_why(
    engine: FakeEngine, dialog: ApprovalDialog, guard_opens: Opens
) -> None:
    editable(engine)
    begin_edit(dialog)
    type_path(dialog, "x")
    assert not dialog.answers.allow.isEnabled()
    assert dialog.answers.deny.isEnabled()
    assert dialog.answers.flashing == "Mend 1 problem first"
    assert dialog.answers.allow.accessibleDescription() == "Mend 1 problem first"
    guard_opens(dialog)
    QTest.keyClick(dialog, Qt.Key.Key_A, ALT)
    assert engine.answers == []
    type_path(dialog, "/tmp/y")
    assert dialog.answers.allow.isEnabled()
    assert dialog.answers.flashing == ""


def test_every_change_of_text_closes_the_guard(engine: FakeEngine, dialog: ApprovalDialog, guard_opens: Opens) -> None:
    editable(engine)
    begin_edit(dialog)
    for text in ("/tmp/y", "x", "/tmp/x"):
        guard_opens(dialog)
        type_path(dialog, text)
        assert not dialog.guard.is_open
    guard_opens(dialog)
    dialog.pane.editor._as_json.click()
    assert not dialog.guard.is_open


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_enter_in_a_field_approves_nothing(
    engine: FakeEngine, dialog: ApprovalDialog, guard_opens: Opens, key: Qt.Key
) -> None:
    editable(engine)
    begin_edit(dialog)
    type_path(dialog, "/tmp/y")
    guard_opens(dialog)
    for target in (dialog.pane.editor.form.editor(("path",)), dialog.pane.editor.text, dialog.pane.editor):
        QTest.keyClick(target, key)
    assert engine.answers == []
    assert dialog.isVisible()


def test_discarding_shows_again_what_was_asked(engine: FakeEngine, dialog: ApprovalDialog) -> None:
    asked = editable(engine)
    begin_edit(dialog)
    type_path(dialog, "x")
    dialog.pane.editor._discard.click()
    assert dialog.pane.arguments.isVisible()
    assert dialog.pane.edited is None
    assert "Allow once" in visible_buttons(dialog)
    assert dialog.answers.allow.isEnabled()
    assert dialog.pane.presentation == present(asked)


def test_a_draft_waits_while_another_call_is_looked_at(engine: FakeEngine, dialog: ApprovalDialog) -> None:
    editable(engine)
    engine.ask(reading())
    begin_edit(dialog)
    dialog.pane._reveal.click()
    type_path(dialog, "/tmp/y")
    dialog.stepped.emit(1)
    assert dialog.pane.arguments.isVisible()
    assert dialog.pane.edited is None
    dialog.stepped.emit(-1)
    assert repr(dialog.pane.edited) == repr({**SENT, "path": "/tmp/y"})
    assert dialog.pane.editor.isVisible()


def test_on_a_low_screen_an_edit_takes_the_room_of_what_it_rules_out(
    engine: FakeEngine, dialog: ApprovalDialog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("approver.ui.approval_dialog.on_low_screen", lambda _: True)
    editable(engine)
    begin_edit(dialog)
    assert dialog.reach.isVisible()
    type_path(dialog, "/tmp/y")
    assert not dialog.reach.isVisible()
    assert dialog.height() <= dialog.screen().availableSize().height() * MOST_OF_SCREEN
    dialog.pane.editor._discard.click()
    assert dialog.reach.isVisible()


def test_covered_values_stay_covered_in_the_difference(engine: FakeEngine, dialog: ApprovalDialog) -> None:
    editable(engine)
    begin_edit(dialog)
    field = dialog.pane.editor.form.editor(("password",))
    field.setText("swordfish")
    field.textEdited.emit("swordfish")
    assert "swordfish" not in dialog.pane.presentation.text
    assert "now  “••• (9 characters hidden)”" in [line.replace("\u200e", "") for line in differences(dialog)]
    dialog.pane._reveal.click()
    assert "swordfish" in dialog.pane.presentation.text


def test_rules_that_refuse_the_edit_leave_the_question_to_be_answered(
    engine: FakeEngine, front: Front, guard_opens: Opens
) -> None:
    dialog, asked = front.dialog, editable(engine)
    engine.refusal = "The rules do not let the edited call through: Not there."
    begin_edit(dialog)
    type_path(dialog, "/etc/x")
    guard_opens(dialog)
    QTest.mouseClick(dialog.answers.allow, LEFT)
    assert engine.answers == []
    assert dialog.is_asking
    assert dialog.question_id == asked.id
    assert not dialog.answers.allow.isEnabled()
    assert "Not there." in dialog.answers.flashing
    engine.refusal = ""
    type_path(dialog, "/tmp/z")
    guard_opens(dialog)
    QTest.mouseClick(dialog.answers.allow, LEFT)
    assert [answer.arguments["path"] for _, answer in engine.answers] == ["/tmp/z"]


def test_a_question_that_ends_while_it_is_edited_sends_nothing(engine: FakeEngine, dialog: ApprovalDialog) -> None:
    asked = editable(engine)
    begin_edit(dialog)
    type_path(dialog, "x")
    engine.end(asked.id, Outcome.ABORTED, "client left")
    assert dialog.pane.arguments.isVisible()
    assert not dialog.pane._edit.isEnabled()
    assert dialog.pane.edited is None
    assert dialog.answers.flashing == ""


def test_a_definition_that_comes_late_brings_the_fields(engine: FakeEngine, dialog: ApprovalDialog) -> None:
    asked = engine.ask(question("write_file", SENT))
    editor = begin_edit(dialog)
    assert editor.text.isVisible()
    engine.change(dataclasses.replace(asked, definition=ToolDefinition("write_file", input_schema=SCHEMA)))
    assert editor.form.isVisible()


def test_what_is_too_large_cannot_be_edited_here(engine: FakeEngine, dialog: ApprovalDialog) -> None:
    engine.ask(question("write_file", {"content": "x" * (LARGEST + 1)}))
    assert not dialog.pane._edit.isEnabled()
