"""Reading JSON with the place of everything in it, and saying where and why a text is none."""

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approver.policy import positions
from approver.policy.positions import DEPTH_LIMIT, read, spans

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(JSON, st.sampled_from([None, 1]), st.booleans())
def test_it_reads_what_the_standard_library_reads(value: Any, indent: int | None, ascii_only: bool) -> None:
    reading = read(json.dumps(value, indent=indent, ensure_ascii=ascii_only))
    assert reading.root is not None and reading.broken is None and reading.duplicates == ()
    assert reading.root.value == json.loads(reading.text)


@given(JSON)
def test_each_pointer_leads_to_the_text_of_its_value(value: Any) -> None:
    text = json.dumps(value, indent=2)
    root = read(text).root
    assert root is not None
    for pointer, (start, end) in spans(root).items():
        assert json.loads(text[start:end]) == _at(value, pointer)


def _at(value: Any, pointer: str) -> Any:
    for step in pointer.split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        value = value[int(key)] if isinstance(value, list) else value[key]
    return value


@given(st.text() | st.binary())
def test_whatever_is_read_the_answer_is_a_value_or_a_reason(raw: str | bytes) -> None:
    reading = read(raw)
    assert (reading.root is None) is (reading.broken is not None)


@given(st.text(alphabet='{}[]",:\\ 01-.eEtrufalsn\n', max_size=30))
def test_it_refuses_what_the_standard_library_refuses(text: str) -> None:
    try:
        json.loads(text)
    except json.JSONDecodeError:
        assert read(text).broken is not None
    else:
        assert read(text).broken is None


BROKEN = [
    ("", 0, "ends too early", "missing"),
    ("  \n ", 4, "ends too early", "missing"),
    ("[", 1, "ends too early", "missing"),
    ("[1", 2, 'expected "," or "]"', ""),
    ("[1 2]", 3, 'expected "," or "]"', ""),
    ("[1,]", 2, "comma stands before the end", "Remove the comma"),
    ('{"a": 1,}', 7, "comma stands before the end", "Remove the comma"),
    ('{"a" 1}', 5, 'expected ":"', ""),
    ("{a: 1}", 1, "expected a key in double quotes", ""),
    ("{'a': 1}", 1, "expected a key in double quotes", "double quotes"),
    ('{"a": 1 "b": 2}', 8, 'expected "," or "}"', ""),
    ("{} {}", 3, "more text after the end", ""),
    ("{} // note", 3, "more text after the end", "no comments"),
    ("# note\n{}", 0, "expected a value", "no comments"),
    ("['a']", 1, "expected a value", "double quotes"),
    ("[“a”]", 1, "expected a value", "typographic"),
    ("[”a”]", 1, "expected a value", "typographic"),
    ("[+1]", 1, "expected a value", "plus sign"),
    ("[.5]", 1, "expected a value", "digit before"),
    ("[-]", 1, "expected a value", ""),
    ("[01]", 1, "no JSON number", "no zeros in front"),
    ("[1.]", 1, "no JSON number", ""),
    ("[1_000]", 1, "no JSON number", ""),
    ("[0x10]", 1, "no JSON number", ""),
    ("[True]", 1, "True is not JSON", "Did you mean true?"),
    ("[None]", 1, "None is not JSON", "Did you mean null?"),
    ("[NULL]", 1, "NULL is not JSON", "Did you mean null?"),
    ("[undefined]", 1, "undefined is not JSON", "Did you mean null?"),
    ("[deny]", 1, "deny is not JSON", "double quotes"),
    ('["a]', 1, "no closing quote", ""),
    ('["a\nb"]', 3, "line break or control character", "closing quote"),
    ('["\\n\t"]', 4, "line break or control character", "closing quote"),
    ('["C:\\dir"]', 4, "backslash", "written twice"),
    ('["\\u12"]', 2, "backslash", "written twice"),
    ("\ufeff{}", 0, "byte order mark", "without a byte order mark"),
]


@pytest.mark.parametrize(("text", "offset", "message", "hint"), BROKEN)
def test_the_place_where_the_text_stops_being_json_is_told(text: str, offset: int, message: str, hint: str) -> None:
    broken = read(text).broken
    assert broken is not None
    assert (broken.offset, broken.pointer) == (offset, "")
    assert message in broken.message
    assert hint in broken.hint


