"""Makes answers stand, recalls them and lets them end: the book of standing decisions, written down and told.

    a person's answer with a wish ─> one row of the journal, on the disk ─> the book
    a call that the policy asks about ─> the book ─> an answer, or none ─> the gate

A decision whose row cannot be written does not stand. One that ends is out of the book at once, whether or not the row
that says so gets written: it is only ever asked about what the policy would ask a person.
"""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import NamedTuple, Protocol

import msgspec

from approver.approvals.standing import answer_of, standing_of, why_not
from approver.approvals.standing_book import Kept, StandingBook
from approver.approvals.standing_words import sentence
from approver.clock import Clock
from approver.events import AnswerForgotten, AnswerNotRemembered, AnswerRemembered, Events
from approver.journal.standing_rows import FORGOTTEN, MADE, OVER, VOID, ending
from approver.journal.writer import JournalUnwritable
from approver.model import Answer, Call, Entry, EntryKind, PendingQuestion, ToolDefinition
from approver.standing_model import Lifetime, Standing, StandingState

CHANGED = "the server changed what it says of the tool, so the approval is void"
LONGEST_DEFINITION = 64 * 1024
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


class StandingJournal(Protocol):
    """What is needed of the journal."""

    def append(self, entry: Entry) -> int:
        """Buffer a row; its number."""
        ...

    def save_standing(self, states: list[StandingState]) -> None:
        """Buffer how decisions fare."""
        ...

    def flush(self, *, durable: bool = False) -> None:
        """Write what is buffered, all or nothing."""
        ...


class Memory(NamedTuple):
    """What is remembered of a call: an answer, or an approval that is void by now, or nothing."""

    answer: Answer | None
    lapsed: Standing | None


