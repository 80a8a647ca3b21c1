"""The server's end of a bridge: messages go to a program's stdin, and come from its stdout.

`Upstream` is all that the HTTP side knows of it, so whatever else carries JSON-RPC messages can take its place.
"""

import logging
import os
from collections.abc import AsyncIterable, AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Protocol

import anyio
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.shared.message import SessionMessage
from mcp_types import JSONRPCMessage

log = logging.getLogger(__name__)


Readable = AsyncIterable[SessionMessage | Exception]
"""What the SDK's transports give to read from: messages, and what they could not read."""


class Writable(Protocol):
    """What the SDK's transports give to write to."""

    async def send(self, item: SessionMessage, /) -> None:
        """Send a message."""
        ...


class UpstreamGone(Exception):
    """The server cannot be reached (any more): a sentence."""


class Upstream(Protocol):
    """A server to talk to."""

    async def send(self, message: JSONRPCMessage) -> None:
        """Send a message. Raises `UpstreamGone`."""
        ...

    def messages(self) -> AsyncIterator[JSONRPCMessage]:
        """What the server says, until it ends."""
        ...


Connect = Callable[[], AbstractAsyncContextManager[Upstream]]
"""Starts a server, or a conversation with one, and ends it on leaving. Raises `UpstreamGone`."""


class _StdioUpstream:
    def __init__(self, read: Readable, write: Writable) -> None:
        self._read = read
        self._write = write

    async def send(self, message: JSONRPCMessage) -> None:
        try:
            await self._write.send(SessionMessage(message))
        except (anyio.ClosedResourceError, anyio.BrokenResourceError) as fault:
            raise UpstreamGone("The server has ended.") from fault

    async def messages(self) -> AsyncIterator[JSONRPCMessage]:
        async for item in self._read:
            if isinstance(item, Exception):
                log.warning("the server wrote a line that is no JSON-RPC: %s", item)
            else:
                yield item.message


def stdio_program(command: Sequence[str]) -> Connect:
    """Return what starts the program anew for each conversation."""

    @asynccontextmanager
    async def connect() -> AsyncIterator[Upstream]:
        program = StdioServerParameters(command=command[0], args=list(command[1:]), env=dict(os.environ))
        async with AsyncExitStack() as ends:
            try:
                read, write = await ends.enter_async_context(stdio_client(program))
            except OSError as fault:
                raise UpstreamGone(f"The server could not be started: {command[0]}: {fault.strerror}") from fault
            yield _StdioUpstream(read, write)

    return connect
