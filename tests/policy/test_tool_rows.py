"""A policy as rows of a table, and edits of cells that change only what they say."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from approver.policy.document import Policy, parse
from approver.policy.tool_rows import Kind, ToolRow, parse_limit, rows, set_kind, set_limit

Make = Callable[..., Policy]
LIMIT = {"counter": "c", "window": "minute", "max": 10, "scope": "grant"}
TEXT = """{
  "version": "1", "default": "deny",
  "hide": ["gone"],
  "tools": {
    "read":  {},
    "send": {"require_approval": [{"conditions": [], "reason": "Out."}], "limits": [{"counter": "c", "window": "day", "max": 3, "scope": "grant"}]}
  }
}
"""  # noqa: E501 (one line of the text that must stay as it is)


def edited(text: str, edits: tuple[Any, ...]) -> str:
    for edit in edits:
        text = edit.applied(text)
    parse(text)
    return text


def row_of(policy: Policy, key: str, tools: tuple[str, ...] = ()) -> ToolRow:
    return next(row for row in rows(policy, tools) if row.key == key)


@pytest.mark.parametrize(
    ("rules", "kind"),
    [
        ({}, Kind.ALLOW),
        ({"require": [], "limits": [LIMIT]}, Kind.ALLOW),
        ({"require_approval": [{"conditions": [], "reason": "Why."}]}, Kind.ASK),
        ({"deny_if": [{"conditions": []}]}, Kind.DENY),
        ({"require": [{"conditions": []}]}, Kind.CUSTOM),
        ({"deny_if": [{"conditions": []}, {"conditions": []}]}, Kind.CUSTOM),
        ({"deny_if": [{"conditions": [{"path": "args.a", "op": "exists", "value": True}]}]}, Kind.CUSTOM),
        ({"deny_if": [{"conditions": []}], "require_approval": [{"conditions": []}]}, Kind.CUSTOM),
    ],
)
def test_the_word_says_what_the_rules_do(policy_of: Make, rules: dict[str, Any], kind: Kind) -> None:
    assert row_of(policy_of(tools={"t": rules}), "t").kind is kind


@pytest.mark.parametrize(
    ("limits", "limit", "other"),
    [
        ([], None, False),
        ([LIMIT], (10, "minute"), False),
        ([LIMIT, LIMIT | {"window": "day"}], None, True),
        ([LIMIT | {"scope": "server"}], None, True),
        ([LIMIT | {"increment": 2}], None, True),
        ([LIMIT | {"increment_from": "args.x"}], None, True),
        ([LIMIT | {"max": 1.5}], None, True),
    ],
)
def test_a_plain_limit_is_told_from_others(policy_of: Make, limits: list[Any], limit: Any, other: bool) -> None:
    row = row_of(policy_of(tools={"t": {"limits": limits}}), "t")
    assert (row.limit, row.has_other_limits) == (limit, other)


def test_rows_come_as_written_then_hidden_then_the_other_tools(policy_of: Make) -> None:
    policy = policy_of(hide=["gone", "a"], tools={"b": {}, "a": {}})
    assert [(row.key, row.kind) for row in rows(policy, ["new", "b"])] == [
        ("b", Kind.ALLOW),
        ("a", Kind.HIDE),
        ("gone", Kind.HIDE),
        ("new", Kind.UNLISTED),
    ]


def test_a_server_cannot_offer_a_glob_as_its_tool(policy_of: Make) -> None:
    assert [row.key for row in rows(policy_of(tools={"a": {}}), ["*", "b*", "c"])] == ["a", "c"]


def test_globs_say_how_many_tools_they_decide_about(policy_of: Make) -> None:
    policy = policy_of(
        hide=["hidden_*", "hidden_own"], tools={"web_*": {}, "web_get_*": {}, "web_get_own": {}, "*": {}}
    )
    tools = ("web_a", "web_b", "web_get_x", "web_get_own", "other", "hidden_a", "hidden_own")
    assert {row.key: row.matches for row in rows(policy, tools) if "*" in row.key} == {
        "web_*": 2,
        "web_get_*": 1,
        "*": 1,
        "hidden_*": 1,
    }
    assert {row.key: (row.kind, row.by) for row in rows(policy, tools) if "*" not in row.key} == {
        "web_get_own": (Kind.ALLOW, ""),
        "hidden_own": (Kind.HIDE, ""),
        "web_a": (Kind.UNLISTED, "web_*"),
        "web_b": (Kind.UNLISTED, "web_*"),
        "web_get_x": (Kind.UNLISTED, "web_get_*"),
        "other": (Kind.UNLISTED, "*"),
        "hidden_a": (Kind.HIDE, "hidden_*"),
    }


def test_a_hidden_glob_does_not_hide_the_row_of_another_glob(policy_of: Make) -> None:
    policy = policy_of(hide=["web_*"], tools={"web_get_*": {}})
    assert row_of(policy, "web_get_*").kind is Kind.ALLOW


def test_a_new_word_replaces_the_rules_and_leaves_limits_and_the_rest(policy_of: Make) -> None:
    limits = '[{"counter": "c", "window": "day", "max": 3, "scope": "grant"}]'
    rules = '{"require_approval": [{"conditions": [], "reason": "Out."}], "limits": ' + limits + "}"
    assert edited(TEXT, set_kind(TEXT, "send", Kind.ALLOW)) == TEXT.replace(rules, f'{{"limits": {limits}}}')
    deny = f'{{"deny_if": [{{"conditions": []}}], "limits": {limits}}}'
    assert edited(TEXT, set_kind(TEXT, "send", Kind.DENY)) == TEXT.replace(rules, deny)
    assert edited(TEXT, set_kind(TEXT, "read", Kind.ASK)) == TEXT.replace(
        '"read":  {}', '"read":  {"require_approval": [{"conditions": []}]}'
    )


def test_every_word_that_is_set_is_the_word_that_is_shown() -> None:
    for key in ("read", "send", "gone", "new", "glob_*"):
        for kind in set(Kind) - {Kind.CUSTOM}:
            policy = parse(edited(TEXT, set_kind(TEXT, key, kind)))
            found = {row.key: row.kind for row in rows(policy, [key])}
            assert found.get(key, Kind.UNLISTED) is kind


def test_hiding_keeps_the_rules_and_showing_again_takes_the_name_away() -> None:
    hidden = edited(TEXT, set_kind(TEXT, "read", Kind.HIDE))
    assert hidden == TEXT.replace('["gone"]', '["gone", "read"]')
    assert set_kind(hidden, "read", Kind.HIDE) == ()
    assert edited(hidden, set_kind(hidden, "read", Kind.ALLOW)) == TEXT
    assert '"hide"' not in edited(TEXT, set_kind(TEXT, "gone", Kind.UNLISTED))


def test_custom_is_written_by_hand() -> None:
    assert set_kind(TEXT, "read", Kind.CUSTOM) == ()


def test_a_policy_without_tools_gets_them() -> None:
    text = '{"version": "1", "default": "deny"}'
    assert json.loads(edited(text, set_kind(text, "t", Kind.ALLOW)))["tools"] == {"t": {}}
    assert set_kind(text, "t", Kind.UNLISTED) == ()


def test_a_limit_is_set_changed_and_taken_away() -> None:
    limited = edited(TEXT, set_limit(TEXT, "read", (5, "hour")))
    assert row_of(parse(limited), "read").limit == (5, "hour")
    assert edited(limited, set_limit(limited, "read", None)) == TEXT.replace('read":  {}', 'read":  {}')
    assert set_limit(TEXT, "read", None) == ()


def test_text_that_is_no_json_is_left_alone() -> None:
    assert set_kind("{", "t", Kind.ALLOW) == ()
    assert set_limit("{", "t", (1, "day")) == ()


@pytest.mark.parametrize(
    ("words", "limit"),
    [
        ("10 per minute", (10, "minute")),
        ("10/hour", (10, "hour")),
        (" 3 a day ", (3, "day")),
        ("5 Minutes", (5, "minute")),
        ("many", None),
        ("10 per week", None),
        ("", None),
    ],
)
def test_limits_are_read_as_people_write_them(words: str, limit: Any) -> None:
    assert parse_limit(words) == limit
