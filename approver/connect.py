"""`approver connect SERVER`: what an AI client launches as its MCP server. Standard library only, and quick to start.

    client ── stdin ──> whole lines ──> engine's socket
    client <── stdout ── messages <── frames ── engine's socket

It carries lines and knows nothing of policies. If the engine is not there it starts it; if the engine goes away it
answers what was in flight with an error, connects again and replays the handshake. It never connects to the server
itself: without the engine every request is answered with an error.

Lines of the client's are numbered by their order. The engine puts the number of the line that a message settles before
the message (see `proxy/local_front.py`), so that nothing here has to read JSON while all goes well. An engine that was
handed the client's stdout writes short messages there itself and sends only their numbers here, once all is through
that went by here: that is what `!sync` and `!synced` are for.

One thread does it all, because two that hand work to each other cost every call more than the work does. So nothing
here may wait for one side only: what a side does not take yet is kept, and while much is kept for it the other side is
not read.
"""

import os
import socket
import time
from collections.abc import Callable

from approver.flow import READ, WRITE, Outlet, Readiness, half_close, stop_blocking
from approver.lines import Lines, error_answer, method_of
from approver.meeting import meet

MAX_LINE = 16 * 1024 * 1024
START_SECONDS = 20.0
RETRY_SECONDS = 5.0
MUCH = 1024 * 1024
"""Bytes that may wait for one side before the other one has to."""
_AT_ONCE = 65536
"""Bytes to read at once: a larger buffer is mapped and unmapped by the C library each time, which costs 20 µs."""
_END = 4096
SYNCED = b"!synced\n"
_STDIN, _STDOUT = 0, 1

UNREACHABLE = "Approver is not running and could not be started, so nothing was sent to the server. "
IN_FLIGHT = (
    "Approver stopped while this request was in flight. Whether it reached the server is not known: "
    "look before you repeat it."
)
CLOSED = "Approver was closed by the person, so nothing was sent to the server. Start Approver to go on."


