"""What a draft of a policy would have said of the calls that the log recorded.

Records and a policy go in; each record comes out with what was decided then and what the draft says. Counters begin
empty with the oldest record and are drawn on in the order of time. The log keeps arguments masked and long ones in
part: where a rule looks at what is missing, the draft's decision is left open, with the decisions it may be. Pure.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic, Protocol, TypeVar

from approver.model import KEPT_RESULT, Call, Caller, Decision, Grant, Outcome, Result, Verdict
from approver.policy.decide import decide_by
from approver.policy.limits import Ledger
from approver.policy.match import ABSENT, find
from approver.policy.rules import Condition, Plan, Policy, Rule, RuleSet

_DECIDED = {
    Outcome.ALLOWED.value: Decision.ALLOW,
    Outcome.DENIED_BY_POLICY.value: Decision.DENY,
    **dict.fromkeys(
        (
            Outcome.APPROVED.value,
            Outcome.DENIED_BY_USER.value,
            Outcome.PENDING.value,
            Outcome.EXPIRED.value,
            Outcome.ABORTED.value,
            Outcome.SHUT_DOWN.value,
        ),
        Decision.ASK,
    ),
}
"""What the policy said, by how the call ended."""
_OTHERWISE_DENIED = ("(panic)", "(asking paused)", "(asked too often)", "(log unwritable)")
"""Rules that are no policy's."""
_NOT_MADE = (Result.UNREACHABLE.value, Result.RPC_ERROR.value)
_LEFT_OUT = re.compile(
    r"••• \((?:\d+ characters? )?hidden\)"
    r"|… \((?:\+[\d,.]+ (?:characters|elements)|nested more deeply than is kept)\)\Z"
)
"""What stands in a recorded text for what was not kept."""
_MEMBERS_LEFT_OUT = "…"


class Recorded(Protocol):
    """A call as the log has it."""

    @property
    def at(self) -> float:
        """Wall time, seconds since the epoch."""
        ...

    @property
    def server(self) -> str:
        """The server's name."""
        ...

    @property
    def grant(self) -> str:
        """The grant's name."""
        ...

    @property
    def tool(self) -> str:
        """The tool's name."""
        ...

    @property
    def arguments(self) -> str:
        """JSON text, secrets masked."""
        ...

    @property
    def outcome(self) -> str:
        """An `Outcome` value."""
        ...

    @property
    def rule(self) -> str:
        """The rule that decided."""
        ...

    @property
    def by(self) -> str:
        """Who answered."""
        ...

    @property
    def result(self) -> str | None:
        """A `Result` value, or None."""
        ...


R = TypeVar("R", bound=Recorded)


@dataclass(frozen=True, slots=True)
class Replayed(Generic[R]):
    """One recorded call, then and by the draft."""

    record: R
    before: Decision
    """What the policy of that time said."""
    after: tuple[Decision, ...]
    """What the draft says: one decision, or those it may be where the log does not keep what a rule looks at."""
    rule: str
    """The draft's rule; of an open decision the one that holds if no rule holds that cannot be judged."""
    message: str

    @property
    def is_decidable(self) -> bool:
        """Whether the log keeps enough to tell."""
        return len(self.after) == 1

    @property
    def is_changed(self) -> bool:
        """Whether the draft certainly decides otherwise."""
        return self.is_decidable and self.after[0] is not self.before


@dataclass(frozen=True, slots=True)
class Replay(Generic[R]):
    """What a draft makes of recorded calls, oldest first."""

    calls: tuple[Replayed[R], ...]
    skipped: int
    """Records that no policy decided about: refused as malformed, denied by panic or a pause, kept results."""

    @property
    def changed(self) -> tuple[Replayed[R], ...]:
        """The calls about which the draft decides otherwise."""
        return tuple(call for call in self.calls if call.is_changed)

    @property
    def undecidable(self) -> tuple[Replayed[R], ...]:
        """The calls of which the log does not keep enough to tell."""
        return tuple(call for call in self.calls if not call.is_decidable)


def judged_by(name: str, records: Iterable[R], grants: Iterable[Grant]) -> list[R]:
    """Those of the records whose calls the policy of this name judges: a grant may name another than its server's."""
    named = {grant.name: grant.policy for grant in grants}
    return [record for record in records if (named.get(record.grant) or record.server) == name]


