"""Guesses what the writer of a policy meant by a word this format does not have.

Other gateways' formats have words of their own (`rate_limit`, `rules`, `action`); a hint says how the same thing is
written here. A key that belongs elsewhere is sent there, and a slip of the pen gets the nearest known word. Words go
in, one sentence comes out, or an empty string.
"""

import difflib
import enum
import math
from collections.abc import Iterable
from typing import Any

from approver.policy import wording
from approver.policy.match import is_number


class Where(enum.Enum):
    """The kinds of objects that have keys of their own, as a hint names them."""

    DOCUMENT = "the policy itself"
    ALL_TOOLS = "all_tools"
    TOOL = "a tool's rules"
    REFUSAL = "a rule of require or deny_if"
    QUESTION = "a rule of require_approval"
    CONDITION = "a condition"
    LIMIT = "a limit"
    CASE_FILE = "a policy test file"
    CASE = "a case"
    CALL = "a call of a case"
    EXPECTATION = "what a case expects"


_TOOL_KEYS = ("require", "deny_if", "require_approval", "limits")
KEYS: dict[Where, tuple[str, ...]] = {
    Where.DOCUMENT: ("version", "description", "default", "hide", "all_tools", "tools"),
    Where.ALL_TOOLS: _TOOL_KEYS,
    Where.TOOL: _TOOL_KEYS,
    Where.REFUSAL: ("conditions", "on_deny"),
    Where.QUESTION: ("conditions", "reason"),
    Where.CONDITION: ("path", "op", "value"),
    Where.LIMIT: ("counter", "window", "max", "scope", "increment", "increment_from"),
    Where.CASE_FILE: ("name", "description", "policy", "cases", "expect_invalid"),
    Where.CASE: ("name", "description", "at", "calls", "expect"),
    Where.CALL: ("tool", "arguments", "grant", "at", "repeat"),
    Where.EXPECTATION: ("verdict", "rule", "message_contains"),
}
_OF_A_POLICY = (
    Where.DOCUMENT,
    Where.TOOL,
    Where.REFUSAL,
    Where.QUESTION,
    Where.CONDITION,
    Where.LIMIT,
)
"""Where a key can belong to instead, the outermost first."""

OPERATORS_MEANT = {
    **dict.fromkeys(("match", "matches", "re", "regexp", "pattern", "like", "glob", "~", "=~"), "regex"),
    **dict.fromkeys(("starts_with", "startswith", "ends_with", "endswith", "prefix", "suffix"), "regex"),
    **dict.fromkeys(("equals", "equal", "is", "=", "==", "==="), "eq"),
    **dict.fromkeys(("ne", "not_eq", "not_equals", "not_equal", "is_not", "!=", "<>"), "neq"),
    **dict.fromkeys(("less", "less_than", "below", "under", "<"), "lt"),
    **dict.fromkeys(("le", "at_most", "max", "<=", "=<"), "lte"),
    **dict.fromkeys(("greater", "greater_than", "above", "over", "more_than", ">"), "gt"),
    **dict.fromkeys(("ge", "at_least", "min", ">=", "=>"), "gte"),
    **dict.fromkeys(("one_of", "any_of", "oneof", "anyof", "enum"), "in"),
    **dict.fromkeys(("nin", "notin", "not in", "none_of", "noneof"), "not_in"),
    **dict.fromkeys(("present", "is_set", "defined", "has", "absent", "missing"), "exists"),
    **dict.fromkeys(("include", "includes", "substring", "has_element"), "contains"),
}
WINDOWS_MEANT = {
    **dict.fromkeys(("60", "60s", "1m", "m", "min", "minutes", "per_minute", "rpm"), "minute"),
    **dict.fromkeys(("3600", "3600s", "1h", "h", "hr", "60m", "hours", "hourly", "per_hour"), "hour"),
    **dict.fromkeys(("86400", "86400s", "1d", "d", "24h", "days", "daily", "per_day"), "day"),
}
SCOPES_MEANT = {
    **dict.fromkeys(("client", "agent", "user", "session", "token", "key", "caller"), "grant"),
    **dict.fromkeys(("global", "all", "shared", "total", "org", "upstream"), "server"),
}
DEFAULTS_MEANT = {
    **dict.fromkeys(("ask", "approve", "approval", "prompt", "confirm", "require-approval"), "require_approval"),
    **dict.fromkeys(("permit", "pass", "accept", "yes", "true", "allowed"), "allow"),
    **dict.fromkeys(("block", "refuse", "reject", "forbid", "no", "false", "denied"), "deny"),
}
VERDICTS_MEANT = {
    **dict.fromkeys(("require_approval", "approval", "pending", "prompt"), "ask"),
    **dict.fromkeys(("allowed", "pass", "forward"), "allow"),
    **dict.fromkeys(("denied", "block", "refuse"), "deny"),
}

