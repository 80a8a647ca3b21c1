"""Which window comes when, and what it does to the keyboard."""

import dataclasses
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from fake_engine import FakeEngine, StillBridge
from fake_service import FakeService
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot
from sample_questions import hostile, pushing, reading, writing
from still_time import NOON, StillTime

from approver.attention import QuietHours, Rung
from approver.desktop.notification import NotShown, Pressed, Tell
from approver.model import AnswerKind, Outcome
from approver.settings import Attention, Window
from approver.ui.desk import LOG, OVERVIEW, Desk
from approver.ui.front import Front
from approver.ui.guarded_window import GuardedWindow
from approver.ui.notifier import Notifier
from approver.ui.tray import Tray

LEFT = Qt.MouseButton.LeftButton
Opens = Callable[[GuardedWindow], None]
no_offscreen_tray = pytest.mark.qt_log_ignore("systemTrayWindowChanged", extend=True)


def test_questions_that_were_open_before_are_asked_at_the_start(
    qtbot: QtBot, engine: FakeEngine, bridge: StillBridge, still: StillTime
) -> None:
    waiting = writing()
    engine.open[waiting.id] = waiting
    front = Front(bridge, still, Window(), guard_seconds=0.5, tray=Tray(bridge, still, is_available=lambda: False))
    qtbot.addWidget(front.dialog)
    qtbot.addWidget(front.queue)
    bridge.start()
    assert front.dialog.isVisible()
    assert front.dialog.question_id == waiting.id
    front.stop()


@pytest.fixture
def services() -> list[FakeService]:
    return []


@pytest.fixture
def notified(
    qtbot: QtBot, engine: FakeEngine, bridge: StillBridge, still: StillTime, services: list[FakeService]
) -> Iterator[Front]:
    """A front with notifications."""

    def make(tell: Tell) -> FakeService:
        services.append(FakeService(tell))
        return services[0]

    notifier = Notifier(bridge, still, make, 0.5, beep=lambda: None)
    tray = Tray(bridge, still, is_available=lambda: False)
    front = Front(bridge, still, Window(), guard_seconds=0.5, tray=tray, notifier=notifier)
    qtbot.addWidget(front.dialog)
    qtbot.addWidget(front.queue)
    bridge.start()
    yield front
    front.stop()
    assert services[0].stopped


def with_attention(engine: FakeEngine, **rungs: Any) -> None:
    engine.become(dataclasses.replace(engine.state(), attention=Attention(**rungs)))


@pytest.mark.parametrize(
    ("rung", "notifications", "window", "urgent"),
    [
        (Rung.BADGE, 0, False, False),
        (Rung.NOTIFICATION, 1, False, False),
        (Rung.WINDOW, 1, True, False),
        (Rung.SOUND, 1, True, True),
    ],
)
def test_a_call_goes_as_far_up_the_ladder_as_its_tier_may(
    notified: Front, engine: FakeEngine, services: list[FakeService], rung: Rung, notifications: int, window: bool,
    urgent: bool,
) -> None:  # fmt: skip
    with_attention(engine, changes=rung)
    said: list[str] = []
    notified.announced.connect(said.append)
    engine.ask(writing())
    assert [one.is_urgent for one in services[0].shown] == [urgent] * notifications
    assert notified.dialog.isVisible() is window
    assert len(said) == notifications
    assert "1 call is waiting for you" in notified.tray.tooltip


def test_in_quiet_hours_calls_only_wait(notified: Front, engine: FakeEngine, services: list[FakeService]) -> None:
    now = datetime.fromtimestamp(NOON).time()
    later = now.replace(hour=(now.hour + 1) % 24)
    with_attention(engine, quiet_hours=QuietHours(now, later))
    asked = engine.ask(writing())
    assert services[0].shown == []
    assert not notified.dialog.isVisible()
    assert asked.id in engine.open and engine.answers == []
    with_attention(engine, quiet_hours=QuietHours(later, now))
    engine.ask(pushing())
    assert notified.dialog.isVisible()


