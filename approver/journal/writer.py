"""The journal's one writer: entries come in, are numbered, chained and buffered, and `flush` makes them permanent.

    append ─> buffer ─> keep: one line in the tail ─┐
                    └─> flush: one transaction ─────┴─> write-ahead log ─> checkpoint (a thread of its own) ─> database

What was kept or flushed survives the death of the process at once; a flush that is `durable` survives the loss of
power as well. `keep` is for what somebody waits for, and is followed by a flush within a moment. If either fails,
nothing that was new to it is kept, neither rows nor their place in the chain, so that the caller can deny what it could
not write down; what was kept before stays in the tail. All calls come from the thread that made the journal.
"""

import contextlib
import math
import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from approver.clock import Clock
from approver.journal import standing_rows
from approver.journal.chain import START, Head, canonical, fields_of, link, storable
from approver.journal.checkpoint import Checkpoints
from approver.journal.faults import sentence
from approver.journal.schema import COLUMNS, FACET, Facet, Fields, JournalUnusable, facet_of, prepare, quoted, span_of
from approver.journal.tail import KeptCounter, Tail
from approver.model import CounterKey, Entry, EntryKind
from approver.standing_model import StandingState

LOST = "log_altered"
"""The notice that says that the journal's end was not what the anchor remembered."""

MOST_AHEAD = 256
"""Rows that are in the tail and not in the database, at most."""
_BUSY_SECONDS = 5.0
_CACHE_KIB = 16_000
_FACETS_REMEMBERED = 4096
_KEPT_COUNTER_SECONDS = 2 * 86400
_COUNTERS_LOOK_SECONDS = 3600.0

_INSERT = f'INSERT INTO entries ({quoted(COLUMNS)}, "chain", "facet") VALUES ({", ".join("?" * (len(COLUMNS) + 2))})'
_INSERT_FACET = f"INSERT INTO facets ({quoted(FACET)}) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
_FIND_FACET = f"SELECT id FROM facets WHERE ({quoted(FACET)}) = (?, ?, ?, ?, ?, ?)"
_SAVE_COUNTER = """INSERT INTO counters ("server", holder, "key", counter, "window", start, used)
    VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET used = excluded.used"""
_LOAD_COUNTERS = 'SELECT "server", holder, "key", counter, "window", start, used FROM counters'


class JournalUnwritable(JournalUnusable):
    """Nothing of the last flush was kept; the message says why and what to do."""