_LIMIT_FORM = '"limits": [{{"counter": {counter}, "window": {window}, "max": {maximum}, "scope": "grant"}}]'
_ASK = '"require_approval": [{"conditions": []}]'
_ALWAYS_DENY = '"deny_if": [{"conditions": []}]'
_PER_TOOL = 'Rules stand under "tools", in an object with a key for each tool: "tools": {"some_tool": {…}}.'
_DEFAULT = 'Say what happens to a tool without a key with "default": "deny", "allow" or "require_approval".'
_HIDE = 'List what is to be hidden in "hide" of the policy itself.'
_CONDITION = 'A condition is written {"path": "args.NAME", "op": "eq", "value": …}, in a rule\'s "conditions".'
_ELSEWHERE: dict[tuple[Where, ...], dict[str, str]] = {
    (Where.DOCUMENT,): {
        **dict.fromkeys(("rules", "policies", "policy", "permissions", "statements"), _PER_TOOL),
        **dict.fromkeys(("default_action", "defaultaction", "default_policy", "defaultpolicy", "action"), _DEFAULT),
        **dict.fromkeys(("hidden", "hidden_tools", "hide_tools"), 'Did you mean "hide"?'),
        **dict.fromkeys(("allow", "allowed", "allowlist", "whitelist"), 'Allow a tool with "tools": {"NAME": {}}.'),
        **dict.fromkeys(
            ("deny", "denied", "denylist", "blacklist"), f'Deny a tool with "tools": {{"NAME": {{{_ALWAYS_DENY}}}}}.'
        ),
        "mcpservers": "This is a list of servers, not a policy.",
        **dict.fromkeys(("comment", "comments", "notes", "name", "title"), 'Free text belongs in "description".'),
    },
    (Where.TOOL, Where.ALL_TOOLS): {
        **dict.fromkeys(("rules", "checks"), 'Rules stand in "require", "deny_if" or "require_approval".'),
        **dict.fromkeys(("hide", "hidden"), _HIDE),
        **dict.fromkeys(("deny", "block", "denied"), f"Deny a tool always with {_ALWAYS_DENY}."),
        **dict.fromkeys(("allow", "allowed", "enabled"), "A tool is allowed by an empty object: {}."),
        **dict.fromkeys(("approval", "approve", "ask", "confirm", "needs_approval"), f"Ask a person with {_ASK}."),
        **dict.fromkeys(("deny_when", "deny_unless", "forbid"), 'Did you mean "deny_if" or "require"?'),
        **dict.fromkeys(("args", "arguments", "params", "validation", "constraints"), _CONDITION),
        **dict.fromkeys(("reason", "message", "description"), 'A rule has "on_deny" or "reason" of its own.'),
    },
    (Where.REFUSAL, Where.QUESTION): {
        **dict.fromkeys(("if", "when", "condition", "match", "all", "args", "arguments"), 'Did you mean "conditions"?'),
        **dict.fromkeys(("any", "or"), "Conditions are joined by and; write one rule for each alternative."),
    },
    (Where.REFUSAL,): {
        **dict.fromkeys(("reason", "message", "error", "text"), 'What the agent is told stands in "on_deny".'),
    },
    (Where.QUESTION,): {
        **dict.fromkeys(("on_deny", "message", "text"), 'What the person reads stands in "reason".'),
    },
    (Where.CONDITION,): {
        **dict.fromkeys(("operator", "operation", "comparator"), 'Did you mean "op"?'),
        **dict.fromkeys(
            ("field", "arg", "argument", "name", "key", "param"), 'Name the argument with "path": "args.NAME".'
        ),
        **dict.fromkeys(("values", "operand", "pattern", "equals"), 'What is compared with stands in "value".'),
    },
    (Where.LIMIT,): {
        **dict.fromkeys(("limit", "rate", "quota", "count", "maximum", "requests", "calls"), 'Did you mean "max"?'),
        **dict.fromkeys(
            ("per", "period", "interval", "window_seconds", "unit"), 'Write "window": "minute", "hour" or "day".'
        ),
        **dict.fromkeys(("name", "id"), 'Did you mean "counter"?'),
        **dict.fromkeys(("cost", "weight", "amount"), 'Did you mean "increment" or "increment_from"?'),
        **dict.fromkeys(("on_deny", "reason", "message"), "A limit's message is made from its numbers."),
    },
}
_ACTIONS = {
    "allow": "A tool is allowed by an empty object: {}.",
    "deny": f'Leave the tool out where "default" is "deny", or write {_ALWAYS_DENY}.',
    "require_approval": f"Write {_ASK}.",
}
_RATE_WORDS = ("rate_limit", "ratelimit", "rate_limits", "ratelimits", "limit", "quota", "throttle", "max", "window")
_ACTION_WORDS = ("action", "effect", "decision", "verdict", "mode", "policy")


