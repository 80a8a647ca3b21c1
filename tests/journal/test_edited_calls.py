"""Edited calls as the log has them: read back, and nothing read into what somebody tampered with."""

import json

import pytest

from approver.journal.edited_calls import RecordedEdit, edit_in

TOLD = {"arguments": {"a": [1, {"0": 2}]}, "digest": "d", "by": "window", "changed": ["/a/1/0", "/gone"]}


def test_an_edit_is_read_back() -> None:
    edit = edit_in(json.dumps({"edited": TOLD, "repeats": "x"}))
    assert edit == RecordedEdit({"a": [1, {"0": 2}]}, "d", "window", ("/a/1/0", "/gone"))
    assert list(edit.paths({"gone": 1})) == [("a", 1, "0"), ("gone",)]


@pytest.mark.parametrize(
    "detail",
    [
        "",
        '{"repeats":"x"}',
        '{"edited"',
        '["edited"]',
        '{"edited":1}',
        '{"edited":{"arguments":[]}}',
        '{"edited":' + "[" * 100_000,
    ],
)
def test_anything_else_tells_of_none(detail) -> None:
    assert edit_in(detail) is None


def test_what_is_missing_or_of_another_kind_is_empty() -> None:
    assert edit_in('{"edited":{"arguments":{},"changed":7}}') == RecordedEdit({}, "", "", ())
