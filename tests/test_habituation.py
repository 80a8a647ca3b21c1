"""What a person allows by habit."""

import logging
from pathlib import Path

import pytest

from approver.habituation import LAST, LEAST, Dismissed, Habit, habits
from approver.journal.records import Answered


def answers(tool: str, allowed: int, denied: int = 0, server: str = "files") -> list[Answered]:
    return [Answered(server, tool, False)] * denied + [Answered(server, tool, True)] * allowed


def test_a_tool_that_is_nearly_always_allowed_is_a_habit() -> None:
    assert habits(answers("read_file", 47, 1)) == [Habit("files", "read_file", 47, 48)]


def test_only_the_last_answers_count() -> None:
    (habit,) = habits(answers("read_file", LAST) + answers("read_file", 0, 100))
    assert (habit.allowed, habit.asked) == (LAST, LAST)


@pytest.mark.parametrize(
    "seen", [answers("read_file", LEAST - 1), answers("read_file", 45, 3), answers("delete_file", 48), []]
)
def test_few_answers_mixed_ones_and_what_destroys_make_no_habit(seen: list[Answered]) -> None:
    assert habits(seen) == []


def test_each_server_s_tool_has_a_habit_of_its_own_and_the_strongest_comes_first() -> None:
    seen = answers("read_file", 20, server="b") + answers("read_file", 30) + answers("list_files", 19, 1)
    assert [habit.name for habit in habits(seen)] == [
        ("files", "read_file"),
        ("b", "read_file"),
        ("files", "list_files"),
    ]


def test_what_was_dismissed_stays_so(tmp_path: Path) -> None:
    path = tmp_path / "data" / "habits.json"
    Dismissed(path).add(("files", "read_file"))
    again = Dismissed(path)
    assert ("files", "read_file") in again
    assert ("files", "write_file") not in again


@pytest.mark.parametrize("content", ["[]", '{"dismissed": 3}', '{"dismissed": [["a"], 7, ["a", 1]]}'])
def test_what_is_something_else_counts_for_nothing(tmp_path: Path, content: str) -> None:
    path = tmp_path / "habits.json"
    path.write_text(content, encoding="utf-8")
    assert ("a", "b") not in Dismissed(path)


def test_a_file_that_cannot_be_read_or_written_is_named_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "habits.json"
    path.write_text("{", encoding="utf-8")
    with caplog.at_level(logging.WARNING):
        assert ("a", "b") not in Dismissed(path)
        (tmp_path / "data").write_text("in the way", encoding="utf-8")
        kept = Dismissed(tmp_path / "data" / "habits.json")
        kept.add(("a", "b"))
    assert ("a", "b") in kept
    assert len(caplog.messages) == 3
    assert all("habits.json" in message for message in caplog.messages)
