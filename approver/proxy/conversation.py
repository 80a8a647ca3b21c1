"""Joins a shim's connection, a session and a server; ends all three together.

A server with a command is started when the client connects and ended when it leaves, as if the client had launched it.
A server over HTTP runs elsewhere; the client's session with it lasts as long.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from approver.catalog.tools import Catalog
from approver.clock import Clock
from approver.model import Caller, HttpServer, StdioServer, ToolDefinition
from approver.proxy.gate import Gate
from approver.proxy.http_upstream import HttpUpstream
from approver.proxy.http_wire import Credentials
from approver.proxy.local_front import LocalConnection
from approver.proxy.session import Session, Visibility
from approver.proxy.stdio_upstream import ServerLog, StdioUpstream, UpstreamExit, UpstreamUnavailable
from approver.tasks import spawn

log = logging.getLogger(__name__)

TURNED_OUT = "grant revoked"
"""What ended the questions of a client that may come in no longer."""


class House(Protocol):
    """What conversations share: the engine's parts, as they need them."""

    gate: Gate
    catalog: Catalog
    clock: Clock

    @property
    def visibility(self) -> Visibility:
        """Who says which tools a client may see."""
        ...

    @property
    def start_seconds(self) -> float:
        """How long a server may take to start."""
        ...

    @property
    def stop_seconds(self) -> float:
        """How long a server may take to end by itself."""
        ...

    def commit_soon(self) -> None:
        """See that the gate commits within a moment."""
        ...

    def learned(self, server: str, definitions: list[ToolDefinition]) -> None:
        """Hear what a server says of its tools."""
        ...

    async def launch_environment(self, server: StdioServer) -> Mapping[str, str]:
        """The environment to start the server in, secrets filled in. Raises `UpstreamUnavailable`."""
        ...

    def credentials(self, server: HttpServer) -> Credentials:
        """By what a remote server knows us."""
        ...

    def server_log(self, server: str) -> ServerLog:
        """Where the server's stderr and noise go."""
        ...


