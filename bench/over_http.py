"""What Approver adds to a tool call over HTTP, beside a bare reverse proxy and FastMCP's, and in mixtures with stdio.

    python bench/over_http.py [--rounds N] [--without-others]

All targets are started together and called in turn. Approver judges by a policy and keeps its log; the bare reverse
proxy (Starlette and httpx2) only passes on. Exit status 1 where a target is missed.
"""

import argparse
import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

BENCH = Path(__file__).parent
sys.path[:0] = [str(BENCH), str(BENCH.parent / "tests" / "support")]

from approver_home import APPROVER, ApproverHome  # noqa: E402 # the path to it was laid just above
from eventually import eventually  # noqa: E402 # as above
from installed import NotInstallable, fastmcp_python  # noqa: E402 # as above
from report import Figure, summarize  # noqa: E402 # as above
from stdio import APPROVER_POLICY, ARGUMENTS, ECHO, Target  # noqa: E402 # as above

BATCH, WARM, WORKERS, EACH = 30, 60, 8, 200
INFO = {"name": "bench", "version": "1"}
FASTMCP_PROXY = """\
import sys
from fastmcp.server import create_proxy
create_proxy(sys.argv[2], name="proxy").run(
    transport="http", host="127.0.0.1", port=int(sys.argv[1]), path="/mcp", show_banner=False, log_level="error"
)
"""