class Remembering:
    """The decisions that stand."""

    def __init__(self, journal: StandingJournal, clock: Clock, events: Events, commit_soon: Callable[[], None]) -> None:
        """`commit_soon` has written down what changes outside of a call."""
        self._journal = journal
        self._commit_soon = commit_soon
        self.commit_now: Callable[[], None] = commit_soon
        """Has on the disk at once what a person took back; set by the gate."""
        self._clock = clock
        self._events = events
        self._book = StandingBook()
        self._due: dict[str, float] = {}
        """When decisions end at the latest, monotonic time: a clock that is set back prolongs none while we run."""

    def load(self, rows: list[tuple[StandingState, str]]) -> list[str]:
        """Take over what the journal kept; returns sentences about what could not be. Sessions have all ended."""
        problems = []
        for state, text in rows:
            try:
                standing = msgspec.json.decode(text, type=Standing)
            except (msgspec.DecodeError, RecursionError):
                standing = None
            if standing is None or standing.id != state.id:
                problems.append(f"The remembered answer {state.id} has no proper row in the log, so it does not stand.")
                self._journal.save_standing([replace(state, is_over=True)])
                continue
            if state.is_over:
                self._journal.save_standing([state])
                continue
            self._add(standing, state)
            if standing.lifetime is Lifetime.SESSION:
                self._end(standing.id, "Approver was closed, and the client's session with it")
        self._expire()
        return problems

    def all(self) -> tuple[Kept, ...]:
        """Everything that stands, the oldest first."""
        self._expire()
        return self._book.all()

    def take_changes(self) -> list[StandingState]:
        """What is to be written with the next commit."""
        return self._book.take_changes()

    # -- making ----------------------------------------------------------------------------------------------------

    def make(self, question: PendingQuestion, answer: Answer) -> Standing | None:
        """Let an answer stand, once it is on the disk; None, and a sentence for the person, where it cannot."""
        now = self._clock.now()
        problem = why_not(question, answer, now)
        if problem:
            self._events.emit(AnswerNotRemembered(f"{problem} Nothing is remembered: only this one call is answered."))
            return None
        standing = _bounded(standing_of(question, answer, self._new_id(), now))
        replaced = self._book.same_as(standing)
        try:
            row = self._journal.append(_made(standing, now))
            self._journal.save_standing([StandingState(standing.id, row)])
            self._journal.flush(durable=True)
        except JournalUnwritable as fault:
            self._events.emit(AnswerNotRemembered(f"Nothing is remembered: {fault}"))
            return None
        self._add(standing, StandingState(standing.id, row))
        for older in replaced:
            self._end(older.id, f"{standing.id} took its place")
        self._events.emit(AnswerRemembered(standing))
        return standing

    # -- recalling -------------------------------------------------------------------------------------------------

    def recall(self, call: Call, definition: ToolDefinition | None) -> Memory:
        """What is remembered of a call that the policy asks about."""
        self._expire()
        for standing in self._book.elsewhere(call):
            self._end(standing.id, "its server's command or address, or its grant, is another one by now")
        recalled = self._book.recall(call, definition, self._clock.now())
        if recalled.is_new and recalled.lapsed is not None:
            self._tell(recalled.lapsed, CHANGED, VOID)
        answer = answer_of(recalled.answer) if recalled.answer is not None else None
        return Memory(answer, recalled.lapsed)

    def learned(self, server: str, definitions: Iterable[ToolDefinition]) -> None:
        """Hear what a server says of its tools: what was approved as something else is void, called or not."""
        for standing in self._book.learn(server, definitions):
            self._tell(standing, CHANGED, VOID)

    # -- ending ----------------------------------------------------------------------------------------------------

    def revoke(self, name: str, by: str) -> Standing | None:
        """Let a decision stand no longer; None where none of that id stands."""
        self._expire()
        found = self._end(name, f"revoked by {by}")
        if found is not None:
            self.commit_now()
        return found

    def leave(self, session: str) -> None:
        """A client's session ended, and what was to end with it."""
        for standing in self._book.of_session(session):
            self._end(standing.id, "the client's session ended")

    def _add(self, standing: Standing, state: StandingState) -> None:
        self._book.add(standing, state)
        if standing.until is not None:
            self._due[standing.id] = self._clock.monotonic() + standing.until - self._clock.now()

    def _expire(self) -> None:
        """End those whose time is over by the wall clock or by the seconds that have passed."""
        over = [standing.id for standing in self._book.over(self._clock.now())]
        passed = self._clock.monotonic()
        for name in (*over, *(name for name, due in self._due.items() if due <= passed and name not in over)):
            self._end(name, "its time was over")

    def _end(self, name: str, why: str) -> Standing | None:
        self._due.pop(name, None)
        standing = self._book.remove(name)
        if standing is not None:
            self._tell(standing, why)
        return standing

    def _tell(self, standing: Standing, why: str, what: str = OVER) -> None:
        now = self._clock.now()
        message = f"The remembered answer {standing.id} stands no longer: {why}. It was: {sentence(standing, now)}"
        self._journal.append(replace(_notice(standing, FORGOTTEN, message, now), detail=ending(standing.id, what)))
        self._commit_soon()
        self._events.emit(AnswerForgotten(standing.id, why))

    def _new_id(self) -> str:
        while True:
            name = "".join(secrets.choice(_LETTERS) for _ in range(6))
            if name not in self._book:
                return name


def _made(standing: Standing, now: float) -> Entry:
    message = f"Remembered as {standing.id}: {sentence(standing, now)}"
    detail = msgspec.json.encode(standing).decode()
    return replace(_notice(standing, MADE, message, now), detail=detail, shown=standing.shown, digest=standing.digest)


def _notice(standing: Standing, word: str, message: str, now: float) -> Entry:
    return Entry(
        at=now,
        kind=EntryKind.NOTICE,
        client=standing.client,
        grant=standing.grant,
        server=standing.server,
        tool=standing.tool,
        rule=standing.rule,
        outcome=word,
        message=message,
        by=standing.by if word == MADE else "",
    )


def _bounded(standing: Standing) -> Standing:
    """Of a very long definition only the digest is kept: enough to tell that it changed, not what."""
    definition = standing.definition
    if definition is None or len(msgspec.json.encode(definition)) <= LONGEST_DEFINITION:
        return standing
    return replace(standing, definition=ToolDefinition(definition.name, digest=definition.digest))
