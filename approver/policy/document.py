"""Turns a policy's text into a `Policy`, or into every problem it has, told together.

Text goes through `positions` into a tree, the tree through the checks here into rules that are ready to judge with. A
policy with any mistake is refused as a whole: half a policy would let through what the other half was to stop.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from approver.policy import globs, hints, wording
from approver.policy.checking import Checker, Place, is_not_finite
from approver.policy.hints import Where
from approver.policy.limits import WINDOW_SECONDS, exact
from approver.policy.match import OPERATORS, OperandWrong, compile_test
from approver.policy.positions import Reading, read
from approver.policy.problems import PolicyInvalid, Problem, Report
from approver.policy.rules import Condition, Default, Limit, Policy, Rule, RuleSet, Section

__all__ = ["Policy", "PolicyInvalid", "Problem", "dump", "parse", "policy_from_object", "policy_from_place"]

_PATH_START = "args."
_SCOPES = ("grant", "server")
_T = TypeVar("_T")


def parse(text: str | bytes) -> Policy:
    """The policy in the text. Raises `PolicyInvalid` with all its problems."""
    reading = read(text)
    if reading.root is None:
        report = Report(reading)
        report.add_faults(reading.duplicates + reading.odd + ((reading.broken,) if reading.broken else ()))
        raise PolicyInvalid(report.problems)
    return policy_from_place(Place(reading.root), reading)


def policy_from_object(document: Any) -> Policy:
    """The policy in a JSON object that was read already. Raises `PolicyInvalid`; its problems have no lines."""
    try:
        text = json.dumps(document)
    except (TypeError, ValueError, RecursionError) as error:
        raise PolicyInvalid([Problem("", f"this is not JSON: {error}")]) from None
    try:
        return parse(text)
    except PolicyInvalid as error:
        raise PolicyInvalid(replace(problem, line=0, column=0) for problem in error.problems) from None


def policy_from_place(place: Place, reading: Reading) -> Policy:
    """The policy that stands at one place of a larger text. Its problems' pointers begin there."""
    report = Report(reading, place.pointer)
    report.add_faults(reading.duplicates + reading.odd)
    policy = _PolicyChecker(report).policy(Place(place.node))
    if report.problems:
        raise PolicyInvalid(report.problems)
    return policy


def dump(policy: Policy) -> str:
    """The policy as text that `parse` reads back."""
    return json.dumps(policy.document, ensure_ascii=False, indent=2) + "\n"


