"""Turns what the gate decides into journal rows."""

from typing import Any

from approver.approvals.queue import Ending
from approver.clock import Clock
from approver.model import KEPT_RESULT, Call, Caller, Edit, Entry, EntryKind, Outcome, Verdict
from approver.proxy import jsonrpc
from approver.proxy.edits import described, recorded


class Rows:
    """Builds the rows; the clock says when."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def of_call(
        self, kind: EntryKind, call: Call, outcome: str, rule: str = "", message: str = "", **more: Any
    ) -> Entry:
        """A row about a call. Arguments are masked here, and nowhere kept unmasked."""
        if kind is not EntryKind.OUTCOME:
            more["arguments"] = jsonrpc.encode(recorded(call.arguments)).decode()
        return self.of_caller(
            kind, call.caller, outcome, message, call=call.id, tool=call.tool, digest=call.digest, rule=rule, **more
        )

    def of_verdict(
        self, call: Call, outcome: Outcome, verdict: Verdict, edit: Edit | None, by: str = "policy"
    ) -> Entry:
        """A row about a call that was decided without a person."""
        detail = described(call, edit)
        return self.of_call(
            EntryKind.DECISION, call, outcome.value, verdict.rule, verdict.message, by=by, detail=detail
        )

    def of_repeat(self, kind: EntryKind, call: Call, outcome: Outcome, ran: Call, message: str = "") -> Entry:
        """A row about a call that repeats one that ran."""
        return self.of_call(kind, call, outcome.value, "", message, by=KEPT_RESULT, detail=repeats(ran))

    def of_unused(self, call: Call, rule: str, edit: Edit | None) -> Entry:
        """A row about an approved call that was never made."""
        message, detail = "Approved, but the client never repeated the call.", described(call, edit)
        return self.of_call(EntryKind.DECISION, call, Outcome.EXPIRED.value, rule, message, by="time", detail=detail)

    def of_answer(
        self,
        kind: EntryKind,
        call: Call,
        outcome: Outcome,
        rule: str,
        ending: Ending,
        detail: str,
        edit: Edit | None = None,
    ) -> Entry:
        """A row about the end of a question: who ended it, after how long, and what they had before them."""
        answer = ending.answer
        return self.of_call(
            kind,
            call,
            outcome.value,
            rule,
            answer.reason if answer is not None else "",
            by=ending.by,
            waited=ending.waited,
            shown=answer.shown if answer is not None else "",
            detail=described(call, edit, detail or (answer.detail if answer is not None else "")),
        )

    def of_caller(self, kind: EntryKind, caller: Caller, outcome: str, message: str, **more: Any) -> Entry:
        """A row about a connection."""
        return Entry(
            at=self._clock.now(),
            kind=kind,
            session=caller.session,
            client=caller.client,
            grant=caller.grant,
            server=caller.server,
            outcome=outcome,
            message=message,
            **more,
        )


def repeats(call: Call) -> str:
    """The detail of a row whose call repeats an earlier one."""
    return jsonrpc.encode({"repeats": call.id}).decode()
