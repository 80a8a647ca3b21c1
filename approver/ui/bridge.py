"""The only crossing between the engine's thread and Qt's.

    engine's events ──one private signal, queued──> Bridge (Qt's thread) ──public signals──> windows, tray
    clicks ──Bridge's methods──call_soon_threadsafe──> the engine's loop ──failures──> public signals

The engine runs on an event loop of its own in a thread that the bridge owns, and is only ever touched there. What goes
over are frozen values. The bridge keeps the last snapshot it was told of (`pending`, `state`), so that no window has to
ask or to remember.
"""

import asyncio
import logging
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from PySide6.QtCore import QObject, Qt, Signal, Slot

from approver.approvals.queue import NotWaiting
from approver.approvals.waiting_rows import WaitingRows
from approver.catalog.arguments import argument_paths
from approver.catalog.tools import Catalog
from approver.events import CallJudged, Event, Events, QuestionChanged, QuestionEnded, QuestionOpened, StateChanged
from approver.model import Answer, PendingQuestion, ServerHealth
from approver.proxy.edits import EditRefused
from approver.ui.bridge_remembered import HEARD, Remembered, RememberedSide

log = logging.getLogger(__name__)

IDLE = StateChanged(panic=False, panic_until=None, problems=(), clients=0)
"""What is known before the engine has said anything."""


class Engine(Protocol):
    """What windows need of an engine; all of it is called on the engine's own loop."""

    events: Events
    catalog: Catalog
    on_quit: Callable[[], None]

    @property
    def remembered(self) -> Remembered:
        """The answers that stand."""
        ...

    async def start(self) -> None:
        """Begin to work. An exception's text is shown to the person."""
        ...

    async def stop(self) -> None:
        """Stop accepting, deny what waits, close the servers, flush the journal."""
        ...

    def state(self) -> StateChanged:
        """What the tray shows."""
        ...

    def pending(self) -> tuple[PendingQuestion, ...]:
        """The open questions, oldest first."""
        ...

    def servers(self) -> tuple[ServerHealth, ...]:
        """Every configured server, and how it fares."""
        ...

    def answer(self, question_id: str, answer: Answer) -> None:
        """Carry out a person's answer. Raises `NotWaiting`."""
        ...

    def deny_all(self, by: str, reason: str = "", client: str | None = None) -> int:
        """Deny every waiting call, or those of one client."""
        ...

    def panic(self, seconds: float | None = None) -> None:
        """Deny everything, for a time or until `resume`."""
        ...

    def pause(self, seconds: float | None = None) -> None:
        """Ask nobody, for a time or until `resume`: rules alone decide."""
        ...

    def resume(self) -> None:
        """Judge calls again."""
        ...

    def ask_again(self, client: str) -> None:
        """Ask about the calls of a client again that was held off."""
        ...


@dataclass(frozen=True, slots=True)
class _Started:
    """The engine runs; what it said about itself at that moment."""

    state: StateChanged
    pending: tuple[PendingQuestion, ...]


@dataclass(frozen=True, slots=True)
class _NotAnswered:
    """An answer came too late."""

    question_id: str
    sentence: str


@dataclass(frozen=True, slots=True)
class _EditRefused:
    """The rules refuse the call as it was edited; it waits on."""

    question_id: str
    sentence: str


@dataclass(frozen=True, slots=True)
class _Told:
    """What was asked of the engine; `emit` tells it on Qt's thread."""

    emit: Callable[[], None]


@dataclass(frozen=True, slots=True)
class _Failed:
    """The engine did not start, or fell over."""

    sentence: str


@dataclass(frozen=True, slots=True)
class _Stopped:
    """The engine's thread is done."""


@dataclass(frozen=True, slots=True)
class _QuitAsked:
    """A command asked the app to quit."""


_Message = Event | _Started | _NotAnswered | _EditRefused | _Told | _Failed | _Stopped | _QuitAsked


