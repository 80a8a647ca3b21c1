"""What our server remembers of its streams for clients that read on: Approver's own store, as the SDK wants one."""

from mcp.server.streamable_http import EventCallback, EventMessage, EventStore
from mcp_types import JSONRPCMessage, jsonrpc_message_adapter

from approver.proxy.stdio_events import RecentEvents


class KeptEvents(EventStore):
    """The last events of all streams."""

    def __init__(self) -> None:
        self._events = RecentEvents()

    async def store_event(self, stream_id: str, message: JSONRPCMessage | None) -> str:
        """Keep an event; return its id."""
        text = b"" if message is None else message.model_dump_json(by_alias=True, exclude_unset=True).encode()
        return str(self._events.keep(stream_id, text))

    async def replay_events_after(self, last_event_id: str, send_callback: EventCallback) -> str | None:
        """Send what came on the event's stream after it; return the stream, or None for an event not kept."""
        found = self._events.after(last_event_id)
        if found is None:
            return None
        stream, later = found
        for number, text in later:
            await send_callback(EventMessage(jsonrpc_message_adapter.validate_json(text, by_name=False), str(number)))
        return stream
