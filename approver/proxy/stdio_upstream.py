"""One server process of one client: starts it, carries bytes both ways, reports its end, leaves nothing of it running.

    on_lines <── stdout ── server <── stdin ── write
    the log  <── stderr ──┘

The server's pipes are read and written by the loop itself, with no stream objects between. Beside the server runs its
supervisor (`supervisor.py`), which reports its start and end over a socket and ends the whole tree of it, also when
this process dies. Callbacks run on the loop and must not raise.
"""

import asyncio
import contextlib
import os
import signal
import socket
import sys
import uuid
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import cast

from approver.model import StdioServer
from approver.proxy import leftovers, supervisor
from approver.proxy.leftovers import sweep_leftovers
from approver.proxy.line_splitter import LineSplitter
from approver.proxy.server_log import ServerLog, readable
from approver.proxy.server_program import UpstreamUnavailable, find_program, launch_fault, working_folder
from approver.proxy.upstream_exit import UpstreamExit

__all__ = ["ServerLog", "StdioUpstream", "UpstreamExit", "UpstreamUnavailable", "sweep_leftovers"]

LONGEST_LINE = 64 * 1024 * 1024
"""Bytes of one message of a server's; a longer one is dropped."""
MOST_UNREAD = 64 * 1024 * 1024
"""Bytes that may wait for a server that does not read; then `write` takes no more."""
_LONGEST_STDERR_LINE = 1024 * 1024
_LAST_WORDS = 10
"""Lines of stderr that the report of an end holds."""
_SILENT_SECONDS = 1.0
"""How long a server may live on that has closed its stdout, or its stdin with messages in it: nothing it has not got
already will be answered any more."""
_DRAIN_SECONDS = 1.0
"""How long output is still waited for once the server and all it started have ended."""
_STOP_MARGIN = 5.0
"""Seconds beyond all grace after which a supervisor is not waited for any longer."""


