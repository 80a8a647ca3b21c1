"""Reads a policy test file: a policy, calls, and what is expected of them.

Text goes through the same tree and checks as a policy's. The policy may be written into the file or named by its path;
`load` brings the text of a path, so nothing here touches the disk. A policy that does not load is no fault of the test
file: `cases` says what was expected of it.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from approver.policy import hints, wording
from approver.policy.checking import Checker, Place
from approver.policy.document import Policy, PolicyInvalid, Problem, parse, policy_from_place
from approver.policy.hints import Where
from approver.policy.positions import Fault, Reading, read
from approver.policy.problems import Report

DEFAULT_AT = datetime(2026, 1, 1, tzinfo=UTC).timestamp()
"""When a case happens that does not say: always the same moment, so that every run gives the same result."""
DEFAULT_GRANT = "default"
REPEAT_LIMIT = 1_000_000
VERDICTS = ("allow", "deny", "ask")

_BESIDE = "A path counts from the folder of the test file."
_IN_ARGUMENTS = re.compile(r"/cases/\d+/calls/\d+/arguments/")


class CaseFileUnreadable(ValueError):
    """The file is no policy test file; `problems` says why."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))


@dataclass(frozen=True, slots=True)
class CaseCall:
    """One call of a case, made `repeat` times."""

    tool: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    grant: str = DEFAULT_GRANT
    at: float | None = None
    """Its own time; None: the case's."""
    repeat: int = 1


@dataclass(frozen=True, slots=True)
class Case:
    """Calls in order, and what is expected of the last one."""

    name: str
    calls: tuple[CaseCall, ...]
    expect: Mapping[str, str]
    """`verdict`, and where given `rule` and `message_contains`."""
    at: float = DEFAULT_AT


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A whole file. Either `cases` or `expect_invalid` is there."""

    policy: Policy | None
    """None where the file says null (a grant without a policy), and where `invalid` says why it did not load."""
    invalid: PolicyInvalid | None
    cases: tuple[Case, ...] | None
    expect_invalid: tuple[str, ...] | None


def read_case_file(text: str | bytes, load: Callable[[str], bytes]) -> CaseFile:
    """The tests in the text. Raises `CaseFileUnreadable`."""
    reading = read(text)
    report = Report(reading)
    report.add_faults(filter(_is_the_files_own, reading.duplicates))
    report.add_faults(fault for fault in reading.odd if _is_the_files_own(fault) and not _is_argument(fault))
    if reading.broken or reading.root is None:
        report.add_faults([reading.broken] if reading.broken else [])
        raise CaseFileUnreadable(report.problems)
    found = _CaseFileChecker(report, reading, load).file(Place(reading.root))
    if report.problems:
        raise CaseFileUnreadable(report.problems)
    return found


def _is_the_files_own(fault: Fault) -> bool:
    return not fault.pointer.startswith("/policy/")


def _is_argument(fault: Fault) -> bool:
    """Whether it lies in a call's arguments, where a test may well put NaN or half a character."""
    return _IN_ARGUMENTS.match(fault.pointer) is not None


