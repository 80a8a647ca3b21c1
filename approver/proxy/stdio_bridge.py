"""HTTP before one stdio server, for one grant's clients: both eras of the protocol at one address.

    request ─┬─ a handshake revision, or none named ──> stdio_sessions: a server process for each session
             └─ any other revision ──────────────────> stdio_requests: one server process for all requests

The header that names the revision decides, as in the SDK: a stdio server serves the era of the first request that it
gets, and no other. Importing this loads the SDK, which takes a while and 40 MiB: see stdio_carrier.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio
from mcp.shared.inbound import MCP_PROTOCOL_VERSION_HEADER
from mcp_types.version import HANDSHAKE_PROTOCOL_VERSIONS

from approver.proxy import jsonrpc
from approver.proxy.http_exchange import Exchange
from approver.proxy.stdio_messages import Connect
from approver.proxy.stdio_requests import SharedUpstream, StatelessRequests
from approver.proxy.stdio_sessions import HandshakeSessions

_REVISION = MCP_PROTOCOL_VERSION_HEADER.encode("ascii")


class StdioBridge:
    """Answers HTTP requests. `serving()` must be entered while it does."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._sessions: HandshakeSessions | None = None
        self._requests: StatelessRequests | None = None

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Serve; on leaving, every session and every server that was started ends."""
        async with anyio.create_task_group() as group:
            self._sessions = HandshakeSessions(self._connect, group)
            self._requests = StatelessRequests(SharedUpstream(self._connect, group))
            async with self._requests.manager.run():
                yield
            group.cancel_scope.cancel()

    async def handle(self, exchange: Exchange, message: dict[str, Any] | None) -> None:
        """Answer one request; `message` is a POST's, strictly parsed: what goes on is it, encoded again."""
        assert self._sessions is not None and self._requests is not None, "serving() is not entered"
        asgi = exchange.as_asgi(b"" if message is None else jsonrpc.encode(message))
        revision = exchange.header(_REVISION).decode("latin-1")
        if not revision or revision in HANDSHAKE_PROTOCOL_VERSIONS:
            await self._sessions.handle(*asgi, message)
        else:
            await self._requests.handle(*asgi)
