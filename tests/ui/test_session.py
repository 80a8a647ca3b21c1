"""One run of the app, from its start to its end."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_engine import FakeEngine, StillBridge
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sample_questions import writing

from approver.ui.front import Front
from approver.ui.session import Session
from approver.ui.single_instance import SOCKET_NAME, SingleInstance
from approver.ui.termination import Termination


class Run:
    """A session with its parts, and the status it ended with."""

    def __init__(self, session: Session, bridge: StillBridge, front: Front, folder: Path) -> None:
        self.session, self.bridge, self.front, self.folder = session, bridge, front, folder
        self.ended: list[int] = []
        session.ended.connect(self.ended.append)


@pytest.fixture
def run(
    qtbot: QtBot, qapp: QApplication, bridge: StillBridge, front: Front, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Run]:
    folder = tmp_path_factory.mktemp("run")
    session = Session(qapp, bridge, front, SingleInstance(folder), Termination())
    session.start(hidden=False)
    yield Run(session, bridge, front, folder)
    session.close()


def test_starting_shows_the_window_and_hears_second_launches(run: Run) -> None:
    assert run.front.queue.isVisible()
    assert (run.folder / SOCKET_NAME).exists()
    assert run.ended == []


def test_the_end_takes_windows_and_socket_away_and_ends_once(run: Run) -> None:
    run.front.quit_decided.emit()
    run.session.end()
    assert not run.front.queue.isVisible()
    assert not (run.folder / SOCKET_NAME).exists()
    assert run.ended == [0]


def test_every_wish_to_end_takes_the_same_way(run: Run, qapp: QApplication) -> None:
    run.session._termination.asked.emit()
    assert run.ended == [0]


def test_the_desktop_s_session_does_not_end_it_past_its_order(run: Run, qapp: QApplication) -> None:
    QApplication.sendEvent(qapp, QEvent(QEvent.Type.Quit))
    assert run.ended == [0]


def test_a_second_launch_brings_the_window(run: Run) -> None:
    run.front.queue.hide()
    run.session._instance.show_asked.emit()
    assert run.front.queue.isVisible()


def test_a_fault_is_told_in_plain_text_and_ends_with_status_1(run: Run) -> None:
    run.bridge.failed.emit("<b>No</b> safe place to work in.")
    run.bridge.stopped.emit()
    message = run.session.fault_message
    assert message is not None
    assert message.textFormat() is Qt.TextFormat.PlainText
    assert message.informativeText() == "<b>No</b> safe place to work in."
    assert run.ended == []
    message.buttons()[0].click()
    assert run.ended == [1]


def test_a_signal_during_a_fault_s_message_ends_it(run: Run) -> None:
    run.bridge.failed.emit("Broken.")
    run.bridge.stopped.emit()
    run.session._termination.asked.emit()
    assert run.ended == [1]
    assert run.session.fault_message is not None
    assert not run.session.fault_message.isVisible()


def test_a_fault_while_it_ends_needs_no_message(run: Run, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run.bridge, "stop", lambda: None)
    run.session.end()
    run.bridge.failed.emit("Broken.")
    run.bridge.stopped.emit()
    assert run.session.fault_message is None
    assert run.ended == [1]


def test_an_engine_that_does_not_stop_is_not_waited_for_for_ever(
    run: Run, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(run.bridge, "stop", lambda: None)
    run.session.end()
    assert run.ended == []
    run.session._limit.timeout.emit()
    assert run.ended == [1]
    assert "did not stop in time" in caplog.text


def test_waiting_calls_are_asked_about_before_the_menu_quits(run: Run, engine: FakeEngine) -> None:
    engine.ask(writing())
    run.front.tray.quit_asked.emit()
    assert run.ended == []
