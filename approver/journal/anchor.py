"""Remembers the journal's newest head outside of it, so that rows cut off from its end are noticed.

    journal.flush ─> keeper.head_moved ─> (thread, at most once a second) disk in step ─> anchor.store

Before the first head is stored, the one from the last time is read and compared with the journal: otherwise a log that
was cut off meanwhile would be vouched for. A difference becomes a row of the journal, where it stays on record. A
thread of its own speaks to the anchor, as a keyring may take its time.
"""

import logging
import threading
from collections.abc import Callable
from typing import Protocol

from approver.journal.chain import START, Head
from approver.journal.schema import JournalUnusable

log = logging.getLogger(__name__)

_PAUSE_SECONDS = 1.0
_PATIENCE_SECONDS = 5.0


class Anchor(Protocol):
    """A place for a head where whoever can change the journal cannot change it as easily: the keyring."""

    def load(self) -> Head | None:
        """The head that was stored last; None where there is none, or where it cannot be read."""
        ...

    def store(self, head: Head, /) -> bool:
        """Remember a head in place of the last; whether that was possible."""
        ...


class Anchored(Protocol):
    """What the keeper needs of the journal."""

    on_flush: Callable[[], None]

    @property
    def head(self) -> Head:
        """The end of what was flushed."""
        ...

    def reconcile(self, anchored: Head) -> str | None:
        """Compare the journal with what the anchor remembers, and put a difference on record."""
        ...

    def make_durable(self) -> None:
        """Have what was flushed on the disk itself."""
        ...


class AnchorKeeper:
    """Stores the journal's heads, one after the other, leaving out those that come too fast.

    Of the thread that the journal belongs to: making it, `head_moved`, `close`.
    """

    def __init__(self, anchor: Anchor, journal: Anchored, *, pause: float = _PAUSE_SECONDS) -> None:
        self._anchor = anchor
        self._journal = journal
        self._pause = pause
        self._newest = self._stored = START
        self._remembered: Head | None = None
        self._is_compared = False
        self._woken = threading.Event()
        self._stopping = threading.Event()
        self.problem: str | None = None
        """Why the end of the log cannot be proven at the moment; None while it can."""
        self.difference: str | None = None
        """What was found missing at the start."""
        journal.on_flush = self.head_moved
        self._thread = threading.Thread(target=self._run, name="journal anchor", daemon=True)
        self._thread.start()

    def head_moved(self) -> None:
        """Have the journal's head stored soon. The journal calls this after each flush; returns at once."""
        if self._remembered is not None and not self._is_compared:
            try:
                self.difference = self._journal.reconcile(self._remembered)
            except JournalUnusable as fault:  # what was just flushed is safe all the same; the next time, then
                self._complain(f"The end of the log cannot be compared with the anchor: {fault}")
                return
            self._is_compared = True
        self._newest = self._journal.head
        if not self._woken.is_set():
            self._woken.set()

    def close(self, patience: float = _PATIENCE_SECONDS) -> None:
        """Store the newest head and end the thread; a keyring that does not answer is given up after some seconds."""
        self.head_moved()
        self._stopping.set()
        self._woken.set()
        self._thread.join(patience)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._woken.wait()
            self._woken.clear()
            self._keep()
            self._stopping.wait(self._pause)
        self._keep()

    def _keep(self) -> None:
        """Store the newest head, unless there is one to compare first."""
        head = self._newest
        if head == self._stored:
            return
        try:
            if not self._is_compared:
                self._remembered = self._anchor.load()
                if self._remembered is not None:
                    return
            self._journal.make_durable()  # first: a loss of power must not leave the anchor ahead of the journal
            is_stored = self._anchor.store(head)
        except Exception as fault:  # keyrings fail in many ways, and the thread must live on
            self._complain(f"The end of the log cannot be anchored: {fault}")
            return
        if is_stored:
            self._stored, self._is_compared, self.problem = head, True, None
        else:
            self._complain("The end of the log cannot be anchored: there is no keyring to keep it in.")

    def _complain(self, problem: str) -> None:
        if self.problem is None:
            log.warning("%s", problem)
        self.problem = problem