class Shim:
    """One client's stdio, joined to the engine's socket for as long as both are there."""

    def __init__(self, greeting: dict[str, object], socket_path: str, start_app: Callable[[], None]) -> None:
        self._greeting = greeting
        self._path = socket_path
        self._start_app = start_app
        self._ready = Readiness()
        self._socket: socket.socket | None = None
        self._from_client = Lines(MAX_LINE, _END)
        self._from_engine = Lines()
        self._to_client = Outlet(lambda data: os.write(_STDOUT, data))
        self._to_engine = Outlet(len)
        self._held = bytearray()  # whole lines of the client's that have to wait for an engine
        self._number = 0
        self._in_flight: dict[int, bytes] = {}
        self._handshake: list[bytes] = []
        self._replaying = False
        self._owes_sync = False
        self._settled = False  # False where more is to be done than to read and to pass on
        self._lost_engine = False
        self._closed_on_purpose = False
        self._client_left = False
        self._why = ""
        self._tried = 0.0

    def run(self) -> int:
        """Carry lines until the client closes its end; returns the exit status."""
        try:
            os.fstat(_STDIN)
            blocking = stop_blocking(_STDOUT)
        except OSError:
            return 0  # launched without one of them; the socket must not take its place
        try:
            self._carry()
        finally:
            os.set_blocking(_STDOUT, blocking)  # whoever shares this end with us finds it as it was
            if self._socket is not None:
                self._socket.close()
        return 0

    # -- both directions -------------------------------------------------------------------------------------------

    def _carry(self) -> None:
        self._connect(START_SECONDS)
        self._settle()
        wait = self._ready.wait
        while not self._over():
            for descriptor, events in wait():
                if descriptor == _STDIN:
                    self._read_client()
                elif descriptor == _STDOUT:
                    self._to_client.flush()
                else:
                    self._tend_engine(events)
            if not self._settled:  # outside of the events: those that are left would be old after a reconnect
                self._settle()

    def _over(self) -> bool:
        """Whether the client does not read, or left and has got all that it will get."""
        return self._to_client.gone or (self._client_left and self._socket is None and not self._to_client.pending)

    def _settle(self) -> None:
        """See to whatever is not everyday, until it is."""
        if self._lost_engine:
            self._replace_engine()
        self._deliver_held()
        if self._owes_sync:
            self._sync()
        if self._client_left and self._socket is not None and not (self._held or self._to_engine.pending):
            half_close(self._socket)
        self._choose_readiness()
        self._settled = not (self._held or self._to_engine.pending or self._to_client.pending)

    def _choose_readiness(self) -> None:
        """Read neither side while much waits for the other, and ask about writing only where something waits."""
        client_keeps_up = len(self._to_client.pending) <= MUCH
        engine_keeps_up = len(self._to_engine.pending) + len(self._held) <= MUCH
        # Without an engine what the client sends turns into answers to it.
        may_read = engine_keeps_up and (client_keeps_up or self._socket is not None)
        self._ready.want(_STDIN, READ if may_read and not self._client_left else 0)
        self._ready.want(_STDOUT, WRITE if self._to_client.pending else 0)
        if self._socket is not None:
            writes = WRITE if self._to_engine.pending else 0
            self._ready.want(self._socket.fileno(), writes | (READ if client_keeps_up else 0))

    def _read_client(self) -> None:
        """Client to engine: whole lines only, so that a new engine never gets half a message."""
        try:
            chunk = os.read(_STDIN, _AT_ONCE)
        except BlockingIOError:
            return
        except OSError:
            chunk = b""
        if not chunk:
            self._client_left = True
            self._settled = False
        elif lines := self._from_client.complete(chunk):
            if self._socket is None or self._replaying or self._held:
                self._held += lines
                self._settled = False
            else:
                self._send(lines)

    def _send(self, lines: bytes) -> None:
        if SYNCED in lines:  # no JSON: the engine is to tell the client so, not to take it for ours
            lines = b"\n".join(b" " + line if line == SYNCED[:-1] else line for line in lines.split(b"\n"))
        for line in lines.split(b"\n")[:-1]:
            self._number += 1
            self._in_flight[self._number] = line
            if len(self._handshake) < 2:
                self._remember_handshake(line)
        self._put_to_engine(lines)

    def _put_to_engine(self, lines: bytes) -> None:
        self._to_engine.put(lines)  # if the engine is gone: what it still said is read before its end is
        if self._to_engine.pending:
            self._settled = False

    def _tend_engine(self, events: int) -> None:
        if self._to_engine.pending:
            self._to_engine.flush()
        if events != WRITE and len(self._to_client.pending) <= MUCH:
            self._read_engine()

    def _read_engine(self) -> None:
        """Engine to client: whole messages only, so that errors can follow if the engine ends amid one."""
        if self._socket is None:
            return
        try:
            chunk = self._socket.recv(_AT_ONCE)
        except BlockingIOError:
            return
        except OSError:
            chunk = b""
        if not chunk:
            self._lost_engine = True
            self._settled = False
        elif frames := self._from_engine.complete(chunk):
            self._take_frames(frames)

    def _take_frames(self, frames: bytes) -> None:
        messages = []
        for frame in frames.split(b"\n")[:-1]:
            number, _, message = frame.partition(b"\t")
            if number.startswith(b"!"):
                self._closed_on_purpose |= number == b"!quit"
                self._owes_sync |= number == b"!sync"
                continue
            if number:
                self._in_flight.pop(int(number), None)
                if self._replaying:
                    self._end_replay()
                    continue
            if message:
                messages.append(message)
        if messages:
            messages.append(b"")
            self._put_to_client(b"\n".join(messages))
        if self._owes_sync:
            self._sync()

    def _sync(self) -> None:
        """Tell the engine once the client has all that went by here."""
        if self._to_client.pending:
            self._settled = False
        else:
            self._owes_sync = False
            self._put_to_engine(SYNCED)

    def _put_to_client(self, lines: bytes) -> None:
        self._to_client.put(lines)
        if self._to_client.pending:
            self._settled = False

    # -- the engine comes and goes ---------------------------------------------------------------------------------

    def _connect(self, patience: float) -> None:
        """Connect and greet; start the app if it does not run, and wait for it. Lines of the client's are held."""
        deadline = time.monotonic() + patience
        started, pause = False, 0.0
        while not self._nobody_waits():
            refused = self._attempt()
            if refused is None or time.monotonic() >= deadline:
                break
            self._wait(pause, None)
            pause = 0.02
            # Not for a client that is gone by now; and a socket that would block is an engine too busy to accept.
            if not (started or self._nobody_waits() or isinstance(refused, BlockingIOError)):
                started = True
                try:
                    self._start_app()
                except OSError as fault:
                    self._why = UNREACHABLE + f"It could not be started: {fault}"
                    break
        self._tried = time.monotonic()

    def _nobody_waits(self) -> bool:
        """Whether the client is gone and has nothing more to ask; what was piped in before its end is still asked."""
        return self._to_client.gone or (self._client_left and not self._held)

    def _attempt(self) -> OSError | None:
        """Try to meet an engine; returns why there was none. A refusal is no fault, but what requests are told."""
        try:
            met = meet(self._path, self._greeting, self._wait, self._nobody_waits)
        except OSError as fault:
            self._why = UNREACHABLE + f"({fault.strerror or fault}: {self._path})"
            return fault
        if met.connection is None:
            self._why = met.why
            return None
        self._socket = met.connection
        self._to_engine = Outlet(met.connection.send)
        self._number = 0
        self._closed_on_purpose = False
        self._take_frames(self._from_engine.complete(met.rest))
        self._begin_replay()
        return None

    def _wait(self, seconds: float, connection: socket.socket | None) -> bool:
        """Wait a moment, minding the client meanwhile; whether there is something to read on `connection`."""
        self._choose_readiness()
        if connection is not None:
            self._ready.want(connection.fileno(), READ)
        heard = False
        for descriptor, _ in self._ready.wait(seconds * 1000):
            if descriptor == _STDIN:
                self._read_client()
            elif descriptor == _STDOUT:
                self._to_client.flush()
            else:
                heard = True
        if connection is not None:
            self._ready.want(connection.fileno(), 0)
        return heard

    def _deliver_held(self) -> None:
        """Send what waits for an engine, or say that there is none."""
        if self._held and self._socket is None:
            self._reconnect()
        if not self._held or self._replaying:
            return
        lines = bytes(self._held)
        self._held.clear()
        if self._socket is not None:
            self._send(lines)
        else:
            self._put_to_client(b"".join(error_answer(line, self._why) for line in lines.split(b"\n")))

    def _reconnect(self) -> None:
        """Try again for a message of the client's."""
        if self._closed_on_purpose or time.monotonic() - self._tried < RETRY_SECONDS:
            self._connect(0.0)  # an app that was closed is not started behind the person's back
            if self._socket is None and self._closed_on_purpose:
                self._why = CLOSED
        else:
            self._connect(START_SECONDS)

    def _replace_engine(self) -> None:
        """The engine went away: answer what was in flight, and look for a new one."""
        self._lost_engine = False
        if self._socket is not None:
            self._ready.want(self._socket.fileno(), 0)
            self._socket.close()
        self._socket = None
        self._replaying = self._owes_sync = False
        self._to_engine.pending.clear()
        self._from_engine.forget()
        unanswered = list(self._in_flight.values())
        self._in_flight.clear()
        if self._nobody_waits():
            return  # that was its last word to a client that left
        why = CLOSED if self._closed_on_purpose else IN_FLIGHT
        self._put_to_client(b"".join(error_answer(line, why) for line in unanswered))
        if not self._closed_on_purpose:
            self._connect(START_SECONDS)

    # -- the handshake ---------------------------------------------------------------------------------------------

    def _remember_handshake(self, line: bytes) -> None:
        wanted = b'"initialize"' if not self._handshake else b'"notifications/initialized"'
        if wanted in line and method_of(line) == wanted.strip(b'"').decode():
            self._handshake.append(line)

    def _begin_replay(self) -> None:
        """Send the client's own `initialize` to the new engine, whose answer the client must not see again."""
        if self._handshake:
            self._replaying = True
            self._number += 1
            self._put_to_engine(self._handshake[0] + b"\n")

    def _end_replay(self) -> None:
        self._replaying = False
        self._settled = False  # for what the client sent meanwhile
        for line in self._handshake[1:]:
            self._send(line + b"\n")


