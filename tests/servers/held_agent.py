"""An agent for tests: a client that is connected to Approver and, told so, tries to answer its own call.

    held_agent.py SERVER

It calls `echo` and says `called`; then it runs every line of its stdin in a shell, and prints one JSON object for each:
the exit status, and what was said.
"""

import json
import subprocess
import sys

APPROVER = [sys.executable, "-m", "approver"]


def main() -> None:
    """Connect, call, and try what is asked for."""
    shim = subprocess.Popen([*APPROVER, "connect", sys.argv[1]], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert shim.stdin and shim.stdout

    def send(**message: object) -> None:
        shim.stdin.write(json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n")
        shim.stdin.flush()

    info = {"name": "held-agent", "version": "1"}
    send(id=1, method="initialize", params={"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": info})
    shim.stdout.readline()
    send(method="notifications/initialized")
    send(id=2, method="tools/call", params={"name": "echo", "arguments": {"mine": True}})
    print("called", flush=True)
    for line in sys.stdin:
        done = subprocess.run(["sh", "-c", line.rstrip("\n")], capture_output=True, text=True, check=False, timeout=30)
        print(json.dumps({"status": done.returncode, "said": done.stdout + done.stderr}), flush=True)
    shim.stdin.close()
    shim.wait(20)


main()
