"""A figure against its target, and the lines that a benchmark closes with."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number and what it has to be."""

    name: str
    value: float
    unit: str
    target: float
    at_least: bool = False
    """Whether the target is the smallest good value; otherwise it is the largest."""

    @property
    def is_met(self) -> bool:
        """Whether the number is as good as its target."""
        return self.value >= self.target if self.at_least else self.value <= self.target

    def __str__(self) -> str:
        relation = "at least" if self.at_least else "at most"
        verdict = "met" if self.is_met else "MISSED"
        return f"{self.name:48}{self.value:10,.2f} {self.unit:8} {relation} {self.target:,g}: {verdict}"


def summarize(figures: list[Figure]) -> int:
    """Print every figure; return the exit status: 1 where one misses its target."""
    for figure in figures:
        print(figure)
    return 0 if all(figure.is_met for figure in figures) else 1
