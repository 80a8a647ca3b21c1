"""Counters: windows of the calendar, exact sums, giving back, and what the journal is told."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approver.model import CounterKey, Reservation
from approver.policy.limits import WINDOW_SECONDS, Ledger, exact, total, window_start

AT = 1795348800
AMOUNTS = st.floats(min_value=0, allow_nan=False, allow_infinity=False) | st.integers(min_value=0, max_value=10**20)


def counter(name: str = "c", window: str = "minute", holder: str = "g") -> CounterKey:
    return CounterKey("s", holder, "/tools/t", name, window)


def taken(amount: Any, name: str = "c", start: int = AT) -> Reservation:
    return Reservation(counter(name), start, amount)


@pytest.mark.parametrize(
    ("window", "now", "start"),
    [
        ("minute", AT, AT),
        ("minute", AT + 59.999, AT),
        ("minute", AT + 60, AT + 60),
        ("hour", AT + 3599.9, AT),
        ("hour", AT - 0.001, AT - 3600),
        ("day", AT, AT - 12 * 3600),
        ("day", AT + 12 * 3600 - 1, AT - 12 * 3600),
        ("day", AT + 12 * 3600, AT + 12 * 3600),
        ("day", -1, -86400),
    ],
)
def test_windows_are_aligned_with_the_calendar_in_utc(window: str, now: float, start: int) -> None:
    assert window_start(window, now) == start


@given(st.sampled_from(list(WINDOW_SECONDS)), st.floats(min_value=0, max_value=1e11))
def test_every_moment_lies_in_its_window(window: str, now: float) -> None:
    start = window_start(window, now)
    assert start <= now < start + WINDOW_SECONDS[window]
    assert start % WINDOW_SECONDS[window] == 0


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (3, 3),
        (3.0, 3),
        (-0.0, 0),
        (0.1, Decimal("0.1")),
        (1e300, int(1e300)),
        (10**400, 10**400),
    ],
)
def test_a_number_is_taken_as_it_was_written(amount: Any, expected: Any) -> None:
    assert exact(amount) == expected
    assert type(exact(amount)) is type(expected)


def test_sums_are_those_of_decimals() -> None:
    assert total(exact(0.1), exact(0.2)) == Decimal("0.3")
    assert total(Decimal("0.5"), Decimal("0.5")) == 1
    assert total(total(exact(1e300), exact(5e-324)), -exact(1e300)) == exact(5e-324)
    assert total(2, 3) == 5


def test_a_ledger_counts_each_counter_and_window_for_itself() -> None:
    ledger = Ledger()
    ledger.reserve([taken(1), taken(2, "d"), taken(4, start=AT + 60)])
    ledger.reserve([taken(1)])
    assert [ledger.used(counter(), AT), ledger.used(counter("d"), AT), ledger.used(counter(), AT + 60)] == [2, 2, 4]
    assert ledger.used(counter(holder=""), AT) == 0


def test_a_tenth_three_times_is_three_tenths() -> None:
    ledger = Ledger()
    for _ in range(3):
        ledger.reserve([taken(0.1)])
    assert ledger.used(counter(), AT) == 0.3


@given(st.lists(AMOUNTS, max_size=5), st.lists(AMOUNTS, max_size=5))
def test_giving_back_leaves_the_ledger_as_it_was(before: list[float], reserved: list[float]) -> None:
    ledger = Ledger()
    ledger.reserve(map(taken, before))
    used = ledger.used(counter(), AT)
    ledger.reserve(map(taken, reserved))
    ledger.release(map(taken, reserved))
    assert ledger.used(counter(), AT) == used


def test_more_than_was_booked_cannot_be_given_back() -> None:
    ledger = Ledger()
    ledger.reserve([taken(1)])
    ledger.release([taken(5)])
    assert ledger.used(counter(), AT) == 0


def test_giving_back_into_a_forgotten_window_does_nothing() -> None:
    ledger = Ledger()
    ledger.reserve([taken(3)])
    ledger.forget_before(AT + 60)
    ledger.release([taken(1)])
    assert ledger.used(counter(), AT) == 0
    assert ledger.take_changes() == []


def test_changes_are_told_once_with_what_is_used_now() -> None:
    ledger = Ledger()
    ledger.reserve([taken(1), taken(0.5, "d")])
    ledger.reserve([taken(1)])
    assert ledger.take_changes() == [(counter(), AT, 2.0), (counter("d"), AT, 0.5)]
    assert ledger.take_changes() == []
    ledger.release([taken(2)])
    assert ledger.take_changes() == [(counter(), AT, 0.0)]


def test_what_the_journal_kept_is_taken_over_and_is_no_change() -> None:
    ledger = Ledger()
    ledger.load([(counter(), AT, 7.0), (counter("d"), AT, 0.2)])
    ledger.reserve([taken(1), taken(0.1, "d")])
    assert (ledger.used(counter(), AT), ledger.used(counter("d"), AT)) == (8, 0.3)
    fresh = Ledger()
    fresh.load([(counter(), AT, 7.0)])
    assert fresh.take_changes() == []


def test_only_windows_that_are_over_are_forgotten() -> None:
    ledger = Ledger()
    day = Reservation(counter(window="day"), AT - 12 * 3600, 5)
    ledger.reserve([taken(1), taken(1, start=AT + 60), day])
    ledger.forget_before(AT + 119.9)
    assert ledger.used(counter(), AT) == 0
    assert ledger.used(counter(), AT + 60) == 1
    assert ledger.used(counter(window="day"), AT - 12 * 3600) == 5
    ledger.forget_before(AT + 120)
    assert ledger.used(counter(), AT + 60) == 0
