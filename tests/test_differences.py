"""Differences of JSON values: nothing that is written otherwise is missed, and nothing else is told."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from approver.differences import ABSENT, changed_paths, from_pointer, look_up, pointer, replaced, same

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
)
OBJECTS = st.dictionaries(st.text(max_size=3), JSON, max_size=4)


def written(value: object) -> str:
    return json.dumps(value, sort_keys=True)


@given(JSON, JSON)
@settings(max_examples=60)
def test_values_are_the_same_if_they_are_written_alike(one, other) -> None:
    assert same(one, other) == (written(one) == written(other))
    assert same(one, json.loads(json.dumps(one)))


@pytest.mark.parametrize(
    ("one", "other"),
    [(1, 1.0), (True, 1), (0.0, -0.0), (10**30, 1e30), ("1", 1), (None, False), ([1], [1.0]), ([], {}), ([1], [1, 1])],
)
def test_what_merely_counts_as_equal_is_not_the_same(one, other) -> None:
    assert not same({"a": one}, {"a": other})


def test_the_order_of_keys_is_no_difference() -> None:
    assert same({"a": 1, "b": {"c": 2, "d": 3}}, {"b": {"d": 3, "c": 2}, "a": 1})


@given(OBJECTS, OBJECTS)
@settings(max_examples=60)
def test_what_differs_put_in_turns_one_into_the_other(before, after) -> None:
    made = before
    for path in changed_paths(before, after):
        made = replaced(made, path, look_up(after, path))
    assert same(made, after)


@given(OBJECTS, OBJECTS)
@settings(max_examples=60)
def test_pointers_lead_back_to_their_paths(before, after) -> None:
    for path in changed_paths(before, after):
        assert from_pointer(pointer(path), after, before) == path


def test_each_place_is_named_once_in_the_order_of_what_is_sent() -> None:
    before = {"z": 1, "gone": {"x": 1}, "same": [1, 2], "list": [1, 2], "deep": [{"a": 1}, {"a": 2}]}
    after = {"new": None, "z": 2, "same": [1, 2], "list": [1, 3], "deep": [{"a": 1}, {"a": 3}]}
    assert changed_paths(before, after) == (("new",), ("z",), ("list",), ("deep", 1, "a"), ("gone",))


def test_lists_of_other_lengths_differ_as_a_whole() -> None:
    assert changed_paths({"a": [{}]}, {"a": [{}, {}]}) == (("a",),)


@pytest.mark.parametrize(("path", "found"), [(("a", 0), 1), (("a", 5), ABSENT), (("a", "0"), ABSENT), (("x",), ABSENT)])
def test_a_path_leads_to_a_value_or_nowhere(path, found) -> None:
    assert look_up({"a": [1]}, path) is found


def test_what_is_not_replaced_is_the_very_same() -> None:
    kept, value = [1.0], {"b": [{"c": 1}, 2], "d": 3}
    value["kept"] = kept
    made = replaced(value, ("b", 0, "c"), 9)
    assert made == {"b": [{"c": 9}, 2], "d": 3, "kept": [1.0]}
    assert made["kept"] is kept
    assert list(made) == list(value)
    assert value["b"] == [{"c": 1}, 2]


def test_members_can_be_added_and_taken_out() -> None:
    assert replaced({"a": 1}, ("n", "m"), 2) == {"a": 1, "n": {"m": 2}}
    assert replaced({"a": 1, "b": 2}, ("a",), ABSENT) == {"b": 2}


def test_depth_does_no_harm() -> None:
    deep: object = 1
    other: object = 2
    for _ in range(5000):
        deep, other = {"a": deep}, {"a": other}
    assert [len(path) for path in changed_paths(deep, other)] == [5000]
