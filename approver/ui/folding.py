"""Breaks lines at a width so that no broken line passes for a new one: outline lines in, folded lines out. Pure.

A window that simply wrapped would begin the rest of a long value at the left edge, where labels stand; so the rest
hangs below its value behind a bar. Widths are counted in columns of a monospaced font.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from approver.approvals.outline import BAR, Line

NARROWEST_VALUE = 16
"""Columns that a value keeps however deep it is nested."""
LEFT_TO_RIGHT_MARK = "\u200e"
"""Between label and value, so that two right-to-left ones do not change places. It has no width."""


@dataclass(frozen=True, slots=True)
class Folded:
    """A line as it stands in the window."""

    text: str
    label: int
    """How many of its first characters are the label, or the indent of a line that goes on."""
    source: int
    """Which outline line it belongs to."""


def fold(lines: Iterable[Line], columns: int) -> Iterator[Folded]:
    """Break every line that is wider than `columns`; only as far as is asked for."""
    return (folded for source, line in enumerate(lines) for folded in _folded(line, source, max(columns, 8)))


def _folded(line: Line, source: int, columns: int) -> Iterator[Folded]:
    if line.text.isascii() and len(line.text) <= columns:
        yield Folded(line.text, line.hang, source)
        return
    label, value = line.text[: line.hang], line.text[line.hang :]
    hang = min(line.hang, max(0, columns - NARROWEST_VALUE - 1))
    rest = f"{' ' * hang}{BAR}"
    first = True
    for piece in _pieces(value, columns - width_of(label), columns - len(rest)):
        mark = LEFT_TO_RIGHT_MARK if first and not line.text.isascii() else ""
        start = label if first else rest
        yield Folded(f"{start}{mark}{piece}", len(start), source)
        first = False


def _pieces(text: str, first_room: int, room: int) -> Iterator[str]:
    start, space = 0, max(first_room, NARROWEST_VALUE)
    while True:
        end = _end_of_columns(text, start, space)
        if end >= len(text):
            yield text[start:]
            return
        blank = text.rfind(" ", start + space * 2 // 3, end)
        end = blank + 1 if blank >= 0 else max(end, start + 1)
        yield text[start:end]
        start, space = end, max(room, NARROWEST_VALUE)


def _end_of_columns(text: str, start: int, columns: int) -> int:
    """Where the text from `start` on fills `columns`; an accent stays with its letter."""
    if text[start : start + columns + 1].isascii():
        return min(start + columns, len(text))
    used = 0
    for index in range(start, len(text)):
        used += _columns(text[index])
        if used > columns:
            return index
    return len(text)


def width_of(text: str) -> int:
    """How many columns the text takes."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def _columns(character: str) -> int:
    if character.isascii():
        return 1
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1
