"""What the policy tests share: policies, calls and verdicts in one line each."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from approver.model import Call, Caller, Verdict
from approver.policy.decide import decide
from approver.policy.document import Policy, PolicyInvalid, parse
from approver.policy.limits import Ledger

Make = Callable[..., Any]
NOON = 1795348800.0
"""2026-11-22T12:00:00Z."""


def policy(**fields: Any) -> Policy:
    """A policy; what is not said is denied by default."""
    return parse(json.dumps({"version": "1", "default": "deny", **fields}))


def call(tool: str, arguments: Any = None, grant: str = "g", server: str = "s") -> Call:
    """A call; everything that policies do not look at is empty."""
    caller = Caller(session="", grant=grant, server=server, client="")
    return Call("", caller, tool, {} if arguments is None else arguments, {}, "", 0.0)


def judge(judged_by: Policy, tool: str, arguments: Any = None, usage: Any = None, now: float = NOON) -> Verdict:
    """The verdict on one call with nothing used yet."""
    return decide(call(tool, arguments), judged_by, usage or Ledger(), now)


def problems(text: str | bytes) -> dict[str, str]:
    """The pointers that validation names, each with its last problem's line; empty if the policy is valid."""
    try:
        parse(text)
    except PolicyInvalid as invalid:
        return {problem.pointer: str(problem) for problem in invalid.problems}
    return {}


@pytest.fixture(scope="session")
def policy_of() -> Make:
    """`policy`."""
    return policy


@pytest.fixture(scope="session")
def call_of() -> Make:
    """`call`."""
    return call


@pytest.fixture(scope="session")
def verdict_of() -> Make:
    """`judge`."""
    return judge


@pytest.fixture(scope="session")
def problems_of() -> Make:
    """`problems`."""
    return problems
