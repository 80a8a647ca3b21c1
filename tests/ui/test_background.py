"""Work on a thread of its own."""

import sys
import threading
from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from approver.ui.background import Background


@pytest.fixture
def background(qtbot: QtBot) -> Background:
    return Background()


def test_progress_and_result_come_on_the_windows_thread(qtbot: QtBot, background: Background) -> None:
    here, came = threading.current_thread(), []
    background.progressed.connect(lambda count: came.append((count, threading.current_thread() is here)))

    def work(progress: Callable[[int], None]) -> bool:
        progress(7)
        return threading.current_thread() is here

    with qtbot.waitSignal(background.done) as told:
        background.start(work)
        assert background.is_working
    assert told.args == [False]
    assert came == [(7, True)]
    assert not background.is_working


def test_a_fault_is_told_as_a_sentence(qtbot: QtBot, background: Background) -> None:
    def work(_: Callable[[int], None]) -> None:
        raise OSError("The disk is full.")

    with qtbot.waitSignal(background.failed) as told:
        background.start(work)
    assert told.args == ["The disk is full."]


def test_it_can_be_stopped(qtbot: QtBot, background: Background) -> None:
    def work(progress: Callable[[int], None]) -> None:
        while True:
            progress(1)

    with qtbot.waitSignal(background.stopped):
        background.start(work)
        background.stop()
    background.stop()


def test_one_thing_at_a_time(qtbot: QtBot, background: Background) -> None:
    go_on = threading.Event()
    with qtbot.waitSignal(background.done) as told:
        background.start(lambda _: go_on.wait(5))
        background.start(lambda _: "second")
        go_on.set()
    assert told.args == [True]


def test_the_window_gets_the_interpreter_sooner_while_it_works(qtbot: QtBot, background: Background) -> None:
    usual = sys.getswitchinterval()
    with qtbot.waitSignal(background.done) as told:
        background.start(lambda _: sys.getswitchinterval())
    assert told.args[0] == pytest.approx(usual / 10, rel=0.1)
    assert sys.getswitchinterval() == pytest.approx(usual)
