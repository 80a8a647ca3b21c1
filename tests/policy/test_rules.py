"""Which rules hold for which tool, and what conditions mean where they cannot be judged."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approver.policy import rules
from approver.policy.document import Policy, parse
from approver.policy.rules import DEFAULT_DENY, HIDDEN, RuleSet

Make = Callable[..., Policy]


def marked(*keys: str) -> dict[str, Any]:
    """Tools whose rules can be told apart by the name of a limit."""
    limit = {"window": "day", "max": 1, "scope": "grant"}
    return {key: {"limits": [{"counter": key, **limit}]} for key in keys}


def key_of(policy: Policy, tool: str) -> str:
    """The key whose rules hold for a tool."""
    plan = policy.plan(tool)
    return plan.refusal or plan.rules.limits[0].counter


@pytest.mark.parametrize(
    ("keys", "tool", "key"),
    [
        (["a"], "a", "a"),
        (["a"], "A", DEFAULT_DENY),
        (["a"], "ab", DEFAULT_DENY),
        (["*", "a"], "a", "a"),
        (["a*", "a"], "a", "a"),
        (["abc*", "abcd"], "abcd", "abcd"),
        (["*", "browser_*"], "browser_click", "browser_*"),
        (["browser_*", "browser_c*"], "browser_click", "browser_c*"),
        (["browser_*", "*_click"], "browser_click", "browser_*"),
        (["a*c", "ab*"], "abc", "a*c"),
        (["ab*", "a*c"], "abc", "ab*"),
        (["**ab", "ab*"], "ab", "**ab"),
        (["*"], "", "*"),
        (["a*"], "a*", "a*"),
        (["**a*", "a*b"], "a*b", "a*b"),
        (["*x", "x*"], "x*", "x*"),
        ([], "a", DEFAULT_DENY),
    ],
)
def test_an_exact_key_wins_and_then_the_closest_glob(policy_of: Make, keys: list[str], tool: str, key: str) -> None:
    assert key_of(policy_of(tools=marked(*keys)), tool) == key


@given(
    st.permutations(["*", "b*", "br*", "*_x", "browser_*", "browser_x"]), st.sampled_from(["browser_x", "brx", "y_x"])
)
def test_which_key_wins_does_not_depend_on_the_order_of_keys(policy_of: Make, keys: list[str], tool: str) -> None:
    expected = {"browser_x": "browser_x", "brx": "br*", "y_x": "*_x"}
    assert key_of(policy_of(tools=marked(*keys)), tool) == expected[tool]


def test_keys_are_never_merged(policy_of: Make) -> None:
    policy = policy_of(tools={"a": {}, **marked("a*", "*")})
    assert policy.plan("a").rules == RuleSet()
    assert len(policy.plan("ab").rules.limits) == 1


@pytest.mark.parametrize(
    ("hide", "tool", "hidden"),
    [
        (["a"], "a", True),
        (["a"], "ab", False),
        (["browser_*"], "browser_click", True),
        (["browser_*"], "browse", False),
        (["*"], "anything", True),
        (["*"], "", True),
        ([], "a", False),
    ],
)
def test_hidden_names_and_globs_hide_even_what_tools_allow(
    policy_of: Make, hide: list[str], tool: str, hidden: bool
) -> None:
    policy = policy_of(hide=hide, tools={"*": {}, "a": {}})
    assert policy.hides(tool) is hidden
    assert policy.plan(tool).refusal == (HIDDEN if hidden else "")


def test_what_is_denied_by_default_is_not_hidden(policy_of: Make) -> None:
    assert not policy_of().hides("a")


def test_the_tools_own_rules_come_before_those_of_all_tools(policy_of: Make) -> None:
    always: dict[str, Any] = {"conditions": []}
    section = {name: [always] for name in ("require", "deny_if", "require_approval")}
    limits = [{"counter": "c", "window": "day", "max": 1, "scope": "grant"}]
    both = {**section, "limits": limits}
    found = policy_of(all_tools=both, tools={"a": both}).plan("a").rules
    names = [
        rule.name for rules in (found.require, found.deny_if, found.require_approval, found.limits) for rule in rules
    ]
    assert names == [
        "/tools/a/require/always",
        "/all_tools/require/always",
        "/tools/a/deny_if/always",
        "/all_tools/deny_if/always",
        "/tools/a/require_approval/always",
        "/all_tools/require_approval/always",
        "/tools/a/limits/c",
        "/all_tools/limits/c",
    ]


@pytest.mark.parametrize(
    ("default", "refusal", "asks", "limits"),
    [("allow", "", False, 1), ("deny", DEFAULT_DENY, False, 0), ("require_approval", "", True, 1)],
)
def test_a_tool_without_a_key_has_the_default_and_the_rules_of_all_tools(
    policy_of: Make, default: str, refusal: str, asks: bool, limits: int
) -> None:
    plan = policy_of(default=default, all_tools=marked("all")["all"], tools={"a": {}}).plan("b")
    assert (plan.refusal, plan.asks_by_default, len(plan.rules.limits)) == (refusal, asks, limits)


def test_a_tool_with_a_key_is_not_asked_about_by_default(policy_of: Make) -> None:
    assert not policy_of(default="require_approval", tools={"a": {}}).plan("a").asks_by_default


def test_plans_are_remembered_up_to_a_bound(policy_of: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "REMEMBERED_TOOLS", 2)
    policy = policy_of(tools=marked("a*"))
    first = policy.plan("a1")
    assert policy.plan("a1") is first
    policy.plan("a2")
    policy.plan("a3")
    assert policy.plan("a1") is not first
    assert policy.plan("a1") == first


def test_policies_are_equal_if_their_documents_are(policy_of: Make) -> None:
    first, second = policy_of(tools=marked("a", "b*")), policy_of(tools=marked("a", "b*"))
    first.plan("a")
    assert first == second
    assert first != policy_of(tools=marked("a"))


# What holds where nothing can be compared: (absent, another type). The second half of each line is what it leads to.
POLARITY = [
    ("require", False, False),
    ("deny_if", False, True),
    ("require_approval", True, True),
]
UNJUDGED: list[tuple[str, Any, Any]] = [
    ("lt", 5, "4"),
    ("lte", 5, None),
    ("gt", 5, True),
    ("gte", 5, [6]),
    ("regex", ".", 5),
    ("contains", "a", 5),
]
JUDGES_ALL: list[tuple[str, Any]] = [("eq", 1), ("neq", 1), ("in", [1]), ("not_in", [1])]


@pytest.mark.parametrize(("section", "when_absent", "when_another_type"), POLARITY)
@pytest.mark.parametrize(("op", "value", "argument"), UNJUDGED)
def test_what_an_operator_cannot_judge_never_lets_a_call_through(
    policy_of: Make, section: str, when_absent: bool, when_another_type: bool, op: str, value: Any, argument: Any
) -> None:
    (rule,) = getattr(policy_of(tools={"t": {section: [one(op, value)]}}).plan("t").rules, section)
    assert rule.holds({"a": argument}) is when_another_type
    assert rule.holds({}) is when_absent
    assert rule.holds({"a": {"b": 1}, "b": 1}) is when_another_type


@pytest.mark.parametrize(("section", "when_absent", "_"), POLARITY)
@pytest.mark.parametrize(("op", "value"), JUDGES_ALL)
def test_an_absent_argument_is_the_same_for_operators_that_judge_every_type(
    policy_of: Make, section: str, when_absent: bool, _: bool, op: str, value: Any
) -> None:
    (rule,) = getattr(policy_of(tools={"t": {section: [one(op, value)]}}).plan("t").rules, section)
    assert rule.holds({}) is when_absent
    assert rule.holds({"a": "1"}) is (op in ("neq", "not_in"))
    assert rule.holds({"a": None}) is (op in ("neq", "not_in"))


@pytest.mark.parametrize(("section", "_", "__"), POLARITY)
@pytest.mark.parametrize(("value", "present"), [(True, True), (False, False)])
def test_exists_judges_absence_itself(
    policy_of: Make, section: str, _: bool, __: bool, value: bool, present: bool
) -> None:
    (rule,) = getattr(policy_of(tools={"t": {section: [one("exists", value)]}}).plan("t").rules, section)
    assert rule.holds({"a": 0}) is present
    assert rule.holds({}) is not present
    assert rule.holds({"a": None}) is not present


def one(op: str, value: Any, path: str = "args.a") -> dict[str, Any]:
    """A rule of one condition."""
    return {"conditions": [{"path": path, "op": op, "value": value}]}


def test_conditions_are_joined_by_and_also_where_one_cannot_be_judged(policy_of: Make) -> None:
    both = {"conditions": one("gt", 5)["conditions"] + one("eq", "x", "args.b")["conditions"]}
    (rule,) = policy_of(tools={"t": {"deny_if": [both]}}).plan("t").rules.deny_if
    assert rule.holds({"a": "6", "b": "x"})
    assert not rule.holds({"a": "6", "b": "y"})
    assert not rule.holds({"a": "6"})
    assert not rule.holds({"b": "x"})
    assert rule.name == "/tools/t/deny_if/args.a-gt"


@pytest.mark.parametrize("section", ["require", "deny_if", "require_approval"])
def test_a_rule_without_conditions_always_holds(policy_of: Make, section: str) -> None:
    (rule,) = getattr(policy_of(tools={"a/b~*": {section: [{"conditions": []}]}}).plan("a/b~c").rules, section)
    assert rule.holds({})
    assert rule.name == f"/tools/a/b~*/{section}/always"


def test_a_policys_document_is_what_was_written() -> None:
    text = '{"version": "1", "default": "deny", "description": "x", "tools": {"b": {}, "a": {}}}'
    assert json.dumps(parse(text).document) == text
