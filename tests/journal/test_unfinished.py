"""What an engine left open when it was killed: questions, and calls that were with their servers."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from still_time import StillTime

from approver.clock import SystemClock
from approver.journal.reader import Reader
from approver.journal.records import Filters
from approver.journal.unfinished import MESSAGE, STARTED, STOPPED, UNKNOWN, Left, left, unfinished
from approver.journal.verify import verify
from approver.journal.writer import Journal
from approver.model import KEPT_RESULT, CounterKey, Entry, EntryKind, Outcome, Result


def write(path: Path, *entries: Entry) -> None:
    journal = Journal(path, SystemClock())
    for entry in entries:
        journal.append(entry)
    journal.close()


def entry(kind: EntryKind, call: str, outcome: str) -> Entry:
    return Entry(at=1.0, kind=kind, call=call, server="s", tool="t", client="c", rule="r", outcome=outcome)


def test_a_call_that_was_held_gets_its_ending_once(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    write(
        path,
        entry(EntryKind.ASKED, "held", "asked"),
        entry(EntryKind.ASKED, "answered", "asked"),
        entry(EntryKind.DECISION, "answered", Outcome.APPROVED.value),
        entry(EntryKind.OUTCOME, "answered", Result.OK.value),
        entry(EntryKind.ASKED, "told pending", "asked"),
        entry(EntryKind.PENDING, "told pending", Outcome.PENDING.value),
    )
    missing = unfinished(path, SystemClock())
    assert [(one.call, one.outcome, one.by, one.message) for one in missing] == [
        ("held", "shut_down", "crash", MESSAGE)
    ]
    write(path, *missing)
    assert unfinished(path, SystemClock()) == []
    with Reader(path) as reader:
        (record,) = reader.calls(Filters(outcomes=(Outcome.SHUT_DOWN.value,)), 10)
    assert (record.id, record.tool, record.rule) == ("held", "t", "r")


def notice(word: str) -> Entry:
    return Entry(at=1.0, kind=EntryKind.NOTICE, outcome=word, message="Something happened.")


def test_of_a_call_that_was_with_its_server_the_log_says_once_that_its_end_is_not_known(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    write(
        path,
        notice(STARTED),
        entry(EntryKind.DECISION, "of a run before", Outcome.ALLOWED.value),
        notice(STARTED),
        entry(EntryKind.DECISION, "allowed", Outcome.ALLOWED.value),
        entry(EntryKind.DECISION, "answered", Outcome.ALLOWED.value),
        entry(EntryKind.OUTCOME, "answered", Result.OK.value),
        entry(EntryKind.ASKED, "approved", "asked"),
        entry(EntryKind.DECISION, "approved", Outcome.APPROVED.value),
        entry(EntryKind.DECISION, "denied", Outcome.DENIED_BY_POLICY.value),
        replace(entry(EntryKind.DECISION, "a repeat", Outcome.APPROVED.value), by=KEPT_RESULT),
        notice("panic"),
    )
    missing = unfinished(path, SystemClock())
    assert [(one.call, one.kind, one.outcome, one.message, one.by) for one in missing] == [
        ("allowed", EntryKind.OUTCOME, "unknown", UNKNOWN, "crash"),
        ("approved", EntryKind.OUTCOME, "unknown", UNKNOWN, "crash"),
    ]
    write(path, *missing, notice(STARTED))
    assert unfinished(path, SystemClock()) == []
    with Reader(path) as reader:
        results = {record.id: record.result for record in reader.calls(Filters(), 10)}
    assert results == {
        "of a run before": None,
        "allowed": "unknown",
        "answered": "ok",
        "approved": "unknown",
        "denied": None,
        "a repeat": None,
    }
    assert verify(path, None).is_whole


def test_a_run_that_was_closed_left_nothing_open(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    write(path, notice(STARTED), entry(EntryKind.DECISION, "a", Outcome.ALLOWED.value), notice(STOPPED))
    assert unfinished(path, SystemClock()) == []


def test_what_is_only_in_the_tail_is_found_and_counts_stay_drawn(tmp_path: Path) -> None:
    key = CounterKey("s", "local", "/tools/t", "calls", "minute")
    running = Journal(tmp_path / "journal.db", SystemClock())
    running.append(notice(STARTED))
    running.append(entry(EntryKind.DECISION, "kept only", Outcome.ALLOWED.value))
    running.save_counters([(key, 60, 1.0)])
    running.keep()
    path = Path(shutil.copytree(tmp_path, tmp_path / "as it is when killed")) / "journal.db"
    running.close()
    journal = Journal(path, StillTime(now=61.0))
    (missing,) = unfinished(path, SystemClock())
    assert missing.call == "kept only"
    journal.append(missing)
    journal.flush()
    assert journal.head.seq == 3
    assert journal.load_counters() == [(key, 60, 1.0)]
    journal.close()


def test_however_long_the_log_is_only_its_last_run_is_looked_at(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    before = (entry(EntryKind.DECISION, f"old {number}", Outcome.ALLOWED.value) for number in range(3000))
    write(path, notice(STARTED), *before, notice(STARTED), entry(EntryKind.DECISION, "new", Outcome.ALLOWED.value))
    steps = []
    with Reader(path) as reader:
        reader._connection.set_progress_handler(lambda: steps.append(1) and None, 100)
        (found,) = reader.without_outcome(STARTED, STOPPED)
    assert found.entry.call == "new"
    assert len(steps) < 5, "a look at every row takes some hundred"


def test_no_journal_has_no_open_questions(tmp_path: Path) -> None:
    assert unfinished(tmp_path / "journal.db", SystemClock()) == []


def test_an_unreadable_journal_is_left_to_its_writer(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    path.write_bytes(b"this is no database at all, however long it may be" * 100)
    assert unfinished(path, SystemClock()) == []


DENIES, JUDGES = '{"denies": true, "until": null}', '{"denies": false, "until": null}'


@pytest.mark.parametrize(
    ("notices", "expected"),
    [
        ([], Left()),
        ([("panic", DENIES), (STARTED, "")], Left(True)),
        ([("panic", '{"denies": true, "until": 7.5}')], Left(True, 7.5)),
        ([("paused", DENIES)], Left(True)),
        ([("panic", DENIES), ("resumed", JUDGES)], Left()),
        ([("panic", DENIES), ("resumed", DENIES)], Left(True)),
        ([("panic", DENIES), (STOPPED, "")], Left()),
        ([("panic", "")], Left()),
        ([("panic", "[1]")], Left()),
        ([("panic", "{")], Left()),
    ],
)
def test_whether_everything_was_denied_stands_in_the_last_notice_about_it(
    tmp_path: Path, notices: list[tuple[str, str]], expected: Left
) -> None:
    path = tmp_path / "journal.db"
    write(path, *(replace(notice(word), detail=detail) for word, detail in notices))
    assert left(path, SystemClock()) == expected


def test_where_there_is_no_journal_nothing_was_denied(tmp_path: Path) -> None:
    assert left(tmp_path / "journal.db", SystemClock()) == Left()
