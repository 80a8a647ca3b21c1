"""Checks a journal from its first row to its last: a file goes in, what is wrong with it comes out.

Each row's digest is computed anew and compared with the one that is kept; numbers must follow each other; the tables
that lists are filtered by must say the same as the rows; the row that the anchor remembers must be there and be that
row. After a row that does not fit, checking goes on from the digest that is kept with it, so that each damage is named
once. Reading takes one snapshot and holds nobody up.
"""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from approver.journal.chain import START, Head, canonical, link
from approver.journal.faults import sentence
from approver.journal.reader import explained, open_for_reading
from approver.journal.schema import COLUMNS, FACET, facet_of, quoted, span_of
from approver.journal.writer import LOST
from approver.model import EntryKind

MOST_PROBLEMS = 20
ROWS_BETWEEN_WORDS = 5000
"""How often whoever waits is told how far checking is."""

_ROWS = f"""SELECT {quoted(COLUMNS, "e")}, e."chain", s.span, {quoted(FACET, "f")}
    FROM entries AS e LEFT JOIN facets AS f ON f.id = e.facet LEFT JOIN spans AS s ON s.first = e.seq
    ORDER BY e.seq"""
_WIDTH = len(COLUMNS)
_MAY_BE_NULL = ("waited", "latency")
_NUMBERS = ("seq", "at", *_MAY_BE_NULL)
_TYPES = tuple(
    (int, type(None)) if name in _MAY_BE_NULL else (int,) if name in _NUMBERS else (str,) for name in COLUMNS
)
_KIND, _OUTCOME, _MESSAGE = COLUMNS.index("kind"), COLUMNS.index("outcome"), COLUMNS.index("message")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is wrong."""

    row: int
    """The row that it is found at."""
    what: str
    """A sentence that names the row."""


@dataclass(frozen=True, slots=True)
class VerifyResult:
    """What checking found."""

    rows: int
    """How many rows there are."""
    head: Head
    """The last of them."""
    anchor: Head | None
    """What the anchor remembers; without one, the end cannot be proven."""
    problems: tuple[Problem, ...]
    """The first ones, in order; none if the journal is whole."""

    @property
    def is_whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems

    @property
    def first_bad_row(self) -> int | None:
        """The first row that something is wrong with."""
        return self.problems[0].row if self.problems else None

    @property
    def beyond_anchor(self) -> int:
        """How many rows at the end are chained, but newer than the anchor."""
        return 0 if self.anchor is None else max(0, self.head.seq - self.anchor.seq)


def verify(path: Path, anchor: Head | None, *, progress: Callable[[int], None] = lambda _: None) -> VerifyResult:
    """Check the journal at `path`. `anchor` must have been read before this is called: the journal goes on meanwhile.

    `progress` is called now and then with the number of rows that were checked; what it raises ends the checking.

    Raises:
        JournalUnreadable: there is nothing to check.
    """
    if not path.exists() and anchor is not None and anchor.seq > START.seq:
        gone = Problem(1, f"The log is gone: {path} does not exist, but the log had reached row {anchor.seq}.")
        return VerifyResult(0, START, anchor, (gone,))
    connection = open_for_reading(path)
    try:
        with explained(path):
            connection.execute("BEGIN")
        return _Check(connection, path, anchor).run(progress)
    finally:
        connection.close()


class _Check:
    """One run over the rows."""

    def __init__(self, connection: sqlite3.Connection, path: Path, anchor: Head | None) -> None:
        self._connection = connection
        self._path = path
        self._anchor = anchor
        self._problems: list[Problem] = []
        self._rows = 0
        self._seq, self._chain = START.seq, bytes.fromhex(START.digest)
        self._span: int | None = None

    def run(self, progress: Callable[[int], None]) -> VerifyResult:
        try:
            for row in self._connection.execute(_ROWS):
                self._look_at(row)
                if self._rows % ROWS_BETWEEN_WORDS == 0:
                    progress(self._rows)
                if len(self._problems) >= MOST_PROBLEMS:
                    break
            else:
                self._look_at_the_end()
        except sqlite3.DatabaseError as fault:
            self._note(self._seq + 1, f"Row {self._seq + 1} cannot be read. {sentence(fault, self._path)}")
        head = Head(self._seq, self._chain.hex())
        return VerifyResult(self._rows, head, self._anchor, tuple(self._problems[:MOST_PROBLEMS]))

    def _note(self, row: int, what: str) -> None:
        self._problems.append(Problem(row, what))

    def _look_at(self, row: tuple[Any, ...]) -> None:
        fields, chain, span, facet = row[:_WIDTH], row[_WIDTH], row[_WIDTH + 1], row[_WIDTH + 2 :]
        seq = fields[0]
        self._rows += 1
        if seq <= START.seq:
            self._note(seq, f"Row {seq} has no place in the log: rows are numbered from 1.")
            return
        digest = _digest(self._chain, fields, chain)
        if seq > self._seq + 1:
            self._note(self._seq + 1, _missing(self._seq + 1, seq - 1))
        elif digest is None:
            self._note(seq, f"Row {seq} holds values of a kind that Approver never writes.")
        elif digest != chain:
            self._note(seq, f"Row {seq} is not as it was written, or not where: its digest does not fit.")
        else:
            self._look_closer(fields, chain, span, facet)
        self._seq, self._chain = seq, chain if isinstance(chain, bytes) else b""
        self._span = span_of(fields) if isinstance(fields[1], int) else None

    def _look_closer(self, fields: tuple[Any, ...], chain: bytes, span: int | None, facet: tuple[Any, ...]) -> None:
        """Look at what surrounds a row that is chained as it should be."""
        seq, expected = fields[0], span_of(fields)
        wanted = (expected if expected != self._span else None, facet_of(fields) or (None,) * len(FACET))
        if not self._problems and (span, facet) != wanted:  # past a damage, neither can be told for sure
            self._note(seq, f"Row {seq} is whole, but what it is looked up by was changed: lists may leave it out.")
        elif fields[_KIND] == EntryKind.NOTICE.value and fields[_OUTCOME] == LOST:
            self._note(seq, f"Before row {seq}, the end of the log was lost or changed. {fields[_MESSAGE]}")
        elif self._anchor is not None and seq == self._anchor.seq and chain.hex() != self._anchor.digest:
            self._note(seq, f"Row {seq} is chained, but is not the one that is anchored: rows up to it were rewritten.")

    def _look_at_the_end(self) -> None:
        anchor = self._anchor
        if anchor is not None and anchor.seq > self._seq:
            missing = _missing(self._seq + 1, anchor.seq)
            self._note(self._seq + 1, f"{missing} The log ends at row {self._seq}, but had reached row {anchor.seq}.")
        if not self._problems:
            (found,) = self._connection.execute("PRAGMA integrity_check(1)").fetchone()
            if found != "ok":
                self._note(self._seq, f"Every row up to row {self._seq} is whole, but the database is damaged: {found}")


def _missing(first: int, last: int) -> str:
    return f"Row {first} is missing." if first == last else f"Rows {first} to {last} are missing."


def _digest(previous: bytes, fields: tuple[Any, ...], chain: Any) -> bytes | None:
    """What the row's digest must be; None where its values are not of the types that digests are taken over."""
    if not isinstance(chain, bytes) or not all(map(isinstance, fields, _TYPES)):
        return None
    try:
        return link(previous, canonical(fields))
    except UnicodeEncodeError:  # a text that is no UTF-8
        return None
