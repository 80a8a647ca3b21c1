"""Running policy test files: fresh counters for each case, the last verdict compared, the samples passing."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from approver.model import Decision
from approver.policy.casefile import Case, CaseCall, read_case_file
from approver.policy.cases import CaseFileUnreadable, CaseResult, last_verdict, run, run_file, run_text
from approver.policy.document import parse
from approver.resources import resource

LIMIT = {"counter": "c", "window": "minute", "max": 2, "scope": "grant"}
ASKING = {"limits": [LIMIT], "require_approval": [{"conditions": [], "reason": "Stops work."}]}
POLICY = {"version": "1", "default": "deny", "tools": {"t": {"limits": [LIMIT]}, "ask": ASKING}}
SAMPLES = sorted(resource("policies").glob("*.json"))


def results(policy: Any, *cases: Any) -> list[CaseResult]:
    return run(read_case_file(json.dumps({"policy": policy, "cases": cases}), lambda _: b""), "f.json")


def case(verdict: str, *calls: Any, **expect: str) -> dict[str, Any]:
    return {"name": "n", "calls": calls, "expect": {"verdict": verdict, **expect}}


def call(tool: str = "t", **fields: Any) -> dict[str, Any]:
    return {"tool": tool, **fields}


@pytest.mark.parametrize(
    "written",
    [
        case("allow", call(), rule=""),
        case("allow", call(repeat=2)),
        case("deny", call(repeat=3), rule="/tools/t/limits/c", message_contains="per minute"),
        case("deny", call(), call(), call()),
        case("allow", call(), call(), call(grant="other")),
        case("allow", call(repeat=2), call(at="2026-01-01T00:01:00Z")),
        case("deny", call(repeat=2, at="2026-01-01T00:01:00Z"), call(at="2026-01-01T00:01:59Z")),
        case("allow", call(repeat=5, at="2026-01-01T00:01:00Z"), call(at="2026-01-01T00:00:59Z")),
        case("ask", call("ask", repeat=2), rule="/tools/ask/require_approval/always", message_contains="Stops"),
        case("deny", call("ask", repeat=3), rule="/tools/ask/limits/c"),
        case("deny", call("other"), rule="(default deny)"),
    ],
)
def test_a_case_passes_when_the_last_verdict_is_what_it_expects(written: Any) -> None:
    (result,) = results(POLICY, written)
    assert (result.file, result.case, result.passed) == ("f.json", "n", True)


@pytest.mark.parametrize(
    "written",
    [
        case("deny", call()),
        case("allow", call(repeat=3)),
        case("deny", call(repeat=3), rule="/tools/t/limits/d"),
        case("deny", call(repeat=3), rule=""),
        case("deny", call(repeat=3), message_contains="per hour"),
        case("ask", call()),
    ],
)
def test_a_case_fails_and_says_what_came_instead(written: Any) -> None:
    (result,) = results(POLICY, written)
    assert not result.passed
    assert set(result.got) == {"verdict", "rule", "message"}
    assert result.expected == written["expect"]


def test_each_case_starts_with_fresh_counters() -> None:
    assert [result.passed for result in results(POLICY, *[case("allow", call(repeat=2))] * 3)] == [True, True, True]


def test_a_cases_time_is_that_of_its_calls_unless_they_have_their_own() -> None:
    late = Case("n", (CaseCall("t", repeat=2), CaseCall("t", at=60.0)), {}, at=0.0)
    assert last_verdict(late, parse(json.dumps(POLICY))).decision is Decision.ALLOW


def test_without_a_policy_all_is_denied() -> None:
    assert results(None, case("deny", call(), rule="(no policy)"))[0].passed


def test_cases_of_a_policy_that_does_not_load_fail_and_say_why() -> None:
    first, second = results({"version": "1"}, case("allow", call()), case("deny", call()))
    assert not first.passed
    assert not second.passed
    assert first.got["invalid"] == ["/default"]
    assert "is missing" in first.got["problems"][0]


def test_a_file_without_cases_says_whether_the_policy_loads() -> None:
    assert [result.passed for result in results(POLICY)] == [True]
    assert [result.passed for result in results({})] == [False]


@pytest.mark.parametrize(
    ("policy", "pointers", "passed"),
    [
        ({"version": "1"}, ["/default"], True),
        ({"version": "1"}, [""], True),
        ({}, ["/default"], True),
        ({}, ["/default", "/version"], True),
        ({"version": "1"}, [], True),
        ({"version": "1"}, ["/version"], False),
        ({"version": "1"}, ["/default", "/version"], False),
        (POLICY, [], False),
        (POLICY, ["/default"], False),
        ({**POLICY, "tools": {"t": {"limits": [LIMIT, LIMIT]}}}, ["/tools/t/limits/1"], True),
        ({**POLICY, "tools": {"t": {"limits": [LIMIT, LIMIT]}}}, ["/tools/t/limits/1/counter"], True),
        ({**POLICY, "tools": {"t": {"limits": [LIMIT, LIMIT]}}}, ["/tools/t/limits/0"], False),
    ],
)
def test_a_policy_that_must_not_load_has_to_name_every_pointer(policy: Any, pointers: list[str], passed: bool) -> None:
    (result,) = run_text(json.dumps({"policy": policy, "expect_invalid": pointers}), Path())
    assert result.passed is passed
    assert result.expected == {"invalid": pointers}
    assert bool(result.got) is (policy != POLICY)


def test_a_file_is_run_with_the_policy_beside_it(tmp_path: Path) -> None:
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "p.json").write_text(json.dumps(POLICY), encoding="utf-8")
    tests = tmp_path / "t.json"
    tests.write_text(json.dumps({"policy": "policies/p.json", "cases": [case("allow", call())]}), encoding="utf-8")
    assert run_file(tests) == [CaseResult(str(tests), "n", True, ALLOWED, {"verdict": "allow"})]


ALLOWED = {"verdict": "allow", "rule": "", "message": ""}


def test_a_file_that_cannot_be_read_is_an_error_and_no_result(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        run_file(tmp_path / "none.json")
    with pytest.raises(CaseFileUnreadable):
        run_text('{"policy": "none.json", "cases": []}', tmp_path)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_the_sample_policies_load_and_do_what_their_tests_say(path: Path) -> None:
    if path.name.endswith(".test.json"):
        failed = [result for result in run_file(path) if not result.passed]
        assert failed == []
    else:
        parse(path.read_bytes())
        assert path.with_suffix(".test.json").exists()


def test_there_are_samples() -> None:
    assert len(SAMPLES) >= 6


def test_the_tests_in_the_documentation_pass() -> None:
    page = (Path(__file__).parents[2] / "docs" / "policy.md").read_text(encoding="utf-8")
    blocks = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", page, re.DOTALL)]
    files = [block for block in blocks if "policy" in block]
    assert [result.passed for block in files for result in run_text(json.dumps(block), Path())] == [True, True, True]
    assert all(parse(json.dumps(block)) for block in blocks if "version" in block)
