"""The queue of questions: who waits, for how long, and how each question ends, exactly once.

Two clocks run for a question. The *patience* of the request that waits on it: when that ends the client is answered
«pending» and the question stays open. And the question's own life: when that ends it has expired. In between it can be
answered, aborted (the client cancelled or left) or shut down. A repeat of the same call attaches to a question that no
request waits on any more; an answer that comes while none waits is kept as an admission for the next repeat.

The queue decides nothing and does no I/O: it tells its owner, the gate, what happened. All on one thread; time comes
from the clock, timers from the event loop.
"""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from approver.approvals.timers import Handle, Timers
from approver.clock import Clock
from approver.events import Events, QuestionChanged, QuestionEnded, QuestionOpened
from approver.model import (
    Answer,
    AnswerKind,
    Call,
    Caller,
    Edit,
    Outcome,
    PendingQuestion,
    Reservation,
    ToolDefinition,
    Verdict,
)
from approver.standing_model import Standing

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


class NotWaiting(Exception):
    """There is no open question of that id. The message is a sentence for the person."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a question ended, and who ended it."""

    outcome: Outcome
    by: str
    waited: float | None
    """Seconds since the question was opened; None where nobody was asked, since the answer was remembered."""
    answer: Answer | None = None


R = TypeVar("R")


@dataclass(slots=True, eq=False)
class Question(Generic[R]):
    """One open question. `request` is whatever the gate wants back when something happens; None: nobody waits."""

    id: str
    call: Call
    verdict: Verdict
    since: float
    opened: float
    expires: float
    reservations: tuple[Reservation, ...]
    definition: ToolDefinition | None = None
    lapsed: Standing | None = None
    request: R | None = None
    patience_ends: float | None = None
    ending: Ending | None = None
    edit: Edit | None = None
    """What is to be sent in place of the call's arguments, once a person has approved it so."""
    life: Handle | None = None
    """Ends the question, or the approval that waits for its call's repeat."""
    patience: Handle | None = None
    progress: Handle | None = None

    def stop_timers(self) -> None:
        """Let nothing more come due."""
        for timer in (self.life, self.patience, self.progress):
            if timer is not None:
                timer.cancel()
        self.life = self.patience = self.progress = None

    def snapshot(self) -> PendingQuestion:
        """The question as windows and commands see it."""
        return PendingQuestion(
            id=self.id,
            call=self.call,
            rule=self.verdict.rule,
            reason=self.verdict.message,
            since=self.since,
            expires=self.expires,
            patience_ends=self.patience_ends,
            definition=self.definition,
            waiting=self.request is not None,
            lapsed=self.lapsed,
        )


class Owner(Protocol[R]):
    """Who is told what happens to questions."""

    def question_ended(self, question: Question[R], ending: Ending) -> None:
        """The question is over; `question.request` is the request that still waits on it, or None."""
        ...

    def admission_expired(self, question: Question[R]) -> None:
        """The approval came while no request waited, and no repeat of the call came to use it."""
        ...

    def patience_ended(self, question: Question[R], request: R) -> None:
        """The request must be answered «pending» now; the question stays open."""
        ...

    def progress_due(self, question: Question[R], request: R) -> None:
        """The request has waited for another interval."""
        ...