class Journal:
    """The open journal."""

    def __init__(self, path: Path, clock: Clock) -> None:
        """Open the journal at `path`, made if it is not there. Raises `JournalUnwritable`."""
        self._path = path
        self._clock = clock
        self._rows: list[tuple[Fields, bytes, bytes]] = []
        self._ahead = 0
        """How many of the rows are in the tail."""
        self._counters: dict[tuple[CounterKey, int], float] = {}
        self._new_counters: dict[tuple[CounterKey, int], float] = {}
        """Those that are not in the tail."""
        self._standing: dict[str, StandingState] = {}
        self._last_flush_failed = False
        self._counters_looked_at = -math.inf
        self._facets: dict[Facet, int] = {}
        with self._explained(), contextlib.ExitStack() as on_failure:
            _make_private(path)
            self._tail = Tail(path.with_name(path.name + ".tail"))
            on_failure.callback(self._tail.close)
            self._connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
            on_failure.callback(self._connection.close)
            self._set_up()
            self._take_over_tail()
            on_failure.pop_all()
        self._checkpoints = Checkpoints(path)
        self.on_flush: Callable[[], None] = lambda: None
        """Called after each flush that wrote something."""
        self.on_keep: Callable[[], None] = lambda: None
        """Called when something was kept: a flush is due soon."""

    def _set_up(self) -> None:
        connection = self._connection
        prepare(connection, self._path)
        (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
        if mode != "wal":
            raise JournalUnwritable(
                f"{self._path} cannot be kept as a write-ahead log, which a network folder does not allow. Set "
                "APPROVER_HOME to a folder on a local disk."
            )
        for pragma in ("synchronous = NORMAL", "wal_autocheckpoint = 0", f"cache_size = -{_CACHE_KIB}"):
            connection.execute(f"PRAGMA {pragma}")
        last = connection.execute("SELECT seq, chain FROM entries ORDER BY seq DESC LIMIT 1").fetchone()
        self._flushed = (last[0], last[1]) if last else (START.seq, bytes.fromhex(START.digest))
        self._kept = self._end = self._flushed
        last = connection.execute("SELECT span FROM spans ORDER BY first DESC LIMIT 1").fetchone()
        self._span: int | None = last[0] if last else None

    def _take_over_tail(self) -> None:
        """Bring what the last engine kept, and did not live to flush, into the database."""
        for kept in self._tail.read():
            if isinstance(kept, KeptCounter):
                self._counters[kept.key, kept.start] = kept.used
                continue
            number, previous = self._end
            fields: Fields = tuple(msgspec.json.decode(kept.content, type=list[Any]))
            if int(fields[0] or 0) <= number:  # flushed before the tail could be cleared
                continue
            if fields[0] != number + 1 or link(previous, kept.content) != kept.digest:
                break  # no row of ours: the chain does not go on with it
            self._end = (number + 1, kept.digest)
            self._rows.append((fields, kept.digest, kept.content))
        if self._rows or self._counters:
            self._write(durable=True)
            self._rows.clear()
            self._counters.clear()
        self._flushed = self._kept = self._end
        self._tail.clear()

    # -- writing ---------------------------------------------------------------------------------------------------

    @property
    def head(self) -> Head:
        """The end of what was flushed."""
        seq, digest = self._flushed
        return Head(seq, digest.hex())

    def append(self, entry: Entry) -> int:
        """Number, chain and buffer an entry; the number is its row's."""
        number, previous = self._end
        fields = fields_of(number + 1, entry)
        try:
            content = canonical(fields)
        except UnicodeEncodeError:
            fields = storable(fields)
            content = canonical(fields)
        digest = link(previous, content)
        self._end = (number + 1, digest)
        self._rows.append((fields, digest, content))
        return number + 1

    def save_counters(self, changes: list[tuple[CounterKey, int, float]]) -> None:
        """Buffer new counts; they are written with the next flush, and kept for the one after it if that fails."""
        for counter, start, used in changes:
            self._counters[counter, start] = self._new_counters[counter, start] = used

    def save_standing(self, states: list[StandingState]) -> None:
        """Buffer how standing decisions fare. If the flush fails that has the row which makes one, that one is gone."""
        self._standing.update((state.id, state) for state in states)

    def load_standing(self) -> list[tuple[StandingState, str]]:
        """Every decision that stands, the oldest first, and what its row says. Raises `JournalUnwritable`."""
        with self._explained():
            return standing_rows.load(self._connection)

    def keep(self) -> None:
        """Have everything that is buffered survive the process, at once; `flush` it soon.

        Raises:
            JournalUnwritable: nothing was kept; the rows that were new are gone, and their numbers free again.
        """
        if self._last_flush_failed or len(self._rows) > MOST_AHEAD:
            self.flush()
            return
        rows = self._rows[self._ahead :]
        if not rows and not self._new_counters:
            return
        try:
            if self._checkpoints.problem is not None:
                raise JournalUnwritable(self._checkpoints.problem)
            counters = [(key, start, used) for (key, start), used in self._new_counters.items()]
            self._tail.write(((content, digest) for _, digest, content in rows), counters)
        except OSError as fault:
            self._undo()
            raise JournalUnwritable(f"{self._path}.tail cannot be written: {fault.strerror}.") from fault
        except BaseException:
            self._undo()
            raise
        self._ahead = len(self._rows)
        self._kept = self._end
        self._new_counters.clear()
        self.on_keep()

    def flush(self, *, durable: bool = False) -> None:
        """Write everything that is buffered, all or nothing.

        Args:
            durable: have it on the disk itself when this returns.

        Raises:
            JournalUnwritable: nothing was written; the buffered rows are gone, and their numbers free again, but for
                those that are in the tail.
        """
        if not self._rows and not self._counters and not self._standing:
            return
        self._last_flush_failed = True
        try:
            with self._explained(), self._checkpoints.writing:
                if self._checkpoints.problem is not None:
                    raise JournalUnwritable(self._checkpoints.problem)
                self._write(durable)
        except BaseException:
            self._undo()
            raise
        self._last_flush_failed = False
        self._flushed = self._kept = self._end
        self._checkpoints.written(len(self._rows))
        self._rows.clear()
        self._ahead = 0
        self._counters.clear()
        self._new_counters.clear()
        self._standing.clear()
        self._tail.clear()
        self.on_flush()

    def _write(self, durable: bool) -> None:
        connection = self._connection
        if durable:
            connection.execute("PRAGMA synchronous = FULL")
        try:
            connection.execute("BEGIN IMMEDIATE")
            span = self._span
            if self._rows:
                span = self._note_spans(span)
                rows = [(*fields, digest, self._facet(fields)) for fields, digest, _ in self._rows]
                connection.executemany(_INSERT, rows)
            if self._counters:
                self._forget_old_counters()
                saved = self._counters.items()
                connection.executemany(_SAVE_COUNTER, [(*_columns(key), start, used) for (key, start), used in saved])
            standing_rows.save(connection, self._standing.values())
            connection.execute("COMMIT")
            self._span = span
        finally:
            if durable:
                connection.execute("PRAGMA synchronous = NORMAL")

    def _undo(self) -> None:
        """Take what failed back, here and in the database."""
        del self._rows[self._ahead :]
        self._end = self._kept
        self._standing = {name: state for name, state in self._standing.items() if state.row <= self._kept[0]}
        self._facets.clear()  # those that were new are gone with the transaction
        with contextlib.suppress(sqlite3.Error):
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")

    def _note_spans(self, current: int | None) -> int | None:
        for fields, *_ in self._rows:
            if (span := span_of(fields)) != current:
                self._connection.execute("INSERT INTO spans (first, span) VALUES (?, ?)", (fields[0], span))
                current = span
        return current

    def _facet(self, fields: Fields) -> int | None:
        facet = facet_of(fields)
        if facet is None:
            return None
        number = self._facets.get(facet)
        if number is None:
            self._connection.execute(_INSERT_FACET, facet)
            (number,) = self._connection.execute(_FIND_FACET, facet).fetchone()
            if len(self._facets) >= _FACETS_REMEMBERED:
                self._facets.clear()
            self._facets[facet] = number
        return number

    # -- counters --------------------------------------------------------------------------------------------------

    def load_counters(self) -> list[tuple[CounterKey, int, float]]:
        """Every count that was kept. Raises `JournalUnwritable`."""
        with self._explained():
            rows = self._connection.execute(_LOAD_COUNTERS).fetchall()
        return [(CounterKey(*columns), start, used) for *columns, start, used in rows]

    def _forget_old_counters(self) -> None:
        now = self._clock.now()
        if not 0 <= now - self._counters_looked_at < _COUNTERS_LOOK_SECONDS:
            self._connection.execute("DELETE FROM counters WHERE start < ?", (int(now) - _KEPT_COUNTER_SECONDS,))
            self._counters_looked_at = now

    # -- the anchor's side; see `journal.anchor` -------------------------------------------------------------------

    def reconcile(self, anchored: Head) -> str | None:
        """Compare the journal with what the anchor remembered of it at the start.

        Returns a sentence if rows that the anchor knows are gone or are others now. A notice of it is buffered then, so
        that what was lost stays on record when the anchor moves on.
        """
        with self._explained():
            found = self._connection.execute("SELECT chain FROM entries WHERE seq = ?", (anchored.seq,)).fetchone()
        if found is None:
            problem = f"The log had reached row {anchored.seq} before, and now ends at row {self.head.seq}."
        elif found[0].hex() != anchored.digest:
            problem = f"Row {anchored.seq} of the log is another than the one that was written."
        else:
            return None
        self.append(Entry(at=self._clock.now(), kind=EntryKind.NOTICE, outcome=LOST, message=problem, by="approver"))
        return problem

    def make_durable(self) -> None:
        """Have everything that was flushed so far on the disk itself. May be called from any thread."""
        with contextlib.suppress(FileNotFoundError), Path(f"{self._path}-wal").open("r+b") as wal:
            os.fsync(wal.fileno())

    # -- the end ---------------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Flush, end the thread, close the database. Raises `JournalUnwritable`, with everything closed."""
        try:
            self.flush()
        finally:
            self._checkpoints.close()
            self._connection.close()
            self._tail.close()

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except JournalUnwritable:
            raise
        except (JournalUnusable, OSError) as fault:
            raise JournalUnwritable(str(fault)) from fault
        except (sqlite3.Error, OverflowError, UnicodeError) as fault:
            raise JournalUnwritable(sentence(fault, self._path)) from fault


def _make_private(path: Path) -> None:
    """Have the file there, and for nobody else to read, before SQLite gives its companions the same rights."""
    # never opened and closed while SQLite may have it open: that would drop SQLite's locks
    if not path.exists():
        path.touch(mode=0o600)
    path.chmod(0o600)


def _columns(key: CounterKey) -> tuple[str, str, str, str, str]:
    return key.server, key.holder, key.key, key.counter, key.window
