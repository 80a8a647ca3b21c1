"""Writing the journal: what is kept, in which order, and that a failure keeps nothing and breaks nothing."""

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from eventually import eventually
from hypothesis import given
from hypothesis import strategies as st
from sample_entries import entry, notice, write
from still_time import NOON, StillTime

from approver.journal import writer
from approver.journal.chain import START, Head
from approver.journal.reader import Reader
from approver.journal.verify import verify
from approver.journal.writer import Journal, JournalUnwritable
from approver.model import CounterKey, EntryKind

KEY = CounterKey("files", "local", "/tools/write", "calls", "minute")
OTHER_KEY = CounterKey("files", "", "/all_tools", "spend", "day")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    journal = Journal(path, StillTime())
    yield journal
    journal.close()


def calls_in(path: Path) -> list[str]:
    """The calls of all rows, the oldest first."""
    with Reader(path) as reader:
        return [row.entry.call for row in reversed(reader.entries(10_000))]


def python(script: str, *arguments: Path | str, **options: Any) -> subprocess.Popen[str]:
    """Start a process of its own that runs a script on the tests' modules."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", textwrap.dedent(script), *map(str, arguments)]
    return subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8", **options
    )


# -- what is kept ------------------------------------------------------------------------------------------------------


def test_rows_are_kept_by_flush_and_not_before(journal: Journal, path: Path) -> None:
    assert [journal.append(entry(call=call)) for call in ("a", "b")] == [1, 2]
    assert journal.head == START
    assert calls_in(path) == []
    journal.flush()
    assert journal.head.seq == 2
    assert calls_in(path) == ["a", "b"]


def test_a_row_comes_back_as_it_was_written(journal: Journal, path: Path) -> None:
    written = entry(
        at=1_795_341_600.123456, waited=4.25, latency=0.000017, shown="f00d", detail='{"pid":5}', message="é\0\u202e😀"
    )
    journal.append(written)
    journal.flush()
    with Reader(path) as reader:
        (row,) = reader.entries(5)
    assert row.entry == written
    assert (row.seq, row.chain) == journal.head


def test_lone_surrogates_do_not_keep_a_row_from_being_written(journal: Journal, path: Path) -> None:
    journal.append(entry(client="bad\ud800name"))
    journal.flush()
    with Reader(path) as reader:
        assert reader.entries(1)[0].entry.client == "bad\\ud800name"
    assert verify(path, journal.head).is_whole


def test_the_file_is_for_its_owner_only_and_so_are_its_companions(journal: Journal, path: Path) -> None:
    journal.append(entry())
    journal.flush()
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    companions = ("", "-wal", "-shm", ".tail")
    assert modes == {f"journal.db{ending}": 0o600 for ending in companions}


def test_a_file_that_others_could_read_is_closed_to_them(path: Path) -> None:
    write(path, entry())
    path.chmod(0o644)
    write(path, entry())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_chain_goes_on_where_the_last_run_ended(path: Path) -> None:
    write(path, entry(call="a"))
    write(path, entry(call="b"), notice())
    result = verify(path, None)
    assert result.is_whole
    assert result.rows == 3


def test_a_flush_of_nothing_does_nothing(journal: Journal) -> None:
    flushes: list[int] = []
    journal.on_flush = lambda: flushes.append(journal.head.seq)
    journal.save_counters([])
    journal.flush()
    journal.append(entry())
    journal.flush()
    journal.flush()
    assert flushes == [1]


def test_closing_flushes(path: Path) -> None:
    write(path, entry(call="last"))
    assert calls_in(path) == ["last"]


def test_a_durable_flush_waits_for_the_disk_and_the_next_does_not(journal: Journal, path: Path) -> None:
    statements: list[str] = []
    journal._connection.set_trace_callback(statements.append)
    journal.append(entry(call="a"))
    journal.flush(durable=True)
    assert statements[0] == "PRAGMA synchronous = FULL"
    assert statements[-2:] == ["COMMIT", "PRAGMA synchronous = NORMAL"]
    statements.clear()
    journal.append(entry(call="b"))
    journal.flush()
    assert not [statement for statement in statements if "synchronous" in statement]
    assert calls_in(path) == ["a", "b"]


def test_make_durable_may_come_from_another_thread_and_after_the_end(path: Path) -> None:
    journal = Journal(path, StillTime())
    journal.append(entry())
    journal.flush()
    thread = threading.Thread(target=journal.make_durable)
    thread.start()
    thread.join()
    journal.close()
    journal.make_durable()
    assert verify(path, None).rows == 1


def test_more_facets_than_are_remembered_are_written_all_the_same(
    journal: Journal, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "_FACETS_REMEMBERED", 2)
    for tool in "abcab":
        journal.append(entry(call=tool, tool=tool))
    journal.flush()
    with Reader(path) as reader:
        assert reader.values("tool") == ["a", "b", "c"]
    assert verify(path, None).is_whole


TEXTS = st.text(st.characters(codec=None, exclude_categories=()), max_size=20)


@given(st.lists(st.tuples(st.sampled_from(EntryKind), TEXTS, TEXTS, st.floats(0, 4e9), st.booleans()), max_size=30))
def test_whatever_is_written_verifies(tmp_path_factory: pytest.TempPathFactory, rows: list[Any]) -> None:
    path = tmp_path_factory.mktemp("journal") / "journal.db"
    journal = Journal(path, StillTime())
    for kind, text, other, at, flushed in rows:
        journal.append(entry(kind, text, at=at, tool=other, message=text, rule=other))
        if flushed:
            journal.flush()
    journal.close()
    result = verify(path, journal.head)
    assert (result.problems, result.rows) == ((), len(rows))


# -- counters ----------------------------------------------------------------------------------------------------------


def test_counters_survive(path: Path) -> None:
    start = int(NOON)
    journal = Journal(path, StillTime())
    assert journal.load_counters() == []
    journal.save_counters([(KEY, start, 1.0), (OTHER_KEY, start, 0.1)])
    journal.save_counters([(KEY, start, 2.0), (KEY, start - 60, 7.0)])
    journal.close()
    journal = Journal(path, StillTime())
    assert sorted(journal.load_counters(), key=lambda row: row[2]) == [
        (OTHER_KEY, start, 0.1),
        (KEY, start, 2.0),
        (KEY, start - 60, 7.0),
    ]
    journal.close()


def test_counters_of_windows_long_past_are_forgotten(path: Path) -> None:
    time = StillTime()
    journal = Journal(path, time)
    start = int(NOON)
    journal.save_counters([(KEY, start, 1.0)])
    journal.flush()
    time.advance(2 * 86400 + 60)
    journal.save_counters([(KEY, start + 2 * 86400, 2.0)])
    journal.flush()
    assert journal.load_counters() == [(KEY, start + 2 * 86400, 2.0)]
    time.advance(60)
    journal.save_counters([(KEY, start + 2 * 86400, 3.0)])
    journal.flush()
    assert journal.load_counters() == [(KEY, start + 2 * 86400, 3.0)]
    journal.close()


# -- failures ----------------------------------------------------------------------------------------------------------


def fill(journal: Journal) -> None:
    """Leave the database no room to grow."""
    (pages,) = journal._connection.execute("PRAGMA page_count").fetchone()
    journal._connection.execute(f"PRAGMA max_page_count = {pages}")


def make_room(journal: Journal) -> None:
    journal._connection.execute("PRAGMA max_page_count = 1000000")


def test_a_full_disk_keeps_nothing_of_the_flush_and_breaks_nothing(journal: Journal, path: Path) -> None:
    journal.append(entry(call="a"))
    journal.flush()
    head = journal.head
    fill(journal)
    for durable in (False, True):
        journal.append(entry(call="b", tool="another"))
        journal.append(entry(call="c", arguments="x" * 100_000))
        with pytest.raises(JournalUnwritable, match=r"journal.db: The disk is full. Make room on it"):
            journal.flush(durable=durable)
        assert journal.head == head
    assert calls_in(path) == ["a"]
    journal.flush()
    make_room(journal)
    assert journal.append(entry(call="d", tool="another")) == 2
    journal.flush()
    assert calls_in(path) == ["a", "d"]
    assert verify(path, journal.head).is_whole


def test_counters_of_a_flush_that_failed_are_written_by_the_next(journal: Journal) -> None:
    start = int(NOON)
    fill(journal)
    journal.save_counters([(KEY, start, 1.0)])
    journal.append(entry(arguments="x" * 100_000))
    with pytest.raises(JournalUnwritable):
        journal.flush()
    make_room(journal)
    assert journal.load_counters() == []
    journal.flush()
    assert journal.load_counters() == [(KEY, start, 1.0)]


def test_a_number_too_large_for_the_database_is_a_failed_flush(journal: Journal) -> None:
    journal.append(entry(latency=1e300))
    with pytest.raises(JournalUnwritable, match="too large"):
        journal.flush()
    journal.append(entry())
    journal.flush()
    assert journal.head.seq == 1


def test_what_is_no_number_is_refused_before_it_is_numbered(journal: Journal) -> None:
    with pytest.raises(ValueError, match="NaN"):
        journal.append(entry(at=float("nan")))
    assert journal.append(entry()) == 1


def test_an_interrupted_flush_is_taken_back(journal: Journal, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    journal.append(entry(call="a"))
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(journal, "_facet", interrupted)
        journal.flush()
    journal.append(entry(call="b"))
    journal.flush()
    assert calls_in(path) == ["b"]
    assert verify(path, journal.head).is_whole


def test_a_disk_that_takes_no_more_denies_and_goes_on_when_there_is_room(tmp_path: Path) -> None:
    """With the system's own limit: writing fails within the write-ahead log, in the middle of a row."""
    script = """
        import resource, sys
        from pathlib import Path
        from sample_entries import entry
        from still_time import StillTime
        from approver.journal.writer import Journal, JournalUnwritable

        path = Path(sys.argv[1])
        journal = Journal(path, StillTime())
        journal.append(entry(call="before"))
        journal.flush()
        _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
        size = Path(f"{path}-wal").stat().st_size
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 30_000, most))
        failures = 0
        for number in range(20):
            journal.append(entry(call=f"during {number}", arguments="x" * 5000))
            try:
                journal.flush()
            except JournalUnwritable as fault:
                failures, said = failures + 1, str(fault)
        print(failures, said, flush=True)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        journal.append(entry(call="after"))
        journal.flush()
        print(*journal.head, flush=True)
        journal.close()
    """
    process = python(script, tmp_path / "journal.db")
    output, _ = process.communicate()
    said, end = output.splitlines()
    failures, _, reason = said.partition(" ")
    assert "The disk does not take it" in reason or "The disk is full" in reason
    seq, digest = end.split()
    assert 15 < int(failures) < 20
    assert int(seq) == 22 - int(failures)
    assert calls_in(tmp_path / "journal.db")[-1] == "after"
    assert verify(tmp_path / "journal.db", Head(int(seq), digest)).is_whole