class Connection:
    """One keep-alive connection that speaks revision 2025-11-25."""

    def __init__(self, name: str, url: str, token: str = "") -> None:
        self.name = name
        self.samples: list[float] = []
        self._parts = urlsplit(url)
        self._connection = http.client.HTTPConnection(self._parts.hostname or "", self._parts.port, timeout=30)
        self._headers = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"
        self._next_id = 0
        self.post("initialize", {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": INFO})
        self._headers["MCP-Protocol-Version"] = "2025-11-25"
        self.post("notifications/initialized", None)

    @property
    def session(self) -> str:
        """The id of the session; empty where the server has none."""
        return self._headers.get("Mcp-Session-Id", "")

    def post(self, method: str, params: Any) -> Any:
        """Send a message; return the answer to a request."""
        message: dict[str, Any] = {"jsonrpc": "2.0", "method": method}
        if params is not None:
            self._next_id += 1
            message |= {"id": self._next_id, "params": params}
        self._connection.request("POST", self._parts.path, json.dumps(message), self._headers)
        response = self._connection.getresponse()
        body = response.read()
        if session := response.getheader("mcp-session-id"):
            self._headers["Mcp-Session-Id"] = session
        if params is None:
            return None
        if response.status != 200:
            raise SystemExit(f"{self.name}: HTTP {response.status} {body[:300]!r}")
        if not (response.getheader("content-type") or "").startswith("text/event-stream"):
            return json.loads(body)
        datas = [line[5:] for line in body.splitlines() if line.startswith(b"data:") and line[5:].strip()]
        return next(found for found in map(json.loads, datas) if found.get("id") == self._next_id)

    def call_in_turn(self, count: int, *, keep: bool = True) -> None:
        """Call the tool one time after another, on a connection that is not timed to open."""
        self._connection.close()  # servers hang up on one that was idle while other targets had their turn
        self.post("ping", {})
        for _ in range(count):
            started = time.perf_counter()
            answer = self.post("tools/call", {"name": "echo", "arguments": ARGUMENTS})
            if keep:
                self.samples.append(time.perf_counter() - started)
            if "result" not in answer or answer["result"].get("isError"):
                raise SystemExit(f"{self.name}: a wrong answer: {answer}")


def calls_per_second(name: str, url: str, token: str) -> float:
    """Call on eight connections at once."""
    workers = [Connection(name, url, token) for _ in range(WORKERS)]
    threads = [threading.Thread(target=worker.call_in_turn, args=(EACH,)) for worker in workers]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return WORKERS * EACH / (time.perf_counter() - started)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Programs:
    """The servers and proxies, each in a process of its own."""

    def __init__(self, stack: ExitStack, work: Path) -> None:
        self._stack = stack
        self._work = work

    def start(self, *command: str) -> None:
        """Run a command until the benchmark ends."""
        errors = self._stack.enter_context((self._work / "errors.txt").open("ab"))
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=errors, stderr=errors, cwd=self._work)
        self._stack.callback(process.wait)
        self._stack.callback(process.kill)

    def listening(self, *command: str) -> int:
        """Run a command whose `PORT` is a free one, until it listens there; return the port."""
        port = free_port()
        self.start(*[str(port) if word == "PORT" else word for word in command])

        def is_up() -> bool:
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", port)) == 0

        eventually(is_up, command[-1] + " listens", within=30)
        return port


def approver(stack: ExitStack, work: Path, server: str) -> tuple[ApproverHome, str, dict[str, str]]:
    """Run an engine in front of an HTTP and a stdio server; return its home, its address and the tokens."""
    home = ApproverHome(work)
    stack.callback(home.close)
    home.settings(f"[http]\nport = {(port := free_port())}\n")
    home.add_server("stdio-echo", ECHO, APPROVER_POLICY)
    assert home.run("server", "add", "http-echo", "--url", server).returncode == 0
    home.set_policy("http-echo", APPROVER_POLICY)
    tokens = {
        name: home.read("grant", "add", name, "--name", f"bench-{name}")["token"]
        for name in ("http-echo", "stdio-echo")
    }
    engine = home.serve()
    stack.callback(engine.wait)
    stack.callback(engine.terminate)
    return home, f"http://127.0.0.1:{port}/mcp", tokens


def measured(targets: list[Connection | Target], rounds: int) -> dict[str, float]:
    """Call all targets in turn; return each one's median in microseconds, and print the table's first half."""
    for target in targets:
        target.call_in_turn(WARM, keep=False)
    for _ in range(rounds):
        for target in targets:
            target.call_in_turn(BATCH)
    return {target.name: statistics.median(target.samples) * 1e6 for target in targets}


def run(stack: ExitStack, rounds: int, *, others: bool) -> list[Figure]:
    """Start everything, measure, print; return the figures that have a target."""
    work = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
    programs = Programs(stack, work)
    server = f"http://127.0.0.1:{programs.listening(sys.executable, str(BENCH / 'http_echo_server.py'), 'PORT')}/mcp"
    bare = programs.listening(sys.executable, str(BENCH / "bare_proxy.py"), "PORT", server)
    home, address, tokens = approver(stack, work, server)
    urls = {
        "HTTP server alone": (server, ""),
        "bare reverse proxy": (f"http://127.0.0.1:{bare}/mcp", ""),
        "Approver HTTP→HTTP": (f"{address}/http-echo", tokens["http-echo"]),
        "Approver HTTP→stdio": (f"{address}/stdio-echo", tokens["stdio-echo"]),
    }
    if others:
        port = programs.listening(str(fastmcp_python()), "-c", FASTMCP_PROXY, "PORT", server)
        urls["FastMCP proxy"] = (f"http://127.0.0.1:{port}/mcp", "")
    targets: list[Any] = [Connection(name, *where) for name, where in urls.items()]
    stdio = {"stdio server alone": ECHO, "Approver stdio→HTTP": [*APPROVER, "connect", "http-echo"]}
    for name, command in stdio.items():
        targets.append(Target(name, command, home.environment, work))
        stack.callback(targets[-1].close)
    middles = measured(targets, rounds)
    alone = middles["HTTP server alone"]
    print(f"{'target':22}{'p50 us':>9}{'added us':>10}{'calls/s':>10}")
    for target in targets:
        rate = calls_per_second(target.name, *urls[target.name]) if target.name in urls else target.calls_per_second()
        base = middles["stdio server alone"] if target.name == "stdio server alone" else alone
        middle = middles[target.name]
        print(f"{target.name:22}{middle:9.0f}{middle - base:10.0f}{rate:10.0f}")
    added = {name: middle - alone for name, middle in middles.items()}
    ratio = added["Approver HTTP→HTTP"] / added["bare reverse proxy"]
    return [Figure("added HTTP→HTTP, part of a bare reverse proxy's", ratio, "", 1.2)]


def main() -> int:
    """Run everything on a home of its own."""
    parser = argparse.ArgumentParser(description="what Approver adds to a tool call over HTTP")
    parser.add_argument("--rounds", type=int, default=15, help="batches of 30 calls for each target")
    parser.add_argument("--without-others", action="store_true", help="leave FastMCP's proxy out")
    options = parser.parse_args()
    with ExitStack() as stack:
        figures = run(stack, options.rounds, others=not options.without_others)
        print()
        return summarize(figures)


if __name__ == "__main__":
    os.environ.setdefault("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    try:
        sys.exit(main())
    except NotInstallable as missing:
        sys.exit(f"{missing}. Measure without it: python bench/over_http.py --without-others")
