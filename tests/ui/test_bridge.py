"""The crossing between the engine's thread and Qt's, with a real thread and a real loop."""

import threading
from collections.abc import Iterator

import pytest
from fake_engine import RUNNING, FakeEngine
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot
from sample_questions import pushing, writing

from approver.events import CallJudged, StateChanged
from approver.model import Answer, AnswerKind, Entry, EntryKind, Outcome, ServerHealth, ToolDefinition
from approver.ui.bridge import IDLE, Bridge


class ThreadedEngine(FakeEngine):
    """Notes on which thread it is called, and can fail."""

    def __init__(self) -> None:
        super().__init__()
        self.threads: set[str] = set()
        self.fault: Exception | None = None

    async def start(self) -> None:
        self.threads.add(threading.current_thread().name)
        await super().start()

    async def stop(self) -> None:
        self.threads.add(threading.current_thread().name)
        await super().stop()

    def answer(self, question_id: str, answer: Answer) -> None:
        self.threads.add(threading.current_thread().name)
        if self.fault is not None:
            raise self.fault
        super().answer(question_id, answer)


@pytest.fixture
def engine() -> ThreadedEngine:
    return ThreadedEngine()


@pytest.fixture
def crossing(qtbot: QtBot, engine: ThreadedEngine) -> Iterator[Bridge]:
    bridge = Bridge(lambda: engine)
    yield bridge
    if bridge.is_running:
        with qtbot.waitSignal(bridge.stopped):
            bridge.stop()
    assert bridge.join(5)


def started(qtbot: QtBot, bridge: Bridge) -> None:
    with qtbot.waitSignal(bridge.started):
        bridge.start()


def on_engine(bridge: Bridge, work: object) -> None:
    assert callable(work)
    assert bridge._loop is not None
    bridge._loop.call_soon_threadsafe(work)


def test_it_begins_with_a_snapshot(qtbot: QtBot, crossing: Bridge, engine: ThreadedEngine) -> None:
    waiting = writing()
    engine.open[waiting.id] = waiting
    assert (crossing.pending, crossing.state, crossing.is_running) == ((), IDLE, False)
    started(qtbot, crossing)
    assert (crossing.pending, crossing.state, crossing.is_running) == ((waiting,), RUNNING, True)


def test_the_servers_are_told_when_they_are_asked_for(qtbot: QtBot, crossing: Bridge, engine: ThreadedEngine) -> None:
    crossing.ask_servers()
    engine.configured = (ServerHealth("files", False, 1),)
    started(qtbot, crossing)
    with qtbot.waitSignal(crossing.servers_told) as told:
        crossing.ask_servers()
    assert told.args == [engine.configured]


def test_events_arrive_on_qt_s_thread_in_their_order(qtbot: QtBot, crossing: Bridge, engine: ThreadedEngine) -> None:
    started(qtbot, crossing)
    heard: list[tuple[str, bool]] = []
    here = QThread.currentThread()

    def note(what: str) -> None:
        heard.append((what, QThread.currentThread() is here))

    crossing.question_opened.connect(lambda question: note(f"opened {question.call.tool}"))
    crossing.question_changed.connect(lambda question: note(f"changed {question.call.tool}"))
    crossing.question_ended.connect(lambda ended: note(f"ended {ended.outcome}"))
    crossing.judged.connect(lambda entry: note(f"judged {entry.tool}"))
    crossing.state_changed.connect(lambda state: note(f"state {state.clients}"))
    asked = writing()

    def all_of_it() -> None:
        engine.ask(asked)
        engine.change(asked)
        engine.events.emit(CallJudged(Entry(0.0, EntryKind.DECISION, tool="write_file")))
        engine.end(asked.id, Outcome.EXPIRED, "time")
        engine.become(StateChanged(False, None, (), 7))

    with qtbot.waitSignal(crossing.state_changed):
        on_engine(crossing, all_of_it)
    assert heard == [
        ("opened write_file", True),
        ("changed write_file", True),
        ("judged write_file", True),
        ("ended expired", True),
        ("state 7", True),
    ]
    assert crossing.pending == ()


def test_a_change_of_a_question_that_has_ended_is_no_news(
    qtbot: QtBot, crossing: Bridge, engine: ThreadedEngine
) -> None:
    started(qtbot, crossing)
    with qtbot.assertNotEmitted(crossing.question_changed), qtbot.waitSignal(crossing.state_changed):
        on_engine(crossing, lambda: engine.change(pushing()))
        on_engine(crossing, lambda: engine.become(RUNNING))
    assert crossing.pending == ()


def test_clicks_are_carried_out_on_the_engine_s_thread(qtbot: QtBot, crossing: Bridge, engine: ThreadedEngine) -> None:
    started(qtbot, crossing)
    asked = writing()
    with qtbot.waitSignal(crossing.question_opened):
        on_engine(crossing, lambda: engine.ask(asked))
    answer = Answer(AnswerKind.DENY, "window", "No.", "digest")
    with qtbot.waitSignal(crossing.question_ended):
        crossing.answer(asked.id, answer)
    assert engine.answers == [(asked.id, answer)]
    assert engine.threads == {"engine"}
    for work, did in ((lambda: crossing.panic(60.0), "panic 60.0"), (crossing.resume, "resume")):
        with qtbot.waitSignal(crossing.state_changed):
            work()
        assert engine.did[-1] == did


