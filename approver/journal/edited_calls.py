"""What the log keeps of a call that a person edited before they approved it: a row's detail in, what was sent out.

Values that looked secret are masked in both versions, so a covered value that was changed can look the same before and
after: that it changed is written down all the same.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from approver.differences import Path, from_pointer

MEMBER = "edited"
"""Under what it stands in the detail."""


@dataclass(frozen=True, slots=True)
class RecordedEdit:
    """What was sent in place of what was asked."""

    arguments: dict[str, Any]
    digest: str
    by: str
    changed: tuple[str, ...]
    """JSON pointers."""

    def paths(self, asked: Any) -> Iterator[Path]:
        """Where the versions differ."""
        for text in self.changed:
            yield from_pointer(text, self.arguments, asked)


def edit_in(detail: str) -> RecordedEdit | None:
    """The edit that a row tells of; None where it tells of none."""
    if f'"{MEMBER}"' not in detail:
        return None
    try:
        told = json.loads(detail)
        told = told.get(MEMBER) if isinstance(told, dict) else None
    except (ValueError, RecursionError):  # somebody changed the row
        return None
    if not isinstance(told, dict) or not isinstance(told.get("arguments"), dict):
        return None
    changed = told.get("changed")
    pointers = tuple(str(text) for text in changed) if isinstance(changed, list) else ()
    return RecordedEdit(told["arguments"], str(told.get("digest", "")), str(told.get("by", "")), pointers)
