"""Puts HTTP before any MCP server that speaks stdio: `bridge.py [--port PORT] -- COMMAND ARG…`.

    client ──HTTP──> Bridge ─┬─ a handshake revision, or none named ──> bridge_sessions: a server for each session
                             └─ any other revision ──────────────────> bridge_requests: one server for all requests

So that the conformance suite, which speaks HTTP only, can be run against stdio servers. The header that names the
revision decides, as in the SDK: a stdio server serves the era of the first request that it gets, and no other.
"""

import argparse
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
import uvicorn
from bridge_requests import SharedUpstream, StatelessRequests
from bridge_sessions import HandshakeSessions
from bridge_upstream import Connect, stdio_program
from mcp.server.transport_security import RequestBodyLimitMiddleware, TransportSecuritySettings
from mcp.shared.inbound import MCP_PROTOCOL_VERSION_HEADER
from mcp_types.version import HANDSHAKE_PROTOCOL_VERSIONS
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

LONGEST_BODY = 16 * 1024 * 1024
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


class Bridge:
    """The ASGI application. `serving()` must be entered while it is called."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._security = TransportSecuritySettings(
            allowed_hosts=[f"{host}:*" for host in LOOPBACK],
            allowed_origins=[f"http://{host}:*" for host in LOOPBACK],
        )
        self._limited = RequestBodyLimitMiddleware(self._route, LONGEST_BODY)
        self._sessions: HandshakeSessions | None = None
        self._requests: StatelessRequests | None = None

    @asynccontextmanager
    async def serving(self, _: object = None) -> AsyncIterator[None]:
        """Serve; on leaving, every session and every server that was started ends."""
        async with anyio.create_task_group() as group:
            self._sessions = HandshakeSessions(self._connect, self._security, group)
            self._requests = StatelessRequests(SharedUpstream(self._connect, group), self._security)
            async with self._requests.manager.run():
                yield
            group.cancel_scope.cancel()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one HTTP request."""
        await self._limited(scope, receive, send)

    async def _route(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self._sessions is not None and self._requests is not None, "serving() is not entered"
        revision = Request(scope).headers.get(MCP_PROTOCOL_VERSION_HEADER)
        if revision is None or revision in HANDSHAKE_PROTOCOL_VERSIONS:
            await self._sessions.handle(scope, receive, send)
        else:
            await self._requests.handle(scope, receive, send)


def application(connect: Connect) -> Starlette:
    """The bridge at the path that the suite expects."""
    bridge = Bridge(connect)
    return Starlette(routes=[Route("/mcp", bridge)], lifespan=bridge.serving)


async def serve(connect: Connect, port: int) -> None:
    """Serve on the loopback address; print the address as soon as connections are taken. Port 0: any free one."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen()
        print(f"http://127.0.0.1:{listener.getsockname()[1]}/mcp", flush=True)
        # httptools, which uvicorn takes where it is installed, leaves white space at the end of a header's value.
        config = uvicorn.Config(application(connect), http="h11", log_level="warning", timeout_graceful_shutdown=1)
        await uvicorn.Server(config).serve(sockets=[listener])


def main() -> None:
    """Serve before the command of the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("command", nargs="+", help="the server and its arguments, after --")
    options = parser.parse_args()
    anyio.run(serve, stdio_program(options.command), options.port)


if __name__ == "__main__":
    main()
