"""Questions that an engine left open when it was killed."""

from pathlib import Path

from approver.clock import SystemClock
from approver.journal.reader import Reader
from approver.journal.records import Filters
from approver.journal.unfinished import MESSAGE, unfinished
from approver.journal.writer import Journal
from approver.model import Entry, EntryKind, Outcome


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


def test_no_journal_has_no_open_questions(tmp_path: Path) -> None:
    assert unfinished(tmp_path / "journal.db", SystemClock()) == []


def test_an_unreadable_journal_is_left_to_its_writer(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    path.write_bytes(b"this is no database at all, however long it may be" * 100)
    assert unfinished(path, SystemClock()) == []
