"""A change to one thing in a policy's text leaves everything else where and as it was."""

import json
from typing import Any

import pytest

from approver.policy.edits import put, put_item, remove, remove_item
from approver.policy.positions import read

TEXT = """{
  "version": "1",  "default":"deny",
    "tools": {
        "a": {},
        "b" : {"limits": []}
    }
}
"""


def put_in(text: str, path: tuple[str, ...], value: Any) -> str:
    edit = put(read(text), path, value)
    assert edit is not None
    return edit.applied(text)


def removed_from(text: str, *path: str) -> str:
    edit = remove(read(text), path)
    assert edit is not None
    return edit.applied(text)


def test_a_value_is_replaced_in_its_place() -> None:
    assert put_in(TEXT, ("default",), "allow") == TEXT.replace('"deny"', '"allow"')
    assert put_in(TEXT, ("tools", "b"), {"é": 1}) == TEXT.replace('{"limits": []}', '{"é": 1}')


def test_a_new_member_goes_last_with_the_others_indentation() -> None:
    assert put_in(TEXT, ("tools", "c"), {}) == TEXT.replace("[]}\n", '[]},\n        "c": {}\n')


def test_a_new_member_of_a_line_stays_on_the_line() -> None:
    assert put_in('{"a": 1, "b": 2}', ("c",), 3) == '{"a": 1, "b": 2, "c": 3}'


def test_an_empty_object_is_opened() -> None:
    assert put_in("{}", ("tools", "a"), {}) == '{\n  "tools": {"a": {}}\n}'
    text = '{\n\t"tools": {}\n}'
    assert put_in(text, ("tools", "a"), {}) == '{\n\t"tools": {\n\t  "a": {}\n\t}\n}'


def test_of_duplicate_keys_the_one_that_counts_is_changed() -> None:
    assert put_in('{"a": 1, "a": 2}', ("a",), 3) == '{"a": 1, "a": 3}'


@pytest.mark.parametrize("text", ["{", "[]", '{"tools": 3}', '"x"'])
def test_where_there_is_no_place_nothing_is_changed(text: str) -> None:
    assert put(read(text), ("tools", "a"), {}) is None
    assert remove(read(text), ("tools", "a")) is None


def test_a_member_goes_with_its_comma() -> None:
    assert removed_from('{"a": 1, "b": 2, "c": 3}', "b") == '{"a": 1, "c": 3}'
    assert removed_from('{"a": 1, "b": 2}', "a") == '{"b": 2}'
    assert removed_from(TEXT, "tools", "b") == TEXT.replace(',\n        "b" : {"limits": []}', "")


def test_the_last_member_leaves_an_empty_object() -> None:
    assert removed_from('{"tools": {\n "a": {} }}', "tools", "a") == '{"tools": {}}'


def test_what_is_not_there_is_not_removed() -> None:
    assert remove(read(TEXT), ("tools", "none")) is None
    assert remove(read(TEXT), ("none", "a")) is None


def test_every_result_is_json_that_says_what_was_put() -> None:
    for path in (("default",), ("tools", "x*"), ("hide",), ("all_tools", "limits")):
        found = json.loads(put_in(TEXT, path, [1]))
        for key in path:
            found = found[key]
        assert found == [1]


LIST = '{"a": [\n  1,\n  {"b": []}\n]}'


@pytest.mark.parametrize(
    ("path", "index", "expected"),
    [
        (("a",), 0, LIST.replace("1", "9")),
        (("a",), 2, '{"a": [\n  1,\n  {"b": []},\n  9\n]}'),
        (("a",), 3, None),
        (("a",), -1, None),
        ((), 0, None),
        (("c",), 0, None),
    ],
)
def test_an_item_is_set_in_its_place_or_added_last(path: tuple[str, ...], index: int, expected: str | None) -> None:
    edit = put_item(read(LIST), path, index, 9)
    assert (edit.applied(LIST) if edit is not None else None) == expected


def test_an_item_is_added_to_an_empty_list_and_on_a_line_of_its_list() -> None:
    for text, expected in (('{"a": []}', '{"a": [9]}'), ('{"a": [1, 2]}', '{"a": [1, 2, 9]}')):
        edit = put_item(read(text), ("a",), text.count("1") * 2, 9)
        assert edit is not None
        assert edit.applied(text) == expected


@pytest.mark.parametrize(
    ("text", "index", "expected"),
    [
        ('{"a": [1, 2, 3]}', 1, '{"a": [1, 3]}'),
        ('{"a": [1, 2, 3]}', 0, '{"a": [2, 3]}'),
        ('{"a": [ 1 ]}', 0, '{"a": []}'),
        ('{"a": [1]}', 1, None),
        ('{"b": [1]}', 0, None),
    ],
)
def test_an_item_is_taken_away_with_one_comma(text: str, index: int, expected: str | None) -> None:
    edit = remove_item(read(text), ("a",), index)
    assert (edit.applied(text) if edit is not None else None) == expected
