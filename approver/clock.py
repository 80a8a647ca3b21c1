"""The engine's only source of time, so that tests can hold it still.

`now()` is wall time (seconds since the epoch, UTC): what is written down and what calendar windows follow.
`monotonic()` never jumps: what waits and latencies are measured with.
"""

import time
from typing import Protocol


class Clock(Protocol):
    """Tells wall time and monotonic time, both in seconds."""

    def now(self) -> float:
        """Seconds since the epoch, UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds since an arbitrary start; never goes back."""
        ...


class SystemClock:
    """The machine's own clocks."""

    def now(self) -> float:
        """Seconds since the epoch, UTC."""
        return time.time()

    def monotonic(self) -> float:
        """Seconds since an arbitrary start; never goes back."""
        return time.monotonic()
