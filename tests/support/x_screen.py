"""What is on an X screen, asked of the X server itself: a question costs well under a millisecond.

xdotool and wmctrl do the clicking; they are too slow to time a window with. Used under tests/tools/with_desktop only.
"""

import ctypes
import ctypes.util
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

IS_VIEWABLE, Z_PIXMAP, ALL_PLANES = 2, 2, 0xFFFFFFFF


class _Attributes(ctypes.Structure):
    _fields_ = [
        ("x", ctypes.c_int), ("y", ctypes.c_int), ("width", ctypes.c_int), ("height", ctypes.c_int),
        ("border_width", ctypes.c_int), ("depth", ctypes.c_int), ("visual", ctypes.c_void_p), ("root", ctypes.c_ulong),
        ("klass", ctypes.c_int), ("bit_gravity", ctypes.c_int), ("win_gravity", ctypes.c_int),
        ("backing_store", ctypes.c_int), ("backing_planes", ctypes.c_ulong), ("backing_pixel", ctypes.c_ulong),
        ("save_under", ctypes.c_int), ("colormap", ctypes.c_ulong), ("map_installed", ctypes.c_int),
        ("map_state", ctypes.c_int), ("all_event_masks", ctypes.c_long), ("your_event_mask", ctypes.c_long),
        ("do_not_propagate_mask", ctypes.c_long), ("override_redirect", ctypes.c_int), ("screen", ctypes.c_void_p),
    ]  # fmt: skip


class _Image(ctypes.Structure):
    _fields_ = [
        ("width", ctypes.c_int), ("height", ctypes.c_int), ("xoffset", ctypes.c_int), ("format", ctypes.c_int),
        ("data", ctypes.POINTER(ctypes.c_ubyte)), ("byte_order", ctypes.c_int), ("bitmap_unit", ctypes.c_int),
        ("bitmap_bit_order", ctypes.c_int), ("bitmap_pad", ctypes.c_int), ("depth", ctypes.c_int),
        ("bytes_per_line", ctypes.c_int),
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Window:
    """A window that is shown, in its place on the screen."""

    id: int
    title: str
    x: int
    y: int
    width: int
    height: int


class Screen:
    """A connection to the X server that DISPLAY names."""

    def __init__(self) -> None:
        self._x = ctypes.CDLL(ctypes.util.find_library("X11") or "libX11.so.6")
        self._x.XOpenDisplay.restype = ctypes.c_void_p
        self._x.XGetImage.restype = ctypes.POINTER(_Image)
        self._x.XDefaultRootWindow.restype = ctypes.c_ulong
        # A window may go between two questions about it; the default handler would end the process.
        self._ignore = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)(lambda *_: 0)
        self._x.XSetErrorHandler(self._ignore)
        self._display = ctypes.c_void_p(self._x.XOpenDisplay(None))
        if not self._display:
            raise RuntimeError("no X display: run this under tests/tools/with_desktop")
        self._root = ctypes.c_ulong(self._x.XDefaultRootWindow(self._display))

    def close(self) -> None:
        """Hang up."""
        self._x.XCloseDisplay(self._display)

    def windows(self) -> list[Window]:
        """List every shown window, those inside of others too."""
        return [window for number in self._below(self._root.value) if (window := self._describe(number))]

    def titled(self, part: str) -> Window | None:
        """Return a shown window whose title holds `part`."""
        return next((window for window in self.windows() if part in window.title), None)

    def is_painted(self, window: Window) -> bool:
        """Whether the window shows more than one even colour."""
        width, height = min(window.width, 400), min(window.height, 300)
        image = self._x.XGetImage(
            self._display, ctypes.c_ulong(window.id), 0, 0, width, height, ctypes.c_ulong(ALL_PLANES), Z_PIXMAP
        )
        if not image:
            return False
        size = image.contents.bytes_per_line * height
        raw = ctypes.string_at(image.contents.data, size)
        self._x.XFree(image.contents.data)
        self._x.XFree(image)
        return len({raw[at : at + 4] for at in range(0, size - 3, 4)}) > 4

    def _below(self, number: int) -> Iterator[int]:
        root, parent, count = ctypes.c_ulong(), ctypes.c_ulong(), ctypes.c_uint()
        children = ctypes.POINTER(ctypes.c_ulong)()
        found = self._x.XQueryTree(
            self._display, ctypes.c_ulong(number), ctypes.byref(root), ctypes.byref(parent), ctypes.byref(children),
            ctypes.byref(count),
        )  # fmt: skip
        numbers = [children[at] for at in range(count.value)] if found and count.value else []
        if children:
            self._x.XFree(children)
        for child in numbers:
            yield child
            yield from self._below(child)

    def _describe(self, number: int) -> Window | None:
        attributes = _Attributes()
        if not self._x.XGetWindowAttributes(self._display, ctypes.c_ulong(number), ctypes.byref(attributes)):
            return None
        if attributes.map_state != IS_VIEWABLE:
            return None
        name = ctypes.c_char_p()
        title = ""
        if self._x.XFetchName(self._display, ctypes.c_ulong(number), ctypes.byref(name)) and name.value:
            title = name.value.decode("utf-8", errors="replace")
            self._x.XFree(name)
        x, y, child = ctypes.c_int(), ctypes.c_int(), ctypes.c_ulong()
        self._x.XTranslateCoordinates(
            self._display, ctypes.c_ulong(number), self._root, 0, 0, ctypes.byref(x), ctypes.byref(y),
            ctypes.byref(child),
        )  # fmt: skip
        return Window(number, title, x.value, y.value, attributes.width, attributes.height)


def time_until(ask: Callable[[], object], since: float, within: float = 20.0) -> float:
    """Return the seconds from `since` (`time.perf_counter`) until `ask` holds, asked every two milliseconds."""
    while not ask():
        if time.perf_counter() - since > within:
            raise AssertionError(f"it did not come about in {within:g} s")
        time.sleep(0.002)
    return time.perf_counter() - since


def xdotool(*words: str) -> str:
    """Click, type, ask."""
    return subprocess.run(["xdotool", *words], capture_output=True, text=True, check=True, timeout=20).stdout.strip()


def screenshot(path: Path) -> None:
    """Keep a picture of the whole screen."""
    path.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["import", "-window", "root", str(path)], check=True, timeout=20)
