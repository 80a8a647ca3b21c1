"""Judges one argument by one operator: the meaning of `eq`, `lt`, `regex` and the others.

A policy's operand goes in once and becomes a `Test`; a call's argument goes into the test and comes out as true, false
or None, which says that the operator cannot judge a value of this type. What None and an absent argument mean for a
rule is not decided here (see `rules`).
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeGuard

import re2  # type: ignore[import-untyped]  # google-re2 ships no types

from approver.policy import wording

ABSENT: Final = object()
"""What `find` gives where the path leads nowhere."""
PATTERN_LIMIT = 10_000
"""Characters of a regular expression."""
PATTERN_MEMORY = 8 * 1024 * 1024
"""Bytes that one compiled expression may take, and again while it runs; beyond that RE2 gets slower, never wrong."""

Test = Callable[[Any], bool | None]
"""Says whether the operator holds for an argument; None: it cannot judge a value of this type."""


class OperandWrong(ValueError):
    """The operator cannot work with this operand."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def find(arguments: Mapping[str, Any], steps: tuple[str, ...]) -> Any:
    """The argument at the path, or ABSENT. Only objects are walked: a list has no names."""
    found: Any = arguments
    for step in steps:
        if not isinstance(found, dict) and not isinstance(found, Mapping):
            return ABSENT
        found = found.get(step, ABSENT)
    return found


def compile_test(op: str, operand: Any) -> Test:
    """The operator with its operand. Raises `OperandWrong`."""
    return _BUILDERS[op](operand)


def is_number(value: Any) -> TypeGuard[float]:
    """Whether it is a JSON number: booleans and NaN are none."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value == value


def json_equal(first: Any, second: Any) -> bool:
    """Whether two values are the same JSON: 1 equals 1.0, true does not equal 1, depth counts."""
    if isinstance(first, bool) or isinstance(second, bool):
        return first is second
    if isinstance(first, (list, tuple)):
        return isinstance(second, (list, tuple)) and len(first) == len(second) and all(map(json_equal, first, second))
    if isinstance(first, Mapping):
        return (
            isinstance(second, Mapping)
            and first.keys() == second.keys()
            and all(json_equal(value, second[key]) for key, value in first.items())
        )
    return bool(first == second)


def _equal(operand: Any) -> Test:
    return lambda found: json_equal(operand, found)


def _not_equal(operand: Any) -> Test:
    return lambda found: not json_equal(operand, found)


def _ordered(compare: Callable[[float, float], bool]) -> Callable[[Any], Test]:
    def build(operand: Any) -> Test:
        if not is_number(operand):
            hint = "Write the number without quotes." if isinstance(operand, str) else ""
            raise OperandWrong(f"a number is needed to compare with, not {wording.kind_of(operand)}", hint)
        return lambda found: compare(found, operand) if is_number(found) else None

    return build


def _one_of(operand: Any) -> Test:
    if not isinstance(operand, list):
        hint = f"Write [{wording.quote(operand)}]." if not isinstance(operand, dict) else ""
        raise OperandWrong(f"a list is needed, not {wording.kind_of(operand)}", hint)
    texts = frozenset(each for each in operand if isinstance(each, str))
    others = tuple(each for each in operand if not isinstance(each, str))

    def test(found: Any) -> bool:
        if isinstance(found, str):
            return found in texts
        return any(json_equal(each, found) for each in others)

    return test


def _none_of(operand: Any) -> Test:
    is_one_of = _one_of(operand)
    return lambda found: not is_one_of(found)


def _exists(operand: Any) -> Test:
    if not isinstance(operand, bool):
        raise OperandWrong(f"true or false is needed, not {wording.kind_of(operand)}")
    return lambda found: (found is not ABSENT and found is not None) == operand


def _matches(operand: Any) -> Test:
    search = _compile_pattern(operand).search

    def test(found: Any) -> bool | None:
        if not isinstance(found, str):
            return None
        try:
            encoded = found.encode("utf-8")
        except UnicodeEncodeError:  # half a surrogate pair is no text that RE2 can search, so it is not judged at all
            return None
        return search(encoded) is not None

    return test


def _contains(operand: Any) -> Test:
    def test(found: Any) -> bool | None:
        if isinstance(found, str):
            return operand in found if isinstance(operand, str) else None
        if isinstance(found, (list, tuple)):
            return any(json_equal(operand, each) for each in found)
        return None

    return test


def _compile_pattern(pattern: Any) -> Any:
    if not isinstance(pattern, str):
        raise OperandWrong(f"a regular expression in quotes is needed, not {wording.kind_of(pattern)}")
    if len(pattern) > PATTERN_LIMIT:
        raise OperandWrong(f"the regular expression is longer than {PATTERN_LIMIT} characters")
    options = re2.Options()
    options.log_errors = False
    options.never_capture = True
    options.max_mem = PATTERN_MEMORY
    try:
        return re2.compile(pattern.encode("utf-8"), options)
    except UnicodeEncodeError:
        raise OperandWrong("the regular expression has half of a surrogate pair, which is no character") from None
    except re2.error as error:
        reason = error.args[0].decode("utf-8", "replace")
        raise OperandWrong(f"the regular expression does not compile: {reason}", _pattern_hint(reason)) from None


def _pattern_hint(reason: str) -> str:
    if "perl operator" in reason or "escape sequence" in reason:
        return "RE2 has no look-around and no back-references, so that every search takes linear time."
    if "too large" in reason or "repetition size" in reason:
        return "Repeat less: an expression's size is bounded, so that every search is fast."
    return ""


_BUILDERS: dict[str, Callable[[Any], Test]] = {
    "eq": _equal,
    "neq": _not_equal,
    "lt": _ordered(lambda found, operand: found < operand),
    "lte": _ordered(lambda found, operand: found <= operand),
    "gt": _ordered(lambda found, operand: found > operand),
    "gte": _ordered(lambda found, operand: found >= operand),
    "in": _one_of,
    "not_in": _none_of,
    "exists": _exists,
    "regex": _matches,
    "contains": _contains,
}
OPERATORS = tuple(_BUILDERS)
