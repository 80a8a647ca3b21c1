"""`approver connect SERVER`: what an AI client launches as its MCP server. Standard library only, and quick to start.

    client ── stdin ──> upward thread ──> engine's socket ──> downward (main thread) ── stdout ──> client

It carries lines and knows nothing of policies. If the engine is not there it starts it; if the engine goes away it
answers what was in flight with an error, connects again and replays the handshake. It never connects to the server
itself: without the engine every request is answered with an error.

Lines of the client's are numbered by their order. The engine puts the number of the line that a message settles before
the message (see `proxy/local_front.py`), so that nothing here has to read JSON while all goes well.
"""

import os
import socket
import threading
import time
from collections.abc import Callable

MAX_LINE = 16 * 1024 * 1024
START_SECONDS = 20.0
RETRY_SECONDS = 5.0
REPLAY_SECONDS = 60.0
_END = 4096

UNREACHABLE = "Approver is not running and could not be started, so nothing was sent to the server. "
IN_FLIGHT = (
    "Approver stopped while this request was in flight. Whether it reached the server is not known: "
    "look before you repeat it."
)
CLOSED = "Approver was closed by the person, so nothing was sent to the server. Start Approver to go on."


class _GoneAlready:
    """Where the engine may be gone: the downward thread sees its end too, and answers what is in flight."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, fault: object, trace: object) -> bool:
        return isinstance(fault, OSError)


class Shim:
    """One client's stdio, joined to the engine's socket for as long as both are there."""

    def __init__(self, greeting: dict[str, object], socket_path: str, start_app: Callable[[], None]) -> None:
        self._greeting = greeting
        self._path = socket_path
        self._start_app = start_app
        self._socket: socket.socket | None = None
        self._lock = threading.Lock()  # guards everything below, and the order of lines on the socket
        self._ready = threading.Condition(self._lock)
        self._number = 0
        self._in_flight: dict[int, bytes] = {}
        self._handshake: list[bytes] = []
        self._replaying = False
        self._why = ""
        self._closed_on_purpose = False
        self._client_left = False
        self._received = b""
        self._tried = 0.0
        self._output = threading.Lock()

    # -- both directions -------------------------------------------------------------------------------------------

    def run(self) -> int:
        """Carry lines until the client closes its end; returns the exit status."""
        self._connect(START_SECONDS)
        threading.Thread(target=self._upward, name="upward", daemon=True).start()
        while True:
            with self._ready:
                while self._socket is None and not self._client_left:
                    self._ready.wait()
                if self._socket is None:
                    return 0
                connection = self._socket
            self._downward(connection)
            if self._client_left:
                return 0
            self._lost(connection)

    def _upward(self) -> None:
        """Client to engine: whole lines only, so that a new engine never gets half a message."""
        pending = bytearray()
        searched = 0
        while True:
            chunk = os.read(0, 262144)
            if not chunk:
                break
            pending += chunk
            if pending.find(b"\n", searched) < 0:
                if len(pending) > MAX_LINE + _END:  # too long already: keep what is refused as such
                    del pending[MAX_LINE + 1 - _END : -_END]
                searched = len(pending)
                continue
            *lines, rest = bytes(pending).split(b"\n")
            pending = bytearray(rest)
            searched = len(rest)
            self._send(lines)
        with self._ready:
            self._client_left = True
            self._ready.notify_all()
            if self._socket is not None:
                with _GoneAlready():
                    self._socket.shutdown(socket.SHUT_WR)

    def _send(self, lines: list[bytes]) -> None:
        with self._ready:
            while self._replaying:
                self._ready.wait()
            if self._socket is None and not self._reconnect():
                answers = [self._error(line, self._why) for line in lines]
                self._write(b"".join(answers))
                return
            for line in lines:
                self._number += 1
                self._in_flight[self._number] = line
                if len(self._handshake) < 2:
                    self._remember_handshake(line)
            connection = self._socket
        if connection is not None:
            with _GoneAlready():
                connection.sendall(b"\n".join(lines) + b"\n")

    def _downward(self, connection: socket.socket) -> None:
        """Engine to client, until the engine's end is closed."""
        while True:
            *frames, self._received = self._received.split(b"\n")  # some may have come with the answer to the greeting
            messages = [message for frame in frames if (message := self._unframe(frame, connection))]
            if messages:
                self._write(b"\n".join(messages) + b"\n")
            chunk = b""
            while b"\n" not in chunk:
                try:
                    chunk = connection.recv(262144)
                except OSError:
                    return
                if not chunk:
                    return
                self._received += chunk

    def _unframe(self, frame: bytes, connection: socket.socket) -> bytes:
        number, _, message = frame.partition(b"\t")
        if number == b"!quit":
            self._closed_on_purpose = True
            return b""
        if number:
            self._in_flight.pop(int(number), None)
            if self._replaying:
                self._replayed(connection)
                return b""
        return message

    def _write(self, data: bytes) -> None:
        view = memoryview(data)
        with self._output:
            try:
                while view:
                    view = view[os.write(1, view) :]
            except OSError:
                os._exit(0)  # the client no longer reads: nobody is left to serve

    # -- the engine comes and goes ---------------------------------------------------------------------------------

    def _connect(self, patience: float) -> bool:
        """Connect and greet; start the app if it does not run, and wait for it."""
        self._tried = time.monotonic()
        deadline = self._tried + patience
        started = False
        while True:
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                connection.connect(self._path)
                return self._greet(connection)
            except OSError as fault:
                connection.close()
                self._why = UNREACHABLE + f"({fault.strerror or fault}: {self._path})"
            if time.monotonic() >= deadline:
                return False
            if not started:
                started = True
                try:
                    self._start_app()
                except OSError as fault:
                    self._why = UNREACHABLE + f"It could not be started: {fault}"
                    return False
            time.sleep(0.02)

    def _greet(self, connection: socket.socket) -> bool:
        import json

        connection.settimeout(REPLAY_SECONDS)
        connection.sendall(json.dumps(self._greeting).encode() + b"\n")
        answer = b""
        while b"\n" not in answer:
            chunk = connection.recv(65536)
            if not chunk:
                raise OSError("the engine hung up")
            answer += chunk
        line, _, self._received = answer.partition(b"\n")
        connection.settimeout(None)
        try:
            reply = dict(json.loads(line))
        except (ValueError, TypeError) as fault:
            raise OSError("what answers there is not Approver") from fault
        if not reply.get("ok"):
            self._why = str(reply.get("error"))
            connection.close()
            return False
        self._socket = connection
        self._number = 0
        self._closed_on_purpose = False
        return True

    def _reconnect(self) -> bool:
        """Try again for a message of the client's; called with the lock held."""
        if self._closed_on_purpose or time.monotonic() - self._tried < RETRY_SECONDS:
            connected = self._connect(0.0)  # an app that was closed is not started behind the person's back
            if not connected and self._closed_on_purpose:
                self._why = CLOSED
        else:
            connected = self._connect(START_SECONDS)
        if connected:
            self._begin_replay()
            self._ready.notify_all()
            while self._replaying:
                self._ready.wait()
        return self._socket is not None

    def _lost(self, connection: socket.socket) -> None:
        """The engine went away: answer what was in flight, and look for a new one."""
        with self._ready:
            connection.close()
            self._socket = None
            self._replaying = False
            why = CLOSED if self._closed_on_purpose else IN_FLIGHT
            answers = [self._error(line, why) for line in self._in_flight.values()]
            self._in_flight.clear()
            self._received = b""
            self._write(b"".join(answers))
            if not self._closed_on_purpose and self._connect(START_SECONDS):
                self._begin_replay()
            self._ready.notify_all()

    # -- the handshake ---------------------------------------------------------------------------------------------

    def _remember_handshake(self, line: bytes) -> None:
        wanted = b'"initialize"' if not self._handshake else b'"notifications/initialized"'
        if wanted in line and _method(line) == wanted.strip(b'"').decode():
            self._handshake.append(line)

    def _begin_replay(self) -> None:
        """Send the client's own `initialize` to the new engine, whose answer the client must not see again."""
        if self._handshake and self._socket is not None:
            self._replaying = True
            self._number += 1
            self._try_send(self._socket, self._handshake[0])

    def _replayed(self, connection: socket.socket) -> None:
        with self._ready:
            for line in self._handshake[1:]:
                self._number += 1
                self._in_flight[self._number] = line
                self._try_send(connection, line)
            self._replaying = False
            self._ready.notify_all()

    @staticmethod
    def _try_send(connection: socket.socket, line: bytes) -> None:
        with _GoneAlready():
            connection.sendall(line + b"\n")

    @staticmethod
    def _error(line: bytes, why: str) -> bytes:
        import json

        try:
            message = json.loads(line)
        except (ValueError, RecursionError):
            return b""
        if not isinstance(message, dict) or "method" not in message or "id" not in message:
            return b""
        fault = {"code": -32000, "message": why}
        return json.dumps({"jsonrpc": "2.0", "id": message["id"], "error": fault}).encode() + b"\n"


