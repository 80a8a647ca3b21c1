"""What Approver adds to a tool call, stdio to stdio, beside the bare server, agentbelay and FastMCP's proxy.

    python bench/stdio.py [--rounds N] [--without-others]

All targets are started together and called in turn, so that a drift of the machine's speed hits all of them alike. Each
proxy has a policy and a log of its own kind: Approver and agentbelay deny by default, judge by the same regex and write
their logs, chained rows of a database and lines of a file; FastMCP's proxy only passes on.
Exit status 1 where a target is missed.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

BENCH = Path(__file__).parent
sys.path[:0] = [str(BENCH), str(BENCH.parent / "tests" / "support")]

from approver_home import APPROVER, ApproverHome  # noqa: E402 # the path to it was laid just above
from installed import NotInstallable, belay, fastmcp_python  # noqa: E402 # as above
from processes import resident_mib  # noqa: E402 # as above
from report import Figure, summarize  # noqa: E402 # as above

BATCH, WARM, FLOOD, WINDOW, STARTS = 50, 100, 4000, 32, 9
ARGUMENTS = {"text": "x" * 200}
ECHO = [sys.executable, str(BENCH / "echo_server.py")]
APPROVER_POLICY = {
    "version": "1",
    "default": "deny",
    "tools": {"echo": {"deny_if": [{"conditions": [{"path": "args.text", "op": "regex", "value": "^/etc/"}]}]}},
}
BELAY_POLICY = """\
version: 1
name: bench
default: deny
rules:
  - {id: not-etc, action: deny, message: Not there., match: {tool: mcp__echo__echo, args: {text: {regex: '^/etc/'}}}}
  - {id: echo, action: allow, match: {tool: mcp__echo__echo}}
"""
FASTMCP_PROXY = """\
import sys
from fastmcp.server import create_proxy
servers = {"echo": {"command": sys.argv[1], "args": sys.argv[2:]}}
create_proxy({"mcpServers": servers}, name="proxy").run(show_banner=False)
"""


class Target:
    """Something that speaks MCP on its stdio, and the times it took."""

    def __init__(self, name: str, command: Sequence[str], env: Mapping[str, str], work: Path) -> None:
        self.name = name
        self.samples: list[float] = []
        with (work / f"{name}.txt").open("ab") as errors:
            started = time.perf_counter()
            self.process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, env=dict(env), cwd=work
            )
        self._next_id = 0
        info = {"name": "bench", "version": "1"}
        self.call("initialize", {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": info})
        self.start_up = time.perf_counter() - started
        self._send({"jsonrpc": "2.0", "method": "notifications/initialized"})

    def call(self, method: str, params: Any) -> Any:
        """Send a request and wait for its answer."""
        self._next_id += 1
        self._send({"jsonrpc": "2.0", "id": self._next_id, "method": method, "params": params})
        answer = self._read_answer()
        if answer["id"] != self._next_id or "error" in answer or answer["result"].get("isError"):
            raise SystemExit(f"{self.name}: a wrong answer: {answer}")
        return answer["result"]

    def call_in_turn(self, count: int, *, keep: bool = True) -> None:
        """Call the tool one time after another."""
        for _ in range(count):
            started = time.perf_counter()
            self.call("tools/call", {"name": "echo", "arguments": ARGUMENTS})
            if keep:
                self.samples.append(time.perf_counter() - started)

    def calls_per_second(self) -> float:
        """Keep 32 calls in flight; return how many were answered in a second."""
        budget = threading.Semaphore(WINDOW)
        params = {"name": "echo", "arguments": ARGUMENTS}

        def write() -> None:
            for number in range(FLOOD):
                budget.acquire()
                self._send({"jsonrpc": "2.0", "id": 1_000_000 + number, "method": "tools/call", "params": params})

        writer = threading.Thread(target=write, daemon=True)
        started = time.perf_counter()
        writer.start()
        for _ in range(FLOOD):
            answer = self._read_answer()
            if "error" in answer or answer["result"].get("isError"):
                raise SystemExit(f"{self.name}: a wrong answer: {answer}")
            budget.release()
        writer.join()
        return FLOOD / (time.perf_counter() - started)

    def close(self) -> None:
        """Leave as a client does."""
        self.process.stdin.close()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(5)
        self.process.stdout.close()

    def _send(self, message: Any) -> None:
        self.process.stdin.write(json.dumps(message).encode() + b"\n")
        self.process.stdin.flush()

    def _read_answer(self) -> Any:
        while line := self.process.stdout.readline():
            message = json.loads(line)
            if "id" in message and "method" not in message:
                return message
        raise SystemExit(f"{self.name}: closed its stdout")


def commands(home: ApproverHome, work: Path, *, others: bool) -> dict[str, list[str]]:
    """Return each target's command."""
    found = {"direct": ECHO, "Approver": [*APPROVER, "connect", "echo"]}
    if others:
        policy = work / "belay.yaml"
        policy.write_text(BELAY_POLICY, encoding="utf-8")
        audit = work / "audit.jsonl"
        found["agentbelay"] = [
            str(belay()), "mcp", "--name", "echo", "--policy", str(policy), "--audit", str(audit), "--", *ECHO
        ]  # fmt: skip
        found["FastMCP proxy"] = [str(fastmcp_python()), "-c", FASTMCP_PROXY, *ECHO]
    return found


