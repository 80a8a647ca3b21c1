"""An engine that only remembers: what windows need of one, without a proxy behind it."""

from collections.abc import Callable
from typing import Any

from approver.approvals.queue import NotWaiting
from approver.approvals.standing_book import Kept
from approver.catalog.arguments import argument_paths
from approver.catalog.tools import Catalog
from approver.events import (
    AnswerForgotten,
    AnswerRemembered,
    Events,
    QuestionChanged,
    QuestionEnded,
    QuestionOpened,
    StateChanged,
)
from approver.model import Answer, AnswerKind, Outcome, PendingQuestion, ServerHealth
from approver.proxy.edits import EditRefused
from approver.standing_model import Standing, StandingState
from approver.ui.bridge import Bridge, _Started

RUNNING = StateChanged(panic=False, panic_until=None, problems=(), clients=2)


class FakeRemembered:
    """Answers that stand, without a journal."""

    def __init__(self, engine: "FakeEngine") -> None:
        self._engine = engine
        self.kept: dict[str, Kept] = {}
        self.revoked: list[str] = []

    def all(self) -> tuple[Kept, ...]:
        return tuple(self.kept.values())

    def revoke(self, name: str, by: str) -> object:
        self.revoked.append(name)
        if self.kept.pop(name, None) is not None:
            self._engine.events.emit(AnswerForgotten(name, f"revoked by {by}"))
        return None

    def make(self, standing: Standing, **state: object) -> None:
        self.kept[standing.id] = Kept(standing, StandingState(standing.id, len(self.kept) + 1, **state))
        self._engine.events.emit(AnswerRemembered(standing))


class FakeEngine:
    """Keeps questions, answers and states, and emits the events that the real one would."""

    def __init__(self, *questions: PendingQuestion, state: StateChanged = RUNNING) -> None:
        self.events = Events()
        self.catalog = Catalog()
        self.remembered = FakeRemembered(self)
        self.on_quit: Callable[[], None] = lambda: None
        self.open = {question.id: question for question in questions}
        self.answers: list[tuple[str, Answer]] = []
        self.did: list[str] = []
        self.configured: tuple[ServerHealth, ...] = ()
        self.refusal = ""
        self.start_fault: Exception | None = None
        self._state = state

    async def start(self) -> None:
        self.did.append("start")
        if self.start_fault is not None:
            raise self.start_fault

    async def stop(self) -> None:
        self.did.append("stop")
        for question_id in list(self.open):
            self.end(question_id, Outcome.SHUT_DOWN, "shut down")

    def state(self) -> StateChanged:
        return self._state

    def pending(self) -> tuple[PendingQuestion, ...]:
        return tuple(self.open.values())

    def servers(self) -> tuple[ServerHealth, ...]:
        return self.configured

    def answer(self, question_id: str, answer: Answer) -> None:
        if question_id not in self.open:
            raise NotWaiting(f"No call with the id {question_id} is waiting.")
        if self.refusal and answer.arguments is not None:
            raise EditRefused(self.refusal)
        self.answers.append((question_id, answer))
        allowed = answer.kind is AnswerKind.ALLOW
        self.end(question_id, Outcome.APPROVED if allowed else Outcome.DENIED_BY_USER, answer.by)

    def deny_all(self, by: str, reason: str = "", client: str | None = None) -> int:
        denied = [one for one in self.pending() if client is None or one.call.caller.client == client]
        for question in denied:
            self.answer(question.id, Answer(AnswerKind.DENY, by, reason))
        return len(denied)

    def panic(self, seconds: float | None = None) -> None:
        self.did.append(f"panic {seconds}")
        self.become(StateChanged(True, None if seconds is None else 1_795_341_600.0 + seconds, (), 2))

    def pause(self, seconds: float | None = None) -> None:
        self.did.append(f"pause {seconds}")
        until = None if seconds is None else 1_795_341_600.0 + seconds
        self.become(StateChanged(False, None, (), 2, paused=True, paused_until=until))

    def ask_again(self, client: str) -> None:
        self.did.append(f"ask again {client}")
        self.become(RUNNING)

    def resume(self) -> None:
        self.did.append("resume")
        self.become(RUNNING)

    # -- what clients and time would do ----------------------------------------------------------------------------

    def ask(self, question: PendingQuestion) -> PendingQuestion:
        self.open[question.id] = question
        self.events.emit(QuestionOpened(question))
        return question

    def change(self, question: PendingQuestion) -> None:
        self.open[question.id] = question
        self.events.emit(QuestionChanged(question))

    def end(self, question_id: str, outcome: Outcome, by: str) -> None:
        del self.open[question_id]
        self.events.emit(QuestionEnded(question_id, outcome.value, by))

    def become(self, state: StateChanged) -> None:
        self._state = state
        self.events.emit(state)


class StillBridge(Bridge):
    """A bridge whose engine runs on the caller's thread, so that every click has its effect at once."""

    def __init__(self, engine: FakeEngine) -> None:
        super().__init__(lambda: engine)
        self.carried = 0
        self._engine = engine
        self.remembered._carry, self.remembered._tell = (lambda work: work(engine)), self._hear
        engine.events.subscribe(self._hear)

    def start(self) -> None:
        self._hear(_Started(self._engine.state(), self._engine.pending()))

    def stop(self) -> None:
        self.is_running = False
        self.stopped.emit()

    def ask_servers(self) -> None:
        self.servers_told.emit(self._engine.servers())

    def ask_tools(self, server: str) -> None:
        self.tools_told.emit(server, tuple(tool.name for tool in self._engine.catalog.of(server)))

    def carry(self, work: Callable[[Any], object]) -> None:
        """What the further crossing wants needs a loop; a test tells it by its signals what came of it."""
        self.carried += 1

    def ask_arguments(self, server: str, tool: str) -> None:
        if (known := self._engine.catalog.find(server, tool)) is not None:
            self.arguments_told.emit(server, tool, argument_paths(known.input_schema))

    def _send(self, work: Callable[[], object]) -> None:
        work()

    def _carry_out(self, question_id: str, answer: Answer) -> None:
        try:
            self._engine.answer(question_id, answer)
        except EditRefused as fault:
            self.edit_refused.emit(question_id, str(fault))
        except NotWaiting as fault:
            self.not_answered.emit(question_id, str(fault))
