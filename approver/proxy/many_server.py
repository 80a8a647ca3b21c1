"""One of the servers behind the endpoint for many: its session with the gate, its process or address, its comebacks.

    Many ── client's message ──> session ──> gate ──> server
    Many <── heard ── session <───────────────────── server

Everything is judged, held, filtered and written down under the server's own name. A server that does not start, or
ends, is left out, and started again after a while, which grows with each failure.
"""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from approver.model import Caller, StdioServer
from approver.proxy import jsonrpc
from approver.proxy.conversation import TURNED_OUT, House
from approver.proxy.http_upstream import HttpUpstream
from approver.proxy.session import Session
from approver.proxy.stdio_upstream import StdioUpstream, UpstreamExit, UpstreamUnavailable
from approver.servers import Server
from approver.tasks import spawn

log = logging.getLogger(__name__)

FIRST_RETRY_SECONDS = 5.0
LONGEST_RETRY_SECONDS = 300.0
REMOVED = "It was removed, or this client may use it no more."
OWN_NUMBER = 0
"""The number of a line that is none of the client's: its answer is for `Many` itself."""


class Owner(Protocol):
    """Whom a server's messages reach."""

    def heard(self, behind: "Behind", number: int | None, message: bytes) -> None:
        """Take a message; `number` is the client's line that it answers, `OWN_NUMBER` for a request of the owner's."""
        ...

    def came(self, behind: "Behind") -> None:
        """Hear that the server was started anew; nothing has been said to it yet."""
        ...

    def left(self, behind: "Behind", sentence: str) -> None:
        """Hear that the server is not there (any more)."""
        ...

    def edited(self, behind: "Behind") -> None:
        """Hear that what the server was asked before must not be done by what is started now."""
        ...

    def batch(self, work: Callable[[], None]) -> None:
        """Do `work`, and send what it leads to in one piece."""
        ...

    def pause_client(self, behind: "Behind", paused: bool) -> None:
        """Hear that the server does not keep up, or does again."""
        ...


