"""What is decided: the order of evaluation, the rule that is named, what is reserved, and that nothing slips by."""

import math
from collections.abc import Callable
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approver.model import CounterKey, Decision, Reservation
from approver.policy.decide import decide, is_hidden
from approver.policy.limits import Ledger
from approver.policy.match import OPERATORS

Make = Callable[..., Any]
NOON = 1795348800.0
ALWAYS: dict[str, Any] = {"conditions": []}
ALLOW, DENY, ASK = Decision.ALLOW, Decision.DENY, Decision.ASK
ARGUMENTS = st.dictionaries(
    st.sampled_from(["a", "b", "c"]) | st.text(max_size=2),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b"]), inner, max_size=3),
        max_leaves=8,
    ),
    max_size=4,
)
OPERANDS: dict[str, Any] = {"exists": True, "regex": "a", "in": [1, "a", None], "not_in": [1, "a"], "contains": "a"}


def limit(**fields: Any) -> dict[str, Any]:
    return {"counter": "c", "window": "minute", "max": 2, "scope": "grant", **fields}


def when(op: str, value: Any, path: str = "args.a", **text: str) -> dict[str, Any]:
    return {"conditions": [{"path": path, "op": op, "value": value}], **text}


def test_without_a_policy_everything_is_denied(call_of: Make) -> None:
    verdict = decide(call_of("t"), None, Ledger(), NOON)
    assert (verdict.decision, verdict.rule) == (DENY, "(no policy)")
    assert "t" in verdict.message


EVERYTHING = {"require": [when("eq", 1, "args.r")], "deny_if": [when("eq", 1, "args.d")], "require_approval": [ALWAYS]}
APPROVAL = "/tools/t/require_approval"
FULL = {**EVERYTHING, "limits": [limit(max=0)]}
ORDER: list[tuple[dict[str, Any], Any, Decision, str]] = [
    ({"hide": ["t"], "tools": {"t": FULL}}, {}, DENY, "(hidden)"),
    ({"hide": ["*"]}, {}, DENY, "(hidden)"),
    ({"hide": ["t*"], "default": "allow"}, {}, DENY, "(hidden)"),
    ({"all_tools": FULL}, {}, DENY, "(default deny)"),
    ({"tools": {"other": {}}}, {}, DENY, "(default deny)"),
    ({"tools": {"t": {}}}, {}, ALLOW, ""),
    ({"default": "allow"}, {}, ALLOW, ""),
    ({"tools": {"t": FULL}, "all_tools": FULL}, {}, DENY, "/tools/t/require/args.r-eq"),
    ({"tools": {"t": FULL}, "all_tools": FULL}, {"r": 1, "d": 1}, DENY, "/tools/t/deny_if/args.d-eq"),
    ({"tools": {"t": {}}, "all_tools": FULL}, {}, DENY, "/all_tools/require/args.r-eq"),
    ({"tools": {"t": {}}, "all_tools": FULL}, {"r": 1, "d": 1}, DENY, "/all_tools/deny_if/args.d-eq"),
    ({"tools": {"t": {"deny_if": [ALWAYS]}}, "all_tools": FULL}, {}, DENY, "/all_tools/require/args.r-eq"),
    ({"tools": {"t": FULL}, "all_tools": FULL}, {"r": 1}, DENY, "/tools/t/limits/c"),
    ({"tools": {"t": EVERYTHING}, "all_tools": FULL}, {"r": 1}, DENY, "/all_tools/limits/c"),
    ({"tools": {"t": EVERYTHING}, "all_tools": EVERYTHING}, {"r": 1}, ASK, "/tools/t/require_approval/always"),
    ({"tools": {"t": {}}, "all_tools": EVERYTHING}, {"r": 1}, ASK, "/all_tools/require_approval/always"),
    ({"tools": {"t": {"require_approval": [when("eq", 1)]}}}, {"a": 2}, ALLOW, ""),
    ({"tools": {"t": {"require_approval": [when("eq", 1), when("gt", 1)]}}}, {"a": 2}, ASK, f"{APPROVAL}/args.a-gt"),
    ({"tools": {"t": {"require": [when("gt", 0), when("lt", 2)]}}}, {"a": 3}, DENY, "/tools/t/require/args.a-lt"),
    ({"tools": {"t": {"require": [ALWAYS]}}}, {}, ALLOW, ""),
    ({"tools": {"t": {"deny_if": [ALWAYS]}}}, {}, DENY, "/tools/t/deny_if/always"),
    ({"tools": {"*": {"deny_if": [when("eq", 0, "args.a.b")]}}}, {"a": {"b": 0}}, DENY, "/tools/*/deny_if/args.a.b-eq"),
    ({"default": "allow", "all_tools": FULL}, {"r": 1}, DENY, "/all_tools/limits/c"),
    ({"default": "allow", "all_tools": EVERYTHING}, {"r": 1}, ASK, "/all_tools/require_approval/always"),
    ({"default": "require_approval"}, {}, ASK, "(default require_approval)"),
    ({"default": "require_approval", "all_tools": EVERYTHING}, {"r": 1}, ASK, "(default require_approval)"),
    ({"default": "require_approval", "all_tools": EVERYTHING}, {"r": 1, "d": 1}, DENY, "/all_tools/deny_if/args.d-eq"),
    ({"default": "require_approval", "all_tools": FULL}, {"r": 1}, DENY, "/all_tools/limits/c"),
    ({"default": "require_approval", "tools": {"t": {}}}, {}, ALLOW, ""),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "arguments", "decision", "rule"), ORDER)
