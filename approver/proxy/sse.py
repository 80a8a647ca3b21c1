"""Server-sent events, cut out of a stream of bytes without changing any of it."""

_BREAKS = (b"\n\n", b"\r\n\r\n", b"\r\r")
MOST_BUFFERED = 64 * 1024 * 1024
"""Bytes of one event."""


class TooLong(Exception):
    """An event is longer than is read."""


class EventReader:
    """Splits a stream into events; joined, what `feed` returns and what `rest` returns is what came in."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """Take bytes; return the complete events, each with the blank line that ends it. Raises `TooLong`."""
        self._buffer += data
        events: list[bytes] = []
        while (end := self._end()) > 0:
            events.append(bytes(self._buffer[:end]))
            del self._buffer[:end]
        if len(self._buffer) > MOST_BUFFERED:
            raise TooLong
        return events

    def rest(self) -> bytes:
        """What has not been ended by a blank line."""
        return bytes(self._buffer)

    def _end(self) -> int:
        found = [at + len(mark) for mark in _BREAKS if (at := self._buffer.find(mark)) >= 0]
        return min(found, default=0)


def data_of(event: bytes) -> bytes:
    """The data of an event: its `data` lines, joined."""
    lines = event.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    return b"\n".join(line[5:].removeprefix(b" ") for line in lines if line.startswith(b"data:"))


def with_data(event: bytes, data: bytes) -> bytes:
    """The event with other data; its other fields stay."""
    lines = event.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    kept = [line for line in lines if line and not line.startswith(b"data:")]
    return b"\n".join([*kept, b"data: " + data]) + b"\n\n"
