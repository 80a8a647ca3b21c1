"""Moving rows from the write-ahead log into the database, beside the writer."""

import logging
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from eventually import eventually
from sample_entries import entry
from still_time import StillTime

from approver.journal import checkpoint
from approver.journal.checkpoint import Checkpoints
from approver.journal.verify import verify
from approver.journal.writer import Journal


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    journal = Journal(path, StillTime())
    yield journal
    journal.close()


@pytest.fixture
def own(path: Path, journal: Journal) -> Iterator[sqlite3.Connection]:
    """A connection like that of the thread."""
    connection = sqlite3.connect(path, timeout=0, isolation_level=None)
    yield connection
    connection.close()


def flush_rows(journal: Journal, count: int) -> None:
    for _ in range(count):
        journal.append(entry())
        journal.flush()


def frames(connection: sqlite3.Connection) -> int:
    """How long the write-ahead log is by now."""
    return int(connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()[1])


def test_copying_lets_the_log_begin_anew(journal: Journal, own: sqlite3.Connection) -> None:
    flush_rows(journal, 50)
    before = frames(own)
    assert journal._checkpoints.copy(own) == 0
    assert frames(own) == 1 < before
    flush_rows(journal, 1)
    assert frames(own) < before


def test_what_is_copied_is_whole(journal: Journal, own: sqlite3.Connection, path: Path) -> None:
    for _ in range(5):
        flush_rows(journal, 20)
        journal._checkpoints.copy(own)
    assert verify(path, journal.head).rows == 100


def test_the_thread_copies_when_there_is_enough(
    journal: Journal, own: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied: list[int] = []
    monkeypatch.setattr(journal._checkpoints, "_pause", 0)
    monkeypatch.setattr(checkpoint, "_DUE_ROWS", 10)
    monkeypatch.setattr(journal._checkpoints, "copy", lambda _: copied.append(1) or 0)
    flush_rows(journal, 9)
    assert copied == []
    flush_rows(journal, 1)
    eventually(lambda: copied, "the rows are copied")


def test_the_thread_copies_what_lies_about_for_long(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    copied: list[int] = []
    monkeypatch.setattr(journal._checkpoints, "_pause", 0)
    monkeypatch.setattr(checkpoint, "_IDLE_SECONDS", 0.01)
    monkeypatch.setattr(journal._checkpoints, "copy", lambda _: copied.append(1) or 0)
    flush_rows(journal, 1)
    eventually(lambda: copied, "the row is copied")


def test_a_large_log_is_cut_even_if_writing_never_pauses(
    journal: Journal, own: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoint, "_LARGE_FRAMES", 10)
    flush_rows(journal, 50)
    assert journal._checkpoints.copy(own) == 0
    flush_rows(journal, 1)
    assert frames(own) < 10


def test_while_somebody_reads_old_rows_a_large_log_is_left_alone(
    journal: Journal, own: sqlite3.Connection, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoint, "_LARGE_FRAMES", 10)
    monkeypatch.setattr(checkpoint, "_NEARLY_DONE_FRAMES", 20)
    reader = sqlite3.connect(path, isolation_level=None)
    flush_rows(journal, 1)
    reader.execute("BEGIN")
    assert reader.execute("SELECT COUNT(*) FROM entries").fetchone() == (1,)
    flush_rows(journal, 50)
    assert journal._checkpoints.copy(own) > 50
    assert reader.execute("SELECT COUNT(*) FROM entries").fetchone() == (1,)
    reader.close()
    assert journal._checkpoints.copy(own) == 0


def test_a_writer_in_the_midst_of_writing_is_no_reason_to_complain(
    journal: Journal, own: sqlite3.Connection, caplog: pytest.LogCaptureFixture
) -> None:
    flush_rows(journal, 5)
    journal._connection.execute("BEGIN IMMEDIATE")
    assert journal._checkpoints.copy(own) == 0
    journal._connection.execute("COMMIT")
    assert caplog.records == []


def test_a_failure_is_logged_once_until_it_is_over(
    journal: Journal, own: sqlite3.Connection, caplog: pytest.LogCaptureFixture
) -> None:
    closed = sqlite3.connect(":memory:")
    closed.close()
    for connection in (closed, closed, own, closed):
        journal._checkpoints.copy(connection)
    assert [record.levelno for record in caplog.records] == [logging.WARNING] * 2
    assert "cannot be copied" in caplog.text


def test_a_file_that_is_gone_is_a_problem(path: Path) -> None:
    with path.open("wb"):  # while it is open, no other file can pass for it
        checkpoints = Checkpoints(path, pause=0)
        path.unlink()
        checkpoints.written(1)
        eventually(lambda: checkpoints.problem, "the loss is noticed")
        checkpoints.close()
    assert checkpoints.problem == f"{path} was moved or removed while Approver wrote to it. Restart Approver."
