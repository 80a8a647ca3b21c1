"""Argument names that some servers take one for the other."""

from typing import Any

import pytest

from approver.approvals.namesakes import namesakes


@pytest.mark.parametrize(
    ("arguments", "pairs"),
    [
        ({"path": 1, "content": 2}, ()),
        ({"path": 1, "PATH": 2, "Path": 3}, (("path", "PATH"), ("path", "Path"))),
        ({"a": [{"b": {"key": 1, "Key": 2}}]}, (("key", "Key"),)),
        ({"a": {"key": 1}, "b": {"KEY": 1}}, ()),
        ({"a": [{"k": 1, "K": 2}, {"k": 1, "K": 2}]}, (("k", "K"),)),
        ({"key": 1, "\u212aey": 2}, (("key", "\u212aey"),)),
    ],
)
def test_names_that_stand_together_and_differ_only_in_case(arguments: dict[str, Any], pairs: Any) -> None:
    assert namesakes(arguments, {}) == pairs


@pytest.mark.parametrize(
    ("arguments", "pairs"),
    [
        ({"PATH": 1}, (("PATH", "path"),)),
        ({"path": 1}, ()),
        ({"path": 1, "PATH": 2}, (("path", "PATH"),)),
        ({"other": 1}, ()),
    ],
)
def test_a_name_that_is_the_servers_but_for_case(arguments: dict[str, Any], pairs: Any) -> None:
    assert namesakes(arguments, {"properties": {"path": {}}}) == pairs


def test_what_a_server_says_may_have_any_shape() -> None:
    assert namesakes({"PATH": 1}, {"properties": ["path"]}) == ()


@pytest.mark.parametrize("name", ["x", "X"])
def test_a_server_that_tells_names_apart_itself_is_no_reason_for_caution(name: str) -> None:
    assert namesakes({name: 1}, {"properties": {"x": {}, "X": {}}}) == ()


def test_arguments_however_deep_are_looked_at() -> None:
    deep: dict[str, Any] = {"a": 1, "A": 2}
    for _ in range(5000):
        deep = {"in": deep}
    assert namesakes(deep, {}) == (("a", "A"),)
