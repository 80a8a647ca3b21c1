"""The table of decisions that stand: states in, SQL out, and back at the start.

The table says only which of the journal's rows still count, and how often they did. What a decision says is read from
the chained row that made it, so nobody can slip one in by this table without the chain showing it. What a later row
says has ended stands no more, whatever the table says: it is written a moment after the row, and outside the chain.
"""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import replace

from approver.model import EntryKind
from approver.standing_model import StandingState

MADE = "remembered"
"""The word of the notice that makes a decision stand."""
FORGOTTEN = "forgotten"
"""The word of the notice that ends one, or voids it."""
OVER, VOID = "over", "void"
"""Which of the two it does, in its detail."""

_SAVE = """INSERT INTO standing (id, entry, is_void, uses, last_used) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET is_void = excluded.is_void, uses = excluded.uses, last_used = excluded.last_used"""
_END = "DELETE FROM standing WHERE id = ?"
_LOAD = f"""SELECT s.id, s.entry, s.is_void, s.uses, s.last_used, e."detail" FROM standing AS s LEFT JOIN entries AS e
    ON e.seq = s.entry AND e."kind" = '{EntryKind.NOTICE.value}' AND e."outcome" = '{MADE}' ORDER BY s.entry"""
_LOAD_ENDINGS = f"""SELECT "seq", "detail" FROM entries WHERE "kind" = '{EntryKind.NOTICE.value}' AND
    "outcome" = '{FORGOTTEN}' ORDER BY "seq" """
_MILLION = 1_000_000


def save(connection: sqlite3.Connection, states: Iterable[StandingState]) -> None:
    """Write these down, within the transaction that is open."""
    for state in states:
        if state.is_over:
            connection.execute(_END, (state.id,))
        else:
            last = None if state.last_used is None else round(state.last_used * _MILLION)
            connection.execute(_SAVE, (state.id, state.row, state.is_void, state.uses, last))


def ending(name: str, what: str) -> str:
    """The detail of a notice that ends a decision, or voids it."""
    return json.dumps({what: name}, separators=(",", ":"))


def load(connection: sqlite3.Connection) -> list[tuple[StandingState, str]]:
    """Every decision that stands, the oldest first, with what its row says; empty where there is no such row.

    What has ended by a row, but stands in the table still, says so.
    """
    ended = {detail: row for row, detail in connection.execute(_LOAD_ENDINGS)}
    found = []
    for name, row, is_void, uses, last, detail in connection.execute(_LOAD):
        state = StandingState(name, row, bool(is_void), uses, None if last is None else last / _MILLION)
        if ended.get(ending(name, VOID), 0) > row:
            state = replace(state, is_void=True)
        if ended.get(ending(name, OVER), 0) > row:
            state = replace(state, is_over=True)
        found.append((state, detail or ""))
    return found
