"""A policy ready to judge with: rules, limits, and the plan that holds for each tool.

`document` builds these from text; `decide` asks `Policy.plan` for what holds for a tool and evaluates it. All values
are frozen; the only thing a policy remembers is which plan a tool's name led to.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from approver.policy.globs import Glob
from approver.policy.match import ABSENT, Test, find

REMEMBERED_TOOLS = 2048
"""Names whose plan is kept. They come from agents, so there is a bound."""


class Section(enum.Enum):
    """The three lists of rules."""

    REQUIRE = "require"
    DENY_IF = "deny_if"
    REQUIRE_APPROVAL = "require_approval"


class Default(enum.Enum):
    """What happens to a tool that no key matches."""

    ALLOW = "allow"
    DENY = "deny"
    REQUIRE_APPROVAL = "require_approval"


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison, with what it says when it cannot be made."""

    path: str
    """As written: `args.a.b`."""
    steps: tuple[str, ...]
    op: str
    value: Any
    test: Test
    when_absent: bool | None
    """What an absent argument means in this section; None: the test itself judges it (`exists`)."""
    when_unjudged: bool
    """What a value of another type means: in `require` no, elsewhere yes, so that it never lets a call through."""

    def holds(self, arguments: Mapping[str, Any]) -> bool:
        """Whether it holds for these arguments."""
        found = find(arguments, self.steps)
        if found is ABSENT and self.when_absent is not None:
            return self.when_absent
        truth = self.test(found)
        return self.when_unjudged if truth is None else truth


@dataclass(frozen=True, slots=True)
class Rule:
    """Conditions joined by and; none at all always hold."""

    name: str
    """What verdicts and the log call it."""
    conditions: tuple[Condition, ...]
    text: str
    """`on_deny` or `reason`; may be empty."""

    def holds(self, arguments: Mapping[str, Any]) -> bool:
        """Whether every condition holds for these arguments."""
        return all(condition.holds(arguments) for condition in self.conditions)


@dataclass(frozen=True, slots=True)
class Limit:
    """How much may be drawn from a counter in one window of time."""

    name: str
    """What verdicts and the log call it."""
    home: str
    """Where it is written: `/tools/<key>` or `/all_tools`."""
    counter: str
    window: str
    maximum: int | Decimal
    shared: bool
    """Whether all grants of a server draw on one counter."""
    increment: float
    source: str = ""
    """Path of the argument that is counted; empty: every call counts `increment`."""
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleSet:
    """What stands under one key of `tools`, or under `all_tools`."""

    require: tuple[Rule, ...] = ()
    deny_if: tuple[Rule, ...] = ()
    require_approval: tuple[Rule, ...] = ()
    limits: tuple[Limit, ...] = ()

    def followed_by(self, other: "RuleSet") -> "RuleSet":
        """These rules first, then the other's."""
        return RuleSet(
            self.require + other.require,
            self.deny_if + other.deny_if,
            self.require_approval + other.require_approval,
            self.limits + other.limits,
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """All that holds for one tool, in the order it is evaluated."""

    refusal: str
    """The rule that denies every call of it (`(hidden)`, `(default deny)`), or empty."""
    rules: RuleSet
    asks_by_default: bool


@dataclass(frozen=True, slots=True)
class Policy:
    """A whole policy. Two policies are equal if their documents are."""

    document: dict[str, Any]
    """The JSON object it was made from; not to be changed."""
    default: Default = field(compare=False)
    hidden: frozenset[str] = field(compare=False)
    hidden_globs: tuple[Glob, ...] = field(compare=False)
    tools: Mapping[str, RuleSet] = field(compare=False)
    """By the key as written, globs included."""
    globs: tuple[Glob, ...] = field(compare=False)
    """The keys that are globs, the winning one first."""
    all_tools: RuleSet = field(compare=False)
    _plans: dict[str, Plan] = field(compare=False, repr=False, default_factory=dict)

    def plan(self, tool: str) -> Plan:
        """What holds for a tool of this name."""
        plan = self._plans.get(tool)
        if plan is None:
            if len(self._plans) >= REMEMBERED_TOOLS:
                self._plans.clear()
            plan = self._plans[tool] = self._make_plan(tool)
        return plan

    def hides(self, tool: str) -> bool:
        """Whether the tool is to be kept from clients."""
        return self.plan(tool).refusal == HIDDEN

    def _make_plan(self, tool: str) -> Plan:
        if tool in self.hidden or any(glob.matches(tool) for glob in self.hidden_globs):
            return Plan(HIDDEN, RuleSet(), False)
        key = self._key(tool)
        if key is not None:
            return Plan("", self.tools[key].followed_by(self.all_tools), False)
        if self.default is Default.DENY:
            return Plan(DEFAULT_DENY, RuleSet(), False)
        return Plan("", self.all_tools, self.default is Default.REQUIRE_APPROVAL)

    def _key(self, tool: str) -> str | None:
        # A glob is never an exact key, not even of a tool whose name has a star in it: the server chooses that name.
        if tool in self.tools and "*" not in tool:
            return tool
        return next((glob.text for glob in self.globs if glob.matches(tool)), None)


NO_POLICY = "(no policy)"
HIDDEN = "(hidden)"
DEFAULT_DENY = "(default deny)"
DEFAULT_ASK = "(default require_approval)"
