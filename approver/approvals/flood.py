"""Keeps one client from flooding the person with questions.

    question ──> admits? ── yes ──> the person
                    └───── no ───> denied, with the reason

A person who is asked too often answers by reflex. So a client that asks more than a person can answer is held off for
a while: its further questions are denied without being asked. What it asked before that stays open, and other clients
are asked as ever. Pure: time comes in, nothing is called.
"""

from collections import deque

from approver.events import HeldOff
from approver.model import Caller

MINUTE = 60.0
HELD_OFF_SECONDS = 300.0
"""How long a client is held off. Each question that is denied meanwhile does not make it longer."""

Key = tuple[str, ...]


class FloodControl:
    """Counts each client's questions of the last minute."""

    def __init__(self) -> None:
        self._asked: dict[Key, deque[float]] = {}
        self._held_off: dict[Key, HeldOff] = {}

    def admits(self, caller: Caller, now: float, most_per_minute: int) -> HeldOff | None:
        """Count a question; returns why it is not to be asked, or None.

        Args:
            caller: who asks. Its process counts, or its grant where that is not known: a name is quickly changed.
            now: seconds since the epoch.
            most_per_minute: how many questions a client may ask within a minute; 0: any number.
        """
        key = _key_of(caller)
        held_off = self._held_off.get(key)
        if held_off is not None:
            if now < held_off.until:
                return held_off
            del self._held_off[key]
        if not most_per_minute:
            return None
        asked = self._asked.setdefault(key, deque())
        while asked and asked[0] <= now - MINUTE:
            asked.popleft()
        if len(asked) < most_per_minute:
            asked.append(now)
            return None
        del self._asked[key]
        self._forget_before(now - MINUTE)
        self._held_off[key] = held_off = HeldOff(caller.client, now + HELD_OFF_SECONDS)
        return held_off

    def held_off(self, now: float) -> tuple[HeldOff, ...]:
        """Return the clients that are held off, by name."""
        found = (one for one in self._held_off.values() if now < one.until)
        return tuple(sorted(found, key=lambda one: (one.client, one.until)))

    def ask_again(self, client: str) -> bool:
        """Ask about a client's calls again at once; whether it was held off."""
        keys = [key for key, one in self._held_off.items() if one.client == client]
        for key in keys:
            del self._held_off[key]
        return bool(keys)

    def _forget_before(self, moment: float) -> None:
        for key in [key for key, asked in self._asked.items() if asked[-1] <= moment]:
            del self._asked[key]


def _key_of(caller: Caller) -> Key:
    return ("process", str(caller.pid)) if caller.pid is not None else ("grant", caller.grant)
