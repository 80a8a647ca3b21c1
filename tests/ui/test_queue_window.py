"""The main window."""

import dataclasses
from collections.abc import Callable, Iterator

import pytest
from fake_engine import FakeEngine, StillBridge
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget
from pytestqt.qtbot import QtBot
from sample_questions import pushing, question, reading, writing
from still_time import StillTime

from approver.approvals.presentation import present
from approver.model import AnswerKind, Entry, EntryKind, Outcome
from approver.ui.queue_window import QueueWindow


@pytest.fixture
def window(qtbot: QtBot, bridge: StillBridge, still: StillTime) -> Iterator[QueueWindow]:
    window = QueueWindow(bridge, still)
    qtbot.addWidget(window)
    bridge.start()
    window.show()
    yield window
    window.hide()


def labels(window: QueueWindow) -> str:
    return "\n".join(label.text() for label in window.findChildren(QLabel) if label.isVisible())


def button(window: QueueWindow, text: str) -> QAbstractButton:
    found = [one for one in window.findChildren(QAbstractButton) if one.text().replace("&", "").startswith(text)]
    assert found, f"no button {text}"
    return found[0]


def test_while_nothing_waits_it_says_so_and_what_was_decided(window: QueueWindow, bridge: StillBridge) -> None:
    assert "Nothing is waiting." in labels(window)
    for outcome in (Outcome.ALLOWED, Outcome.DENIED_BY_USER):
        bridge.judged.emit(Entry(0.0, EntryKind.DECISION, outcome=outcome.value))
    assert "Since Approver started: 2 calls, 1 asked about, 1 denied." in labels(window)


def test_a_waiting_call_is_listed_selected_and_shown_in_full(window: QueueWindow, engine: FakeEngine) -> None:
    asked = engine.ask(writing())
    assert window.table.count == 1
    assert window.pane.presentation == present(asked)
    assert "1 call is waiting for you" in labels(window)
    assert "ProxyCommand" in window.pane.arguments.view.toPlainText()


def test_calls_that_waited_before_the_window_came_are_listed(
    qtbot: QtBot, engine: FakeEngine, bridge: StillBridge, still: StillTime
) -> None:
    engine.ask(writing())
    engine.ask(pushing())
    bridge.start()
    window = QueueWindow(bridge, still)
    qtbot.addWidget(window)
    assert window.table.count == 2


def test_deny_selected_denies_that_call_and_selects_no_other(window: QueueWindow, engine: FakeEngine) -> None:
    first, second = engine.ask(writing()), engine.ask(pushing())
    window.table.selectRow(0)
    button(window, "Deny selected").click()
    [(question_id, answer)] = engine.answers
    assert question_id == first.id
    assert answer.kind is AnswerKind.DENY
    assert answer.shown == present(first).digest
    assert window.table.selected is None
    assert not button(window, "Deny selected").isEnabled()
    button(window, "Deny selected").click()
    assert second.id in engine.open


def test_a_call_that_ends_elsewhere_takes_its_selection_with_it(window: QueueWindow, engine: FakeEngine) -> None:
    first = engine.ask(writing())
    engine.ask(pushing())
    engine.end(first.id, Outcome.ABORTED, "client left")
    assert window.table.selected is None
    assert window.pane.question is None
    assert "Select a call" in labels(window)


def test_another_call_s_end_leaves_the_selection(window: QueueWindow, engine: FakeEngine) -> None:
    first, second = engine.ask(writing()), engine.ask(pushing())
    window.table.selectRow(1)
    engine.end(first.id, Outcome.EXPIRED, "time")
    assert window.pane.question == second


def test_deny_all_of_a_client_denies_only_that_client_s(window: QueueWindow, engine: FakeEngine) -> None:
    engine.ask(writing())
    cursor_s = [engine.ask(pushing()), engine.ask(reading())]
    window.table.selectRow(1)
    button(window, "Deny all from Cursor").click()
    assert [question_id for question_id, _ in engine.answers] == [one.id for one in cursor_s]
    assert all(answer.kind is AnswerKind.DENY for _, answer in engine.answers)


def test_a_client_s_name_is_no_mnemonic(window: QueueWindow, engine: FakeEngine) -> None:
    engine.ask(question(client="R&D"))
    assert "Deny &all from R&&D" in [one.text() for one in window.findChildren(QAbstractButton)]


def test_nothing_can_be_allowed_here(window: QueueWindow, engine: FakeEngine) -> None:
    engine.ask(writing())
    texts = [one.text().lower().replace("&", "") for one in window.findChildren(QAbstractButton)]
    assert not [text for text in texts if "allow" in text or "approve" in text]