def test_a_journal_that_was_moved_away_is_no_longer_written_to(journal: Journal, path: Path) -> None:
    journal._checkpoints._pause = 0
    path.rename(path.with_name("moved.db"))
    journal.append(entry())
    journal.flush()
    eventually(lambda: journal._checkpoints.problem, "the loss is noticed")
    journal.append(entry())
    with pytest.raises(JournalUnwritable, match=r"was moved or removed .* Restart Approver"):
        journal.flush()
    path.with_name("moved.db").rename(path)


def test_a_second_writer_is_found_out(journal: Journal, path: Path) -> None:
    """The engine's lock keeps it out; if it comes all the same, no row of one replaces a row of the other."""
    second = Journal(path, StillTime())
    second.append(entry(call="second"))
    second.close()
    journal.append(entry(call="first"))
    with pytest.raises(JournalUnwritable, match="Somebody else writes to it"):
        journal.flush()
    assert calls_in(path) == ["second"]
    assert verify(path, None).is_whole


def test_closing_a_journal_that_cannot_be_written_closes_it(path: Path) -> None:
    journal = Journal(path, StillTime())
    fill(journal)
    journal.append(entry(arguments="x" * 100_000))
    with pytest.raises(JournalUnwritable):
        journal.close()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        journal._connection.execute("SELECT 1")