def test_the_first_denial_wins_and_is_named(
    policy_of: Make, verdict_of: Make, fields: Any, arguments: Any, decision: Decision, rule: str
) -> None:
    verdict = verdict_of(policy_of(**fields), "t", arguments)
    assert (verdict.decision, verdict.rule) == (decision, rule)
    assert bool(verdict.message) is (decision is not ALLOW)


def test_arguments_that_nobody_can_change_are_judged_the_same(policy_of: Make, verdict_of: Make) -> None:
    policy = policy_of(tools={"t": {"deny_if": [when("eq", {"c": 1}, "args.a.b")]}})
    frozen = MappingProxyType({"a": MappingProxyType({"b": MappingProxyType({"c": 1})})})
    assert verdict_of(policy, "t", frozen).decision is DENY


# Limits


def run(policy: Any, calls: list[Any], ledger: Ledger | None = None) -> list[Decision]:
    """Decide calls in turn and book what each takes; a call comes with its time."""
    ledger = ledger or Ledger()
    decisions = []
    for call, now in calls:
        verdict = decide(call, policy, ledger, now)
        ledger.reserve(verdict.reservations)
        decisions.append(verdict.decision)
    return decisions


def test_a_limit_lets_through_as_many_as_it_says_and_again_in_the_next_window(policy_of: Make, call_of: Make) -> None:
    policy = policy_of(tools={"t": {"limits": [limit()]}})
    times = [NOON, NOON + 30, NOON + 59.9, NOON + 60, NOON + 61, NOON + 62]
    assert run(policy, [(call_of("t"), at) for at in times]) == [ALLOW, ALLOW, DENY, ALLOW, ALLOW, DENY]


def test_what_a_call_takes_is_told_and_nothing_is_booked(policy_of: Make, call_of: Make) -> None:
    policy = policy_of(
        tools={"t*": {"limits": [limit(window="day", increment=2)]}},
        all_tools={"limits": [limit(scope="server", increment_from="args.n", max=9)]},
    )
    ledger = Ledger()
    verdict = decide(call_of("t1", {"n": 2.5}), policy, ledger, NOON + 1)
    assert verdict.reservations == (
        Reservation(CounterKey("s", "g", "/tools/t*", "c", "day"), int(NOON) - 43200, 2),
        Reservation(CounterKey("s", "", "/all_tools", "c", "minute"), int(NOON), 2.5),
    )
    assert ledger.take_changes() == []


def test_grants_and_servers_have_counters_of_their_own(policy_of: Make, call_of: Make) -> None:
    policy = policy_of(tools={"t": {"limits": [limit(max=1)]}})
    calls = [call_of("t"), call_of("t", grant="other"), call_of("t", server="other"), call_of("t")]
    assert run(policy, [(call, NOON) for call in calls]) == [ALLOW, ALLOW, ALLOW, DENY]


def test_a_limit_of_the_server_is_shared_by_its_grants(policy_of: Make, call_of: Make) -> None:
    policy = policy_of(tools={"t": {"limits": [limit(max=1, scope="server")]}})
    calls = [call_of("t"), call_of("t", grant="other"), call_of("t", server="other")]
    assert run(policy, [(call, NOON) for call in calls]) == [ALLOW, DENY, ALLOW]


def test_the_tools_of_a_glob_share_its_counter_and_keys_do_not(policy_of: Make, call_of: Make) -> None:
    one = {"limits": [limit(max=1)]}
    policy = policy_of(tools={"a*": one, "ab": one, "b": one})
    calls = [call_of(tool) for tool in ("a1", "a2", "ab", "b", "b")]
    assert run(policy, [(call, NOON) for call in calls]) == [ALLOW, DENY, ALLOW, ALLOW, DENY]