def _method(line: bytes) -> str:
    import json

    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        return ""
    return str(message.get("method")) if isinstance(message, dict) else ""


USAGE = """usage: approver connect SERVER [--client NAME]

Joins this process's stdin and stdout to the MCP server SERVER of Approver's list, through Approver's policy.
An AI client starts it in place of the server. --client NAME says which grant it uses and what to call it.
"""


def main(arguments: list[str]) -> int:
    """Run the shim with the arguments after `connect`."""
    server, label = "", ""
    rest = list(arguments)
    while rest:
        word = rest.pop(0)
        if word in ("-h", "--help"):
            os.write(1, USAGE.encode())
            return 0
        if word == "--client" and rest:
            label = rest.pop(0)
        elif word.startswith("--client="):
            label = word.partition("=")[2]
        elif not word.startswith("-") and not server:
            server = word
        else:
            os.write(2, f"approver connect: what is {word!r}?\n{USAGE}".encode())
            return 2
    if not server:
        os.write(2, USAGE.encode())
        return 2
    from approver.desktop.paths import Paths, PathsUnusable
    from approver.desktop.start_app import start_app

    paths = Paths.from_environment()
    greeting: dict[str, object] = {"approver": 1, "role": "client", "server": server, "client": label or None}
    try:
        return Shim(greeting, str(paths.socket), lambda: start_app(str(paths.logs))).run()
    except (KeyboardInterrupt, PathsUnusable):
        return 0
