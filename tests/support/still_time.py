"""Time that stands still until a test moves it: the clock and the event loop's timers in one.

`advance` goes from one due timer to the next, so that whatever a callback starts comes due in its order as well.
"""

import heapq
import itertools
from collections.abc import Callable
from typing import Any

NOON = 1_795_341_600.0
"""2026-11-22T10:00:00Z: a full minute, hour and, to the quota windows, the middle of a day."""


class StillHandle:
    """One timer."""

    def __init__(self, due: float, callback: Callable[..., None], arguments: tuple[Any, ...]) -> None:
        self.due = due
        self._callback: Callable[..., None] | None = callback
        self._arguments = arguments

    @property
    def is_waiting(self) -> bool:
        """Whether it will still call back."""
        return self._callback is not None

    def cancel(self) -> None:
        """Stop it; a second time has no effect."""
        self._callback = None

    def fire(self) -> None:
        """Call back, once."""
        callback, self._callback = self._callback, None
        if callback is not None:
            callback(*self._arguments)


class StillTime:
    """A `Clock` and the `call_later` of a loop, both held still."""

    def __init__(self, now: float = NOON) -> None:
        self._passed = 0.0
        self._began = now
        self._order = itertools.count()
        self._timers: list[tuple[float, int, StillHandle]] = []

    def now(self) -> float:
        """Wall time."""
        return self._began + self._passed

    def monotonic(self) -> float:
        """Seconds since the test began, and a little so that nobody takes it for wall time."""
        return 1000.0 + self._passed

    def call_later(self, delay: float, callback: Callable[..., None], *arguments: Any) -> StillHandle:
        """Call back when `delay` seconds have been advanced."""
        handle = StillHandle(self._passed + delay, callback, arguments)
        heapq.heappush(self._timers, (handle.due, next(self._order), handle))
        return handle

    def advance(self, seconds: float) -> None:
        """Let time pass, and everything happen that comes due in it, in its order."""
        end = self._passed + seconds
        while self._timers and self._timers[0][0] <= end:
            due, _, handle = heapq.heappop(self._timers)
            self._passed = max(self._passed, due)
            handle.fire()
        self._passed = end

    def set_wall(self, seconds: float) -> None:
        """Put the wall clock forward, or back; nothing passes."""
        self._began += seconds

    @property
    def waiting(self) -> int:
        """How many timers will still call back."""
        return sum(handle.is_waiting for _, _, handle in self._timers)
