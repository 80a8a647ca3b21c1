"""`/mcp`: HTTP clients before all servers of their grant, each session with a `Many` of its own.

    front ── request, grant ──> ManyCarrier ──> the grant's bridge ──> ManyTalk ──> Many ──> every server

Sessions, streams and stateless requests are carried as before one stdio server; only who is talked to differs.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import anyio

from approver.model import ALL_SERVERS, Caller, Grant, StdioServer
from approver.proxy import jsonrpc
from approver.proxy.conversation import House
from approver.proxy.http_exchange import Exchange
from approver.proxy.many import Many
from approver.proxy.session import Session
from approver.proxy.stdio_carrier import StdioCarrier
from approver.proxy.stdio_messages import Message, Upstream, UpstreamGone
from approver.servers import Server

MOST_UNREAD = 1024
"""How many messages may wait for the HTTP side; then the servers wait."""
_ENDED = "Approver has ended this conversation: its servers or its grant were edited, or Approver was closed."


class ManyTalk:
    """One session's servers as the HTTP side talks to them: its `Upstream`."""

    def __init__(self, house: House, servers: Sequence[Server], caller: Caller, run_folder: Path) -> None:
        self._house = house
        self._said: deque[bytes] = deque()
        self._stirred = asyncio.Event()
        self._takes = asyncio.Event()
        self._takes.set()
        self._paused = False
        self._count = 0
        self.ending = ""
        """Why it has ended, in a sentence; empty while it lasts."""
        self.many = Many(house, servers, caller, self._to_client, run_folder, on_pause=self._pause_client)

    async def send(self, message: Message) -> None:
        """Take a message of the client's."""
        await self._takes.wait()
        if self.ending:
            raise UpstreamGone(self.ending)
        self._count += 1
        self.many.client_line(self._count, jsonrpc.encode(message))
        if self._house.gate.has_rulings:
            self._house.gate.commit()

    async def messages(self) -> AsyncIterator[bytes]:
        """What the client is to get, until all is over."""
        while self._said or not self.ending:
            if not self._said:
                self._stirred.clear()
                await self._stirred.wait()
                continue
            message = self._said.popleft()
            if self._paused and len(self._said) <= MOST_UNREAD // 2:
                self._pause_servers(False)
            yield message

    def hang_up(self, request_id: str | int) -> bool:
        """Hear that a request's client has gone: a held call is withdrawn, the result of a running one is kept."""
        return self.many.hang_up(request_id)

    async def stop(self) -> None:
        """End the servers."""
        self.ending = self.ending or _ENDED
        self._takes.set()
        self._stirred.set()
        await self.many.stop()

    def _to_client(self, number: int | None, message: bytes) -> None:
        if not message:  # a line that needs no answer
            return
        self._said.append(message)
        self._stirred.set()
        if len(self._said) > MOST_UNREAD and not self._paused:
            self._pause_servers(True)

    def _pause_client(self, paused: bool) -> None:
        (self._takes.clear if paused else self._takes.set)()

    def _pause_servers(self, paused: bool) -> None:
        self._paused = paused
        self.many.pause_servers(paused)


class ManyCarrier(StdioCarrier):
    """Carries the requests of all clients to the servers of their grants, as `servers_of` tells them."""

    def __init__(self, house: House, servers_of: Callable[[Grant], Sequence[Server]], run_folder: Path) -> None:
        super().__init__(house, StdioServer("that was asked", ""), run_folder)
        self._servers_of = servers_of
        self._many: dict[str, ManyTalk] = {}
        self._made_for: dict[str, tuple[Grant, tuple[Server, ...]]] = {}

    async def carry(self, exchange: Exchange, grant: Grant, message: dict[str, Any] | None) -> None:
        """Answer one request; `message` is a POST's, parsed."""
        if grant.name not in self._made_for:
            self._made_for[grant.name] = (grant, tuple(self._servers_of(grant)))
        await super().carry(exchange, grant, message)

    def renew(self, grants: Iterable[Grant]) -> None:
        """Hear that servers or grants were edited: what runs for those grants ends, their clients begin anew."""
        now = {grant.name: (grant, tuple(self._servers_of(grant))) for grant in grants}
        self._made_for = {name: made for name, made in self._made_for.items() if now.get(name) == made}
        self.retain(self._made_for)

    def __len__(self) -> int:
        return len(self._many)

    @property
    def sessions(self) -> Iterator[Session]:
        """Every session: each client has one with each of its servers."""
        for talk in self._many.values():
            yield from (behind.session for behind in talk.many.behind.values())

    def session(self, name: str) -> Session | None:
        """One server's session by the name that its caller has for the gate."""
        client, _, server = name.rpartition("/")
        talk = self._many.get(client)
        behind = None if talk is None else talk.many.behind.get(server)
        return None if behind is None else behind.session

    async def end_servers(self, grant: str) -> None:
        """End the servers that run for a grant."""
        ending = [talk.stop() for talk in self._many.values() if talk.many.caller.grant == grant]
        await asyncio.gather(*ending)

    def connect(self, grant: Grant, session: str) -> AbstractAsyncContextManager[Upstream]:
        """Servers of its own for a session, through the gate."""

        @asynccontextmanager
        async def connected() -> Any:
            caller = Caller(f"{grant.name}/all-{session}", grant.name, ALL_SERVERS, grant.name)
            talk = ManyTalk(self._house, self._servers_of(grant), caller, self._run_folder)
            self._many[caller.session] = talk
            talk.many.start()
            try:
                yield talk
            finally:
                self._many.pop(caller.session, None)
                with anyio.CancelScope(shield=True):
                    await talk.stop()

        return connected()
