"""Names with `*` in them: which names they match, and which of several is the closest.

Every `*` stands for any run of characters, none included; everything else stands for itself. The names that are matched
come from agents, so matching takes no longer than searching the name for the pattern's parts once, in order.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Glob:
    """A pattern, ready to match."""

    text: str
    first: str
    """What the name must begin with."""
    middle: tuple[str, ...]
    last: str
    """What it must end with, after all that came before."""

    @classmethod
    def parse(cls, text: str) -> "Glob":
        """The pattern of a text that has a `*`."""
        first, *middle, last = text.split("*")
        return cls(text, first, tuple(filter(None, middle)), last)

    @property
    def literals(self) -> int:
        """How many characters stand for themselves."""
        return len(self.text) - self.text.count("*")

    def matches(self, name: str) -> bool:
        """Whether the whole name fits."""
        end = len(name) - len(self.last)
        at = len(self.first)
        if at > end or not name.startswith(self.first) or not name.endswith(self.last):
            return False
        for part in self.middle:
            found = name.find(part, at, end)
            if found < 0:
                return False
            at = found + len(part)
        return True


def is_glob(text: str) -> bool:
    """Whether a name is a pattern."""
    return "*" in text


def closest_first(texts: Iterable[str]) -> tuple[Glob, ...]:
    """The patterns in the order they win: most literal characters, then as they were written."""
    return tuple(sorted(map(Glob.parse, texts), key=lambda glob: -glob.literals))
