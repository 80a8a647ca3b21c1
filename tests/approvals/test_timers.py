"""Many timers on one of the loop's: in order, none twice, none too late, and stopped ones are not kept."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from still_time import StillHandle, StillTime

from approver.approvals.timers import SharedTimer


class Loop:
    """An event loop's time, held still; it counts the timers that it is asked for."""

    def __init__(self) -> None:
        self.still = StillTime()
        self.asked = 0

    def time(self) -> float:
        return self.still.monotonic()

    def call_at(self, when: float, callback: Callable[[], None]) -> StillHandle:
        self.asked += 1
        return self.still.call_later(when - self.time(), callback)


def test_each_is_called_when_it_is_due_with_what_was_given_for_it() -> None:
    loop, called = Loop(), []
    timers = SharedTimer(loop)
    for delay in (5, 1, 3):
        timers.call_later(delay, lambda *arguments: called.append(arguments), delay, "x")
    loop.still.advance(1)
    assert called == [(1, "x")]
    loop.still.advance(4)
    assert called == [(1, "x"), (3, "x"), (5, "x")]
    assert (len(timers), loop.still.waiting) == (0, 0)


def test_of_two_that_are_due_at_once_the_older_comes_first() -> None:
    loop, called = Loop(), []
    timers = SharedTimer(loop)
    for name in "abc":
        timers.call_later(1, called.append, name)
    loop.still.advance(1)
    assert called == ["a", "b", "c"]


def test_the_loop_has_one_timer_however_many_wait() -> None:
    loop = Loop()
    timers = SharedTimer(loop)
    for number in range(1000):
        timers.call_later(1 + number, lambda: None)
    assert (loop.asked, loop.still.waiting, len(timers)) == (1, 1, 1000)


def test_one_that_was_stopped_does_not_come() -> None:
    loop, called = Loop(), []
    timers = SharedTimer(loop)
    first = timers.call_later(1, called.append, "first")
    timers.call_later(2, called.append, "second")
    first.cancel()
    first.cancel()
    loop.still.advance(3)
    first.cancel()
    assert called == ["second"]


def test_what_was_stopped_long_before_its_time_is_not_kept() -> None:
    timers = SharedTimer(Loop())
    for _ in range(1000):
        timers.call_later(600, lambda: None).cancel()
    assert len(timers) < 100


def test_one_may_start_another_and_a_fault_does_not_stop_the_others() -> None:
    loop, called = Loop(), []
    timers = SharedTimer(loop)

    def fails() -> None:
        raise RuntimeError("no")

    timers.call_later(1, lambda: timers.call_later(0, called.append, "started"))
    timers.call_later(2, fails)
    timers.call_later(2, called.append, "after")
    loop.still.advance(1)
    assert called == ["started"]
    with pytest.raises(RuntimeError):
        loop.still.advance(1)
    loop.still.advance(0)
    assert called == ["started", "after"]


def test_a_loop_that_calls_a_hair_too_early_has_called() -> None:
    loop, called = Loop(), []
    timers = SharedTimer(loop)
    timers.call_later(1, called.append, "due")
    early: Any = timers._due
    early()
    assert called == ["due"]


STEPS = st.lists(st.tuples(st.integers(0, 20), st.booleans(), st.integers(0, 5)), max_size=30)


@given(STEPS)
def test_whatever_is_started_and_stopped_the_rest_comes_in_time_and_once(steps: Any) -> None:
    loop = Loop()
    timers, called, wanted = SharedTimer(loop), [], []
    for number, (delay, stops, passes) in enumerate(steps):
        due = loop.time() + delay
        handle = timers.call_later(delay, lambda number=number: called.append((loop.time(), number)))
        if stops:
            handle.cancel()
        else:
            wanted.append((due, number))
        loop.still.advance(passes)
    loop.still.advance(100)
    assert called == sorted(wanted)
