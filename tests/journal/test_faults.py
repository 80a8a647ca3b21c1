"""SQLite's errors in words that help."""

import sqlite3
from pathlib import Path

import pytest

from approver.journal.faults import is_interruption, sentence

HERE = Path("/data/journal.db")


def fault(name: str) -> sqlite3.OperationalError:
    made = sqlite3.OperationalError("what SQLite says")
    made.sqlite_errorname = name
    return made


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("SQLITE_FULL", "The disk is full. Make room on it."),
        ("SQLITE_IOERR_WRITE", "The disk does not take it"),
        ("SQLITE_READONLY_DIRECTORY", "must not be written to"),
        ("SQLITE_CANTOPEN", "cannot be opened"),
        ("SQLITE_BUSY_SNAPSHOT", "Another process keeps it locked"),
        ("SQLITE_NOTADB", "not a database"),
        ("SQLITE_CORRUPT", "damaged"),
        ("SQLITE_CONSTRAINT_PRIMARYKEY", "Somebody else writes to it"),
    ],
)
def test_each_says_which_file_and_what_to_do(name: str, advice: str) -> None:
    said = sentence(fault(name), HERE)
    assert said.startswith("/data/journal.db: ")
    assert advice in said
    assert said.endswith("(SQLite: what SQLite says)")


def test_an_unknown_one_is_passed_on() -> None:
    assert sentence(fault("SQLITE_ERROR"), HERE) == "/data/journal.db: what SQLite says."
    assert sentence(OverflowError("too large"), HERE) == "/data/journal.db: too large."


def test_an_interruption_is_told_apart() -> None:
    assert is_interruption(fault("SQLITE_INTERRUPT"))
    assert not is_interruption(fault("SQLITE_ERROR"))
