"""An agent that calls a tool and, while the person is asked, tries to approve the call itself.

    approving_agent.py TOOL COMMAND…

Prints one JSON object: the exit status of its `approver approve`, and whether the call was answered meanwhile.
"""

import json
import subprocess
import sys
import threading
import time


def send(process: subprocess.Popen, message: dict) -> None:
    """Write one message."""
    process.stdin.write(json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n")
    process.stdin.flush()


def approver(*arguments: str) -> subprocess.CompletedProcess:
    """Run a command of Approver's from the agent's own shell."""
    command = [sys.executable, "-m", "approver", *arguments]
    return subprocess.run(["sh", "-c", '"$@"', "sh", *command], capture_output=True, text=True, check=False, timeout=20)


def main() -> None:
    """Call, try to approve, report."""
    tool, *command = sys.argv[1:]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    info = {"name": "approving-agent", "version": "1"}
    params = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": info}
    send(server, {"id": 1, "method": "initialize", "params": params})
    server.stdout.readline()
    send(server, {"method": "notifications/initialized"})
    send(server, {"id": 2, "method": "tools/call", "params": {"name": tool, "arguments": {"mine": True}}})
    answers: list[bytes] = []
    threading.Thread(target=lambda: answers.append(server.stdout.readline()), daemon=True).start()
    pause, deadline = threading.Event(), time.monotonic() + 15
    while not (questions := json.loads(approver("pending", "--json").stdout or "[]")) and time.monotonic() < deadline:
        pause.wait(0.1)
    done = approver("approve", questions[0]["id"])
    print(json.dumps({"approve": done.returncode, "said": done.stderr or done.stdout, "answered": bool(answers)}))
    server.kill()
    server.wait()


main()
