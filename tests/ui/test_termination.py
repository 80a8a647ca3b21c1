"""Signals of the system as a signal of Qt's."""

import os
import signal

import pytest
from pytestqt.qtbot import QtBot

from approver.ui.termination import SIGNALS, Termination


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_wakes_qt_s_loop(qtbot: QtBot, number: signal.Signals) -> None:
    termination = Termination()
    try:
        with qtbot.waitSignal(termination.asked):
            os.kill(os.getpid(), number)
    finally:
        termination.uninstall()


def test_what_was_there_before_is_put_back(qtbot: QtBot) -> None:
    before = [signal.getsignal(number) for number in SIGNALS]
    termination = Termination()
    assert [signal.getsignal(number) for number in SIGNALS] != before
    termination.uninstall()
    assert [signal.getsignal(number) for number in SIGNALS] == before


def test_other_signals_end_nothing(qtbot: QtBot) -> None:
    termination = Termination()
    before = signal.signal(signal.SIGUSR1, lambda *_: None)
    try:
        with qtbot.assertNotEmitted(termination.asked, wait=50):
            os.kill(os.getpid(), signal.SIGUSR1)
    finally:
        signal.signal(signal.SIGUSR1, before)
        termination.uninstall()
