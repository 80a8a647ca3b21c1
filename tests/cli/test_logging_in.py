"""`approver server login` and `logout`, through the app and without it."""

import asyncio
import io
import json
import shlex
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from memory_keyring import MemoryKeyring, in_memory
from oauth_server import OAuthServer
from web_servers import WebServer

from approver.cli import logging_in
from approver.cli.main import main
from approver.cli.remote import NotRunning
from approver.configuration_edits import read_servers
from approver.desktop.paths import Paths

BROWSER = Path(__file__).parents[1] / "servers" / "browser.py"


@pytest.fixture
def memory() -> Iterator[MemoryKeyring]:
    with in_memory() as memory:
        yield memory


@pytest.fixture(autouse=True)
def home(approver_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BROWSER", shlex.join([sys.executable, str(BROWSER), "%s"]))
    return approver_home


@pytest.fixture
def oauth() -> Iterator[OAuthServer]:
    """A server that wants logins, on a loop in a thread."""
    app = OAuthServer()
    web = WebServer(app)
    app.origin = web.origin
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    asyncio.run_coroutine_threadsafe(web.start(), loop).result(20)
    yield app
    asyncio.run_coroutine_threadsafe(web.stop(), loop).result(20)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()


def run(*words: str) -> int:
    return main(["server", *words])


class AtOnce:
    """A thread that is done when it has started."""

    def __init__(self, target: Any, args: Any, **more: Any) -> None:
        self._work = lambda: target(*args)

    def start(self) -> None:
        self._work()


class App:
    """The running app's answers, and what it was asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, answers: dict[str, Any]) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self._answers = answers
        monkeypatch.setattr(logging_in, "ask", self._ask)

    def _ask(self, command: str, arguments: dict[str, Any], **more: Any) -> dict[str, Any]:
        self.asked.append((command, arguments))
        return self._answers[command]


# -- without the app -----------------------------------------------------------------------------------------------


def test_a_server_is_added_and_logged_in_at(
    oauth: OAuthServer, memory: MemoryKeyring, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("add", "remote", "--url", f"{oauth.origin}/mcp", "--oauth") == 0
    out = capsys.readouterr().out
    assert "Log in with your browser: http://127.0.0.1:" in out
    assert out.endswith('Logged in at "remote". The login is kept in the keyring.\n')
    assert [service for service, _ in memory.kept] == ["approver logins"]
    assert "access-" not in Paths.from_environment().servers.read_text(encoding="utf-8")


def test_a_server_can_be_tried_out_once_one_is_logged_in(
    oauth: OAuthServer, memory: MemoryKeyring, capsys: pytest.CaptureFixture[str]
) -> None:
    run("add", "remote", "--url", f"{oauth.origin}/mcp")
    assert run("test", "remote") == 1
    assert "it wants you to log in: approver server login remote" in capsys.readouterr().err
    assert run("login", "remote") == 0
    assert run("test", "remote") == 0


def test_who_logs_out_or_removes_the_server_leaves_nothing_in_the_keyring(
    oauth: OAuthServer, memory: MemoryKeyring, capsys: pytest.CaptureFixture[str]
) -> None:
    run("add", "remote", "--url", f"{oauth.origin}/mcp", "--oauth")
    assert run("logout", "remote") == 0
    assert capsys.readouterr().out.endswith('Logged out at "remote".\n')
    assert run("logout", "remote") == 0
    assert capsys.readouterr().out == 'There was no login at "remote".\n'
    run("login", "remote")
    assert memory.kept
    assert run("remove", "remote") == 0
    assert memory.kept == {}


def test_without_a_keyring_a_login_needs_the_app(oauth: OAuthServer, capsys: pytest.CaptureFixture[str]) -> None:
    run("add", "remote", "--url", f"{oauth.origin}/mcp")
    assert run("login", "remote") == 1
    err = capsys.readouterr().err
    assert "There is no keyring" in err
    assert "for as long as Approver runs: start it first" in err
    assert run("logout", "remote") == 1
    assert run("remove", "remote") == 0


def test_a_login_that_fails_is_told(
    oauth: OAuthServer, memory: MemoryKeyring, capsys: pytest.CaptureFixture[str]
) -> None:
    oauth.consents = False
    run("add", "remote", "--url", f"{oauth.origin}/mcp")
    assert run("login", "remote", "--json") == 1
    out, err = capsys.readouterr()
    told = json.loads(out[out.index("{") :])
    assert told == {
        "server": "remote",
        "ok": False,
        "message": 'Not logged in at "remote": the login was refused: the person said no.',
    }
    assert "Log in with your browser" in err


def test_a_client_that_was_registered_by_hand_is_named_with_its_secret(
    oauth: OAuthServer, memory: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    oauth.registers = False
    oauth.clients["own"] = {"redirect_uris": [f"http://127.0.0.1:{port}/callback"], "client_secret": "s3cret"}
    monkeypatch.setattr(sys, "stdin", io.StringIO("s3cret\n"))
    run("add", "remote", "--url", f"{oauth.origin}/mcp")
    assert run("login", "remote", "--client-id", "own", "--client-secret", "--port", str(port)) == 0


# -- through the app -----------------------------------------------------------------------------------------------


def test_the_app_logs_in_where_it_runs(
    oauth: OAuthServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run("add", "remote", "--url", f"{oauth.origin}/mcp")
    opened: list[str] = []
    monkeypatch.setattr(logging_in.webbrowser, "open", opened.append)
    monkeypatch.setattr(logging_in.threading, "Thread", AtOnce)
    app = App(
        monkeypatch,
        {
            "login": {"ok": True, "address": "https://login.example/authorize"},
            "login_wait": {"ok": True, "message": "Logged in."},
            "logout": {"ok": True, "was_logged_in": True},
        },
    )
    assert run("login", "remote") == 0
    assert opened == ["https://login.example/authorize"]
    assert run("login", "remote", "--no-browser", "--client-id", "own") == 0
    assert len(opened) == 1
    monkeypatch.delenv("BROWSER")
    monkeypatch.setattr(sys, "platform", "linux")
    assert run("login", "remote") == 0
    assert len(opened) == 1
    assert run("logout", "remote") == 0
    assert app.asked[0] == ("login", {"server": "remote"})
    assert app.asked[2] == ("login", {"server": "remote", "client_id": "own"})
    assert capsys.readouterr().out.endswith('Logged in.\nLogged out at "remote".\n')


def test_what_the_app_refuses_is_told(
    oauth: OAuthServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run("add", "remote", "--url", f"{oauth.origin}/mcp")
    App(monkeypatch, {"login": {"ok": False, "error": "Not you."}, "logout": {"ok": False, "error": "Nor here."}})
    capsys.readouterr()
    assert run("login", "remote") == 1
    assert run("logout", "remote") == 1
    assert capsys.readouterr().err == "Not you.\nNor here.\n"


# -- wrong usage ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["login", "nowhere"], 'There is no server "nowhere" (there are: local)'),
        (["login", "local"], '"local" is started here: there is nothing to log in at.'),
        (["logout", "local"], '"local" is started here'),
        (["add", "x", "--oauth", "--", "cmd"], "--oauth is for servers with --url."),
    ],
)
def test_what_cannot_be_is_told(words: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    run("add", "local", "--", "cmd")
    assert run(*words) == 2
    assert told in capsys.readouterr().err
    assert set(read_servers(Paths.from_environment())) == {"local"}


def test_a_secret_without_its_client_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    run("add", "remote", "--url", "https://remote.example/mcp")
    assert run("login", "remote", "--client-secret") == 2
    assert "--client-secret goes with --client-id." in capsys.readouterr().err


def test_nobody_runs_here() -> None:
    with pytest.raises(NotRunning):
        logging_in.ask("login", {}, paths=Paths.from_environment())
