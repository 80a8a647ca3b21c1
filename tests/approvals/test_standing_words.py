"""A standing decision in words: who, what, with which arguments, for how long; and what a server changed since."""

import pytest
from sample_calls import caller
from sample_standing import asked, standing
from still_time import NOON

from approver.approvals.lapsed import time_words
from approver.approvals.standing_book import Kept
from approver.approvals.standing_words import remembered_as_json, sentence
from approver.model import AnswerKind
from approver.standing_model import Lifetime, Reach, StandingState

ALLOW, DENY = AnswerKind.ALLOW, AnswerKind.DENY


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


def test_commands_print_all_of_it_but_values() -> None:
    made = standing(DENY, Reach.FIELDS, Lifetime.UNTIL, "path")
    printed = remembered_as_json(Kept(made, StandingState(made.id, 1, uses=2, last_used=NOON)), NOON)
    assert (printed["id"], printed["answer"], printed["fields"], printed["uses"]) == ("abc234", "deny", ["path"], 2)
    assert (printed["last_used"], printed["until"]) == ("2026-11-22T10:00:00.000Z", "2026-11-22T11:00:00.000Z")
    assert remembered_as_json(Kept(standing(), StandingState("abc234", 1)), NOON)["until"] is None
