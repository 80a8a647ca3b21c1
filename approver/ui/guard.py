"""When a press may answer: not before what it answers has been in view for a while. Pure: a clock in, yes or no out.

A page, an agent or chance can make a person press a key or click just as a window appears, moves or changes under the
pointer. So each of these *restarts* the guard, and it opens a period after the new state was *painted*: what a busy
event loop delivers late was pressed before that.
"""

from collections.abc import Callable

SHORTEST_PERIOD = 0.5
"""Seconds; a setting can make it longer, never shorter."""


class InputGuard:
    """Opens `period` seconds after the paint that follows the last restart.

    Attributes:
        generation: Counts restarts: a press and its release count only within one generation.
    """

    def __init__(self, monotonic: Callable[[], float], period: float) -> None:
        self.generation = 0
        self._monotonic = monotonic
        self._period = max(SHORTEST_PERIOD, period)
        self._periods = 1.0
        self._opens: float | None = None

    def restart(self, periods: float = 1.0) -> None:
        """Something changed: be deaf until it was painted, and for so many periods from then.

        A small change that follows a grave one does not shorten what is left of that one's.
        """
        self._periods = periods if self.is_open else max(periods, self._periods)
        self.generation += 1
        self._opens = None

    def painted(self) -> None:
        """What is to be answered now stands on the screen."""
        if self._opens is None:
            self._opens = self._monotonic() + self._period * self._periods

    @property
    def is_open(self) -> bool:
        """Whether a press counts now."""
        return self._opens is not None and self._monotonic() >= self._opens