def test_what_still_waits_when_quiet_hours_end_is_told_of_once(
    notified: Front, engine: FakeEngine, services: list[FakeService], still: StillTime
) -> None:
    now = datetime.fromtimestamp(NOON).time()
    with_attention(engine, reads=Rung.BADGE, quiet_hours=QuietHours(now, now.replace(minute=30)))
    gone = engine.ask(hostile())
    for question in (writing(), pushing(), reading()):
        engine.ask(question)
    engine.end(gone.id, Outcome.EXPIRED, "time")
    quiet = notified._quiet_end
    still.advance(1799)
    quiet._timer.timeout.emit()
    assert services[0].shown == [] and not notified.dialog.isVisible()
    still.advance(1)
    quiet._timer.timeout.emit()
    assert notified.dialog.isVisible() and not quiet._timer.isActive()
    (shown,) = services[0].shown
    assert shown.summary.startswith("2 ")  # the one that reads is told of by the badge alone
    quiet.look()
    assert len(services[0].shown) == 1


def test_what_the_person_looked_at_in_quiet_hours_is_not_told_of(
    notified: Front, engine: FakeEngine, services: list[FakeService]
) -> None:
    now = datetime.fromtimestamp(NOON).time()
    with_attention(engine, quiet_hours=QuietHours(now, now.replace(minute=30)))
    engine.ask(writing())
    notified.review()
    notified.dialog.set_aside.emit()
    notified.dialog.hide()
    with_attention(engine)
    assert services[0].shown == [] and not notified.dialog.isVisible()


def test_a_call_that_only_waits_is_counted_where_the_dialog_stands(notified: Front, engine: FakeEngine) -> None:
    engine.ask(writing())
    with_attention(engine, sends_out=Rung.BADGE)
    engine.ask(pushing())
    assert notified.dialog.windowTitle() == "Approver: 2 calls are waiting"


def test_what_cannot_be_notified_has_its_window(
    notified: Front, engine: FakeEngine, services: list[FakeService], qtbot: QtBot
) -> None:
    with_attention(engine, changes=Rung.NOTIFICATION)
    engine.ask(writing())
    services[0].tell(NotShown("There is no bus."))
    qtbot.waitUntil(notified.dialog.isVisible)


def test_the_buttons_of_a_notification_review_and_deny(
    notified: Front, engine: FakeEngine, services: list[FakeService], still: StillTime
) -> None:
    with_attention(engine, changes=Rung.NOTIFICATION, sends_out=Rung.NOTIFICATION)
    first = engine.ask(writing())
    QApplication.sendPostedEvents()
    still.advance(0.5)
    services[0].tell(Pressed(f"deny:{first.call.id}"))
    QApplication.sendPostedEvents()
    [(denied, answer)] = engine.answers
    assert (denied, answer.kind, answer.by, len(answer.shown)) == (first.id, AnswerKind.DENY, "notification", 64)
    second = engine.ask(pushing())
    services[0].tell(Pressed(f"review:{second.call.id}"))
    QApplication.sendPostedEvents()
    assert notified.dialog.question_id == second.id
    assert services[0].shown[-1] is None, "who looks at the call needs no notification of it"


def test_later_puts_off_what_is_there_and_what_comes_asks_anew(engine: FakeEngine, front: Front) -> None:
    engine.ask(writing())
    engine.ask(pushing())
    front.dialog.put_off()
    assert not front.dialog.isVisible()
    newest = engine.ask(reading())
    assert front.dialog.isVisible()
    assert front.dialog.question_id == newest.id


def test_what_was_put_off_comes_back_when_it_is_asked_for(engine: FakeEngine, front: Front) -> None:
    first, second = engine.ask(writing()), engine.ask(pushing())
    front.dialog.put_off()
    front.tray.review_asked.emit()
    assert front.dialog.isVisible()
    assert front.dialog.question_id == first.id
    front.queue.review_asked.emit(second.id)
    assert front.dialog.question_id == second.id


def test_after_the_last_answer_the_dialog_goes_and_put_off_calls_do_not_nag(
    engine: FakeEngine, front: Front, guard_opens: Opens
) -> None:
    engine.ask(writing())
    front.dialog.put_off()
    engine.ask(pushing())
    guard_opens(front.dialog)
    QTest.mouseClick(front.dialog.answers.deny, LEFT)
    assert not front.dialog.isVisible()
    assert len(engine.open) == 1


