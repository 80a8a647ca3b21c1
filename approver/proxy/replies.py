"""What a client gets in place of a tool's result: words that the model can read and act on.

Never a transport error: a normal result with `isError: true`, one text block, and the decision in `_meta`.
"""

from typing import Any

from approver.approvals.queue import Ending
from approver.model import Outcome

DECISION_META_KEY = "approver/decision"

_PREFIX = {
    Outcome.DENIED_BY_POLICY: "[POLICY DENIED] ",
    Outcome.DENIED_BY_USER: "[DENIED BY USER] ",
    Outcome.PENDING: "[APPROVAL PENDING] ",
    Outcome.EXPIRED: "[APPROVAL EXPIRED] ",
    Outcome.SHUT_DOWN: "[APPROVAL EXPIRED] ",
}

NO_REASON = "No reason was given."

PENDING = (
    "A person is being asked about this call and has not answered yet. It is not denied, and nothing was run. "
    "To keep waiting, repeat the same call with the same arguments; it will be joined to the open question."
)
STILL_RUNNING = (
    "This call was approved and is already running; it is not denied, and nothing was run a second time. "
    "Repeat the same call with the same arguments to get its result."
)
NO_RESULT = (
    "This call was approved and sent to the server, then cancelled, and the server never said how it ended. "
    "Nothing was run a second time. Check its effect before you repeat it; a repeat will be asked about anew."
)
EXPIRED = "Nobody answered in time, so the call was not made and nothing was run. A repeat will be asked about anew."
SHUT_DOWN = "Approver was closed before anyone answered, so the call was not made and nothing was run."

UNWRITTEN = "Approver could not write this decision to its log, so the call was not made and nothing was run."


def reply(outcome: Outcome, text: str, *, rule: str, decision_id: str) -> dict[str, Any]:
    """The result object for a call that was not made."""
    return {
        "content": [{"type": "text", "text": _PREFIX[outcome] + text}],
        "isError": True,
        "resultType": "complete",  # 2026-07-28 wants it, older revisions pay it no heed
        "_meta": {DECISION_META_KEY: {"outcome": outcome.value, "rule": rule, "decision_id": decision_id}},
    }


def ending(ended: Ending) -> str:
    """What the client is told of a question that ended without an approval."""
    if ended.outcome is Outcome.DENIED_BY_USER:
        return (ended.answer.reason if ended.answer is not None else "") or NO_REASON
    return SHUT_DOWN if ended.outcome is Outcome.SHUT_DOWN else EXPIRED


def unwritten(decision_id: str) -> dict[str, Any]:
    """The result object for a call that was not made because nothing can be written down."""
    return reply(Outcome.DENIED_BY_POLICY, UNWRITTEN, rule="(log unwritable)", decision_id=decision_id)
