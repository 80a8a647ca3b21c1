"""Many timers on one of the event loop's: a question has several, and a thousand questions may wait at once.

queue ── call_later ──> SharedTimer (what comes due next) ── call_at ──> event loop
"""

import heapq
import itertools
from collections.abc import Callable
from typing import Any, Protocol

_FEW = 64
"""Cancelled timers below this many are not cleared away before their time."""


class Handle(Protocol):
    """A timer that can be stopped."""

    def cancel(self) -> None:
        """Stop it; a second time has no effect."""
        ...


class Timers(Protocol):
    """What the queue needs of an event loop."""

    def call_later(self, delay: float, callback: Callable[..., None], *arguments: Any) -> Handle:
        """Call back once after `delay` seconds."""
        ...


class Loop(Protocol):
    """What is needed of the event loop itself."""

    def time(self) -> float:
        """Its own monotonic time."""
        ...

    def call_at(self, when: float, callback: Callable[[], None]) -> Handle:
        """Call back once at that time."""
        ...


class _Timer:
    """One timer; ordered by when it is due, then by age."""

    __slots__ = ("_owner", "arguments", "callback", "due", "number")

    def __init__(
        self, owner: "SharedTimer", due: float, number: int, callback: Callable[..., None], arguments: tuple[Any, ...]
    ) -> None:
        self._owner = owner
        self.due = due
        self.number = number
        self.callback: Callable[..., None] | None = callback
        self.arguments = arguments

    def __lt__(self, other: "_Timer") -> bool:
        return (self.due, self.number) < (other.due, other.number)

    def cancel(self) -> None:
        """Stop it; a second time has no effect."""
        if self.callback is not None:
            self.callback, self.arguments = None, ()
            self._owner.cancelled()


class SharedTimer:
    """Calls back in order of time."""

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self._waiting: list[_Timer] = []
        self._numbers = itertools.count()
        self._cancelled = 0
        self._armed: Handle | None = None
        self._armed_for = 0.0

    def __len__(self) -> int:
        return len(self._waiting)

    def call_later(self, delay: float, callback: Callable[..., None], *arguments: Any) -> Handle:
        """Call back once after `delay` seconds."""
        timer = _Timer(self, self._loop.time() + delay, next(self._numbers), callback, arguments)
        heapq.heappush(self._waiting, timer)
        self._arm()
        return timer

    def cancelled(self) -> None:
        """Hear that a timer was stopped; once they are many they are cleared away."""
        self._cancelled += 1
        if self._cancelled > max(_FEW, len(self._waiting) // 2):
            self._waiting = [timer for timer in self._waiting if timer.callback is not None]
            heapq.heapify(self._waiting)
            self._cancelled = 0

    def _arm(self) -> None:
        """See that the loop calls when the next one is due; earlier than that does no harm."""
        if not self._waiting or (self._armed is not None and self._armed_for <= self._waiting[0].due):
            return
        if self._armed is not None:
            self._armed.cancel()
        self._armed_for = self._waiting[0].due
        self._armed = self._loop.call_at(self._armed_for, self._due)

    def _due(self) -> None:
        self._armed = None
        now = max(self._loop.time(), self._armed_for)  # a loop may call a hair too early
        try:
            while self._waiting and self._waiting[0].due <= now:
                timer = heapq.heappop(self._waiting)
                callback, timer.callback = timer.callback, None
                if callback is None:
                    self._cancelled -= 1
                else:
                    callback(*timer.arguments)
        finally:
            self._arm()
