"""Reading policy test files: what is in them, and every mistake of one told at once."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from approver.policy.casefile import (
    DEFAULT_AT,
    DEFAULT_GRANT,
    REPEAT_LIMIT,
    CaseCall,
    CaseFile,
    CaseFileUnreadable,
    read_case_file,
)

POLICY = {"version": "1", "default": "deny"}
CALL: dict[str, Any] = {"tool": "t"}
CASE = {"calls": [CALL], "expect": {"verdict": "deny"}}


def no_file(name: str) -> bytes:
    raise FileNotFoundError(2, "No such file or directory", name)


def read(written: Any, load: Callable[[str], bytes] = no_file) -> CaseFile:
    return read_case_file(written if isinstance(written, str | bytes) else json.dumps(written), load)


def with_case(**fields: Any) -> dict[str, Any]:
    return {"policy": POLICY, "cases": [{**CASE, **fields}]}


def with_call(**fields: Any) -> dict[str, Any]:
    return with_case(calls=[{**CALL, **fields}])


def test_what_a_case_does_not_say_has_its_default() -> None:
    (case,) = read({"policy": POLICY, "cases": [CASE]}).cases or ()
    assert (case.name, case.at) == ("case 0", DEFAULT_AT)
    assert case.calls == (CaseCall("t", {}, DEFAULT_GRANT, None, 1),)
    assert case.expect == {"verdict": "deny"}


def test_a_case_is_read_as_written() -> None:
    written = {
        "name": "n",
        "description": "d",
        "at": "2026-11-22T10:00:00Z",
        "calls": [{"tool": "t", "arguments": {"a": 1}, "grant": "ci", "at": "2026-11-22T11:00:00+01:00", "repeat": 3}],
        "expect": {"verdict": "ask", "rule": "", "message_contains": "x"},
    }
    found = read({"name": "f", "description": "d", "policy": POLICY, "cases": [written]})
    (case,) = found.cases or ()
    ten = datetime(2026, 11, 22, 10, tzinfo=UTC).timestamp()
    assert (case.name, case.at, case.expect) == ("n", ten, written["expect"])
    assert case.calls == (CaseCall("t", {"a": 1}, "ci", ten, 3),)
    assert found.policy is not None
    assert found.policy.document == POLICY


@pytest.mark.parametrize(
    ("at", "seconds"),
    [
        ("1970-01-01T00:01:00Z", 60.0),
        ("1970-01-01T00:01:00.5Z", 60.5),
        ("1970-01-01T00:01:00", 60.0),
        ("1970-01-01 00:01:00+00:00", 60.0),
        ("1970-01-02", 86400.0),
        ("1970-01-01T02:01:00+02:00", 60.0),
        ("19700101T000100Z", 60.0),
    ],
)
def test_times_are_iso_8601_and_utc_unless_they_say_otherwise(at: str, seconds: float) -> None:
    (case,) = read(with_case(at=at)).cases or ()
    assert case.at == seconds


def test_a_policy_can_be_named_by_its_path() -> None:
    found = read({"policy": "p.json", "cases": [CASE]}, {"p.json": json.dumps(POLICY).encode()}.__getitem__)
    assert found.policy is not None
    assert found.policy.document == POLICY


def test_null_stands_for_a_grant_without_a_policy() -> None:
    found = read({"policy": None, "cases": [CASE]})
    assert (found.policy, found.invalid) == (None, None)


@pytest.mark.parametrize(
    ("policy", "pointers"),
    [
        (None, [""]),
        ({**POLICY, "rules": []}, ["/rules"]),
        ("bad.json", ["/default", "/tools/a"]),
    ],
)
def test_a_policy_that_does_not_load_is_no_fault_of_the_file(policy: Any, pointers: list[str]) -> None:
    found = read({"policy": policy, "expect_invalid": []}, lambda _: b'{"version": "1", "tools": {"a": 1}}')
    assert found.invalid is not None
    assert [problem.pointer for problem in found.invalid.problems] == pointers


def test_duplicate_keys_of_the_policy_are_the_policys() -> None:
    text = '{"policy": {"version": "1", "version": "1", "default": "deny"}, "expect_invalid": ["/version"]}'
    found = read(text)
    assert found.invalid is not None
    assert [problem.pointer for problem in found.invalid.problems] == ["/version"]


def test_arguments_may_have_what_only_a_broken_client_sends() -> None:
    text = json.dumps(with_call(arguments={"a": [float("nan"), float("inf")], "b": "\ud800"}))
    (case,) = read(text).cases or ()
    assert case.calls[0].arguments["b"] == "\ud800"


@pytest.mark.parametrize(
    ("written", "pointers"),
    [
        ([], [""]),
        ("{}}", [""]),
        ("", [""]),
        (b"\xff", [""]),
        ({}, ["", "/policy"]),
        ({"policy": POLICY}, [""]),
        ({"policy": POLICY, "cases": [], "expect_invalid": []}, [""]),
        ({"policy": POLICY, "cases": {}}, ["/cases"]),
        ({"policy": POLICY, "cases": [1]}, ["/cases/0"]),
        ({"policy": POLICY, "case": []}, ["", "/case"]),
        ({"policy": "missing.json", "cases": []}, ["/policy"]),
        ({"policy": POLICY, "expect_invalid": "/a"}, ["/expect_invalid"]),
        ({"policy": POLICY, "expect_invalid": ["a", 5]}, ["/expect_invalid/0", "/expect_invalid/1"]),
        ({"policy": POLICY, "cases": [{}]}, ["/cases/0/calls", "/cases/0/expect"]),
        (with_case(name=5, expected={}), ["/cases/0/expected", "/cases/0/name"]),
        (with_case(calls=[]), ["/cases/0/calls"]),
        (with_case(calls={}), ["/cases/0/calls"]),
        (with_case(calls=[[]]), ["/cases/0/calls/0"]),
        (with_case(calls=[{}]), ["/cases/0/calls/0/tool"]),
        (with_case(at="yesterday"), ["/cases/0/at"]),
        (with_case(at=5), ["/cases/0/at"]),
        (with_case(at="0001-01-01T00:00:00+23:00"), []),
        (with_case(expect="deny"), ["/cases/0/expect"]),
        (with_case(expect={}), ["/cases/0/expect/verdict"]),
        (with_case(expect={"verdict": "allowed"}), ["/cases/0/expect/verdict"]),
        (with_case(expect={"verdict": "ask", "rule": 1, "x": 1}), ["/cases/0/expect/rule", "/cases/0/expect/x"]),
        (with_call(tool=5, args={}), ["/cases/0/calls/0/args", "/cases/0/calls/0/tool"]),
        (with_call(arguments=None), ["/cases/0/calls/0/arguments"]),
        (with_call(grant=1, at="x"), ["/cases/0/calls/0/at", "/cases/0/calls/0/grant"]),
        (with_call(repeat=0), ["/cases/0/calls/0/repeat"]),
        (with_call(repeat=True), ["/cases/0/calls/0/repeat"]),
        (with_call(repeat=1.5), ["/cases/0/calls/0/repeat"]),
        (with_call(repeat=REPEAT_LIMIT + 1), ["/cases/0/calls/0/repeat"]),
        (with_call(repeat=float("nan")), ["/cases/0/calls/0/repeat", "/cases/0/calls/0/repeat"]),
        ('{"policy": {}, "policy": {}, "expect_invalid": []}', ["/policy"]),
        ('{"policy": "\\ud800", "expect_invalid": []}', ["/policy", "/policy"]),
        (json.dumps(with_call(arguments={"a": 1})).replace("1}", '1, "a": 2}'), ["/cases/0/calls/0/arguments/a"]),
    ],
)  # fmt: skip
def test_every_mistake_of_the_file_is_named(written: Any, pointers: list[str]) -> None:
    def load(name: str) -> bytes:
        name.encode()
        return no_file(name)

    try:
        read(written, load)
        found: list[str] = []
    except CaseFileUnreadable as unreadable:
        found = [problem.pointer for problem in unreadable.problems]
        assert str(unreadable) == "\n".join(map(str, unreadable.problems))
    assert sorted(found) == pointers


def test_a_policy_file_that_is_not_there_is_told_with_the_reason() -> None:
    with pytest.raises(CaseFileUnreadable, match="missing.json.* cannot be read: No such file or directory"):
        read({"policy": "missing.json", "cases": []})
