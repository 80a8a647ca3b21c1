"""`approver demo`: the app, a small server and a scripted agent, in a folder of their own.

Nothing of the person's configuration is read or changed. Where there is a display the app's own windows ask; otherwise
this terminal does (see `asking.py`). The agent runs as a process of its own and prints its story here; at the end the
log of the demo is listed and its folder is removed.
"""

import argparse
import asyncio
import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from approver.cli.remote import NotRunning, ask
from approver.cli.tray import has_display
from approver.desktop.paths import Paths
from approver.own_files import write_json, write_text
from approver.tasks import spawn

if TYPE_CHECKING:
    from approver.engine import Engine

APPROVER = (sys.executable, "-m", "approver")
AGENT = (sys.executable, "-m", "approver.demo.agent")
SERVER = "web-scraper"
START_SECONDS = 30.0
LOOK_SECONDS = 0.1
TITLE = """Approver's demo: a scripted agent works with a small web scraper, and Approver stands between the two.
It lets pass what the policy allows, refuses the rest, and asks you before the agent cancels a job.
"""
LOOK = "\nThe windows stay open: look at the log and the rules. Quit Approver, or press Ctrl+C here, to end the demo."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("--terminal", action="store_true", help="ask in this terminal even where windows can be shown")
    parser.add_argument("--keep", action="store_true", help="leave the demo's folder, to look at its log and its files")


def run(arguments: argparse.Namespace) -> int:
    """Run the demo; 0 when the agent came to its end."""
    _say(TITLE)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # either way the folder and the app go too
    with home(keep=arguments.keep) as paths:
        status = in_terminal(paths) if arguments.terminal or not has_display() else with_windows(paths)
        _say("\nWhat the log says of it:")
        subprocess.run([*APPROVER, "log", "list"], check=False)
    return status


@contextmanager
def home(*, keep: bool) -> Iterator[Paths]:
    """A folder with the demo's configuration, in force for this process and all that it starts."""
    folder = Path(tempfile.mkdtemp(prefix="approver-demo-"))
    before = {name: os.environ.get(name) for name in ("APPROVER_HOME", "PYTHON_KEYRING_BACKEND")}
    # No keyring: a journal that is thrown away leaves no anchor behind, and nobody is asked to unlock anything.
    os.environ.update(APPROVER_HOME=str(folder), PYTHON_KEYRING_BACKEND="keyring.backends.fail.Keyring")
    paths = Paths.from_environment()
    try:
        write_configuration(paths)
        yield paths
    finally:
        for name, value in before.items():
            del os.environ[name]
            if value is not None:
                os.environ[name] = value
        if keep:
            _say(f"\nThe demo's folder: {folder}\nIts log: APPROVER_HOME={folder} approver log list")
        else:
            shutil.rmtree(folder, ignore_errors=True)


def write_configuration(paths: Paths) -> None:
    """One server and its policy, as a person would have set them up."""
    paths.create()
    entry = {"command": sys.executable, "args": ["-m", "approver.demo.server"]}
    write_json(paths.servers, {"mcpServers": {SERVER: entry}})
    # One client, over the socket; the person's own Approver may have the port.
    write_text(paths.settings, "[http]\nenabled = false\n\n[window]\nraise_on_ask = true\n")
    policy = resources.files("approver.demo").joinpath("policy.json").read_text(encoding="utf-8")
    write_text(paths.policies / f"{SERVER}.json", policy)


def in_terminal(paths: Paths) -> int:
    """The engine in this process, its questions in this terminal."""
    from approver import headless

    ended: list[int] = []
    # The terminal belongs to the question.
    logging.basicConfig(filename=paths.logs / "approver.log", level=logging.INFO)

    def ready(engine: "Engine") -> None:
        from approver.cli.asking import TerminalAsker

        TerminalAsker(engine, input, _say).start()
        spawn(_agent_beside(engine, ended), name="the demo's agent")

    try:
        headless.run_loop(headless.serve(paths, ready=ready))
    except headless.StartFault as fault:
        sys.stderr.write(f"approver demo: {fault}\n")
        return 1
    return ended[0] if ended else 1


async def _agent_beside(engine: "Engine", ended: list[int]) -> None:
    """Run the agent to its end, then the engine."""
    # Progress every few seconds would write over what the person is typing.
    agent = await asyncio.create_subprocess_exec(*AGENT, "--quiet", stdin=asyncio.subprocess.DEVNULL)
    try:
        ended.append(await agent.wait())
    finally:
        engine.ask_to_quit()


def with_windows(paths: Paths) -> int:
    """The app with its windows as a process of its own, as it always runs; it stays until the person quits it."""
    with (paths.logs / "approver.log").open("ab") as log:
        app = subprocess.Popen([*APPROVER, "tray"], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        if not _is_up(app):
            sys.stderr.write(f"approver demo: the app did not start. Its log: {paths.logs}\n")
            return 1
        status = subprocess.run(AGENT, stdin=subprocess.DEVNULL, check=False).returncode
        _say(LOOK)
        app.wait()
    except KeyboardInterrupt:
        status = 0
    finally:
        _end(app)
    return status


def _is_up(app: "subprocess.Popen[bytes]") -> bool:
    """Wait until the app takes commands; False where it ended or took too long."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and app.poll() is None:
        try:
            ask("pending")
        except NotRunning:
            time.sleep(LOOK_SECONDS)
        else:
            return True
    return False


def _end(app: "subprocess.Popen[bytes]") -> None:
    app.terminate()
    try:
        app.wait(START_SECONDS)
    except subprocess.TimeoutExpired:
        app.kill()
        app.wait()


def _say(text: str) -> None:
    print(text, flush=True)
