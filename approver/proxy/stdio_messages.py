"""What the HTTP side knows of a stdio server: somebody who takes messages and gives messages, until it ends.

`Upstream` is all of it, so a plain program can take the place of a server behind the gate.
"""

from collections.abc import AsyncIterable, AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from mcp.shared.message import SessionMessage
from mcp_types import JSONRPCMessage

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

    @property
    def ending(self) -> str:
        """Why it has ended, in a sentence; asked once `messages` is over."""
        ...

    async def send(self, message: JSONRPCMessage) -> None:
        """Send a message. Raises `UpstreamGone`."""
        ...

    def messages(self) -> AsyncIterator[JSONRPCMessage]:
        """What the server says, until it ends."""
        ...

    def hang_up(self, request_id: str | int) -> bool:
        """Hear that nobody waits for a request's answer any more; whether it will have none because of that."""
        ...


Connect = Callable[[str], AbstractAsyncContextManager[Upstream]]
"""Starts a server, or a conversation with one, for a session's id (empty: for stateless requests), and ends it on
leaving. Raises `UpstreamGone`."""
