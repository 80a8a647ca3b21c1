"""What the HTTP side knows of a stdio server: somebody who takes messages and gives lines, until it ends.

`Upstream` is all of it, so a plain program can take the place of a server behind the gate.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

from approver.proxy.jsonrpc import is_request_id

Message = dict[str, Any]
"""A message as it was read: who has it, does not change it."""


class UpstreamGone(Exception):
    """The server cannot be reached (any more): a sentence."""


class Upstream(Protocol):
    """A server to talk to."""

    @property
    def ending(self) -> str:
        """Why it has ended, in a sentence; asked once `messages` is over."""
        ...

    async def send(self, message: Message) -> None:
        """Send a message. Raises `UpstreamGone`."""
        ...

    def messages(self) -> AsyncIterator[bytes]:
        """What the server says, a message of JSON text each, until it ends."""
        ...

    def hang_up(self, request_id: str | int) -> bool:
        """Hear that nobody waits for a request's answer any more; whether it will have none because of that."""
        ...


Connect = Callable[[str], AbstractAsyncContextManager[Upstream]]
"""Starts a server, or a conversation with one, for a session's id (empty: for stateless requests), and ends it on
leaving. Raises `UpstreamGone`."""


def is_request(message: Mapping[str, Any]) -> bool:
    """Whether a message that a client sent is a well-formed request."""
    return is_request_id(message.get("id")) and _is_told(message)


def is_notification(message: Mapping[str, Any]) -> bool:
    """Whether it is a well-formed notification."""
    return "id" not in message and _is_told(message)


def is_response(message: Mapping[str, Any]) -> bool:
    """Whether it is a well-formed response, to a request of the server's."""
    if message.get("jsonrpc") != "2.0" or "method" in message or ("result" in message) == ("error" in message):
        return False
    if "result" in message:
        return is_request_id(message.get("id")) and isinstance(message["result"], dict)
    return "id" in message and (message["id"] is None or is_request_id(message["id"]))


def _is_told(message: Mapping[str, Any]) -> bool:
    is_shaped = message.get("jsonrpc") == "2.0" and isinstance(message.get("method"), str)
    is_one = "result" not in message and "error" not in message
    return is_shaped and is_one and isinstance(message.get("params"), dict | None)