def start_ups(command: list[str], env: Mapping[str, str], work: Path) -> float:
    """Return the median time from launching a command to its first answer, an error too, in milliseconds."""
    times = []
    info = {"name": "bench", "version": "1"}
    params = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": info}
    hello = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params}).encode() + b"\n"
    for _ in range(STARTS):
        started = time.perf_counter()
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=dict(env), cwd=work)
        process.stdin.write(hello)
        process.stdin.flush()
        process.stdout.readline()
        times.append((time.perf_counter() - started) * 1e3)
        process.stdin.close()
        process.wait(10)
        process.stdout.close()
    return statistics.median(times)


def measure(targets: list[Target], rounds: int) -> dict[str, float]:
    """Print the table; return the figures that have a target."""
    for target in targets:
        target.call_in_turn(WARM, keep=False)
    for _ in range(rounds):
        for target in targets:
            target.call_in_turn(BATCH)
    direct = statistics.median(targets[0].samples)
    print(f"{'target':16}{'p50 us':>9}{'p99 us':>9}{'added us':>10}{'calls/s':>10}")
    figures = {}
    for target in targets:
        ordered = sorted(target.samples)
        middle, last = statistics.median(ordered), ordered[int(len(ordered) * 0.99)]
        rate = target.calls_per_second()
        print(f"{target.name:16}{middle * 1e6:9.0f}{last * 1e6:9.0f}{(middle - direct) * 1e6:10.0f}{rate:10.0f}")
        figures |= {f"{target.name} added": (middle - direct) * 1e6, f"{target.name} rate": rate}
    return figures


def main() -> int:
    """Run everything on a home of its own."""
    parser = argparse.ArgumentParser(description="what Approver adds to a tool call on stdio")
    parser.add_argument("--rounds", type=int, default=20, help="batches of 50 calls for each target")
    parser.add_argument("--without-others", action="store_true", help="only the bare server and Approver")
    options = parser.parse_args()
    with ExitStack() as stack:
        work = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        home = ApproverHome(work)
        stack.callback(home.close)
        home.add_server("echo", ECHO, APPROVER_POLICY)
        engine = home.serve()
        stack.callback(engine.wait)
        stack.callback(engine.terminate)
        others = not options.without_others
        found = commands(home, work, others=others)
        # A server that Approver has not heard of: what is timed is the shim, and the engine saying so.
        shim = start_ups([*APPROVER, "connect", "unknown"], home.environment, work)
        whole = start_ups(found["Approver"], home.environment, work) - start_ups(ECHO, home.environment, work)
        targets = [Target(name, command, home.environment, work) for name, command in found.items()]
        for target in targets:
            stack.callback(target.close)
        figures = measure(targets, options.rounds)
        print()
        results = [
            Figure("calls/s through Approver, 32 in flight", figures["Approver rate"], "calls/s", 5000, at_least=True),
            Figure("the engine's memory, without windows", resident_mib(engine.pid), "MiB", 90),
            Figure("the shim's start, until the engine's first word", shim, "ms", 80),
            Figure("added to a session's start, server and all", whole, "ms", 160),
        ]
        if others:
            ratio = figures["Approver added"] / figures["agentbelay added"]
            results.insert(0, Figure("added to a call's median, part of agentbelay's", ratio, "", 0.5))
        return summarize(results)


if __name__ == "__main__":
    os.environ.setdefault("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    try:
        sys.exit(main())
    except NotInstallable as missing:
        sys.exit(f"{missing}. Measure without it: python bench/stdio.py --without-others")
