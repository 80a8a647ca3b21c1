"""`approver serve` as a process: it runs until it is told to stop, and ends in order."""

import gc
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from typing import Any

import pytest
from eventually import eventually
from processes import MARK, marked

from approver import headless
from approver.cli import remote
from approver.desktop.lock import AlreadyRunning, holder
from approver.desktop.paths import Paths
from approver.engine import Engine

WITHIN = 20.0


@pytest.fixture(autouse=True)
def own_garbage() -> Iterator[None]:
    """An engine sets the collector up for itself; the tests after this one want it as it was."""
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


@pytest.fixture
def paths(monkeypatch: pytest.MonkeyPatch) -> Iterator[Paths]:
    with tempfile.TemporaryDirectory(prefix="ap-") as folder:
        monkeypatch.setenv("APPROVER_HOME", folder)
        monkeypatch.setenv(MARK, folder)
        paths = Paths.from_environment()
        paths.create()
        paths.settings.write_text("[http]\nenabled = false\n", encoding="utf-8")
        yield paths
        eventually(lambda: not marked(folder), "nothing is left running")


def start(paths: Paths) -> subprocess.Popen[str]:
    """Start the app and wait until it takes commands."""
    command = [sys.executable, "-m", "approver", "serve"]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)

    def answers() -> bool:
        assert process.poll() is None, process.stderr and process.stderr.read()
        try:
            return bool(remote.ask("state", paths=paths)["ok"])
        except remote.NotRunning:
            return False

    eventually(answers, "the app takes commands", within=WITHIN)
    return process


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_order(paths, number) -> None:
    process = start(paths)
    process.send_signal(number)
    _, said = process.communicate(timeout=WITHIN)
    assert process.returncode == 0
    assert "Traceback" not in said
    assert f"listening on {paths.socket}" in said
    assert not paths.socket.exists()
    assert holder(paths.lock) is None


def test_a_command_ends_it(paths) -> None:
    process = start(paths)
    assert remote.ask("quit", paths=paths) == {"ok": True}
    _, said = process.communicate(timeout=WITHIN)
    assert process.returncode == 0
    assert "Traceback" not in said


def test_a_second_one_says_that_the_first_runs(paths) -> None:
    process = start(paths)
    second = subprocess.run(
        [sys.executable, "-m", "approver", "serve"], capture_output=True, text=True, timeout=WITHIN, check=False
    )
    assert second.returncode == 1
    assert second.stderr.endswith(f"approver: Approver is already running (process {process.pid}).\n")
    process.terminate()
    process.communicate(timeout=WITHIN)


def test_whoever_runs_an_engine_gets_hold_of_it_when_it_is_up(paths) -> None:
    seen: list[tuple[Paths, bool]] = []

    def ready(engine: Engine) -> None:
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(engine.paths.socket))
        seen.append((engine.paths, True))
        engine.ask_to_quit()

    assert headless.run_loop(headless.serve(paths, ready=ready)) == 0
    assert seen == [(paths, True)]


def test_an_engine_is_stopped_when_what_runs_beside_it_fails(paths) -> None:
    def ready(engine: Engine) -> None:
        raise RuntimeError("beside it")

    with pytest.raises(RuntimeError, match="beside it"):
        headless.run_loop(headless.serve(paths, ready=ready))
    assert holder(paths.lock) is None


def test_run_returns_the_status_and_tells_why_an_engine_cannot_start(paths, monkeypatch, capsys) -> None:
    monkeypatch.setattr(headless.logging, "basicConfig", lambda **_: None)

    async def serve(paths: Paths) -> int:
        raise AlreadyRunning(os.getpid())

    monkeypatch.setattr(headless, "serve", serve)
    assert headless.run(paths) == 1
    assert capsys.readouterr().err == f"approver: Approver is already running (process {os.getpid()}).\n"

    async def fine(paths: Paths) -> int:
        return 0

    monkeypatch.setattr(headless, "serve", fine)
    assert headless.run(paths) == 0


def test_on_windows_the_loop_made_for_it_is_used(monkeypatch) -> None:
    ran: list[Any] = []

    class Winloop:
        @staticmethod
        def run(work: Any) -> int:
            ran.append(work)
            return 3

    monkeypatch.setattr(headless.sys, "platform", "win32")
    monkeypatch.setitem(sys.modules, "winloop", Winloop)
    assert headless.run_loop("work") == 3
    assert ran == ["work"]
