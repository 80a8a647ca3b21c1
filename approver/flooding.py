"""Holds clients off that ask more than a person can answer, and says so to the agent, the journal and the windows.

gate ── caller ──> Flooding ──> FloodControl ──> why nobody is asked, or None
                      └── first time ──> journal, windows: who is held off, until when, and that it can be undone
"""

import asyncio
from collections.abc import Callable
from datetime import datetime

from approver.approvals.flood import FloodControl
from approver.clock import Clock
from approver.events import HeldOff
from approver.model import Caller
from approver.proxy.rulings import Unasked
from approver.standstill import Owner

MESSAGE = (
    "This call needs a person's approval, and you have asked for more of them than a person can answer. Nothing was "
    "run. Nobody is asked for you until {time}. Ask less often, and only for what you need."
)
RULE, BY = "(asked too often)", "flood control"


class Flooding:
    """Holds clients off that ask too often."""

    def __init__(self, clock: Clock, owner: Owner, most_per_minute: Callable[[], int]) -> None:
        self._clock = clock
        self._owner = owner
        self._most = most_per_minute
        self._control = FloodControl()
        self._told: dict[HeldOff, asyncio.TimerHandle] = {}

    @property
    def held_off(self) -> tuple[HeldOff, ...]:
        """Who is held off now."""
        return self._control.held_off(self._clock.now())

    def unasked(self, caller: Caller) -> Unasked | None:
        """Count a question; why it is not to be asked, or None."""
        now = self._clock.now()
        held_off = self._control.admits(caller, now, self._most())
        if held_off is None:
            return None
        time = datetime.fromtimestamp(held_off.until).astimezone().strftime("%H:%M:%S")
        if held_off not in self._told:
            self._owner.notice(
                "held off",
                f"{held_off.client} asked more than {self._most()} times within a minute. What it asks further is "
                f"denied until {time}.",
            )
            loop = asyncio.get_running_loop()
            self._told[held_off] = loop.call_later(held_off.until - now, self._over, held_off)
            loop.call_soon(self._owner.standstill_changed)
        return Unasked(RULE, MESSAGE.format(time=time), BY)

    def ask_again(self, client: str, by: str) -> None:
        """Ask about a client's calls again at once."""
        if self._control.ask_again(client):
            self._owner.notice("asked again", f"Calls of {client} are asked about again, by {by}.")
            self._owner.standstill_changed()

    def stop(self) -> None:
        """Let no timer run any more."""
        for timer in self._told.values():
            timer.cancel()
        self._told.clear()

    def _over(self, held_off: HeldOff) -> None:
        del self._told[held_off]
        self._owner.standstill_changed()
