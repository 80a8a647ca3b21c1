"""JSON as clients' files have it."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from approver.clients.lenient_json import JsonMistake, plain_json, read_lenient

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def mistake_in(text: str) -> JsonMistake:
    found = read_lenient(text)
    assert isinstance(found, JsonMistake)
    return found


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": 1} // the end', {"a": 1}),
        ('/* first\n */ {"a": "http://x/*y*/", /* last */ }', {"a": "http://x/*y*/"}),
        ('{"a": [1, 2, // and\n ], }', {"a": [1, 2]}),
        ('{"a": "say \\"//\\" twice", }', {"a": 'say "//" twice'}),
        ('\ufeff{"a": 1}', {"a": 1}),
        ('Like this\n{"a": 1}', None),
        ('```json\n{"a": 1}\n```\n', {"a": 1}),
        ("  ```\n[1,\n]\n  ```", [1]),
        ('{"a": 1} /* no end', {"a": 1}),
    ],
)
def test_what_clients_allow_is_read(text: str, value: Any) -> None:
    found = read_lenient(text)
    assert found == value if value is not None else isinstance(found, JsonMistake)


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ('{\n  "a": 1\n  "b": 2\n}', (3, 3), "A comma is missing before a text"),
        ('{"a" 1}', (1, 6), "A colon is missing before “1”"),
        ("{\n // a word\n  a: 1}", (3, 3), "A name in double quotes was expected, not “a”"),
        ("{'a': 1}", (1, 2), "Single quotes"),
        ("{“a”: 1}", (1, 2), "“ is no quote of JSON"),
        ('{"a": tru}', (1, 7), "A value was expected, not “t”"),
        ('{"a": {"b": 1}', (1, 15), "It ends too early. Copy it once more"),
        ('{"a": "b}', (1, 7), "has no end"),
        ('{"a": "b\nc"}', (1, 9), "A line ends, or a tab stands, within a text"),
        ('{"a": "C:\\Users"}', (1, 10), 'write two: "C:\\\\Users"'),
        ('{"a": 1}{"b": 2}', (1, 9), "The JSON ends before “{”"),
        ('{"a": \x01}', (1, 7), "A value was expected, not this"),
    ],
)
def test_a_mistake_has_its_place_and_a_hint(text: str, place: tuple[int, int], words: str) -> None:
    mistake = mistake_in(text)
    assert (mistake.line, mistake.column) == place
    assert words in str(mistake)
    assert str(mistake).startswith(f"line {place[0]}, column {place[1]}: ")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (" \n// nothing\n", "There is no text here."),
        ("npx -y some-server", "This is no JSON. It begins with a brace: {"),
        ('{"a": 1, "a": 2}', 'Not valid JSON: "a" stands twice in one object; remove one.'),
        ("[" * 100_000, "Not valid JSON: nested too deeply."),
    ],
)
def test_what_is_wrong_as_a_whole_has_no_place(text: str, sentence: str) -> None:
    assert str(mistake_in(text)) == sentence


@given(VALUES)
@settings(max_examples=30)
def test_json_is_left_as_it_is(value: Any) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=1)
    if "\ufeff" not in text:
        assert plain_json(text) == text


@given(st.text(alphabet='{}[],:"\\/*\n a1`“', max_size=40))
@settings(max_examples=80)
def test_any_text_is_read_or_has_a_mistake_within_it(text: str) -> None:
    assert len(plain_json(text)) == len(text)
    found = read_lenient(text)
    if isinstance(found, JsonMistake):
        assert found.sentence.endswith((".", ": {"))
        assert 0 <= found.line <= text.count("\n") + 1
