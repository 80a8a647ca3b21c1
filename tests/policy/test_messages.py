"""The sentences of verdicts: they name the tool, the condition or the limit, and when the limit frees up."""

from collections.abc import Callable
from typing import Any

import pytest

from approver.policy import messages
from approver.policy.limits import Ledger
from approver.policy.match import OPERATORS
from approver.policy.rules import DEFAULT_ASK, DEFAULT_DENY, HIDDEN, NO_POLICY

Make = Callable[..., Any]
HALF_PAST = 1795348830.0
"""2026-11-22T12:00:30Z."""
OPERANDS: dict[str, Any] = {"exists": True, "regex": "^/etc/", "in": ["a"], "not_in": ["a"], "contains": "x"}


def rule(op: str, value: Any, **text: str) -> dict[str, Any]:
    return {"conditions": [{"path": "args.a", "op": op, "value": value}], **text}


def limit(**fields: Any) -> dict[str, Any]:
    return {"counter": "c", "window": "minute", "max": 10, "scope": "grant", **fields}


@pytest.mark.parametrize("word", [NO_POLICY, HIDDEN, DEFAULT_DENY, DEFAULT_ASK])
def test_the_words_in_brackets_name_the_tool(word: str) -> None:
    assert messages.for_word(word, "pay").startswith("pay ")


@pytest.mark.parametrize(
    ("section", "written", "arguments", "message"),
    [
        ("deny_if", rule("gt", 100), {"a": 101}, "pay is denied when args.a is more than 100."),
        (
            "deny_if",
            rule("gt", 100),
            {"a": "500"},
            "pay is denied when args.a is more than 100; args.a must be a number to be judged, and it is a string.",
        ),
        (
            "deny_if",
            rule("regex", "x"),
            {"a": 5},
            'pay is denied when args.a matches "x"; args.a must be a string to be judged, and it is a number.',
        ),
        (
            "deny_if",
            rule("contains", "x"),
            {"a": None},
            'pay is denied when args.a contains "x"; args.a must be a string or a list to be judged, and it is null.',
        ),
        (
            "deny_if",
            rule("contains", 5),
            {"a": "5"},
            "pay is denied when args.a contains 5; args.a must be a list to be judged, and it is a string.",
        ),
        ("deny_if", {"conditions": []}, {}, "pay is always denied by this server's policy."),
        ("deny_if", rule("exists", False), {}, "pay is denied when args.a is not given."),
        ("deny_if", rule("gt", 1, on_deny="Over 1."), {"a": "x"}, "Over 1."),
        ("deny_if", {"conditions": [], "on_deny": "Never."}, {}, "Never."),
        ("deny_if", rule("gt", 1, on_deny=""), {"a": 2}, "pay is denied when args.a is more than 1."),
        ("require", rule("lte", 100), {"a": 101}, "pay is allowed only when args.a is at most 100."),
        ("require", rule("lte", 100), {}, "pay is allowed only when args.a is at most 100; args.a is missing."),
        ("require", rule("exists", True), {}, "pay is allowed only when args.a is given."),
        ("require", rule("in", ["EUR"], on_deny="Euros only."), {}, "Euros only."),
        ("require_approval", rule("neq", 1, reason="Look."), {"a": 2}, "Look."),
        (
            "require_approval",
            rule("neq", 1),
            {"a": 2},
            "This server's policy asks a person before pay is called when args.a is not 1.",
        ),
        ("require_approval", {"conditions": []}, {}, "This server's policy asks a person before pay is called."),
        ("require_approval", {"conditions": [], "reason": "Stops work."}, {}, "Stops work."),
    ],
)
def test_a_rule_says_its_text_or_a_sentence_made_from_it(
    policy_of: Make, verdict_of: Make, section: str, written: Any, arguments: Any, message: str
) -> None:
    assert verdict_of(policy_of(tools={"pay": {section: [written]}}), "pay", arguments).message == message


def test_conditions_are_told_together_and_the_one_that_broke_is_explained(policy_of: Make, verdict_of: Make) -> None:
    both = {"conditions": [*rule("eq", 1)["conditions"], {"path": "args.b", "op": "regex", "value": "^x"}]}
    policy = policy_of(tools={"pay": {"require": [both]}})
    message = verdict_of(policy, "pay", {"a": 1, "b": 2}).message
    wanted = 'args.a is 1 and args.b matches "^x"; args.b must be a string to be judged, and it is a number'
    assert message == f"pay is allowed only when {wanted}."