class ApprovalQueue(Generic[R]):
    """All open questions, oldest first, and the approvals that wait for their call to be repeated."""

    def __init__(self, clock: Clock, timers: Timers, events: Events) -> None:
        self._clock = clock
        self._timers = timers
        self._events = events
        self._owner: Owner[R] | None = None
        self._open: dict[str, Question[R]] = {}
        self._admissions: dict[str, Question[R]] = {}

    def owned_by(self, owner: Owner[R]) -> None:
        """Say who is told of endings; once, before the first question."""
        self._owner = owner

    def __len__(self) -> int:
        return len(self._open)

    def pending(self) -> tuple[PendingQuestion, ...]:
        """Snapshots of the open questions, oldest first."""
        return tuple(question.snapshot() for question in self._open.values())

    def questions(self) -> tuple[Question[R], ...]:
        """The open questions themselves, for the owner."""
        return tuple(self._open.values())

    def open(
        self,
        call: Call,
        verdict: Verdict,
        *,
        life: float,
        definition: ToolDefinition | None = None,
        lapsed: Standing | None = None,
    ) -> Question[R]:
        """Ask about `call`; the question closes after `life` seconds."""
        now = self._clock.now()
        question: Question[R] = Question(
            id=self._new_id(),
            call=call,
            verdict=verdict,
            since=now,
            opened=self._clock.monotonic(),
            expires=now + life,
            reservations=verdict.reservations,
            definition=definition,
            lapsed=lapsed,
        )
        self._open[question.id] = question
        question.life = self._timers.call_later(life, self._end, question, Outcome.EXPIRED, "time")
        return question

    def announce(self, question: Question[R]) -> None:
        """Show a question that was opened; apart from `open` so that it is written down first."""
        self._events.emit(QuestionOpened(question.snapshot()))

    def wait(self, question: Question[R], request: R, *, patience: float, progress: float | None) -> None:
        """Let `request` wait on `question` for at most `patience` seconds, with progress every `progress` seconds."""
        question.request = request
        question.patience_ends = self._clock.now() + patience
        question.patience = self._timers.call_later(patience, self._patience_ended, question, request)
        if progress is not None:
            self._schedule_progress(question, request, progress)

    def attach(self, question: Question[R], request: R, *, patience: float, progress: float | None) -> None:
        """`wait`, for a repeat of the call; whoever looks at the question sees that somebody waits again."""
        self.wait(question, request, patience=patience, progress=progress)
        self._events.emit(QuestionChanged(question.snapshot()))

    def reattachable(self, call: Call) -> Question[R] | None:
        """The open question about an identical call of the same caller on which no request waits."""
        for question in self._open.values():
            if question.request is None and _is_repeat(call, question.call):
                return question
        return None

    def take_admission(self, call: Call) -> Question[R] | None:
        """The approved question whose one identical call `call` is, if there is one; it is used up by this."""
        for question in self._admissions.values():
            if _is_repeat(call, question.call):
                del self._admissions[question.id]
                question.stop_timers()
                return question
        return None

    def waited_on_by(self, wanted: Callable[[R], bool]) -> Question[R] | None:
        """The open question on which a request waits for which `wanted` holds."""
        for question in self._open.values():
            if question.request is not None and wanted(question.request):
                return question
        return None

    def get(self, question_id: str) -> Question[R]:
        """The open question of that id. Raises `NotWaiting`."""
        question = self._open.get(question_id)
        if question is None:
            raise NotWaiting(f"No call with the id {question_id} is waiting. It may have been answered or cancelled.")
        return question

    def answer(self, question_id: str, answer: Answer, *, life: float) -> Question[R]:
        """End a question with a person's answer; an approval nobody waits for admits one call for `life` seconds.

        Raises:
            NotWaiting: no question of that id is open (any more).
        """
        question = self.get(question_id)
        allowed = answer.kind is AnswerKind.ALLOW
        detached = question.request is None
        self._end(question, Outcome.APPROVED if allowed else Outcome.DENIED_BY_USER, answer.by, answer)
        if allowed and detached:
            self._admissions[question.id] = question
            question.life = self._timers.call_later(life, self._admission_ended, question)
        return question

    def define(self, server: str, definitions: Iterable[ToolDefinition]) -> None:
        """Show what the server says of its tools in the questions that were asked before it was known."""
        known = {definition.name: definition for definition in definitions}
        for question in self._open.values():
            call = question.call
            if question.definition is None and call.caller.server == server and call.tool in known:
                question.definition = known[call.tool]
                self._events.emit(QuestionChanged(question.snapshot()))

    def lapse(self, question: Question[R], standing: Standing) -> None:
        """Show which approval would have answered, had it not become void."""
        if question.lapsed != standing:
            question.lapsed = standing
            self._events.emit(QuestionChanged(question.snapshot()))

    def abort(self, question: Question[R], by: str) -> None:
        """End a question whose caller no longer wants an answer."""
        self._end(question, Outcome.ABORTED, by)

    def leave(self, session: str, by: str = "client left") -> None:
        """End everything that was asked for a client that went away, or was sent away."""
        for question in [q for q in self._open.values() if q.call.caller.session == session]:
            self._end(question, Outcome.ABORTED, by)
        for question in [q for q in self._admissions.values() if q.call.caller.session == session]:
            self._admission_ended(question)

    def shut_down(self) -> None:
        """End every question; nothing is run."""
        for question in list(self._open.values()):
            self._end(question, Outcome.SHUT_DOWN, "shut down")
        self.take_back()

    def take_back(self) -> None:
        """Let no approval count any more whose call has not been repeated yet."""
        for question in list(self._admissions.values()):
            self._admission_ended(question)

    def _end(self, question: Question[R], outcome: Outcome, by: str, answer: Answer | None = None) -> None:
        if self._open.pop(question.id, None) is None:
            return  # ended already: a question ends exactly once
        question.stop_timers()
        question.ending = Ending(outcome, by, self._clock.monotonic() - question.opened, answer)
        assert self._owner is not None
        self._owner.question_ended(question, question.ending)
        self._events.emit(QuestionEnded(question.id, outcome.value, by))

    def _admission_ended(self, question: Question[R]) -> None:
        del self._admissions[question.id]
        question.stop_timers()
        assert self._owner is not None
        self._owner.admission_expired(question)

    def _patience_ended(self, question: Question[R], request: R) -> None:
        question.request = None
        question.patience_ends = None
        if question.progress is not None:
            question.progress.cancel()
            question.progress = None
        assert self._owner is not None
        self._owner.patience_ended(question, request)
        self._events.emit(QuestionChanged(question.snapshot()))

    def _schedule_progress(self, question: Question[R], request: R, interval: float) -> None:
        question.progress = self._timers.call_later(interval, self._progress_due, question, request, interval)

    def _progress_due(self, question: Question[R], request: R, interval: float) -> None:
        assert self._owner is not None
        self._schedule_progress(question, request, interval)
        self._owner.progress_due(question, request)

    def _new_id(self) -> str:
        while True:
            name = "".join(secrets.choice(_LETTERS) for _ in range(5))
            if name not in self._open and name not in self._admissions:
                return name


def _is_repeat(call: Call, earlier: Call) -> bool:
    """Whether an answer to the one holds for the other: at another server of that name it is another call."""
    is_same = call.digest == earlier.digest and call.place == earlier.place
    return is_same and _of_caller(call.caller) == _of_caller(earlier.caller)


def _of_caller(caller: Caller) -> tuple[str, str, str]:
    return (caller.session, caller.grant, caller.server)
