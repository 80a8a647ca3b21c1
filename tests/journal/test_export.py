"""What other programs get: exact as JSON Lines, harmless as CSV."""

import csv
import io
import json
import unicodedata
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from still_time import NOON

from approver.journal.export import FIELDS, as_object, csv_lines, jsonl, timestamp, to_json
from approver.journal.records import CallRecord
from approver.model import EntryKind

RECORD = CallRecord(
    seq=5,
    id="c1",
    at=NOON + 0.1239,
    kind=EntryKind.DECISION,
    session="s1",
    client="Tester",
    grant="local",
    server="files",
    tool="write",
    arguments='{"path":"/tmp/é"}',
    digest="d" * 64,
    rule="/r",
    outcome="approved",
    message="",
    by="window",
    waited=4.25,
    shown="f00d",
    detail='{"pid":5}',
    result="ok",
    latency=0.5,
)
ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()))


def cells(record: CallRecord) -> dict[str, str]:
    """A record as a spreadsheet reads it."""
    (row,) = csv.DictReader(io.StringIO("".join(csv_lines([record]))))
    return row


def test_an_object_has_what_scripts_rely_on() -> None:
    assert as_object(RECORD) == {
        "id": "c1",
        "seq": 5,
        "at": "2026-11-22T10:00:00.123Z",
        "client": "Tester",
        "grant": "local",
        "server": "files",
        "tool": "write",
        "arguments": {"path": "/tmp/é"},
        "digest": "d" * 64,
        "rule": "/r",
        "outcome": "approved",
        "message": "",
        "by": "window",
        "waited": 4.25,
        "shown": "f00d",
        "latency": 0.5,
        "result": "ok",
        "session": "s1",
        "state": "decision",
        "edited": None,
        "detail": {"pid": 5},
    }
    assert tuple(as_object(RECORD)) == FIELDS


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", {}),
        ("null", {}),
        ("{}", {}),
        ("[1]", {"(not an object)": [1]}),
        ("{broken", {"(not an object)": "{broken"}),
        ("[" * 100_000, {"(not an object)": "[" * 100_000}),
    ],
)
def test_arguments_are_an_object_whatever_was_kept(text: str, value: Any) -> None:
    assert as_object(replace(RECORD, arguments=text))["arguments"] == value


@pytest.mark.parametrize("depth", [100, *range(900, 1010), 5000])
def test_no_depth_keeps_a_record_from_being_written(depth: int) -> None:
    text = '{"a":' + "[" * depth + "]" * depth + "}"
    (line,) = jsonl([replace(RECORD, arguments=text)])
    assert '"c1"' in line
    assert cells(replace(RECORD, arguments=text))["id"] == "c1"


def test_many_brackets_are_not_taken_for_depth() -> None:
    value = {"rows": [[number] for number in range(500)]}
    assert as_object(replace(RECORD, arguments=json.dumps(value)))["arguments"] == value


@pytest.mark.parametrize("at", [1e18, -1e18])
def test_a_time_that_no_clock_tells_is_written_as_it_is(at: float) -> None:
    assert timestamp(at) == f"{at} s"


@given(ANY_TEXT, ANY_TEXT)
def test_json_lines_are_exact_and_hide_nothing(client: str, value: str) -> None:
    arguments = json.dumps({"x": value})
    lines = list(jsonl([replace(RECORD, client=client, arguments=arguments)] * 2))
    assert len("".join(lines).split("\n")) == 3
    for line in lines:
        assert json.loads(line)["client"] == json.loads(json.dumps(client))
        assert json.loads(line)["arguments"] == json.loads(arguments)
        assert {unicodedata.category(c) for c in line.rstrip("\n")} & {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"} == set()


def test_indented_json_is_escaped_as_well() -> None:
    assert to_json(["\u202e"], indent=2) == '[\n  "\\u202e"\n]'


def test_csv_has_the_same_columns() -> None:
    row = cells(RECORD)
    assert tuple(row) == FIELDS
    assert row["arguments"] == '{"path": "/tmp/é"}'
    assert (row["waited"], row["latency"], row["seq"]) == ("4.25", "0.5", "5")
    assert cells(replace(RECORD, waited=None, result=None, detail=""))["waited"] == ""


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)"])
def test_csv_has_no_formulas(text: str) -> None:
    assert cells(replace(RECORD, client=text))["client"] == f"'{text}"


@given(ANY_TEXT)
def test_csv_is_a_table_whatever_a_client_is_called(client: str) -> None:
    row = cells(replace(RECORD, client=client))
    assert row["outcome"] == "approved"
    assert not row["client"].startswith(("=", "+", "-", "@"))
    assert row["client"].isprintable()


EDITED = replace(
    RECORD,
    arguments='{"path":"/a","gone":1}',
    detail='{"edited":{"arguments":{"path":"/b","new":2},"digest":"e","by":"window",'
    '"changed":["/path","/new","/gone"]},"repeats":"c0"}',
)


def test_of_an_edited_call_both_versions_are_told_and_where_they_differ() -> None:
    told = as_object(EDITED)
    assert told["arguments"] == {"path": "/a", "gone": 1}
    assert told["edited"] == {
        "arguments": {"path": "/b", "new": 2},
        "digest": "e",
        "by": "window",
        "changes": [
            {"path": "/path", "before": "/a", "after": "/b"},
            {"path": "/new", "after": 2},
            {"path": "/gone", "before": 1},
        ],
    }
    assert told["detail"] == {"repeats": "c0"}
    assert json.loads(cells(EDITED)["edited"]) == told["edited"]


def test_where_nothing_but_the_edit_is_to_be_told_there_is_no_detail() -> None:
    assert as_object(replace(EDITED, detail='{"edited":{"arguments":{}}}'))["detail"] is None


def test_an_edit_that_is_too_deep_to_be_written_is_left_as_text() -> None:
    deep = '{"edited":{"arguments":{"a":' + "[" * 980 + "]" * 980 + "}}}"
    told = as_object(replace(EDITED, detail=deep))
    assert told["edited"] is None or isinstance(to_json(told), str)
