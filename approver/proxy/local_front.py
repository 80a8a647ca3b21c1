"""The engine's socket: shims (`approver connect`) and commands (`approver pending`, …) come in here.

The first line is a greeting, one JSON object: `{"approver": 1, "role": "client", "server": NAME, "client": LABEL}` or
`{"approver": 1, "role": "control", "command": NAME, "arguments": {…}}`; it is answered with one JSON line. A client's
further lines are MCP messages as they are. What goes back to a shim is framed `NUMBER TAB MESSAGE`: the number of the
client's line that the message settles, nothing for a message of the server's own, no message where none is owed. The
frame `!quit` says that Approver was closed on purpose.

A shim that can hand its stdout over is asked to (`{"pass": "stdout"}` before the answer to its greeting). From then on
what is short goes to the client at once, and the shim gets the number alone. So that nothing overtakes what is still
with the shim, `!sync` asks it to say `!synced` when the client has all of that.
"""

import asyncio
import logging
import os
import socket
import struct
import sys
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Protocol, cast

from approver.proxy import jsonrpc
from approver.proxy.client_stdout import WHOLE, ClientStdout, Unusable

log = logging.getLogger(__name__)

GREETING_LIMIT = 64 * 1024
"""Bytes of a greeting, at most."""
_KEPT_OF_LONG_LINES = 4096


@dataclass(frozen=True, slots=True)
class Peer:
    """The process at the other end of a connection, as the kernel names it."""

    pid: int | None
    uid: int | None


class Host(Protocol):
    """What the socket's connections need of the engine."""

    def connect_client(self, connection: "LocalConnection", greeting: dict[str, Any]) -> None:
        """Take a client; later call `connection.open` or `connection.turn_away`."""
        ...

    async def control(self, command: str, arguments: dict[str, Any], peer: Peer) -> dict[str, Any]:
        """Carry out a command; returns what the command prints."""
        ...

    def commit(self) -> None:
        """Write down and let happen what the last batch of lines led to."""
        ...


class Conversing(Protocol):
    """Who takes a client's lines: a session with one server, or with many."""

    def client_line(self, number: int, line: bytes) -> None:
        """Take one line of the client's."""
        ...

    def refuse(self, number: int, fault: jsonrpc.WireFault, line: bytes) -> None:
        """Answer wire input that is not accepted."""
        ...


class Owner(Protocol):
    """Who has the other end of a client's conversation."""

    def client_left(self) -> None:
        """The client sends nothing more; called again when it is gone altogether."""
        ...

    def pause_server(self, paused: bool) -> None:
        """Stop or go on reading what the server sends: the client does not keep up."""
        ...

    def begin_batch(self) -> None:
        """Hold messages to the server back until `flush`."""
        ...

    def flush(self) -> None:
        """Send what is held back."""
        ...


