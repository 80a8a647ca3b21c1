"""Starts one server and sees to it that nothing of it outlives the engine. Run as a program of its own.

    python -I -S -c "…; supervisor.main()" FOLDER CONTROL COMMAND [ARG ...]

The server inherits this program's stdin, stdout and stderr as they are: no byte passes through here. CONTROL is a
socket of the engine's. Out of it go, a line each: `started PID`, `failed ERRNO`, `ended STATUS`; in comes
`stop SECONDS`. When the engine ends, however it ends, the socket does too, and that means: end the server at once.

The server leads a session of its own, and on Linux whatever it starts and abandons becomes this program's child; so the
end of a server is the end of its group and of every child, and this program ends last.

A server's start waits for this program's, so it imports only what starts fast: no pathlib, no socket.
"""

import os
import select
import signal
import sys
import time
from contextlib import suppress
from types import FrameType

try:
    import ctypes

    _LIBC: ctypes.CDLL | None = ctypes.CDLL(None) if sys.platform == "linux" else None
except (ImportError, OSError):  # a Python built without it: the process group still ends
    _LIBC = None

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_ABANDONED_SECONDS = 1.0
"""How long a server may take to end after the engine has died, before it is killed."""
_LEFTOVER_SECONDS = 0.5
"""The same for what a server that has ended leaves behind."""
_LONGEST_GRACE = 2.0
"""How long a server that was told to end may take after SIGTERM, at most."""


LAUNCHER = "import sys; sys.path.append(sys.argv[1]); import supervisor; supervisor.main()"
"""What Python is told to run: an import, since unlike a program's file a module is not compiled at every start."""


def main() -> None:
    """Start the server, watch it, end what is left of it."""
    control, command = int(sys.argv[2]), sys.argv[3:]
    os.set_inheritable(control, False)
    _close_all_but(control)
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        server = _launch(command)
    except OSError as fault:
        _tell(control, f"failed {fault.errno}")
        return
    _let_go()
    watch = _Watch(control, server)
    _tell(control, f"started {server}")
    watch.run()


def _close_all_but(control: int) -> None:
    """Close what else was inherited: uvloop leaves second ends of the server's pipes open, and no end would be seen."""
    with os.scandir("/dev/fd") as entries:
        inherited = [int(entry.name) for entry in entries]
    for descriptor in inherited:
        if descriptor > 2 and descriptor != control:
            with suppress(OSError):  # the listing's own, closed by now
                os.close(descriptor)


def _launch(command: list[str]) -> int:
    """Fork and exec; raises the `OSError` that the child's exec met."""
    reading, writing = os.pipe()  # closed by a successful exec, so that the end of it is the news of success
    server = os.fork()
    if server == 0:
        _become(command, writing)
    os.close(writing)
    number = os.read(reading, 16)
    os.close(reading)
    if number:
        os.waitpid(server, 0)
        raise OSError(int(number), os.strerror(int(number)))
    return server


def _become(command: list[str], writing: int) -> None:
    """Turn this child into the server. Never returns."""
    try:
        os.setsid()
        if _LIBC is not None:
            _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        # what is ignored stays so through exec: by Python, or by a shell that started the engine in the background
        for ignored in (signal.SIGPIPE, signal.SIGXFSZ, signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
            signal.signal(ignored, signal.SIG_DFL)
        os.execv(command[0], command)
    except OSError as fault:
        os.write(writing, str(fault.errno).encode())
    finally:
        os._exit(127)


def _let_go() -> None:
    """Let go of the server's pipes and folder: their ends must be the server's doing alone."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    os.close(nothing)
    os.chdir("/")


def _tell(control: int, line: str) -> None:
    try:
        os.write(control, line.encode() + b"\n")
    except OSError:
        return  # the engine has gone; reading the socket will tell


class _Watch:
    """Waits for the server to end or for word to end it."""

    def __init__(self, control: int, server: int) -> None:
        self._control: int | None = control
        self._server = server
        self._has_ended = False
        self._to_come: list[tuple[float, int]] = []
        """Signals to send, and when."""
        self._last_sent: int = 0
        self._waking, writing = os.pipe()
        os.set_blocking(self._waking, False)
        os.set_blocking(writing, False)
        signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda number, frame: self._plan(0, _ABANDONED_SECONDS))
        signal.signal(signal.SIGCHLD, _only_wake)

    def run(self) -> None:
        """Return when nothing of the server is left."""
        while True:
            self._reap()
            if self._has_ended and not self._is_anything_left():
                return
            self._send_due()
            self._wait()

    def _plan(self, until_asked: float, until_killed: float) -> None:
        now = time.monotonic()
        self._to_come = [(now + until_asked, signal.SIGTERM), (now + until_asked + until_killed, signal.SIGKILL)]

    def _reap(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            if pid == self._server:
                self._has_ended = True
                if self._control is not None:
                    _tell(self._control, f"ended {os.waitstatus_to_exitcode(status)}")
                self._plan(0, _LEFTOVER_SECONDS)
            if self._last_sent == signal.SIGKILL:
                self._to_come = [(time.monotonic(), signal.SIGKILL)]  # its children are ours now

    def _is_anything_left(self) -> bool:
        try:
            os.killpg(self._server, 0)
        except ProcessLookupError:
            return bool(_children())
        except PermissionError:
            return True
        return True

    def _send_due(self) -> None:
        now = time.monotonic()
        due = [number for when, number in self._to_come if when <= now]
        self._to_come = [(when, number) for when, number in self._to_come if when > now]
        for number in due:
            self._last_sent = number
            _send(os.killpg, self._server, number)
            for child in _children():
                if child != self._server:
                    _send(os.kill, child, number)

    def _wait(self) -> None:
        soonest = min((when for when, _ in self._to_come), default=None)
        timeout = None if soonest is None else max(0.0, soonest - time.monotonic())
        sources = [self._waking] if self._control is None else [self._waking, self._control]
        ready = select.select(sources, [], [], timeout)[0]
        if self._waking in ready:
            os.read(self._waking, 4096)
        if self._control is not None and self._control in ready:
            self._listen(self._control)

    def _listen(self, control: int) -> None:
        try:
            word = os.read(control, 4096)
        except OSError:
            word = b""
        if not word:
            self._control = None
            self._plan(0, _ABANDONED_SECONDS)
        elif not self._has_ended:
            grace = float(word.split()[-1])
            self._plan(grace, min(grace, _LONGEST_GRACE))


def _only_wake(number: int, frame: FrameType | None) -> None:
    """Say nothing: the wake-up pipe has the news already, and without a handler it would not get it."""


def _send(send: object, target: int, number: int) -> None:
    assert callable(send)
    try:
        send(target, number)
    except (ProcessLookupError, PermissionError):
        return  # ended meanwhile, or became another user's


def _children() -> list[int]:
    """Our children, among them what the server abandoned. Elsewhere than on Linux there are none to see."""
    if sys.platform != "linux":
        return []
    own = os.getpid()
    with os.scandir("/proc") as entries:
        return [int(entry.name) for entry in entries if entry.name.isdigit() and _parent(entry.path) == own]


def _parent(folder: str) -> int | None:
    try:
        descriptor = os.open(f"{folder}/stat", os.O_RDONLY)
    except OSError:
        return None
    try:
        return int(os.read(descriptor, 4096).rpartition(b")")[2].split()[1])
    except (OSError, IndexError):
        return None
    finally:
        os.close(descriptor)