def test_review_without_a_waiting_call_shows_the_main_window(engine: FakeEngine, front: Front) -> None:
    front.review()
    assert front.queue.isVisible()
    assert not front.dialog.isVisible()


def test_a_question_that_ends_while_it_is_put_off_disturbs_nobody(engine: FakeEngine, front: Front) -> None:
    asked = engine.ask(writing())
    front.dialog.put_off()
    engine.end(asked.id, Outcome.EXPIRED, "time")
    assert not front.dialog.isVisible()
    assert front.dialog.question_id is None


def test_the_end_of_another_question_changes_only_the_place(engine: FakeEngine, front: Front) -> None:
    first, second = engine.ask(writing()), engine.ask(pushing())
    engine.end(second.id, Outcome.ABORTED, "client left")
    assert front.dialog.question_id == first.id
    assert front.dialog.is_asking
    assert front.dialog.windowTitle() == "Approver: a call is waiting"


def test_a_new_call_is_announced_to_screen_readers(qtbot: QtBot, engine: FakeEngine, front: Front) -> None:
    with qtbot.waitSignal(front.announced) as heard:
        engine.ask(writing())
    assert heard.args == ["Claude Desktop waits for your decision about write_file. 1 call is waiting for you."]
    with qtbot.waitSignal(front.announced) as heard:
        engine.ask(hostile())
    assert heard.args is not None
    assert heard.args[0].startswith("“Claude Desktop wants to run read_file on docs —” waits for your decision")


def test_an_end_without_an_answer_is_announced_as_well(qtbot: QtBot, engine: FakeEngine, front: Front) -> None:
    asked = engine.ask(writing())
    with qtbot.waitSignal(front.announced) as heard:
        engine.end(asked.id, Outcome.EXPIRED, "time")
    assert heard.args == ["Time ran out unanswered. Nothing was run."]


@pytest.mark.parametrize("settings", [Window(raise_on_ask=True)])
def test_only_the_setting_lets_it_take_the_keyboard(engine: FakeEngine, front: Front, settings: Window) -> None:
    engine.ask(writing())
    assert not front.dialog.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)


def test_that_setting_holds_as_soon_as_it_is_changed(engine: FakeEngine, front: Front) -> None:
    engine.become(dataclasses.replace(engine.state(), window=Window(raise_on_ask=True)))
    engine.ask(writing())
    assert not front.dialog.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)


def test_without_a_tray_the_main_window_is_shown_even_if_hidden_was_asked_for(front: Front) -> None:
    front.start(hidden=True)
    assert front.queue.isVisible()
    assert not front.queue.may_hide


@no_offscreen_tray
def test_with_a_tray_hidden_is_hidden(front: Front, tray_is_there: list[bool]) -> None:
    tray_is_there[0] = True
    front.start(hidden=True)
    assert not front.queue.isVisible()
    assert front.queue.may_hide


@no_offscreen_tray
def test_a_tray_that_goes_brings_the_main_window(front: Front, tray_is_there: list[bool]) -> None:
    tray_is_there[0] = True
    front.start(hidden=False)
    front.queue.close()
    assert not front.queue.isVisible()
    tray_is_there[0] = False
    front.tray.look()
    assert front.queue.isVisible()
    assert not front.queue.may_hide


def test_quitting_asks_only_where_calls_wait(qtbot: QtBot, engine: FakeEngine, front: Front) -> None:
    with qtbot.waitSignal(front.quit_decided):
        front.queue.quit_asked.emit()
    engine.ask(writing())
    with qtbot.assertNotEmitted(front.quit_decided):
        front.tray.quit_asked.emit()
        front.tray.quit_asked.emit()
    question = front._quit_question
    assert question is not None
    with qtbot.waitSignal(front.quit_decided):
        question.quit_button.click()


def test_staying_asks_again_the_next_time(qtbot: QtBot, engine: FakeEngine, front: Front) -> None:
    engine.ask(writing())
    front.ask_to_quit()
    assert front._quit_question is not None
    with qtbot.assertNotEmitted(front.quit_decided):
        front._quit_question.stay_button.click()
    assert front._quit_question is None
    front.ask_to_quit()
    assert front._quit_question is not None


