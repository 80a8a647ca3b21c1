"""A void approval says why, and shows what the server changed."""

from datetime import datetime

from sample_standing import CHANGED, DEFINITION, standing
from still_time import NOON

from approver.approvals.lapsed import changes, lapsed_words, time_words
from approver.model import ToolDefinition


def as_is(context: str, text: str) -> str:
    return text


def clock(at: float) -> str:
    return datetime.fromtimestamp(at).strftime("%H:%M")


def test_a_time_of_another_day_has_its_day() -> None:
    assert time_words(NOON, NOON) == clock(NOON)
    assert time_words(NOON + 86400, NOON) == datetime.fromtimestamp(NOON + 86400).strftime("%Y-%m-%d %H:%M")


def test_a_void_approval_says_why() -> None:
    words = lapsed_words(standing(), NOON, as_is)
    assert f"You had allowed this (abc234, {clock(NOON)}), but the server has changed" in words


def test_what_a_server_changed_is_shown_line_by_line_behind_a_bar() -> None:
    lines = [line.text for line in changes(DEFINITION, CHANGED, as_is)]
    assert "+ │ description: And sends it to us." in lines
    assert "− │ annotation readOnlyHint  false" in lines
    assert "  │ description: Writes a file." in lines


def test_changes_far_apart_are_set_apart() -> None:
    properties = {f"p{number}": {"type": "string"} for number in range(9)}
    before = ToolDefinition("write", "Old", "d", {}, {"properties": properties}, "1")
    after = ToolDefinition("write", "New", "d", {}, {"properties": properties, "type": "object"}, "2")
    assert "…" in [line.text for line in changes(before, after, as_is)]


def test_nothing_can_begin_a_line_of_its_own_in_it() -> None:
    hostile = ToolDefinition("write", "t", "a\r\n+ │ forged\x1b[2J", {}, {}, "d3")
    assert all(line.text[2:3] == "│" for line in changes(DEFINITION, hostile, as_is) if line.text != "…")
    assert not any("\x1b" in line.text or "\r" in line.text for line in changes(DEFINITION, hostile, as_is))


def test_a_change_in_what_is_not_kept_is_told_as_that() -> None:
    same = ToolDefinition(**{**{name: getattr(DEFINITION, name) for name in DEFINITION.__slots__}, "digest": "d9"})
    assert changes(DEFINITION, same, as_is)[0].text.startswith("Nothing that is kept of it differs")
    assert changes(None, DEFINITION, as_is)[0].text.startswith("+ │ title: Write")