def test_review_asks_for_the_dialog_by_button_and_by_row(qtbot: QtBot, window: QueueWindow, engine: FakeEngine) -> None:
    asked = engine.ask(writing())
    with qtbot.waitSignal(window.review_asked) as heard:
        button(window, "Review…").click()
    assert heard.args == [asked.id]
    with qtbot.waitSignal(window.review_asked):
        window.table.activated.emit(window.table.currentIndex())


def test_news_about_the_selected_call_is_shown(window: QueueWindow, engine: FakeEngine) -> None:
    asked = engine.ask(question(patience=192.0))
    engine.ask(pushing())
    engine.change(dataclasses.replace(asked, waiting=False, patience_ends=None))
    assert "has been told that its call is pending" in labels(window)


def test_closing_hides_it_only_where_a_tray_can_bring_it_back(
    window: QueueWindow, in_view: Callable[[QWidget], None]
) -> None:
    in_view(window)
    window.close()
    assert window.isVisible()
    assert window.isMinimized()
    window.may_hide = True
    window.close()
    assert not window.isVisible()


def test_it_comes_with_the_keyboard_only_where_it_was_asked_for(window: QueueWindow) -> None:
    window.hide()
    window.appear(take_focus=False)
    assert window.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    window.showMinimized()
    window.appear(take_focus=True)
    assert not window.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    assert not window.isMinimized()


def test_the_focus_begins_on_no_button(window: QueueWindow, engine: FakeEngine) -> None:
    assert window.focusWidget() is window
    asked = engine.ask(writing())
    assert window.focusWidget() is window.table
    engine.end(asked.id, Outcome.EXPIRED, "time")
    assert window.focusWidget() is window


def test_the_clocks_go_on(window: QueueWindow, engine: FakeEngine, still: StillTime) -> None:
    engine.ask(question(patience=192.0))
    still.advance(92)
    window._second.timeout.emit()
    assert "waits 1:40 more" in labels(window)


def test_everything_that_the_tray_has_is_here(qtbot: QtBot, window: QueueWindow, engine: FakeEngine) -> None:
    engine.ask(writing())
    with qtbot.waitSignal(window.quit_asked):
        button(window, "Quit").click()
    assert button(window, "Deny everything").isVisible()
    assert button(window, "Review…").isVisible()
    assert "Running, 2 clients are connected" in labels(window)


def test_it_leads_to_the_main_window_where_there_is_one(qtbot: QtBot, window: QueueWindow) -> None:
    assert not button(window, "Overview and log").isVisible()
    window.set_has_main(True)
    with qtbot.waitSignal(window.main_asked):
        button(window, "Overview and log").click()


def test_identical_calls_are_denied_together_each_by_itself(
    window: QueueWindow, engine: FakeEngine, in_view: Callable[[QWidget], None]
) -> None:
    asked = [engine.ask(writing()) for _ in range(4)]
    other = engine.ask(pushing())
    in_view(window)
    assert window.table.rows == 2
    assert "×4" in labels(window)
    button(window, "Deny all 4").click()
    assert [question_id for question_id, _ in engine.answers] == [one.id for one in asked]
    assert {answer.shown for _, answer in engine.answers} != {present(asked[0]).digest}
    assert len({answer.shown for _, answer in engine.answers}) == 1
    assert list(engine.open) == [other.id]
    assert button(window, "Deny selected").isEnabled() is False


def test_an_identical_call_that_came_after_it_was_painted_is_not_denied(
    window: QueueWindow, engine: FakeEngine, in_view: Callable[[QWidget], None]
) -> None:
    seen = [engine.ask(writing()) for _ in range(2)]
    in_view(window)
    unseen = engine.ask(writing())
    button(window, "Deny all 3").click()
    assert [question_id for question_id, _ in engine.answers] == [one.id for one in seen]
    assert list(engine.open) == [unseen.id]


def test_when_the_oldest_of_identical_calls_ends_nothing_is_selected_in_its_place(
    window: QueueWindow, engine: FakeEngine
) -> None:
    first, second = engine.ask(writing()), engine.ask(writing())
    engine.end(first.id, Outcome.APPROVED, "window")
    assert window.table.selected is None
    window.table.selectRow(0)
    assert window.pane.question == second


def test_when_a_younger_of_identical_calls_ends_the_count_follows(window: QueueWindow, engine: FakeEngine) -> None:
    engine.ask(writing())
    younger = engine.ask(writing())
    engine.ask(writing())
    assert button(window, "Deny all 3").isEnabled()
    engine.end(younger.id, Outcome.ABORTED, "client left")
    assert button(window, "Deny all 2").isEnabled()