USAGE = """usage: approver connect SERVER|--all [--client NAME]

Joins this process's stdin and stdout to the MCP server SERVER of Approver's list, through Approver's policy; with --all
to all servers at once (tools are called SERVER__TOOL then). --client NAME says which grant it uses and what to call it.
"""


def _wanted(arguments: list[str]) -> dict[str, object] | None:
    """Whom the client wants, and as whom; None where the words make no sense, which is then told."""
    server, label, rest = "", "", list(arguments)
    while rest:
        word = rest.pop(0)
        option, is_given, value = word.partition("=")
        if option == "--client" and (is_given or rest):
            label = value if is_given else rest.pop(0)
        elif not server and (word == "--all" or not word.startswith("-")):
            server = word
        else:
            os.write(2, f"approver connect: what is {word!r}?\n{USAGE}".encode())
            return None
    if not server:
        os.write(2, USAGE.encode())
        return None
    return {"client": label or None} | ({"all": True} if server == "--all" else {"server": server})


def main(arguments: list[str]) -> int:
    """Run the shim with the arguments after `connect`."""
    if "-h" in arguments or "--help" in arguments:
        os.write(1, USAGE.encode())
        return 0
    if (wanted := _wanted(arguments)) is None:
        return 2
    from approver.desktop.paths import Paths, PathsUnusable
    from approver.desktop.start_app import start_app

    paths = Paths.from_environment()
    try:
        return Shim(
            {"approver": 1, "role": "client", **wanted}, str(paths.socket), lambda: start_app(str(paths.logs))
        ).run()
    except (KeyboardInterrupt, PathsUnusable):
        return 0