# -- files that cannot be used -----------------------------------------------------------------------------------------


def test_a_file_that_is_no_database_is_refused_and_left_alone(path: Path) -> None:
    path.write_bytes(b"not a database at all, but long enough to be looked at" * 100)
    before = path.read_bytes()
    with pytest.raises(JournalUnwritable, match="is not a database. Move it away"):
        Journal(path, StillTime())
    assert path.read_bytes() == before


def test_a_newer_file_is_refused(path: Path) -> None:
    write(path, entry())
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(JournalUnwritable, match="newer version"):
        Journal(path, StillTime())


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(JournalUnwritable, match="nowhere"):
        Journal(tmp_path / "nowhere" / "journal.db", StillTime())


def test_a_place_without_a_write_ahead_log_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda _, **options: connect(":memory:", **options))
    with pytest.raises(JournalUnwritable, match="local disk"):
        Journal(path, StillTime())


# -- the anchor's side -------------------------------------------------------------------------------------------------


def test_a_journal_that_holds_what_is_anchored_says_nothing(journal: Journal) -> None:
    journal.append(entry())
    journal.flush()
    head = journal.head
    journal.append(entry())
    journal.flush()
    assert journal.reconcile(head) is None
    assert journal.reconcile(journal.head) is None
    assert journal.append(entry()) == 3