@pytest.mark.parametrize("op", OPERATORS)
def test_every_operator_has_words(policy_of: Make, op: str) -> None:
    policy = policy_of(tools={"pay": {"require_approval": [rule(op, OPERANDS.get(op, 5))]}})
    (asking,) = policy.plan("pay").rules.require_approval
    assert "when args.a " in messages.for_question(asking, "pay")


FREES_UP = "The limit frees up at "
NEXT_MINUTE = f"{FREES_UP}2026-11-22T12:01:00Z, in 30 seconds"


@pytest.mark.parametrize(
    ("written", "used", "allowance", "rest"),
    [
        (limit(), 10, "10 calls per minute, of which 10 are used", f". {NEXT_MINUTE}."),
        (
            limit(window="hour", max=1),
            1,
            "1 call per hour, of which 1 are used",
            f". {FREES_UP}2026-11-22T13:00:00Z, in 60 minutes.",
        ),
        (
            limit(window="day", scope="server"),
            10,
            "10 calls per day (all grants of this server together), of which 10 are used",
            f". {FREES_UP}2026-11-23T00:00:00Z, in 12 hours.",
        ),
        (
            limit(increment=4),
            8.0,
            "10 units per minute, of which 8 are used",
            f", and this call counts 4. {NEXT_MINUTE}.",
        ),
        (
            limit(increment_from="args.a", max=100.5),
            98.25,
            "100.5 of args.a per minute, of which 98.25 are used",
            f", and this call counts 3. {NEXT_MINUTE}.",
        ),
        (
            limit(max=0),
            0,
            "0 calls per minute, of which 0 are used",
            f". {NEXT_MINUTE}, but this call alone counts 1.",
        ),
    ],
)
def test_a_limit_says_how_much_is_used_and_when_it_frees_up(
    policy_of: Make, verdict_of: Make, written: Any, used: float, allowance: str, rest: str
) -> None:
    policy = policy_of(tools={"pay": {"limits": [written]}})
    message = verdict_of(policy, "pay", {"a": 3}, Used(used), HALF_PAST).message
    assert message == f'pay is limited to {allowance} (counter "c"){rest}'


class Used(Ledger):
    """As much is used of everything."""

    def __init__(self, amount: float) -> None:
        super().__init__()
        self._amount = amount

    def used(self, counter: Any, start: int) -> float:
        return self._amount


def test_a_limit_says_with_which_tools_it_is_shared(policy_of: Make, verdict_of: Make) -> None:
    for_all = policy_of(tools={"pay": {}}, all_tools={"limits": [limit()]})
    assert "10 calls per minute (all tools together)" in verdict_of(for_all, "pay", {}, Used(10)).message
    for_glob = policy_of(tools={"p*": {"limits": [limit(scope="server")]}})
    sharing = "(all tools named p* together, all grants of this server together)"
    assert sharing in verdict_of(for_glob, "pay", {}, Used(10)).message


@pytest.mark.parametrize(
    ("arguments", "state"),
    [
        ({}, "missing"),
        ({"a": None}, "null"),
        ({"a": "5"}, "a string"),
        ({"a": True}, "a boolean"),
        ({"a": [5]}, "a list"),
        ({"a": -1}, "negative"),
        ({"a": -(10**400)}, "negative"),
        ({"a": float("-inf")}, "negative"),
        ({"a": float("inf")}, "not finite"),
        ({"a": float("nan")}, "not finite"),
    ],
)
def test_an_argument_that_cannot_be_counted_is_named(
    policy_of: Make, verdict_of: Make, arguments: Any, state: str
) -> None:
    policy = policy_of(tools={"pay": {"limits": [limit(increment_from="args.a")]}})
    assert verdict_of(policy, "pay", arguments).message == (
        "pay is limited to 10 of args.a per minute, which counts args.a: "
        f"it must be a number of 0 or more, and it is {state}."
    )


def test_a_tools_name_that_deceives_is_escaped(policy_of: Make, verdict_of: Make) -> None:
    assert verdict_of(policy_of(), "a\u202eb\n").message.startswith("a\\u202eb\\n is not among")
