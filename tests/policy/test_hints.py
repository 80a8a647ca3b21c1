"""What a hint says to the words that people bring from other formats."""

from typing import Any

import pytest

from approver.policy import hints
from approver.policy.hints import Where
from approver.policy.limits import WINDOW_SECONDS
from approver.policy.match import OPERATORS

RATE = '"limits": [{"counter": "pay_rate", "window": "%s", "max": %s, "scope": "grant"}]'


@pytest.mark.parametrize(
    ("key", "value", "where", "hint"),
    [
        ("rules", [], Where.DOCUMENT, "in an object with a key for each tool"),
        ("Rules", [], Where.DOCUMENT, "in an object with a key for each tool"),
        ("tool", {}, Where.DOCUMENT, 'Did you mean "tools"?'),
        ("defualt", "deny", Where.DOCUMENT, 'Did you mean "default"?'),
        ("default_action", "deny", Where.DOCUMENT, '"default": "deny"'),
        ("defaultAction", "deny", Where.DOCUMENT, '"default": "deny"'),
        ("hidden", [], Where.DOCUMENT, 'Did you mean "hide"?'),
        ("mcpServers", {}, Where.DOCUMENT, "list of servers"),
        ("comment", "x", Where.DOCUMENT, '"description"'),
        ("rate_limit", {"max": 5}, Where.DOCUMENT, 'A limit for every tool stands in "all_tools": {"limits": [{"cou'),
        ("limits", [], Where.DOCUMENT, '"all_tools"'),
        ("require", [], Where.DOCUMENT, '"require" belongs in a tool\'s rules.'),
        ("zzz", 1, Where.DOCUMENT, 'Known here: "version", "description", "default", "hide", "all_tools", "tools".'),
        ("rate_limit", {"max": 10, "window": 60}, Where.TOOL, RATE % ("minute", 10)),
        ("rate_limit", {"max": 10, "window": 3600}, Where.TOOL, RATE % ("hour", 10)),
        ("rate-limit", {"limit": 2.5, "per": "day"}, Where.TOOL, RATE % ("minute", "2.5")),
        ("rateLimit", {"requests": 7, "window": "1d"}, Where.TOOL, RATE % ("day", 7)),
        ("rate_limit", 5, Where.TOOL, RATE % ("minute", 5)),
        ("rate_limit", "5/m", Where.TOOL, RATE % ("minute", 10)),
        ("rate_limit", {"max": True}, Where.TOOL, RATE % ("minute", 10)),
        ("rate_limit", {"max": float("inf")}, Where.TOOL, RATE % ("minute", 10)),
        ("rate_limit", {"max": -1}, Where.ALL_TOOLS, RATE % ("minute", 10)),
        ("max", 10, Where.TOOL, RATE % ("minute", 10)),
        ("window", 60, Where.TOOL, '"limits"'),
        ("action", "deny", Where.TOOL, '"deny_if": [{"conditions": []}]'),
        ("action", "block", Where.TOOL, '"deny_if": [{"conditions": []}]'),
        ("action", "allow", Where.TOOL, "empty object: {}"),
        ("effect", "ask", Where.TOOL, '"require_approval": [{"conditions": []}]'),
        ("action", "log", Where.TOOL, "This format has no actions"),
        ("action", None, Where.ALL_TOOLS, "This format has no actions"),
        ("rules", [], Where.TOOL, '"require", "deny_if" or "require_approval"'),
        ("hide", True, Where.TOOL, '"hide" of the policy itself'),
        ("approval", True, Where.TOOL, "Ask a person"),
        ("denyif", [], Where.TOOL, 'Did you mean "deny_if"?'),
        ("conditions", [], Where.TOOL, '"conditions" belongs in a rule of require or deny_if.'),
        ("on_deny", "x", Where.ALL_TOOLS, '"on_deny" belongs in a rule of require or deny_if.'),
        ("counter", "x", Where.TOOL, '"counter" belongs in a limit.'),
        ("when", [], Where.REFUSAL, 'Did you mean "conditions"?'),
        ("reason", "x", Where.REFUSAL, '"on_deny"'),
        ("on_deny", "x", Where.QUESTION, '"reason"'),
        ("any", [], Where.QUESTION, "one rule for each alternative"),
        ("path", "args.a", Where.REFUSAL, '"path" belongs in a condition.'),
        ("operator", "eq", Where.CONDITION, 'Did you mean "op"?'),
        ("field", "a", Where.CONDITION, '"path": "args.NAME"'),
        ("values", [], Where.CONDITION, '"value"'),
        ("limit", 10, Where.LIMIT, 'Did you mean "max"?'),
        ("per", "minute", Where.LIMIT, '"window": "minute"'),
        ("on_deny", "x", Where.LIMIT, "made from its numbers"),
        ("expected", {}, Where.CASE, 'Did you mean "expect"?'),
        ("message", "x", Where.EXPECTATION, 'Known here: "verdict", "rule", "message_contains".'),
    ],
)
def test_an_unknown_key_gets_a_hint(key: str, value: Any, where: Where, hint: str) -> None:
    assert hint in hints.for_key(key, value, where, "/tools/pay")


def test_the_counter_that_a_hint_proposes_has_the_tools_own_name() -> None:
    assert '"a/b~_rate"' in hints.for_key("rate_limit", 1, Where.TOOL, "/tools/a~1b~0")


@pytest.mark.parametrize(
    ("value", "meant", "hint"),
    [
        ("mathces", hints.OPERATORS_MEANT, 'Did you mean "regex"?'),
        ("matches", hints.OPERATORS_MEANT, 'Did you mean "regex"?'),
        ("==", hints.OPERATORS_MEANT, 'Did you mean "eq"?'),
        ("not equals", hints.OPERATORS_MEANT, 'Did you mean "neq"?'),
        ("EQ", hints.OPERATORS_MEANT, 'Did you mean "eq"?'),
        ("notin", hints.OPERATORS_MEANT, 'Did you mean "not_in"?'),
        ("contians", hints.OPERATORS_MEANT, 'Did you mean "contains"?'),
        ("zzz", hints.OPERATORS_MEANT, "Write one."),
        (None, hints.OPERATORS_MEANT, "Write one."),
        ("x" * 100_000, hints.OPERATORS_MEANT, "Write one."),
    ],
)
def test_an_unknown_word_gets_the_one_that_was_meant(value: Any, meant: dict[str, str], hint: str) -> None:
    assert hints.for_word(value, OPERATORS, meant, "one") == hint


@pytest.mark.parametrize(
    ("meant", "known"),
    [
        (hints.OPERATORS_MEANT, set(OPERATORS)),
        (hints.WINDOWS_MEANT, set(WINDOW_SECONDS)),
        (hints.SCOPES_MEANT, {"grant", "server"}),
        (hints.DEFAULTS_MEANT, {"allow", "deny", "require_approval"}),
        (hints.VERDICTS_MEANT, {"allow", "deny", "ask"}),
    ],
)
def test_no_hint_leads_to_a_word_that_is_unknown_too(meant: dict[str, str], known: set[str]) -> None:
    assert set(meant.values()) <= known
    assert not set(meant) & known