def test_a_limit_of_all_tools_counts_every_tool(policy_of: Make, call_of: Make) -> None:
    policy = policy_of(default="allow", tools={"a": {}}, all_tools={"limits": [limit()]})
    calls = [call_of(tool) for tool in ("a", "b", "c")]
    assert run(policy, [(call, NOON) for call in calls]) == [ALLOW, ALLOW, DENY]


def test_a_later_limits_refusal_takes_nothing_from_an_earlier_one(policy_of: Make, call_of: Make) -> None:
    policy = policy_of(tools={"t": {"limits": [limit(counter="day", window="day", max=3), limit(max=1)]}})
    ledger = Ledger()
    assert run(policy, [(call_of("t"), NOON)] * 5, ledger) == [ALLOW, DENY, DENY, DENY, DENY]
    assert run(policy, [(call_of("t"), NOON + 60)] * 2, ledger) == [ALLOW, DENY]
    assert ledger.used(CounterKey("s", "g", "/tools/t", "day", "day"), int(NOON) - 43200) == 2


def test_an_asked_call_takes_from_the_counters_and_a_denied_one_does_not(policy_of: Make, verdict_of: Make) -> None:
    policy = policy_of(tools={"t": {"limits": [limit()], "require_approval": [ALWAYS], "deny_if": [when("eq", 1)]}})
    assert len(verdict_of(policy, "t").reservations) == 1
    assert verdict_of(policy, "t", {"a": 1}).reservations == ()


@pytest.mark.parametrize(
    ("fields", "used", "arguments", "decision"),
    [
        ({"max": 10}, 9, {}, ALLOW),
        ({"max": 10}, 10, {}, DENY),
        ({"max": 0}, 0, {}, DENY),
        ({"max": 0.5}, 0, {}, DENY),
        ({"max": 1}, 0, {}, ALLOW),
        ({"max": 10, "increment": 5}, 5, {}, ALLOW),
        ({"max": 10, "increment": 5}, 5.5, {}, DENY),
        ({"max": 0, "increment": 0}, 0, {}, ALLOW),
        ({"max": 0.3, "increment": 0.1}, 0.2, {}, ALLOW),
        ({"max": 0.3, "increment": 0.1}, 0.3, {}, DENY),
        ({"max": 100, "increment_from": "args.n"}, 60, {"n": 40}, ALLOW),
        ({"max": 100, "increment_from": "args.n"}, 60, {"n": 40.01}, DENY),
        ({"max": 100, "increment_from": "args.n"}, 100, {"n": 0}, ALLOW),
        ({"max": 100, "increment_from": "args.n"}, 0, {"n": -0.0}, ALLOW),
        ({"max": 100, "increment_from": "args.n.m"}, 0, {"n": {"m": 100}}, ALLOW),
        ({"max": 100, "increment_from": "args.n"}, 0, {}, DENY),
        ({"max": 100, "increment_from": "args.n"}, 0, {"n": None}, DENY),
        ({"max": 100, "increment_from": "args.n"}, 0, {"n": "5"}, DENY),
        ({"max": 100, "increment_from": "args.n"}, 0, {"n": True}, DENY),
        ({"max": 100, "increment_from": "args.n"}, 0, {"n": [5]}, DENY),
        ({"max": 100, "increment_from": "args.n"}, 0, {"n": -1}, DENY),
        ({"max": 100, "increment_from": "args.n"}, 0, {"n": -1e-9}, DENY),
        ({"max": 100, "increment_from": "args.n"}, 0, {"n": math.nan}, DENY),
        ({"max": 100, "increment_from": "args.n"}, 0, {"n": math.inf}, DENY),
        ({"max": 100, "increment_from": "args.n"}, 0, {"n": -math.inf}, DENY),
        ({"max": 100, "increment_from": "args.n"}, 0, {"n": 10**400}, DENY),
        ({"max": 100, "increment_from": "args.n"}, 0.5, {"n": 10**5000}, DENY),
        ({"max": 1e308, "increment_from": "args.n"}, 1e308, {"n": 1e308}, DENY),
    ],
    ids=lambda value: str(value)[:40] if not isinstance(value, dict) else ",".join(value),
)
def test_what_would_pass_the_maximum_is_denied(
    policy_of: Make, call_of: Make, fields: Any, used: float, arguments: Any, decision: Decision
) -> None:
    policy = policy_of(tools={"t": {"limits": [limit(**fields)]}})
    ledger = Ledger()
    ledger.reserve([Reservation(CounterKey("s", "g", "/tools/t", "c", "minute"), int(NOON), used)])
    verdict = decide(call_of("t", arguments), policy, ledger, NOON)
    assert verdict.decision is decision
    assert verdict.rule == ("/tools/t/limits/c" if decision is DENY else "")


