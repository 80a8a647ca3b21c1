"""Bounded copies of JSON values."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from approver.shortening import DEPTH, ITEMS, TEXT, shorten

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=30,
)


@given(JSON)
def test_a_small_value_is_copied_whole(value: Any) -> None:
    assert shorten(value) == value


def test_a_long_text_is_cut_between_words_and_says_how_much_is_missing() -> None:
    text = "word " * 10_000
    cut = shorten({"text": text})["text"]
    kept, _, remark = cut.partition("…")
    assert text.startswith(kept) and kept.endswith("word")
    assert remark == f" (+{len(text) - len(kept):,} characters)"


def test_no_half_of_a_secret_at_the_cut_stays() -> None:
    secret = "sk-" + "a" * 200
    text = "x " * ((TEXT - 100) // 2) + secret + " y" * 20_000
    assert "sk-" not in shorten(text)


def test_a_text_without_words_is_cut_all_the_same() -> None:
    assert len(shorten("x" * 1_000_000)) <= TEXT


def test_many_elements_and_members_are_counted_not_kept() -> None:
    many = shorten({"list": list(range(1_000_000)), "more": {str(n): n for n in range(10)}})
    assert many["list"][-1] == f"… (+{1_000_000 - ITEMS + 1:,} elements)".replace(",", "")
    assert many["…"] == "(+1 members)"
    assert len(json.dumps(many)) < 100_000


def test_depth_is_bounded() -> None:
    deep: Any = "bottom"
    for _ in range(5_000):
        deep = [deep]
    text = json.dumps(shorten(deep))
    assert text.count("[") == DEPTH and "nested more deeply" in text
