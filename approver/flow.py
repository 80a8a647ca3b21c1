"""What lets one thread carry bytes both ways without ever being stuck in either. Standard library only: the shim's.

    descriptor that can be read ── bytes ──> … ──> Outlet ── as much as is taken ──> descriptor that can be written

`Readiness` says which descriptor is which; what an `Outlet` could not write waits in it until then.
"""

import os
import select
import socket
import stat
import sys
from collections.abc import Callable

READ = 1
WRITE = 4
"""The numbers of poll's POLLIN and POLLOUT. It reports hang-ups and faults with other ones, asked or not."""


class Outlet:
    """A descriptor's writing end: what it does not take at once waits in `pending`."""

    def __init__(self, write: Callable[[bytes | bytearray], int]) -> None:
        """`write` returns how much it took, or raises BlockingIOError."""
        self._write = write
        self.pending = bytearray()
        self.gone = False
        """Nobody is left to read there; what is put is dropped."""

    def put(self, data: bytes) -> None:
        """Write what is taken now; the rest waits, in order."""
        if self.pending:
            self.pending += data
        if self.pending or not data:
            return
        try:
            taken = self._write(data)
        except BlockingIOError:
            taken = 0
        except OSError:
            self.gone = True
            return
        if taken < len(data):
            self.pending += memoryview(data)[taken:]

    def flush(self) -> None:
        """Write what is taken now of what waits."""
        try:
            taken = self._write(self.pending)
        except BlockingIOError:
            return
        except OSError:
            self.gone = True
            taken = len(self.pending)
        del self.pending[:taken]


def stop_blocking(descriptor: int) -> bool:
    """Let writes to a pipe or socket return at once; returns whether they did not, for whoever undoes it.

    Anything else stays as it is: a terminal would change for every program that has it open, and a file is never full.
    """
    kind = os.fstat(descriptor).st_mode
    blocking = os.get_blocking(descriptor)
    if stat.S_ISFIFO(kind) or stat.S_ISSOCK(kind):
        os.set_blocking(descriptor, False)
    return blocking


def half_close(connection: socket.socket) -> None:
    """Say on a connection that nothing more will be sent."""
    try:
        connection.shutdown(socket.SHUT_WR)
    except OSError:
        return  # it is gone already: whoever reads there finds its end


class Selecting:
    """`select.select` with as much of `select.poll`'s face as is needed here."""

    def __init__(self) -> None:
        self._wanted: dict[int, int] = {}

    def register(self, descriptor: int, events: int) -> None:
        """Wait for these events from now on."""
        self._wanted[descriptor] = events

    def unregister(self, descriptor: int) -> None:
        """Wait for nothing there any more."""
        del self._wanted[descriptor]

    def poll(self, milliseconds: float | None = None) -> list[tuple[int, int]]:
        """Return what is ready, once something is or the time is up."""
        reads = [descriptor for descriptor, events in self._wanted.items() if events & READ]
        writes = [descriptor for descriptor, events in self._wanted.items() if events & WRITE]
        seconds = None if milliseconds is None else milliseconds / 1000
        readable, writable, _ = select.select(reads, writes, [], seconds)
        ready = dict.fromkeys(readable, READ)
        for descriptor in writable:
            ready[descriptor] = ready.get(descriptor, 0) | WRITE
        return list(ready.items())


def poller() -> "select.poll | Selecting":
    """Return what this system waits with."""
    # epoll refuses files, which stdin and stdout may well be; outside of Linux poll refuses terminals, or is missing.
    return select.poll() if sys.platform == "linux" else Selecting()


class Readiness:
    """Which descriptors to wait for, and for what."""

    def __init__(self) -> None:
        self._poll = poller()
        self._wanted: dict[int, int] = {}
        self.wait = self._poll.poll
        """Takes milliseconds, or nothing to wait for ever; returns pairs of a descriptor and its events."""

    def want(self, descriptor: int, events: int) -> None:
        """Wait for these events there: READ, WRITE, both, or 0 for not even its end."""
        if events == self._wanted.get(descriptor, 0):
            return
        self._wanted[descriptor] = events
        if events:
            self._poll.register(descriptor, events)
        else:
            self._poll.unregister(descriptor)
