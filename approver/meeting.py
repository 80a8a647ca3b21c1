"""How the shim meets an engine: connects, says who is there, and hands the client's stdout over. Standard library only.

    shim ── greeting ──> engine      shim <── "pass stdout" ── engine      shim <── whether it is welcome ── engine
                                     shim ── the descriptor ──> engine

An engine that has the client's stdout as well writes short messages there itself: one process less on their way.
"""

import os
import socket
import stat
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

GREETING_SECONDS = 60.0
"""How long an engine may take to answer: it starts the server before it does."""
_AT_ONCE = 65536
_STDOUT = 1


@dataclass(frozen=True, slots=True)
class Met:
    """An engine that answered. Without a connection it wants no such client, and `why` is what it said."""

    connection: socket.socket | None
    why: str = ""
    rest: bytes = b""
    """What came after its answer."""


def meet(
    path: str,
    greeting: dict[str, object],
    wait: Callable[[float, socket.socket], bool],
    is_pointless: Callable[[], bool],
) -> Met:
    """Connect to the engine's socket and greet.

    Args:
        path: the socket's.
        greeting: who is there.
        wait: waits some seconds for something to read there, minding the client meanwhile; whether there is.
        is_pointless: whether nobody needs an engine any more.

    Raises:
        OSError: no engine is there; BlockingIOError where there is one that is too busy to accept.
    """
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    keep = False
    try:
        connection.setblocking(False)
        connection.connect(path)
        met = _greet(connection, greeting, wait, is_pointless)
        keep = met.connection is not None
        return met
    finally:
        if not keep:
            connection.close()


def _greet(
    connection: socket.socket,
    greeting: dict[str, object],
    wait: Callable[[float, socket.socket], bool],
    is_pointless: Callable[[], bool],
) -> Met:
    import json

    words = {**greeting, "passes": "stdout"} if may_pass_stdout() else greeting
    connection.sendall(json.dumps(words).encode() + b"\n")
    deadline = time.monotonic() + GREETING_SECONDS
    heard = b""
    while True:
        line, newline, rest = heard.partition(b"\n")
        if newline:
            reply = _object(line)
            if reply.get("pass") != "stdout":
                return Met(connection, rest=rest) if reply.get("ok") else Met(None, str(reply.get("error")))
            socket.send_fds(connection, [b"\n"], [_STDOUT])
            heard = rest
            continue
        seconds = deadline - time.monotonic()
        if seconds <= 0 or is_pointless():
            raise OSError("the engine did not answer")
        if wait(seconds, connection):
            chunk = connection.recv(_AT_ONCE)
            if not chunk:
                raise OSError("the engine hung up")
            heard += chunk


def _object(line: bytes) -> dict[str, object]:
    import json

    try:
        return dict(json.loads(line))
    except (ValueError, TypeError) as fault:
        raise OSError("what answers there is not Approver") from fault


def may_pass_stdout() -> bool:
    """Whether another process could write to stdout without waiting: a pipe or a Unix socket, on Linux."""
    if sys.platform != "linux":
        return False  # a pipe cannot be opened anew elsewhere, so that one process's way to wait is the other's as well
    kind = os.fstat(_STDOUT).st_mode
    return stat.S_ISFIFO(kind) or stat.S_ISSOCK(kind)
