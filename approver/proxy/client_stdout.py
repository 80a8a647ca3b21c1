"""A client's stdout, as its shim handed it over: short messages go there at once, without the detour by the shim.

    engine ── short message ──> client
    engine ── what it settled ──> shim

What is written is there wholly or not at all, so that an engine's sudden end never leaves half a message behind. What
is longer, or finds no room, goes by the shim, which keeps what the client does not take yet.
"""

import os
import select
import socket
import stat
import sys
from collections.abc import Sequence

WHOLE = min(select.PIPE_BUF, 4096) if sys.platform == "linux" else 0
"""Bytes that a pipe takes wholly or not at all (PIPE_BUF, pipe(7)); a Unix socket does likewise with that few."""


class Unusable(Exception):
    """What was handed over can't be written to without waiting."""


class ClientStdout:
    """Writes without ever waiting."""

    def __init__(self, descriptor: int) -> None:
        """Take `descriptor`, and close it where it can't be used.

        Raises:
            Unusable: it is neither a pipe nor a Unix socket.
        """
        self._socket: socket.socket | None = None
        self._pipe = -1
        try:
            kind = os.fstat(descriptor).st_mode
            if stat.S_ISFIFO(kind):
                # A description of our own: whether the shim's end waits must not decide whether this one does.
                self._pipe = os.open(f"/proc/self/fd/{descriptor}", os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC)
            elif stat.S_ISSOCK(kind):
                self._socket = socket.socket(fileno=os.dup(descriptor))
        except OSError as fault:
            raise Unusable(str(fault)) from fault
        finally:
            os.close(descriptor)
        if self._socket is not None and self._socket.family != socket.AF_UNIX:
            self.close()
        if self._socket is None and self._pipe < 0:
            raise Unusable("neither a pipe nor a Unix socket")
        self.is_gone = False
        """Nobody reads there any more."""

    def put(self, data: bytes) -> bool:
        """Write at most `WHOLE` bytes; returns False where none were taken."""
        try:
            if self._socket is not None:
                return self._socket.send(data, socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL) > 0
            return os.write(self._pipe, data) > 0
        except BlockingIOError:
            return False
        except OSError:
            self.is_gone = True
            return False

    def put_all(self, messages: Sequence[bytes]) -> int:
        """Write messages, each with its newline, as long as they are short and taken; returns how many were."""
        done = 0
        while done < len(messages):
            size, end = 0, done
            while end < len(messages) and size + len(messages[end]) <= WHOLE:
                size += len(messages[end])
                end += 1
            if end == done or (size and not self.put(b"".join(messages[done:end]))):
                break
            done = end
        return done

    def close(self) -> None:
        """Let go of it: the client sees the end once the shim has let go as well."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        if self._pipe >= 0:
            os.close(self._pipe)
            self._pipe = -1
