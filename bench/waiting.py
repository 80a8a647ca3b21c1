"""What a call costs in memory that waits for a person over HTTP: a thousand at once, each on a connection of its own.

    python bench/waiting.py [--calls N]

First a bare uvicorn application that answers nobody: what a connection with a request costs the web server itself. Then
Approver with a policy that asks, before an HTTP and a stdio server. What is counted is the process's resident memory.
Exit status 1 where a target is missed.
"""

import argparse
import gc
import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

BENCH = Path(__file__).parent
sys.path[:0] = [str(BENCH), str(BENCH.parent / "tests" / "support")]

from approver_home import ASK_ALL, ApproverHome  # noqa: E402 # the path to it was laid just above
from eventually import eventually  # noqa: E402 # as above
from over_http import INFO, Connection, Programs, free_port  # noqa: E402 # as above
from processes import resident_mib  # noqa: E402 # as above
from report import Figure, summarize  # noqa: E402 # as above
from stdio import ECHO  # noqa: E402 # as above

WARM = 200
"""Calls that wait already when the counting begins: what is loaded and grown once is there by then."""
MOST_ADDED = 6.0
"""KiB for each waiting call, beyond what the web server needs for its connection."""
MOST_ADDED_ALONE = 8.0
"""The same for a call of 2026-07-28, which says itself what a session is told once: who calls and what it can do."""
SILENT = """\
import asyncio, sys
import uvicorn

async def app(scope, receive, send):
    await receive()
    await asyncio.get_running_loop().create_future()

uvicorn.run(app, port=int(sys.argv[1]), log_level="error", lifespan="off", ws="none")
"""
META = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": {},
    "io.modelcontextprotocol/clientInfo": INFO,
}


@dataclass
class Crowd:
    """Clients that each make one call and wait."""

    name: str
    pid: int
    url: str
    token: str = ""
    session: str = ""
    """The session of a handshake revision; without one the calls stand alone."""
    waiting: Callable[[], int] | None = None
    """How many calls the server says are waiting."""
    calls: list[socket.socket] = field(default_factory=list)

    def call(self, count: int) -> None:
        """Make calls, until all of them are read and the server has nothing to do any more."""
        before = len(self.calls)
        for number in range(before, before + count):
            self.calls.append(socket.create_connection((urlsplit(self.url).hostname, urlsplit(self.url).port)))
            self.calls[-1].sendall(self._request(number))
        eventually(lambda: self._has_read_all, "all requests are read", within=60)
        ticks = [-1]

        def is_idle() -> bool:
            ticks.append(
                int(sum(map(int, Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[11:13])))
            )
            return ticks[-1] == ticks[-2]

        eventually(is_idle, "the server has nothing to do", within=60, every=0.3)

    @property
    def _has_read_all(self) -> bool:
        """Whether nothing that was sent is unread. To ask Approver how many wait would itself take memory."""
        port = f":{urlsplit(self.url).port:04X}"
        lines = (line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:])
        return all(line[4].endswith(":00000000") for line in lines if line[1].endswith(port) and line[3] == "01")

    def _request(self, number: int) -> bytes:
        params: dict[str, Any] = {"name": "echo", "arguments": {"path": f"/a/{number}"}}
        headers = {"MCP-Protocol-Version": "2025-11-25", "Mcp-Session-Id": self.session}
        if not self.session:
            params["_meta"] = META
            headers = {"MCP-Protocol-Version": "2026-07-28", "Mcp-Method": "tools/call", "Mcp-Name": "echo"}
        message = {"jsonrpc": "2.0", "id": number + 10, "method": "tools/call", "params": params}
        body = json.dumps(message).encode()
        headers |= {
            "Host": urlsplit(self.url).netloc,
            "Authorization": f"Bearer {self.token}",
            "Accept": "application/json, text/event-stream",
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
        }
        lines = [f"POST {urlsplit(self.url).path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + body

    def kib_each(self, count: int) -> float:
        """What each call costs the server."""
        self.call(1)  # starts the server, if there is one
        if (waiting := self.waiting) is not None:
            eventually(lambda: waiting() == 1, "the first call waits", within=30, every=0.2)
        self.call(WARM - 1)
        before = resident_mib(self.pid)
        self.call(count)
        cost = (resident_mib(self.pid) - before) * 1024 / count
        if self.waiting is not None and self.waiting() != WARM + count:
            raise SystemExit(f"{self.name}: {self.waiting()} calls wait, not {WARM + count}")
        for one in self.calls:
            one.close()
        gc.collect()
        return cost


def bare(stack: ExitStack, work: Path) -> Crowd:
    """The web server alone."""
    port = free_port()
    server = subprocess.Popen([sys.executable, "-c", SILENT, str(port)], cwd=work)
    stack.callback(server.wait)
    stack.callback(server.kill)
    eventually(lambda: socket.socket().connect_ex(("127.0.0.1", port)) == 0, "uvicorn listens", within=30)
    return Crowd("uvicorn alone", server.pid, f"http://127.0.0.1:{port}/", session="x")


def approver(stack: ExitStack, work: Path, name: str, *, http: bool, session: bool) -> Crowd:
    """An engine of its own before one server."""
    home = ApproverHome(work)
    stack.callback(home.close)
    home.settings(
        f"[http]\nport = {free_port()}\n[asking]\nhold_seconds = 3000\nopen_seconds = 6000\nmost_per_minute = 0\n"
    )
    if http:
        echo = Programs(stack, work).listening(sys.executable, str(BENCH / "http_echo_server.py"), "PORT")
        home.add_http_server("echo", f"http://127.0.0.1:{echo}/mcp", ASK_ALL)
    else:
        home.add_server("echo", ECHO, ASK_ALL)
    engine = home.serve()
    stack.callback(engine.wait)
    stack.callback(engine.terminate)
    url, token = home.grant("echo", "bench")
    opened = ""
    if session:
        connection = Connection(name, url, token)
        opened = connection.session
    return Crowd(name, engine.pid, url, token, opened, lambda: len(home.pending()))


def run(count: int) -> list[Figure]:
    """Measure one after another, each in processes of its own."""
    kinds = {
        "Approver HTTP→HTTP": {"http": True, "session": True},
        "Approver HTTP→stdio, in a session": {"http": False, "session": True},
        "Approver HTTP→stdio, standing alone": {"http": False, "session": False},
    }
    figures = []
    with ExitStack() as stack:
        web = bare(stack, Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))).kib_each(count)
    print(f"{'uvicorn alone':40}{web:8.1f} KiB a call")
    for name, kind in kinds.items():
        with ExitStack() as stack:
            work = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
            whole = approver(stack, work, name, **kind).kib_each(count)
        print(f"{name:40}{whole:8.1f} KiB a call")
        most = MOST_ADDED if kind["session"] else MOST_ADDED_ALONE
        figures.append(Figure(f"{name}, beyond uvicorn", whole - web, "KiB", most))
    return figures


def main() -> int:
    """Measure, and judge by the targets."""
    parser = argparse.ArgumentParser(description="what a waiting call over HTTP costs in memory")
    parser.add_argument("--calls", type=int, default=1000)
    options = parser.parse_args()
    figures = run(options.calls)
    print()
    return summarize(figures)


if __name__ == "__main__":
    os.environ.setdefault("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    sys.exit(main())
