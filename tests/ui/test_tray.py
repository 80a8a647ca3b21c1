"""The tray icon, its tooltip and its menu."""

import dataclasses

import pytest
from fake_engine import RUNNING, FakeEngine, StillBridge
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QSystemTrayIcon
from pytestqt.qtbot import QtBot
from sample_questions import pushing, writing
from sample_standing import standing
from still_time import StillTime

from approver.events import StateChanged, WantedLogin
from approver.model import AnswerKind
from approver.standing_model import Lifetime
from approver.ui.tray import Tray


@pytest.fixture
def tray(qtbot: QtBot, bridge: StillBridge, still: StillTime, tray_is_there: list[bool]) -> Tray:
    tray = Tray(bridge, still, is_available=lambda: tray_is_there[0])
    bridge.start()
    tray.start()
    return tray


def entries(tray: Tray) -> list[str]:
    tray.menu.aboutToShow.emit()
    return ["—" if action.isSeparator() else action.text().replace("&", "") for action in tray.menu.actions()]


def entry(tray: Tray, text: str) -> QAction:
    tray.menu.aboutToShow.emit()
    return next(action for action in tray.menu.actions() if action.text().replace("&", "").startswith(text))


def test_the_menu_is_in_the_platforms_order(tray: Tray, engine: FakeEngine) -> None:
    tray.log_page, tray.settings_page = "log", "rules"
    engine.become(dataclasses.replace(RUNNING, address="127.0.0.1:8787"))
    engine.ask(writing())
    engine.ask(pushing())
    assert entries(tray) == [
        "Open Approver", "—", "Waiting: 2 calls…", "Proxy running on 127.0.0.1:8787", "—", "Pause asking",
        "Deny everything", "—", "Log…", "Settings…", "—", "Quit Approver",
    ]  # fmt: skip
    assert entry(tray, "Open Approver").font().bold()
    assert not entry(tray, "Proxy running").isEnabled()


def test_a_pause_is_said_with_its_way_back(tray: Tray, bridge: StillBridge) -> None:
    bridge.pause(None)
    assert entries(tray)[2:] == [
        "Proxy running, HTTP is off", "Asking is paused until you resume: rules alone decide", "—", "Deny everything",
        "Resume: judge calls by the rules, and ask, again", "—", "Quit Approver",
    ]  # fmt: skip


def test_a_login_that_is_needed_is_a_command(qtbot: QtBot, tray: Tray, engine: FakeEngine) -> None:
    problems = tuple(f'The server "{name}" cannot be used.' for name in "abcd")
    logins = tuple(WantedLogin(f"{name} & co", one) for name, one in zip("abcd", problems, strict=True))
    engine.become(dataclasses.replace(RUNNING, problems=problems, logins=logins))
    assert [text for text in entries(tray) if "Log in" in text] == [f"Log in to {name}  co…" for name in "abc"]
    assert not [text for text in entries(tray) if text.startswith("Problem")]
    with qtbot.waitSignal(tray.login_asked) as heard:
        entry(tray, "Log in to b").trigger()
    assert heard.args == ["b & co"]


def test_what_was_just_remembered_is_taken_back_from_the_menu_while_that_is_offered(
    tray: Tray, engine: FakeEngine, still: StillTime
) -> None:
    engine.remembered.make(standing(lifetime=Lifetime.SESSION))
    still.advance(1.5)
    action = entry(tray, "Undo")
    assert action.text() == "&Undo: allow write, until this client disconnects (9 s)"
    still.advance(9)
    assert not [text for text in entries(tray) if text.startswith("Undo")]
    engine.remembered.make(standing(AnswerKind.DENY, name="second", question=None))
    still.set_wall(-10.5)
    entry(tray, "Undo: deny write, always (10 s)").trigger()
    assert engine.remembered.revoked == ["second"]
    assert not [text for text in entries(tray) if text.startswith("Undo")]


def test_what_does_not_apply_is_absent(tray: Tray, engine: FakeEngine) -> None:
    assert not [text for text in entries(tray) if text.startswith(("Waiting", "Problem", "Resume"))]
    engine.ask(writing())
    assert "Waiting: 1 call…" in entries(tray)


def test_a_problem_is_a_command(qtbot: QtBot, tray: Tray, engine: FakeEngine) -> None:
    engine.become(StateChanged(False, None, ("Port 8787 & others are in use.",), 0))
    action = entry(tray, "Problem: Port 8787")
    with qtbot.waitSignal(tray.problem_asked) as heard:
        action.trigger()
    assert heard.args == ["Port 8787 & others are in use."]


def test_entries_tell_what_the_person_wants(qtbot: QtBot, tray: Tray, engine: FakeEngine) -> None:
    engine.ask(writing())
    for text, signal in (
        ("Open", tray.open_asked),
        ("Waiting", tray.review_asked),
        ("Quit", tray.quit_asked),
    ):
        with qtbot.waitSignal(signal):
            entry(tray, text).trigger()


@pytest.mark.parametrize(
    "reason", [QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick]
)
def test_a_click_on_the_icon_opens_the_window(
    qtbot: QtBot, tray: Tray, reason: QSystemTrayIcon.ActivationReason
) -> None:
    with qtbot.waitSignal(tray.open_asked):
        tray._icon.activated.emit(reason)
    with qtbot.assertNotEmitted(tray.open_asked):
        tray._icon.activated.emit(QSystemTrayIcon.ActivationReason.Context)


def test_the_tooltip_says_in_words_what_the_icon_shows(tray: Tray, engine: FakeEngine, bridge: StillBridge) -> None:
    assert tray.tooltip == "Approver\nRunning, 2 clients are connected"
    engine.ask(writing())
    assert tray.tooltip == "Approver\n1 call is waiting for you\nRunning, 2 clients are connected"
    bridge.panic(None)
    assert "Everything is denied until you resume" in tray.tooltip


def test_the_tooltip_holds_nobody_else_s_words(tray: Tray, engine: FakeEngine) -> None:
    engine.become(StateChanged(False, None, ("<b>evil</b>",), 0))
    assert "evil" not in tray.tooltip
    assert "There is a problem: open Approver" in tray.tooltip


def test_the_icon_changes_with_the_state(tray: Tray, engine: FakeEngine, bridge: StillBridge) -> None:
    seen = {tray._icon.icon().cacheKey()}
    engine.ask(writing())
    seen.add(tray._icon.icon().cacheKey())
    engine.ask(pushing())
    seen.add(tray._icon.icon().cacheKey())
    bridge.pause(None)
    seen.add(tray._icon.icon().cacheKey())
    bridge.panic(None)
    seen.add(tray._icon.icon().cacheKey())
    assert len(seen) == 5


@pytest.mark.qt_log_ignore("systemTrayWindowChanged", extend=True)  # the offscreen platform has no trays
def test_a_tray_that_comes_or_goes_is_noticed(qtbot: QtBot, tray: Tray, tray_is_there: list[bool]) -> None:
    assert not tray.is_shown
    tray_is_there[0] = True
    with qtbot.waitSignal(tray.availability_changed) as heard:
        tray._look_timer.timeout.emit()
    assert heard.args == [True]
    assert tray.is_shown
    tray_is_there[0] = False
    with qtbot.waitSignal(tray.availability_changed):
        tray.look()
    with qtbot.assertNotEmitted(tray.availability_changed):
        tray.look()


def test_after_the_end_it_looks_no_more(tray: Tray) -> None:
    tray.stop()
    assert not tray._look_timer.isActive()
