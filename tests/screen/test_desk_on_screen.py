"""A person at a real screen looks at what happened: opens the main window, finds a call, copies and exports it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from approver_home import APPROVER
from desk import Desk
from eventually import eventually
from page_keys import keys_to
from wire_client import WireClient
from x_screen import Window, xdotool

HELD = [sys.executable, str(Path(__file__).parents[1] / "servers" / "held_server.py")]
CLIPBOARD = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
app = QGuiApplication([])
QTimer.singleShot(300, lambda: (sys.stdout.write(app.clipboard().text()), app.quit()))
app.exec()
"""


@pytest.fixture
def client(desk: Desk) -> WireClient:
    """A client whose calls are allowed."""
    desk.home.add_server("held", HELD, {"version": "1", "default": "allow"})
    desk.start()
    return desk.home.client("held")


def window(desk: Desk, title: str) -> Window:
    """Wait for a window that is shown and painted."""

    def found() -> Window | None:
        window = desk.screen.titled(title)
        return window if window and desk.screen.is_painted(window) else None

    return eventually(found, f"a window {title}", within=20)


def open_main(desk: Desk) -> Window:
    """Launch the app a second time, as a click in the desktop's menu does."""
    subprocess.run([*APPROVER, "tray"], env=desk.home.environment, check=True, timeout=30)
    overview = window(desk, "Overview - Approver")
    xdotool("windowactivate", "--sync", str(overview.id))
    return overview


def copy_first(desk: Desk, log: Window, note: str) -> dict:
    """Click the first row and copy it, until that is the call with this note."""

    def copied() -> dict | None:
        xdotool("mousemove", str(log.x + log.width // 2), str(log.y + 186), "click", "1")
        xdotool("key", "alt+c")
        command = [sys.executable, "-c", CLIPBOARD]
        text = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=20, check=True).stdout
        call = json.loads(text) if text.startswith("{") else {}
        return call if call.get("arguments") == {"note": note} else None

    return eventually(copied, "the call is copied", within=30)


def test_a_call_is_found_by_typing_and_copied(desk: Desk, client: WireClient) -> None:
    for number in range(3):
        client.call("echo", {"note": f"number {number}"})
    client.call("echo", {"note": "the needle"})
    overview = open_main(desk)
    desk.picture("overview")
    xdotool("mousemove", str(overview.x + 60), str(overview.y + 49), "click", "1")  # «Log» in the list of pages
    log = window(desk, "Log - Approver")
    xdotool("key", "ctrl+f")
    xdotool("type", "--delay", "10", "number 1")
    call = copy_first(desk, log, "number 1")
    desk.picture("log-selected")
    assert (call["tool"], call["outcome"]) == ("echo", "allowed")


def test_the_log_is_filtered_and_exported_by_keyboard(desk: Desk, client: WireClient) -> None:
    for number in range(3):
        client.call("echo", {"note": f"number {number}"})
    open_main(desk)
    xdotool("key", keys_to("log"))
    window(desk, "Log - Approver")
    xdotool("key", "ctrl+f")
    xdotool("type", "--delay", "10", "number 2")
    xdotool("key", "Return", "alt+e")
    asking = window(desk, "Export calls")
    xdotool("windowactivate", "--sync", str(asking.id))
    target = desk.home.work / "found.jsonl"
    xdotool("key", "ctrl+a")
    xdotool("type", "--delay", "10", str(target))
    xdotool("key", "Return")
    eventually(target.exists, "the file is written", within=20)
    desk.picture("exported")
    lines = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    assert [line["arguments"] for line in lines] == [{"note": "number 2"}]


def test_what_is_recorded_meanwhile_appears_by_itself(desk: Desk, client: WireClient) -> None:
    open_main(desk)
    xdotool("key", keys_to("log"))
    log = window(desk, "Log - Approver")
    client.call("echo", {"note": "while it is looked at"})
    assert copy_first(desk, log, "while it is looked at")["outcome"] == "allowed"
