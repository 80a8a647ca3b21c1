"""The rules that servers begin with, and how many tools would run, ask or be blocked by them. Pure.

a choice and the names of tools ──> a policy's document ──> counts, as the policy itself decides
"""

import enum
import functools
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from approver.catalog.risk import Tier, risk_of
from approver.configuration_edits import STARTER
from approver.model import Call, Caller, CounterKey, Decision
from approver.policy.decide import decide
from approver.policy.document import policy_from_object


class StartRules(enum.Enum):
    """What the person begins with."""

    ASK = "ask"
    """Ask about every tool whose name does not say that it only reads."""
    WATCH = "watch"
    """Let everything run for a week, and write it down; then ask, as above."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What becomes of the tools that are known."""

    run: int = 0
    ask: int = 0
    blocked: int = 0

    def plus(self, other: "Preview") -> "Preview":
        """Both together."""
        return Preview(self.run + other.run, self.ask + other.ask, self.blocked + other.blocked)


def policy_for(rules: StartRules, tools: Iterable[str], until: str = "") -> dict[str, Any]:
    """The policy of a server with these tools. `until` is the day on which watching ends."""
    if rules is StartRules.WATCH:
        about = f"Everything runs and is written down until {until}; then Approver asks about what does not only read."
        return {"version": "1", "description": about, "default": "allow"}
    safe: dict[str, Any] = {tool: {} for tool in sorted(set(tools)) if is_marked_safe(tool)}
    return {**STARTER, "tools": safe}


def is_marked_safe(tool: str) -> bool:
    """Whether Approver's own word list takes the name for one that only reads. A glob in a name means no glob here."""
    risk = risk_of(tool)
    return risk.tier is Tier.READS and bool(risk.word) and "*" not in tool


def preview(document: Mapping[str, Any], tools: Iterable[str]) -> Preview:
    """Count what the policy makes of calls without arguments."""
    return _counted(json.dumps(document), tuple(tools))


@functools.lru_cache(maxsize=64)
def _counted(document: str, tools: tuple[str, ...]) -> Preview:
    policy = policy_from_object(json.loads(document))
    decisions = [decide(_call(tool), policy, _Nothing(), 0.0).decision for tool in tools]
    return Preview(
        run=decisions.count(Decision.ALLOW), ask=decisions.count(Decision.ASK), blocked=decisions.count(Decision.DENY)
    )


class _Nothing:
    """Nothing was used yet."""

    def used(self, counter: CounterKey, start: int) -> float:
        """Nothing."""
        return 0.0


def _call(tool: str) -> Call:
    nobody = Caller(session="", grant="", server="", client="")
    return Call(id="", caller=nobody, tool=tool, arguments={}, extra={}, digest="", arrived=0.0)
