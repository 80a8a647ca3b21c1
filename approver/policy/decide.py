"""What a policy says of one call. Pure: no clock, no counters of its own, nothing is changed.

The order, in which the first denial wins:

1. no policy                                      -> deny `(no policy)`
2. the tool is hidden                             -> deny `(hidden)`
3. no key matches it and the default is deny      -> deny `(default deny)`
4. `require`: a rule that does not hold           -> deny
5. `deny_if`: a rule that holds                   -> deny
6. `limits`: one that has not enough left         -> deny
7. no key matches it and the default is to ask    -> ask `(default require_approval)`
   `require_approval`: a rule that holds          -> ask
8. otherwise                                      -> allow

In 4 to 7 the tool's own rules come before those of `all_tools`. The verdict of an allowed or asked call says what the
call takes from which counters; whoever asked books that, or nobody does.
"""

import math

from approver.model import Call, CounterKey, Decision, Reservation, Verdict
from approver.policy import messages
from approver.policy.limits import Amount, Usage, exact, total, window_start
from approver.policy.match import find, is_number
from approver.policy.rules import DEFAULT_ASK, NO_POLICY, Limit, Plan, Policy

_ALLOWED = Verdict(Decision.ALLOW, "")


def decide(call: Call, policy: Policy | None, usage: Usage, now: float) -> Verdict:
    """Judge one call at the time `now`, in seconds since the epoch."""
    if policy is None:
        return Verdict(Decision.DENY, NO_POLICY, messages.for_word(NO_POLICY, call.tool))
    return decide_by(call, policy.plan(call.tool), usage, now)


def decide_by(call: Call, plan: Plan, usage: Usage, now: float) -> Verdict:
    """Judge one call by the plan for its tool."""
    refusal = _refusal(call, plan)
    if refusal is not None:
        return refusal
    reservations: list[Reservation] = []
    for limit in plan.rules.limits:
        reserved = _reserve(limit, call, usage, now)
        if isinstance(reserved, Verdict):
            return reserved  # nothing is booked before the end, so what earlier limits gave is given back by leaving
        reservations.append(reserved)
    return _question(call, plan, tuple(reservations)) or (
        Verdict(Decision.ALLOW, "", "", tuple(reservations)) if reservations else _ALLOWED
    )


def is_hidden(policy: Policy | None, tool: str) -> bool:
    """Whether a tool is to be kept from `tools/list`."""
    return policy is not None and policy.hides(tool)


def _refusal(call: Call, plan: Plan) -> Verdict | None:
    if plan.refusal:
        return Verdict(Decision.DENY, plan.refusal, messages.for_word(plan.refusal, call.tool))
    for rule in plan.rules.require:
        if not rule.holds(call.arguments):
            return Verdict(Decision.DENY, rule.name, messages.for_requirement(rule, call.tool, call.arguments))
    for rule in plan.rules.deny_if:
        if rule.holds(call.arguments):
            return Verdict(Decision.DENY, rule.name, messages.for_denial(rule, call.tool, call.arguments))
    return None


def _reserve(limit: Limit, call: Call, usage: Usage, now: float) -> Reservation | Verdict:
    amount = limit.increment
    if limit.steps:
        found = find(call.arguments, limit.steps)
        if not is_number(found) or found < 0 or found == math.inf:
            return Verdict(Decision.DENY, limit.name, messages.for_uncountable(limit, call.tool, found))
        amount = found
    holder = "" if limit.shared else call.caller.grant
    counter = CounterKey(call.caller.server, holder, limit.home, limit.counter, limit.window)
    start = window_start(limit.window, now)
    used = usage.used(counter, start)
    if _passes(used, amount, limit.maximum):
        return Verdict(Decision.DENY, limit.name, messages.for_limit(limit, call.tool, exact(used), exact(amount), now))
    return Reservation(counter, start, amount)


def _passes(used: float, amount: float, maximum: Amount) -> bool:
    return total(exact(used), exact(amount)) > maximum


def _question(call: Call, plan: Plan, reservations: tuple[Reservation, ...]) -> Verdict | None:
    if plan.asks_by_default:
        return Verdict(Decision.ASK, DEFAULT_ASK, messages.for_word(DEFAULT_ASK, call.tool), reservations)
    for rule in plan.rules.require_approval:
        if rule.holds(call.arguments):
            return Verdict(Decision.ASK, rule.name, messages.for_question(rule, call.tool), reservations)
    return None
