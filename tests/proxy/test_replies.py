"""Replies in place of a result: what the client's model reads, and what programs find."""

import pytest
from sample_calls import DENY

from approver.approvals.queue import Ending
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


@pytest.mark.parametrize(
    ("ending", "text"),
    [
        (Ending(Outcome.DENIED_BY_USER, "window", 1.0, DENY), "Not today."),
        (Ending(Outcome.DENIED_BY_USER, "window", 1.0), replies.NO_REASON),
        (Ending(Outcome.EXPIRED, "time", 1.0), replies.EXPIRED),
        (Ending(Outcome.SHUT_DOWN, "shut down", 1.0), replies.SHUT_DOWN),
    ],
)
def test_a_client_is_told_how_its_question_ended(ending, text) -> None:
    assert replies.ending(ending) == text


def test_what_cannot_be_written_down_is_denied() -> None:
    assert replies.unwritten("c1")["_meta"]["approver/decision"] == {
        "outcome": "denied_by_policy",
        "rule": "(log unwritable)",
        "decision_id": "c1",
    }
