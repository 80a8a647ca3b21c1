"""Two ways for a person not to be asked: deny everything (panic), or pause asking, where rules alone decide.

A wish goes in from a window or a command; what the gate asks at each call comes out as a sentence, or None. Each ends
by itself or with `resume`, which ends both. Denying everything goes before pausing, and when it is over the pause goes
on for as long as it was meant to. Neither outlives an Approver that is closed: then calls are judged, and asked about,
again. One that ends unexpectedly is started again by the next call, and no call must end what a person has begun: it
goes on denying everything. Whether it did stands in the notices in the journal.
"""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from approver.clock import Clock
from approver.journal.unfinished import Left
from approver.proxy.rulings import Unasked

PANIC_MESSAGE = "The person has told Approver to deny everything for now."
PAUSE_MESSAGE = (
    "The rules allow this call only if a person approves it, and the person has paused asking. Nothing was run. Go on "
    "without it, or try again later."
)
_PANIC_ANSWER = "Approver is denying everything for now."
_PAUSE_ANSWER = "Asking is paused for now, so nobody will answer this."


class Owner(Protocol):
    """What a standstill needs of the engine."""

    def notice(self, word: str, sentence: str, detail: str = "") -> None:
        """Write it into the journal, with the next commit."""
        ...

    def deny_all(self, by: str, reason: str = "") -> int:
        """Deny every waiting call."""
        ...

    def standstill_changed(self) -> None:
        """Commit, and tell whoever shows the state."""
        ...


@dataclass(slots=True)
class _Spell:
    """One of the two: whether it lasts now, until when, and what ends it."""

    lasts: bool = False
    until: float | None = None
    """Wall time; None: until resumed."""
    timer: asyncio.TimerHandle | None = None

    def begin(self, now: float, seconds: float | None, end: Callable[[], None]) -> None:
        """Last from now on, for so long."""
        self.end()
        self.lasts = True
        if seconds is not None:
            self.until = now + seconds
            self.timer = asyncio.get_running_loop().call_later(seconds, end)

    def end(self) -> bool:
        """Last no more; tells whether it did."""
        lasted, self.lasts, self.until = self.lasts, False, None
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None
        return lasted


class Standstill:
    """Holds both, and begins and ends them."""

    def __init__(self, clock: Clock, owner: Owner) -> None:
        self._clock = clock
        self._owner = owner
        self._panic = _Spell()
        self._pause = _Spell()

    @property
    def panic(self) -> tuple[bool, float | None]:
        """Whether everything is denied, and until when; None: until resumed."""
        return self._panic.lasts, self._panic.until

    @property
    def pause(self) -> tuple[bool, float | None]:
        """Whether asking is paused, and until when; None: until resumed."""
        return self._pause.lasts, self._pause.until

    def panic_message(self) -> str | None:
        """Why everything is denied now."""
        return PANIC_MESSAGE if self._panic.lasts else None

    def unasked(self) -> Unasked | None:
        """Why nobody is asked now."""
        return Unasked("(asking paused)", PAUSE_MESSAGE, "asking is paused") if self._pause.lasts else None

    def deny_everything(self, seconds: float | None, by: str) -> None:
        """Deny everything, what waits too, for some seconds or until `resume`."""
        self._panic.begin(self._clock.now(), seconds, lambda: self._run_out(self._panic))
        self._notice("panic", f"Everything is denied {_until(seconds)}, by {by}.")
        self._owner.deny_all(by, _PANIC_ANSWER)
        self._owner.standstill_changed()

    def take_over(self, left: Left) -> None:
        """Go on denying everything where the engine before this one ended unexpectedly while it did."""
        now = self._clock.now()
        if left.denies and (left.until is None or left.until > now):
            seconds = None if left.until is None else left.until - now
            self._panic.begin(now, seconds, lambda: self._run_out(self._panic))
            self._notice("panic", f"Everything is denied {_until(seconds)} still: Approver had ended unexpectedly.")

    def _notice(self, word: str, sentence: str) -> None:
        """Have it on record, and with it whether everything is denied from now on."""
        denies, until = self.panic
        self._owner.notice(word, sentence, json.dumps({"denies": denies, "until": until}))

    def pause_asking(self, seconds: float | None, by: str) -> None:
        """Let rules alone decide: deny what they ask about, what waits too, for some seconds or until `resume`."""
        self._pause.begin(self._clock.now(), seconds, lambda: self._run_out(self._pause))
        self._notice("paused", f"Asking is paused {_until(seconds)}, by {by}: what rules ask about is denied.")
        self._owner.deny_all(by, _PAUSE_ANSWER)
        self._owner.standstill_changed()

    def resume(self, by: str) -> None:
        """Judge calls by the rules, and ask, again."""
        ended = [spell.end() for spell in (self._panic, self._pause)]
        if any(ended):
            self._resumed(by)

    def stop(self) -> None:
        """Wait for nothing any more."""
        for spell in (self._panic, self._pause):
            spell.end()

    def _run_out(self, spell: _Spell) -> None:
        spell.end()
        self._resumed("time")

    def _resumed(self, by: str) -> None:
        if self._panic.lasts:
            now = "Asking is no longer paused; everything is denied still"
        elif self._pause.lasts:
            now = "Calls are judged by the rules again; asking is paused still"
        else:
            now = "Calls are judged by the rules again"
        self._notice("resumed", f"{now}, by {by}.")
        self._owner.standstill_changed()


def _until(seconds: float | None) -> str:
    return "until resumed" if seconds is None else f"for {seconds:.0f} seconds"
