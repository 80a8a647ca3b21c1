"""What differs between two JSON values, to the letter: 1 is not 1.0, true is not 1, -0.0 is not 0.0. Pure.

Two values go in, the paths at which they differ come out, in the order of the second. Lists of plain values are
compared as a whole; the order of an object's keys is no difference. No recursion, so depth does no harm.
"""

import math
from collections.abc import Iterator, Mapping
from typing import Any, Final

ABSENT: Final = object()
"""What `look_up` gives where the path leads nowhere."""

Path = tuple[str | int, ...]


def same(one: Any, other: Any) -> bool:
    """Whether both are written alike, but for the order of keys."""
    return next(_differing(one, other), None) is None


def changed_paths(before: Any, after: Any) -> tuple[Path, ...]:
    """Where they differ: what was changed, added or removed."""
    return tuple(_differing(before, after))


def look_up(value: Any, path: Path) -> Any:
    """What stands at the path, or ABSENT."""
    for step in path:
        is_there = step in value if isinstance(value, Mapping) else _is_place(step, value)
        if not is_there:
            return ABSENT
        value = value[step]
    return value


def _is_place(step: str | int, value: Any) -> bool:
    return isinstance(value, list) and isinstance(step, int) and step < len(value)


def pointer(path: Path) -> str:
    """The path as a JSON pointer."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in path)


def from_pointer(text: str, *values: Any) -> Path:
    """The path that a JSON pointer means in these values: a number is a place where a list stands, else a key."""
    path: list[str | int] = []
    for piece in text.split("/")[1:]:
        step: str | int = piece.replace("~1", "/").replace("~0", "~")
        if any(isinstance(value, list) for value in values) and piece.isdecimal():
            step = int(piece)
        path.append(step)
        values = tuple(look_up(value, (step,)) for value in values)
    return tuple(path)


def replaced(value: Any, path: Path, new: Any) -> Any:
    """A copy with `new` at the path, or without what is there where `new` is ABSENT; all else is the very same."""
    if not path:
        return new
    step, *rest = path
    if isinstance(value, list):
        assert isinstance(step, int)
        return [*value[:step], replaced(value[step], tuple(rest), new), *value[step + 1 :]]
    inner = replaced(value.get(step, {}), tuple(rest), new)
    if inner is ABSENT:
        return {key: member for key, member in value.items() if key != step}
    return {**value, step: inner}


def _differing(before: Any, after: Any) -> Iterator[Path]:
    waiting: list[tuple[Path, Any, Any]] = [((), before, after)]
    while waiting:
        path, old, new = waiting.pop()
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            keys = [*new, *(key for key in old if key not in new)]
            waiting += [((*path, key), old.get(key, ABSENT), new.get(key, ABSENT)) for key in reversed(keys)]
        elif _are_alike_lists(old, new):
            waiting += [((*path, number), old[number], new[number]) for number in reversed(range(len(old)))]
        elif not _same_scalar(old, new):
            yield path


def _are_alike_lists(old: Any, new: Any) -> bool:
    """Whether to look into them one by one: equally long, and not of plain values only, unless they are equal."""
    if not isinstance(old, list) or not isinstance(new, list) or len(old) != len(new):
        return False
    return any(isinstance(item, list | Mapping) for item in (*old, *new)) or all(map(_same_scalar, old, new))


def _same_scalar(old: Any, new: Any) -> bool:
    if type(old) is not type(new) or isinstance(old, list | Mapping) or old is ABSENT:
        return False
    return bool(old == new) and (not isinstance(old, float) or math.copysign(1, old) == math.copysign(1, new))