def test_a_hidden_tool_is_told_apart_for_listing(policy_of: Make) -> None:
    policy = policy_of(hide=["t", "x_*"])
    assert [is_hidden(policy, tool) for tool in ("t", "x_1", "u")] == [True, True, False]
    assert not is_hidden(None, "t")


# What holds whatever an agent sends


@pytest.fixture(scope="session")
def every_operator(policy_of: Make) -> dict[str, Any]:
    """For each section a policy with every operator in it, each in a rule of its own."""
    every = [when(op, OPERANDS.get(op, 1), path) for op in OPERATORS for path in ("args.a", "args.a.b", "args.c")]
    limits = [limit(counter=path, increment_from=path) for path in ("args.a", "args.b.a")]
    sections = {"require": every, "deny_if": every, "require_approval": every, "limits": limits}
    return {name: policy_of(tools={"t": {name: rules}}) for name, rules in sections.items()} | {
        "all": policy_of(tools={"t": sections}, all_tools=sections)
    }


@given(ARGUMENTS, st.text(max_size=3), st.floats(min_value=-1e12, max_value=1e12))
def test_no_arguments_bring_it_down(every_operator: Any, call_of: Make, arguments: Any, tool: str, now: float) -> None:
    for policy in every_operator.values():
        for name in ("t", tool):
            verdict = decide(call_of(name, arguments), policy, Ledger(), now)
            assert bool(verdict.rule) is bool(verdict.message) is (verdict.decision is not ALLOW)


def test_deep_arguments_do_not_bring_it_down(every_operator: Any, verdict_of: Make, policy_of: Make) -> None:
    deep: Any = 1
    for _ in range(50_000):
        deep = {"a": deep}
    assert verdict_of(every_operator["all"], "t", deep).decision is DENY
    same: Any = {"a": 1}
    for _ in range(80):
        same = {"a": same}
    policy = policy_of(tools={"t": {"deny_if": [when("eq", same)]}})
    assert verdict_of(policy, "t", deep).decision is ALLOW


@given(ARGUMENTS)
def test_a_rule_that_denies_wins_over_one_that_asks(policy_of: Make, verdict_of: Make, arguments: Any) -> None:
    rule = when("gt", 0)
    denying = policy_of(tools={"t": {"deny_if": [rule]}})
    both = policy_of(tools={"t": {"deny_if": [rule], "require_approval": [ALWAYS]}})
    denied = verdict_of(denying, "t", arguments).decision is DENY
    assert verdict_of(both, "t", arguments).decision is (DENY if denied else ASK)


@given(
    st.sampled_from(["lt", "lte", "gt", "gte"]),
    st.none() | st.booleans() | st.text() | st.lists(st.integers()) | st.just(math.nan),
)
def test_what_is_no_number_never_passes_a_rule_about_numbers(
    policy_of: Make, verdict_of: Make, op: str, argument: Any
) -> None:
    for section, decision in (("deny_if", DENY), ("require", DENY), ("require_approval", ASK)):
        policy = policy_of(tools={"t": {section: [when(op, 100)]}})
        assert verdict_of(policy, "t", {"a": argument}).decision is decision


@given(ARGUMENTS)
def test_what_is_asked_if_a_rule_holds_passes_only_if_it_is_judged_and_does_not(
    every_operator: Any, verdict_of: Make, arguments: Any
) -> None:
    if verdict_of(every_operator["require_approval"], "t", arguments).decision is ALLOW:
        assert verdict_of(every_operator["deny_if"], "t", arguments).decision is ALLOW


@given(
    st.integers(min_value=0, max_value=50) | st.floats(min_value=0, max_value=50),
    st.lists(st.integers(min_value=0, max_value=20) | st.floats(min_value=0, max_value=20), max_size=12),
)
def test_a_counter_never_passes_its_maximum(
    policy_of: Make, call_of: Make, maximum: float, amounts: list[float]
) -> None:
    policy = policy_of(tools={"t": {"limits": [limit(max=maximum, increment_from="args.a")]}})
    ledger = Ledger()
    run(policy, [(call_of("t", {"a": amount}), NOON) for amount in amounts], ledger)
    assert ledger.used(CounterKey("s", "g", "/tools/t", "c", "minute"), int(NOON)) <= maximum