def for_key(key: str, value: Any, where: Where, pointer: str = "") -> str:
    """What to write instead of an unknown key; `pointer` is that of the object it stands in."""
    word = key.lower().replace("-", "_").replace(" ", "_")
    if where in (Where.TOOL, Where.ALL_TOOLS):
        if word in _RATE_WORDS:
            return _for_rate(value, pointer)
        if word in _ACTION_WORDS:
            return _for_action(value)
    if where is Where.DOCUMENT and word in ("limits", *_RATE_WORDS):
        return f'A limit for every tool stands in "all_tools": {{{_for_rate(value, pointer, bare=True)}}}.'
    for places, meant in _ELSEWHERE.items():
        if where in places and word in meant:
            return meant[word]
    return _nearest(word, KEYS[where]) or _belongs_elsewhere(word, where) or f"Known here: {_listed(KEYS[where])}."


def for_word(value: Any, known: tuple[str, ...], meant: dict[str, str], expected: str) -> str:
    """What to write instead of an unknown word: the one that was probably meant, or else all there are."""
    word = str(value).lower().strip()
    if guess := meant.get(word) or meant.get(word.replace(" ", "_")):
        return f'Did you mean "{guess}"?'
    close = _nearest(word, known, meant) if isinstance(value, str) else ""
    return close or f"Write {expected}."


def _for_rate(value: Any, pointer: str, *, bare: bool = False) -> str:
    """The limit that another format's rate limit would be here."""
    parts = value if isinstance(value, dict) else {"max": value}
    maximum = parts.get("max", parts.get("limit", parts.get("requests")))
    count = wording.number(maximum) if is_number(maximum) and 0 <= maximum < math.inf else "10"
    window = WINDOWS_MEANT.get(str(parts.get("window", parts.get("per", "60"))).lower(), "minute")
    key = pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~")
    counter = "calls" if bare else f"{key}_rate"
    form = _LIMIT_FORM.format(
        counter=wording.quote(counter),
        window=wording.quote(window),
        maximum=count,
    )
    return form if bare else f"Write {form}."


def _for_action(value: Any) -> str:
    word = str(value).lower()
    meant = word if word in _ACTIONS else DEFAULTS_MEANT.get(word, "")
    return _ACTIONS.get(meant) or "This format has no actions: " + " ".join(_ACTIONS.values())


def _nearest(word: str, known: Iterable[str], meant: dict[str, str] | None = None) -> str:
    candidates = {each: each for each in known} | (meant or {})
    close = difflib.get_close_matches(word[:100], candidates, n=1, cutoff=0.7)
    return f'Did you mean "{candidates[close[0]]}"?' if close else ""


def _belongs_elsewhere(word: str, where: Where) -> str:
    for place in _OF_A_POLICY:
        if place is not where and word in KEYS[place]:
            return f'"{word}" belongs in {place.value}.'
    return ""


def _listed(words: Iterable[str]) -> str:
    return ", ".join(f'"{word}"' for word in words)
