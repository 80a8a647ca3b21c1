"""JSON files of clients, changed in places."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from approver.clients.json_text import JsonText, NotReadable
from approver.clients.lenient_json import read_lenient

OURS = {"command": "/a", "args": ["connect", "x"], "env": None, "url": None}


def changed(text: str, path: tuple[str, ...] = ("s",), members: dict[str, Any] | None = None) -> str:
    return JsonText.of(text).with_members(path, OURS if members is None else members)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('{"s": {"command":"b","args":[],"env":{}}}', '{"s": {"command":"/a","args":["connect", "x"]}}'),
        ('{"s": {"env": {}, "command": "b"}}', '{"s": {"command": "/a", "args": ["connect", "x"]}}'),
        ('{"s": {}}', '{"s": {"command": "/a", "args": ["connect", "x"]}}'),
        (
            '{\n\t"s": {\n\t\t"url": "u", // address\n\t\t"on": true, // kept\n\t},\n}\n',
            '{\n\t"s": {\n\t\t"on": true, // kept\n\t\t"command": "/a",\n\t\t"args": ["connect", "x"],\n\t},\n}\n',
        ),
        (
            '{\r\n  "s": {\r\n    "command": "b", /* one */\r\n    "env": {"K": "v"}\r\n  }\r\n}\r\n',
            '{\r\n  "s": {\r\n    "command": "/a", /* one */\r\n    "args": ["connect", "x"]\r\n  }\r\n}\r\n',
        ),
    ],
)
def test_members_are_set_and_taken_away_and_all_else_stays(before: str, after: str) -> None:
    assert changed(before) == after
    assert read_lenient(after)["s"]["command"] == "/a"


def test_an_empty_file_has_no_servers() -> None:
    assert JsonText.of("").value == {}
    with pytest.raises(NotReadable, match="there is no s"):
        changed("{}")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{"a" 1}', "line 1, column 6"),
        ('{"a": 1, "a": 2}', "second time"),
        ("[1]", "no object at its top"),
        ('{"s": "text"}', "an entry in it is no object"),
    ],
)
def test_what_does_not_load_is_refused_with_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(NotReadable, match=sentence):
        changed(text)


names = st.text(st.characters(codec="utf-8", exclude_characters="\ufeff"), max_size=8)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | names,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=8,
)
documents = st.fixed_dictionaries(
    {"before": values, "s": st.dictionaries(st.sampled_from(["command", "args", "env", "url", "x"]), values)},
    optional={"after": values},
)


@given(documents, st.sampled_from([None, 2, 4, "\t"]), st.booleans())
@settings(max_examples=60)
def test_whatever_stands_around_an_entry_stays_byte_for_byte(document: Any, indent: Any, commented: bool) -> None:
    text = json.dumps(document, indent=indent, ensure_ascii=False)
    if commented and indent is not None:
        text = "\n".join(f"{line} // {number}, it" for number, line in enumerate(text.split("\n")))
    start, end = JsonText.of(text).extent(("s",)) or (0, 0)
    after = changed(text)
    assert after.startswith(text[:start]) and after.endswith(text[end:])
    expected = {key: value for key, value in {**document["s"], **OURS}.items() if key not in OURS or value is not None}
    assert JsonText.of(after).value == {**document, "s": expected}
