"""What the journal's database looks like, and how an older one is brought up to date.

`prepare` is the writer's way in: it makes or migrates the tables. `check` is the readers': it only looks. Both say in a
sentence why a file cannot be used.
"""

import sqlite3
from pathlib import Path

from approver.model import EntryKind, Outcome

APPLICATION_ID = 0x41505652
"""Marks the file as ours ("APVR"), as SQLite provides for."""

COLUMNS = (
    *("seq", "at", "kind", "call", "session", "client", "grant", "server", "tool", "arguments", "digest", "rule"),
    *("outcome", "message", "by", "waited", "shown", "latency", "detail"),
)
"""What is chained of a row, in the order in which it is: its number, then `Entry`'s fields."""

FACET = ("client", "grant", "server", "tool", "outcome", "rule")
"""What rows are filtered by. Each combination that occurs is one row of `facets`, so that one index serves all."""

SPAN_SECONDS = 600
"""Rows that follow each other within one such piece of time are one row of `spans`: how a time is found."""


class JournalUnusable(Exception):
    """The journal cannot be used; the message says why and what to do."""


def quoted(names: tuple[str, ...], table: str = "") -> str:
    """Column names for SQL; some of them are its keywords."""
    return ", ".join(f'{table}."{name}"' if table else f'"{name}"' for name in names)


# Numbers are whole microseconds: exact in SQLite, in JSON and in every language.
# `facet` is null for rows that are no state of a call: outcomes and notices.
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE entries (
            "seq" INTEGER PRIMARY KEY,
            "at" INTEGER NOT NULL,
            "kind" TEXT NOT NULL,
            "call" TEXT NOT NULL,
            "session" TEXT NOT NULL,
            "client" TEXT NOT NULL,
            "grant" TEXT NOT NULL,
            "server" TEXT NOT NULL,
            "tool" TEXT NOT NULL,
            "arguments" TEXT NOT NULL,
            "digest" TEXT NOT NULL,
            "rule" TEXT NOT NULL,
            "outcome" TEXT NOT NULL,
            "message" TEXT NOT NULL,
            "by" TEXT NOT NULL,
            "waited" INTEGER,
            "shown" TEXT NOT NULL,
            "latency" INTEGER,
            "detail" TEXT NOT NULL,
            "chain" BLOB NOT NULL,
            "facet" INTEGER
        )""",
        "CREATE INDEX entries_by_call ON entries (call, facet)",
        "CREATE INDEX entries_by_facet ON entries (facet) WHERE facet IS NOT NULL",
        "CREATE INDEX notices ON entries (kind) WHERE kind = 'notice'",
        """CREATE TABLE facets (
            id INTEGER PRIMARY KEY,
            "client" TEXT NOT NULL,
            "grant" TEXT NOT NULL,
            "server" TEXT NOT NULL,
            "tool" TEXT NOT NULL,
            "outcome" TEXT NOT NULL,
            "rule" TEXT NOT NULL,
            UNIQUE ("client", "grant", "server", "tool", "outcome", "rule")
        )""",
        """CREATE TABLE spans (
            first INTEGER PRIMARY KEY,
            span INTEGER NOT NULL
        )""",
        """CREATE TABLE counters (
            start INTEGER NOT NULL,
            "server" TEXT NOT NULL,
            holder TEXT NOT NULL,
            "key" TEXT NOT NULL,
            counter TEXT NOT NULL,
            "window" TEXT NOT NULL,
            used REAL NOT NULL,
            PRIMARY KEY (start, "server", holder, "key", counter, "window")
        ) WITHOUT ROWID""",
    ),
    (
        # what a decision says is in the entry that made it, where a change of it shows
        """CREATE TABLE standing (
            id TEXT PRIMARY KEY,
            entry INTEGER NOT NULL,
            is_void INTEGER NOT NULL,
            uses INTEGER NOT NULL,
            last_used INTEGER
        ) WITHOUT ROWID""",
    ),
)
VERSION = len(MIGRATIONS)

Facet = tuple[str, ...]
Fields = tuple[int | str | None, ...]

_KIND, _CALLER, _TOOL, _RULE, _OUTCOME = (
    COLUMNS.index("kind"),
    slice(COLUMNS.index("client"), COLUMNS.index("server") + 1),
    COLUMNS.index("tool"),
    COLUMNS.index("rule"),
    COLUMNS.index("outcome"),
)
_STATE_OUTCOMES = {
    EntryKind.ASKED.value: Outcome.PENDING.value,
    EntryKind.REFUSED.value: Outcome.REFUSED.value,
    EntryKind.PENDING.value: None,
    EntryKind.DECISION.value: None,
}
"""The kinds of rows that are a state of a call, and its outcome where the row's own word is another."""


def facet_of(row: Fields) -> Facet | None:
    """The facet that a row belongs to; None where the row is no state of a call."""
    kind = row[_KIND]
    if kind not in _STATE_OUTCOMES:
        return None
    outcome = _STATE_OUTCOMES[kind] or row[_OUTCOME]
    return (*row[_CALLER], row[_TOOL], outcome, row[_RULE])  # type: ignore[arg-type]  # texts, as the columns say


def span_of(row: Fields) -> int:
    """The piece of time that a row lies in."""
    at = row[1]
    assert isinstance(at, int)
    return at // (SPAN_SECONDS * 1_000_000)


def prepare(connection: sqlite3.Connection, path: Path) -> None:
    """Make the tables, or bring them up to date. Raises `JournalUnusable`; `sqlite3.Error` where SQLite fails."""
    version = _version(connection, path)
    if version == VERSION:
        return
    for number in range(version, VERSION):
        connection.execute("BEGIN IMMEDIATE")
        try:
            for statement in MIGRATIONS[number]:
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {number + 1}")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")


def check(connection: sqlite3.Connection, path: Path) -> None:
    """Make sure that this version can read the tables as they are. Raises `JournalUnusable`."""
    version = _version(connection, path)
    if version < VERSION:
        raise JournalUnusable(
            f"{path} was written by an older version of Approver, or nothing was written yet. Start Approver once, so "
            "that it is brought up to date."
        )


def _version(connection: sqlite3.Connection, path: Path) -> int:
    """How many migrations the file has had; 0 for an empty one."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (tables,) = connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
    if application != APPLICATION_ID and (tables or version):
        raise JournalUnusable(
            f"{path} is a database, but not Approver's log. Move it away, and Approver will begin a new log there."
        )
    if version > VERSION:
        raise JournalUnusable(
            f"{path} was written by a newer version of Approver (format {version}; this one knows {VERSION}). Use "
            "that version, or move the file away to begin a new log."
        )
    return int(version)