def test_a_command_s_wish_to_quit_is_not_asked_about(qtbot: QtBot, engine: FakeEngine, front: Front) -> None:
    engine.ask(writing())
    with qtbot.waitSignal(front.quit_decided):
        front._bridge.quit_asked.emit()


def test_stopping_takes_everything_away_and_answers_nothing(engine: FakeEngine, front: Front) -> None:
    engine.ask(writing())
    front.show_queue()
    front.ask_to_quit()
    front.stop()
    assert not front.dialog.isVisible()
    assert not front.queue.isVisible()
    assert front._quit_question is None
    assert engine.answers == []


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    desk = Desk()
    qtbot.addWidget(desk)
    for key in (OVERVIEW, LOG, "rules"):
        desk.add_page(key, key.capitalize(), "calm", QLabel)
    return desk


@pytest.fixture
def with_desk(
    qtbot: QtBot, bridge: StillBridge, still: StillTime, tray_is_there: list[bool], desk: Desk
) -> Iterator[Front]:
    tray = Tray(bridge, still, is_available=lambda: tray_is_there[0])
    front = Front(bridge, still, Window(), guard_seconds=0.5, tray=tray, desk=desk)
    qtbot.addWidget(front.dialog)
    qtbot.addWidget(front.queue)
    bridge.start()
    yield front
    front.stop()


def test_without_a_tray_the_desk_is_shown_and_the_list_can_go(with_desk: Front, desk: Desk) -> None:
    with_desk.start(hidden=True)
    assert desk.isVisible()
    assert not desk.may_hide
    assert not with_desk.queue.isVisible()
    with_desk.show_queue()
    with_desk.queue.close()
    assert not with_desk.queue.isVisible()
    with_desk.stop()
    assert not desk.isVisible()


@no_offscreen_tray
def test_the_tray_opens_the_desk_at_its_pages(with_desk: Front, desk: Desk, tray_is_there: list[bool]) -> None:
    tray_is_there[0] = True
    with_desk.start(hidden=True)
    assert not desk.isVisible()
    assert desk.may_hide
    for text, title in (("Log", "Log"), ("Settings", "Rules"), ("Open Approver", "Rules")):
        with_desk.tray.menu.aboutToShow.emit()
        actions = with_desk.tray.menu.actions()
        next(one for one in actions if one.text().replace("&", "").startswith(text)).trigger()
        assert desk.isVisible()
        assert desk.windowTitle() == f"{title} - Approver"
        desk.close()


def test_the_desk_and_the_list_lead_to_each_other(qtbot: QtBot, with_desk: Front, desk: Desk) -> None:
    desk.queue_asked.emit()
    assert with_desk.queue.isVisible()
    button = next(
        one for one in with_desk.queue.findChildren(QPushButton) if "Overview and log" in one.text().replace("&", "")
    )
    assert button.isVisible()
    button.click()
    assert desk.isVisible()
    with qtbot.waitSignal(with_desk.quit_decided):
        desk.quit_asked.emit()


def test_the_desk_leads_to_the_dialog(with_desk: Front, desk: Desk, engine: FakeEngine) -> None:
    first, second = engine.ask(writing()), engine.ask(pushing())
    with_desk.dialog.put_off()
    desk.review_asked.emit(second.id)
    assert with_desk.dialog.question_id == second.id
    desk.review_asked.emit("")
    assert with_desk.dialog.question_id == first.id


# -- identical calls ---------------------------------------------------------------------------------------------------


def ask_alike(engine: FakeEngine, count: int) -> list[str]:
    return [engine.ask(writing()).id for _ in range(count)]


def button_texts(front: Front) -> tuple[str, str]:
    answers = front.dialog.answers
    return answers.allow.text().replace("&", ""), answers.deny.text().replace("&", "")


