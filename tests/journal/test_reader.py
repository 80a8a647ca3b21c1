"""Reading records: how rows become calls, paging, and files that cannot be read."""

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sample_entries import entry, notice, write
from still_time import NOON, StillTime

from approver.journal.reader import JournalUnreadable, Reader, ReadTooSlow
from approver.journal.records import Answered, Filters, Tally
from approver.journal.writer import Journal
from approver.model import EntryKind, Outcome

ALL = Filters()
ASKED, PENDING, DECISION, OUTCOME, REFUSED = (
    EntryKind.ASKED,
    EntryKind.PENDING,
    EntryKind.DECISION,
    EntryKind.OUTCOME,
    EntryKind.REFUSED,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@pytest.fixture
def reader(path: Path) -> Iterator[Reader]:
    write(path)
    with Reader(path) as reader:
        yield reader


def tamper(path: Path, *statements: str) -> None:
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


# -- calls -------------------------------------------------------------------------------------------------------------


def test_a_call_is_its_decision_joined_with_what_became_of_it(reader: Reader, path: Path) -> None:
    write(
        path,
        entry(ASKED, rule="/r", message="why"),
        entry(
            DECISION,
            at=NOON + 4,
            rule="/r",
            outcome=Outcome.APPROVED.value,
            by="window",
            waited=4.0,
            shown="f00d",
            detail='{"pid":5}',
            message="go on",
        ),
        entry(OUTCOME, at=NOON + 5, latency=0.5),
    )
    (record,) = reader.calls(ALL, 10)
    assert (record.id, record.seq, record.at, record.kind) == ("c1", 2, NOON + 4, DECISION)
    assert (record.client, record.grant, record.server, record.tool) == ("Tester", "local", "files", "write")
    assert (record.arguments, record.digest, record.session) == ('{"path":"/tmp/x"}', "d" * 64, "s1")
    assert (record.rule, record.outcome, record.message) == ("/r", "approved", "go on")
    assert (record.by, record.waited, record.shown, record.detail) == ("window", 4.0, "f00d", '{"pid":5}')
    assert (record.result, record.latency) == ("ok", 0.5)


@pytest.mark.parametrize(
    ("rows", "outcome", "kind", "result"),
    [
        ([entry(ASKED)], "pending", ASKED, None),
        ([entry(ASKED), entry(PENDING)], "pending", PENDING, None),
        ([entry(ASKED), entry(PENDING), entry(PENDING, outcome="approved")], "approved", PENDING, None),
        ([entry(ASKED), entry(PENDING), entry(DECISION, outcome="expired")], "expired", DECISION, None),
        ([entry(DECISION)], "allowed", DECISION, None),
        ([entry(DECISION), entry(OUTCOME, outcome="unreachable")], "allowed", DECISION, "unreachable"),
        ([entry(DECISION), entry(OUTCOME), entry(OUTCOME, outcome="cancelled")], "allowed", DECISION, "cancelled"),
        ([entry(REFUSED, "", outcome="refused")], "refused", REFUSED, None),
    ],
)
def test_a_call_is_shown_in_its_newest_state(
    reader: Reader, path: Path, rows: list[object], outcome: str, kind: EntryKind, result: str | None
) -> None:
    write(path, *rows)  # type: ignore[arg-type]  # entries, all of them
    (record,) = reader.calls(ALL, 10)
    assert (record.outcome, record.kind, record.result) == (outcome, kind, result)


def test_refused_input_has_no_call_and_is_never_taken_for_the_same(reader: Reader, path: Path) -> None:
    write(path, entry(REFUSED, "", outcome="refused"), entry(REFUSED, "", outcome="refused"), entry(OUTCOME, ""))
    assert [(record.id, record.result) for record in reader.calls(ALL, 10)] == [("", None), ("", None)]


def test_calls_come_newest_first_and_in_pages(reader: Reader, path: Path) -> None:
    write(path, *(entry(call=f"c{number}") for number in range(7)), notice())
    first = reader.calls(ALL, 3)
    second = reader.calls(ALL, 3, before=first[-1].seq)
    third = reader.calls(ALL, 3, before=second[-1].seq)
    assert [record.id for record in (*first, *second, *third)] == ["c6", "c5", "c4", "c3", "c2", "c1", "c0"]
    assert reader.calls(ALL, 3, before=third[-1].seq) == []


@pytest.mark.parametrize("limit", [None, 1, 500, 501, 2000])
def test_every_call_goes_through_all_pages(reader: Reader, path: Path, limit: int | None) -> None:
    write(path, *(entry(call=f"c{number}") for number in range(1200)))
    found = [record.seq for record in reader.every_call(ALL, limit)]
    assert found == list(range(1200, max(0, 1200 - (limit or 1200)), -1))
    assert [record.seq for record in reader.every_call(ALL, limit, before=3)] == [2, 1][:limit]


def test_many_calls_in_one_page(reader: Reader, path: Path) -> None:
    write(path, *(entry(call=f"c{number}") for number in range(1200)))
    assert len(reader.calls(ALL, 10_000)) == 1200


# -- rows, notices, values ---------------------------------------------------------------------------------------------


def test_rows_of_every_kind_can_be_read_or_those_of_one_call(reader: Reader, path: Path) -> None:
    write(path, entry(ASKED, "a"), entry(DECISION, "b"), notice(), entry(DECISION, "a"), entry(OUTCOME, "a"))
    assert [(row.seq, row.entry.kind) for row in reader.entries(2)] == [(5, OUTCOME), (4, DECISION)]
    assert [row.seq for row in reader.entries(2, before=4)] == [3, 2]
    assert [row.seq for row in reader.entries(10, call="a")] == [5, 4, 1]
    assert [row.entry.message for row in reader.notices(10)] == ["Approver started."]
    assert reader.notices(10, before=3) == []


def test_what_occurs_can_be_listed(reader: Reader, path: Path) -> None:
    write(path, entry(call="a", tool="z"), entry(call="b", tool="a"), entry(ASKED, "c", tool="a"), notice())
    assert reader.values("tool") == ["a", "z"]
    assert reader.values("outcome") == ["allowed", "pending"]


# -- beside the writer -------------------------------------------------------------------------------------------------


def test_calls_are_counted_by_outcome_and_piece_of_time(reader: Reader, path: Path) -> None:
    write(
        path,
        entry(call="a", at=NOON - 1),
        entry(EntryKind.ASKED, call="b", at=NOON),
        entry(call="b", at=NOON + 10, outcome="approved"),
        entry(call="c", at=NOON + 3599, outcome="approved"),
        entry(EntryKind.OUTCOME, call="c", at=NOON + 3600),
        entry(call="d", at=NOON + 7200),
        notice(at=NOON + 7200),
    )
    assert reader.tallies(NOON, 3600) == [Tally(0, "approved", 2), Tally(2, "allowed", 1)]
    assert reader.tallies(NOON + 90_000, 3600) == []


def test_a_reader_sees_what_was_flushed_since(reader: Reader, path: Path) -> None:
    assert reader.calls(ALL, 5) == []
    journal = Journal(path, StillTime())
    journal.append(entry())
    assert reader.calls(ALL, 5) == []
    journal.flush()
    assert len(reader.calls(ALL, 5)) == 1
    journal.close()


def test_within_a_snapshot_nothing_moves(reader: Reader, path: Path) -> None:
    write(path, entry(ASKED))
    with reader.snapshot():
        (asked,) = reader.calls(ALL, 5)
        write(path, entry(DECISION))
        assert reader.calls(ALL, 5) == [asked]
    (decided,) = reader.calls(ALL, 5)
    assert decided.kind is DECISION


def test_a_reader_cannot_write(reader: Reader) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader._connection.execute("DELETE FROM entries")


# -- what takes too long -----------------------------------------------------------------------------------------------


def rows_to_search(path: Path) -> None:
    write(path, *(entry(call=f"c{number}", arguments="x" * 2000) for number in range(3000)))


def test_reading_that_takes_too_long_is_given_up(path: Path) -> None:
    class Hurried(StillTime):
        def monotonic(self) -> float:
            self.advance(1.0)
            return super().monotonic()

    rows_to_search(path)
    with Reader(path, patience=0.5, clock=Hurried()) as reader:
        with pytest.raises(ReadTooSlow, match=r"took too long and was given up. Ask for less of it."):
            reader.calls(Filters(search="needle"), 5)
        assert len(reader.calls(ALL, 1)) == 1


def test_reading_can_be_stopped_from_another_thread(path: Path) -> None:
    class Interrupting(StillTime):
        """Asked while a query runs, which is when the other thread strikes."""

        reader: Reader
        asked = 0

        def monotonic(self) -> float:
            self.asked += 1
            if self.asked == 2:
                thread = threading.Thread(target=self.reader.interrupt)
                thread.start()
                thread.join()
            return super().monotonic()

    rows_to_search(path)
    clock = Interrupting()
    with Reader(path, clock=clock) as reader:
        clock.reader = reader
        with pytest.raises(ReadTooSlow):
            reader.calls(Filters(search="needle"), 5)


# -- files that cannot be read -----------------------------------------------------------------------------------------


def test_a_log_that_is_not_there_yet_is_explained(path: Path) -> None:
    with pytest.raises(JournalUnreadable, match=r"There is no log at .*journal.db yet"):
        Reader(path)


def test_a_file_that_is_no_database_is_named(path: Path) -> None:
    path.write_bytes(b"not a database at all, but long enough to be looked at" * 100)
    with pytest.raises(JournalUnreadable, match=r"journal.db: It is not a database"):
        Reader(path)


def test_an_empty_file_says_that_nothing_was_written_yet(path: Path) -> None:
    path.touch()
    with pytest.raises(JournalUnreadable, match="nothing was written yet"):
        Reader(path)


def test_a_newer_log_is_refused(path: Path) -> None:
    write(path, entry())
    tamper(path, "PRAGMA user_version = 99")
    with pytest.raises(JournalUnreadable, match="newer version"):
        Reader(path)


def test_a_damaged_log_is_named(path: Path) -> None:
    write(path, *(entry(call=f"c{number}", arguments="x" * 500) for number in range(200)))
    content = bytearray(path.read_bytes())
    content[4096 * 5 :] = b"\xff" * (len(content) - 4096 * 5)
    path.write_bytes(content)
    with Reader(path) as reader, pytest.raises(JournalUnreadable, match=r"journal.db: It is damaged"):
        list(reader.every_call(ALL))


@pytest.mark.parametrize("change", ["\"at\" = 'noon'", "kind = 'decided'", "waited = 'long'", "chain = 'abc'"])
def test_a_row_that_was_made_nonsense_is_reported_and_not_shown(path: Path, change: str) -> None:
    write(path, entry())
    tamper(path, f"UPDATE entries SET {change}")
    with Reader(path) as reader, pytest.raises(JournalUnreadable, match="approver log verify"):
        reader.entries(5)


def test_text_that_was_made_invalid_is_read_and_can_be_seen_as_such(path: Path) -> None:
    write(path, entry())
    tamper(path, "UPDATE entries SET client = CAST(x'41ff42' AS TEXT)")
    with Reader(path) as reader:
        assert reader.calls(ALL, 5)[0].client == "A\udcffB"


def test_a_path_with_odd_characters_is_the_path(tmp_path: Path) -> None:
    path = tmp_path / "a?b#c%20 é" / "journal.db"
    path.parent.mkdir()
    write(path, entry())
    with Reader(path) as reader:
        assert len(reader.calls(ALL, 5)) == 1


# -- answers -----------------------------------------------------------------------------------------------------------


def test_what_people_answered_comes_the_newest_first_and_nothing_else_does(reader: Reader, path: Path) -> None:
    approved, denied = Outcome.APPROVED.value, Outcome.DENIED_BY_USER.value
    write(
        path,
        entry(call="old", at=NOON - 90_000, outcome=approved, by="window"),
        entry(call="a", tool="read", outcome=approved, by="window"),
        entry(ASKED, call="b"),
        entry(call="b", outcome=denied, by="terminal"),
        entry(call="c", outcome=Outcome.ALLOWED.value),
        entry(call="d", outcome=approved, by="remembered abcde"),
        entry(OUTCOME, call="a"),
    )
    assert reader.answers(NOON - 3600, 10) == [Answered("files", "write", False), Answered("files", "read", True)]
    assert reader.answers(NOON - 3600, 1) == [Answered("files", "write", False)]
    assert len(reader.answers(0, 10)) == 3
