"""Covered values in what a person edits: they see masks, and what they leave alone stays what it was. Pure.

A value and its masked copy belong together (`approver.masking`). Where an edited copy still has a mask at its place,
the covered value is put back there; a mask that stands anywhere else, or within other text, is told, so that nobody
sends the mask in place of what it hides.
"""

import re
from collections.abc import Mapping
from typing import Any

from approver.differences import Path, look_up, same

_MASK = re.compile(r"••• \((?:\d+ characters? )?hidden\)")


def uncover(edited: Any, original: Any, covered: Any) -> tuple[Any, tuple[Path, ...]]:
    """The edited value with what is covered put back, and the places where a mask is left over."""
    whole: list[Any] = [None]
    left: list[Path] = []
    waiting: list[tuple[Path, Any, Any, Any]] = [((), edited, whole, 0)]
    while waiting:
        path, item, target, where = waiting.pop()
        if isinstance(item, str):
            target[where] = look_up(original, path) if _is_untouched(item, covered, path) else item
            if target[where] is item and _MASK.search(item) and not same(item, look_up(original, path)):
                left.append(path)
        elif isinstance(item, Mapping):
            target[where] = copy = dict.fromkeys(item)
            waiting += [((*path, key), item[key], copy, key) for key in reversed(item)]
        elif isinstance(item, list):
            target[where] = entries = [None] * len(item)
            waiting += [((*path, number), item[number], entries, number) for number in reversed(range(len(item)))]
        else:
            target[where] = item
    return whole[0], tuple(left)


def _is_untouched(item: str, covered: Any, path: Path) -> bool:
    return _MASK.search(item) is not None and item == look_up(covered, path)
