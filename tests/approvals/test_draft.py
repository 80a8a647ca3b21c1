"""Drafts: what is left alone is sent as it came, secrets included, and what cannot be sent is told at its place."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from approver.approvals.argument_form import Kind, as_json
from approver.approvals.draft import Draft, draft_of, judge, placed, read_text
from approver.differences import ABSENT

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
TEXTS = st.text(st.characters(exclude_categories=["Cs"])) | st.sampled_from(["Bearer abcdefgh1", "a\u202eb"])
ARGUMENTS = st.dictionaries(
    st.sampled_from(["path", "password", "x", "\u202e"]),
    st.recursive(
        SCALARS | TEXTS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=2)
    ),
)
SECRET = {"path": "/a", "password": "hunter2", "pin": 1234, "n": 1}
SCHEMA = {"properties": {"n": {"type": "integer"}, "pin": {"type": "integer"}}}


def plain(context: str, text: str) -> str:
    return text


def through_json(draft: Draft, change: str = "", to: str = "") -> Draft:
    made, problems = read_text(as_json(draft.current).replace(change, to), draft, plain)
    assert problems == ()
    assert made is not None
    return made


@given(ARGUMENTS, st.booleans())
@settings(max_examples=100)
def test_a_draft_that_nobody_changed_changes_nothing_in_either_view(arguments, reveal) -> None:
    draft = draft_of(arguments, {}, reveal=reveal)
    for one in (draft, through_json(draft), draft.revealing(True), draft.revealing(False)):
        assert judge(one, plain).arguments is None
        assert judge(one, plain).problems == ()


@given(ARGUMENTS)
@settings(max_examples=60)
def test_beside_a_change_all_else_is_the_very_same(arguments) -> None:
    draft = draft_of(arguments, {}, reveal=False)
    for made in (draft, through_json(draft)):
        sent = judge(made.with_value(("new",), 1.0), plain).arguments
        assert json.dumps(sent) == json.dumps({**arguments, "new": 1.0})


def test_secrets_stay_until_they_are_written_anew() -> None:
    draft = draft_of(SECRET, SCHEMA, reveal=False)
    assert "hunter2" not in as_json(draft.current)
    assert judge(through_json(draft, "/a", "/b"), plain).arguments == {**SECRET, "path": "/b"}
    anew = judge(draft.with_value(("password",), "swordfish"), plain)
    assert anew.arguments == {**SECRET, "password": "swordfish"}


def test_covers_come_and_go_without_a_change() -> None:
    draft = draft_of(SECRET, SCHEMA, reveal=False).with_value(("path",), "/b").with_value(("pin",), 99)
    shown = draft.revealing(True)
    assert shown.current == {**SECRET, "path": "/b", "pin": 99}
    assert shown.revealing(False).current == draft.current
    assert shown.revealing(False).untouched_covers == (("password",),)


def test_a_covered_number_is_typed_as_a_number() -> None:
    draft = draft_of(SECRET, SCHEMA, reveal=False)
    assert {field.name: field.kind for field in draft.form.fields}["pin"] is Kind.WHOLE


def test_a_cover_that_would_be_sent_is_a_problem() -> None:
    judged = judge(draft_of(SECRET, {}, reveal=False).with_value(("path",), "••• (7 characters hidden)!"), plain)
    assert [problem.pointer for problem in judged.problems] == ["/path"]
    assert "covered" in str(judged.problems[0])


def test_what_was_wrong_already_need_not_be_mended() -> None:
    draft = draft_of({"n": "one", "m": 1}, {**SCHEMA, "required": ["k"]}, reveal=False)
    assert judge(draft, plain).problems == ()
    judged = judge(draft.with_value(("m",), 2), plain)
    assert [remark.pointer for remark in judged.remarks] == ["/n", "/k"]
    assert judged.problems == ()
    assert judge(draft.with_value(("n",), 1.5), plain).problems == ()  # the same mistake as before
    fresh = draft_of({"n": 1}, SCHEMA, reveal=False).with_value(("n",), "one")
    assert [problem.pointer for problem in judge(fresh, plain).problems] == ["/n"]


def test_taking_out_and_the_order_of_keys() -> None:
    draft = draft_of({"a": 1, "b": 2}, {}, reveal=False)
    assert judge(draft.with_value(("a",), ABSENT), plain).arguments == {"b": 2}
    assert judge(draft.with_all({"b": 2, "a": 1}), plain).arguments is None


@pytest.mark.parametrize(
    ("text", "line", "column", "what"),
    [
        ('{\n  "a": 1,\n}', 2, 9, "comma"),
        ('{"a": 1, "a": 2}', 1, 10, "second time"),
        ('{"a": NaN}', 1, 7, "NaN"),
        ("[1]", 1, 1, "object"),
        ("", 1, 1, "ends"),
    ],
)
def test_what_is_no_object_in_json_is_told_with_line_and_column(text, line, column, what) -> None:
    made, (problem, *_) = read_text(text, draft_of({}, {}, reveal=False), plain)
    assert made is None
    assert (problem.line, problem.column) == (line, column)
    assert what in problem.message


def test_problems_have_their_place_in_the_text() -> None:
    draft = draft_of({"n": 1}, {**SCHEMA, "required": ["k"]}, reveal=False).with_value(("n",), "x")
    text = as_json(draft.current)
    judged = judge(draft, plain)
    assert [(p.pointer, p.line, p.column) for p in placed(judged.problems, text)] == [("/n", 2, 8)]
    assert [(p.pointer, p.line) for p in placed(judged.remarks, text)] == [("/k", 1)]
    assert placed(judged.problems, "{") == judged.problems
