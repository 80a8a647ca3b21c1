"""How commands speak to the running app: one line to its socket, one line back."""

import json
import socket
import sys
from typing import Any

from approver.desktop.paths import Paths
from approver.visible import make_visible

TIMEOUT = 10.0

NOT_RUNNING = "Approver is not running. Start it: approver (with windows) or approver serve (without)."


class NotRunning(Exception):
    """There is no app to speak to; the message is a sentence."""


def ask(
    command: str, arguments: dict[str, Any] | None = None, *, paths: Paths | None = None, within: float = TIMEOUT
) -> dict[str, Any]:
    """Have the running app carry out a command, which may take some seconds; returns its answer, `ok` included.

    Raises:
        NotRunning: nobody answers at the socket.
    """
    where = (paths or Paths.from_environment()).socket
    greeting = {"approver": 1, "role": "control", "command": command, "arguments": arguments or {}}
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(within)
            connection.connect(str(where))
            connection.sendall(json.dumps(greeting).encode() + b"\n")
            data = b"".join(iter(lambda: connection.recv(65536), b""))
        answer: dict[str, Any] = json.loads(data)
    except (OSError, ValueError) as fault:
        raise NotRunning(NOT_RUNNING) from fault
    return answer


def run(command: str, arguments: dict[str, Any] | None = None, *, typed: str = "") -> tuple[int, dict[str, Any]]:
    """`ask`, for a command's `run`: the exit status and the answer; a refusal is told on stderr.

    Args:
        command: what the app is asked to do.
        arguments: and with what.
        typed: the command that the person gave, where it is another one.
    """
    named = f"approver {typed or command}"
    try:
        answer = ask(command, arguments)
    except NotRunning as fault:
        sys.stderr.write(f"{named}: {fault}\n")
        return 2, {}
    if not answer.get("ok"):
        sentence = make_visible(str(answer.get("error")))  # it may name a process, which chooses its own name
        sys.stderr.write(f"{named}: {sentence}\n")
        return 1, answer
    return 0, answer
