"""The day's counts."""

from approver.journal.records import Tally
from approver.ui.day_counts import day_in_words


def test_counts_in_the_order_of_outcomes() -> None:
    tallies = [Tally(1, "expired", 1), Tally(1, "allowed", 2), Tally(2, "allowed", 3), Tally(2, "odd", 1)]
    assert day_in_words(tallies) == "Today: 7 calls. 5 allowed, 1 expired, 1 odd."


def test_one_call_and_none() -> None:
    assert day_in_words([Tally(0, "denied_by_user", 1)]) == "Today: 1 call, 1 denied by you."
    assert day_in_words([]) == "Today: no calls yet."
