"""Where windows stood and how their parts were divided: read from one small file, checked, and written to it.

    data/windows.json ──read──> WindowState by name ──within(place, screens)──> a place that can be seen
                      <─write──

What does not read is left out, and the window comes as if it never had been moved: nobody is to be asked about that.
Lengths are in pixels that do not depend on the screen's density, so a window of half a screen stays one at 2×.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from approver.own_files import Unreadable, decode, parse_json, write_json

log = logging.getLogger(__name__)

VERSION = 1
LEAST, MOST = 120, 20_000
"""Lengths of a window's edge that are believed."""
FURTHEST = 100_000
MOST_PARTS = 32
TITLE_BAR = 40
"""What the frame may add to a window's height."""


@dataclass(frozen=True, slots=True)
class Place:
    """A rectangle: a window's, or a screen's without its panels."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class WindowState:
    """What is kept of one window."""

    place: Place | None = None
    is_maximized: bool = False
    page: str = ""
    """The key of the page that was shown, where the window has pages."""
    splits: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """The sizes of each splitter's parts."""
    columns: Mapping[str, Mapping[int, int]] = field(default_factory=dict)
    """The widths of those columns of each table that can be dragged."""


def within(place: Place, screens: Sequence[Place]) -> Place:
    """The place, brought onto the screen that shows most of it; onto the first one's middle where none does."""
    if not screens:
        return place
    best = max(screens, key=lambda screen: _overlap(place, screen))
    width, height = min(place.width, best.width), min(place.height, best.height - TITLE_BAR)
    if not _overlap(place, best):
        return Place(best.x + (best.width - width) // 2, best.y + (best.height - height) // 2, width, height)
    x = min(max(place.x, best.x), best.x + best.width - width)
    y = min(max(place.y, best.y), best.y + best.height - TITLE_BAR - height)
    return Place(x, max(y, best.y), width, height)


def _overlap(one: Place, other: Place) -> int:
    width = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    height = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    return max(0, width) * max(0, height)


# -- the file ----------------------------------------------------------------------------------------------------------


def read(path: Path) -> dict[str, WindowState]:
    """What the file says of each window; nothing where there is none or it cannot be read."""
    try:
        found = parse_json(decode(path.read_bytes()))
    except FileNotFoundError:
        return {}
    except (OSError, Unreadable) as fault:
        log.warning("windows come as at first, because %s cannot be read: %s", path, fault)
        return {}
    windows = found.get("windows") if isinstance(found, dict) and found.get("version") == VERSION else None
    if not isinstance(windows, dict):
        log.warning("windows come as at first, because %s is not of version %s", path, VERSION)
        return {}
    return {name: _state(value) for name, value in windows.items() if isinstance(value, dict)}


def write(path: Path, states: Mapping[str, WindowState]) -> None:
    """Keep this. A disk that is full only costs the windows' places."""
    try:
        write_json(path, {"version": VERSION, "windows": {name: _plain(state) for name, state in states.items()}})
    except OSError as fault:
        log.warning("where the windows stand cannot be kept in %s: %s", path, fault)


def _plain(state: WindowState) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    if state.place is not None:
        plain |= {name: getattr(state.place, name) for name in ("x", "y", "width", "height")}
    plain |= {"maximized": True} if state.is_maximized else {}
    plain |= {"page": state.page} if state.page else {}
    plain |= {"splits": {name: list(sizes) for name, sizes in state.splits.items()}} if state.splits else {}
    columns = {name: {str(at): width for at, width in widths.items()} for name, widths in state.columns.items()}
    return plain | ({"columns": columns} if columns else {})


def _state(found: Mapping[str, Any]) -> WindowState:
    page = found.get("page")
    return WindowState(
        place=_place(found),
        is_maximized=found.get("maximized") is True,
        page=page if isinstance(page, str) else "",
        splits={name: sizes for name, value in _members(found.get("splits")) if (sizes := _sizes(value))},
        columns={name: _widths(value) for name, value in _members(found.get("columns"))},
    )


def _place(found: Mapping[str, Any]) -> Place | None:
    bounds = {"x": (-FURTHEST, FURTHEST), "y": (-FURTHEST, FURTHEST), "width": (LEAST, MOST), "height": (LEAST, MOST)}
    values = {name: found[name] for name, (least, most) in bounds.items() if _is_number(found.get(name), least, most)}
    return Place(**values) if values.keys() == bounds.keys() else None


def _members(found: Any) -> list[tuple[str, Any]]:
    return list(found.items())[:MOST_PARTS] if isinstance(found, dict) else []


def _sizes(found: Any) -> tuple[int, ...]:
    is_good = isinstance(found, list) and len(found) <= MOST_PARTS and all(_is_number(one, 0, MOST) for one in found)
    return tuple(found) if is_good and any(found) else ()


def _widths(found: Any) -> dict[int, int]:
    return {int(at): width for at, width in _members(found) if at.isdecimal() and _is_number(width, 16, MOST)}


def _is_number(value: Any, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