class StdioUpstream:
    """One server process, from `start` to the one call of `on_exit`."""

    def __init__(
        self,
        server: StdioServer,
        environment: Mapping[str, str],
        *,
        log: ServerLog,
        on_lines: Callable[[list[bytes]], None],
        on_exit: Callable[[UpstreamExit], None],
        on_pause: Callable[[bool], None] = lambda paused: None,
        run_folder: Path | None = None,
    ) -> None:
        self._server = server
        self._mark = uuid.uuid4().hex
        self._environment = {**environment, leftovers.MARK: self._mark}
        self._log = log
        self._on_lines = on_lines
        self._on_exit = on_exit
        self.on_pause = on_pause
        """Called with True when the server does not keep up with what is written, with False when it does again."""
        self._run_folder = run_folder
        self._lines = LineSplitter(LONGEST_LINE, self._dropped)
        self._stderr_lines = LineSplitter(_LONGEST_STDERR_LINE, self._dropped)
        self._last_words: deque[str] = deque(maxlen=_LAST_WORDS)
        self._transport: asyncio.SubprocessTransport | None = None
        self._stdin: asyncio.WriteTransport | None = None
        self._control: asyncio.Transport | None = None
        self._started: asyncio.Future[int] | None = None
        self._finished: asyncio.Event = asyncio.Event()
        self._open_outputs = {1, 2}
        self._has_exited = False
        self._status: int | None = None
        self._was_stopped = False
        self._fault = ""
        self._note: Path | None = None
        self._timer: asyncio.TimerHandle | None = None
        self.pid: int | None = None
        """The server's own process; it leads its process group."""

    # -- what the owner calls --------------------------------------------------------------------------------------

    async def start(self, within: float) -> None:
        """Start the server; return once it runs. Raises `UpstreamUnavailable` with a sentence that says what to do."""
        folder = working_folder(self._server)
        program = find_program(self._server, self._environment, folder)
        try:
            async with asyncio.timeout(within):
                started = await self._launch([program, *self._server.args], folder)
        except TimeoutError as fault:
            self._abandon()
            await self.stop(0)
            raise UpstreamUnavailable(f"It did not start within {within:g} seconds.") from fault
        except OSError as fault:
            self._abandon()
            await self.stop(0)
            raise UpstreamUnavailable(launch_fault(program, fault)) from fault
        except asyncio.CancelledError:
            self._abandon()
            await self.stop(0)
            raise
        if self._finished.is_set():  # so soon that nobody could be told yet
            raise UpstreamUnavailable(str(self._end))
        self.pid = started
        if self._run_folder is not None:
            self._note = leftovers.remember(self._run_folder, started, self._mark)
        self._log.write("approver", f"started {program} as process {started}".encode())

    @property
    def is_running(self) -> bool:
        """Whether the server is there, as far as its owner was told: `on_exit` is still to come."""
        return self.pid is not None and not self._was_stopped and not self._finished.is_set()

    @property
    def last_words(self) -> tuple[str, ...]:
        """The last lines of its stderr so far, safe to print. Untrusted text."""
        return tuple(self._last_words)

    @property
    def buffered(self) -> int:
        """Bytes written that the server has not read yet, beyond what the pipe holds."""
        return self._stdin.get_write_buffer_size() if self._stdin is not None else 0

    def write(self, data: bytes) -> bool:
        """Send bytes, lines with their ends; never blocks. False: the server has ended or reads nothing."""
        if not self.is_running or self._stdin is None:
            return False
        if self._stdin.is_closing():
            self.input_failed()
            return True  # lost, as what a server has not read when it ends; `on_exit` comes in a moment
        if self._stdin.get_write_buffer_size() > MOST_UNREAD:
            self._log.write("approver", b"a message was not sent: the server does not read its input")
            return False
        self._stdin.write(data)
        return True

    def pause_reading(self, paused: bool) -> None:
        """Read no more of the server's messages for now, or go on; the server waits once its pipe is full."""
        if self._transport is None or 1 not in self._open_outputs:
            return
        stdout = cast(asyncio.ReadTransport, self._transport.get_pipe_transport(1))
        if paused and stdout.is_reading():
            stdout.pause_reading()
        elif not paused and not stdout.is_reading():
            stdout.resume_reading()

    async def stop(self, grace: float) -> None:
        """End the server and all it started: close its input, after `grace` seconds ask it to end, then kill it."""
        if self._transport is None or self._finished.is_set():
            return
        self._was_stopped = True
        self.pause_reading(False)
        if self._stdin is not None:
            self._stdin.close()
        if self._control is not None and not self._control.is_closing():
            self._control.write(f"stop {grace}\n".encode())
        try:
            async with asyncio.timeout(2 * grace + _STOP_MARGIN):
                await self._finished.wait()
        except TimeoutError:
            self._kill()
            self._finish()

    # -- starting --------------------------------------------------------------------------------------------------

    async def _launch(self, command: list[str], folder: Path) -> int:
        loop = asyncio.get_running_loop()
        self._started = loop.create_future()
        ours, theirs = socket.socketpair()
        with theirs:
            self._control, _ = await loop.create_unix_connection(lambda: _Control(self), sock=ours)
            control = str(theirs.fileno())
            supervise = [sys.executable, "-I", "-S", "-c", supervisor.LAUNCHER, str(Path(supervisor.__file__).parent)]
            launching = asyncio.ensure_future(
                loop.subprocess_exec(
                    lambda: _Pipes(self),
                    *supervise,
                    control,
                    *command,
                    cwd=folder,
                    env=self._environment,
                    pass_fds=(theirs.fileno(),),
                    start_new_session=True,
                )
            )
            try:
                transport, _ = await asyncio.shield(launching)
            except asyncio.CancelledError:  # the loop would kill the supervisor, which may have started the server
                with contextlib.suppress(OSError):
                    self._transport, _ = await launching
                raise
        self._transport = transport
        self._stdin = cast(asyncio.WriteTransport, transport.get_pipe_transport(0))
        return await self._started

    def _abandon(self) -> None:
        """Give up a start: without its control socket the supervisor ends whatever there is by now."""
        self._was_stopped = True
        if self._started is not None:
            self._started.cancel()  # nobody asks it any more
        for closing in (self._stdin, self._control):
            if closing is not None:
                closing.close()

    # -- what the pipes and the supervisor tell --------------------------------------------------------------------

    def output_came(self, fd: int, data: bytes) -> None:
        """Take bytes of the server's stdout or stderr."""
        if fd == 1:
            lines = self._lines.feed(data)
            if lines:
                self._on_lines(lines)
        else:
            self._keep_stderr(self._stderr_lines.feed(data))

    def output_closed(self, descriptor: int) -> None:
        """Take the end of stdout or stderr; what has no line end yet was the last line."""
        if descriptor not in self._open_outputs:
            return
        self._open_outputs.discard(descriptor)
        if descriptor == 2:
            self._keep_stderr([self._stderr_lines.rest()])
        elif rest := self._lines.rest():
            self._on_lines([rest])
        if descriptor == 1 and not self._has_exited and not self._was_stopped:
            self._later(_SILENT_SECONDS, lambda: self._end_silent("output"))
        self._finish_if_over()

    def input_failed(self) -> None:
        """Take that the server will not read what was sent to it: most often its end is what comes next."""
        if self._timer is None and not self._has_exited and not self._was_stopped:
            self._later(_SILENT_SECONDS, lambda: self._end_silent("input"))

    def told(self, word: str, number: int) -> None:
        """Take a line of the supervisor's."""
        assert self._started is not None
        if word == "ended":
            self._status = number
        elif self._started.done():  # given up meanwhile
            return
        elif word == "started":
            self._started.set_result(number)
        else:
            self._started.set_exception(OSError(number, os.strerror(number)))

    def exited(self) -> None:
        """Take the end of the supervisor, and so of everything that the server had started."""
        self._has_exited = True
        if self._started is not None and not self._started.done():
            self._started.set_exception(OSError(0, "its supervisor ended before it started"))
        if self._status is None:
            self._kill()
        self._later(_DRAIN_SECONDS, self._finish)
        self._finish_if_over()

    # -- the end ---------------------------------------------------------------------------------------------------

    def _end_silent(self, closed: str) -> None:
        self._fault = f"it had closed its standard {closed}, so that it could not be spoken to any more"
        self._log.write("approver", f"the server closed its standard {closed} and lived on, so it is ended".encode())
        if self._control is not None:
            self._control.write(b"stop 0\n")

    def _finish_if_over(self) -> None:
        if self._has_exited and not self._open_outputs:
            self._finish()

    def _finish(self) -> None:
        if self._finished.is_set():
            return
        self._finished.set()
        if self._timer is not None:
            self._timer.cancel()
        for closing in (self._stdin, self._control, self._transport):
            if closing is not None:
                closing.close()
        if self._note is not None:
            self._note.unlink(missing_ok=True)
        if self.pid is not None:
            end = self._end
            self._log.write("approver", f"process {self.pid} ended: {end}".encode())
            self._on_exit(end)

    @property
    def _end(self) -> UpstreamExit:
        return UpstreamExit(self._server.name, self._status, self.last_words, self._was_stopped, self._fault)

    def _kill(self) -> None:
        """End the server ourselves, its supervisor having failed to."""
        if self._transport is not None and not self._has_exited:
            self._transport.kill()
        if self.pid is not None and self._status is None:
            try:
                os.killpg(self.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                return

    def _later(self, seconds: float, act: Callable[[], None]) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(seconds, act)

    def _keep_stderr(self, lines: list[bytes]) -> None:
        lines = [line for line in lines if line]
        if lines:
            self._last_words.extend(readable(line) for line in lines[-_LAST_WORDS:])
            self._log.write_lines("stderr", lines)

    def _dropped(self, length: int) -> None:
        self._log.write("approver", f"a line of {length} bytes was dropped: it is too long".encode())


class _Pipes(asyncio.SubprocessProtocol):
    """The server's three pipes and its supervisor's end, as the loop tells of them."""

    def __init__(self, upstream: StdioUpstream) -> None:
        self.pipe_data_received = upstream.output_came  # type: ignore[method-assign]  # the hot path: no call between
        self._upstream = upstream

    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:
        """Hear that a pipe has ended."""
        if fd:
            self._upstream.output_closed(fd)
        elif exc is not None:
            self._upstream.input_failed()

    def process_exited(self) -> None:
        """Hear that the supervisor has ended."""
        self._upstream.exited()

    def pause_writing(self) -> None:
        """Hear that much is waiting for the server to read it."""
        self._upstream.on_pause(True)

    def resume_writing(self) -> None:
        """Hear that the server has read most of it."""
        self._upstream.on_pause(False)


class _Control(asyncio.Protocol):
    """The socket to the supervisor."""

    def __init__(self, upstream: StdioUpstream) -> None:
        self._upstream = upstream
        self._received = b""

    def data_received(self, data: bytes) -> None:
        """Hand on each line: a word and a number."""
        *lines, self._received = (self._received + data).split(b"\n")
        for line in lines:
            word, _, number = line.decode("ascii").partition(" ")
            self._upstream.told(word, int(number))