def test_denying_all_reaches_the_engine_with_the_client_s_name(
    qtbot: QtBot, crossing: Bridge, engine: ThreadedEngine
) -> None:
    started(qtbot, crossing)
    mine, other = writing(), pushing()
    with qtbot.waitSignals([crossing.question_opened, crossing.question_opened]):
        on_engine(crossing, lambda: (engine.ask(mine), engine.ask(other)))
    with qtbot.waitSignal(crossing.question_ended):
        crossing.deny_all("Cursor")
    assert [question_id for question_id, _ in engine.answers] == [other.id]


def test_the_tools_of_a_server_are_told(qtbot: QtBot, crossing: Bridge, engine: ThreadedEngine) -> None:
    engine.catalog.learn("web", [ToolDefinition("read"), ToolDefinition("write")])
    started(qtbot, crossing)
    with qtbot.waitSignal(crossing.tools_told) as told:
        crossing.ask_tools("web")
    assert told.args == ["web", ("read", "write")]


def test_an_answer_that_comes_too_late_comes_back_as_a_sentence(
    qtbot: QtBot, crossing: Bridge, engine: ThreadedEngine
) -> None:
    started(qtbot, crossing)
    with qtbot.waitSignal(crossing.not_answered) as heard:
        crossing.answer("gone", Answer(AnswerKind.ALLOW, "window"))
    assert heard.args == ["gone", "No call with the id gone is waiting."]


def test_an_answer_that_fails_leaves_nobody_waiting(
    qtbot: QtBot, crossing: Bridge, engine: ThreadedEngine, caplog: pytest.LogCaptureFixture
) -> None:
    started(qtbot, crossing)
    engine.fault = OSError("the disk is full")
    with qtbot.waitSignal(crossing.not_answered) as heard:
        crossing.answer("q", Answer(AnswerKind.ALLOW, "window"))
    assert heard.args == ["q", "the disk is full"]
    assert "could not be carried out" in caplog.text


def test_stopping_ends_the_engine_before_the_thread(qtbot: QtBot, crossing: Bridge, engine: ThreadedEngine) -> None:
    started(qtbot, crossing)
    with qtbot.waitSignal(crossing.question_opened):
        on_engine(crossing, lambda: engine.ask(writing()))
    with qtbot.waitSignals([crossing.question_ended, crossing.stopped], order="strict"):
        crossing.stop()
    assert engine.did == ["start", "stop"]
    assert not crossing.is_running
    assert crossing.join(5)


def test_stopping_before_the_start_is_over_ends_it_all_the_same(
    qtbot: QtBot, crossing: Bridge, engine: ThreadedEngine
) -> None:
    with qtbot.waitSignal(crossing.stopped):
        crossing.start()
        crossing.stop()
    assert engine.did == ["start", "stop"]


def test_stopping_what_never_ran_is_told_at_once(qtbot: QtBot, crossing: Bridge) -> None:
    with qtbot.waitSignal(crossing.stopped):
        crossing.stop()


def test_an_engine_that_does_not_start_is_told_and_then_over(
    qtbot: QtBot, crossing: Bridge, engine: ThreadedEngine, caplog: pytest.LogCaptureFixture
) -> None:
    engine.start_fault = RuntimeError("Another Approver runs already.")
    with qtbot.waitSignals([crossing.failed, crossing.stopped], order="strict"):
        crossing.start()
    assert engine.did == ["start"]
    assert "the engine failed" in caplog.text


def test_clicks_after_the_end_have_no_effect(qtbot: QtBot, crossing: Bridge, engine: ThreadedEngine) -> None:
    started(qtbot, crossing)
    with qtbot.waitSignal(crossing.stopped):
        crossing.stop()
    crossing.resume()
    assert "resume" not in engine.did


def test_a_click_that_meets_a_closed_loop_has_no_effect(qtbot: QtBot, crossing: Bridge, engine: ThreadedEngine) -> None:
    started(qtbot, crossing)
    loop = crossing._loop
    with qtbot.waitSignal(crossing.stopped):
        crossing.stop()
    assert crossing.join(5)
    crossing._loop = loop
    crossing.resume()
    crossing._loop = None


def test_a_command_s_wish_to_quit_comes_over(qtbot: QtBot, crossing: Bridge, engine: ThreadedEngine) -> None:
    started(qtbot, crossing)
    with qtbot.waitSignal(crossing.quit_asked):
        on_engine(crossing, lambda: engine.on_quit())


def test_an_edit_that_the_rules_refuse_comes_back_in_a_sentence(
    qtbot: QtBot, crossing: Bridge, engine: ThreadedEngine
) -> None:
    started(qtbot, crossing)
    engine.refusal = "The rules do not let it through."
    asked = writing()
    with qtbot.waitSignal(crossing.question_opened):
        on_engine(crossing, lambda: engine.ask(asked))
    with qtbot.waitSignal(crossing.edit_refused) as heard:
        crossing.answer(asked.id, Answer(AnswerKind.ALLOW, "window", arguments={"path": "/etc/x"}))
    assert heard.args == [asked.id, "The rules do not let it through."]
    assert [question.id for question in crossing.pending] == [asked.id]
