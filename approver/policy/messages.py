"""The sentences of verdicts that have none of their own: what was refused, by which condition or limit, and until when.

An agent reads them and acts on them, so they name the tool, the argument and what would pass. Rules and numbers go in,
text comes out.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from approver.policy import wording
from approver.policy.limits import WINDOW_SECONDS, Amount, window_start
from approver.policy.match import ABSENT, find
from approver.policy.rules import DEFAULT_ASK, DEFAULT_DENY, HIDDEN, NO_POLICY, Condition, Limit, Rule

_BY_WORD = {
    NO_POLICY: "{tool} was not called: no policy is in force for this grant, so everything is denied.",
    HIDDEN: "{tool} is hidden by this server's policy and cannot be called.",
    DEFAULT_DENY: "{tool} is not among the tools that this server's policy names, and all others are denied.",
    DEFAULT_ASK: "{tool} is not among the tools that this server's policy names; a person is asked about all others.",
}
_PHRASES = {
    "eq": "is {value}",
    "neq": "is not {value}",
    "lt": "is less than {value}",
    "lte": "is at most {value}",
    "gt": "is more than {value}",
    "gte": "is at least {value}",
    "in": "is one of {value}",
    "not_in": "is none of {value}",
    "regex": "matches {value}",
    "contains": "contains {value}",
}
_JUDGES = {"regex": "a string", "contains": "a string or a list"}
"""What an operator can judge; the others that cannot judge everything judge numbers."""


@lru_cache(maxsize=256)  # a thousand questions of one kind share one sentence
def for_word(rule: str, tool: str) -> str:
    """The sentence for one of the rules that stand in brackets."""
    return _BY_WORD[rule].format(tool=wording.name(tool))


def for_requirement(rule: Rule, tool: str, arguments: Mapping[str, Any]) -> str:
    """Why a rule of `require` denies."""
    broken = next(condition for condition in rule.conditions if not condition.holds(arguments))
    return rule.text or f"{wording.name(tool)} is allowed only when {_all_of(rule)}{_cause(broken, arguments)}."


def for_denial(rule: Rule, tool: str, arguments: Mapping[str, Any]) -> str:
    """Why a rule of `deny_if` denies."""
    if rule.text or not rule.conditions:
        return rule.text or f"{wording.name(tool)} is always denied by this server's policy."
    causes = "".join(_cause(condition, arguments) for condition in rule.conditions)
    return f"{wording.name(tool)} is denied when {_all_of(rule)}{causes}."


def for_question(rule: Rule, tool: str) -> str:
    """Why a rule of `require_approval` asks."""
    if rule.text or not rule.conditions:
        return rule.text or f"This server's policy asks a person before {wording.name(tool)} is called."
    return f"This server's policy asks a person before {wording.name(tool)} is called when {_all_of(rule)}."


def for_limit(limit: Limit, tool: str, used: Amount, amount: Amount, now: float) -> str:
    """Why a limit refuses, and when it frees up."""
    frees_up = window_start(limit.window, now) + WINDOW_SECONDS[limit.window]
    when = f"{wording.moment(frees_up)}, in {wording.duration(frees_up - now)}"
    spent = f"of which {wording.number(used)} are used (counter {wording.quote(limit.counter)})"
    start = f"{wording.name(tool)} is limited to {_allowance(limit)}, {spent}"
    if amount > limit.maximum:
        return f"{start}. The limit frees up at {when}, but this call alone counts {wording.number(amount)}."
    counts = "" if amount == 1 else f", and this call counts {wording.number(amount)}"
    return f"{start}{counts}. The limit frees up at {when}."


def for_uncountable(limit: Limit, tool: str, found: Any) -> str:
    """Why a call is denied whose argument a limit cannot count."""
    state = "missing" if found is ABSENT else wording.kind_of(found)
    if isinstance(found, (int, float)) and not isinstance(found, bool):
        state = "negative" if found < 0 else "not finite"
    return (
        f"{wording.name(tool)} is limited to {_allowance(limit)}, which counts {limit.source}: "
        f"it must be a number of 0 or more, and it is {state}."
    )


def _allowance(limit: Limit) -> str:
    counted = limit.source or ("calls" if limit.increment == 1 else "units")
    counted = "call" if counted == "calls" and limit.maximum == 1 else counted
    of = " of " if limit.source else " "
    return f"{wording.number(limit.maximum)}{of}{counted} per {limit.window}{_sharing(limit)}"


def _sharing(limit: Limit) -> str:
    """With whom the counter is shared, where that is not the tool alone under one grant."""
    key = limit.home.removeprefix("/tools/")
    parts = []
    if limit.home == "/all_tools":
        parts.append("all tools together")
    elif "*" in key:
        parts.append(f"all tools named {key} together")
    if limit.shared:
        parts.append("all grants of this server together")
    return f" ({', '.join(parts)})" if parts else ""


def _all_of(rule: Rule) -> str:
    return " and ".join(map(_phrase, rule.conditions))


def _phrase(condition: Condition) -> str:
    if condition.op == "exists":
        return f"{condition.path} is {'given' if condition.value else 'not given'}"
    return f"{condition.path} {_PHRASES[condition.op].format(value=wording.quote(condition.value))}"


def _cause(condition: Condition, arguments: Mapping[str, Any]) -> str:
    """What keeps the condition from being judged, if anything does: the agent can mend that."""
    found = find(arguments, condition.steps)
    if found is ABSENT:
        return "" if condition.op == "exists" else f"; {condition.path} is missing"
    if condition.test(found) is not None:
        return ""
    needed = _JUDGES.get(condition.op, "a number")
    if condition.op == "contains" and isinstance(found, str):  # no string can hold what the rule looks for
        needed = "a list"
    return f"; {condition.path} must be {needed} to be judged, and it is {wording.kind_of(found)}"
