"""The journal's tail: a file beside the database that has the newest rows until the database has them.

One `write` of a line to it costs a fraction of a transaction, and survives the death of the process just as well. So a
decision waits for the tail only, and its rows go into the database in batches, a moment later. An engine that opens the
journal takes over what the last one left in the tail.

A line is `r DIGEST CONTENT` for a row, with its canonical content as it was hashed, or `c [...]` for a counter. The
last line may be torn: then nothing that it says has happened.
"""

import errno
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from approver.model import CounterKey

_ROW, _COUNTER = b"r", b"c"
_DIGEST = 64


class KeptRow(NamedTuple):
    """A row, as it was hashed."""

    content: bytes
    digest: bytes


class KeptCounter(NamedTuple):
    """A count."""

    key: CounterKey
    start: int
    used: float


class Tail:
    """The open tail."""

    def __init__(self, path: Path) -> None:
        """Open the tail at `path`, made if it is not there. Raises `OSError`."""
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_CLOEXEC", 0)
        self._descriptor = os.open(path, flags, 0o600)
        self._size = os.fstat(self._descriptor).st_size

    def write(self, rows: Iterable[tuple[bytes, bytes]], counters: Iterable[tuple[CounterKey, int, float]]) -> None:
        """Append rows, each with its content and its digest, and counters; all of it or, with `OSError`, nothing."""
        lines = [b"%b %b %b\n" % (_ROW, digest.hex().encode(), content) for content, digest in rows]
        lines += [b"%b %b\n" % (_COUNTER, msgspec.json.encode(counter)) for counter in counters]
        data = b"".join(lines)
        try:
            if os.write(self._descriptor, data) != len(data):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        except OSError:
            os.ftruncate(self._descriptor, self._size)
            raise
        self._size += len(data)

    def read(self) -> Iterator[KeptRow | KeptCounter]:
        """What is in it, up to the first torn line."""
        *lines, _ = os.pread(self._descriptor, self._size, 0).split(b"\n")
        for line in lines:
            kind, _, rest = line.partition(b" ")
            try:
                if kind == _ROW:
                    digest = bytes.fromhex(rest[:_DIGEST].decode("ascii"))
                    yield KeptRow(rest[_DIGEST + 1 :], digest)
                else:
                    yield KeptCounter(*msgspec.json.decode(rest, type=tuple[CounterKey, int, float]))
            except (ValueError, msgspec.DecodeError):
                return

    @property
    def is_empty(self) -> bool:
        """Whether the database has everything."""
        return self._size == 0

    def clear(self) -> None:
        """Forget everything: the database has it."""
        if self._size:
            os.ftruncate(self._descriptor, 0)
            self._size = 0

    def close(self) -> None:
        """Close the file."""
        os.close(self._descriptor)
