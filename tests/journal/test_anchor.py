"""The head that is remembered outside of the journal, and what happens where it cannot be."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from eventually import eventually
from sample_entries import entry, write
from still_time import StillTime

from approver.journal.anchor import AnchorKeeper
from approver.journal.chain import Head
from approver.journal.reader import Reader
from approver.journal.verify import verify
from approver.journal.writer import Journal, JournalUnwritable


class Memory:
    """An anchor that is a variable."""

    def __init__(self, head: Head | None = None) -> None:
        self.head = head
        self.stored: list[Head] = []
        self.refuses = False
        self.fails = False

    def load(self) -> Head | None:
        if self.fails:
            raise RuntimeError("the keyring is on fire")
        return self.head

    def store(self, head: Head, /) -> bool:
        if self.refuses:
            return False
        self.head = head
        self.stored.append(head)
        return True


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    journal = Journal(path, StillTime())
    yield journal
    journal.close()


def flush_one(journal: Journal) -> None:
    journal.append(entry())
    journal.flush()


def test_each_flush_moves_the_anchor_soon(journal: Journal) -> None:
    anchor = Memory()
    keeper = AnchorKeeper(anchor, journal, pause=0)
    for _ in range(3):
        flush_one(journal)
        eventually(lambda: anchor.head == journal.head, "the head is anchored")
    keeper.close()
    assert len(anchor.stored) == 3
    assert (keeper.problem, keeper.difference) == (None, None)


def test_heads_that_come_too_fast_are_left_out_but_the_last(journal: Journal) -> None:
    anchor = Memory()
    keeper = AnchorKeeper(anchor, journal, pause=3600)
    flush_one(journal)
    eventually(lambda: anchor.stored, "the first head is anchored")
    for _ in range(5):
        flush_one(journal)
    assert len(anchor.stored) == 1
    keeper.close()
    assert [head.seq for head in anchor.stored] == [1, 6]


def test_a_journal_that_nothing_was_written_to_moves_nothing(journal: Journal) -> None:
    anchor = Memory()
    AnchorKeeper(anchor, journal, pause=0).close()
    assert anchor.stored == []


def test_the_disk_is_in_step_before_the_anchor_moves(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    anchor = Memory()
    monkeypatch.setattr(journal, "make_durable", lambda: steps.append("disk"))
    monkeypatch.setattr(anchor, "store", lambda _: steps.append("anchor") or True)
    keeper = AnchorKeeper(anchor, journal, pause=0)
    flush_one(journal)
    keeper.close()
    assert steps == ["disk", "anchor"]


def test_the_last_run_s_head_is_compared_before_it_is_replaced(path: Path) -> None:
    write(path, entry(), entry())
    before = verify(path, None).head
    journal = Journal(path, StillTime())
    anchor = Memory(before)
    keeper = AnchorKeeper(anchor, journal, pause=0)
    flush_one(journal)
    eventually(lambda: keeper._remembered, "the last run's head is read")
    flush_one(journal)
    keeper.close()
    journal.close()
    assert keeper.difference is None
    assert anchor.head == journal.head == Head(4, verify(path, None).head.digest)


def test_a_log_that_was_cut_off_meanwhile_stays_on_record(path: Path) -> None:
    write(path, entry())
    journal = Journal(path, StillTime())
    anchor = Memory(Head(9, "0" * 64))
    keeper = AnchorKeeper(anchor, journal, pause=0)
    flush_one(journal)
    eventually(lambda: keeper._remembered, "the last run's head is read")
    assert anchor.stored == []
    flush_one(journal)
    flush_one(journal)
    keeper.close()
    journal.close()
    assert keeper.difference == "The log had reached row 9 before, and now ends at row 3."
    with Reader(path) as reader:
        (row,) = reader.notices(5)
    assert row.entry.message == keeper.difference
    result = verify(path, anchor.head)
    assert [problem.row for problem in result.problems] == [row.seq]
    assert keeper.difference in result.problems[0].what


def test_a_keyring_that_opens_late_is_still_compared_first(journal: Journal) -> None:
    anchor = Memory()
    anchor.refuses = True
    keeper = AnchorKeeper(anchor, journal, pause=0)
    flush_one(journal)
    eventually(lambda: keeper.problem, "the problem is noticed")
    anchor.head, anchor.refuses = Head(9, "0" * 64), False
    flush_one(journal)
    eventually(lambda: keeper._remembered, "the head is read after all")
    assert anchor.stored == []
    flush_one(journal)
    eventually(lambda: anchor.stored, "the head is anchored")
    assert keeper.difference is not None
    keeper.close()


def test_a_journal_that_cannot_be_compared_is_compared_later_and_not_vouched_for(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    anchor = Memory(Head(9, "0" * 64))
    keeper = AnchorKeeper(anchor, journal, pause=0)
    flush_one(journal)
    eventually(lambda: keeper._remembered, "the last run's head is read")

    def unreadable(_: Head) -> str | None:
        raise JournalUnwritable("the disk does not give it back")

    with monkeypatch.context() as patch:
        patch.setattr(journal, "reconcile", unreadable)
        flush_one(journal)
    assert keeper.problem is not None
    assert keeper.problem.endswith("the disk does not give it back")
    flush_one(journal)
    eventually(lambda: anchor.stored, "the head is anchored")
    assert keeper.difference is not None
    keeper.close()


def test_where_there_is_no_keyring_that_is_said_once(journal: Journal, caplog: pytest.LogCaptureFixture) -> None:
    anchor = Memory()
    anchor.refuses = True
    keeper = AnchorKeeper(anchor, journal, pause=0)
    flush_one(journal)
    eventually(lambda: keeper.problem, "the problem is noticed")
    flush_one(journal)
    keeper.close()
    assert keeper.problem == "The end of the log cannot be anchored: there is no keyring to keep it in."
    assert [record.message for record in caplog.records] == [keeper.problem]


def test_a_keyring_that_fails_is_tried_again(journal: Journal) -> None:
    anchor = Memory()
    anchor.fails = True
    keeper = AnchorKeeper(anchor, journal, pause=0)
    flush_one(journal)
    eventually(lambda: keeper.problem, "the problem is noticed")
    assert keeper.problem == "The end of the log cannot be anchored: the keyring is on fire"
    anchor.fails = False
    flush_one(journal)
    keeper.close()
    assert anchor.head == journal.head
    assert keeper.problem is None


def test_a_keyring_that_never_answers_does_not_keep_approver_from_ending(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    anchor, answers = Memory(), threading.Event()
    monkeypatch.setattr(anchor, "load", answers.wait)
    keeper = AnchorKeeper(anchor, journal, pause=0)
    flush_one(journal)
    keeper.close(patience=0.05)
    assert keeper._thread.is_alive()
    answers.set()
    keeper._thread.join()
