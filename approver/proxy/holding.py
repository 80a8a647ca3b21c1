"""Rulings that wait until they are written down: the gate puts them in, `commit` lets them happen or denies them all.

note, hold, reply, announce ─> commit ─> the journal has it ─> delivered to their requests, questions shown
└> it cannot be written ─> every one of them is a denial
"""

from collections.abc import Callable

from approver.approvals.queue import ApprovalQueue, Question
from approver.approvals.results import KeptResults
from approver.events import CallJudged, Events
from approver.journal.writer import JournalUnwritable
from approver.model import Call, Entry, Outcome
from approver.policy.limits import Ledger
from approver.proxy import replies
from approver.proxy.remembering import Remembering
from approver.proxy.rulings import Forward, JournalWriter, Ready, Reply, Request, Ruling, Waiting


class Holding:
    """What was decided and is not written down yet."""

    def __init__(
        self,
        journal: JournalWriter,
        ledger: Ledger,
        queue: ApprovalQueue[Waiting],
        kept: KeptResults[Waiting],
        remembered: Remembering,
        events: Events,
        on_problem: Callable[[str | None], None],
    ) -> None:
        self._journal = journal
        self._ledger = ledger
        self._queue = queue
        self._kept = kept
        self._remembered = remembered
        self._events = events
        self._on_problem = on_problem
        self._ready: list[Ready] = []
        self._noted: list[Entry] = []
        self._opened: list[Question[Waiting]] = []

    @property
    def has_rulings(self) -> bool:
        """Whether somebody waits for the next commit: a request, or a person who is to be asked."""
        return bool(self._ready or self._opened)

    def note(self, entry: Entry) -> None:
        """Have this row written."""
        self._journal.append(entry)
        self._noted.append(entry)

    def hold(self, request: Request, ruling: Ruling) -> None:
        """Have this ruling delivered once everything is written."""
        self._ready.append(Ready(request, ruling))

    def reply(self, call: Call, request: Request, outcome: Outcome, text: str, rule: str) -> None:
        """Have the request answered in words that a model can read."""
        self.hold(request, Reply(call, replies.reply(outcome, text, rule=rule, decision_id=call.id)))

    def announce(self, question: Question[Waiting]) -> None:
        """Have this question shown once it is written that it was asked."""
        self._opened.append(question)

    def commit(self, *, durable: bool, settle: bool) -> None:
        """Write down what was decided, then let it happen; see `Gate.commit`."""
        ready, self._ready = self._ready, []
        noted, self._noted = self._noted, []
        opened, self._opened = self._opened, []
        try:
            self._journal.save_counters(self._ledger.take_changes())
            self._journal.save_standing(self._remembered.take_changes())
            if durable or opened:
                self._journal.flush(durable=True)
            elif settle:
                self._journal.flush()
            else:
                self._journal.keep()
        except JournalUnwritable as fault:
            self._on_problem(f"The log cannot be written, so every call is denied: {fault}")
            self._deny_unwritten(ready, opened)
            return
        self._on_problem(None)
        for one in ready:
            one.request.deliver(one.ruling)
        for question in opened:
            if question.ending is None:
                self._queue.announce(question)
        for entry in noted:
            self._events.emit(CallJudged(entry))

    def _deny_unwritten(self, ready: list[Ready], opened: list[Question[Waiting]]) -> None:
        """Nothing of this batch may happen: its rows are lost."""
        refused = [(one.request, one.ruling.call) for one in ready]
        for one in ready:
            if isinstance(one.ruling, Forward):
                self._ledger.release(one.ruling.reservations)
                self._kept.finished(one.ruling.call, None, keep=0)
        for question in opened:
            if question.ending is None and question.request is not None:
                refused.append((question.request.request, question.call))
                self._queue.abort(question, "the log cannot be written")
        for request, call in refused:
            request.deliver(Reply(call, replies.unwritten(call.id)))
