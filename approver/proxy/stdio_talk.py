"""One server process behind the gate, as the HTTP side talks to it: what `Conversation` is to a shim.

    HTTP ── messages ──> Talk ── lines ──> Session ──> gate ──> server process
    HTTP <── messages ── Talk <── lines ── Session <─────────── server process

Whatever is judged, held, filtered and written down is the session's business, as for every other client.
"""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio

from approver.model import Caller, StdioServer
from approver.proxy import jsonrpc
from approver.proxy.conversation import House
from approver.proxy.session import Session
from approver.proxy.stdio_messages import Message, UpstreamGone
from approver.proxy.stdio_upstream import StdioUpstream, UpstreamExit, UpstreamUnavailable
from approver.tasks import spawn

log = logging.getLogger(__name__)

MOST_UNREAD = 1024
"""How many messages of the server's may wait for the HTTP side; then the server waits."""


class Talk:
    """One server process, from `start` to `stop`. Implements what `Session` needs of its two ends."""

    def __init__(self, house: House, server: StdioServer, caller: Caller, run_folder: Path) -> None:
        self._house = house
        self._server = server
        self._run_folder = run_folder
        self._upstream: StdioUpstream | None = None
        self._said: deque[bytes] = deque()
        self._stirred = asyncio.Event()
        self._takes = asyncio.Event()
        self._takes.set()
        self._silence: asyncio.TimerHandle | None = None
        self._paused = False
        self._count = 0
        self.ending = ""
        """Why the server has ended, in a sentence; empty while it runs."""
        self.session = Session(
            caller,
            gate=house.gate,
            ends=self,
            catalog=house.catalog,
            visibility=house.visibility,
            clock=house.clock,
            on_definitions=house.learned,
        )

    # -- beginning and end -----------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Start the server. Raises `UpstreamGone`."""
        try:
            upstream = StdioUpstream(
                self._server,
                await self._house.launch_environment(self._server),
                log=self._house.server_log(self._server.name),
                on_lines=self._server_lines,
                on_exit=self._server_exited,
                on_pause=self._pause_client,
                run_folder=self._run_folder,
            )
            await upstream.start(self._house.start_seconds)
        except UpstreamUnavailable as fault:
            log.warning("%s: %s", self._server.name, fault)
            raise UpstreamGone(f"The server {self._server.name} could not be started: {fault}") from fault
        self._upstream = upstream

    async def stop(self) -> None:
        """End the questions of the client, then the server."""
        self._house.gate.leave(self.session.caller.session)
        if self._silence is not None:
            self._silence.cancel()
        self.ending = self.ending or f"The server {self._server.name} was ended by Approver."
        self._takes.set()
        self._stirred.set()
        upstream, self._upstream = self._upstream, None
        if upstream is not None:
            await upstream.stop(self._house.stop_seconds)
        self.session.client_gone()

    # -- what the HTTP side uses -----------------------------------------------------------------------------------

    async def send(self, message: Message) -> None:
        """Take a message of the client's."""
        if not self._takes.is_set():
            await self._takes.wait()
        if self.ending:
            raise UpstreamGone(self.ending)
        self._count += 1
        try:
            self.session.client_message(self._count, message)
        except jsonrpc.WireFault as fault:
            self.session.refuse(self._count, fault, jsonrpc.encode(message))
        if self._house.gate.has_rulings:
            self._house.gate.commit()

    async def messages(self) -> AsyncIterator[bytes]:
        """What the client is to get, until the server has ended."""
        while self._said or not self.ending:
            if not self._said:
                self._stirred.clear()
                await self._stirred.wait()
                continue
            message = self._said.popleft()
            if self._paused and len(self._said) <= MOST_UNREAD // 2:
                self._pause_server(False)
            yield message

    def hang_up(self, request_id: str | int) -> bool:
        """Hear that a request's client has gone: a held call is withdrawn, the result of a running one is kept."""
        return self.session.hang_up(request_id)

    # -- what the session sends ------------------------------------------------------------------------------------

    def to_client(self, number: int | None, message: bytes) -> None:
        """Have a message sent to the client."""
        if not message:  # a line that needs no answer
            return
        self._said.append(message)
        self._stirred.set()
        if len(self._said) > MOST_UNREAD and not self._paused:
            self._pause_server(True)

    def to_server(self, message: bytes) -> bool:
        """Send a message to the server."""
        if self._upstream is None or not self._upstream.is_running:
            return False
        if self._silence is None and not self.session.has_heard_server:
            seconds = self._house.start_seconds
            self._silence = asyncio.get_running_loop().call_later(seconds, self._server_silent)
        return self._upstream.write(message + b"\n")

    def server_noise(self, line: bytes) -> None:
        """Keep a line of the server's stdout that is no JSON-RPC."""
        self._house.server_log(self._server.name).write("stdout", line)

    def commit_soon(self) -> None:
        """See that the gate commits within a moment."""
        self._house.commit_soon()

    # -- what the server sends -------------------------------------------------------------------------------------

    def _server_lines(self, lines: list[bytes]) -> None:
        for line in lines:
            try:
                self.session.server_line(line)
            except Exception:  # the server's top level: one line that can't be handled must not stop the others
                log.exception("a line of %s could not be handled", self._server.name)
        if self._silence is not None and self.session.has_heard_server:
            self._silence.cancel()
        if self._house.gate.has_rulings:
            self._house.gate.commit()

    def _server_silent(self) -> None:
        """A server that has not answered its first request in time hangs: give it up, and say so."""
        upstream = self._upstream
        if upstream is None or self.session.has_heard_server:
            return
        self._end(
            f"The server {self._server.name} was started but has not answered within {self._house.start_seconds:g} "
            "seconds, so it was ended. (The setting upstream.start_seconds gives it longer.)"
        )
        spawn(upstream.stop(0), name=f"stop {self._server.name}")

    def _server_exited(self, end: UpstreamExit) -> None:
        self._end(f"The server {self._server.name} has ended: {end}")

    def _end(self, sentence: str) -> None:
        self._upstream = None
        if not self.ending:
            self.session.server_gone(sentence)
            self.ending = sentence
        self._takes.set()
        self._stirred.set()

    # -- neither side may outrun the other -------------------------------------------------------------------------

    def _pause_client(self, paused: bool) -> None:
        if paused:
            self._takes.clear()
        else:
            self._takes.set()

    def _pause_server(self, paused: bool) -> None:
        self._paused = paused
        if self._upstream is not None:
            self._upstream.pause_reading(paused)


@asynccontextmanager
async def talking(talk: Talk) -> AsyncIterator[Talk]:
    """Have a talk's server run; however the block is left, the server is ended. Raises `UpstreamGone`."""
    try:
        await talk.start()
        yield talk
    finally:
        with anyio.CancelScope(shield=True):
            await talk.stop()
