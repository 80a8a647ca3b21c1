"""A call's arguments while a person edits them: what stands there, what would be sent, and what is wrong with it. Pure.

What is edited is a copy in which secrets are covered, unless the person has uncovered them. What would be sent is that
copy with everything put back that was left alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from approver.approvals.argument_form import Field, form_of
from approver.approvals.covering import uncover
from approver.approvals.presentation import Translate
from approver.approvals.schema_check import check
from approver.differences import Path, changed_paths, look_up, pointer, replaced, same
from approver.masking import mask_arguments
from approver.policy.positions import Reading, spans
from approver.policy.positions import read as read_json
from approver.policy.problems import Problem

LARGEST = 256 * 1024
"""Characters of JSON that can be edited here."""


@dataclass(frozen=True, slots=True)
class Draft:
    """Arguments as they are edited."""

    original: Mapping[str, Any]
    """What the client sent."""
    covered: Mapping[str, Any]
    """The same as the person sees it."""
    current: Mapping[str, Any]
    """What stands in the editor, secrets covered as there."""
    schema: Mapping[str, Any]

    @property
    def form(self) -> Field:
        """The fields that suit what stands there now."""
        shown = self.current
        for path in self.untouched_covers:  # by what is below the cover: a covered number is typed as a number
            if not isinstance(real := look_up(self.original, path), Mapping | list):
                shown = replaced(shown, path, real)
        return form_of(self.schema, shown)

    @property
    def untouched_covers(self) -> tuple[Path, ...]:
        """Where values are covered that were left alone."""
        paths = changed_paths(self.original, self.covered)
        return tuple(path for path in paths if same(look_up(self.current, path), look_up(self.covered, path)))

    def with_value(self, path: Path, value: Any) -> "Draft":
        """Another value at one place; ABSENT takes it out."""
        return replace(self, current=replaced(self.current, path, value))

    def with_all(self, arguments: Mapping[str, Any]) -> "Draft":
        """Other arguments altogether, secrets covered."""
        return replace(self, current=arguments)

    def revealing(self, reveal: bool) -> "Draft":
        """The same with its secrets uncovered, or covered again where they are those of the client."""
        real, _ = uncover(self.current, self.original, self.covered)
        if reveal:
            return replace(self, covered=self.original, current=real)
        covered = mask_arguments(self.original)
        for path in changed_paths(self.original, covered):
            if same(look_up(real, path), look_up(self.original, path)):
                real = replaced(real, path, look_up(covered, path))
        return replace(self, covered=covered, current=real)


def draft_of(arguments: Mapping[str, Any], schema: Mapping[str, Any], *, reveal: bool) -> Draft:
    """A draft in which nothing is changed yet."""
    covered = arguments if reveal else mask_arguments(arguments)
    return Draft(arguments, covered, covered, schema)


@dataclass(frozen=True, slots=True)
class Judged:
    """What a draft comes to."""

    arguments: Mapping[str, Any] | None
    """What would be sent in place of what was asked; None where that is the same."""
    problems: tuple[Problem, ...] = ()
    """What must be mended before it can be sent."""
    remarks: tuple[Problem, ...] = ()
    """What was wrong with the call as it came: it need not be mended."""
    not_checked: str = ""
    """A sentence about what could not be checked."""


def judge(draft: Draft, translate: Translate) -> Judged:
    """Say what would be sent, and whether it can be."""
    real, masks = uncover(draft.current, draft.original, draft.covered)
    checked = check(draft.schema, real, translate)
    known = set(check(draft.schema, draft.original, translate).problems) if checked.problems else set()
    hint = translate("Draft", "Write all of the value anew, or show the covered values first.")
    message = translate("Draft", "part of this is covered, and the cover would be sent in its place")
    problems = [Problem(pointer(path), message, hint) for path in masks]
    problems += [problem for problem in checked.problems if problem not in known]
    remarks = tuple(problem for problem in checked.problems if problem in known)
    arguments = None if same(real, draft.original) else real
    return Judged(arguments, tuple(problems), remarks, checked.not_checked)


def read_text(text: str, draft: Draft, translate: Translate) -> tuple[Draft | None, tuple[Problem, ...]]:
    """The draft with what stands in the JSON view, or None and what keeps the text from being arguments."""
    reading = read_json(text)
    faults = [reading.broken] if reading.broken is not None else [*reading.duplicates, *reading.odd]
    problems = tuple(Problem(f.pointer, f.message, f.hint, *reading.locate(f.offset)) for f in faults)
    if reading.root is None or problems:
        return None, problems
    if not isinstance(reading.root.value, dict):
        message = translate("Draft", "arguments are an object")
        return None, (Problem("", message, translate("Draft", "Put them in braces: { }."), 1, 1),)
    return draft.with_all(reading.root.value), ()


def placed(problems: tuple[Problem, ...], text: str) -> tuple[Problem, ...]:
    """The problems with the line and the column of what they are about in the JSON view."""
    reading: Reading = read_json(text)
    if reading.root is None:
        return problems
    places = spans(reading.root)
    return tuple(_placed(problem, places, reading) for problem in problems)


def _placed(problem: Problem, places: Mapping[str, tuple[int, int]], reading: Reading) -> Problem:
    """One problem at its place; of what is missing, at that of the object it is missing from."""
    at = problem.pointer
    while at not in places:
        at = at.rpartition("/")[0]
    line, column = reading.locate(places[at][0])
    return replace(problem, line=line, column=column)
