"""The input guard by itself."""

from collections.abc import Callable

import pytest
from still_time import StillTime

from approver.ui.guard import SHORTEST_PERIOD, InputGuard


def test_it_is_closed_until_a_period_after_the_first_paint(still: StillTime) -> None:
    guard = InputGuard(still.monotonic, 0.5)
    guard.restart()
    still.advance(10)
    assert not guard.is_open
    guard.painted()
    assert not guard.is_open
    still.advance(0.499)
    assert not guard.is_open
    still.advance(0.001)
    assert guard.is_open


def test_painting_again_does_not_begin_the_period_anew(still: StillTime) -> None:
    guard = InputGuard(still.monotonic, 0.5)
    guard.painted()
    still.advance(0.3)
    guard.painted()
    still.advance(0.2)
    assert guard.is_open


@pytest.mark.parametrize("passed", [0.1, 0.5, 100.0])
def test_a_restart_closes_it_whenever_it_comes(still: StillTime, passed: float) -> None:
    guard = InputGuard(still.monotonic, 0.5)
    guard.painted()
    still.advance(passed)
    generation = guard.generation
    guard.restart()
    assert guard.generation == generation + 1
    still.advance(100)
    assert not guard.is_open


def test_no_setting_makes_the_period_shorter_than_half_a_second(still: StillTime) -> None:
    guard = InputGuard(still.monotonic, 0.0)
    guard.painted()
    still.advance(SHORTEST_PERIOD - 0.01)
    assert not guard.is_open


def test_a_longer_period_is_kept(still: StillTime) -> None:
    guard = InputGuard(still.monotonic, 2.0)
    guard.painted()
    still.advance(1.9)
    assert not guard.is_open


def test_a_small_change_does_not_shorten_the_wait_after_a_grave_one(still: StillTime) -> None:
    guard = InputGuard(still.monotonic, 0.5)
    guard.restart(2.0)
    guard.restart()
    guard.painted()
    still.advance(0.9)
    assert not guard.is_open
    still.advance(0.1)
    assert guard.is_open
    guard.restart()
    guard.painted()
    still.advance(0.5)
    assert guard.is_open


def test_it_never_opens_by_itself(still: StillTime) -> None:
    read: Callable[[], float] = still.monotonic
    assert not InputGuard(read, 0.5).is_open
