"""The checks that any document needs."""

from collections.abc import Callable
from typing import Any

import pytest

from approver.policy.checking import Checker, Place, is_not_finite
from approver.policy.hints import Where
from approver.policy.positions import read
from approver.policy.problems import Problem, Report

Check = Callable[[Checker, Place], Any]


def checked(text: str, check: Check) -> tuple[Any, tuple[Problem, ...]]:
    """What a check of the whole text gives, and what it notes."""
    reading = read(text)
    assert reading.root is not None
    report = Report(reading)
    return check(Checker(report), Place(reading.root)), report.problems


def is_one_of(checker: Checker, place: Place) -> bool:
    return checker.is_one_of(place, "window", {"minute": 60, "hour": 3600}, {"60": "minute"})


@pytest.mark.parametrize(
    ("text", "check", "holds", "message", "hint"),
    [
        ("{}", lambda c, p: c.is_object(p, "a rule"), True, "", ""),
        (
            "[]",
            lambda c, p: c.is_object(p, "a rule", "Braces."),
            False,
            "a rule must be an object, not a list",
            "Braces.",
        ),
        ("[]", lambda c, p: c.is_list(p, "hide"), True, "", ""),
        (
            '"*"',
            lambda c, p: c.is_list(p, "hide", 'Write ["*"].'),
            False,
            "hide must be a list, not a string",
            'Write ["*"].',
        ),
        ('""', lambda c, p: c.is_text(p, "reason"), True, "", ""),
        ('"x"', lambda c, p: c.is_text(p, "counter", blank=False), True, "", ""),
        ('""', lambda c, p: c.is_text(p, "counter", blank=False), False, "counter must not be empty", ""),
        ("null", lambda c, p: c.is_text(p, "reason"), False, "reason must be text in double quotes, not null", ""),
        ('"hour"', is_one_of, True, "", ""),
        ("60", is_one_of, False, "unknown window 60", 'Did you mean "minute"?'),
        ("[60]", is_one_of, False, "unknown window [60]", 'Write "minute" or "hour".'),
        ("0", lambda c, p: c.is_amount(p, "max"), True, "", ""),
        ("-0.0", lambda c, p: c.is_amount(p, "max"), True, "", ""),
        ("2.5", lambda c, p: c.is_amount(p, "max"), True, "", ""),
        ("-1", lambda c, p: c.is_amount(p, "max"), False, "max must be 0 or more, not -1", ""),
        ("true", lambda c, p: c.is_amount(p, "max"), False, "max must be a number, not a boolean", ""),
        (
            '"10"',
            lambda c, p: c.is_amount(p, "max"),
            False,
            "max must be a number, not a string",
            "Write it without quotes.",
        ),
        (
            '"1.5"',
            lambda c, p: c.is_amount(p, "max"),
            False,
            "max must be a number, not a string",
            "Write it without quotes.",
        ),
        ('"ten"', lambda c, p: c.is_amount(p, "max"), False, "max must be a number, not a string", ""),
        ('{"a": 1}', lambda c, p: c.has_all(p, ["a"]), True, "", ""),
        ("{}", lambda c, p: c.has_all(p, ["a/b"], "Write it."), False, '"a/b" is missing', "Write it."),
    ],
)
def test_a_check_holds_or_notes_why_not(text: str, check: Check, holds: bool, message: str, hint: str) -> None:
    found, problems = checked(text, check)
    assert found is holds
    assert [(problem.message, problem.hint) for problem in problems] == ([] if holds else [(message, hint)])


def test_what_reading_noted_already_is_not_noted_again() -> None:
    assert checked("NaN", lambda checker, place: checker.is_amount(place, "max")) == (False, ())
    assert is_not_finite(float("inf"))
    assert not is_not_finite(1.5)
    assert not is_not_finite(10**400)


def test_what_is_missing_is_named_by_its_own_pointer_and_by_its_objects() -> None:
    _, (problem,) = checked("{}", lambda checker, place: checker.has_all(place, ["a/b"]))
    assert (problem.pointer, problem.also) == ("/a~1b", ("",))


def test_unknown_keys_are_noted_where_they_stand_and_duplicates_are_all_looked_at() -> None:
    text = '{"path": 1, "operator": 2, "path": 3}'
    members, (problem,) = checked(text, lambda checker, place: list(checker.known_members(place, Where.CONDITION)))
    assert [(key, place.pointer, place.value) for key, place in members] == [("path", "/path", 1), ("path", "/path", 3)]
    assert str(problem) == 'line 1, column 13: /operator: unknown key "operator". Did you mean "op"?'


def test_places_of_elements_and_members_have_escaped_pointers() -> None:
    root = read('{"a/b": [1, {"~": 2}]}').root
    assert root is not None
    ((_, elements),) = Place(root).members()
    first, second = elements.items()
    assert (first.pointer, second.pointer) == ("/a~1b/0", "/a~1b/1")
    assert [place.pointer for _, place in second.members()] == ["/a~1b/1/~0"]
