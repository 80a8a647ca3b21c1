"""The test of a server's start, as it is seen."""

import pytest
from fake_engine import StillBridge
from pytestqt.qtbot import QtBot

from approver.model import StdioServer
from approver.proxy.probe import Probed
from approver.ui.bridge_workshop import WorkshopBridge
from approver.ui.server_trial import ServerTrial
from approver.workshop import SaidLine, TrialEnd

ONE, TWO = StdioServer("one", "x"), StdioServer("two", "y")
FOUND = Probed("2025-06-18", "Files", "1.2", ({"name": "read"}, {"name": "delete"}))


@pytest.fixture
def workshop(bridge: StillBridge) -> WorkshopBridge:
    return WorkshopBridge(bridge)


@pytest.fixture
def trial(qtbot: QtBot, workshop: WorkshopBridge) -> ServerTrial:
    trial = ServerTrial(workshop)
    qtbot.addWidget(trial)
    trial.show()
    return trial


def test_what_was_found_is_shown_with_the_tools(trial: ServerTrial, workshop: WorkshopBridge) -> None:
    assert not trial._do.isEnabled()
    trial.toggle()
    assert trial.running is None
    trial.set_server(ONE)
    assert "No tool is called" in trial._words.text()
    trial._do.click()
    assert (trial.running, trial._do.text()) == ("one", "S&top the test")
    assert trial._words.text() == "Waiting for the server's answer…"
    workshop.trial_told.emit((SaidLine("stderr", "hello\u202e"), SaidLine("stdout", "noise")))
    workshop.trial_told.emit((SaidLine("approver", "ended"),))
    assert trial.output.toPlainText() == "stderr: hello⟨U+202E⟩\nstdout: noise\napprover: ended"
    workshop.trial_ended.emit(TrialEnd("one", FOUND, "", 1.25))
    words = "It works. It calls itself “Files 1.2”, speaks MCP 2025-06-18 and has 2 tools. (1.3 s)"
    assert trial._words.text().replace("1.2 s", "1.3 s") == words
    assert [name for name, _ in trial.tools.tools] == ["read", "delete"]
    assert trial._table.isVisible()
    assert trial._do.text() == "&Test the start"


def test_why_it_does_not_work_is_told(trial: ServerTrial, workshop: WorkshopBridge) -> None:
    trial.set_server(ONE)
    trial.toggle()
    workshop.trial_ended.emit(TrialEnd("one", None, "It ended before it answered: status 1."))
    assert trial._words.text() == "It ended before it answered: status 1."
    assert trial._words.property("role") == "warning"
    assert not trial._table.isVisible()


def test_a_test_can_be_stopped_once(trial: ServerTrial, workshop: WorkshopBridge, bridge: StillBridge) -> None:
    trial.set_server(ONE)
    trial.toggle()
    trial.toggle()
    assert trial._words.text() == "Ending it…"
    assert not trial._do.isEnabled()
    assert bridge.carried == 2
    workshop.trial_ended.emit(TrialEnd("one"))
    assert trial._words.text() == "You stopped the test."


def test_what_was_found_waits_while_another_server_is_seen(trial: ServerTrial, workshop: WorkshopBridge) -> None:
    workshop.trial_told.emit((SaidLine("stderr", "nobody asked"),))
    trial.set_server(ONE)
    trial.toggle()
    trial.set_server(TWO)
    assert trial._words.text() == "Another server is being tested: one."
    workshop.trial_told.emit((SaidLine("stderr", "of one"),))
    assert trial.output.toPlainText() == ""
    workshop.trial_ended.emit(TrialEnd("other"))
    workshop.trial_ended.emit(TrialEnd("one", Probed("r", "n", "", ({"name": "a"},))))
    trial.set_server(ONE)
    assert trial.output.toPlainText() == "stderr: of one"
    assert "has 1 tool." in trial._words.text()
    trial.forget("one")
    trial.forget("one")
    assert "No tool is called" in trial._words.text()


def test_when_the_engine_is_gone_nothing_runs_any_more(trial: ServerTrial) -> None:
    trial.set_server(ONE)
    trial.toggle()
    trial.forget("one")
    trial.engine_stopped()
    assert trial.running is None
    assert trial._do.isEnabled()
