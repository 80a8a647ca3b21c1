"""How values, numbers and times stand in the sentences that people and agents read.

Text may come from an agent or a stranger's policy: what is not printable is escaped, what is long is cut. Plain values
go in, short plain text comes out.
"""

import json
import math
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

LONGEST = 80
"""Characters of a value in a sentence."""
LONGEST_NAME = 200
_LARGE = 10**15
_EPOCH = datetime(1970, 1, 1)
_FIRST_SECOND, _LAST_SECOND = -62135596800, 253402300799
"""Of the years 1 and 9999, which is as far as dates go: a clock set wrong must not keep a call from being denied."""


def quote(value: Any) -> str:
    """A JSON value as JSON text on one line, cut where it is long."""
    text = json.dumps(value, ensure_ascii=False)
    if not text.isprintable():
        text = json.dumps(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def name(text: str) -> str:
    """A tool's name as it is, or escaped where it could deceive a reader."""
    text = text if len(text) <= LONGEST_NAME else text[: LONGEST_NAME - 1] + "…"
    return text if text.isprintable() else json.dumps(text)[1:-1]


def any_of(words: Iterable[str]) -> str:
    """The words as a choice: "a", "b" or "c"."""
    *first, last = map(quote, words)
    return f"{', '.join(first)} or {last}" if first else last


def kind_of(value: object) -> str:
    """What sort of JSON value it is, with its article."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, (int, float)):
        return "a number"
    if isinstance(value, str):
        return "a string"
    return "a list" if isinstance(value, (list, tuple)) else "an object"


def number(value: Decimal | float) -> str:
    """A number in its shortest form: 10, not 10.0."""
    if value >= _LARGE or value <= -_LARGE:
        return f"{Decimal(value):.3E}"
    whole = int(value)
    return str(whole) if value == whole else str(value)


def moment(seconds: float) -> str:
    """A time as ISO 8601 in UTC, to the second."""
    at = _EPOCH + timedelta(seconds=min(max(math.floor(seconds), _FIRST_SECOND), _LAST_SECOND))
    return at.isoformat() + "Z"


def duration(seconds: float) -> str:
    """A length of time in its largest fitting unit, never said shorter than it is."""
    for unit, length in (("hour", 3600), ("minute", 60)):
        if seconds > 2 * length:
            return f"{math.ceil(seconds / length)} {unit}s"
    whole = max(1, math.ceil(seconds))
    return f"{whole} second" if whole == 1 else f"{whole} seconds"
