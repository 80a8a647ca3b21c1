"""A person is asked for attention on a real desktop: the notification's buttons, the tray's menu, a tray that goes."""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from approver_home import ASK_ALL
from desk import GUARD_SECONDS, Desk
from eventually import eventually
from wire_client import WireClient
from x_screen import Window, xdotool

HELD = [sys.executable, str(Path(__file__).parents[1] / "servers" / "held_server.py")]
QUIETLY = '[attention]\nexecutes = "notification"\nreads = "badge"\n[http]\nport = 0\n'
MAIN = "Overview - Approver"
TRAYER = ["trayer", "--edge", "bottom", "--align", "right", "--width", "20"]


@pytest.fixture
def client(desk: Desk) -> WireClient:
    """A client whose calls are all asked about, and told of by no window."""
    desk.home.settings(QUIETLY)
    desk.home.add_server("held", HELD, ASK_ALL)
    desk.start()
    return desk.home.client("held")


def notification(desk: Desk) -> Window | None:
    window = desk.screen.titled("Dunst") or desk.screen.titled("dunst")
    return window if window and desk.screen.is_painted(window) else None


def press_in_notification(desk: Desk, label: str) -> None:
    """Click the notification, and choose the button with this label."""
    state = Path(os.environ["APPROVER_TEST_DESKTOP"])
    (state / "pressed").write_text(label, encoding="utf-8")
    window = eventually(lambda: notification(desk), "a notification on the screen")
    xdotool("sleep", str(GUARD_SECONDS + 0.1), "mousemove", str(window.x + 60), str(window.y + 12), "click", "1")


def test_deny_in_a_notification_denies_just_that_call(desk: Desk, client: WireClient) -> None:
    named = client.start_call("hold", {"password": "hunter2", "path": "/tmp/<b>x</b>"})
    desk.home.await_question("hold")
    client.start_call("read_pid", {})  # it only waits: its tier goes no further than the badge
    desk.home.await_question("read_pid")
    eventually(lambda: notification(desk), "a notification on the screen")
    desk.picture("notification")
    press_in_notification(desk, "Deny")
    assert client.answer_to(named)["result"]["content"][0]["text"] == "[DENIED BY USER] No reason was given."
    assert [one["tool"] for one in desk.home.pending()] == ["read_pid"]
    eventually(lambda: not notification(desk), "the notification is gone")
    assert [row["by"] for row in desk.home.log() if row["tool"] == "hold"] == ["notification"]
    assert desk.dialog() is None
    client.start_call("hold", {"another": 1})
    desk.home.await_question("hold")
    press_in_notification(desk, "Review")
    desk.await_dialog()


def icon(desk: Desk) -> Window | None:
    """The app's icon in the tray."""
    panel = desk.screen.titled("panel")
    if panel is None:
        return None
    inside = [one for one in desk.screen.windows() if one.x > panel.x + panel.width - 30 and one.y > panel.y]
    return next((one for one in inside if one.width >= 16 and desk.screen.is_painted(one)), None)


def open_menu(desk: Desk) -> Callable[[], list[Window]]:
    """Open the tray's menu by the mouse; what is returned tells the menus that stand open, submenus too."""
    where = eventually(lambda: icon(desk), "an icon in the tray", within=20)
    before = {window.id for window in desk.screen.windows()}

    def menus() -> list[Window]:
        return [one for one in desk.screen.windows() if one.id not in before and one.width > 100 and one.height > 50]

    xdotool("mousemove", str(where.x + 10), str(where.y + 10), "click", "3")
    eventually(menus, "the menu is open")
    return menus


def test_the_tray_s_menu_pauses_asking_and_comes_back_with_its_tray(desk: Desk, client: WireClient) -> None:
    restart_tray(desk)
    menus = open_menu(desk)
    [menu] = menus()
    desk.picture("tray-menu")
    for place in range(6, menu.height, 6):  # down the menu, until the first submenu opens
        xdotool("mousemove", str(menu.x + 60), str(menu.y + place), "sleep", "0.05")
        if len(menus()) > 1:
            break
    submenu = eventually(lambda: next((one for one in menus() if one.id != menu.id), None), "the submenu is open")
    desk.picture("tray-submenu")
    xdotool("mousemove", str(submenu.x + 40), str(submenu.y + submenu.height - 14), "click", "1")
    eventually(lambda: "paused" in desk.home.run("log", "notices").stdout, "asking is paused")
    answered = client.call("hold", {})
    assert answered["result"]["content"][0]["text"].startswith("[POLICY DENIED] The rules allow this call only if")


def restart_tray(desk: Desk) -> None:
    """End the program that holds the tray's icons, and start it again; the window stands in for it meanwhile."""
    eventually(lambda: icon(desk), "an icon in the tray", within=20)
    pid = int(xdotool("search", "--class", "trayer", "getwindowpid").split()[0])
    os.kill(pid, signal.SIGTERM)
    eventually(lambda: desk.screen.titled(MAIN), "the window comes where the tray has gone", within=20)
    os.posix_spawnp(TRAYER[0], TRAYER, os.environ)  # it ends with the X server
