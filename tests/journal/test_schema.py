"""The tables, how they come to be, and which files are refused."""

import dataclasses
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sample_entries import entry, notice

from approver.journal import schema
from approver.journal.chain import fields_of
from approver.journal.schema import COLUMNS, JournalUnusable, check, facet_of, prepare, quoted, span_of
from approver.model import Entry, EntryKind

HERE = Path("journal.db")


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    yield connection
    connection.close()


def columns_of(connection: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]


def test_a_row_is_its_number_and_the_fields_of_an_entry() -> None:
    """A new field of `Entry` needs a migration and a new form of the chain."""
    assert ("seq", *(field.name for field in dataclasses.fields(Entry))) == COLUMNS


def test_an_empty_file_gets_the_tables(connection: sqlite3.Connection) -> None:
    prepare(connection, HERE)
    assert columns_of(connection, "entries") == [*COLUMNS, "chain", "facet"]
    prepare(connection, HERE)
    check(connection, HERE)


def test_names_that_are_words_of_sql_are_quoted() -> None:
    assert quoted(("by", "at")) == '"by", "at"'
    assert quoted(("by", "at"), "e") == 'e."by", e."at"'


def test_a_migration_that_fails_leaves_the_file_as_it_was(
    connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(connection, HERE)
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, ("CREATE TABLE more (x)", "CREATE TABLE more (x)")))
    monkeypatch.setattr(schema, "VERSION", schema.VERSION + 1)
    with pytest.raises(sqlite3.OperationalError, match="already exists"):
        prepare(connection, HERE)
    assert columns_of(connection, "more") == []
    assert connection.execute("PRAGMA user_version").fetchone() == (schema.VERSION - 1,)


def test_a_log_of_the_first_format_keeps_its_rows_and_gets_the_new_tables(
    connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as older:
        older.setattr(schema, "VERSION", 1)
        prepare(connection, HERE)
    connection.execute(f"INSERT INTO entries VALUES ({', '.join('0' * (len(COLUMNS) + 2))})")
    prepare(connection, HERE)
    assert columns_of(connection, "standing") == ["id", "entry", "is_void", "uses", "last_used"]
    assert connection.execute("SELECT COUNT(*) FROM entries").fetchone() == (1,)


def test_an_older_file_is_brought_up_to_date_by_the_writer_only(
    connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(connection, HERE)
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, ("CREATE TABLE more (x)",)))
    monkeypatch.setattr(schema, "VERSION", schema.VERSION + 1)
    with pytest.raises(JournalUnusable, match="older version of Approver"):
        check(connection, HERE)
    prepare(connection, HERE)
    assert columns_of(connection, "more") == ["x"]
    check(connection, HERE)


@pytest.mark.parametrize("look", [prepare, check])
def test_a_newer_file_is_refused(connection: sqlite3.Connection, look: object) -> None:
    prepare(connection, HERE)
    connection.execute("PRAGMA user_version = 99")
    with pytest.raises(
        JournalUnusable,
        match=rf"journal.db was written by a newer version .*format 99; this one knows {schema.VERSION}",
    ):
        look(connection, HERE)  # type: ignore[operator]  # one of the two functions above


@pytest.mark.parametrize("statement", ["CREATE TABLE mine (x)", "PRAGMA user_version = 3"])
def test_another_program_s_database_is_refused(connection: sqlite3.Connection, statement: str) -> None:
    connection.execute(statement)
    with pytest.raises(JournalUnusable, match="not Approver's log"):
        prepare(connection, HERE)


@pytest.mark.parametrize(
    ("kind", "word", "outcome"),
    [
        (EntryKind.ASKED, "asked", "pending"),
        (EntryKind.ASKED, "repeated", "pending"),
        (EntryKind.PENDING, "pending", "pending"),
        (EntryKind.PENDING, "approved", "approved"),
        (EntryKind.DECISION, "denied_by_user", "denied_by_user"),
        (EntryKind.REFUSED, "", "refused"),
    ],
)
def test_states_of_a_call_have_a_facet(kind: EntryKind, word: str, outcome: str) -> None:
    row = fields_of(1, entry(kind, rule="/r", outcome=word))
    assert facet_of(row) == ("Tester", "local", "files", "write", outcome, "/r")


def test_outcomes_and_notices_have_none() -> None:
    assert facet_of(fields_of(1, entry(EntryKind.OUTCOME))) is None
    assert facet_of(fields_of(1, notice())) is None


def test_a_span_is_ten_minutes() -> None:
    first = span_of(fields_of(1, entry(at=1200.0)))
    assert [span_of(fields_of(1, entry(at=at))) - first for at in (1199.9, 1799.9, 1800.0)] == [-1, 0, 1]
