"""Reads the journal while it is written: filters go in, frozen records come out, the newest first.

A reader has a connection of its own that cannot write; it holds up neither the writer nor other readers, in whatever
process they are. Pages are found by key: the row of the last call on one page is the `before` of the next. One *record*
is one judged call in its newest state, joined with what became of it.
"""

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from approver.clock import Clock, SystemClock
from approver.journal.chain import seconds
from approver.journal.faults import is_interruption, sentence
from approver.journal.finding import END, answers, count, count_tools, find
from approver.journal.records import Answered, CallRecord, Filters, Row, Tally, ToolTally
from approver.journal.schema import COLUMNS, FACET, JournalUnusable, check, facet_of, quoted
from approver.model import KEPT_RESULT, Entry, EntryKind, Outcome

PATIENCE_SECONDS = 30.0
_BUSY_SECONDS = 5.0
_STEPS_BETWEEN_LOOKS = 20_000
_CHUNK = 500
_RECORDS = f"""SELECT {quoted(COLUMNS, "e")}, o."outcome", o."latency"
    FROM entries AS e LEFT JOIN entries AS o ON o.seq = (
        SELECT MAX(seq) FROM entries WHERE "call" = e."call" AND "call" <> '' AND facet IS NULL AND "kind" = 'outcome')
    WHERE e.seq IN ({{}}) ORDER BY e.seq DESC"""
_OUTCOME = FACET.index("outcome")
_LAST_NOTICE = """SELECT seq, "outcome" FROM entries
    WHERE "kind" = 'notice' AND "outcome" IN (?, ?) ORDER BY seq DESC LIMIT 1"""
_NEWEST = f"""SELECT {quoted(COLUMNS)}, "chain" FROM entries
    WHERE "kind" = 'notice' AND "outcome" IN ({{}}) ORDER BY seq DESC LIMIT 1"""
# what answers a repeat with the result of the call before it was sent nowhere
_WITHOUT_OUTCOME = f"""SELECT {quoted(COLUMNS, "e")}, e."chain" FROM entries AS e NOT INDEXED
    WHERE e.seq > ? AND e."kind" = 'decision' AND e."outcome" IN (?, ?) AND e."by" <> ? AND NOT EXISTS (
        SELECT 1 FROM entries AS o WHERE o."call" = e."call" AND o.facet IS NULL AND o."kind" = 'outcome')
    ORDER BY e.seq"""


class JournalUnreadable(JournalUnusable):
    """The journal cannot be read; the message says why and what to do."""


class ReadTooSlow(JournalUnreadable):
    """Reading was given up: it took too long, or was told to stop."""


def open_for_reading(path: Path) -> sqlite3.Connection:
    """A connection that cannot write. Raises `JournalUnreadable`."""
    if not path.exists():
        raise JournalUnreadable(f"There is no log at {path} yet. It begins when Approver runs for the first time.")
    with explained(path), contextlib.ExitStack() as on_failure:
        uri = f"file:{quote(path.absolute().as_posix())}?mode=ro"
        connection = sqlite3.connect(uri, uri=True, timeout=_BUSY_SECONDS, isolation_level=None)
        on_failure.callback(connection.close)
        # what somebody made invalid is to be seen as such, and must not keep the rest from being read
        connection.text_factory = lambda text: text.decode("utf-8", "surrogateescape")
        check(connection, path)
        on_failure.pop_all()
    return connection


