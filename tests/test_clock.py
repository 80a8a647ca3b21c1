"""The machine's clocks, behind the one protocol that everything asks."""

import time

from approver.clock import SystemClock


def test_wall_time_is_the_systems() -> None:
    before = time.time()
    now = SystemClock().now()
    assert before <= now <= time.time()


def test_monotonic_time_never_goes_back() -> None:
    clock = SystemClock()
    readings = [clock.monotonic() for _ in range(100)]
    assert readings == sorted(readings)
    assert readings[-1] <= time.monotonic()
