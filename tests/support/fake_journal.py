"""A journal in memory that can fail at any flush, as a full disk does; otherwise it keeps the promises of the real one.

What a failed flush held is gone, rows but not counters, and the next flush begins anew.
"""

from collections.abc import Callable

from approver.journal.writer import JournalUnwritable
from approver.model import CounterKey, Entry
from approver.standing_model import StandingState


class FakeJournal:
    """What was written, row by row; `fails` is asked before every flush."""

    def __init__(self) -> None:
        self.rows: list[Entry] = []
        """Everything that was flushed, in order."""
        self.counters: dict[tuple[CounterKey, int], float] = {}
        self.standing: dict[str, StandingState] = {}
        """The decisions that stand, as they were flushed."""
        self.writes: list[str] = []
        """How each write that had something to write was made: `kept`, `flushed` or `durable`."""
        self.fails: Callable[[], bool] = lambda: False
        self._buffer: list[Entry] = []
        self._counts: dict[tuple[CounterKey, int], float] = {}
        self._states: dict[str, StandingState] = {}
        self._is_ahead = False

    def append(self, entry: Entry) -> int:
        """Buffer a row."""
        self._buffer.append(entry)
        return len(self.rows) + len(self._buffer)

    def save_counters(self, changes: list[tuple[CounterKey, int, float]]) -> None:
        """Buffer new counts."""
        self._counts.update({(counter, start): used for counter, start, used in changes})

    def save_standing(self, states: list[StandingState]) -> None:
        """Buffer how standing decisions fare."""
        self._states.update((state.id, state) for state in states)

    def keep(self) -> None:
        """Have what is buffered survive the process, all or nothing."""
        if self._buffer or self._counts:
            self._write("kept")
            self._is_ahead = True

    def flush(self, *, durable: bool = False) -> None:
        """Write what is buffered, and what was only kept before, all or nothing."""
        if self._buffer or self._counts or self._states or self._is_ahead:
            self._write("durable" if durable else "flushed")
            self._is_ahead = False

    def _write(self, how: str) -> None:
        buffer, self._buffer = self._buffer, []
        if self.fails():
            self._states = {name: state for name, state in self._states.items() if state.row <= len(self.rows)}
            raise JournalUnwritable("database or disk is full")
        self.rows += buffer
        self.counters.update(self._counts)
        self._counts.clear()
        if how != "kept":
            self.standing.update(self._states)
            self.standing = {name: state for name, state in self.standing.items() if not state.is_over}
            self._states.clear()
        self.writes.append(how)

    def written(self, call_id: str) -> list[Entry]:
        """The rows of one call."""
        return [row for row in self.rows if row.call == call_id]

    @property
    def story(self) -> list[tuple[str, str]]:
        """What was written, told briefly: kind and outcome of every row."""
        return [(row.kind.value, row.outcome) for row in self.rows]
