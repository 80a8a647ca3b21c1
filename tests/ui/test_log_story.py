"""All that the log knows of one call."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
from sample_entries import entry, write
from sample_log import SECRET_PATH, write_day
from still_time import NOON

from approver.journal.reader import Reader
from approver.journal.records import Filters
from approver.model import EntryKind
from approver.ui.log_story import Story, arguments_of, facts, headline, remembered_by, tell
from approver.ui.log_words import row_of


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    write_day(tmp_path / "journal.db")
    with Reader(tmp_path / "journal.db") as reader:
        yield reader


def story(reader: Reader, call: str) -> Story:
    record = next(record for record in reader.calls(Filters(), 100) if record.id == call)
    found = tell(reader, row_of(record))
    assert found is not None
    return found


def text(story: Story) -> str:
    return "\n".join(line.text for line in facts(story, NOON))


def test_a_denied_call_with_all_its_steps(reader: Reader) -> None:
    denied = story(reader, "a2")
    assert headline(denied) == "Cursor wanted to run write_file on files"
    shown = text(denied)
    for part in ("denied by you", "you, after 6.2 s", "Not there.", "/tools/write_file", "e" * 64):
        assert part in shown
    assert [row.entry.kind for row in denied.rows] == [EntryKind.ASKED, EntryKind.DECISION]
    steps = [line.text.split("  ", 1)[1].strip() for line in facts(denied, NOON)[-3:]]
    assert steps == [
        "the question was opened",
        "(Approver: Everything is denied until resumed, by window.)",
        "denied by you",
    ]


def test_arguments_are_made_visible(reader: Reader) -> None:
    lines = "\n".join(line.text for line in story(reader, "a2").arguments)
    assert f"“{SECRET_PATH}”" in lines
    assert "⟨U+202E⟩" in lines


def test_an_allowed_call_tells_how_the_server_answered(reader: Reader) -> None:
    assert "answered after 2 ms" in text(story(reader, "a1"))
    assert arguments_of(story(reader, "a1").record) == {"path": "/tmp/a"}


def test_a_row_that_is_no_newest_state_any_more_has_no_story(reader: Reader) -> None:
    gone = dataclasses.replace(story(reader, "a1").row, seq=5)
    assert tell(reader, gone) is None


@pytest.mark.parametrize("arguments", ["[1]", "{", "[" * 100_000])
def test_arguments_that_are_no_object_are_shown_as_they_are(tmp_path: Path, arguments: str) -> None:
    path = tmp_path / "odd.db"
    write(path, entry(EntryKind.REFUSED, call="", arguments=arguments, outcome="bad", at=-5.0))
    with Reader(path) as reader:
        found = tell(reader, row_of(reader.calls(Filters(), 1)[0]))
    assert found is not None
    assert found.arguments[0].text == arguments
    assert arguments_of(found.record) is None
    assert found.rows == ()
    assert "refused" in text(found)


def test_of_an_edited_call_both_versions_stand_there_and_the_difference(tmp_path: Path) -> None:
    detail = (
        '{"edited":{"arguments":{"path":"/tmp/b"},"digest":"' + "f" * 64 + '","by":"window","changed":["/path"]},'
        '"repeats":"c0"}'
    )
    path = tmp_path / "edited.db"
    write(path, entry(outcome="approved", by="window", waited=2.0, arguments='{"path":"/tmp/a"}', detail=detail))
    with Reader(path) as reader:
        found = story(reader, "c1")
    assert [line.text for line in found.arguments] == [
        "path  “/tmp/a”",
        "",
        "Changed before it was sent:",
        "path",
        "  was  “/tmp/a”",
        "  now  “/tmp/b”",
        "",
        "Sent to the server:",
        "path  “/tmp/b”",
    ]
    shown = text(found)
    for part in ("you, with edits, after 2.0 s", "f" * 64, '{"repeats": "c0"}'):
        assert part in shown
    assert row_of(found.record).is_edited
    assert "edited" not in shown


def test_it_is_known_which_remembered_answer_decided(reader: Reader) -> None:
    record = story(reader, "a2").record
    assert remembered_by(record) == ""
    assert remembered_by(dataclasses.replace(record, by="remembered abc234")) == "abc234"
