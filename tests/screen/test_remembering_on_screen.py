"""A person at a real screen has an answer stand, sees it serve, finds it among the remembered ones, and revokes it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from approver_home import APPROVER, ASK_ALL
from desk import ALLOW_FROM_RIGHT, Desk
from eventually import eventually
from page_keys import keys_to
from wire_client import WireClient
from x_screen import Window, xdotool

HELD = [sys.executable, str(Path(__file__).parents[1] / "servers" / "held_server.py")]


@pytest.fixture
def client(desk: Desk) -> WireClient:
    """A client in front of a server whose every call is asked about."""
    desk.home.add_server("held", HELD, ASK_ALL)
    desk.start()
    return desk.home.client("held")


def standing(desk: Desk) -> list[dict]:
    return json.loads(desk.home.run("remembered", "list", "--json").stdout)


def window(desk: Desk, title: str) -> Window:
    def found() -> Window | None:
        window = desk.screen.titled(title)
        return window if window and desk.screen.is_painted(window) else None

    return eventually(found, f"a window {title}", within=20)


def answered(client: WireClient, request: int) -> bool:
    return any(message.get("id") == request and "method" not in message for message in client.heard)


def test_an_answer_is_remembered_used_and_revoked(desk: Desk, client: WireClient) -> None:
    first = client.start_call("echo", {"n": 1})
    desk.await_dialog()
    desk.activate()
    for _ in range(3):  # a key that comes before the window manager has handed over the focus is lost
        xdotool("sleep", "0.3", "key", "alt+t")  # «this tool»; the shortest that lasts is the session
    desk.picture("remembering")
    desk.click_until(lambda: answered(client, first), ALLOW_FROM_RIGHT)
    (made,) = standing(desk)
    assert (made["answer"], made["tool"], made["reach"], made["lifetime"]) == ("allow", "echo", "tool", "session")

    client.call("echo", {"n": 2})
    assert json.loads(desk.home.run("pending", "--json").stdout) == []
    decision = desk.home.log()[0]
    assert (decision["outcome"], decision["by"]) == ("approved", f"remembered {made['id']}")

    subprocess.run([*APPROVER, "tray"], env=desk.home.environment, check=True, timeout=30)
    xdotool("windowactivate", "--sync", str(window(desk, "Overview - Approver").id))
    xdotool("key", keys_to("remembered"))
    page = window(desk, "Remembered - Approver")
    desk.picture("remembered")

    def revoked() -> bool:
        for row in (177, 125):  # below the bar with «Undo», and where it was when that bar is gone
            xdotool("mousemove", str(page.x + page.width // 2), str(page.y + row), "click", "1", "key", "Delete")
        return standing(desk) == []

    eventually(revoked, "the answer is revoked", within=15)
    third = client.start_call("echo", {"n": 3})
    eventually(lambda: len(json.loads(desk.home.run("pending", "--json").stdout)) == 1, "the third call asks again")
    assert not answered(client, third)
