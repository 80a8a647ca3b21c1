"""Cuts a stream of bytes into lines, however the pieces come. Bytes in, the lines that they complete out."""

from collections.abc import Callable


class LineSplitter:
    """The lines of one stream, without their ends; empty ones are left out.

    A line longer than `limit` is dropped as it comes, so that memory stays bounded; `on_dropped` is told its length.
    """

    def __init__(self, limit: int, on_dropped: Callable[[int], None]) -> None:
        self._limit = limit
        self._on_dropped = on_dropped
        self._begun: list[bytes] = []
        """The pieces of the line that has not ended yet: joined once, at its end."""
        self._length = 0

    def feed(self, data: bytes) -> list[bytes]:
        """Take bytes; return the lines that have ended."""
        if b"\n" not in data:
            self._begin(data)
            return []
        first, *lines, last = data.split(b"\n")
        lines.insert(0, first)
        if self._length:
            self._begin(first)
            lines[0] = self.rest() or b""
        if last:
            self._begin(last)
        return [line for line in lines if line]

    def rest(self) -> bytes:
        """Take the line that has not ended: the stream has, or the caller has its end."""
        line = b"".join(self._begun)
        if self._length > self._limit:
            self._on_dropped(self._length)
            line = b""
        self._begun, self._length = [], 0
        return line

    def _begin(self, data: bytes) -> None:
        self._length += len(data)
        if self._length > self._limit:
            self._begun.clear()
        else:
            self._begun.append(data)
