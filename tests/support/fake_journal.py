"""A journal in memory that can fail at any flush, as a full disk does; otherwise it keeps the promises of the real one.

What a failed flush held is gone, rows but not counters, and the next flush begins anew.
"""

from collections.abc import Callable

from approver.journal.writer import JournalUnwritable
from approver.model import CounterKey, Entry


class FakeJournal:
    """What was written, row by row; `fails` is asked before every flush."""

    def __init__(self) -> None:
        self.rows: list[Entry] = []
        """Everything that was flushed, in order."""
        self.counters: dict[tuple[CounterKey, int], float] = {}
        self.flushes: list[bool] = []
        """For each flush that had something to write, whether it had to be durable."""
        self.fails: Callable[[], bool] = lambda: False
        self._buffer: list[Entry] = []
        self._counts: dict[tuple[CounterKey, int], float] = {}

    def append(self, entry: Entry) -> int:
        """Buffer a row."""
        self._buffer.append(entry)
        return len(self.rows) + len(self._buffer)

    def save_counters(self, changes: list[tuple[CounterKey, int, float]]) -> None:
        """Buffer new counts."""
        self._counts.update({(counter, start): used for counter, start, used in changes})

    def keep(self) -> None:
        """Write what is buffered, all or nothing: here there is no difference."""
        self.flush()

    def flush(self, *, durable: bool = False) -> None:
        """Write what is buffered, all or nothing."""
        if not self._buffer and not self._counts:
            return
        buffer, self._buffer = self._buffer, []
        if self.fails():
            raise JournalUnwritable("database or disk is full")
        self.rows += buffer
        self.counters.update(self._counts)
        self._counts.clear()
        self.flushes.append(durable)

    def written(self, call_id: str) -> list[Entry]:
        """The rows of one call."""
        return [row for row in self.rows if row.call == call_id]

    @property
    def story(self) -> list[tuple[str, str]]:
        """What was written, told briefly: kind and outcome of every row."""
        return [(row.kind.value, row.outcome) for row in self.rows]
