"""Turns what the gate decides into journal rows."""

from typing import Any

from approver.approvals.queue import Ending
from approver.clock import Clock
from approver.masking import mask_arguments
from approver.model import Call, Caller, Entry, EntryKind, Outcome
from approver.proxy import jsonrpc
from approver.shortening import shorten

LONGEST_ARGUMENTS = 128 * 1024
"""Bytes of JSON text that are kept whole."""


class Rows:
    """Builds the rows; the clock says when."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def of_call(
        self, kind: EntryKind, call: Call, outcome: str, rule: str = "", message: str = "", **more: Any
    ) -> Entry:
        """A row about a call. Arguments are masked here, and nowhere kept unmasked."""
        if kind is not EntryKind.OUTCOME:
            more["arguments"] = self._arguments(call)
        return self.of_caller(
            kind, call.caller, outcome, message, call=call.id, tool=call.tool, digest=call.digest, rule=rule, **more
        )

    @staticmethod
    def _arguments(call: Call) -> str:
        """The arguments as they are kept: masked; very long ones in part, beside the digest of the whole."""
        whole = call.arguments
        if len(jsonrpc.encode(whole)) > LONGEST_ARGUMENTS:  # megabytes would hold up everybody else
            whole = shorten(whole)
        return jsonrpc.encode(mask_arguments(whole)).decode()

    def of_answer(self, kind: EntryKind, call: Call, outcome: Outcome, rule: str, ending: Ending, detail: str) -> Entry:
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
            detail=detail or (answer.detail if answer is not None else ""),
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
