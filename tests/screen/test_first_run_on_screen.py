"""A person starts Approver for the first time, on a real screen, with two clients: to a call that is asked about."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from approver_home import APPROVER, LAUNCHER, ApproverHome
from client_files import write
from desk import ALLOW_FROM_RIGHT, Desk
from eventually import eventually
from wire_client import WireClient
from x_screen import xdotool

from approver.clients.lenient_json import read_lenient

CURSOR = (
    '{\n  // my servers\n  "mcpServers": {\n    "scraper": {\n'
    f'      "command": "{sys.executable}", // the demo\n'
    '      "args": ["-m", "approver.demo.server"],\n    },\n  },\n}\n'
)
SERVER = {"command": sys.executable, "args": ["-m", "approver.demo.server"]}
DESKTOP = json.dumps({"mcpServers": {"scraper": SERVER}})


@pytest.fixture
def person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home with a Cursor and a Claude Desktop in it, and nothing of Approver's."""
    folder = tmp_path / "ana"
    write(folder / ".cursor/mcp.json", CURSOR)
    write(folder / ".config/Claude/claude_desktop_config.json", DESKTOP)
    yield folder


@pytest.fixture
def home(tmp_path: Path, person: Path) -> Iterator[ApproverHome]:
    """An Approver that was never started, of a person with clients."""
    home = ApproverHome(tmp_path, {"HOME": str(person), "XDG_CONFIG_HOME": str(person / ".config")})
    yield home
    home.close()


def step(desk: Desk, name: str) -> None:
    """Wait for a step of the first start, and give its window the keyboard."""
    found = eventually(lambda: desk.screen.titled(f"{name} - First start"), f"the step {name}", within=20)
    eventually(lambda: desk.screen.is_painted(found), "it is painted")
    xdotool("windowactivate", "--sync", str(found.id))
    desk.picture(f"first-start-{name.replace(' ', '-').lower()}")


def ours(path: Path, env: dict[str, str], work: Path) -> WireClient:
    """Launch what stands in a client's file, as that client would."""
    entry: Any = read_lenient(path.read_text(encoding="utf-8"))["mcpServers"]["scraper"]
    client = WireClient([*LAUNCHER, entry["command"], *entry["args"]], env={**env, **entry.get("env", {})}, cwd=work)
    client.initialize()
    return client


def test_the_first_start_leads_from_the_clients_files_to_an_answered_call(
    desk: Desk, home: ApproverHome, person: Path
) -> None:
    with (home.work / "engine.txt").open("ab") as log:
        desk._app = subprocess.Popen([*APPROVER, "tray"], env=home.environment, stdout=log, stderr=log, cwd=home.work)
    step(desk, "Welcome")
    desk.press_until(lambda: desk.screen.titled("Apply - First start"), "alt+n")
    step(desk, "Apply")
    cursor = person / ".cursor/mcp.json"
    assert cursor.read_text(encoding="utf-8") == CURSOR and not (home.path / "config/servers.json").exists()
    desk.press_until(lambda: cursor.read_text(encoding="utf-8") != CURSOR, "alt+a")
    desk.press_until(lambda: desk.screen.titled("Try it - First start"), "alt+n")
    step(desk, "Try it")
    desk.press_until(desk.dialog, "alt+s")
    desk.picture("first-start-asked")
    desk.click_until(
        lambda: any((one["tool"], one["outcome"]) == ("write_greeting", "approved") for one in home.log()),
        ALLOW_FROM_RIGHT,
    )
    step(desk, "Try it")
    desk.press_until(lambda: not desk.screen.titled("First start"), "alt+f")
    servers = home.path / "config/servers.json"
    eventually(lambda: "approver-test" not in servers.read_text(encoding="utf-8"), "the test server is gone")
    assert list(json.loads(servers.read_text(encoding="utf-8"))["mcpServers"]) == ["scraper"]
    asked_by_its_client(desk, home, cursor)
    undone(home, person)


def asked_by_its_client(desk: Desk, home: ApproverHome, file: Path) -> None:
    """What the client's file starts now leads through Approver, which asks."""
    client = ours(file, home.environment, home.work)
    try:
        number = client.start_call("list_jobs", {})
        home.await_question("list_jobs")
        answered = {"id": number}.items()
        desk.click_until(lambda: any(answered <= m.items() and "result" in m for m in client.heard), ALLOW_FROM_RIGHT)
        (call,) = [entry for entry in home.log() if entry["tool"] == "list_jobs"]
        assert (call["client"], call["outcome"]) == ("Cursor", "approved")
    finally:
        client.close()


def undone(home: ApproverHome, person: Path) -> None:
    """Every client gets back what it had."""
    assert home.run("client", "disconnect", "--all").returncode == 0
    assert (person / ".cursor/mcp.json").read_text(encoding="utf-8") == CURSOR
    assert (person / ".config/Claude/claude_desktop_config.json").read_text(encoding="utf-8") == DESKTOP
