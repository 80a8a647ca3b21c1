"""A person at a real screen moves a secret into the keyring with a click, and logs in at a server with another."""

import asyncio
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from approver_home import ALLOW_ALL, APPROVER
from desk import Desk
from eventually import eventually
from oauth_server import OAuthServer
from page_keys import keys_to
from web_servers import WebServer
from x_screen import Window, xdotool

BROWSER = f"""#!{sys.executable}
import sys, urllib.request
print(urllib.request.urlopen(sys.argv[1], timeout=20).read().decode())
"""
KEY = "sk-live-4f9d2c71b8e6a035"
MOVE_FROM_RIGHT, MOVE_FROM_TOP = 80, 452


@pytest.fixture
def remote() -> Iterator[tuple[OAuthServer, str]]:
    """A server that wants a login, and its address."""
    oauth = OAuthServer()
    web = WebServer(oauth)
    oauth.origin = web.origin
    is_up, is_over = threading.Event(), threading.Event()

    async def serve() -> None:
        await web.start()
        is_up.set()
        await asyncio.to_thread(is_over.wait)
        await web.stop()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert is_up.wait(10)
    yield oauth, web.url
    is_over.set()
    thread.join(10)


def with_browser(desk: Desk) -> None:
    """Have links opened by a browser in which the person says yes to everything."""
    folder: Path = desk.home.work / "bin"
    folder.mkdir()
    (folder / "xdg-open").write_text(BROWSER, encoding="utf-8")
    (folder / "xdg-open").chmod(0o755)
    desk.home.environment["PATH"] = f"{folder}:{desk.home.environment['PATH']}"


def shown(desk: Desk, title: str) -> Window:
    """Wait for a window that is shown and painted."""

    def found() -> Window | None:
        window = desk.screen.titled(title)
        return window if window and desk.screen.is_painted(window) else None

    return eventually(found, f"a window {title}", within=20)


def test_a_secret_is_moved_and_a_login_made_with_a_click_each(desk: Desk, remote: tuple[OAuthServer, str]) -> None:
    oauth, url = remote
    with_browser(desk)
    desk.home.add_http_server("remote", url, ALLOW_ALL, {"X-Api-Key": KEY})
    desk.start()
    subprocess.run([*APPROVER, "tray"], env=desk.home.environment, check=True, timeout=30)
    xdotool("windowactivate", "--sync", str(shown(desk, "Overview").id))
    xdotool("key", keys_to("servers"))
    page = shown(desk, "Servers")
    desk.picture("servers-secret")

    servers = desk.home.path / "config" / "servers.json"

    def header() -> str:
        value: str = json.loads(servers.read_text(encoding="utf-8"))["mcpServers"]["remote"]["headers"]["X-Api-Key"]
        return value

    def moved() -> bool:
        x, y = page.x + page.width - MOVE_FROM_RIGHT, page.y + MOVE_FROM_TOP
        xdotool("mousemove", str(x), str(y), "click", "1")
        return header() != KEY

    eventually(lambda: header() != KEY or moved(), "the key is in the keyring", within=15, every=0.4)
    assert header().startswith("${keyring:") and KEY not in servers.read_text(encoding="utf-8")

    xdotool("key", "alt+l")
    eventually(lambda: oauth.granted, "the person is logged in", within=20)
    desk.picture("servers-logged-in")
    client = desk.home.client("remote")  # which the server answers only with the token
    assert "result" in client.request("tools/list")
