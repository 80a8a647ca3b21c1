"""Every way of tampering with the journal, and which row is named for it."""

import hashlib
import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_entries import entry, notice, write
from still_time import NOON, StillTime

from approver.journal.chain import START, Head
from approver.journal.reader import JournalUnreadable
from approver.journal.schema import COLUMNS, quoted
from approver.journal.verify import MOST_PROBLEMS, VerifyResult, verify
from approver.journal.writer import Journal
from approver.model import EntryKind

ROWS = 9


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A journal of nine rows, over three pieces of time."""
    path = tmp_path / "journal.db"
    write(path, *(entry(call=f"c{number}", at=NOON + number * 300, tool=f"t{number % 2}") for number in range(ROWS)))
    return path


def tamper(path: Path, *statements: str) -> None:
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def chained_anew(path: Path, first: int) -> None:
    """What somebody would do who knows how rows are chained: compute all digests from a row on."""
    connection = sqlite3.connect(path)
    (previous,) = connection.execute("SELECT chain FROM entries WHERE seq = ?", (first - 1,)).fetchone()
    for row in connection.execute(
        f"SELECT {quoted(COLUMNS)} FROM entries WHERE seq >= {first} ORDER BY seq"
    ).fetchall():
        previous = hashlib.sha256(
            previous + json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode()
        ).digest()
        connection.execute("UPDATE entries SET chain = ? WHERE seq = ?", (previous, row[0]))
    connection.commit()
    connection.close()


def head_of(path: Path) -> Head:
    return verify(path, None).head


def problems(result: VerifyResult) -> list[tuple[int, str]]:
    return [(problem.row, problem.what) for problem in result.problems]


def test_a_journal_that_nobody_touched_is_whole(path: Path) -> None:
    head = head_of(path)
    result = verify(path, head)
    assert result.is_whole
    assert result.first_bad_row is None
    assert (result.rows, result.head, result.anchor, result.beyond_anchor) == (ROWS, head, head, 0)


def test_without_an_anchor_the_end_is_not_proven(path: Path) -> None:
    result = verify(path, None)
    assert result.is_whole
    assert result.anchor is None
    assert result.beyond_anchor == 0


def test_an_empty_journal_is_whole(tmp_path: Path) -> None:
    write(tmp_path / "journal.db")
    result = verify(tmp_path / "journal.db", None)
    assert (result.is_whole, result.rows, result.head) == (True, 0, START)


def test_rows_newer_than_the_anchor_are_counted(path: Path) -> None:
    head = head_of(path)
    write(path, entry(), notice())
    result = verify(path, head)
    assert result.is_whole
    assert result.beyond_anchor == 2


EDITS: list[tuple[str, str]] = [
    (name, "5" if name in ("at", "waited", "latency") else "'edited'") for name in COLUMNS[1:] if name != "kind"
]


@pytest.mark.parametrize(("column", "value"), [*EDITS, ("kind", "'notice'"), ("chain", "x'00'")])
def test_a_row_that_was_edited_is_named(path: Path, column: str, value: str) -> None:
    tamper(path, f'UPDATE entries SET "{column}" = {value} WHERE seq = 5')
    assert problems(verify(path, None))[0] == (
        5,
        "Row 5 is not as it was written, or not where: its digest does not fit.",
    )


def test_an_edit_is_found_in_the_last_row_too(path: Path) -> None:
    tamper(path, f"UPDATE entries SET message = 'edited' WHERE seq = {ROWS}")
    assert verify(path, None).first_bad_row == ROWS


@pytest.mark.parametrize(
    ("gone", "said"),
    [
        ("seq = 5", (5, "Row 5 is missing.")),
        ("seq IN (3, 4, 5)", (3, "Rows 3 to 5 are missing.")),
        ("seq = 1", (1, "Row 1 is missing.")),
    ],
)
def test_rows_that_were_removed_are_named(path: Path, gone: str, said: tuple[int, str]) -> None:
    tamper(path, f"DELETE FROM entries WHERE {gone}")
    assert problems(verify(path, None)) == [said]


def test_a_removed_row_is_found_if_the_others_move_up(path: Path) -> None:
    tamper(
        path,
        "DELETE FROM entries WHERE seq = 5",
        *(f"UPDATE entries SET seq = {number - 1} WHERE seq = {number}" for number in range(6, ROWS + 1)),
    )
    assert verify(path, None).first_bad_row == 5


def test_an_inserted_row_is_named(path: Path) -> None:
    names = quoted(tuple(name for name in COLUMNS if name != "seq")) + ', "chain", "facet"'
    tamper(
        path,
        *(f"UPDATE entries SET seq = {number + 1} WHERE seq = {number}" for number in range(ROWS, 4, -1)),
        f"INSERT INTO entries (seq, {names}) SELECT 5, {names} FROM entries WHERE seq = 2",
    )
    assert verify(path, None).first_bad_row == 5


def test_a_row_put_before_the_first_is_named(path: Path) -> None:
    names = quoted(tuple(name for name in COLUMNS if name != "seq")) + ', "chain", "facet"'
    tamper(path, f"INSERT INTO entries (seq, {names}) SELECT 0, {names} FROM entries WHERE seq = 2")
    assert problems(verify(path, None)) == [(0, "Row 0 has no place in the log: rows are numbered from 1.")]


def test_rows_that_changed_places_are_named(path: Path) -> None:
    tamper(
        path,
        "UPDATE entries SET seq = 100 WHERE seq = 5",
        "UPDATE entries SET seq = 5 WHERE seq = 6",
        "UPDATE entries SET seq = 6 WHERE seq = 100",
    )
    assert [problem.row for problem in verify(path, None).problems][:2] == [5, 6]


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        (ROWS - 1, f"Row {ROWS} is missing. The log ends at row {ROWS - 1}, but had reached row {ROWS}."),
        (3, f"Rows 4 to {ROWS} are missing. The log ends at row 3, but had reached row {ROWS}."),
        (0, f"Rows 1 to {ROWS} are missing. The log ends at row 0, but had reached row {ROWS}."),
    ],
)
def test_rows_that_were_cut_off_are_found_by_the_anchor_alone(path: Path, kept: int, said: str) -> None:
    anchor = head_of(path)
    tamper(path, f"DELETE FROM entries WHERE seq > {kept}")
    assert verify(path, None).is_whole
    assert problems(verify(path, anchor)) == [(kept + 1, said)]


def test_a_journal_that_is_gone_is_found_by_the_anchor(path: Path) -> None:
    anchor = head_of(path)
    path.unlink()
    assert verify(path, anchor).problems[0].what == (
        f"The log is gone: {path} does not exist, but the log had reached row {ROWS}."
    )


def test_a_rewritten_chain_is_found_by_the_anchor(path: Path) -> None:
    anchor = head_of(path)
    tamper(path, "UPDATE entries SET message = 'rewritten' WHERE seq = 5")
    chained_anew(path, 5)
    assert verify(path, None).is_whole
    assert problems(verify(path, anchor)) == [
        (ROWS, f"Row {ROWS} is chained, but is not the one that is anchored: rows up to it were rewritten.")
    ]


def test_a_log_that_was_cut_off_before_a_start_stays_found(path: Path) -> None:
    anchor = head_of(path)
    tamper(path, "DELETE FROM entries WHERE seq > 3", "DELETE FROM spans WHERE first > 3")
    journal = Journal(path, StillTime())
    journal.reconcile(anchor)
    journal.close()
    assert problems(verify(path, journal.head)) == [
        (
            4,
            "Before row 4, the end of the log was lost or changed. "
            "The log had reached row 9 before, and now ends at row 3.",
        )
    ]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE entries SET facet = 2 WHERE seq = 5",
        "UPDATE entries SET facet = NULL WHERE seq = 5",
        "UPDATE entries SET facet = 99 WHERE seq = 5",
        "UPDATE facets SET tool = 'other' WHERE id = 1",
        "DELETE FROM facets",
        "UPDATE spans SET span = 1 WHERE first = 5",
        "DELETE FROM spans WHERE first = 5",
        "INSERT INTO spans VALUES (4, 1)",
    ],
)
def test_rows_that_were_hidden_from_lists_are_named(path: Path, change: str) -> None:
    tamper(path, change)
    (problem,) = verify(path, None).problems
    assert problem.row in (1, 4, 5)
    assert problem.what.endswith("what it is looked up by was changed: lists may leave it out.")


@pytest.mark.parametrize(
    "change",
    ["client = x'41'", "\"at\" = 'noon'", "waited = 'long'", "client = CAST(x'ff' AS TEXT)", "chain = 'text'"],
)
def test_values_of_a_kind_that_is_never_written_are_named(path: Path, change: str) -> None:
    tamper(path, f"UPDATE entries SET {change} WHERE seq = 5")
    assert problems(verify(path, None))[0] == (5, "Row 5 holds values of a kind that Approver never writes.")


def test_all_damages_are_named_up_to_a_number(path: Path) -> None:
    tamper(path, "UPDATE entries SET message = 'edited' WHERE seq IN (2, 7)", "DELETE FROM entries WHERE seq = 4")
    assert [problem.row for problem in verify(path, None).problems] == [2, 4, 7]
    write(path, *(entry(call=f"d{number}") for number in range(50)))
    tamper(path, "UPDATE entries SET message = 'edited'")
    assert len(verify(path, None).problems) == MOST_PROBLEMS


def test_a_damaged_page_is_named_by_the_first_row_that_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    write(path, *(entry(call=f"c{number}", arguments="x" * 500) for number in range(200)))
    content = bytearray(path.read_bytes())
    middle = len(content) // 2 // 4096 * 4096
    content[middle : middle + 4096 * 4] = b"\xff" * 4096 * 4
    path.write_bytes(content)
    result = verify(path, None)
    assert not result.is_whole
    assert result.problems[-1].row == result.head.seq + 1
    assert "cannot be read. " in result.problems[-1].what


def test_an_index_that_does_not_fit_its_rows_is_found(path: Path) -> None:
    tamper(
        path,
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET sql = 'CREATE INDEX entries_by_call ON entries (client, facet)' "
        "WHERE name = 'entries_by_call'",
    )
    (problem,) = verify(path, None).problems
    assert problem.row == ROWS
    assert problem.what.startswith("Every row up to row 9 is whole, but the database is damaged: ")


def test_what_is_no_journal_cannot_be_checked(tmp_path: Path) -> None:
    with pytest.raises(JournalUnreadable, match="There is no log"):
        verify(tmp_path / "journal.db", None)
    with pytest.raises(JournalUnreadable, match="There is no log"):
        verify(tmp_path / "journal.db", START)


def test_a_journal_that_is_written_meanwhile_is_checked_as_it_is(path: Path) -> None:
    journal = Journal(path, StillTime())
    for kind in EntryKind:
        journal.append(entry(kind, "later"))
        journal.flush()
        assert verify(path, journal.head).is_whole
    journal.close()


def test_the_documentation_s_own_script_agrees(path: Path, tmp_path: Path) -> None:
    documentation = (Path(__file__).parents[2] / "docs" / "log.md").read_text(encoding="utf-8")
    script = tmp_path / "check.py"
    script.write_text(documentation.split("```python\n")[1].split("```")[0], encoding="utf-8")
    command = [sys.executable, str(script), str(path)]
    whole = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True)
    assert whole.stdout == f"{ROWS} rows, head {head_of(path).digest}\n"
    tamper(path, "UPDATE entries SET message = 'edited' WHERE seq = 5")
    changed = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert (changed.returncode, changed.stderr) == (1, "the first bad row is 5\n")


DAMAGES: list[Callable[[int], list[str]]] = [
    lambda row: [f"DELETE FROM entries WHERE seq = {row}"],
    lambda row: [f"UPDATE entries SET arguments = arguments || ' ' WHERE seq = {row}"],
    lambda row: [f'UPDATE entries SET "at" = "at" + 1 WHERE seq = {row}'],
    lambda row: [f"UPDATE entries SET seq = 1000 WHERE seq = {row}"],
    lambda row: [f"UPDATE entries SET chain = (SELECT chain FROM entries WHERE seq <> {row}) WHERE seq = {row}"],
    lambda row: [f"DELETE FROM entries WHERE seq >= {row}"],
]


@given(st.integers(1, ROWS), st.sampled_from(DAMAGES))
def test_with_an_anchor_no_damage_goes_unseen_and_the_first_bad_row_is_named(
    tmp_path_factory: pytest.TempPathFactory, row: int, damage: Callable[[int], list[str]]
) -> None:
    path = tmp_path_factory.mktemp("journal") / "journal.db"
    write(path, *(entry(call=f"c{number}") for number in range(ROWS)))
    anchor = head_of(path)
    tamper(path, *damage(row))
    result: Any = verify(path, anchor)
    assert result.first_bad_row == row
