"""The tail: what was kept there and nowhere else yet, through crashes, full disks and tampering."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_entries import entry
from still_time import NOON, StillTime

from approver.journal.reader import Reader
from approver.journal.tail import KeptCounter, KeptRow, Tail
from approver.journal.verify import verify
from approver.journal.writer import MOST_AHEAD, Journal, JournalUnwritable
from approver.model import CounterKey

KEY = CounterKey("files", "local", "/tools/write", "calls", "minute")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@pytest.fixture
def tail(tmp_path: Path) -> Iterator[Tail]:
    tail = Tail(tmp_path / "tail")
    yield tail
    tail.close()


def calls_in(path: Path) -> list[str]:
    with Reader(path) as reader:
        return [row.entry.call for row in reversed(reader.entries(10_000))]


def abandon(journal: Journal) -> None:
    """Leave a journal as a kill would: nothing is flushed, the files are closed."""
    journal._checkpoints.close()
    journal._connection.close()
    journal._tail.close()


# -- the file ----------------------------------------------------------------------------------------------------------


@given(st.lists(st.binary(max_size=60).map(lambda data: data.hex().encode())), st.integers(0, 2**40))
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, contents: list[bytes], used: int) -> None:
    tail = Tail(tmp_path_factory.mktemp("tail") / "tail")
    rows = [KeptRow(content, bytes(32)) for content in contents]
    tail.write(rows, [(KEY, 60, float(used))])
    assert list(tail.read()) == [*rows, KeptCounter(KEY, 60, float(used))]
    tail.close()


def test_a_torn_last_line_and_what_is_no_line_end_the_reading(tail: Tail, tmp_path: Path) -> None:
    tail.write([(b"[1]", bytes(32))], [])
    with (tmp_path / "tail").open("ab") as file:
        file.write(b"r 00")
    torn = Tail(tmp_path / "tail")
    assert len(list(torn.read())) == 1
    torn.close()
    with (tmp_path / "tail").open("ab") as file:
        file.write(b"xyz\nc [1]\n")
    broken = Tail(tmp_path / "tail")
    assert len(list(broken.read())) == 1
    broken.close()


def test_a_write_that_does_not_fit_leaves_nothing(tail: Tail, monkeypatch: pytest.MonkeyPatch) -> None:
    tail.write([(b"[1]", bytes(32))], [])
    really = os.write
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", lambda descriptor, data: really(descriptor, data[:10]))
        with pytest.raises(OSError, match="No space left"):
            tail.write([(b"[2]", bytes(32))], [])
    tail.write([(b"[3]", bytes(32))], [])
    assert [kept.content for kept in tail.read() if isinstance(kept, KeptRow)] == [b"[1]", b"[3]"]


def test_a_cleared_tail_is_empty(tail: Tail) -> None:
    assert tail.is_empty
    tail.clear()
    tail.write([(b"[1]", bytes(32))], [])
    assert not tail.is_empty
    tail.clear()
    assert tail.is_empty and list(tail.read()) == []


# -- the journal with it -----------------------------------------------------------------------------------------------


def test_what_was_kept_is_in_the_database_after_a_flush(path: Path) -> None:
    journal = Journal(path, StillTime())
    kept: list[int] = []
    journal.on_keep = lambda: kept.append(1)
    journal.keep()
    assert kept == []
    journal.append(entry(call="a"))
    journal.keep()
    assert kept == [1] and calls_in(path) == [] and journal.head.seq == 0
    journal.append(entry(call="b"))
    journal.flush()
    assert calls_in(path) == ["a", "b"] and journal.head.seq == 2
    journal.close()
    assert verify(path, None).is_whole


def test_what_was_kept_survives_a_kill_and_what_was_not_is_gone(path: Path) -> None:
    journal = Journal(path, StillTime())
    journal.append(entry(call="flushed"))
    journal.flush()
    journal.append(entry(call="kept"))
    journal.save_counters([(KEY, int(NOON), 3.0)])
    journal.keep()
    journal.append(entry(call="buffered"))
    abandon(journal)
    again = Journal(path, StillTime())
    assert calls_in(path) == ["flushed", "kept"]
    assert again.load_counters() == [(KEY, int(NOON), 3.0)]
    again.append(entry(call="next"))
    again.close()
    assert calls_in(path) == ["flushed", "kept", "next"]
    assert verify(path, None).is_whole


def test_rows_that_were_flushed_before_the_tail_was_cleared_are_not_taken_twice(path: Path) -> None:
    journal = Journal(path, StillTime())
    for call in ("a", "b"):
        journal.append(entry(call=call))
    journal.keep()
    left = path.with_name("journal.db.tail").read_bytes()
    journal.flush()
    journal.append(entry(call="c"))
    journal.keep()
    left += path.with_name("journal.db.tail").read_bytes()
    abandon(journal)
    path.with_name("journal.db.tail").write_bytes(left)
    Journal(path, StillTime()).close()
    assert calls_in(path) == ["a", "b", "c"]
    assert verify(path, None).is_whole


def test_rows_that_somebody_else_put_into_the_tail_are_not_taken_over(path: Path) -> None:
    journal = Journal(path, StillTime())
    journal.append(entry(call="ours"))
    journal.append(entry(call="edited"))
    journal.keep()
    abandon(journal)
    tail = path.with_name("journal.db.tail")
    tail.write_bytes(tail.read_bytes().replace(b'"edited"', b'"forged"'))
    Journal(path, StillTime()).close()
    assert calls_in(path) == ["ours"]
    assert verify(path, None).is_whole


def test_a_tail_that_cannot_be_written_keeps_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = Journal(path, StillTime())
    journal.append(entry(call="a"))
    journal.keep()
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", lambda descriptor, data: 3)
        journal.append(entry(call="b"))
        with pytest.raises(JournalUnwritable, match="tail cannot be written: No space left"):
            journal.keep()
    assert journal.append(entry(call="c")) == 2
    journal.keep()
    journal.close()
    assert calls_in(path) == ["a", "c"]
    assert verify(path, None).is_whole


def test_a_database_that_cannot_be_written_loses_nothing_that_was_kept_and_takes_nothing_new(path: Path) -> None:
    journal = Journal(path, StillTime())
    journal.append(entry(call="kept"))
    journal.keep()
    (pages,) = journal._connection.execute("PRAGMA page_count").fetchone()
    journal._connection.execute(f"PRAGMA max_page_count = {pages}")
    journal.append(entry(call="big", message="x" * 1_000_000))
    with pytest.raises(JournalUnwritable, match="full"):
        journal.flush()
    journal.append(entry(call="also big", message="y" * 1_000_000))
    with pytest.raises(JournalUnwritable, match="full"):
        journal.keep()
    journal._connection.execute("PRAGMA max_page_count = 1000000")
    journal.append(entry(call="small again"))
    journal.keep()
    assert calls_in(path) == ["kept", "small again"]
    journal.close()
    assert verify(path, None).is_whole


def test_a_journal_that_was_moved_away_takes_nothing_new(path: Path) -> None:
    journal = Journal(path, StillTime())
    journal._checkpoints.problem = "The log was moved away."
    journal.append(entry(call="a"))
    with pytest.raises(JournalUnwritable, match="moved away"):
        journal.keep()
    journal._checkpoints.problem = None
    journal.close()
    assert calls_in(path) == []


def test_the_tail_never_gets_far_ahead(path: Path) -> None:
    journal = Journal(path, StillTime())
    for number in range(MOST_AHEAD + 1):
        journal.append(entry(call=str(number)))
        journal.keep()
    assert journal.head.seq == MOST_AHEAD + 1
    journal.close()
