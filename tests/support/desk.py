"""An Approver with its windows on a real X screen, and a person in front of it: xdotool's mouse and keyboard.

Where a button is, is told from the dialog's edges: its buttons stand at its foot, from the right «Allow once», «Deny».
"""

import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from approver_home import APPROVER, ApproverHome
from eventually import eventually
from x_screen import Screen, Window, screenshot, xdotool

TITLE = "Approver: "
ALLOW_FROM_RIGHT, DENY_FROM_RIGHT, BUTTONS_FROM_BOTTOM = 77, 188, 34
GUARD_SECONDS = 0.5


class Desk:
    """The app, the screen, the person."""

    def __init__(self, home: ApproverHome) -> None:
        self.home = home
        self.screen = Screen()
        self.pictures = Path(__file__).parents[2] / "build" / "screen"

    def start(self) -> None:
        """Start the app with its windows hidden, and wait until it takes commands."""
        with (self.home.work / "engine.txt").open("ab") as log:
            command = [*APPROVER, "tray", "--hidden"]
            self._app = subprocess.Popen(command, env=self.home.environment, stdout=log, stderr=log, cwd=self.home.work)
        eventually(lambda: self.home.run("pending", "--json").returncode == 0, "the app takes commands", within=20)

    def stop(self) -> None:
        """End the app as the session's end does."""
        self._app.terminate()
        self._app.wait(15)
        self.screen.close()

    def dialog(self) -> Window | None:
        """Return the dialog, once it is shown and painted."""
        window = self.screen.titled(TITLE)
        return window if window and self.screen.is_painted(window) else None

    def await_dialog(self) -> Window:
        """Wait for the dialog."""
        return eventually(self.dialog, "a dialog on the screen", within=20)

    def point_at(self, from_right: int, window: Window | None = None) -> None:
        """Move the mouse over one of the dialog's buttons, or over where it was in a window that is gone."""
        window = window or self.await_dialog()
        x = window.x + window.width - from_right
        y = window.y + window.height - BUTTONS_FROM_BOTTOM
        xdotool("mousemove", str(x), str(y))

    def click_until(self, is_done: Callable[[], object], from_right: int) -> None:
        """Click a button as often as a person would, until it took effect."""
        self.point_at(from_right)

        def click() -> bool:
            if not is_done():
                xdotool("click", "1")
            return bool(is_done())

        eventually(click, "the click took effect", within=15, every=0.3)

    def activate(self) -> None:
        """Give the dialog the keyboard."""
        xdotool("windowactivate", "--sync", str(self.await_dialog().id))

    def press_until(self, is_done: Callable[[], object], key: str) -> None:
        """Press a key as often as a person would, until it took effect."""

        def press() -> bool:
            if not is_done():
                xdotool("key", key)
            return bool(is_done())

        eventually(press, f"{key} took effect", within=15, every=0.3)

    def close_dialog(self) -> None:
        """Close the dialog by its window's close button."""
        if window := self.screen.titled(TITLE):
            subprocess.run(["wmctrl", "-i", "-c", hex(window.id)], check=True, timeout=20)
        eventually(lambda: not self.screen.titled(TITLE), "the dialog is closed")

    def storm(self, *words: str, until: Callable[[], bool], within: float = 10.0) -> int:
        """Have xdotool click or type without a pause; return how often it did."""
        count, deadline = 0, time.monotonic() + within
        while not until() and time.monotonic() < deadline:
            xdotool(*words)
            count += 1
        return count

    def picture(self, name: str) -> None:
        """Keep what the screen shows."""
        screenshot(self.pictures / f"{name}.png")
