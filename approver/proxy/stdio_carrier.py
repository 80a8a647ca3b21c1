"""Carries HTTP clients' requests to one stdio server: a bridge for each grant, made when its first request comes.

    front ── request, grant ──> StdioCarrier ──> the grant's StdioBridge ──> Talk ──> server processes

Grants share nothing: no session, no process, and so neither logs nor tasks of each other's.
"""

import asyncio
import logging
from collections.abc import Collection, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

from approver.model import Caller, Grant, StdioServer
from approver.proxy.conversation import House
from approver.proxy.http_exchange import Exchange
from approver.proxy.http_guard import Refusal
from approver.proxy.session import Session
from approver.proxy.stdio_bridge import StdioBridge
from approver.proxy.stdio_messages import Upstream
from approver.proxy.stdio_talk import Talk, talking
from approver.proxy.underway import Underway
from approver.tasks import spawn

log = logging.getLogger(__name__)

LAST_WORDS_SECONDS = 1.0
"""How long the answers to calls whose server was ended may take to go out."""


class StdioCarrier:
    """Carries the requests of all clients to one server."""

    def __init__(self, house: House, server: StdioServer, run_folder: Path) -> None:
        self._house = house
        self._server = server
        self._run_folder = run_folder
        self._served: dict[str, _Served] = {}
        self._talks: dict[str, Talk] = {}
        self._closed = False

    @property
    def name(self) -> str:
        """The server's."""
        return self._server.name

    def __len__(self) -> int:
        return len(self._talks)

    async def carry(self, exchange: Exchange, grant: Grant, message: dict[str, Any] | None) -> None:
        """Answer one request; `message` is a POST's, parsed."""
        if self._closed:
            await exchange.refuse(_just_edited(self.name))
            return
        served = self._served.get(grant.name)
        if served is None:
            served = self._served[grant.name] = _Served(self, grant)
        if message is None:
            await served.bridge.handle(exchange, None)
            return
        with served.posts:
            await served.bridge.handle(exchange, message)

    @property
    def sessions(self) -> Iterator[Session]:
        """Every session."""
        yield from (talk.session for talk in self._talks.values())

    def session(self, name: str) -> Session | None:
        """The session by the name that its caller has for the gate."""
        talk = self._talks.get(name)
        return None if talk is None else talk.session

    async def end_servers(self, grant: str) -> None:
        """End the servers that run for a grant."""
        ending = [talk.stop() for talk in self._talks.values() if talk.session.caller.grant == grant]
        await asyncio.gather(*ending)

    def forget(self, served: "_Served") -> None:
        """Hear that a grant's bridge serves no more: the next request gets another."""
        self._served = {name: one for name, one in self._served.items() if one is not served}

    def retain(self, grants: Collection[str]) -> None:
        """End everything of the grants that are not among these: they were revoked."""
        for name in [name for name in self._served if name not in grants]:
            spawn(self._served.pop(name).close(), name=f"end {name}")

    async def close(self) -> None:
        """End all sessions and their servers."""
        self._closed = True
        ending, self._served = list(self._served.values()), {}
        await asyncio.gather(*(served.close() for served in ending))

    def connect(self, grant: Grant, session: str) -> AbstractAsyncContextManager[Upstream]:
        """A server process of its own for a session, through the gate."""

        @asynccontextmanager
        async def connected() -> Any:
            caller = Caller(f"{grant.name}/{session}", grant.name, self._server.name, grant.name)
            talk = Talk(self._house, self._server, caller, self._run_folder)
            self._talks[caller.session] = talk
            try:
                async with talking(talk):
                    yield talk
            finally:
                if self._talks.get(caller.session) is talk:
                    del self._talks[caller.session]

        return connected()


class _Served:
    """One grant's bridge while it serves, in a task of its own."""

    def __init__(self, carrier: StdioCarrier, grant: Grant) -> None:
        self._carrier = carrier
        self._grant = grant
        self._over = asyncio.Event()
        self.posts = Underway()
        self.bridge = StdioBridge(lambda session: carrier.connect(grant, session))
        self._task = spawn(self._serve(), name=f"HTTP clients of {grant.name}")
        self._task.add_done_callback(lambda _: carrier.forget(self))

    async def _serve(self) -> None:
        async with self.bridge.serving():
            await self._over.wait()

    async def close(self) -> None:
        """End every server, let the calls that were running hear of it, then end every session."""
        await self._carrier.end_servers(self._grant.name)
        await self.posts.over(LAST_WORDS_SECONDS)
        self._over.set()
        await asyncio.wait([self._task])


def _just_edited(server: str) -> Refusal:
    return Refusal(503, f"The server {server} was just edited; try again.")