class _CaseFileChecker(Checker):
    """Checks a test file. What it returns is worthless once anything was noted."""

    def __init__(self, report: Report, reading: Reading, load: Callable[[str], bytes]) -> None:
        super().__init__(report)
        self._reading = reading
        self._load = load

    def file(self, place: Place) -> CaseFile:
        found: dict[str, Any] = {}
        if self.is_object(place, "a policy test file", 'Write {"policy": …, "cases": […]}.'):
            for key, member in self.known_members(place, Where.CASE_FILE):
                if key == "cases":
                    found[key] = self._list(member, "cases", self._case)
                elif key == "expect_invalid":
                    found[key] = self._list(member, "expect_invalid", self._pointer)
                else:
                    found[key] = member
            self.has_all(place, ["policy"], "Write the policy itself, or the path of its file.")
            if ("cases" in found) == ("expect_invalid" in found):
                self.wrong(place, 'either "cases" or "expect_invalid" is needed, and not both')
        policy, invalid = self._policy(found["policy"], "cases" in found) if "policy" in found else (None, None)
        return CaseFile(policy, invalid, found.get("cases"), found.get("expect_invalid"))

    def _policy(self, place: Place, has_cases: bool) -> tuple[Policy | None, PolicyInvalid | None]:
        if place.value is None and has_cases:
            return None, None
        try:
            if isinstance(place.value, str):
                return parse(self._text(place)), None
            return policy_from_place(place, self._reading), None
        except PolicyInvalid as error:
            return None, error

    def _text(self, place: Place) -> bytes:
        try:
            return self._load(place.value)
        except (OSError, ValueError) as error:  # ValueError: a path that no system could have
            reason = error.strerror if isinstance(error, OSError) else str(error)
            self.wrong(place, f"the policy {wording.quote(place.value)} cannot be read: {reason}", _BESIDE)
            return b""

    def _list(self, place: Place, what: str, check: Callable[[Place], Any]) -> tuple[Any, ...]:
        return tuple(check(item) for item in place.items()) if self.is_list(place, what) else ()

    def _pointer(self, place: Place) -> str:
        if self.is_text(place, "a JSON pointer") and place.value and not place.value.startswith("/"):
            self.wrong(place, "a JSON pointer begins with /", "The empty text is the policy as a whole.")
        return str(place.value)

    def _case(self, place: Place) -> Case:
        found: dict[str, Any] = {}
        if self.is_object(place, "a case"):
            for key, member in self.known_members(place, Where.CASE):
                if key == "calls":
                    found[key] = self._list(member, "calls", self._call)
                    self._has_some(member)
                elif key == "expect":
                    found[key] = self._expectation(member)
                elif key == "at":
                    found[key] = self._moment(member)
                elif self.is_text(member, key):
                    found[key] = member.value
            self.has_all(place, ["calls", "expect"])
        name = found.get("name", f"case {place.pointer.rpartition('/')[2]}")
        return Case(name, found.get("calls", ()), found.get("expect", {}), found.get("at", DEFAULT_AT))

    def _has_some(self, place: Place) -> None:
        if place.value == []:
            self.wrong(place, "a case needs at least one call")

    def _call(self, place: Place) -> CaseCall:
        found: dict[str, Any] = {"tool": ""}
        if self.is_object(place, "a call"):
            checks: Mapping[str, Callable[[Place], Any]] = {
                "tool": lambda member: self.is_text(member, "tool"),
                "arguments": lambda member: self.is_object(member, "arguments"),
                "grant": lambda member: self.is_text(member, "grant"),
                "repeat": self._is_repeat,
            }
            for key, member in self.known_members(place, Where.CALL):
                if key == "at":
                    found[key] = self._moment(member)
                elif checks[key](member):
                    found[key] = member.value
            self.has_all(place, ["tool"])
        return CaseCall(**found)

    def _is_repeat(self, place: Place) -> bool:
        value = place.value
        if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= REPEAT_LIMIT:
            return True
        self.wrong(place, f"repeat must be a whole number from 1 to {REPEAT_LIMIT}")
        return False

    def _expectation(self, place: Place) -> Mapping[str, str]:
        if not self.is_object(place, "expect"):
            return {}
        for key, member in self.known_members(place, Where.EXPECTATION):
            if key == "verdict":
                self.is_one_of(member, "verdict", VERDICTS, hints.VERDICTS_MEANT)
            else:
                self.is_text(member, key)
        self.has_all(place, ["verdict"])
        return dict(place.value)

    def _moment(self, place: Place) -> float:
        if self.is_text(place, "at"):
            try:
                return _seconds(place.value)
            except (ValueError, OverflowError):
                self.wrong(place, "at must be a time in ISO 8601", "Write it like 2026-11-22T10:00:00Z.")
        return DEFAULT_AT


def _seconds(text: str) -> float:
    """Seconds since the epoch; a time without an offset is UTC."""
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
