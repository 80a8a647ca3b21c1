"""An Approver of a test's own: a folder for its files, its command line, its engine, and the clients in front of it.

The commands run as a person's terminal would run them, outside of any client; a client's `approver connect` is launched
through a process of its own, so that what the engine sees as "the client" is not the test.
"""

import json
import os
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from eventually import eventually
from processes import MARK as MARK_NAME
from processes import Process, kill, marked
from wire_client import WireClient

APPROVER = [sys.executable, "-m", "approver"]
LAUNCHER = [sys.executable, "-S", "-E", "-c", "import subprocess, sys; sys.exit(subprocess.call(sys.argv[1:]))"]
"""Stands for a client: launches its server and hands it its own stdin and stdout."""
ALLOW_ALL = {"version": "1", "default": "allow"}
ASK_ALL = {"version": "1", "default": "require_approval"}


class ApproverHome:
    """The files of one Approver, and what runs on them."""

    def __init__(self, work: Path, environment: Mapping[str, str] | None = None) -> None:
        self._short = tempfile.TemporaryDirectory(prefix="ap-")  # a socket's path has to stay short
        self.path = Path(self._short.name)
        self.work = work
        self.mark = uuid.uuid4().hex
        self.environment = {
            **os.environ,
            "APPROVER_HOME": str(self.path),
            "APPROVER_START": "serve",
            MARK_NAME: self.mark,
            **(environment or {}),
        }
        (self.path / "config" / "policies").mkdir(parents=True)
        self._servers: dict[str, Any] = {}
        self._clients: list[WireClient] = []
        self._engines: list[subprocess.Popen[bytes]] = []

    def add_server(
        self,
        name: str,
        command: Sequence[str],
        policy: Any,
        *,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
    ) -> None:
        """Write a server and its policy into the configuration."""
        entry: dict[str, Any] = {"command": command[0], "args": list(command[1:]), "env": dict(env or {})}
        self._servers[name] = entry | ({"cwd": str(cwd)} if cwd else {})
        self.set_policy(name, policy)
        self._write("servers.json", json.dumps({"mcpServers": self._servers}, indent=2))

    def add_http_server(self, name: str, url: str, policy: Any, headers: Mapping[str, str] | None = None) -> None:
        """Write a server that is reached over HTTP, and its policy, into the configuration."""
        self._servers[name] = {"url": url, "headers": dict(headers or {})}
        self.set_policy(name, policy)
        self._write("servers.json", json.dumps({"mcpServers": self._servers}, indent=2))

    def grant(self, server: str, label: str = "a test") -> tuple[str, str]:
        """Let a client use a server over HTTP: the address, and the token it needs."""
        made = self.read("grant", "add", server, "--name", label)
        return made["url"], made["token"]

    def set_policy(self, name: str, policy: Any) -> None:
        """Write a server's policy: an object, or a text as it is."""
        self._write(f"policies/{name}.json", policy if isinstance(policy, str) else json.dumps(policy, indent=2))

    def settings(self, text: str) -> None:
        """Write settings.toml."""
        self._write("settings.toml", text)

    def connect(self, server: str, *options: str) -> list[str]:
        """Return the command that a client launches as its server."""
        return [*LAUNCHER, *APPROVER, "connect", server, *options]

    def client(self, server: str, *, greeted: bool = True, environment: Mapping[str, str] | None = None) -> WireClient:
        """Start a client in front of a server; it leaves with this home at the latest."""
        client = WireClient(self.connect(server), env={**self.environment, **(environment or {})}, cwd=self.work)
        self._clients.append(client)
        if greeted:
            client.initialize()
        return client

    def run(self, *arguments: str, within: float = 20.0) -> subprocess.CompletedProcess[str]:
        """Run an `approver` command as a person at a terminal would."""
        return subprocess.run(
            [*APPROVER, *arguments], env=self.environment, capture_output=True, text=True, timeout=within, check=False,
            stdin=subprocess.DEVNULL, cwd=self.work, start_new_session=True,
        )  # fmt: skip

    def run_as_program(self, command: Sequence[str], within: float = 40.0) -> subprocess.CompletedProcess[str]:
        """Run another program on this home, a client with a shell of its own say."""
        return subprocess.run(
            list(command), env=self.environment, capture_output=True, text=True, timeout=within, check=True,
            stdin=subprocess.DEVNULL, cwd=self.work, start_new_session=True,
        )  # fmt: skip

    def read(self, *arguments: str) -> Any:
        """Run a command that prints JSON; return what it printed."""
        done = self.run(*arguments, "--json")
        assert done.returncode == 0, f"approver {' '.join(arguments)}: {done.stderr or done.stdout}"
        return json.loads(done.stdout)

    def serve(self) -> subprocess.Popen[bytes]:
        """Start the engine without windows, and wait until it takes connections."""
        log = (self.work / "engine.txt").open("ab")
        engine = subprocess.Popen(
            [*APPROVER, "serve"], env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.work
        )
        log.close()
        self._engines.append(engine)
        self._await_engine(engine)
        return engine

    def pending(self) -> list[dict[str, Any]]:
        """Return the open questions."""
        return self.read("pending")

    def await_question(self, tool: str, count: int = 1) -> dict[str, Any]:
        """Wait until calls of a tool are waiting for a person; return the newest."""

        def waiting() -> list[dict[str, Any]]:
            found = [question for question in self.pending() if question["tool"] == tool]
            return found if len(found) >= count else []

        return eventually(waiting, f"{count} open question(s) about {tool}", within=20, every=0.1)[-1]

    def log(self) -> list[dict[str, Any]]:
        """Return the log, newest first."""
        return self.read("log", "list")

    def engine_output(self) -> str:
        """Return what engines printed, whoever started them."""
        places = (self.work / "engine.txt", *sorted(self.path.glob("data/logs/*")))
        return "".join(place.read_text(encoding="utf-8", errors="replace") for place in places if place.is_file())

    def engine_pids(self) -> list[int]:
        """Return the engine's processes: one, or none."""
        return [process.pid for process in marked(self.mark) if _is_engine(process)]

    def shims(self) -> list[Process]:
        """Return the running `approver connect` processes, without their launchers."""
        return [p for p in marked(self.mark, running=" connect ") if "subprocess.call" not in p.command]

    def close(self) -> None:
        """End whatever is left, hard, and take the folder away."""
        eventually(self._end_all, "every process of the test ended", within=20)
        for client in self._clients:
            client.close()
        for engine in self._engines:
            engine.wait(10)
        self._short.cleanup()

    def _end_all(self) -> bool:
        left = marked(self.mark)
        for process in left:
            try:
                kill(process.pid)
            except ProcessLookupError:
                continue
        return not left

    def _await_engine(self, engine: subprocess.Popen[bytes]) -> None:
        def is_up() -> bool:
            assert engine.poll() is None, f"the engine ended: {(self.work / 'engine.txt').read_text(encoding='utf-8')}"
            return self.run("pending", "--json").returncode == 0

        eventually(is_up, "the engine takes commands", within=20)

    def _write(self, name: str, text: str) -> None:
        (self.path / "config" / name).write_text(text, encoding="utf-8")


def _is_engine(process: Process) -> bool:
    words = process.command.split()
    return (
        "approver" in process.command
        and "connect" not in words
        and "subprocess.call" not in process.command
        and ("serve" in words or "--hidden" in words)
    )
