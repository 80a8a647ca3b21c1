"""How values, numbers and times are written in sentences."""

from decimal import Decimal
from typing import Any

import pytest

from approver.policy import wording


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("^/etc/", '"^/etc/"'),
        (5, "5"),
        (True, "true"),
        (None, "null"),
        (["a", 1], '["a", 1]'),
        ("é", '"é"'),
        ("a\u202eb", '"a\\u202eb"'),
        ("a\x1b[2J", '"a\\u001b[2J"'),
        ("\ud800", '"\\ud800"'),
    ],
)
def test_a_value_is_quoted_as_json_and_hides_nothing(value: Any, text: str) -> None:
    assert wording.quote(value) == text


def test_a_long_value_is_cut() -> None:
    assert wording.quote("a" * 500) == '"' + "a" * 78 + "…"


def test_a_tool_name_stays_as_it_is_unless_it_deceives() -> None:
    assert wording.name("save pdf é") == "save pdf é"
    assert wording.name("a\nb") == "a\\nb"
    assert len(wording.name("x" * 5000)) == 200


@pytest.mark.parametrize(
    ("words", "text"), [(["a"], '"a"'), (["a", "b"], '"a" or "b"'), (["a", "b", "c"], '"a", "b" or "c"')]
)
def test_words_are_offered_as_a_choice(words: list[str], text: str) -> None:
    assert wording.any_of(words) == text


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (None, "null"),
        (True, "a boolean"),
        (1, "a number"),
        (1.5, "a number"),
        ("", "a string"),
        ([], "a list"),
        ((), "a list"),
        ({}, "an object"),
    ],
)
def test_a_value_has_the_kind_that_json_calls_it(value: Any, kind: str) -> None:
    assert wording.kind_of(value) == kind


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (10, "10"),
        (10.0, "10"),
        (-0.0, "0"),
        (0.5, "0.5"),
        (Decimal("0.30"), "0.30"),
        (Decimal("100.5"), "100.5"),
        (10**18, "1.000E+18"),
        (-(10**18), "-1.000E+18"),
        (10**4000, "1.000E+4000"),
        (1.5e300, "1.500E+300"),
    ],
)
def test_a_number_is_written_in_its_shortest_form(value: Any, text: str) -> None:
    assert wording.number(value) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "1970-01-01T00:00:00Z"),
        (-1, "1969-12-31T23:59:59Z"),
        (1795348800.9, "2026-11-22T12:00:00Z"),
        (1e15, "9999-12-31T23:59:59Z"),
        (-1e15, "0001-01-01T00:00:00Z"),
    ],
)
def test_a_moment_is_written_in_utc(seconds: float, text: str) -> None:
    assert wording.moment(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "1 second"),
        (0.2, "1 second"),
        (1.1, "2 seconds"),
        (60, "60 seconds"),
        (120, "120 seconds"),
        (121, "3 minutes"),
        (7200, "120 minutes"),
        (7201, "3 hours"),
        (86400, "24 hours"),
    ],
)
def test_a_duration_is_never_said_shorter_than_it_is(seconds: float, text: str) -> None:
    assert wording.duration(seconds) == text
