"""Puts HTTP before any MCP server that speaks stdio: `bridge.py [--port PORT] -- COMMAND ARG…`.

    client ──HTTP──> address checked, body parsed ──> Approver's own StdioBridge ──> the command, with no gate between

So that the conformance suite, which speaks HTTP only, can be run against stdio servers, `approver connect` among them.
"""

import argparse
import json
import logging
import os
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import anyio
import uvicorn
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.shared.message import SessionMessage
from mcp_types import jsonrpc_message_adapter

from approver.proxy import jsonrpc
from approver.proxy.http_exchange import Exchange
from approver.proxy.http_guard import check_address
from approver.proxy.stdio_bridge import StdioBridge
from approver.proxy.stdio_messages import Connect, Message, Upstream, UpstreamGone

log = logging.getLogger(__name__)


class _Program:
    """A server's own process, with nothing between."""

    ending = "The server has ended."

    def __init__(self, read: Any, write: Any) -> None:
        self._read = read
        self._write = write

    async def send(self, message: Message) -> None:
        try:
            await self._write.send(SessionMessage(jsonrpc_message_adapter.validate_python(message, by_name=False)))
        except (anyio.ClosedResourceError, anyio.BrokenResourceError) as fault:
            raise UpstreamGone(self.ending) from fault

    async def messages(self) -> AsyncIterator[bytes]:
        async for item in self._read:
            if isinstance(item, Exception):
                log.warning("the server wrote a line that is no JSON-RPC: %s", item)
            else:
                yield json.dumps(item.message.model_dump(by_alias=True, exclude_unset=True)).encode()

    def hang_up(self, request_id: str | int) -> bool:
        return False


def stdio_program(command: Sequence[str]) -> Connect:
    """Return what starts the program anew for each conversation."""

    @asynccontextmanager
    async def connect(_: str) -> AsyncIterator[Upstream]:
        program = StdioServerParameters(command=command[0], args=list(command[1:]), env=dict(os.environ))
        async with AsyncExitStack() as ends:
            try:
                read, write = await ends.enter_async_context(stdio_client(program))
            except OSError as fault:
                raise UpstreamGone(f"The server could not be started: {command[0]}: {fault.strerror}") from fault
            yield _Program(read, write)

    return connect


async def answer(bridge: StdioBridge, exchange: Exchange, port: int) -> None:
    """Do what Approver's front does with a request, but for the token and the gate."""
    if refusal := check_address(exchange.headers, port):
        await exchange.refuse(refusal)
        return
    try:
        message = jsonrpc.parse(await exchange.body()) if exchange.method == "POST" else None
    except jsonrpc.WireFault as fault:
        await exchange.answer_json(400, jsonrpc.error(fault.request_id, fault.code, fault.message))
    else:
        await bridge.handle(exchange, message)


async def serve(connect: Connect, port: int) -> None:
    """Serve on the loopback address; print the address as soon as connections are taken. Port 0: any free one."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen()
        taken: int = listener.getsockname()[1]
        bridge = StdioBridge(connect)

        async def app(scope: Any, receive: Any, send: Any) -> None:
            await answer(bridge, Exchange(scope, receive, send), taken)

        print(f"http://127.0.0.1:{taken}/mcp", flush=True)
        config = uvicorn.Config(app, lifespan="off", log_level="warning", timeout_graceful_shutdown=1)
        async with bridge.serving():
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
