"""The one place that decides whether a call is made. Every front sends its calls here, and nowhere else.

A call comes in with `judge`; what is to happen becomes a *ruling*. Rulings are held back until `commit` has written the
decisions down; only then are they delivered to the requests that wait for them. If they cannot be written, every one of
them turns into a denial. What became of a forwarded call comes back with `settle`.

    judge ─> panic? ─> repeat of a call that runs? ─> repeat of an approved or open question?
          └─> decide (the policy, pure) ─> Allow: forward │ Deny: reply │ Ask: a remembered answer, or the queue
"""

import itertools
import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from approver.approvals.queue import ApprovalQueue, Ending, Question
from approver.approvals.results import KeptResults, Run
from approver.clock import Clock
from approver.events import Events
from approver.masking import mask_text
from approver.model import (
    Answer,
    AnswerKind,
    Call,
    Caller,
    Decision,
    Edit,
    EntryKind,
    Outcome,
    Reservation,
    Result,
    Verdict,
)
from approver.policy.decide import decide
from approver.policy.limits import Ledger
from approver.proxy import edits, jsonrpc, replies
from approver.proxy.holding import Holding
from approver.proxy.remembering import Remembering
from approver.proxy.rounds import Rounds, Uncounted
from approver.proxy.rows import Rows, repeats
from approver.proxy.rulings import Forward, JournalWriter, Kept, Request, Surroundings, Waiting