@pytest.mark.parametrize(
    ("anchored", "said"),
    [
        (Head(9, "0" * 64), "The log had reached row 9 before, and now ends at row 1."),
        (Head(1, "0" * 64), "Row 1 of the log is another than the one that was written."),
    ],
)
def test_a_journal_that_lost_what_is_anchored_puts_it_on_record(
    journal: Journal, path: Path, anchored: Head, said: str
) -> None:
    journal.append(entry())
    journal.flush()
    assert journal.reconcile(anchored) == said
    journal.flush()
    with Reader(path) as reader:
        (row,) = reader.notices(5)
    assert (row.entry.outcome, row.entry.message) == ("log_altered", said)


# -- other processes ---------------------------------------------------------------------------------------------------

READER = """
    import sys
    from pathlib import Path
    from approver.journal.reader import Reader
    from approver.journal.records import Filters

    with Reader(Path(sys.argv[1])) as reader:
        with reader.snapshot():
            print(len(reader.calls(Filters(), 100_000)), flush=True)
            sys.stdin.readline()
            print(len(reader.calls(Filters(), 100_000)), flush=True)
        print(len(reader.calls(Filters(), 100_000)), flush=True)
"""


def test_a_process_that_reads_for_long_holds_up_neither_writer_nor_checkpoints(journal: Journal, path: Path) -> None:
    journal.append(entry(call="first"))
    journal.flush()
    process = python(READER, path)
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stdout.readline() == "1\n"
    journal._connection.execute("PRAGMA busy_timeout = 1000")  # to wait for the reader would now be a failure
    copier = sqlite3.connect(path, timeout=0, isolation_level=None)
    for number in range(3000):
        journal.append(entry(call=f"call {number}"))
        journal.flush()
        if number % 500 == 0:
            journal._checkpoints.copy(copier)
    copier.close()
    output, _ = process.communicate("\n")
    assert output.split() == ["1", "3001"]
    assert process.returncode == 0


def test_killing_the_writer_loses_nothing_that_was_flushed(tmp_path: Path) -> None:
    script = """
        import itertools, sys
        from pathlib import Path
        from sample_entries import entry
        from still_time import StillTime
        from approver.journal.writer import Journal

        journal = Journal(Path(sys.argv[1]), StillTime())
        for number in itertools.count():
            for part in "abc":
                journal.append(entry(call=f"{number}{part}"))
            journal.flush()
            print(*journal.head, flush=True)
    """
    path = tmp_path / "journal.db"
    process = python(script, path)
    assert process.stdout is not None
    for _ in range(1500):
        line = process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    line = (process.communicate()[0].splitlines(keepends=True) or [line])[-1]
    seq, digest = line.split()
    anchored = Head(int(seq), digest)
    result = verify(path, anchored)
    assert result.is_whole
    assert result.rows >= anchored.seq >= 4500
    assert result.rows % 3 == 0  # no half of a flush
    write(path, entry(call="after"))
    assert verify(path, anchored).is_whole
    assert calls_in(path)[-1] == "after"
