"""What is wrong with a policy file, and the list that collects it: every mistake of a file is told in one go.

Checks put problems into a `Report`; whoever reads a file raises `PolicyInvalid` with all of them, in the file's order.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from approver.policy.positions import Fault, Reading


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: where it is, what it is, how to mend it."""

    pointer: str
    """JSON pointer; empty for the document itself."""
    message: str
    """Without a full stop at the end."""
    hint: str = ""
    line: int = 0
    """Counted from 1; 0 where there is no text to point into."""
    column: int = 0
    also: tuple[str, ...] = ()
    """Other pointers that name the same mistake: what is missing can be named by the object it is missing from."""

    def __str__(self) -> str:
        """One readable line."""
        place = f"line {self.line}, column {self.column}: " if self.line else ""
        pointer = f"{self.pointer}: " if self.pointer else ""
        return f"{place}{pointer}{self.message}. {self.hint}".rstrip()


class PolicyInvalid(ValueError):
    """The text is no policy. Nothing of it is in force."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class Report:
    """Collects the problems of one reading, or of the part of it below `base`."""

    def __init__(self, reading: Reading, base: str = "") -> None:
        self._reading = reading
        self._base = base
        self._found: list[tuple[int, Problem]] = []

    def add(self, pointer: str, offset: int, message: str, hint: str = "", also: tuple[str, ...] = ()) -> None:
        """Note a problem; `pointer` counts from the base."""
        line, column = self._reading.locate(offset)
        self._found.append((offset, Problem(pointer, message, hint, line, column, also)))

    def add_faults(self, faults: Iterable[Fault]) -> None:
        """Note the text's own mistakes that lie below the base."""
        for fault in faults:
            if fault.pointer.startswith(f"{self._base}/") or not self._base:
                self.add(fault.pointer[len(self._base) :], fault.offset, fault.message, fault.hint)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All of them, in the order of the text."""
        return tuple(problem for _, problem in sorted(self._found, key=lambda found: found[0]))
