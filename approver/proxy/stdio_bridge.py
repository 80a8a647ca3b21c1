"""HTTP before one stdio server, for one grant's clients: both eras of the protocol at one address.

    request ─┬─ a handshake revision, or none named ──> stdio_sessions: a server process for each session
             └─ any other revision ──────────────────> stdio_requests: one server process for all requests

The header that names the revision decides, as in the SDK: a stdio server serves the era of the first request that it
gets, and no other. The SDK, of which stateless requests need a part, is loaded with the first of them, in a thread: it
takes a while and 40 MiB.
"""

import asyncio
import importlib
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from approver.proxy.http_exchange import Exchange
from approver.proxy.many_merging import HANDSHAKE_REVISIONS
from approver.proxy.stdio_messages import Connect
from approver.proxy.stdio_sessions import REVISION_HEADER, HandshakeSessions
from approver.proxy.stdio_shared import SharedUpstream
from approver.tasks import spawn

if TYPE_CHECKING:
    from approver.proxy.stdio_requests import StatelessRequests

TEND_SECONDS = 15.0
"""How often silent streams are kept alive, and it is looked who was idle for too long."""


class StdioBridge:
    """Answers HTTP requests. `serving()` must be entered while it does."""

    def __init__(self, connect: Connect) -> None:
        self._sessions = HandshakeSessions(connect)
        self._shared = SharedUpstream(connect)
        self._requests: StatelessRequests | None = None

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Serve; on leaving, every session and every server that was started ends."""
        tending = spawn(self._tend(), name="tend HTTP streams")
        try:
            yield
        finally:
            tending.cancel()
            await asyncio.gather(self._sessions.close(), self._shared.close())

    async def _tend(self) -> None:
        while True:
            await asyncio.sleep(TEND_SECONDS)
            now = asyncio.get_running_loop().time()
            self._sessions.tend(now)
            self._shared.tend(now)

    def handle(self, exchange: Exchange, message: dict[str, Any] | None) -> Awaitable[None]:
        """Answer one request; `message` is a POST's, strictly parsed."""
        revision = exchange.header(REVISION_HEADER).decode("latin-1")
        if not revision or revision in HANDSHAKE_REVISIONS:
            return self._sessions.handle(exchange, message)
        if self._requests is None:
            return self._load(exchange, message)
        return self._requests.handle(exchange, message)

    async def _load(self, exchange: Exchange, message: dict[str, Any] | None) -> None:
        module = await asyncio.to_thread(importlib.import_module, "approver.proxy.stdio_requests")
        self._requests = self._requests or module.StatelessRequests(self._shared)
        await self._requests.handle(exchange, message)
