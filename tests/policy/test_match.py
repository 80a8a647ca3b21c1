"""What each operator says of each kind of argument: true, false, or that it cannot judge it."""

import math
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approver.policy.match import (
    ABSENT,
    OPERATORS,
    PATTERN_LIMIT,
    OperandWrong,
    compile_test,
    find,
    is_number,
    json_equal,
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
UNJUDGED = None

TABLE: list[tuple[str, Any, Any, bool | None]] = [
    # present and not null, equals the operand
    ("exists", True, 0, True),
    ("exists", True, "", True),
    ("exists", True, False, True),
    ("exists", True, [], True),
    ("exists", True, None, False),
    ("exists", True, ABSENT, False),
    ("exists", False, 0, False),
    ("exists", False, None, True),
    ("exists", False, ABSENT, True),
    # JSON equality
    ("eq", 1, 1, True),
    ("eq", 1, 1.0, True),
    ("eq", 1.0, 1, True),
    ("eq", 0, -0.0, True),
    ("eq", 1, True, False),
    ("eq", True, 1, False),
    ("eq", 0, False, False),
    ("eq", True, True, True),
    ("eq", False, True, False),
    ("eq", 5, "5", False),
    ("eq", "5", 5, False),
    ("eq", "a", "A", False),
    ("eq", None, None, True),
    ("eq", None, False, False),
    ("eq", None, 0, False),
    ("eq", None, "", False),
    ("eq", [], {}, False),
    ("eq", {}, [], False),
    ("eq", [1, [2]], [1.0, [2.0]], True),
    ("eq", [1], [True], False),
    ("eq", [1, 2], [2, 1], False),
    ("eq", [1], [1, 1], False),
    ("eq", [1], (1,), True),
    ("eq", {"a": 1, "b": 2}, {"b": 2.0, "a": 1}, True),
    ("eq", {"a": 1}, {"a": True}, False),
    ("eq", {"a": 1}, {"a": 1, "b": 1}, False),
    ("eq", {"a": None}, {}, False),
    ("eq", {"a": [{}]}, MappingProxyType({"a": [{}]}), True),
    ("eq", 2**53 + 1, float(2**53), False),
    ("eq", 10**30, 10**30, True),
    ("eq", 1, math.nan, False),
    ("neq", 1, 1.0, False),
    ("neq", 1, "1", True),
    ("neq", 1, None, True),
    ("neq", "a", "a", False),
    ("neq", 1, math.nan, True),
    # lists of equal elements
    ("in", ["a", "b"], "a", True),
    ("in", ["a", "b"], "c", False),
    ("in", [1, 2], 2.0, True),
    ("in", [1], True, False),
    ("in", [1], "1", False),
    ("in", [[1]], [1.0], True),
    ("in", [None], None, True),
    ("in", [], None, False),
    ("in", ["ab"], "a", False),
    ("in", ["a"], ["a"], False),
    ("not_in", ["a", "b"], "a", False),
    ("not_in", ["a", "b"], "c", True),
    ("not_in", ["a"], 5, True),
    ("not_in", [], "a", True),
    # numbers, and nothing but numbers
    ("lt", 5, 4, True),
    ("lt", 5, 5, False),
    ("lt", 5, 4.9, True),
    ("lte", 5, 5.0, True),
    ("lte", 5, 6, False),
    ("gt", 5, 6, True),
    ("gt", 5, 5, False),
    ("gte", 5, 5, True),
    ("gte", 5, 4, False),
    ("gt", 100, 10**400, True),
    ("gt", 0.5, 10**400, True),
    ("lt", 100, -(10**400), True),
    ("gt", 2**53, 2**53 + 1, True),
    ("gt", 5, math.inf, True),
    ("lt", 5, -math.inf, True),
    ("lt", 5, math.nan, UNJUDGED),
    ("gte", 5, math.nan, UNJUDGED),
    ("lt", 5, "4", UNJUDGED),
    ("lt", 5, True, UNJUDGED),
    ("lt", 5, None, UNJUDGED),
    ("lt", 5, [4], UNJUDGED),
    ("lt", 5, {}, UNJUDGED),
    # found anywhere in text
    ("regex", "^/etc/", "/etc/passwd", True),
    ("regex", "^/etc/", "/home/etc/", False),
    ("regex", "etc", "/etc/passwd", True),
    ("regex", "", "", True),
    ("regex", "^$", "a", False),
    ("regex", "(?i)PASS", "/etc/passwd", True),
    ("regex", "é.$", "caféx", True),
    ("regex", r"\x00", "a\x00b", True),
    ("regex", r"^a.b$", "a\nb", False),
    ("regex", r"^\d+$", "12\n", False),
    ("regex", "5", 5, UNJUDGED),
    ("regex", "a", ["a"], UNJUDGED),
    ("regex", "a", None, UNJUDGED),
    ("regex", "a", True, UNJUDGED),
    ("regex", "a", {"a": "a"}, UNJUDGED),
    ("regex", "a", "a\ud800", UNJUDGED),
    # text in text, or an element of a list
    ("contains", "b", "abc", True),
    ("contains", "B", "abc", False),
    ("contains", "", "", True),
    ("contains", "a", ["a", "b"], True),
    ("contains", "a", ["ab"], False),
    ("contains", "a", [], False),
    ("contains", 1, [1.0], True),
    ("contains", 1, [True, "1"], False),
    ("contains", None, [None], True),
    ("contains", [1], [[1]], True),
    ("contains", 1, "1", UNJUDGED),
    ("contains", None, "null", UNJUDGED),
    ("contains", "a", {"a": 1}, UNJUDGED),
    ("contains", "a", 5, UNJUDGED),
    ("contains", "a", None, UNJUDGED),
    ("contains", "a", True, UNJUDGED),
]


@pytest.mark.parametrize(("op", "operand", "argument", "truth"), TABLE)
def test_an_operator_judges_as_the_table_says(op: str, operand: Any, argument: Any, truth: bool | None) -> None:
    assert compile_test(op, operand)(argument) is truth


def test_the_table_has_every_operator() -> None:
    assert {row[0] for row in TABLE} == set(OPERATORS)


@pytest.mark.parametrize(
    ("op", "operand", "message", "hint"),
    [
        ("lt", "5", "a number is needed", "without quotes"),
        ("lte", True, "not a boolean", ""),
        ("gt", None, "not null", ""),
        ("gte", [5], "not a list", ""),
        ("in", "a", "a list is needed, not a string", 'Write ["a"].'),
        ("in", {"a": 1}, "not an object", ""),
        ("not_in", None, "not null", "Write [null]."),
        ("exists", "true", "true or false", ""),
        ("exists", 1, "true or false", ""),
        ("exists", None, "true or false", ""),
        ("regex", 5, "not a number", ""),
        ("regex", "(", "missing )", ""),
        ("regex", "a(?=b)", "does not compile", "no look-around"),
        ("regex", r"(a)\1", "invalid escape sequence", "no back-references"),
        ("regex", "(a{1000}){1000}", "repetition size", "Repeat less"),
        ("regex", r"\pL{1000}", "too large", "Repeat less"),
        ("regex", "a" * (PATTERN_LIMIT + 1), "longer than", ""),
        ("regex", "\ud800", "surrogate", ""),
    ],
)
def test_an_operand_that_the_operator_cannot_use_is_refused(op: str, operand: Any, message: str, hint: str) -> None:
    with pytest.raises(OperandWrong) as refused:
        compile_test(op, operand)
    assert message in refused.value.message
    assert hint in refused.value.hint


def test_a_refused_expression_writes_nothing_to_the_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(OperandWrong):
        compile_test("regex", "(unclosed")
    assert capfd.readouterr() == ("", "")


def test_a_hostile_text_takes_no_time() -> None:
    assert compile_test("regex", "(x+x+)+y")("x" * 200_000) is False


@pytest.mark.parametrize(
    ("arguments", "path", "found"),
    [
        ({"a": 1}, ("a",), 1),
        ({"a": {"b": {"c": None}}}, ("a", "b", "c"), None),
        ({"a": MappingProxyType({"b": 2})}, ("a", "b"), 2),
        (MappingProxyType({"a": 1}), ("a",), 1),
        ({}, ("a",), ABSENT),
        ({"a": {}}, ("a", "b"), ABSENT),
        ({"a": None}, ("a", "b"), ABSENT),
        ({"a": "text"}, ("a", "b"), ABSENT),
        ({"a": [1, 2]}, ("a", "0"), ABSENT),
        ({"a": [{"b": 1}]}, ("a", "b"), ABSENT),
        ({"a.b": 1}, ("a", "b"), ABSENT),
        ({"A": 1}, ("a",), ABSENT),
    ],
)
def test_a_path_walks_objects_only(arguments: Any, path: tuple[str, ...], found: Any) -> None:
    assert find(arguments, path) is found or find(arguments, path) == found


@pytest.mark.parametrize(
    ("value", "number"), [(1, True), (0.5, True), (math.inf, True), (math.nan, False), (True, False), ("1", False)]
)
def test_booleans_and_nan_are_no_numbers(value: Any, number: bool) -> None:
    assert is_number(value) is number


@given(JSON)
def test_every_value_equals_itself(value: Any) -> None:
    assert json_equal(value, value)


@given(JSON, JSON)
def test_equality_has_no_direction(first: Any, second: Any) -> None:
    assert json_equal(first, second) is json_equal(second, first)


@given(JSON, JSON)
def test_an_operator_and_its_opposite_never_agree(operand: Any, argument: Any) -> None:
    assert compile_test("eq", operand)(argument) is not compile_test("neq", operand)(argument)
    assert compile_test("in", [operand])(argument) is not compile_test("not_in", [operand])(argument)
    assert compile_test("in", [operand])(argument) is compile_test("eq", operand)(argument)
