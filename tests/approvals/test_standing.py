"""Which calls a standing decision answers: never one that the person did not have in mind."""

import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_calls import call, caller
from sample_standing import ARGUMENTS, CHANGED, DEFINITION, answer, asked, standing, wish
from still_time import NOON

from approver.approvals.standing import (
    answer_of,
    covers,
    has_changed,
    is_over,
    is_same_rule,
    shown_with,
    standing_of,
    why_not,
    would_cover,
)
from approver.model import AnswerKind
from approver.standing_model import Lifetime, Reach

ALLOW, DENY = AnswerKind.ALLOW, AnswerKind.DENY
NUMBERS = st.integers(-3, 3) | st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=2), inner, max_size=2),
    max_leaves=4,
)
OBJECTS = st.dictionaries(st.sampled_from(["path", "mode", "content"]), JSON, max_size=3)


@pytest.mark.parametrize(
    ("reach", "arguments", "is_covered"),
    [
        (Reach.ARGUMENTS, ARGUMENTS, True),
        (Reach.ARGUMENTS, {"mode": 1, "path": "/a"}, True),
        (Reach.ARGUMENTS, {"path": "/a"}, False),
        (Reach.ARGUMENTS, {**ARGUMENTS, "more": 1}, False),
        (Reach.FIELDS, {"path": "/a", "mode": 2}, True),
        (Reach.FIELDS, {"path": "/a", "more": 1}, True),
        (Reach.FIELDS, {"path": "/b"}, False),
        (Reach.FIELDS, {"mode": 1}, False),
        (Reach.TOOL, {}, True),
    ],
)
def test_its_reach_says_which_arguments(reach, arguments, is_covered) -> None:
    made = standing(ALLOW, reach, Lifetime.ALWAYS, *(["path"] if reach is Reach.FIELDS else []))
    assert covers(made, call("write", arguments)) is is_covered


@pytest.mark.parametrize("value", ["1", 1.0, True, [1], None])
def test_a_field_is_the_same_only_if_it_is_the_same_json(value: Any) -> None:
    made = standing(ALLOW, Reach.FIELDS, Lifetime.ALWAYS, "mode")
    assert covers(made, call("write", {"mode": 1})) is True
    assert covers(made, call("write", {"mode": value})) is False


@pytest.mark.parametrize("kind", [ALLOW, DENY])
@pytest.mark.parametrize(
    "other",
    [
        call("rm", ARGUMENTS),
        call("write", ARGUMENTS, by=caller(grant="cursor")),
        call("write", ARGUMENTS, by=caller(server="git")),
        call("write", ARGUMENTS, by=caller(client="Somebody else")),
    ],
)
def test_it_is_bound_to_client_grant_server_and_tool(kind, other) -> None:
    assert covers(standing(kind), call("write", ARGUMENTS)) is True
    assert covers(standing(kind), other) is False


@pytest.mark.parametrize("reach", [Reach.TOOL, Reach.FIELDS])
def test_what_comes_beside_the_arguments_is_never_approved_along_with_them_but_denied(reach) -> None:
    beside = call("write", ARGUMENTS, extra={"task": {"ttl": 1}})
    assert covers(standing(ALLOW, reach, Lifetime.ALWAYS, "path"), beside) is False
    assert covers(standing(DENY, reach, Lifetime.ALWAYS, "path"), beside) is True


def test_one_for_a_session_covers_no_other_session() -> None:
    made = standing(ALLOW, Reach.TOOL, Lifetime.SESSION)
    assert covers(made, call("write", by=caller("s1"))) is True
    assert covers(made, call("write", by=caller("s2"))) is False
    assert covers(standing(), call("write", by=caller("s2"))) is True


def test_a_time_ends_it_and_nothing_else_does() -> None:
    until = standing(ALLOW, Reach.TOOL, Lifetime.UNTIL)
    assert [is_over(until, NOON + after) for after in (0, 3599.9, 3600, 9e9)] == [False, False, True, True]
    assert is_over(standing(), 9e12) is False
    assert is_over(standing(ALLOW, Reach.TOOL, Lifetime.SESSION), 9e12) is False


def test_an_approval_is_bound_to_the_definition_and_a_denial_is_not() -> None:
    assert has_changed(standing(), DEFINITION) is False
    assert has_changed(standing(), CHANGED) is True
    assert has_changed(standing(DENY), CHANGED) is False
    assert has_changed(dataclasses.replace(standing(), definition=None), DEFINITION) is True


@given(sent=OBJECTS, asked_about=OBJECTS.filter(bool), data=st.data())
def test_whatever_is_covered_agrees_in_all_that_was_to_be_the_same(sent, asked_about, data) -> None:
    names = data.draw(st.lists(st.sampled_from(sorted(asked_about)), min_size=1, unique=True))
    made = standing(ALLOW, Reach.FIELDS, Lifetime.ALWAYS, *names, question=asked(asked_about))
    agrees = all(name in sent and repr(sent[name]) == repr(asked_about[name]) for name in names)
    covered = covers(made, call("write", sent))
    if agrees:
        assert covered, "the same values are covered whatever else is sent"
    if covered:
        assert all(name in sent and sent[name] == asked_about[name] for name in names)


@given(sent=OBJECTS, asked_about=OBJECTS)
def test_a_narrower_reach_covers_nothing_that_a_wider_one_does_not(sent, asked_about) -> None:
    question, later = asked(asked_about), call("write", sent)
    exact = standing(ALLOW, Reach.ARGUMENTS, question=question)
    if covers(exact, later):
        assert sent == asked_about
        assert covers(standing(ALLOW, Reach.TOOL, question=question), later)
        if asked_about:
            fields = standing(ALLOW, Reach.FIELDS, Lifetime.ALWAYS, *asked_about, question=question)
            assert covers(fields, later)