@contextlib.contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn whatever keeps the journal from being read into `JournalUnreadable`."""
    try:
        yield
    except JournalUnreadable:
        raise
    except JournalUnusable as fault:
        raise JournalUnreadable(str(fault)) from fault
    except sqlite3.Error as fault:
        if is_interruption(fault):
            raise ReadTooSlow("Reading the log took too long and was given up. Ask for less of it.") from fault
        raise JournalUnreadable(sentence(fault, path)) from fault


class Reader:
    """An open journal, to be read. For the thread that made it; only `interrupt` may be called from others."""

    def __init__(self, path: Path, *, patience: float = PATIENCE_SECONDS, clock: Clock | None = None) -> None:
        """Open the journal at `path`; what takes longer than `patience` seconds is given up.

        Raises:
            JournalUnreadable: there is none, or none that can be read.
        """
        self._path = path
        self._patience = patience
        self._clock = clock or SystemClock()
        self._deadline = 0.0
        self._connection = open_for_reading(path)
        self._connection.set_progress_handler(self._is_overdue, _STEPS_BETWEEN_LOOKS)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def __enter__(self) -> "Reader":
        """Use it with `with`, to have it closed."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connection."""
        self.close()

    def interrupt(self) -> None:
        """Have what is being read at the moment end with `ReadTooSlow`."""
        self._connection.interrupt()

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[None]:
        """Have everything that is read within see the journal as it is at the first reading."""
        with self._reading():
            self._connection.execute("BEGIN")
        try:
            yield
        finally:
            self._connection.execute("COMMIT")

    # Each of these raises `JournalUnreadable`.

    def calls(self, filters: Filters, limit: int, before: int | None = None) -> list[CallRecord]:
        """The newest calls that pass the filters and whose rows come before the row `before`."""
        with self._reading():
            numbers = find(self._connection, filters, limit, END if before is None else before)
            chunks = [numbers[start : start + _CHUNK] for start in range(0, len(numbers), _CHUNK)]
            return [_record(row) for chunk in chunks for row in self._some(chunk)]

    def every_call(self, filters: Filters, limit: int | None = None, before: int | None = None) -> Iterator[CallRecord]:
        """Like `calls`, page by page, so that any number of them needs little memory. Best within a `snapshot`."""
        left = END if limit is None else limit
        while left and (page := self.calls(filters, min(left, _CHUNK), before)):
            yield from page
            left -= len(page)
            before = page[-1].seq

    def entries(self, limit: int, before: int | None = None, *, call: str | None = None) -> list[Row]:
        """The newest rows of every kind, or those of one call."""
        if call is None:
            return self._rows("?", 1, limit, before)
        return self._rows('"call" = ?', call, limit, before)

    def notices(self, limit: int, before: int | None = None) -> list[Row]:
        """The newest notices about Approver itself."""
        return self._rows("\"kind\" = 'notice' AND ?", 1, limit, before)

    def last_notice(self, words: Sequence[str]) -> Entry | None:
        """The newest notice of one of these words."""
        marks = ", ".join("?" * len(words))
        with self._reading():
            row = self._connection.execute(_NEWEST.format(marks), words).fetchone()
            return None if row is None else _entry(row)

    def without_outcome(self, started: str, stopped: str) -> list[Row]:
        """The calls that the last run of the engine sent to a server and of which it wrote no outcome, oldest first.

        A run begins with the notice `started`. One that ended with the notice `stopped` heard of all its calls.
        """
        with self._reading():
            last = self._connection.execute(_LAST_NOTICE, (started, stopped)).fetchone() or (0, started)
            if last[1] == stopped:
                return []
            found = (last[0], Outcome.ALLOWED.value, Outcome.APPROVED.value, KEPT_RESULT)
            return [
                Row(row[0], _entry(row), row[-1].hex()) for row in self._connection.execute(_WITHOUT_OUTCOME, found)
            ]

    def tallies(self, since: float, step: float) -> list[Tally]:
        """How many calls came to each outcome, in each piece of `step` seconds from the time `since` on."""
        with self._reading():
            return [Tally(*row) for row in count(self._connection, since, step)]

    def answers(self, since: float, limit: int) -> list[Answered]:
        """What people answered to the newest questions since a time, the newest first; not what was remembered."""
        with self._reading():
            rows = answers(self._connection, since, limit)
            return [Answered(server, tool, outcome == Outcome.APPROVED.value) for server, tool, outcome in rows]

    def tool_tallies(self, server: str, since: float) -> list[ToolTally]:
        """How many calls of each tool of a server came to each outcome, from the time `since` on."""
        with self._reading():
            return [ToolTally(*row) for row in count_tools(self._connection, server, since)]

    def values(self, name: str) -> list[str]:
        """What occurs as `client`, `grant`, `server`, `tool`, `outcome` or `rule`."""
        assert name in FACET
        with self._reading():
            rows = self._connection.execute(f'SELECT DISTINCT "{name}" FROM facets ORDER BY 1').fetchall()
        return [value for (value,) in rows]

    def _some(self, numbers: list[int]) -> sqlite3.Cursor:
        return self._connection.execute(_RECORDS.format(", ".join("?" * len(numbers))), numbers)

    def _rows(self, condition: str, value: str | int, limit: int, before: int | None) -> list[Row]:
        query = (
            f'SELECT {quoted(COLUMNS)}, "chain" FROM entries WHERE {condition} AND seq < ? ORDER BY seq DESC LIMIT ?'
        )
        with self._reading():
            rows = self._connection.execute(query, (value, END if before is None else before, limit))
            return [Row(row[0], _entry(row), row[-1].hex()) for row in rows]

    @contextlib.contextmanager
    def _reading(self) -> Iterator[None]:
        self._deadline = self._clock.monotonic() + self._patience
        with explained(self._path):
            try:
                yield
            except (TypeError, ValueError, AttributeError) as fault:  # a value of a type that was never written
                raise JournalUnreadable(
                    f"A row of {self._path} is not as Approver writes them. Run `approver log verify` to see which."
                ) from fault

    def _is_overdue(self) -> bool:
        return self._clock.monotonic() > self._deadline


def _entry(row: Sequence[Any]) -> Entry:
    values = dict(zip(COLUMNS[1:], row[1 : len(COLUMNS)], strict=True))
    at, kind = values.pop("at") / 1_000_000, EntryKind(values.pop("kind"))
    waited, latency = seconds(values.pop("waited")), seconds(values.pop("latency"))
    return Entry(at=at, kind=kind, waited=waited, latency=latency, **values)


def _record(row: Sequence[Any]) -> CallRecord:
    fields, (result, latency) = row[: len(COLUMNS)], row[len(COLUMNS) :]
    entry, facet = _entry(fields), facet_of(tuple(fields))
    assert facet is not None
    return CallRecord(
        seq=fields[0],
        id=entry.call,
        at=entry.at,
        kind=entry.kind,
        session=entry.session,
        client=entry.client,
        grant=entry.grant,
        server=entry.server,
        tool=entry.tool,
        arguments=entry.arguments,
        digest=entry.digest,
        rule=entry.rule,
        outcome=facet[_OUTCOME],
        message=entry.message,
        by=entry.by,
        waited=entry.waited,
        shown=entry.shown,
        detail=entry.detail,
        result=result,
        latency=seconds(latency),
    )
