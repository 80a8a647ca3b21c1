"""A person at a real screen leaves the main window somewhere, quits, and finds it there the next time."""

import subprocess
import sys
from pathlib import Path

from approver_home import APPROVER
from desk import Desk
from eventually import eventually
from page_keys import keys_to
from x_screen import Window, xdotool

HELD = [sys.executable, str(Path(__file__).parents[1] / "servers" / "held_server.py")]


def open_main(desk: Desk, page: str) -> Window:
    """Launch the app a second time, as a click in the desktop's menu does, and wait for the page."""
    subprocess.run([*APPROVER, "tray"], env=desk.home.environment, check=True, timeout=30)
    return eventually(lambda: painted(desk, page), f"the page {page}", within=20)


def painted(desk: Desk, page: str) -> Window | None:
    window = desk.screen.titled(f"{page} - Approver")
    return window if window and desk.screen.is_painted(window) else None


def place(window: Window) -> tuple[int, int, int, int]:
    return (window.x, window.y, window.width, window.height)


def test_the_main_window_comes_back_where_and_as_it_was_left(desk: Desk) -> None:
    desk.home.add_server("held", HELD, {"version": "1", "default": "allow"})
    desk.start()
    first = open_main(desk, "Overview")
    subprocess.run(["wmctrl", "-i", "-r", hex(first.id), "-e", "0,137,95,940,640"], check=True, timeout=20)
    xdotool("windowactivate", "--sync", str(first.id), "key", keys_to("log"))
    left = eventually(lambda: (w := painted(desk, "Log")) and w.width == 940 and w, "it is moved and shows the log")
    assert desk.home.run("quit").returncode == 0
    desk._app.wait(20)
    desk.start()
    again = open_main(desk, "Log")
    assert place(again) == place(left)
