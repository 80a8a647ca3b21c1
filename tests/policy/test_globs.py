"""Which names a glob matches, and which of several globs is the closest."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from approver.policy.globs import Glob, closest_first, is_glob

PATTERNS = st.text(alphabet="ab*", max_size=8).filter(is_glob)
NAMES = st.text(alphabet="ab*", max_size=10)


@pytest.mark.parametrize(
    ("pattern", "name", "matches"),
    [
        ("*", "", True),
        ("*", "anything at all", True),
        ("**", "x", True),
        ("browser_*", "browser_click", True),
        ("browser_*", "browser_", True),
        ("browser_*", "browser", False),
        ("browser_*", "my_browser_click", False),
        ("*_file", "read_file", True),
        ("*_file", "read_files", False),
        ("a*a", "a", False),
        ("a*a", "aa", True),
        ("a*b*c", "a-b-c", True),
        ("a*b*c", "acb", False),
        ("a*b*c", "ac", False),
        ("*b*b*", "ab", False),
        ("ab*ba", "aba", False),
        ("a?*", "ab", False),
        ("[ab]*", "a", False),
        ("A*", "abc", False),
        ("a.*", "abc", False),
        ("a*", "a\nb", True),
        ("é*", "éa", True),
    ],
)
def test_a_star_stands_for_any_run_and_everything_else_for_itself(pattern: str, name: str, matches: bool) -> None:
    assert Glob.parse(pattern).matches(name) is matches


@given(PATTERNS, NAMES)
@example("a*a*a", "aa")
def test_a_glob_matches_what_the_same_regular_expression_matches(pattern: str, name: str) -> None:
    expression = ".*".join(map(re.escape, pattern.split("*")))
    assert Glob.parse(pattern).matches(name) is bool(re.fullmatch(expression, name, re.DOTALL))


def test_many_stars_against_a_long_name_take_no_time() -> None:
    assert not Glob.parse("a*" * 200 + "b").matches("a" * 20_000)


def test_most_literal_characters_win_and_then_the_one_written_first() -> None:
    written = ["*", "a*b", "*xy*", "**ab", "abc*"]
    assert [glob.text for glob in closest_first(written)] == ["abc*", "a*b", "*xy*", "**ab", "*"]


@given(st.permutations(["*", "b*", "br*", "*r_*x", "browser_*"]))
def test_globs_of_different_weight_have_one_order_however_they_are_written(written: list[str]) -> None:
    assert [glob.text for glob in closest_first(written)] == ["browser_*", "*r_*x", "br*", "b*", "*"]