class LocalConnection(asyncio.Protocol):
    """One connection to the engine's socket."""

    def __init__(
        self,
        host: Host,
        start: Callable[[Coroutine[Any, Any, None], str], None],
        closed: Callable[["LocalConnection"], None],
    ) -> None:
        self._host = host
        self._start = start
        self._closed = closed
        self._transport: asyncio.Transport
        self._session: Conversing | None = None
        self._owner: Owner | None = None
        self._greeted = False
        self._partial = bytearray()
        self._searched = 0
        self._is_too_long = False
        self._number = 0
        self._batching = False
        self._frames: list[tuple[int | None, bytes]] = []
        self._passing: socket.socket | None = None
        self._stdout: ClientStdout | None = None
        self._direct = False
        self._has_settled = False
        self._syncing = False
        self._unsynced = False
        self._lost = False
        self.peer = Peer(None, None)

    # -- asyncio.Protocol ------------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection if it is the person's own."""
        self._transport = cast(asyncio.Transport, transport)  # uvloop's own class is no subclass of it
        self.peer = _peer_of(self._transport)
        if self.peer.uid is not None and self.peer.uid != _own_uid():
            log.warning("refused a connection of user %s", self.peer.uid)
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        """Take bytes; carry out all complete lines as one batch, with one commit."""
        self._partial += data
        if not self._greeted:
            self._greet()
        if self._session is not None:
            self._take_lines(self._session)

    def eof_received(self) -> bool:
        """The client will send nothing more; what is in flight may still be answered."""
        if self._owner is None:
            return self._greeted  # a command may end its side at once and still wants its answer
        self._owner.client_left()
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        """The client is gone."""
        self._lost = True
        self._direct = False
        self._stop_passing()
        if self._stdout is not None:
            self._stdout.close()
        if self._owner is not None:
            self._owner.client_left()
        self._closed(self)

    def pause_writing(self) -> None:
        """The client does not read: let its server wait."""
        if self._owner is not None:
            self._owner.pause_server(True)

    def resume_writing(self) -> None:
        """The client reads again."""
        if self._owner is not None:
            self._owner.pause_server(False)

    # -- the greeting ----------------------------------------------------------------------------------------------

    def _greet(self) -> None:
        end = self._partial.find(b"\n")
        if (len(self._partial) if end < 0 else end) > GREETING_LIMIT:
            self._greeted = True
            self.turn_away(
                f"The first line here is a greeting of at most {GREETING_LIMIT:,} bytes; this one is longer."
            )
            return
        if end < 0:
            return
        line = bytes(self._partial[:end])
        del self._partial[: end + 1]
        self._greeted = True
        try:
            greeting = jsonrpc.parse(line)
        except jsonrpc.WireFault as fault:
            self.turn_away(fault.message)
            return
        if greeting.get("approver") != 1:
            self.turn_away("This is Approver's own socket; it speaks version 1 of Approver's greeting.")
        elif greeting.get("role") == "client":
            self._transport.pause_reading()
            if greeting.get("passes") == "stdout":
                self._ask_for_stdout(greeting)
            else:
                self._host.connect_client(self, greeting)
        elif greeting.get("role") == "control":
            self._start(self._control(greeting), "control command")
        else:
            self.turn_away('A greeting has the role "client" or "control".')

    def _ask_for_stdout(self, greeting: dict[str, Any]) -> None:
        """Have the shim hand the client's stdout over; the transport would drop a descriptor, so it rests meanwhile."""
        self._passing = connection = socket.socket(fileno=os.dup(self._transport.get_extra_info("socket").fileno()))
        connection.setblocking(False)

        def passed() -> None:
            self._take_stdout(connection)
            self._stop_passing()
            self._host.connect_client(self, greeting)

        asyncio.get_running_loop().add_reader(connection.fileno(), passed)
        self._write(b'{"pass":"stdout"}\n')

    def _stop_passing(self) -> None:
        if self._passing is not None:
            asyncio.get_running_loop().remove_reader(self._passing.fileno())
            self._passing.close()
            self._passing = None

    def _take_stdout(self, connection: socket.socket) -> None:
        try:
            _, descriptors, _, _ = socket.recv_fds(connection, 1, 1, socket.MSG_CMSG_CLOEXEC)
            self._stdout = ClientStdout(descriptors[0]) if descriptors else None
        except (OSError, Unusable) as fault:  # then everything goes by the shim
            log.info("a client's stdout cannot be written to without its shim: %s", fault)

    async def _control(self, greeting: dict[str, Any]) -> None:
        arguments = greeting.get("arguments")
        command = str(greeting.get("command"))
        try:
            answer = await self._host.control(command, arguments if isinstance(arguments, dict) else {}, self.peer)
        except Exception:  # the command's top level: whoever asked must not be left waiting
            log.exception("the command %r failed", command)
            answer = {"ok": False, "error": "Approver could not carry that out; its log says why."}
        self._write(jsonrpc.encode(answer) + b"\n")
        self._transport.close()

    def turn_away(self, sentence: str) -> None:
        """Refuse the connection, and say why."""
        self._write(jsonrpc.encode({"ok": False, "error": sentence}) + b"\n")
        self._transport.close()

    def open(self, session: Conversing, owner: Owner) -> None:
        """Begin the conversation."""
        self._session = session
        self._owner = owner
        self._write(b'{"ok":true}\n')
        if self._lost:
            owner.client_left()
            return
        self._transport.resume_reading()
        self._take_lines(session)

    # -- lines in --------------------------------------------------------------------------------------------------

    def _take_lines(self, session: Conversing) -> None:
        lines = self._complete_lines()
        if not lines or self._owner is None:
            return
        self._batching = True
        self._owner.begin_batch()
        try:
            for line in lines:
                self._number += 1
                if isinstance(line, jsonrpc.WireFault):
                    session.refuse(self._number, line, b"")
                elif line == b"!synced" and self._stdout is not None:
                    self._number -= 1
                    self._synced()
                elif not line or line.isspace():
                    self.send(self._number, b"")
                else:
                    session.client_line(self._number, line)
            self._host.commit()
        except Exception:  # the connection's top level: a fault here must not let anything through
            log.exception("a client's message could not be handled; its connection is closed")
            self._transport.abort()
        finally:
            self._owner.flush()
            self._batching = False
            self._flush()

    def _complete_lines(self) -> list[bytes | jsonrpc.WireFault]:
        if self._partial.find(b"\n", self._searched) < 0:
            self._searched = len(self._partial)
            if len(self._partial) > jsonrpc.MAX_LINE:  # keep enough of it to find its id
                self._is_too_long = True
                del self._partial[_KEPT_OF_LONG_LINES:-_KEPT_OF_LONG_LINES]
                self._searched = len(self._partial)
            return []
        *lines, rest = bytes(self._partial).split(b"\n")
        self._partial = bytearray(rest)
        self._searched = len(rest)
        checked: list[bytes | jsonrpc.WireFault] = list(lines)
        if self._is_too_long:
            first = lines[0]
            checked[0] = jsonrpc.too_long(first, first[-_KEPT_OF_LONG_LINES:])
            self._is_too_long = False
        return checked

    # -- frames out ------------------------------------------------------------------------------------------------

    def batch(self, work: Callable[[], None]) -> None:
        """Do `work`, and write what it sends in one piece."""
        self._batching = True
        try:
            work()
        finally:
            self._batching = False
            self._flush()

    def send(self, number: int | None, message: bytes) -> None:
        """Send a message to the client, and tell the shim which line it settles."""
        self._frames.append((number, message))
        if not self._batching:
            self._flush()

    def _flush(self) -> None:
        if not self._frames:
            return
        frames, self._frames = self._frames, []
        written = self._write_to_client(frames) if self._direct else 0
        data = b"".join(
            b"%b\t%b\n" % (b"" if number is None else b"%d" % number, b"" if place < written else message)
            for place, (number, message) in enumerate(frames)
            if place >= written or number is not None
        )
        if written < len(frames):
            self._direct = False
            data += self._sync_after(frames[written:])
        if data:
            self._write(data)

    # -- past the shim ---------------------------------------------------------------------------------------------

    def _write_to_client(self, frames: list[tuple[int | None, bytes]]) -> int:
        """Write to the client's own end; returns how many frames need not take the way by the shim."""
        assert self._stdout is not None
        written = self._stdout.put_all([message + b"\n" if message else b"" for _, message in frames])
        if self._stdout.is_gone:  # the shim finds out as well, and leaves
            self._stdout.close()
            self._stdout = None
        return written

    def _sync_after(self, frames: list[tuple[int | None, bytes]]) -> bytes:
        """What to send behind frames that go by the shim, so that later ones need not."""
        self._has_settled = self._has_settled or any(number is not None for number, _ in frames)
        self._unsynced = True
        # Not before the first answer, which may be one that a shim keeps from its client after a reconnect; and not for
        # what is long: where all is long there is nothing to gain.
        if self._stdout is None or self._syncing or not self._has_settled or len(frames[-1][1]) >= WHOLE:
            return b""
        self._syncing, self._unsynced = True, False
        return b"!sync\n"

    def _synced(self) -> None:
        """The client has all that went by the shim before it was asked."""
        self._syncing = False
        self._direct = not self._unsynced and self._stdout is not None
        if not self._direct and self._stdout is not None:
            self._syncing, self._unsynced = True, False
            self._write(b"!sync\n")

    def _write(self, data: bytes) -> None:
        if not self._lost and not self._transport.is_closing():
            self._transport.write(data)

    def pause_client(self, paused: bool) -> None:
        """Stop or go on reading what the client sends: its server does not keep up."""
        if not self._lost and not self._transport.is_closing():
            (self._transport.pause_reading if paused else self._transport.resume_reading)()

    def quit(self) -> None:
        """Say that Approver is closed on purpose, and close."""
        if self._session is not None:
            self._write(b"!quit\n")
        self.close()

    def close(self) -> None:
        """Close once all is written."""
        self._direct = False
        self._stop_passing()
        self._transport.close()


def _peer_of(transport: asyncio.Transport) -> Peer:
    connection = transport.get_extra_info("socket")
    if connection is None or sys.platform == "win32":
        return Peer(None, None)
    if sys.platform == "linux":
        data = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
        pid, uid, _ = struct.unpack("3i", data)
        return Peer(pid, uid)
    # macOS: LOCAL_PEERPID and LOCAL_PEERCRED of sys/un.h, level SOL_LOCAL = 0
    pid = struct.unpack("i", connection.getsockopt(0, 2, 4))[0]
    uid = struct.unpack("2i", connection.getsockopt(0, 1, 8))[1]
    return Peer(pid, uid)


def _own_uid() -> int:
    return os.getuid() if sys.platform != "win32" else -1
