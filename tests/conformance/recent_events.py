"""Remembers what was sent on each stream, so that a client whose connection broke can read on where it stopped.

Messages come in from the SDK's transport, and go out again to a client that names the last event it got. The SDK names
a stream by its request's id, which
other sessions have as well: give each session a store of its own where that matters.
"""

from collections import deque

from mcp.server.streamable_http import EventCallback, EventMessage, EventStore
from mcp_types import JSONRPCMessage

KEPT = 10_000


class RecentEvents(EventStore):
    """The last events of all streams, oldest first; `None` is a stream's opening, which is not sent again."""

    def __init__(self) -> None:
        self._events: deque[tuple[int, str, JSONRPCMessage | None]] = deque(maxlen=KEPT)
        self._last = 0

    async def store_event(self, stream_id: str, message: JSONRPCMessage | None) -> str:
        """Keep an event; return its id."""
        self._last += 1
        self._events.append((self._last, stream_id, message))
        return str(self._last)

    async def replay_events_after(self, last_event_id: str, send_callback: EventCallback) -> str | None:
        """Send what came on the event's stream after it; return the stream, or None for an event not kept."""
        stream = next((stream for number, stream, _ in self._events if str(number) == last_event_id), None)
        if stream is None:
            return None
        for number, of_stream, message in list(self._events):
            if of_stream == stream and number > int(last_event_id) and message is not None:
                await send_callback(EventMessage(message, str(number)))
        return stream