class Conversation:
    """One client, one server. Implements what `Session` needs of its two ends."""

    def __init__(
        self,
        house: House,
        connection: LocalConnection,
        server: StdioServer | HttpServer,
        caller: Caller,
        ended: Callable[["Conversation"], None],
        *,
        keep_label: bool,
        run_folder: Path,
    ) -> None:
        self._house = house
        self._connection = connection
        self._server = server
        self._ended = ended
        self._run_folder = run_folder
        self._upstream: StdioUpstream | HttpUpstream | None = None
        self._leaving = False
        self._silence: asyncio.TimerHandle | None = None
        self._out: list[bytes] = []
        self._batching = False
        self.session = Session(
            caller,
            gate=house.gate,
            ends=self,
            catalog=house.catalog,
            visibility=house.visibility,
            clock=house.clock,
            on_definitions=house.learned,
            keep_label=keep_label,
        )

    # -- beginning and end -----------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Start the server and let the client speak; without a server every request gets the reason as its answer."""
        try:
            upstream = await self._new_upstream()
            await upstream.start(self._house.start_seconds)
            if self._leaving:  # the engine was stopped meanwhile
                await upstream.stop(0)
                return
            self._upstream = upstream
        except UpstreamUnavailable as fault:
            log.warning("%s: %s", self._server.name, fault)
            self.session.server_gone(f"The server {self._server.name} could not be started: {fault}")
        self._connection.open(self.session, self)

    async def _new_upstream(self) -> StdioUpstream | HttpUpstream:
        """The server's end, not started yet. Raises `UpstreamUnavailable`."""
        log_of_server = self._house.server_log(self._server.name)
        if isinstance(self._server, HttpServer):
            return HttpUpstream(
                self._server,
                self._house.credentials(self._server),
                log=log_of_server,
                on_lines=self._server_lines,
                on_exit=self._server_exited,
                on_pause=self._connection.pause_client,
                on_unanswered=self._server_unanswered,
            )
        return StdioUpstream(
            self._server,
            await self._house.launch_environment(self._server),
            log=log_of_server,
            on_lines=self._server_lines,
            on_exit=self._server_exited,
            on_pause=self._connection.pause_client,
            run_folder=self._run_folder,
        )

    def client_left(self) -> None:
        """The client sends nothing more: its questions end, its server is asked to end, then made to."""
        if not self._leaving:
            self._leaving = True
            self._house.gate.leave(self.session.caller.session)
            spawn(self.stop(), name=f"stop {self._server.name}")

    def turn_out(self, sentence: str) -> None:
        """End at once: the client may use the server no longer, and what it waits for is answered with the reason."""
        self._leaving = True
        self._house.gate.leave(self.session.caller.session, TURNED_OUT)
        upstream, self._upstream = self._upstream, None
        self.session.server_gone(sentence, for_good=True)
        self._connection.close()
        if upstream is not None:
            spawn(upstream.stop(self._house.stop_seconds), name=f"stop {self._server.name}")
        spawn(self.stop(), name=f"end a client of {self._server.name}")

    async def stop(self) -> None:
        """End the server and close the connection."""
        self._leaving = True
        if self._silence is not None:
            self._silence.cancel()
        if self._upstream is not None:
            await self._upstream.stop(self._house.stop_seconds)
            self._upstream = None
        self.session.client_gone()
        self._connection.close()
        self._ended(self)

    # -- what the session sends ------------------------------------------------------------------------------------

    def to_client(self, number: int | None, message: bytes) -> None:
        """Send a message to the shim."""
        self._connection.send(number, message)

    def to_server(self, message: bytes) -> bool:
        """Send a message to the server; those of one batch go out together."""
        if self._upstream is None or not self._upstream.is_running:
            return False
        if self._silence is None and self._may_hang:
            seconds = self._house.start_seconds
            self._silence = asyncio.get_running_loop().call_later(seconds, self._server_silent)
        self._out.append(message)
        if not self._batching:
            self.flush()
        return True

    @property
    def _may_hang(self) -> bool:
        """Whether it is a process of which nothing was heard yet; over HTTP each request sees to its own end."""
        return isinstance(self._server, StdioServer) and not self.session.has_heard_server

    def begin_batch(self) -> None:
        """Hold messages to the server back until `flush`."""
        self._batching = True

    def flush(self) -> None:
        """Send what is held back."""
        self._batching = False
        if self._out and self._upstream is not None:
            self._out.append(b"")
            self._upstream.write(b"\n".join(self._out))
        self._out.clear()

    def server_noise(self, line: bytes) -> None:
        """Keep a line of the server's stdout that is no JSON-RPC."""
        self._house.server_log(self._server.name).write("stdout", line)

    def commit_soon(self) -> None:
        """See that the gate commits within a moment."""
        self._house.commit_soon()

    # -- what the server sends -------------------------------------------------------------------------------------

    def _server_lines(self, lines: list[bytes]) -> None:
        def take() -> None:
            for line in lines:
                try:
                    self.session.server_line(line)
                except Exception:  # the server's top level: one line that can't be handled must not stop the others
                    log.exception("a line of %s could not be handled", self._server.name)
            if self._silence is not None and self.session.has_heard_server:
                self._silence.cancel()
            if self._house.gate.has_rulings:
                self._house.gate.commit()

        if len(lines) == 1:  # sent on at once, before what became of the call is noted
            take()
        else:
            self._connection.batch(take)

    def _server_unanswered(self, request_id: Any, line: bytes) -> None:
        def take() -> None:
            self.session.request_ended(request_id, line)
            if self._house.gate.has_rulings:
                self._house.gate.commit()

        self._connection.batch(take)

    def _server_silent(self) -> None:
        """A server that has not answered its first request in time hangs: give it up, and say so."""
        if self._upstream is not None and not self.session.has_heard_server and not self._leaving:
            upstream, self._upstream = self._upstream, None
            seconds = self._house.start_seconds
            self.session.server_gone(
                f"The server {self._server.name} was started but has not answered within {seconds:g} seconds, so it "
                "was ended. (The setting upstream.start_seconds gives it longer.)"
            )
            spawn(upstream.stop(0), name=f"stop {self._server.name}")

    def _server_exited(self, end: UpstreamExit) -> None:
        was_known, self._upstream = self._upstream is not None, None
        if was_known and not self._leaving:
            self.session.server_gone(f"The server {self._server.name} has ended: {end}")

    def pause_server(self, paused: bool) -> None:
        """Stop or go on reading what the server sends: its client does not keep up."""
        if self._upstream is not None:
            self._upstream.pause_reading(paused)
