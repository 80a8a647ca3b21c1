"""The head of the main window."""

from dataclasses import replace

import pytest
from fake_engine import RUNNING, FakeEngine, StillBridge
from PySide6.QtWidgets import QAbstractButton, QLabel
from pytestqt.qtbot import QtBot
from sample_questions import writing
from still_time import StillTime

from approver.events import HeldOff, StateChanged
from approver.ui.state_header import StateHeader


@pytest.fixture
def header(qtbot: QtBot, bridge: StillBridge, still: StillTime) -> StateHeader:
    header = StateHeader(bridge, still)
    qtbot.addWidget(header)
    header.show()
    return header


def labels(header: StateHeader) -> list[str]:
    return [label.text() for label in header.findChildren(QLabel) if label.isVisible() and label.text()]


def buttons(header: StateHeader) -> list[str]:
    return [one.text().replace("&", "") for one in header.findChildren(QAbstractButton) if one.isVisible()]


def test_before_the_engine_runs_it_says_that_all_is_denied(header: StateHeader) -> None:
    assert "Approver is not running: every call is denied" in labels(header)
    assert not header._deny.isEnabled()


def test_it_follows_the_engine(header: StateHeader, engine: FakeEngine, bridge: StillBridge) -> None:
    bridge.start()
    assert labels(header) == ["Nothing is waiting", "Running, 2 clients are connected"]
    engine.ask(writing())
    assert labels(header)[0] == "1 call is waiting for you"


def test_denying_everything_is_unmistakable_and_has_its_way_back(
    header: StateHeader, engine: FakeEngine, bridge: StillBridge
) -> None:
    bridge.start()
    before = header._icon.pixmap().cacheKey()
    header.deny_menu.aboutToShow.emit()
    texts = [action.text().replace("&", "") for action in header.deny_menu.actions()]
    assert texts == ["For 15 minutes", "For 1 hour", "Until I resume"]
    header.deny_menu.actions()[2].trigger()
    assert engine.did == ["panic None"]
    assert "Everything is denied until you resume" in labels(header)
    assert header._icon.pixmap().cacheKey() != before
    assert buttons(header) == ["Quit", "Resume"]
    header._resume.click()
    assert engine.did == ["panic None", "resume"]
    assert buttons(header) == ["Quit", "Pause asking", "Deny everything"]


def test_pausing_to_ask_is_another_command_with_another_icon(
    header: StateHeader, engine: FakeEngine, bridge: StillBridge
) -> None:
    bridge.start()
    header.pause_menu.aboutToShow.emit()
    header.pause_menu.actions()[2].trigger()
    assert engine.did == ["pause None"]
    assert "Asking is paused until you resume: rules alone decide" in labels(header)
    assert buttons(header) == ["Quit", "Resume", "Deny everything"]
    paused = header._icon.pixmap().cacheKey()
    bridge.panic(None)
    assert header._icon.pixmap().cacheKey() != paused
    header._resume.click()
    assert engine.did == ["pause None", "panic None", "resume"]


def test_every_problem_is_told_in_full(header: StateHeader, engine: FakeEngine, bridge: StillBridge) -> None:
    bridge.start()
    engine.become(StateChanged(False, None, ("First <b>problem</b>.", "Second problem."), 1))
    assert "First <b>problem</b>.\nSecond problem." in labels(header)
    engine.become(RUNNING)
    assert "problem" not in " ".join(labels(header))


def test_a_client_that_asks_too_often_is_named_and_asked_about_again_by_a_button(
    qtbot: QtBot, bridge: StillBridge, engine: FakeEngine, still: StillTime
) -> None:
    header = StateHeader(bridge, still)
    qtbot.addWidget(header)
    engine.become(replace(RUNNING, held_off=(HeldOff("Cursor", still.now() + 300),)))
    assert not header.held_off.isHidden()
    header.held_off.buttons[0].click()
    assert engine.did[-1] == "ask again Cursor"
    assert header.held_off.isHidden()
