"""Runs policy test files: what a person keeps beside a policy to know that it does what it should.

A file goes through `casefile` into cases; each case starts with fresh counters, its calls are decided in order, and the
last verdict is compared with what is expected. `run_file` and `run_text` alone touch the disk.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from approver.model import Call, Caller, Decision, Verdict
from approver.policy.casefile import Case, CaseCall, CaseFile, CaseFileUnreadable, read_case_file
from approver.policy.decide import decide
from approver.policy.document import Policy, PolicyInvalid
from approver.policy.limits import Ledger

__all__ = ["CaseFileUnreadable", "CaseResult", "run", "run_file", "run_text"]

_SERVER = "server"
_LOADS = "the policy loads"
_REFUSED = "the policy is refused"

Shown = Mapping[str, str | list[str]]
"""What came or was expected, as the command prints it."""


@dataclass(frozen=True, slots=True)
class CaseResult:
    """How one case went."""

    file: str
    case: str
    passed: bool
    got: Shown
    """`verdict`, `rule` and `message`; or `invalid`, the pointers that validation named, with `problems`."""
    expected: Shown
    """`verdict`, `rule` and `message_contains` as far as given; or `invalid`."""


def run_file(path: Path) -> list[CaseResult]:
    """Run the tests in a file. Raises `CaseFileUnreadable`, and `OSError` where the file is not there."""
    return run_text(path.read_bytes(), path.parent, str(path))


def run_text(text: str | bytes, folder: Path, file: str = "") -> list[CaseResult]:
    """Run the tests in a text; policies that it names by path are looked for from the folder."""
    return run(read_case_file(text, lambda name: (folder / name).read_bytes()), file)


def run(tests: CaseFile, file: str = "") -> list[CaseResult]:
    """Run the tests of a file that was read."""
    if tests.expect_invalid is not None:
        return [_refusal_result(tests.invalid, tests.expect_invalid, file)]
    cases = tests.cases or ()
    if tests.invalid is not None:
        got = _named(tests.invalid)
        return [CaseResult(file, case.name, False, got, case.expect) for case in cases] or [
            CaseResult(file, _LOADS, False, got, {})
        ]
    return [_case_result(case, tests.policy, file) for case in cases] or [CaseResult(file, _LOADS, True, {}, {})]


def last_verdict(case: Case, policy: Policy | None) -> Verdict:
    """Make the case's calls with fresh counters; the verdict of the last one."""
    ledger = Ledger()
    verdict = Verdict(Decision.DENY, "")
    for made in case.calls:
        call = _call(made)
        now = case.at if made.at is None else made.at
        for _ in range(made.repeat):
            verdict = decide(call, policy, ledger, now)
            ledger.reserve(verdict.reservations)  # what is asked counts as approved; a denial takes nothing
    return verdict


def _call(made: CaseCall) -> Call:
    caller = Caller(session="test", grant=made.grant, server=_SERVER, client="test")
    return Call("test", caller, made.tool, made.arguments, {}, digest="", arrived=0.0)


def _case_result(case: Case, policy: Policy | None, file: str) -> CaseResult:
    verdict = last_verdict(case, policy)
    got = {"verdict": verdict.decision.value, "rule": verdict.rule, "message": verdict.message}
    expect = case.expect
    passed = (
        got["verdict"] == expect["verdict"]
        and got["rule"] == expect.get("rule", got["rule"])
        and expect.get("message_contains", "") in got["message"]
    )
    return CaseResult(file, case.name, passed, got, expect)


def _refusal_result(invalid: PolicyInvalid | None, expected: tuple[str, ...], file: str) -> CaseResult:
    got = _named(invalid) if invalid else {}
    named = {
        pointer for problem in (invalid.problems if invalid else ()) for pointer in (problem.pointer, *problem.also)
    }
    passed = invalid is not None and named.issuperset(expected)
    return CaseResult(file, _REFUSED, passed, got, {"invalid": list(expected)})


def _named(invalid: PolicyInvalid) -> Shown:
    return {
        "invalid": [problem.pointer for problem in invalid.problems],
        "problems": [str(problem) for problem in invalid.problems],
    }
