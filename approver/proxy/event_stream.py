"""Server-sent events as values: the bytes of a stream go in, events come out, however the pieces fall.

Follows the event stream format of the HTML standard. Events without data come out as well: their id and their waiting
time are what a broken stream is resumed with.
"""

from dataclasses import dataclass

LONGEST_EVENT = 64 * 1024 * 1024
"""Bytes of one event; a longer one ends the stream."""
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class EventTooLong(Exception):
    """An event has more bytes than are kept."""

    def __init__(self) -> None:
        super().__init__(f"an event of its stream has more than {LONGEST_EVENT:,} bytes")


@dataclass(frozen=True, slots=True)
class ServerEvent:
    """One event; what it does not say is empty or None."""

    data: bytes = b""
    kind: str = "message"
    id: str | None = None
    """What to resume after; an empty one takes back those before it."""
    retry: float | None = None
    """Seconds to wait before the stream is opened again."""


class EventStream:
    """Reads one stream."""

    def __init__(self) -> None:
        self._begun: list[bytes] = []
        """The pieces of the line that has not ended."""
        self._size = 0
        self._has_begun = False
        self._skips_feed = False
        self._data: list[bytes] = []
        self._kind = ""
        self._id: str | None = None
        self._retry: float | None = None

    def feed(self, data: bytes) -> list[ServerEvent]:
        """Take bytes; return the events that they complete. Raises `EventTooLong`."""
        data = self._joined_breaks(data)
        self._size += len(data)
        if self._size > LONGEST_EVENT:
            raise EventTooLong
        first, *more = data.split(b"\n")
        self._begun.append(first)
        events: list[ServerEvent] = []
        for rest in more:
            line = b"".join(self._begun)
            self._begun = [rest]
            if line:
                self._field(line)
            elif event := self._complete(len(rest)):
                events.append(event)
        return events

    def _joined_breaks(self, data: bytes) -> bytes:
        """Make every line break a line feed: also those of two bytes that came in two pieces."""
        if not self._has_begun and data:
            self._has_begun = True
            data = data.removeprefix(_BYTE_ORDER_MARK)
        if self._skips_feed and data:
            data = data.removeprefix(b"\n")
            self._skips_feed = False
        if b"\r" in data:
            self._skips_feed = data.endswith(b"\r")
            data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        return data

    def _field(self, line: bytes) -> None:
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if name == b"data":
            self._data.append(value)
        elif name == b"event":
            self._kind = value.decode("utf-8", "replace")
        elif name == b"id" and b"\0" not in value:
            self._id = value.decode("utf-8", "replace")
        elif name == b"retry" and value.isdigit():
            self._retry = int(value[:9]) / 1000

    def _complete(self, begun: int) -> ServerEvent | None:
        says_nothing = not self._data and self._id is None and self._retry is None
        event = ServerEvent(b"\n".join(self._data), self._kind or "message", self._id, self._retry)
        self._clear()
        self._size = begun
        return None if says_nothing else event

    def _clear(self) -> None:
        self._data = []
        self._kind = ""
        self._id = None
        self._retry = None
