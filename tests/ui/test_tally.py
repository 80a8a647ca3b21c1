"""Counting decisions."""

import pytest

from approver.model import Entry, EntryKind, Outcome
from approver.ui.tally import Tally


def decided(outcome: Outcome) -> Entry:
    return Entry(0.0, EntryKind.DECISION, outcome=outcome.value)


def test_calls_questions_and_denials_are_counted() -> None:
    tally = Tally()
    for outcome in (Outcome.ALLOWED, Outcome.ALLOWED, Outcome.APPROVED, Outcome.DENIED_BY_POLICY, Outcome.EXPIRED):
        tally.count(decided(outcome))
    assert tally.in_words() == "Since Approver started: 5 calls, 2 asked about, 1 denied."


def test_one_call_is_one() -> None:
    tally = Tally()
    tally.count(decided(Outcome.DENIED_BY_USER))
    assert tally.in_words() == "Since Approver started: 1 call, 1 asked about, 1 denied."


@pytest.mark.parametrize("kind", [kind for kind in EntryKind if kind is not EntryKind.DECISION])
def test_other_rows_do_not_count(kind: EntryKind) -> None:
    tally = Tally()
    tally.count(Entry(0.0, kind, outcome=Outcome.APPROVED.value))
    assert tally.in_words() == ""