class Behind:
    """One server. Implements what `Session` needs of its two ends."""

    def __init__(
        self, house: House, server: Server, caller: Caller, owner: Owner, run_folder: Path, *, keep_label: bool
    ) -> None:  # fmt: skip
        self.name = server.name
        self.greeting: dict[str, Any] | None = None
        """What the server said of itself, once it has; None before."""
        self.is_ready = False
        """Whether the handshake is over, or none is needed."""
        self._house = house
        self._server: Server | None = server
        """What to start; None once it was removed, or the client's right to it was."""
        self._owner = owner
        self._run_folder = run_folder
        self._upstream: StdioUpstream | HttpUpstream | None = None
        self.was_spoken_to = False
        """Whether it was sent anything since it was started."""
        self.prepared = asyncio.Event()
        """Set once it can be started: the person's login shell, asked for its environment, may take its time."""
        self._life = 0
        self._starting = True
        self._starters: set[asyncio.Task[Any]] = set()
        """Who is starting it right now."""
        self._held: list[tuple[int, bytes]] = []
        self._out: list[bytes] = []
        self._batching = False
        self._stopped = False
        self._retry: asyncio.TimerHandle | None = None
        self._silence: asyncio.TimerHandle | None = None
        self._failures = 0
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
        self.session.tool_lists.is_declared = True  # by the owner, whose list it is and who comes and goes with each

    # -- beginning and end -----------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Start the server; what was said to it meanwhile is then said."""
        self._starting = True
        self._life += 1
        life = self._life
        fault = await self._begin(life)
        self.prepared.set()
        if life != self._life:  # it was started anew meanwhile
            return
        self._starting = False
        if fault is not None and not self._stopped:
            self._leave(f"The server {self.name} could not be started: {fault}")
        held, self._held = self._held, []
        for number, line in held:
            self.session.client_line(number, line)
        if self._house.gate.has_rulings:
            self._house.gate.commit()

    async def _begin(self, life: int) -> str | None:
        """Start the server, as it is in the end where it is edited meanwhile; returns why it did not start."""
        server = self._server
        fault = REMOVED if server is None else await self._try(server, life)
        has_changed = self._server is not server and life == self._life and not self._stopped
        return await self._begin(life) if has_changed else fault

    async def _try(self, server: Server, life: int) -> str | None:
        starter = asyncio.current_task()
        assert starter is not None
        self._starters.add(starter)
        try:
            upstream = await self._new_upstream(server)
            await upstream.start(self._house.start_seconds)
        except UpstreamUnavailable as fault:
            return str(fault)
        except Exception:  # the server's top level: its failure must not be that of the others
            log.exception("%s could not be started", self.name)
            return "Approver failed at it; its log says why."
        finally:
            self._starters.discard(starter)
        if self._stopped or life != self._life or server is not self._server:
            await upstream.stop(0)
        else:
            self._upstream = upstream
        return None

    async def _new_upstream(self, server: Server) -> StdioUpstream | HttpUpstream:
        ends: Any = {
            "log": self._house.server_log(self.name),
            "on_lines": self._server_lines,
            "on_exit": self._server_exited,
            "on_pause": lambda paused: self._owner.pause_client(self, paused),
        }
        if isinstance(server, StdioServer):
            environment = await self._house.launch_environment(server)
            self.prepared.set()
            return StdioUpstream(server, environment, **ends, run_folder=self._run_folder)
        self.prepared.set()
        credentials = self._house.credentials(server)
        return HttpUpstream(server, credentials, **ends, on_unanswered=self._server_unanswered)

    async def restart(self) -> None:
        """End the server and start it again, for a conversation from the start."""
        await self._start_after(self._set_aside())

    def _set_aside(self) -> StdioUpstream | HttpUpstream | None:
        """Have nothing to do any more with the server that runs; what comes for it waits for the next."""
        upstream, self._upstream = self._upstream, None
        self._starting = True
        self.is_ready = self.was_spoken_to = False
        self.greeting = None
        self._held.clear()
        if self._silence is not None:
            self._silence.cancel()
            self._silence = None
        self.session.server_gone(f"The server {self.name} is being started anew.")
        return upstream

    async def _start_after(self, former: StdioUpstream | HttpUpstream | None) -> None:
        if former is not None:
            await former.stop(0)
        await self.start()

    def become(self, server: Server | None) -> None:
        """Hear how the server is configured now, if it is at all: what runs is ended, and the edited one started."""
        if server == self._server or self._stopped:
            return
        self._server = server
        self._failures = 0
        if self._retry is not None:
            self._retry.cancel()
            self._retry = None
        if not self._starting:  # else who starts it sees that it is another now
            self._owner.left(self, f"The server {self.name} was edited.")
            spawn(self._come_back(self._set_aside()), name=f"restart {self.name}")
        self._owner.edited(self)

    def turn_out(self, sentence: str) -> None:
        """Say why nothing is said to the server any more, whatever was asked of it; follow that with `stop`."""
        self._stopped = True
        self._house.gate.leave(self.session.caller.session, TURNED_OUT)
        self.session.server_gone(sentence, for_good=True)

    async def stop(self) -> None:
        """End the client's questions, then the server."""
        self._stopped = True
        self._house.gate.leave(self.session.caller.session)
        for timer in (self._retry, self._silence):
            if timer is not None:
                timer.cancel()
        if self._starters:  # cancelled, they end what they have begun
            for starter in self._starters:
                starter.cancel()
            await asyncio.wait(self._starters)
        upstream, self._upstream = self._upstream, None
        if upstream is not None:
            await upstream.stop(self._house.stop_seconds)
        self.session.client_gone()

    # -- comebacks -------------------------------------------------------------------------------------------------

    def _leave(self, sentence: str) -> None:
        """The server is not there (any more): tell, and try again later."""
        log.warning("%s is left out for now: %s", self.name, sentence)
        self._upstream = None
        self.is_ready = False
        self.session.server_gone(sentence)
        self._owner.left(self, sentence)
        self.retry_later()

    def retry_later(self) -> None:
        """Start the server again after a while."""
        self.is_ready = False
        if self._stopped or self._retry is not None or self._server is None:
            return
        seconds = min(FIRST_RETRY_SECONDS * 2**self._failures, LONGEST_RETRY_SECONDS)
        self._failures = min(self._failures + 1, 16)
        self._retry = asyncio.get_running_loop().call_later(seconds, self.retry_now)

    def retry_now(self) -> None:
        """Start the server again, unless it is being started."""
        self._retry = None
        if not self._stopped and not self._starting:
            spawn(self._come_back(self._set_aside()), name=f"restart {self.name}")

    async def join(self) -> None:
        """Start a server of which the client does not know yet."""
        await self._come_back(None)

    async def _come_back(self, former: StdioUpstream | HttpUpstream | None) -> None:
        await self._start_after(former)
        if self._upstream is not None:
            self._owner.came(self)

    def has_come(self, greeting: dict[str, Any]) -> None:
        """Hear what the server said of itself. It is well: its next failure is its first."""
        self.greeting = greeting
        self.is_ready = True
        self.session.fault = ""
        self._failures = 0

    @property
    def capabilities(self) -> dict[str, Any]:
        """What the server says it can do; nothing before it has."""
        found = (self.greeting or {}).get("capabilities")
        return found if isinstance(found, dict) else {}

    # -- from the client -------------------------------------------------------------------------------------------

    def client(self, number: int, message: dict[str, Any]) -> None:
        """Take a message of the client's, or of the owner's."""
        self.was_spoken_to = True
        line = jsonrpc.encode(message)
        if self._starting:
            self._held.append((number, line))
        else:
            self.session.client_line(number, line)

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

    def pause_reading(self, paused: bool) -> None:
        """Stop or go on reading what the server sends."""
        if self._upstream is not None:
            self._upstream.pause_reading(paused)

    # -- what the session sends ------------------------------------------------------------------------------------

    def to_client(self, number: int | None, message: bytes) -> None:
        """Hand a message to the owner."""
        self._owner.heard(self, number, message)

    def to_server(self, message: bytes) -> bool:
        """Send a message to the server; those of one batch go out together."""
        if self._upstream is None or not self._upstream.is_running:
            return False
        if self._silence is None and isinstance(self._server, StdioServer):
            seconds = self._house.start_seconds
            self._silence = asyncio.get_running_loop().call_later(seconds, self._server_silent, self._upstream)
        self._out.append(message)
        if not self._batching:
            self.flush()
        return True

    def server_noise(self, line: bytes) -> None:
        """Keep a line of the server's stdout that is no JSON-RPC."""
        self._house.server_log(self.name).write("stdout", line)

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
                    log.exception("a line of %s could not be handled", self.name)
            if self._silence is not None:
                self._silence.cancel()
            if self._house.gate.has_rulings:
                self._house.gate.commit()

        self._owner.batch(take)

    def _server_unanswered(self, request_id: Any, line: bytes) -> None:
        """Hear that a request to a server over HTTP came to nothing, and what its sender is to be told."""

        def take() -> None:
            self.session.request_ended(request_id, line)
            if self._silence is not None:
                self._silence.cancel()
            if self._house.gate.has_rulings:
                self._house.gate.commit()

        self._owner.batch(take)

    def _server_silent(self, upstream: StdioUpstream | HttpUpstream) -> None:
        if self._upstream is upstream:
            self._upstream = None
            seconds = self._house.start_seconds
            self._leave(f"The server {self.name} was started but has not answered within {seconds:g} seconds.")
            spawn(upstream.stop(0), name=f"stop {self.name}")

    def _server_exited(self, end: UpstreamExit) -> None:
        if self._upstream is not None and not self._stopped and not self._upstream.is_running:
            self._leave(f"The server {self.name} has ended: {end}")
