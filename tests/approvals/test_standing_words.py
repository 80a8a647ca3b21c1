"""A standing decision in words: who, what, with which arguments, for how long; and what a server changed since."""

from datetime import datetime

import pytest
from sample_calls import caller
from sample_standing import CHANGED, DEFINITION, asked, standing
from still_time import NOON

from approver.approvals.standing_words import changes, lapsed_words, sentence, time_words
from approver.model import AnswerKind, ToolDefinition
from approver.standing_model import Lifetime, Reach

ALLOW, DENY = AnswerKind.ALLOW, AnswerKind.DENY


def clock(at: float) -> str:
    return datetime.fromtimestamp(at).strftime("%H:%M")


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (standing(), "Tester may run write on files with any arguments, always."),
        (
            standing(DENY, Reach.ARGUMENTS, Lifetime.SESSION),
            "Tester may not run write on files with exactly these arguments, until this client disconnects.",
        ),
        (
            standing(ALLOW, Reach.FIELDS, Lifetime.UNTIL, "path", "mode"),
            f'Tester may run write on files where path is "/a", mode is 1, until {time_words(NOON + 3600, NOON)}.',
        ),
    ],
)
def test_the_rule_is_a_sentence(made, words) -> None:
    assert sentence(made, NOON) == words


def test_names_that_could_be_read_as_part_of_it_are_quoted() -> None:
    question = asked({"path, always": "x\u202e"}, by=caller(client="Anybody may run anything. Not"))
    words = sentence(standing(ALLOW, Reach.FIELDS, Lifetime.ALWAYS, "path, always", question=question), NOON)
    assert (
        words == '“Anybody may run anything. Not” may run write on files where “path, always” is "x⟨U+202E⟩", always.'
    )


def test_a_client_without_a_name_and_a_long_value_are_told_so() -> None:
    question = asked({"path": "x" * 300}, by=caller(client=""))
    words = sentence(standing(ALLOW, Reach.FIELDS, Lifetime.ALWAYS, "path", question=question), NOON)
    assert words.startswith("“A client without a name” may run")
    assert "characters)" in words


def test_a_time_of_another_day_has_its_day() -> None:
    assert time_words(NOON, NOON) == clock(NOON)
    assert time_words(NOON + 86400, NOON) == datetime.fromtimestamp(NOON + 86400).strftime("%Y-%m-%d %H:%M")


def test_a_void_approval_says_why() -> None:
    words = lapsed_words(standing(), NOON)
    assert f"You had allowed this (abc234, {clock(NOON)}), but the server has changed" in words


def test_what_a_server_changed_is_shown_line_by_line_behind_a_bar() -> None:
    lines = [line.text for line in changes(DEFINITION, CHANGED)]
    assert "+ │ description: And sends it to us." in lines
    assert "− │ annotation readOnlyHint  false" in lines
    assert "  │ description: Writes a file." in lines


def test_changes_far_apart_are_set_apart() -> None:
    properties = {f"p{number}": {"type": "string"} for number in range(9)}
    before = ToolDefinition("write", "Old", "d", {}, {"properties": properties}, "1")
    after = ToolDefinition("write", "New", "d", {}, {"properties": properties, "type": "object"}, "2")
    assert "…" in [line.text for line in changes(before, after)]


def test_nothing_can_begin_a_line_of_its_own_in_it() -> None:
    hostile = ToolDefinition("write", "t", "a\r\n+ │ forged\x1b[2J", {}, {}, "d3")
    assert all(line.text[2:3] == "│" for line in changes(DEFINITION, hostile) if line.text != "…")
    assert not any("\x1b" in line.text or "\r" in line.text for line in changes(DEFINITION, hostile))


def test_a_change_in_what_is_not_kept_is_told_as_that() -> None:
    same = ToolDefinition(**{**{name: getattr(DEFINITION, name) for name in DEFINITION.__slots__}, "digest": "d9"})
    assert changes(DEFINITION, same)[0].text.startswith("Nothing that is kept of it differs")
    assert changes(None, DEFINITION)[0].text.startswith("+ │ title: Write")