class Bridge(QObject):
    """Runs an engine and speaks for it on Qt's thread.

    Attributes:
        pending: The open questions, oldest first, as last told.
        waiting: The same in rows, identical calls in one; to be looked at only.
        state: The engine's state, as last told.
        is_running: Whether the engine has started and not stopped.
        remembered: What of the crossing concerns answers that stand.

    Signals:
        started: The engine runs; `pending` and `state` are what it began with.
        question_opened, question_changed: A `PendingQuestion`.
        question_ended: A `QuestionEnded`.
        judged: An `Entry`: a decision was written down.
        state_changed: A `StateChanged`.
        not_answered: An answer came too late: the question's id and a sentence.
        edit_refused: A call may not be made as it was edited: the question's id and a sentence. It waits on.
        servers_told: Every `ServerHealth`, after `ask_servers`.
        tools_told: A server and the names of its tools, after `ask_tools`.
        arguments_told: A server, a tool, and the paths of its arguments with the type of each, after `ask_arguments`.
        failed: The engine did not start or fell over: a sentence. `stopped` follows.
        stopped: The engine's thread is done.
        quit_asked: A command asked the app to quit.
    """

    started = Signal()
    question_opened = Signal(object)
    question_changed = Signal(object)
    question_ended = Signal(object)
    judged = Signal(object)
    state_changed = Signal(object)
    not_answered = Signal(str, str)
    edit_refused = Signal(str, str)
    servers_told = Signal(object)
    tools_told = Signal(str, object)
    arguments_told = Signal(str, str, object)
    failed = Signal(str)
    stopped = Signal()
    quit_asked = Signal()
    _told = Signal(object)

    def __init__(self, engine_factory: Callable[[], Engine], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._factory = engine_factory
        self._questions: dict[str, PendingQuestion] = {}
        self.waiting = WaitingRows()
        self._state = IDLE
        self.is_running = False
        self.remembered = RememberedSide(self.carry, self._told.emit, self)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._engine: Engine | None = None
        self._stopping: asyncio.Event | None = None
        self._stop_wanted = threading.Event()
        self._thread = threading.Thread(target=self._run_thread, name="engine", daemon=True)
        # queued always: a listener of the engine must return at once, whatever thread it is called on
        self._told.connect(self._hear, Qt.ConnectionType.QueuedConnection)

    @property
    def pending(self) -> tuple[PendingQuestion, ...]:
        """The open questions, oldest first."""
        return tuple(self._questions.values())

    @property
    def state(self) -> StateChanged:
        """The engine's state."""
        return self._state

    # -- from Qt's thread to the engine's --------------------------------------------------------------------------

    def start(self) -> None:
        """Start the engine's thread; `started` or `failed` follows."""
        self._thread.start()

    def stop(self) -> None:
        """Have the engine end in its written order; `stopped` follows. Never waits."""
        self._stop_wanted.set()
        if not self._thread.is_alive():
            self._told.emit(_Stopped())
        elif self._loop is not None and self._stopping is not None:
            self._send(self._stopping.set)

    def join(self, seconds: float) -> bool:
        """Wait for the thread after `stopped`; tells whether it has ended."""
        if self._thread.ident is not None:
            self._thread.join(seconds)
        return not self._thread.is_alive()

    def answer(self, question_id: str, answer: Answer) -> None:
        """Give a person's answer; `question_ended` or `not_answered` follows."""
        self._send(lambda: self._carry_out(question_id, answer))

    def deny_all(self, client: str | None = None) -> None:
        """Deny every waiting call, or those of one client."""
        self._send(lambda: self._with_engine(lambda engine: engine.deny_all("window", client=client)))

    def panic(self, seconds: float | None) -> None:
        """Deny everything, for some seconds or until `resume`."""
        self._send(lambda: self._with_engine(lambda engine: engine.panic(seconds)))

    def pause(self, seconds: float | None) -> None:
        """Ask nobody, for some seconds or until `resume`: rules alone decide, and what they ask about is denied."""
        self._send(lambda: self._with_engine(lambda engine: engine.pause(seconds)))

    def ask_again(self, client: str) -> None:
        """Ask about the calls of a client again that was held off."""
        self._send(lambda: self._with_engine(lambda engine: engine.ask_again(client)))

    def ask_tools(self, server: str) -> None:
        """Ask which tools a server is known to have; `tools_told` follows while the engine runs."""

        def tell(engine: Engine) -> None:
            names = tuple(tool.name for tool in engine.catalog.of(server))
            self._told.emit(_Told(lambda: self.tools_told.emit(server, names)))

        self._send(lambda: self._with_engine(tell))

    def ask_arguments(self, server: str, tool: str) -> None:
        """Ask which arguments a tool takes; `arguments_told` follows where its server has said so."""

        def tell(engine: Engine) -> None:
            known = engine.catalog.find(server, tool)
            if known is not None:
                paths = argument_paths(known.input_schema)
                self._told.emit(_Told(lambda: self.arguments_told.emit(server, tool, paths)))

        self._send(lambda: self._with_engine(tell))

    def ask_servers(self) -> None:
        """Ask how the servers fare; `servers_told` follows while the engine runs."""

        def tell(engine: Engine) -> None:
            servers = engine.servers()
            self._told.emit(_Told(lambda: self.servers_told.emit(servers)))

        self._send(lambda: self._with_engine(tell))

    def resume(self) -> None:
        """Judge calls again."""
        self._send(lambda: self._with_engine(lambda engine: engine.resume()))

    def carry(self, work: Callable[[Any], object]) -> None:
        """Have work done with the engine, on its loop: for the further crossing, `bridge_workshop`."""
        self._send(lambda: self._with_engine(work))

    def _send(self, work: Callable[[], object]) -> None:
        loop = self._loop
        try:
            if loop is not None:
                loop.call_soon_threadsafe(work)
        except RuntimeError:  # the loop has closed meanwhile: there is nobody left to tell
            log.info("the engine has stopped, so a click had no effect")

    # -- on the engine's thread ------------------------------------------------------------------------------------

    def _run_thread(self) -> None:
        if sys.platform == "win32":
            from winloop import new_event_loop
        else:
            from uvloop import new_event_loop
        try:
            with asyncio.Runner(loop_factory=new_event_loop) as runner:
                runner.run(self._run_engine())
        except Exception as fault:  # the thread's top: whatever it was, the person has to hear of it
            log.exception("the engine failed")
            self._told.emit(_Failed(str(fault) or type(fault).__name__))
        finally:
            self._loop = self._engine = None
            self._told.emit(_Stopped())

    async def _run_engine(self) -> None:
        self._stopping = stopping = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        engine = self._factory()
        self._engine = engine
        engine.events.subscribe(self._told.emit)
        engine.on_quit = lambda: self._told.emit(_QuitAsked())
        await engine.start()
        try:
            self._told.emit(_Started(engine.state(), engine.pending()))
            if not self._stop_wanted.is_set():
                await stopping.wait()
        finally:
            await engine.stop()

    def _carry_out(self, question_id: str, answer: Answer) -> None:
        def give(engine: Engine) -> None:
            try:
                engine.answer(question_id, answer)
            except EditRefused as fault:
                self._told.emit(_EditRefused(question_id, str(fault)))
            except NotWaiting as fault:
                self._told.emit(_NotAnswered(question_id, str(fault)))
            except Exception as fault:  # the loop's top: whoever answered must not be left waiting
                log.exception("an answer could not be carried out")
                self._told.emit(_NotAnswered(question_id, str(fault) or type(fault).__name__))

        self._with_engine(give)

    def _with_engine(self, work: Callable[[Engine], object]) -> None:
        if self._engine is not None:
            work(self._engine)

    # -- on Qt's thread, from the engine's -------------------------------------------------------------------------

    @Slot(object)
    def _hear(self, message: _Message) -> None:
        if isinstance(message, HEARD):
            self.remembered.hear(message)
            return
        match message:
            case QuestionOpened(question):
                self._questions[question.id] = question
                self.waiting.add(question)
                self.question_opened.emit(question)
            case QuestionChanged(question) if question.id in self._questions:
                self._questions[question.id] = question
                self.waiting.change(question)
                self.question_changed.emit(question)
            case QuestionEnded(id=question_id):
                self._questions.pop(question_id, None)
                self.waiting.remove(question_id)
                self.question_ended.emit(message)
            case CallJudged(entry):
                self.judged.emit(entry)
            case _EditRefused(question_id, sentence):
                self.edit_refused.emit(question_id, sentence)
            case StateChanged():
                self._state = message
                self.state_changed.emit(message)
            case _:
                self._hear_own(message)

    def _hear_own(self, message: _Message) -> None:
        match message:
            case _Started(state, pending):
                self._state = state
                self._questions = {question.id: question for question in pending}
                self.waiting = WaitingRows(pending)
                self.is_running = True
                self.started.emit()
            case _NotAnswered(question_id, sentence):
                self.not_answered.emit(question_id, sentence)
            case _Told(emit):
                emit()
            case _Failed(sentence):
                self.is_running = False
                self.failed.emit(sentence)
            case _QuitAsked():
                self.quit_asked.emit()
            case _Stopped():
                self.is_running = False
                self.stopped.emit()