def replay(records: Iterable[R], draft: Policy) -> Replay[R]:
    """Judge the recorded calls anew. An asked call counts as approved unless the log says that it was not made."""
    ledger = Ledger()
    replayed: list[Replayed[R]] = []
    skipped = 0
    for record in sorted(records, key=lambda record: record.at):
        before = _decided(record)
        arguments = _arguments(record)
        if before is None or arguments is None:
            skipped += 1
            continue
        verdict, after = _judge(_call(record, arguments), draft.plan(record.tool), ledger, record.at)
        if _is_made(record, verdict):
            ledger.reserve(verdict.reservations)
        replayed.append(Replayed(record, before, after, verdict.rule, verdict.message))
    return Replay(tuple(replayed), skipped)


def _decided(record: Recorded) -> Decision | None:
    if record.rule in _OTHERWISE_DENIED or record.by == KEPT_RESULT:
        return None
    return _DECIDED.get(record.outcome)


def _arguments(record: Recorded) -> dict[str, Any] | None:
    try:
        found = json.loads(record.arguments)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _call(record: Recorded, arguments: Mapping[str, Any]) -> Call:
    caller = Caller(session="", grant=record.grant, server=record.server, client="")
    return Call("", caller, record.tool, arguments, {}, digest="", arrived=record.at)


def _is_made(record: Recorded, verdict: Verdict) -> bool:
    if record.result in _NOT_MADE:
        return False
    was_refused = _decided(record) is Decision.ASK and record.outcome != Outcome.APPROVED.value
    return not (was_refused and verdict.decision is Decision.ASK)


# -- what cannot be told from what the log keeps -----------------------------------------------------------------------


def _judge(call: Call, plan: Plan, ledger: Ledger, now: float) -> tuple[Verdict, tuple[Decision, ...]]:
    """The verdict without the rules that cannot be judged, and what it may be with them."""
    if not _has_gaps(call.arguments):
        verdict = decide_by(call, plan, ledger, now)
        return verdict, (verdict.decision,)
    rules = plan.rules
    known = RuleSet(
        _known(rules.require, call.arguments),
        _known(rules.deny_if, call.arguments),
        _known(rules.require_approval, call.arguments),
        tuple(limit for limit in rules.limits if not (limit.steps and _is_gap(call.arguments, limit.steps))),
    )
    verdict = decide_by(call, replace(plan, rules=known), ledger, now)
    may = {verdict.decision}
    if verdict.decision is Decision.ALLOW and known.require_approval != rules.require_approval:
        may.add(Decision.ASK)
    if (known.require, known.deny_if, known.limits) != (rules.require, rules.deny_if, rules.limits):
        may.add(Decision.DENY)
    if verdict.decision is Decision.DENY:
        may = {Decision.DENY}  # whatever the others say: they can only deny as well
    return verdict, tuple(decision for decision in Decision if decision in may)


def _known(rules: tuple[Rule, ...], arguments: Mapping[str, Any]) -> tuple[Rule, ...]:
    return tuple(rule for rule in rules if _is_known(rule, arguments))


def _is_known(rule: Rule, arguments: Mapping[str, Any]) -> bool:
    """Whether all its conditions can be judged, or one that can does not hold."""
    gaps = [_is_open(condition, arguments) for condition in rule.conditions]
    return not any(gaps) or any(
        not is_open and not condition.holds(arguments) for condition, is_open in zip(rule.conditions, gaps, strict=True)
    )


def _is_open(condition: Condition, arguments: Mapping[str, Any]) -> bool:
    if condition.op == "exists" and find(arguments, condition.steps) is not ABSENT:
        return False  # what is covered was there, and was not null
    return _is_gap(arguments, condition.steps)


def _is_gap(arguments: Mapping[str, Any], steps: tuple[str, ...]) -> bool:
    """Whether something is missing on the way to the argument, or within it."""
    found: Any = arguments
    for step in steps:
        if isinstance(found, str):
            return _has_gaps(found)
        if not isinstance(found, dict):
            return False
        if step not in found:
            return _MEMBERS_LEFT_OUT in found
        found = found[step]
    return _has_gaps(found)


def _has_gaps(value: Any) -> bool:
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            if _MEMBERS_LEFT_OUT in item:
                return True
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)
        elif isinstance(item, str) and _LEFT_OUT.search(item):
            return True
    return False
