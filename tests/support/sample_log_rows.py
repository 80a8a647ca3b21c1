"""Rows of the log as windows list them."""

import dataclasses
from typing import Any

from still_time import NOON

from approver.ui.log_words import LogRow

_USUAL = LogRow(0, "", NOON, False, "Cursor", "git", "push", "allowed", "", "policy", None, None, None)


def row(seq: int, **more: Any) -> LogRow:
    """A row with this number."""
    return dataclasses.replace(_USUAL, **{"seq": seq, "id": f"c{seq}", **more})


def rows(newest: int, count: int) -> list[LogRow]:
    """So many, from the newest down."""
    return [row(seq) for seq in range(newest, newest - count, -1)]
