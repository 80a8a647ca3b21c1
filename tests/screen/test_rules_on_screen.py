"""A person at a real screen edits rules: in the table, and seen in the text; with a mistake, and nothing changes."""

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
RULES = {"version": "1", "default": "deny", "tools": {"echo": {}}}
DENIED = {"echo": {"deny_if": [{"conditions": []}]}}
FIRST_RULE = (410, 102)
TEXT_FROM_RIGHT, TEXT_FROM_TOP = 150, 300
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
    """A client whose calls of `echo` are allowed."""
    desk.home.add_server("held", HELD, RULES)
    desk.start()
    return desk.home.client("held")


def shown(desk: Desk, title: str) -> Window:
    """Wait for a window that is shown and painted."""

    def found() -> Window | None:
        window = desk.screen.titled(title)
        return window if window and desk.screen.is_painted(window) else None

    return eventually(found, f"a window {title}", within=20)


def open_rules(desk: Desk) -> Window:
    """Launch the app a second time, and go to the page with the rules by keyboard."""
    subprocess.run([*APPROVER, "tray"], env=desk.home.environment, check=True, timeout=30)
    xdotool("windowactivate", "--sync", str(shown(desk, "Overview").id))
    xdotool("key", keys_to("rules"))
    return shown(desk, "Rules")


def click(window: Window, x: int, y: int, times: int = 1) -> None:
    xdotool("mousemove", str(window.x + x), str(window.y + y), "click", "--repeat", str(times), "--delay", "60", "1")


def text_in_window(rules: Window) -> str:
    """What stands in the text beside the table, copied from there."""
    click(rules, rules.width - TEXT_FROM_RIGHT, TEXT_FROM_TOP)
    xdotool("key", "ctrl+a", "ctrl+c")
    command = [sys.executable, "-c", CLIPBOARD]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=20, check=True).stdout


def file_of(desk: Desk) -> Path:
    return desk.home.path / "config" / "policies" / "held.json"


def is_denied(client: WireClient) -> bool:
    return client.call("echo", {})["result"]["content"][0]["text"].startswith("[POLICY DENIED]")


def test_a_rule_chosen_in_the_table_is_seen_in_the_text_and_applied_and_a_mistake_is_not(
    desk: Desk, client: WireClient
) -> None:
    assert not is_denied(client)
    rules = open_rules(desk)
    before = file_of(desk).read_text(encoding="utf-8")

    def chosen() -> bool:
        click(rules, *FIRST_RULE, times=2)
        xdotool("sleep", "0.5", "key", "Down", "Down", "Return")
        return '"deny_if"' in text_in_window(rules)

    eventually(chosen, "the rule is in the text", within=30)
    desk.picture("rules-chosen")
    assert file_of(desk).read_text(encoding="utf-8") == before
    assert not is_denied(client)
    xdotool("key", "ctrl+s")
    applied = eventually(
        lambda: (text := file_of(desk).read_text(encoding="utf-8")) != before and text, "it is applied"
    )
    assert json.loads(applied)["tools"] == DENIED
    eventually(lambda: is_denied(client), "the next calls are judged by it")

    click(rules, rules.width - TEXT_FROM_RIGHT, TEXT_FROM_TOP)
    xdotool("key", "ctrl+Home")
    xdotool("type", "--delay", "10", "oops ")
    xdotool("key", "ctrl+s")
    assert text_in_window(rules).startswith("oops {")
    desk.picture("rules-mistake")
    assert file_of(desk).read_text(encoding="utf-8") == applied
    assert is_denied(client)
