"""A person at a real screen adds a server by pasting what a web page says, tests it, and a client uses it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from approver_home import APPROVER
from desk import ALLOW_FROM_RIGHT, Desk
from eventually import eventually
from page_keys import keys_to
from x_screen import Window, xdotool

HELD = str(Path(__file__).parents[1] / "servers" / "held_server.py")
PASTED = f"""{{
  // from the page of the server
  "mcpServers": {{
    "held": {{"command": {json.dumps(sys.executable)}, "args": [{json.dumps(HELD)}], "alwaysAllow": ["echo"],}},
  }},
}}"""
COPY = """
import sys
from PySide6.QtGui import QGuiApplication
app = QGuiApplication([])
app.clipboard().setText(sys.argv[1])
app.clipboard().dataChanged.connect(lambda: app.clipboard().ownsClipboard() or app.quit())
print("copied", flush=True)
app.exec()
"""
CLIPBOARD = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
app = QGuiApplication([])
QTimer.singleShot(300, lambda: (sys.stdout.write(app.clipboard().text()), app.quit()))
app.exec()
"""
ADD_FROM_RIGHT, ADD_FROM_BOTTOM = 44, 36
FIRST_TOOL_FROM_LEFT, FIRST_TOOL_FROM_TOP = 180, 449


@pytest.fixture
def browser() -> Iterator[None]:
    """Another program, in which the person has copied the JSON."""
    command = [sys.executable, "-c", COPY, PASTED]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "copied\n"
        yield
        process.terminate()


def shown(desk: Desk, title: str) -> Window:
    """Wait for a window that is shown and painted."""

    def found() -> Window | None:
        window = desk.screen.titled(title)
        return window if window and desk.screen.is_painted(window) else None

    return eventually(found, f"a window {title}", within=20)


def activate(window: Window) -> None:
    xdotool("windowactivate", "--sync", str(window.id))


def clipboard() -> str:
    command = [sys.executable, "-c", CLIPBOARD]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=20, check=True).stdout


def log_of(desk: Desk) -> str:
    path = desk.home.path / "data" / "logs" / "held.log"
    return path.read_text(encoding="utf-8") if path.exists() else ""


def first_tool(window: Window) -> str:
    """What the first row of the tools says, copied from there."""
    x, y = window.x + FIRST_TOOL_FROM_LEFT, window.y + FIRST_TOOL_FROM_TOP
    xdotool("mousemove", str(x), str(y), "click", "1", "key", "ctrl+c")
    return clipboard()


def test_a_server_is_pasted_tested_and_used(desk: Desk, browser: None) -> None:
    desk.start()
    subprocess.run([*APPROVER, "tray"], env=desk.home.environment, check=True, timeout=30)
    activate(shown(desk, "Overview"))
    xdotool("key", keys_to("servers"))
    page = shown(desk, "Servers")

    xdotool("key", "alt+a")
    dialog = shown(desk, "Add a server")
    activate(dialog)
    xdotool("key", "ctrl+v")
    servers = desk.home.path / "config" / "servers.json"

    def added() -> bool:
        x, y = dialog.x + dialog.width - ADD_FROM_RIGHT, dialog.y + dialog.height - ADD_FROM_BOTTOM
        xdotool("mousemove", str(x), str(y), "click", "1")
        return servers.exists()

    eventually(lambda: servers.exists() or added(), "the server is written", within=15, every=0.4)
    entry = json.loads(servers.read_text(encoding="utf-8"))["mcpServers"]["held"]
    assert entry == {"command": sys.executable, "args": [HELD]}

    activate(page)
    eventually(lambda: desk.screen.titled("Add a server") is None, "the dialog is gone")
    xdotool("key", "alt+s", "alt+t")
    eventually(lambda: "started" in log_of(desk) and " ended: " in log_of(desk), "it was started and ended", within=20)
    eventually(lambda: first_tool(page) == "echo", "its tools are seen", within=20)
    desk.picture("servers-tested")

    client = desk.home.client("held")
    call = client.start_call("echo", {"text": "hello"})
    desk.await_dialog()
    desk.click_until(lambda: not desk.home.pending(), ALLOW_FROM_RIGHT)
    answer = client.answer_to(call, 20.0)
    assert json.loads(answer["result"]["content"][0]["text"]) == {"text": "hello"}
