"""What strangers' text looks like once it is made visible."""

import json
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approver import visible
from approver.visible import escape_json, make_editable, make_visible, mark_unseen, without_marks

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()))
MARKED = re.compile("⟨U\\+([0-9A-F]{4,6})⟩|([\u2400-\u241f\u2421])")
NEVER_LEFT = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def read_back(text: str) -> str:
    def original(mark: re.Match[str]) -> str:
        if mark[1]:
            return chr(int(mark[1], 16))
        return "\x7f" if mark[2] == "␡" else chr(ord(mark[2]) - 0x2400)

    return MARKED.sub(original, text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("plain text, 100 %", "plain text, 100 %"),
        ("naïve café – “日本語” 😀 Ελληνικά עברית", "naïve café – “日本語” 😀 Ελληνικά עברית"),
        ("\x1b[2J\x1b]0;title\x07", "␛[2J␛]0;title␇"),
        ("a\tb\r\nc\x00\x7f", "a␉b␍␊c␀␡"),
        ("\x9b31m", "⟨U+009B⟩31m"),
        ("evil\u202egpj.exe", "evil⟨U+202E⟩gpj.exe"),
        ("\u2066isolated\u2069", "⟨U+2066⟩isolated⟨U+2069⟩"),
        ("zero\u200bwidth\ufeff", "zero⟨U+200B⟩width⟨U+FEFF⟩"),
        ("soft\u00adhyphen", "soft⟨U+00AD⟩hyphen"),
        ("\u2028\u2029", "⟨U+2028⟩⟨U+2029⟩"),
        ("no\u00a0break\u3000wide", "no⟨U+00A0⟩break⟨U+3000⟩wide"),
        ("\ud800 alone", "⟨U+D800⟩ alone"),
        ("\ue000 private \U0010ffff", "⟨U+E000⟩ private ⟨U+10FFFF⟩"),
        ("tag\U000e0041", "tag⟨U+E0041⟩"),
        ("vs\ufe0f\U000e0100", "vs⟨U+FE0F⟩⟨U+E0100⟩"),
        ("filler\u3164\u2800", "filler⟨U+3164⟩⟨U+2800⟩"),
        ("⟨U+202E⟩ ␛", "⟨U+27E8⟩U+202E⟨U+27E9⟩ ⟨U+241B⟩"),
        ("␊ ␡ ␠", "⟨U+240A⟩ ⟨U+2421⟩ ␠"),
    ],
)
def test_what_cannot_be_seen_is_shown_as_a_mark(text: str, shown: str) -> None:
    assert make_visible(text) == shown


def test_line_feeds_are_kept_where_they_are_asked_for() -> None:
    assert make_visible("one\r\ntwo\u2028", newlines=True) == "one␍\ntwo⟨U+2028⟩"


@given(ANY_TEXT)
def test_nothing_unseen_is_left(text: str) -> None:
    for keep in (False, True):
        shown = make_visible(text, newlines=keep)
        left = {character for character in shown if unicodedata.category(character) in NEVER_LEFT}
        assert left <= ({"\n"} if keep else set())
        assert {character for character in shown if unicodedata.category(character) == "Zs"} <= {" "}


@given(ANY_TEXT)
def test_the_original_can_be_read_back(text: str) -> None:
    assert read_back(make_visible(text)) == text
    assert read_back(make_visible(text, newlines=True)) == text


@given(st.text("⟨⟩U+0123456789ABCDEF␛␊\x1b\n\u202e"))
def test_no_two_texts_look_the_same(text: str) -> None:
    """The same property where forgeries are likely."""
    assert read_back(make_visible(text)) == text


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E)))
def test_plain_ascii_is_left_alone(text: str) -> None:
    assert make_visible(text) == text


@given(
    st.recursive(ANY_TEXT | st.integers() | st.none(), lambda inner: st.lists(inner) | st.dictionaries(ANY_TEXT, inner))
)
def test_escaped_json_means_the_same_and_hides_nothing(value: object) -> None:
    for indent in (None, 2):
        escaped = escape_json(json.dumps(value, ensure_ascii=False, indent=indent))
        # not compared with the value itself: two lone surrogates that meet are one character in JSON
        assert json.loads(escaped) == json.loads(json.dumps(value))
        assert {c for c in escaped if unicodedata.category(c) in NEVER_LEFT} <= {"\n"}


def test_json_in_other_scripts_stays_readable() -> None:
    assert escape_json('{"é": "日本\u202e\x7f😀\U000e0041"}') == '{"é": "日本\\u202e\\u007f😀\\udb40\\udc41"}'


def test_a_flood_of_different_characters_is_not_remembered_for_ever() -> None:
    flood = "".join(map(chr, range(0x4E00, 0x4E00 + 20_000)))
    assert make_visible(flood) == flood
    assert len(visible._one_line) <= visible._REMEMBERED


@given(st.text(st.characters(codec=None, exclude_categories=())))
def test_what_marks_stand_for_can_be_read_back_exactly(text) -> None:
    assert without_marks(make_visible(text)) == text
    assert without_marks(make_visible(text, newlines=True)) == text
    assert without_marks(make_editable(text)) == text
    assert without_marks(make_editable(text, newlines=True)) == text


@given(st.text(st.characters(codec=None, exclude_categories=())))
def test_marks_that_are_typed_stay_and_what_cannot_be_seen_becomes_one(text) -> None:
    shown = mark_unseen(text)
    assert mark_unseen(shown) == shown
    assert without_marks(shown) == without_marks(text)


def test_a_mark_of_no_character_is_text() -> None:
    assert without_marks("⟨U+FFFFFF⟩ ⟨U+202E⟩ ␡") == "⟨U+FFFFFF⟩ \u202e \x7f"
    assert mark_unseen("⟨x⟩\u202e\n\x1b") == "⟨x⟩⟨U+202E⟩\n⟨U+001B⟩"
    assert make_editable("\x1b\x7f\n␛") == "⟨U+001B⟩⟨U+007F⟩⟨U+000A⟩⟨U+241B⟩"