def test_what_it_answers_names_it_and_carries_what_was_shown() -> None:
    given_before = answer_of(standing_of(asked(), answer(DENY, wish(), "Not there."), "abc234", NOON))
    assert (given_before.kind, given_before.by, given_before.reason) == (DENY, "remembered abc234", "Not there.")
    assert (given_before.shown, given_before.detail) == ("f00d", '{"remembered":"abc234"}')
    assert given_before.wish is None


def test_secrets_are_kept_in_it_nowhere() -> None:
    question = asked({"path": "/a", "password": "hunter2"})
    made = standing(ALLOW, Reach.FIELDS, Lifetime.ALWAYS, "password", question=question)
    assert "hunter2" not in repr(made)
    assert covers(made, call("write", {"password": "hunter2"})) is True
    assert covers(made, call("write", {"password": "hunter3"})) is False


def test_an_argument_that_another_one_names_a_secret_is_covered_when_it_alone_is_chosen() -> None:
    question = asked({"name": "DB_PASSWORD", "value": "hunter2"})
    made = standing(ALLOW, Reach.FIELDS, Lifetime.ALWAYS, "value", question=question)
    assert "hunter2" not in repr(made)


def test_long_values_are_cut_for_display_and_still_compared_in_full() -> None:
    long = "x" * 20_000
    made = standing(ALLOW, Reach.FIELDS, Lifetime.ALWAYS, "path", question=asked({"path": long}))
    assert made.fields[0].shown.endswith("… (+19,802 characters)")
    assert len(made.arguments) < 9_000
    assert covers(made, call("write", {"path": long + "y"})) is False


def test_only_what_a_lifetime_needs_is_kept_of_it() -> None:
    lifetimes = [standing(ALLOW, Reach.TOOL, one) for one in Lifetime]
    assert [(one.session, one.until) for one in lifetimes] == [("s1", None), ("", NOON + 3600), ("", None)]


@pytest.mark.parametrize(
    ("kind", "wished", "question", "words"),
    [
        (ALLOW, wish(), asked(definition=None), "has not said what this tool does"),
        (ALLOW, wish(definition="d0"), asked(), "came in only while you answered"),
        (ALLOW, wish(Reach.TOOL, Lifetime.SESSION), asked(by=caller("http/")), "has no session"),
        (DENY, wish(Reach.TOOL, Lifetime.UNTIL, until=NOON), asked(), "is over"),
        (DENY, wish(Reach.TOOL, Lifetime.UNTIL, until=None), asked(), "is over"),
        (DENY, wish(Reach.FIELDS), asked(), "lacks the fields"),
        (DENY, wish(Reach.FIELDS, Lifetime.ALWAYS, "path", "owner"), asked(), "lacks the fields"),
    ],
)
def test_what_cannot_stand_is_told_why(kind, wished, question, words) -> None:
    assert words in why_not(question, answer(kind, wished), NOON)


def test_what_was_edited_before_it_was_approved_cannot_stand() -> None:
    edited = dataclasses.replace(answer(ALLOW, wish()), arguments={"path": "/b"})
    assert "You edited the arguments" in why_not(asked(), edited, NOON)


@pytest.mark.parametrize("lifetime", list(Lifetime))
def test_everything_else_can_stand_a_denial_without_any_definition_too(lifetime) -> None:
    assert why_not(asked(), answer(ALLOW, wish(Reach.FIELDS, lifetime, "path")), NOON) == ""
    assert why_not(asked(definition=None), answer(DENY, wish(Reach.TOOL, lifetime, definition="")), NOON) == ""


def test_two_that_speak_of_the_same_calls_are_the_same_rule() -> None:
    assert is_same_rule(standing(ALLOW), standing(DENY)) is True
    others = [
        standing(ALLOW, Reach.ARGUMENTS),
        standing(ALLOW, Reach.FIELDS, Lifetime.ALWAYS, "path"),
        standing(ALLOW, Reach.TOOL, Lifetime.SESSION),
        standing(question=asked(by=caller(server="git"))),
    ]
    assert [is_same_rule(standing(ALLOW), other) for other in others] == [False] * 4
    first, other = (standing(ALLOW, Reach.ARGUMENTS, question=asked({"path": path})) for path in "ab")
    assert is_same_rule(first, other) is False


def test_what_was_shown_is_question_and_rule_together() -> None:
    assert shown_with("text", "rule") != shown_with("text", "wider rule")
    assert len(shown_with("lone \ud800", "")) == 64


@pytest.mark.parametrize(
    ("reach", "digest", "arguments", "expected"),
    [
        (Reach.TOOL, "", {}, True),
        (Reach.ARGUMENTS, "0", {}, False),
        (Reach.FIELDS, "", {"path": "/a", "mode": 9}, True),
        (Reach.FIELDS, "", {"path": "/b"}, False),
        (Reach.FIELDS, "", {}, False),
        (Reach.FIELDS, "", {"path": "••• (2 characters hidden)"}, None),
    ],
)
def test_of_recorded_calls_it_is_told_what_would_be_covered(reach, digest, arguments, expected) -> None:
    made = standing(ALLOW, reach, Lifetime.ALWAYS, *(["path"] if reach is Reach.FIELDS else []))
    assert would_cover(made, digest, arguments) is expected
    assert would_cover(standing(ALLOW, Reach.ARGUMENTS), standing().digest, {}) is True
