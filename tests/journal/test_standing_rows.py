"""Decisions that stand, in the journal's file: they survive a restart, and the chain vouches for what they say."""

import sqlite3
from pathlib import Path

import pytest
from sample_entries import notice
from still_time import StillTime

from approver.journal.standing_rows import FORGOTTEN, MADE, OVER, VOID, ending
from approver.journal.writer import Journal, JournalUnwritable
from approver.standing_model import StandingState


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


def made(journal: Journal, name: str) -> StandingState:
    """Write a decision down, as `Remembering` does."""
    state = StandingState(name, journal.append(notice(outcome=MADE, detail=f'{{"id":"{name}"}}')))
    journal.save_standing([state])
    journal.flush(durable=True)
    return state


def reopened(path: Path) -> list[tuple[StandingState, str]]:
    journal = Journal(path, StillTime())
    try:
        return journal.load_standing()
    finally:
        journal.close()


def test_they_survive_a_restart_with_what_their_rows_say(path: Path) -> None:
    journal = Journal(path, StillTime())
    first, second = made(journal, "first"), made(journal, "second")
    used = StandingState("first", first.row, is_void=True, uses=3, last_used=12.5)
    journal.save_standing([used])
    journal.close()
    assert reopened(path) == [(used, '{"id":"first"}'), (second, '{"id":"second"}')]


def test_one_that_is_over_is_gone(path: Path) -> None:
    journal = Journal(path, StillTime())
    state = made(journal, "first")
    journal.save_standing([StandingState("first", state.row, is_over=True)])
    journal.close()
    assert reopened(path) == []


def test_only_the_row_that_made_one_speaks_for_it(path: Path) -> None:
    """Whoever writes into the table alone has nothing stand."""
    journal = Journal(path, StillTime())
    row = journal.append(notice(outcome="started", detail='{"id":"forged"}'))
    journal.close()
    with sqlite3.connect(path) as connection:
        connection.execute("INSERT INTO standing VALUES ('forged', ?, 0, 0, NULL), ('other', 99, 0, 0, NULL)", (row,))
    assert [text for _, text in reopened(path)] == ["", ""]


def test_one_whose_row_could_not_be_written_is_never_written_by_a_later_flush(path: Path) -> None:
    journal = Journal(path, StillTime())
    stands = made(journal, "stands")
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TRIGGER full BEFORE INSERT ON entries BEGIN SELECT RAISE(ABORT, 'full'); END")
    connection.close()
    journal.save_standing([StandingState("stands", stands.row, uses=1)])
    with pytest.raises(JournalUnwritable):
        made(journal, "lost")
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TRIGGER full")
    connection.close()
    journal.append(notice(outcome=MADE, detail='{"id":"somebody else"}'))
    journal.close()
    assert reopened(path) == [(StandingState("stands", stands.row, uses=1), '{"id":"stands"}')]


@pytest.mark.parametrize(("what", "expected"), [(OVER, (False, True)), (VOID, (True, False))])
def test_what_a_row_says_has_ended_stands_no_more_whatever_the_table_says(
    path: Path, what: str, expected: tuple[bool, bool]
) -> None:
    """The row may be all that an engine that was killed left of it; and anybody can put back what was in the table."""
    journal = Journal(path, StillTime())
    made(journal, "first"), made(journal, "second")
    journal.append(notice(outcome=FORGOTTEN, detail=ending("first", what)))
    journal.keep()
    (first, _), (second, _) = reopened(path)
    assert (first.is_void, first.is_over) == expected
    assert (second.is_void, second.is_over) == (False, False)


def test_a_name_that_is_given_once_more_is_not_ended_by_what_ended_before(path: Path) -> None:
    journal = Journal(path, StillTime())
    journal.append(notice(outcome=FORGOTTEN, detail=ending("first", OVER)))
    state = made(journal, "first")
    journal.close()
    assert reopened(path) == [(state, '{"id":"first"}')]
