"""What is a policy and what is not: every mistake named by its pointer, all in one go."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approver.policy.checking import Place
from approver.policy.document import PolicyInvalid, dump, parse, policy_from_object, policy_from_place
from approver.policy.hints import KEYS, Where
from approver.policy.positions import read
from approver.policy.rules import Default

Problems = Callable[[str | bytes], dict[str, str]]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
LIMIT = {"counter": "c", "window": "hour", "max": 5, "scope": "grant"}
CONDITION = {"path": "args.a", "op": "eq", "value": 1}


def document(**fields: Any) -> dict[str, Any]:
    return {"version": "1", "default": "deny", **fields}


def with_tool(**rules: Any) -> dict[str, Any]:
    return document(tools={"t": rules})


def with_limits(*limits: Any) -> dict[str, Any]:
    return with_tool(limits=list(limits))


def with_condition(**changes: Any) -> dict[str, Any]:
    return with_tool(deny_if=[{"conditions": [{**CONDITION, **changes}]}])


def without(fields: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if key not in keys}


def below(pointer: str, *steps: str) -> list[str]:
    return [f"{pointer}/{step}" for step in steps]


C, L = "/tools/t/deny_if/0/conditions/0", "/tools/t/limits/0"
VALID: list[Any] = [
    document(),
    document(default="allow"),
    document(default="require_approval"),
    document(description="free text", hide=[], all_tools={}, tools={}),
    document(hide=["*", "browser_*", "a", "a"]),
    document(tools={"*": {}, "a b/c~": {}, "**": {}}),
    with_tool(require=[], deny_if=[], require_approval=[], limits=[]),
    with_tool(deny_if=[{"conditions": []}], require=[{"conditions": [], "on_deny": ""}]),
    with_tool(require_approval=[{"conditions": [CONDITION], "reason": "why"}]),
    document(all_tools={"require": [{"conditions": []}], "limits": [LIMIT]}),
    with_limits(LIMIT, {**LIMIT, "window": "day"}, {**LIMIT, "counter": "d"}),
    with_limits({**LIMIT, "scope": "server", "increment": 0.5}),
    with_limits({**LIMIT, "increment_from": "args.a.b", "max": 0}),
    with_limits({**LIMIT, "max": 1e300}, {**LIMIT, "counter": "big", "max": 10**40}),
    document(tools={"a": {"limits": [LIMIT]}, "b": {"limits": [LIMIT]}}, all_tools={"limits": [LIMIT]}),
    with_condition(value=None),
    with_condition(value={"deep": [{"er": None}]}),
    with_condition(op="in", value=[]),
    with_condition(op="exists", value=False),
    with_condition(op="regex", value=""),
    with_condition(op="contains", value=[1]),
    with_condition(path="args.a-b.c d.0"),
    with_condition(value=10**300),
]

INVALID: list[tuple[Any, list[str]]] = [
    # the document
    (None, [""]),
    ([], [""]),
    ("deny", [""]),
    ({}, ["/version", "/default"]),
    ({"version": "1"}, ["/default"]),
    ({"default": "deny"}, ["/version"]),
    (document(version=1), ["/version"]),
    (document(version="2"), ["/version"]),
    (document(version=None), ["/version"]),
    (document(version=["1"]), ["/version"]),
    (document(default="ask"), ["/default"]),
    (document(default="DENY"), ["/default"]),
    (document(default=None), ["/default"]),
    (document(default=["deny"]), ["/default"]),
    (document(description=5), ["/description"]),
    (document(rules=[], comment="x"), ["/rules", "/comment"]),
    (document(**{"a/b~c": 1}), ["/a~1b~0c"]),
    # hide
    (document(hide="*"), ["/hide"]),
    (document(hide=None), ["/hide"]),
    (document(hide=["a", 1, ""]), ["/hide/1", "/hide/2"]),
    # tools
    (document(tools=[]), ["/tools"]),
    (document(tools=["a"]), ["/tools"]),
    (document(tools={"": {}}), ["/tools/"]),
    (document(tools={"a": True, "b/c": None, "d": "allow"}), ["/tools/a", "/tools/b~1c", "/tools/d"]),
    (document(all_tools=[]), ["/all_tools"]),
    (document(all_tools={"rate_limit": 5}), ["/all_tools/rate_limit"]),
    (with_tool(max=10, action="deny", rules=[]), below("/tools/t", "max", "action", "rules")),
    (with_tool(description="x", hide=True), ["/tools/t/description", "/tools/t/hide"]),
    # rules
    (with_tool(require={}, deny_if=None), ["/tools/t/require", "/tools/t/deny_if"]),
    (with_tool(require_approval=True), ["/tools/t/require_approval"]),
    (with_tool(require=[[]]), ["/tools/t/require/0"]),
    (with_tool(deny_if=[{}]), ["/tools/t/deny_if/0/conditions"]),
    (with_tool(deny_if=[CONDITION]), [f"/tools/t/deny_if/0/{key}" for key in ("path", "op", "value", "conditions")]),
    (with_tool(deny_if=[{"conditions": [], "reason": "x"}]), ["/tools/t/deny_if/0/reason"]),
    (with_tool(require=[{"conditions": [], "reason": "x"}]), ["/tools/t/require/0/reason"]),
    (with_tool(require_approval=[{"conditions": [], "on_deny": "x"}]), ["/tools/t/require_approval/0/on_deny"]),
    (with_tool(deny_if=[{"conditions": [], "on_deny": 5}]), ["/tools/t/deny_if/0/on_deny"]),
    (with_tool(require_approval=[{"conditions": [], "reason": None}]), ["/tools/t/require_approval/0/reason"]),
    (with_tool(deny_if=[{"conditions": CONDITION}]), ["/tools/t/deny_if/0/conditions"]),
    (with_tool(deny_if=[{"conditions": ["args.a"]}]), [C]),
    # conditions
    (with_tool(deny_if=[{"conditions": [{}]}]), [f"{C}/path", f"{C}/op", f"{C}/value"]),
    (with_condition(extra=1), [f"{C}/extra"]),
    (with_condition(path="a"), [f"{C}/path"]),
    (with_condition(path="args"), [f"{C}/path"]),
    (with_condition(path="args."), [f"{C}/path"]),
    (with_condition(path="args..a"), [f"{C}/path"]),
    (with_condition(path="args.a."), [f"{C}/path"]),
    (with_condition(path="Args.a"), [f"{C}/path"]),
    (with_condition(path="arguments.a"), [f"{C}/path"]),
    (with_condition(path="$.a"), [f"{C}/path"]),
    (with_condition(path=""), [f"{C}/path"]),
    (with_condition(path=["args", "a"]), [f"{C}/path"]),
    (with_condition(op="matches"), [f"{C}/op"]),
    (with_condition(op="EQ"), [f"{C}/op"]),
    (with_condition(op=None), [f"{C}/op"]),
    (with_condition(op=["eq"]), [f"{C}/op"]),
    (with_condition(op="regex", value="("), [f"{C}/value"]),
    (with_condition(op="regex", value="(?<!a)b"), [f"{C}/value"]),
    (with_condition(op="regex", value=5), [f"{C}/value"]),
    (with_condition(op="in", value="a"), [f"{C}/value"]),
    (with_condition(op="not_in", value={}), [f"{C}/value"]),
    (with_condition(op="exists", value="true"), [f"{C}/value"]),
    (with_condition(op="exists", value=None), [f"{C}/value"]),
    (with_condition(op="lt", value="5"), [f"{C}/value"]),
    (with_condition(op="gte", value=True), [f"{C}/value"]),
    (with_condition(op="gt", value=None), [f"{C}/value"]),
    (with_condition(path="a", op="regex", value="("), [f"{C}/path", f"{C}/value"]),
    # limits
    (with_tool(limits={}), ["/tools/t/limits"]),
    (with_limits([]), [L]),
    (with_limits({}), [f"{L}/counter", f"{L}/window", f"{L}/max", f"{L}/scope"]),
    (with_limits(without(LIMIT, "scope")), [f"{L}/scope"]),
    (with_limits({**LIMIT, "counter": ""}), [f"{L}/counter"]),
    (with_limits({**LIMIT, "counter": 5}), [f"{L}/counter"]),
    (with_limits({**LIMIT, "window": 60}), [f"{L}/window"]),
    (with_limits({**LIMIT, "window": "week"}), [f"{L}/window"]),
    (with_limits({**LIMIT, "window": "Minute"}), [f"{L}/window"]),
    (with_limits({**LIMIT, "scope": "user"}), [f"{L}/scope"]),
    (with_limits({**LIMIT, "max": -1}), [f"{L}/max"]),
    (with_limits({**LIMIT, "max": "5"}), [f"{L}/max"]),
    (with_limits({**LIMIT, "max": True}), [f"{L}/max"]),
    (with_limits({**LIMIT, "max": None}), [f"{L}/max"]),
    (with_limits({**LIMIT, "increment": -0.5}), [f"{L}/increment"]),
    (with_limits({**LIMIT, "increment": "1"}), [f"{L}/increment"]),
    (with_limits({**LIMIT, "increment_from": "a"}), [f"{L}/increment_from"]),
    (with_limits({**LIMIT, "increment_from": 1}), [f"{L}/increment_from"]),
    (with_limits({**LIMIT, "increment": 1, "increment_from": "args.a"}), [L]),
    (with_limits({**LIMIT, "on_deny": "x", "limit": 5}), [f"{L}/on_deny", f"{L}/limit"]),
    (with_limits(LIMIT, {**LIMIT, "max": 6, "scope": "server"}), ["/tools/t/limits/1"]),
    (with_limits(LIMIT, {**LIMIT, "counter": "d"}, LIMIT, LIMIT), ["/tools/t/limits/2", "/tools/t/limits/3"]),
    (document(all_tools={"limits": [LIMIT, LIMIT]}), ["/all_tools/limits/1"]),
    (with_limits(*[{**LIMIT, "window": 60}] * 2), below("/tools/t/limits", "0/window", "1/window", "1")),
    (with_limits(without(LIMIT, "window"), without(LIMIT, "window")), [f"{L}/window", "/tools/t/limits/1/window"]),
    # everything at once
    (
        document(rules=[], hide="x", tools={"a": {"max": 5}, "b": {"limits": [{**LIMIT, "window": 60}]}}, default="no"),
        ["/default", "/hide", "/rules", "/tools/a/max", "/tools/b/limits/0/window"],
    ),
]  # fmt: skip


@pytest.mark.parametrize("written", VALID, ids=json.dumps)
def test_a_policy_loads(written: Any) -> None:
    assert parse(json.dumps(written)).document == written


@pytest.mark.parametrize(("written", "pointers"), INVALID, ids=lambda value: json.dumps(value)[:100])
def test_every_mistake_is_named_by_its_pointer(problems_of: Problems, written: Any, pointers: list[str]) -> None:
    assert sorted(problems_of(json.dumps(written, indent=1))) == sorted(pointers)


@pytest.mark.parametrize(("written", "pointers"), INVALID, ids=lambda value: json.dumps(value)[:100])
def test_every_problem_is_a_sentence_with_a_place(problems_of: Problems, written: Any, pointers: list[str]) -> None:
    for line in problems_of(json.dumps(written, indent=1)).values():
        assert line.startswith("line ")
        assert "column" in line
        assert line.endswith((".", "?"))


@pytest.mark.parametrize(
    ("text", "pointers"),
    [
        ("", [""]),
        ("not json", [""]),
        ('{"version": "1", "default": "deny",}', [""]),
        (b"\xff\xfe", [""]),
        ("\ufeff" + json.dumps(document()), [""]),
        ("[" * 100_000, [""]),
        ('{"version": "1", "version": "1", "default": "deny"}', ["/version"]),
        ('{"version": "1", "default": "deny", "default": "allow", oops', ["", "/default"]),
        ('{"version": "1", "default": "deny", "tools": {"a": {}, "a": {"rules": []}}}', ["/tools/a", "/tools/a/rules"]),
        (
            '{"version": "1", "default": "deny", "tools": {"a": 1}, "tools": {"b": 2}}',
            ["/tools", "/tools/a", "/tools/b"],
        ),
        ('{"version": "1", "default": "deny", "\\ud800": 1}', ["/\ud800"]),
        ('{"version": "1", "default": "deny", "description": "\\ud800"}', ["/description"]),
        (json.dumps(with_limits({**LIMIT, "max": float("nan")})), [f"{L}/max"]),
        (json.dumps(with_limits({**LIMIT, "max": float("inf")})), [f"{L}/max"]),
        (json.dumps(with_limits(LIMIT)).replace(" 5,", " 1e999,"), [f"{L}/max"]),
        (json.dumps(with_limits(LIMIT)).replace(" 5,", f" {'9' * 5000},"), [f"{L}/max"]),
        (json.dumps(with_condition(op="lt", value=float("nan"))), [f"{C}/value"]),
        (json.dumps(with_condition(op="in", value=[1, float("-inf")])), [f"{C}/value/1"]),
        (json.dumps(with_condition(value={"a": [{"b": 1}]})).replace('"b": 1', '"b": 1, "b": 2'), [f"{C}/value/a/0/b"]),
    ],
)
def test_mistakes_of_the_text_itself_are_told_too(
    problems_of: Problems, text: str | bytes, pointers: list[str]
) -> None:
    assert sorted(problems_of(text)) == pointers


@pytest.mark.parametrize(
    ("written", "pointer", "line"),
    [
        (
            with_condition(op="mathces"),
            f"{C}/op",
            f'{C}/op: unknown operator "mathces". Did you mean "regex"?',
        ),
        (
            with_tool(rate_limit={"max": 10, "window": 60}),
            "/tools/t/rate_limit",
            '/tools/t/rate_limit: unknown key "rate_limit". '
            'Write "limits": [{"counter": "t_rate", "window": "minute", "max": 10, "scope": "grant"}].',
        ),
        (
            with_limits({**LIMIT, "window": 60}),
            f"{L}/window",
            f'{L}/window: unknown window 60. Did you mean "minute"?',
        ),
        (
            document(version=1),
            "/version",
            '/version: unknown version 1. Write it in quotes: "1".',
        ),
        (
            with_condition(path="arguments.path"),
            f"{C}/path",
            f'{C}/path: a path must start with args., and this is "arguments.path". '
            'Write "args.path".',
        ),
        (
            with_condition(path="$."),
            f"{C}/path",
            f'{C}/path: a path must start with args., and this is "$.". Write "args.NAME".',
        ),
        (
            with_condition(op="lt", value="5"),
            f"{C}/value",
            f'{C}/value: "lt": a number is needed to compare with, not a string. '
            "Write the number without quotes.",
        ),
        (
            with_tool(require_approval=True),
            "/tools/t/require_approval",
            "/tools/t/require_approval: require_approval must be a list, not a boolean. "
            'Write [{"conditions": []}] for always.',
        ),
        (document(hide="*"), "/hide", '/hide: hide must be a list, not a string. Write ["*"].'),
        (document(hide=1), "/hide", "/hide: hide must be a list, not a number."),
        (
            document(tools={"t": "allow"}),
            "/tools/t",
            "/tools/t: a tool's rules must be an object, not a string. An empty object, {}, allows a tool.",
        ),
        (None, "", "a policy must be an object, not null."),
    ],
)  # fmt: skip
def test_a_problem_says_what_is_wrong_and_what_was_meant(
    problems_of: Problems, written: Any, pointer: str, line: str
) -> None:
    place, _, rest = problems_of(json.dumps(written, indent=1))[pointer].partition(": ")
    assert place.startswith("line ")
    assert rest == line


def test_a_problem_points_at_the_value_that_is_wrong_and_an_unknown_key_at_itself(problems_of: Problems) -> None:
    text = json.dumps(with_condition(op="mathces", like="x"), indent=2)
    assert problems_of(text)[f"{C}/op"].startswith("line 11, column 21: ")
    assert problems_of(text)[f"{C}/like"].startswith("line 13, column 15: ")


def test_problems_come_in_the_order_of_the_file() -> None:
    text = '{"tools": {"a": 1},\n"default": "x",\n"version": "2", "default": "deny"}'
    with pytest.raises(PolicyInvalid) as refused:
        parse(text)
    assert [problem.pointer for problem in refused.value.problems] == ["/tools/a", "/default", "/version", "/default"]


def test_a_mistake_between_two_places_can_be_named_by_either() -> None:
    with pytest.raises(PolicyInvalid) as refused:
        parse(json.dumps(with_limits({**LIMIT, "increment": 1, "increment_from": "args.a"}, without(LIMIT, "scope"))))
    exclusion, missing, twin = refused.value.problems
    assert exclusion.also == (f"{L}/increment", f"{L}/increment_from")
    assert (missing.pointer, missing.also) == ("/tools/t/limits/1/scope", ("/tools/t/limits/1",))
    assert twin.also == ("/tools/t/limits/1/counter", "/tools/t/limits/1/window")


def test_a_policy_is_compiled_as_written() -> None:
    written = document(default="require_approval", hide=["a", "b*"], tools={"x*": {}, "y": {}, "xy*": {}})
    policy = parse(json.dumps(written))
    assert policy.default is Default.REQUIRE_APPROVAL
    assert (policy.hidden, [glob.text for glob in policy.hidden_globs]) == ({"a"}, ["b*"])
    assert (list(policy.tools), [glob.text for glob in policy.globs]) == (["x*", "y", "xy*"], ["xy*", "x*"])


def test_a_policy_can_be_made_from_an_object_and_its_problems_have_no_lines() -> None:
    assert policy_from_object(document()).document == document()
    with pytest.raises(PolicyInvalid) as refused:
        policy_from_object(document(rules=[]))
    assert [(problem.pointer, problem.line) for problem in refused.value.problems] == [("/rules", 0)]


@pytest.mark.parametrize("broken", [{"a": object()}, {"version": 10**5000}, []])
def test_an_object_that_is_no_json_is_refused_with_a_reason(broken: Any) -> None:
    with pytest.raises(PolicyInvalid):
        policy_from_object(broken)


def test_an_object_that_contains_itself_is_refused_with_a_reason() -> None:
    endless: dict[str, Any] = {}
    endless["tools"] = endless
    with pytest.raises(PolicyInvalid, match="this is not JSON"):
        policy_from_object(endless)


def test_a_policy_inside_a_larger_text_has_pointers_of_its_own_and_lines_of_the_text() -> None:
    reading = read('{"x": NaN,\n "policy": {"version": "1", "version": "1",\n "default": "ask"}}')
    assert reading.root is not None
    member = reading.root.members[1]
    with pytest.raises(PolicyInvalid) as refused:
        policy_from_place(Place(member.node, "/policy"), reading)
    found = [(problem.pointer, problem.line) for problem in refused.value.problems]
    assert found == [("/version", 2), ("/default", 3)]


@st.composite
def policies(draw: st.DrawFn) -> dict[str, Any]:
    """Documents that are policies or nearly so: known keys, values that may be anything."""

    def fields(where: Where, value: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        return st.dictionaries(st.sampled_from(KEYS[where]) | st.text(max_size=2), value, max_size=4) | JSON

    words = st.sampled_from(["1", "deny", "args.a", "eq", "regex", "in", "minute", "grant", "(", "*"])
    condition = fields(Where.CONDITION, words | JSON)
    rule = fields(Where.REFUSAL, st.lists(condition, max_size=2) | words)
    limit = fields(Where.LIMIT, words | st.integers())
    tool = fields(Where.TOOL, st.lists(rule | limit, max_size=2))
    return draw(fields(Where.DOCUMENT, words | tool | st.dictionaries(words, tool, max_size=2)))  # type: ignore[no-any-return]  # hypothesis's draw is untyped


@given(policies())
def test_whatever_is_written_it_loads_or_its_mistakes_are_told(written: Any) -> None:
    try:
        policy = parse(json.dumps(written))
    except PolicyInvalid as invalid:
        assert invalid.problems
    else:
        assert policy.document == written


@given(st.sampled_from(VALID), st.text())
def test_what_is_written_out_is_read_back_the_same(written: Any, description: str) -> None:
    policy = policy_from_object({**written, "description": description})
    assert parse(dump(policy)) == policy