class Gate:
    """Judges calls, keeps their questions, writes every decision down before its effect."""

    def __init__(
        self,
        *,
        journal: JournalWriter,
        ledger: Ledger,
        queue: ApprovalQueue[Waiting],
        kept: KeptResults[Waiting],
        remembered: Remembering,
        surroundings: Surroundings,
        clock: Clock,
        events: Events,
        on_problem: Callable[[str | None], None],
        place_of: Callable[[str, str], str] = lambda server, grant: "",
    ) -> None:
        self._ledger = ledger
        self._held = Holding(journal, ledger, queue, kept, remembered, events, on_problem)
        self._queue = queue
        self._kept = kept
        self._remembered = remembered
        self._around, self._place_of = surroundings, place_of
        self._clock = clock
        self._rows = Rows(clock)
        self._cancelled: set[str] = set()
        """Calls that are running and known to be cancelled."""
        self._rounds = Rounds()
        self._boot = secrets.token_hex(4)
        self._numbers = itertools.count(1)
        queue.owned_by(self)
        remembered.commit_now = lambda: self.commit(durable=True)

    # -- the way in ------------------------------------------------------------------------------------------------

    def freeze(self, caller: Caller, params: dict[str, Any]) -> Call:
        """The call that a well-formed `tools/call` asks for. Nobody changes `params` afterwards."""
        arguments = params.get("arguments", {})
        extra = {key: value for key, value in params.items() if key not in ("name", "arguments", "_meta")}
        return Call(
            id=f"{self._boot}-{next(self._numbers):06x}",
            caller=caller,
            tool=params["name"],
            arguments=arguments,
            extra=extra,
            digest=jsonrpc.digest([caller.server, params["name"], arguments, extra]),
            arrived=self._clock.now(),
            place=self._place_of(caller.server, caller.grant),
        )

    def judge(self, call: Call, request: Request) -> None:
        """Decide about a call. The ruling reaches `request` with the next `commit`, or when a person has answered."""
        if (message := self._around.panic_message()) is not None:
            self._deny(call, request, Verdict(Decision.DENY, "(panic)", message))
        elif (run := self._kept.find(call)) is not None:
            self._join(run, call, request)
        elif (approved := self._queue.take_admission(call)) is not None:
            self._admit(approved, call, request)
        elif (open_question := self._queue.reattachable(call)) is not None:
            self._rejoin(open_question, call, request)
        elif self._rounds.is_next(call):
            self._go_on(call, request)
        else:
            self._act(self._decide(call), call, request)

    @property
    def has_rulings(self) -> bool:
        """Whether somebody waits for the next commit: a request, or a person who is to be asked."""
        return self._held.has_rulings

    def refuse(self, caller: Caller, message: str, received: str) -> None:
        """Write down wire input that is no well-formed call; its sender gets a JSON-RPC error from the front."""
        detail = jsonrpc.encode({"received": mask_text(received)}).decode()
        outcome = Outcome.REFUSED.value
        self._held.note(self._rows.of_caller(EntryKind.REFUSED, caller, outcome, message, by="wire", detail=detail))

    def commit(self, *, durable: bool = False, settle: bool = False) -> None:
        """Write down what was decided since the last commit, then let it happen; if it can't be written, deny it.

        Args:
            durable: have it survive the loss of power, not only of this process.
            settle: bring everything that was kept so far into the database as well. Nobody waits for that.
        """
        self._held.commit(durable=durable, settle=settle)

    # -- deciding --------------------------------------------------------------------------------------------------

    def _decide(self, call: Call) -> Verdict:
        """The policy's verdict, its reservations booked: nothing can come in between on this one thread."""
        policy = self._around.policy_for(call.caller.server, call.caller.grant)
        verdict = decide(call, policy, self._ledger, call.arrived)
        self._ledger.reserve(verdict.reservations)
        return verdict

    def _act(self, verdict: Verdict, call: Call, request: Request, edit: Edit | None = None) -> None:
        if verdict.decision is Decision.ALLOW:
            self._held.note(self._rows.of_verdict(call, Outcome.ALLOWED, verdict, edit))
            self._held.hold(request, Forward(call, verdict.rule, verdict.reservations, edit=edit))
        elif verdict.decision is Decision.ASK:
            self._ask(verdict, call, request)
        else:
            self._deny(call, request, verdict, edit)

    def _deny(
        self, call: Call, request: Request, verdict: Verdict, edit: Edit | None = None, by: str = "policy"
    ) -> None:
        outcome = Outcome.DENIED_BY_POLICY
        self._held.note(self._rows.of_verdict(call, outcome, verdict, edit, by))
        self._held.reply(call, request, outcome, verdict.message, verdict.rule)

    def _ask(self, verdict: Verdict, call: Call, request: Request) -> None:
        definition = self._around.definition(call)
        memory = self._remembered.recall(call, definition)
        if memory.answer is not None:
            self._take(memory.answer, verdict, call, request)
            return
        if (unasked := self._around.unasked(call.caller)) is not None:
            self._ledger.release(verdict.reservations)
            self._deny(call, request, Verdict(Decision.DENY, unasked.rule, unasked.message), by=unasked.by)
            return
        life, lapsed = self._around.open_seconds, memory.lapsed
        question = self._queue.open(call, verdict, life=life, definition=definition, lapsed=lapsed)
        self._held.note(self._rows.of_call(EntryKind.ASKED, call, "asked", verdict.rule, verdict.message, by="policy"))
        self._held.announce(question)
        patience = self._around.patience(call.caller)
        self._queue.wait(question, Waiting(request, call), patience=patience, progress=self._around.progress_seconds)

    def _take(self, answer: Answer, verdict: Verdict, call: Call, request: Request) -> None:
        """Act on an answer that a person gave before: nobody is asked."""
        if answer.kind is AnswerKind.ALLOW:
            ending = Ending(Outcome.APPROVED, answer.by, None, answer)
            self._approve(ending, verdict.rule, verdict.reservations, call, request)
        else:
            ending = Ending(Outcome.DENIED_BY_USER, answer.by, None, answer)
            self._ledger.release(verdict.reservations)
            self._refuse(ending, verdict.rule, call, request)

    def _approve(
        self,
        ending: Ending,
        rule: str,
        drawn: tuple[Reservation, ...],
        call: Call,
        request: Request,
        detail: str = "",
        edit: Edit | None = None,
    ) -> None:
        """Forward a call that a person approved, now or before it came."""
        self._held.note(self._rows.of_answer(EntryKind.DECISION, call, Outcome.APPROVED, rule, ending, detail, edit))
        self._kept.started(call, self._around.patience(call.caller))
        self._held.hold(request, Forward(call, rule, drawn, approved=True, edit=edit))

    def _refuse(self, ending: Ending, rule: str, call: Call, request: Request | None) -> None:
        """Write down that a call is not made, and tell whoever still waits."""
        self._held.note(self._rows.of_answer(EntryKind.DECISION, call, ending.outcome, rule, ending, ""))
        if request is not None:
            self._held.reply(call, request, ending.outcome, replies.ending(ending), rule)

    # -- repeats ---------------------------------------------------------------------------------------------------

    def _rejoin(self, question: Question[Waiting], call: Call, request: Request) -> None:
        """Attach a repeat to its open question, unless the policy has changed its mind meanwhile."""
        self._ledger.release(question.reservations)  # its own reservation must not count against its repeat
        verdict = self._decide(call)
        question.reservations = verdict.reservations
        if verdict.decision is not Decision.ASK:
            question.reservations = ()
            self._queue.abort(question, "the policy changed")
            self._act(verdict, call, request)
            return
        rule, detail = question.verdict.rule, repeats(question.call)
        self._held.note(self._rows.of_call(EntryKind.ASKED, call, "repeated", rule, by="policy", detail=detail))
        patience = self._around.patience(call.caller)
        self._queue.attach(question, Waiting(request, call), patience=patience, progress=self._around.progress_seconds)

    def _admit(self, question: Question[Waiting], call: Call, request: Request) -> None:
        """Let through the one call that a late approval admits, unless the policy refuses it by now."""
        self._ledger.release(question.reservations)
        verdict = self._decide(edits.made(call, question.edit))
        if verdict.decision is Decision.DENY:
            self._deny(call, request, verdict, question.edit)
        else:
            assert question.ending is not None
            drawn, detail, edit = verdict.reservations, repeats(question.call), question.edit
            self._approve(question.ending, question.verdict.rule, drawn, call, request, detail, edit)

    def _join(self, run: Run[Waiting], call: Call, request: Request) -> None:
        """Answer a repeat with the result of the call it repeats, now or when it comes."""
        if run.result is not None:
            self._kept.taken(run)
            self._give(run.call, run.result, Waiting(request, call))
        else:
            self._held.note(self._rows.of_repeat(EntryKind.PENDING, call, Outcome.PENDING, run.call))
            self._kept.wait(run, Waiting(request, call), self._around.patience(call.caller), self._still_running)

    def _give(self, ran: Call, result: bytes | None, repeat: Waiting) -> None:
        """Answer a repeat with the result of the call that ran, or say that there is none."""
        if result is not None:
            self._held.note(self._rows.of_repeat(EntryKind.DECISION, repeat.call, Outcome.APPROVED, ran))
            self._held.hold(repeat.request, Kept(repeat.call, result))
        else:
            outcome, text = Outcome.EXPIRED, replies.NO_RESULT
            self._held.note(self._rows.of_repeat(EntryKind.DECISION, repeat.call, outcome, ran, text))
            self._held.reply(repeat.call, repeat.request, outcome, text, "")

    def _still_running(self, waiting: Waiting) -> None:
        row = self._rows.of_call(EntryKind.PENDING, waiting.call, Outcome.PENDING.value, "", replies.STILL_RUNNING)
        self._held.note(row)
        self._held.reply(waiting.call, waiting.request, Outcome.PENDING, replies.STILL_RUNNING, "")
        self.commit()

    def _go_on(self, call: Call, request: Request) -> None:
        """Judge a further round of a call: it was counted and approved once, but a denial still holds."""
        edit = self._rounds.take(call)
        policy = self._around.policy_for(call.caller.server, call.caller.grant)
        verdict = decide(edits.made(call, edit), policy, Uncounted(), call.arrived)
        allowed = verdict.decision is not Decision.DENY
        self._act(Verdict(Decision.ALLOW, verdict.rule) if allowed else verdict, call, request, edit)

    # -- what the queue says; see `approvals.queue.Owner` ------------------------------------------------------------

    def question_ended(self, question: Question[Waiting], ending: Ending) -> None:
        """Write down how a question ended and act on it."""
        waiting = question.request
        call = waiting.call if waiting is not None else question.call
        rule = question.verdict.rule
        if ending.outcome is not Outcome.APPROVED:
            self._ledger.release(question.reservations)
            is_told = ending.outcome is not Outcome.ABORTED
            self._refuse(ending, rule, call, waiting.request if waiting is not None and is_told else None)
        elif waiting is not None:
            self._approve(ending, rule, question.reservations, call, waiting.request, edit=question.edit)
        else:  # the decision comes with the call's repeat; that somebody approved it is written down now
            edit = question.edit
            self._held.note(self._rows.of_answer(EntryKind.PENDING, call, Outcome.APPROVED, rule, ending, "", edit))
        self.commit(durable=True)

    def admission_expired(self, question: Question[Waiting]) -> None:
        """Give back what an approved call drew that was never repeated."""
        self._ledger.release(question.reservations)
        self._held.note(self._rows.of_unused(question.call, question.verdict.rule, question.edit))
        self.commit()

    def patience_ended(self, question: Question[Waiting], request: Waiting) -> None:
        """Answer «pending»; the question stays open."""
        call, rule, outcome = request.call, question.verdict.rule, Outcome.PENDING
        self._held.note(self._rows.of_call(EntryKind.PENDING, call, outcome.value, rule, replies.PENDING, by="time"))
        self._held.reply(call, request.request, outcome, replies.PENDING, rule)
        self.commit()

    def progress_due(self, question: Question[Waiting], request: Waiting) -> None:
        """Tell the client that its call still waits."""
        request.progress += 1
        request.request.tell_progress(request.progress)

    # -- the way back ----------------------------------------------------------------------------------------------

    def settle(
        self, ruling: Forward, result: Result, latency: float, raw: bytes | None, *, rounds: bool = False
    ) -> None:
        """Write down what became of a forwarded call; the row goes out with the next commit.

        Args:
            ruling: the ruling by which the call was forwarded.
            result: how it ended.
            latency: seconds from sending it to its end.
            raw: the response's `result` member, where there is one.
            rounds: the server asked for input and will be sent the same call again with it.
        """
        call = ruling.call
        if result in (Result.RPC_ERROR, Result.UNREACHABLE):
            self._ledger.release(ruling.reservations)
        if rounds:
            self._rounds.expect(call, ruling.edit, raw)
        if result is not Result.CANCELLED or call.id not in self._cancelled:
            self._held.note(self._rows.of_call(EntryKind.OUTCOME, call, result.value, ruling.rule, latency=latency))
        self._cancelled.discard(call.id)
        if ruling.approved:  # whether or not its client still waits, the run is over now
            for repeat in self._kept.finished(call, raw, keep=self._around.kept_result_seconds):
                self._give(call, raw, repeat)

    def abandoned(self, ruling: Forward) -> None:
        """The client cancelled a forwarded call: if an answer comes all the same, it is kept for a repeat.

        That it was cancelled is written down; an answer that comes later gets a row of its own, which counts then.
        """
        self._held.note(self._rows.of_call(EntryKind.OUTCOME, ruling.call, Result.CANCELLED.value, ruling.rule))
        self._cancelled.add(ruling.call.id)

        def forgotten(waiting: list[Waiting]) -> None:
            for repeat in waiting:
                self._give(ruling.call, None, repeat)
            self.commit()

        if ruling.approved:
            self._kept.cancelled(ruling.call, keep=self._around.kept_result_seconds, forgotten=forgotten)

    def withdraw(self, request: Request, by: str) -> bool:
        """Let `request` wait no more, for a client that cancelled it; whether it waited. It gets no ruling then."""
        question = self._queue.waited_on_by(lambda waiting: waiting.request is request)
        if question is not None:
            self._queue.abort(question, by)
            return True
        return self._kept.withdraw(lambda waiting: waiting.request is request)

    def leave(self, session: str, by: str = "client left") -> None:
        """Forget a client that went away, or was sent away, and end its questions."""
        self._queue.leave(session, by)
        self._kept.leave(session)
        self._rounds.leave(session)
        self._remembered.leave(session)

    def answer(self, question_id: str, answer: Answer) -> None:
        """Carry out a person's answer, and let it stand where they wish so.

        Raises:
            NotWaiting: the question is no longer open.
            EditRefused: the call may not be made as it was edited; the question stays open.
        """
        question = self._queue.get(question_id)
        if answer.kind is AnswerKind.ALLOW and answer.arguments is not None:
            self._take_edit(question, answer)
        if answer.wish is not None:
            self.commit()  # what came before must not depend on whether the wish can be written down
            self._remembered.make(question.snapshot(), answer)
        self._queue.answer(question_id, answer, life=self._around.open_seconds)
        if answer.wish is not None:
            self.reconsider()

    def _take_edit(self, question: Question[Waiting], answer: Answer) -> None:
        """Judge the call as it was edited; it draws on the limits in place of the one that was asked."""
        edit = edits.edit_of(question.call, answer)
        self._ledger.release(question.reservations)
        verdict = self._decide(edits.made(replace(question.call, arrived=self._clock.now()), edit))
        if verdict.decision is Decision.DENY:
            self._ledger.reserve(question.reservations)
            raise edits.EditRefused(f"The rules do not let the edited call through: {verdict.message}")
        question.reservations, question.edit = verdict.reservations, edit

    def reconsider(self) -> None:
        """Answer the open questions that a remembered answer covers by now; the policy may still refuse them."""
        for question in self._queue.questions():
            if question.ending is not None or not self._may_still(question.call):
                continue
            definition = self._around.definition(question.call) or question.definition  # what it would meet now
            memory = self._remembered.recall(question.call, definition)
            if memory.lapsed is not None:
                self._queue.lapse(question, memory.lapsed)
            elif memory.answer is not None:
                self._queue.answer(question.id, memory.answer, life=self._around.open_seconds)

    def _may_still(self, call: Call) -> bool:
        """Whether the policy does not deny what it asked about before; what the call draws is booked already."""
        policy = self._around.policy_for(call.caller.server, call.caller.grant)
        return decide(call, policy, Uncounted(), self._clock.now()).decision is not Decision.DENY
