"""Remembers what was sent on each stream of a session, so that a client whose connection broke can read on.

Messages come in from the SDK's transport, and go out again to a client that names the last event it got. The SDK names
a stream by its request's id, which other sessions have as well, so each session has a store of its own. What is kept is
bounded in bytes: the oldest goes first.
"""

from collections import deque

from mcp.server.streamable_http import EventCallback, EventMessage, EventStore
from mcp_types import JSONRPCMessage, jsonrpc_message_adapter

MOST_BYTES = 2 * 1024 * 1024
"""Bytes of messages that one session keeps."""
_OVERHEAD = 200
"""Bytes that an event costs beside its message."""


class RecentEvents(EventStore):
    """The last events of all streams, oldest first; an empty message is a stream's opening, which is not sent again."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._events: deque[tuple[int, str, bytes]] = deque()
        self._most = most_bytes
        self._last = 0
        self.size = 0
        """Bytes that are kept."""

    async def store_event(self, stream_id: str, message: JSONRPCMessage | None) -> str:
        """Keep an event; return its id."""
        self._last += 1
        text = b"" if message is None else message.model_dump_json(by_alias=True, exclude_unset=True).encode()
        self._events.append((self._last, stream_id, text))
        self.size += len(text) + _OVERHEAD
        while self.size > self._most:
            self.size -= len(self._events.popleft()[2]) + _OVERHEAD
        return str(self._last)

    async def replay_events_after(self, last_event_id: str, send_callback: EventCallback) -> str | None:
        """Send what came on the event's stream after it; return the stream, or None for an event not kept."""
        stream = next((stream for number, stream, _ in self._events if str(number) == last_event_id), None)
        if stream is None:
            return None
        for number, of_stream, text in list(self._events):
            if of_stream == stream and number > int(last_event_id) and text:
                message = jsonrpc_message_adapter.validate_json(text, by_name=False)
                await send_callback(EventMessage(message, str(number)))
        return stream
