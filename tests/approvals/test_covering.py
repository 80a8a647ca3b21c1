"""Covered values: what is left alone comes back exactly, and no mask is sent in place of what it hides."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from approver.approvals.covering import uncover
from approver.masking import mask_arguments

SCALARS = (
    st.none() | st.integers() | st.floats(allow_nan=False) | st.sampled_from(["", "x", "••• (3 characters hidden)"])
)
KEYS = st.sampled_from(["path", "password", "api_key", "a"])
ARGUMENTS = st.dictionaries(
    KEYS, st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3))
)


@given(ARGUMENTS)
@settings(max_examples=80)
def test_what_was_not_touched_is_what_the_client_sent(arguments) -> None:
    real, left = uncover(mask_arguments(arguments), arguments, mask_arguments(arguments))
    assert json.dumps(real) == json.dumps(arguments)
    assert left == ()


ORIGINAL = {"password": "hunter2", "headers": [{"name": "Authorization", "value": "Bearer abcdefgh1"}], "n": 1}


def test_what_is_written_anew_is_sent_and_the_rest_comes_back() -> None:
    edited = {**mask_arguments(ORIGINAL), "n": 2, "password": "swordfish"}
    real, left = uncover(edited, ORIGINAL, mask_arguments(ORIGINAL))
    assert real == {**ORIGINAL, "n": 2, "password": "swordfish"}
    assert left == ()


@pytest.mark.parametrize(
    ("edited", "where"),
    [
        ({"other": "••• (7 characters hidden)"}, ("other",)),
        ({"password": "••• (7 characters hidden)x"}, ("password",)),
        ({"list": ["a", "see ••• (hidden)"]}, ("list", 1)),
    ],
)
def test_a_mask_at_another_place_or_in_other_text_is_told(edited, where) -> None:
    assert uncover(edited, ORIGINAL, mask_arguments(ORIGINAL))[1] == (where,)


def test_once_uncovered_nothing_is_taken_for_a_cover() -> None:
    original = {"note": "••• (7 characters hidden)"}
    assert uncover(original, original, original) == (original, ())