def test_identical_calls_are_denied_at_once_and_each_by_itself(
    engine: FakeEngine, front: Front, guard_opens: Opens
) -> None:
    asked = ask_alike(engine, 4)
    other = engine.ask(reading())
    assert button_texts(front) == ("Allow one of 4", "Deny all 4")
    assert front.dialog.windowTitle() == "Approver: 5 calls are waiting"
    front.dialog.answers.reason.setText("Four times too many.")
    guard_opens(front.dialog)
    QTest.mouseClick(front.dialog.answers.deny, LEFT)
    assert [question_id for question_id, _ in engine.answers] == asked
    assert {(answer.kind, answer.reason) for _, answer in engine.answers} == {(AnswerKind.DENY, "Four times too many.")}
    assert front.dialog.question_id == other.id
    assert button_texts(front) == ("Allow once", "Deny")


def test_of_identical_calls_one_is_allowed_and_the_others_are_asked_about_behind_a_new_guard(
    engine: FakeEngine, front: Front, guard_opens: Opens
) -> None:
    asked = ask_alike(engine, 4)
    guard_opens(front.dialog)
    QTest.mouseClick(front.dialog.answers.allow, LEFT)
    assert [(question_id, answer.kind) for question_id, answer in engine.answers] == [(asked[0], AnswerKind.ALLOW)]
    assert front.dialog.question_id == asked[1]
    assert button_texts(front) == ("Allow one of 3", "Deny all 3")
    QTest.mouseClick(front.dialog.answers.allow, LEFT)
    assert len(engine.answers) == 1, "the guard is closed again"
    guard_opens(front.dialog)
    QTest.mouseClick(front.dialog.answers.deny, LEFT)
    assert [question_id for question_id, _ in engine.answers] == asked


@pytest.mark.parametrize("comes", [True, False])
def test_a_count_that_changes_closes_the_guard(
    engine: FakeEngine, front: Front, guard_opens: Opens, comes: bool
) -> None:
    asked = ask_alike(engine, 3)
    guard_opens(front.dialog)
    if comes:
        asked += ask_alike(engine, 1)
    else:
        engine.end(asked.pop(), Outcome.ABORTED, "client left")
    assert button_texts(front)[1] == f"Deny all {len(asked)}"
    QTest.mouseClick(front.dialog.answers.deny, LEFT)
    assert engine.answers == []
    guard_opens(front.dialog)
    QTest.mouseClick(front.dialog.answers.deny, LEFT)
    assert [question_id for question_id, _ in engine.answers] == asked


def test_what_is_denied_is_bound_to_how_many_were_shown(engine: FakeEngine, front: Front, guard_opens: Opens) -> None:
    first, *_ = ask_alike(engine, 2)
    guard_opens(front.dialog)
    QTest.mouseClick(front.dialog.answers.deny, LEFT)
    one, two = (answer.shown for _, answer in engine.answers)
    ask_alike(engine, 1)
    guard_opens(front.dialog)
    QTest.mouseClick(front.dialog.answers.deny, LEFT)
    assert one == two != engine.answers[-1][1].shown


def test_a_denial_of_many_that_is_to_stand_is_remembered_once(
    engine: FakeEngine, front: Front, guard_opens: Opens
) -> None:
    ask_alike(engine, 3)
    lifetime = front.dialog.reach._lifetime
    lifetime.setCurrentIndex(lifetime.count() - 1)
    assert button_texts(front)[1] == "Deny this call always (all 3)"
    guard_opens(front.dialog)
    QTest.mouseClick(front.dialog.answers.deny, LEFT)
    assert [answer.wish is not None for _, answer in engine.answers] == [True, False, False]


def test_identical_calls_are_one_place_in_the_queue(engine: FakeEngine, front: Front) -> None:
    asked = ask_alike(engine, 3)
    other = engine.ask(reading())
    assert front.dialog._place.text() == "1 of 2"
    front.dialog.stepped.emit(1)
    assert front.dialog.question_id == other.id
    front.dialog.stepped.emit(1)
    assert front.dialog.question_id == other.id
    front.dialog.stepped.emit(-1)
    assert front.dialog.question_id == asked[0]
    front.dialog.put_off()
    front.review(asked[2])
    assert front.dialog.question_id == asked[0], "the oldest of its like is shown"