@pytest.mark.parametrize(
    ("raw", "offset", "hint"),
    [
        (b'{"a": "caf\xe9"}', 10, "Save the file as UTF-8."),
        ('{"é": "'.encode() + b'\xff"}', 7, "Save the file as UTF-8."),
        ("{}".encode("utf-16"), 0, "UTF-16"),
    ],
)
def test_text_that_is_not_utf_8_is_told_with_its_place(raw: bytes, offset: int, hint: str) -> None:
    broken = read(raw).broken
    assert broken is not None
    assert broken.offset == offset
    assert "not UTF-8" in broken.message
    assert hint in broken.hint


def test_bytes_with_a_byte_order_mark_are_told() -> None:
    broken = read("\ufeff{}".encode()).broken
    assert broken is not None
    assert "byte order mark" in broken.message


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_nesting_has_a_bound_and_no_depth_exhausts_the_stack(opening: str) -> None:
    closing = "]" if opening == "[" else "}"
    assert read(opening * DEPTH_LIMIT + "1" + closing * DEPTH_LIMIT).broken is None
    broken = read(opening * 100_000).broken
    assert broken is not None
    assert "nested" in broken.message


def test_a_text_that_is_far_too_long_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(positions, "SIZE_LIMIT", 10)
    assert read("[1,2,3,45]").broken is None
    broken = read("[1,2,3,456]").broken
    assert broken is not None
    assert "longer than 10" in broken.message


def test_an_unclosed_string_of_many_parts_takes_no_time() -> None:
    assert read('"' + "a\\n" * 100_000).broken is not None


def test_keys_that_stand_twice_are_told_with_pointer_and_place() -> None:
    reading = read('{"a": 1, "b~/": [{"x": 1, "x": 2}], "a": 3}')
    assert [(fault.pointer, fault.offset) for fault in reading.duplicates] == [("/b~0~1/0/x", 26), ("/a", 36)]
    assert reading.root is not None
    assert reading.root.value == {"a": 3, "b~/": [{"x": 2}]}
    assert [member.key for member in reading.root.members] == ["a", "b~/", "a"]
    assert spans(reading.root)["/a"] == (41, 42)


def test_keys_that_are_the_same_once_their_escapes_are_read_stand_twice() -> None:
    assert [fault.pointer for fault in read('{"a": 1, "\\u0061": 2}').duplicates] == ["/a"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("NaN", math.nan),
        ("Infinity", math.inf),
        ("-Infinity", -math.inf),
        ("1e999", math.inf),
        ("-1e999", -math.inf),
        ("9" * 401, math.inf),
        ("-" + "9" * 401, -math.inf),
        ("9" * 10_000, math.inf),
        ('"\\ud800"', "\ud800"),
        ('"\\udc00\\ud800"', "\udc00\ud800"),
    ],
)
def test_values_that_cannot_be_relied_on_are_told_and_reading_goes_on(text: str, value: Any) -> None:
    reading = read(f'{{"a": [0, {text}], "b": 1}}')
    assert [(fault.pointer, fault.offset) for fault in reading.odd] == [("/a/1", 10)]
    assert reading.root is not None
    found = reading.root.value["a"][1]
    assert found == value or (math.isnan(found) and math.isnan(value))


def test_half_a_character_in_a_key_is_told() -> None:
    assert [fault.pointer for fault in read('{"\\ud800": 1}').odd] == ["/\ud800"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("-0", 0),
        ("-0.0", -0.0),
        ("1e2", 100.0),
        ("1E-2", 0.01),
        ("9" * 400, int("9" * 400)),
        ('"\\ud83d\\ude00"', "😀"),
    ],
)
def test_unusual_but_sound_values_are_read(text: str, value: Any) -> None:
    reading = read(text)
    assert reading.odd == ()
    assert reading.root is not None
    assert (reading.root.value, type(reading.root.value)) == (value, type(value))


def test_lines_and_columns_count_from_one() -> None:
    reading = read('{\n  "é": 1,\r\n  "b": 2\n}')
    places = [reading.locate(reading.text.index(mark)) for mark in ("{", '"é"', '"b"', "2", "}")]
    assert places == [(1, 1), (2, 3), (3, 3), (3, 8), (4, 1)]