class _PolicyChecker(Checker):
    """Checks a policy and compiles it on the way. What it returns is worthless once anything was noted."""

    def policy(self, place: Place) -> Policy:
        found: dict[str, Any] = {}
        if self.is_object(place, "a policy"):
            checks: Mapping[str, Callable[[Place], Any]] = {
                "version": self._version,
                "description": lambda text: self.is_text(text, "description"),
                "default": self._default,
                "hide": self._hide,
                "all_tools": lambda rules: self._rule_set(rules, "/all_tools", Where.ALL_TOOLS),
                "tools": self._tools,
            }
            for key, member in self.known_members(place, Where.DOCUMENT):
                found[key] = checks[key](member)
            self._has_beginnings(place)
        tools = found.get("tools") or {}
        hidden = found.get("hide") or ()
        return Policy(
            document=place.value,
            default=found.get("default", Default.DENY),
            hidden=frozenset(name for name in hidden if not globs.is_glob(name)),
            hidden_globs=globs.closest_first(filter(globs.is_glob, hidden)),
            tools=tools,
            globs=globs.closest_first(filter(globs.is_glob, tools)),
            all_tools=found.get("all_tools", RuleSet()),
        )

    def _has_beginnings(self, place: Place) -> None:
        self.has_all(place, ["version"], 'Write "version": "1".')
        self.has_all(place, ["default"], 'Write "default": "deny", "allow" or "require_approval".')

    def _version(self, place: Place) -> None:
        if place.value != "1":
            hint = 'Write it in quotes: "1".' if place.value in (1, "1.0") else 'This format is version "1".'
            self.wrong(place, f"unknown version {wording.quote(place.value)}", hint)

    def _default(self, place: Place) -> Default:
        choices = [default.value for default in Default]
        is_known = self.is_one_of(place, "default", choices, hints.DEFAULTS_MEANT)
        return Default(place.value) if is_known else Default.DENY

    def _hide(self, place: Place) -> list[str]:
        is_name = isinstance(place.value, str)
        if not self.is_list(place, "hide", f"Write [{wording.quote(place.value)}]." if is_name else ""):
            return []
        return [item.value for item in place.items() if self.is_text(item, "a hidden tool's name", blank=False)]

    def _tools(self, place: Place) -> dict[str, RuleSet]:
        found = {}
        hint = 'Write {"NAME": {}} to allow a tool.'
        if self.is_object(place, "tools", hint):
            for key, member in place.members():
                if not key:
                    self.wrong(member, "a tool's name must not be empty")
                found[key] = self._rule_set(member, f"/tools/{key}", Where.TOOL)
        return found

    def _rule_set(self, place: Place, home: str, where: Where) -> RuleSet:
        what = "all_tools" if where is Where.ALL_TOOLS else "a tool's rules"
        if not self.is_object(place, what, "An empty object, {}, allows a tool." if where is Where.TOOL else ""):
            return RuleSet()
        found: dict[str, Any] = {}
        for key, member in self.known_members(place, where):
            if key == "limits":
                found[key] = self._limits(member, home)
            else:
                found[key] = self._rules(member, Section(key), home)
        return RuleSet(**found)

    def _rules(self, place: Place, section: Section, home: str) -> tuple[Rule, ...]:
        hint = 'Write [{"conditions": []}] for always.'
        if not self.is_list(place, section.value, hint):
            return ()
        return _present(self._rule(item, section, f"{home}/{section.value}") for item in place.items())

    def _rule(self, place: Place, section: Section, home: str) -> Rule | None:
        if not self.is_object(place, "a rule"):
            return None
        where = Where.QUESTION if section is Section.REQUIRE_APPROVAL else Where.REFUSAL
        conditions: tuple[Condition, ...] = ()
        text = ""
        for key, member in self.known_members(place, where):
            if key == "conditions":
                conditions = self._conditions(member, section)
            elif self.is_text(member, key):
                text = member.value
        self.has_all(place, ["conditions"], "Write [] for a rule that always holds.")
        first = f"{conditions[0].path}-{conditions[0].op}" if conditions else "always"
        return Rule(f"{home}/{first}", conditions, text)

    def _conditions(self, place: Place, section: Section) -> tuple[Condition, ...]:
        if not self.is_list(place, "conditions", "Conditions stand in a list, [{…}], and are joined by and."):
            return ()
        return _present(self._condition(item, section) for item in place.items())

    def _condition(self, place: Place, section: Section) -> Condition | None:
        if not self.is_object(place, "a condition", 'Write {"path": "args.NAME", "op": "eq", "value": …}.'):
            return None
        found: dict[str, Place] = {}
        for key, member in self.known_members(place, Where.CONDITION):
            if key == "value" or (self._path(member) if key == "path" else self._operator(member)):
                found[key] = member
        self.has_all(place, hints.KEYS[Where.CONDITION])
        if "op" not in found or "value" not in found:
            return None
        op, value = found["op"].value, found["value"].value
        if is_not_finite(value):
            return None
        try:
            test = compile_test(op, value)
        except OperandWrong as error:
            self.wrong(found["value"], f'"{op}": {error.message}', error.hint)
            return None
        path = found["path"].value if "path" in found else ""
        when_absent = None if op == "exists" else section is Section.REQUIRE_APPROVAL
        return Condition(path, _steps(path), op, value, test, when_absent, section is not Section.REQUIRE)

    def _path(self, place: Place) -> bool:
        if not self.is_text(place, "a path"):
            return False
        path: str = place.value
        if not path.startswith(_PATH_START):
            name = path.removeprefix("$.").removeprefix("arguments.").removeprefix("params.") or "NAME"
            self.wrong(
                place, f"a path must start with args., and this is {wording.quote(path)}", f'Write "args.{name}".'
            )
            return False
        if "" in _steps(path):
            self.wrong(
                place, f"the path {wording.quote(path)} has an empty part", 'Write it like "args.options.depth".'
            )
            return False
        return True

    def _operator(self, place: Place) -> bool:
        return self.is_one_of(place, "operator", OPERATORS, hints.OPERATORS_MEANT)

    def _limits(self, place: Place, home: str) -> tuple[Limit, ...]:
        if not self.is_list(place, "limits", "Limits stand in a list: [{…}]."):
            return ()
        found = []
        seen: set[tuple[Any, Any]] = set()
        for item in place.items():
            if not self.is_object(item, "a limit"):
                continue
            found.append(self._limit(item, home))
            key = (str(item.value.get("counter")), str(item.value.get("window")))
            if key in seen and {"counter", "window"} <= item.value.keys():
                message = f"a second limit with the counter {wording.quote(key[0])} and the same window"
                also = tuple(f"{item.pointer}/{name}" for name in ("counter", "window"))
                self.wrong(item, message, "Give it another counter, or remove one of the two.", also)
            seen.add(key)
        return _present(found)

    def _limit(self, place: Place, home: str) -> Limit | None:
        checks: Mapping[str, Callable[[Place], bool]] = {
            "counter": lambda name: self.is_text(name, "a counter's name", blank=False),
            "window": lambda word: self.is_one_of(word, "window", WINDOW_SECONDS, hints.WINDOWS_MEANT),
            "max": lambda amount: self.is_amount(amount, "max"),
            "scope": lambda word: self.is_one_of(word, "scope", _SCOPES, hints.SCOPES_MEANT),
            "increment": lambda amount: self.is_amount(amount, "increment"),
            "increment_from": self._path,
        }
        found = {key: m.value for key, m in self.known_members(place, Where.LIMIT) if checks[key](m)}
        needed = ("counter", "window", "max", "scope")
        self.has_all(place, needed, 'A limit is {"counter": "calls", "window": "hour", "max": 100, "scope": "grant"}.')
        if "increment" in place.value and "increment_from" in place.value:
            also = (f"{place.pointer}/increment", f"{place.pointer}/increment_from")
            self.wrong(place, '"increment" and "increment_from" exclude each other', "Remove one of them.", also)
        if any(key not in found for key in needed):
            return None
        source = found.get("increment_from", "")
        return Limit(
            name=f"{home}/limits/{found['counter']}",
            home=home,
            counter=found["counter"],
            window=found["window"],
            maximum=exact(found["max"]),
            shared=found["scope"] == "server",
            increment=found.get("increment", 1),
            source=source,
            steps=_steps(source),
        )


def _steps(path: str) -> tuple[str, ...]:
    """The keys to walk; none for an empty path."""
    return tuple(path.removeprefix(_PATH_START).split(".")) if path else ()


def _present(found: Any) -> tuple[Any, ...]:
    return tuple(each for each in found if each is not None)
