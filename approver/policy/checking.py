"""Checks the shape of JSON objects: known keys, missing keys, types. Shared by policies and policy test files.

A `Place` (a node and its JSON pointer) goes in; what is wrong goes into the `Report`, what can be used comes back.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from approver.policy import hints, wording
from approver.policy.match import is_number
from approver.policy.positions import Node, escape
from approver.policy.problems import Report


@dataclass(frozen=True, slots=True)
class Place:
    """A value of the document and where it stands."""

    node: Node
    pointer: str = ""

    @property
    def value(self) -> Any:
        """The plain value."""
        return self.node.value

    def items(self) -> Iterator["Place"]:
        """A list's elements."""
        for index, item in enumerate(self.node.items):
            yield Place(item, f"{self.pointer}/{index}")

    def members(self) -> Iterator[tuple[str, "Place"]]:
        """An object's members, duplicates included, so that mistakes in each are found."""
        for member in self.node.members:
            yield member.key, Place(member.node, f"{self.pointer}/{escape(member.key)}")


class Checker:
    """The checks that any document needs; a document's own come in subclasses."""

    def __init__(self, report: Report) -> None:
        self._report = report

    def wrong(self, place: Place, message: str, hint: str = "", also: tuple[str, ...] = ()) -> None:
        """Note a mistake in the value at this place."""
        self._report.add(place.pointer, place.node.start, message, hint, also)

    def is_object(self, place: Place, what: str, hint: str = "") -> bool:
        """Whether it is an object; noted if not."""
        return self._is(place, isinstance(place.value, dict), f"{what} must be an object", hint)

    def is_list(self, place: Place, what: str, hint: str = "") -> bool:
        """Whether it is a list; noted if not."""
        return self._is(place, isinstance(place.value, list), f"{what} must be a list", hint)

    def is_text(self, place: Place, what: str, *, blank: bool = True) -> bool:
        """Whether it is a string, and not an empty one unless `blank`; noted if not."""
        if not self._is(place, isinstance(place.value, str), f"{what} must be text in double quotes"):
            return False
        if not place.value and not blank:
            self.wrong(place, f"{what} must not be empty")
            return False
        return True

    def is_one_of(self, place: Place, what: str, choices: Iterable[str], meant: dict[str, str]) -> bool:
        """Whether it is one of the words; noted, with what was probably meant, if not."""
        known = tuple(choices)
        if isinstance(place.value, str) and place.value in known:
            return True
        expected = wording.any_of(known)
        self.wrong(
            place, f"unknown {what} {wording.quote(place.value)}", hints.for_word(place.value, known, meant, expected)
        )
        return False

    def is_amount(self, place: Place, what: str) -> bool:
        """Whether it is a number of 0 or more; noted if not."""
        value = place.value
        if is_not_finite(value):
            return False
        if not is_number(value):
            hint = "Write it without quotes." if isinstance(value, str) and value.replace(".", "", 1).isdigit() else ""
            self.wrong(place, f"{what} must be a number, not {wording.kind_of(value)}", hint)
            return False
        if value < 0:
            self.wrong(place, f"{what} must be 0 or more, not {wording.quote(value)}")
            return False
        return True

    def known_members(self, place: Place, where: hints.Where) -> Iterator[tuple[str, Place]]:
        """The members with known keys; the others are noted."""
        for member, (key, inner) in zip(place.node.members, place.members(), strict=True):
            if key in hints.KEYS[where]:
                yield key, inner
            else:
                hint = hints.for_key(key, inner.value, where, place.pointer)
                self._report.add(inner.pointer, member.start, f"unknown key {wording.quote(key)}", hint)

    def has_all(self, place: Place, keys: Iterable[str], hint: str = "") -> bool:
        """Whether the object has all these members; the missing ones are noted."""
        missing = [key for key in keys if key not in place.value]
        for key in missing:
            pointer = f"{place.pointer}/{escape(key)}"
            self._report.add(pointer, place.node.start, f'"{key}" is missing', hint, (place.pointer,))
        return not missing

    def _is(self, place: Place, holds: bool, message: str, hint: str = "") -> bool:
        if not holds:
            self.wrong(place, f"{message}, not {wording.kind_of(place.value)}", hint)
        return holds


def is_not_finite(value: Any) -> bool:
    """Whether it is NaN or an infinity, which the reading of the text has noted already."""
    return isinstance(value, float) and not math.isfinite(value)
