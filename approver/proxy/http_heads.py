"""uvicorn's protocol, with heads that are bounded, and without offers to speak another protocol.

    bytes ──> bounded, `Upgrade` taken out ──> uvicorn's parser

The parser keeps a head however long it grows, before anybody has shown a token. And at an `Upgrade` it stops reading,
though a server may leave that be: Java's HTTP client offers h2c with its first request, and its body would be lost.
"""

import re
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LONGEST_HEAD = 65536
"""Bytes of a request's head; what comes with its last bytes at once is not counted."""
_UPGRADE = re.compile(rb"\r\nupgrade[ \t]*:[^\r\n]*", re.IGNORECASE)
_TOO_LARGE = b"The request's head is longer than %d bytes." % LONGEST_HEAD
_REFUSAL = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-type: text/plain; charset=utf-8\r\n"
    b"content-length: %d\r\nconnection: close\r\n\r\n%b" % (len(_TOO_LARGE), _TOO_LARGE)
)


class BoundedHeads(HttpToolsProtocol):
    """Reads requests from one connection."""

    __slots__ = ("_head_size", "_is_in_head")

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._is_in_head = True
        self._head_size = 0

    def data_received(self, data: bytes) -> None:
        """Take what came."""
        if self._is_in_head:
            if not self._head_size:
                data = without_upgrade(data)
            self._head_size += len(data)
        super().data_received(data)
        if self._is_in_head and self._head_size > LONGEST_HEAD and not self.transport.is_closing():
            self.transport.write(_REFUSAL)
            self.transport.close()

    def on_headers_complete(self) -> None:
        """Hear that a head is whole."""
        self._is_in_head = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Hear that a request is whole: what comes now is the next one's head."""
        self._is_in_head = True
        self._head_size = 0
        super().on_message_complete()


def without_upgrade(data: bytes) -> bytes:
    """The beginning of a request without the offer to speak another protocol, if the head came whole."""
    end = data.find(b"\r\n\r\n")
    if end < 0 or _UPGRADE.search(data, 0, end) is None:
        return data
    return _UPGRADE.sub(b"", data[:end]) + data[end:]
