"""Replies in place of a result: what the client's model reads, and what programs find."""

import pytest

from approver.model import Outcome
from approver.proxy import replies


@pytest.mark.parametrize(
    ("outcome", "beginning"),
    [
        (Outcome.DENIED_BY_POLICY, "[POLICY DENIED] "),
        (Outcome.DENIED_BY_USER, "[DENIED BY USER] "),
        (Outcome.PENDING, "[APPROVAL PENDING] "),
        (Outcome.EXPIRED, "[APPROVAL EXPIRED] "),
        (Outcome.SHUT_DOWN, "[APPROVAL EXPIRED] "),
    ],
)
def test_a_reply_is_a_result_that_says_at_once_what_happened(outcome, beginning) -> None:
    assert replies.reply(outcome, "Why.", rule="/tools/x", decision_id="d-1") == {
        "content": [{"type": "text", "text": beginning + "Why."}],
        "isError": True,
        "resultType": "complete",
        "_meta": {"approver/decision": {"outcome": outcome.value, "rule": "/tools/x", "decision_id": "d-1"}},
    }


def test_a_pending_reply_says_that_nothing_is_denied_that_nothing_ran_and_what_to_do() -> None:
    for words in ("not denied", "nothing was run", "repeat the same call"):
        assert words in replies.PENDING
    assert replies.NO_REASON == "No reason was given."
