"""Remembers what was sent on each stream of a session, so that a client whose connection broke can read on.

A session's messages come in as they are sent, and go out again to a client that names the last event it got. Ids of
requests are the client's own, so each session has a store of its own. What is kept is bounded in bytes: the oldest goes
first.
"""

from collections import deque

MOST_BYTES = 2 * 1024 * 1024
"""Bytes of messages that one session keeps."""
_OVERHEAD = 200
"""Bytes that an event costs beside its message."""


class RecentEvents:
    """The last events of all streams, oldest first; an empty message is a stream's opening, which is not sent again."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._events: deque[tuple[int, str, bytes]] = deque()
        self._most = most_bytes
        self._last = 0
        self.size = 0
        """Bytes that are kept."""

    def keep(self, stream: str, message: bytes) -> int:
        """Keep an event; return its number."""
        self._last += 1
        self._events.append((self._last, stream, message))
        self.size += len(message) + _OVERHEAD
        while self.size > self._most:
            self.size -= len(self._events.popleft()[2]) + _OVERHEAD
        return self._last

    def after(self, last_event_id: str) -> tuple[str, list[tuple[int, bytes]]] | None:
        """The stream of an event, and what was sent on it afterwards; None for an event that is not kept."""
        stream = next((stream for number, stream, _ in self._events if str(number) == last_event_id), None)
        if stream is None:
            return None
        later = [(number, message) for number, of, message in self._events if of == stream and message]
        return stream, [one for one in later if one[0] > int(last_event_id)]
