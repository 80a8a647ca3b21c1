"""Lets a client use one server's names at the endpoint for many: `with_names.py URL SERVER`; says the address to use.

    client ── test_simple_text ──> this ── upstream__test_simple_text ──> /mcp, or what stands before `connect --all`
    client <── test_simple_text ── this <── upstream__test_simple_text ── lists

The suite calls tools by names of its own. Changed is only what docs/many.md says is renamed: the name of a tool or
prompt in requests, in the header that repeats it and in lists, and the logger of log messages. Other servers' tools and
prompts are left out of lists. One request a connection.
"""

import asyncio
import base64
import binascii
import json
import sys
from typing import Any
from urllib.parse import urlsplit

_NAMED = ("tools/call", "prompts/get")
_BASE64, _END = b"=?base64?", b"?="
_OURS = (b"connection:", b"content-length:", b"transfer-encoding:")
Head = list[bytes]


class Names:
    """The names of one server, with and without its own before them."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._prefix = f"{server}__"

    def asked(self, message: Any) -> bool:
        """Put the server before the names in a request; whether its header names the same."""
        params = message.get("params") if isinstance(message, dict) else None
        if not isinstance(params, dict):
            return False
        reference = params.get("ref")
        for holder in (reference, params if message.get("method") in _NAMED else None):
            if isinstance(holder, dict) and isinstance(holder.get("name"), str):
                holder["name"] = self._prefix + holder["name"]
        return message.get("method") in _NAMED

    def header(self, line: bytes) -> bytes:
        """Put the server before the name in a header, unless it is none."""
        name, _, value = line.partition(b":")
        plain = value.strip(b" \t")
        if name.lower() != b"mcp-name" or not plain:
            return line
        if not plain.startswith(_BASE64):
            return line.replace(plain, self._prefix.encode() + plain, 1)
        try:
            decoded = base64.b64decode(plain.removeprefix(_BASE64).removesuffix(_END), validate=True)
        except binascii.Error:
            return line
        return name + b": " + _BASE64 + base64.b64encode(self._prefix.encode() + decoded) + _END

    def told(self, message: Any) -> None:
        """Take the server's name away from what an answer or a notification names."""
        result = message.get("result") if isinstance(message, dict) else None
        for member in ("tools", "prompts") if isinstance(result, dict) else ():
            if member in result:
                own = [item for item in result[member] if item["name"].startswith(self._prefix)]
                result[member] = [{**item, "name": item["name"].removeprefix(self._prefix)} for item in own]
        if isinstance(message, dict) and message.get("method") == "notifications/message":
            params = message["params"]
            if params.get("logger") == self._server:
                del params["logger"]
            elif isinstance(params.get("logger"), str):
                params["logger"] = params["logger"].removeprefix(f"{self._server}/")


class Hop:
    """A listener before the endpoint."""

    def __init__(self, url: str, server: str) -> None:
        self._front = urlsplit(url)
        self._names = Names(server)
        self.port = 0

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection, which is one request; a client that hangs up ends it on the other side, too."""
        try:
            head = await _head(reader)
            body = await reader.readexactly(_length(head))
            theirs, ours = await asyncio.open_connection(self._front.hostname, self._front.port)
        except (asyncio.IncompleteReadError, OSError):
            writer.close()
            return
        ours.write(self._request(head, body))
        back = asyncio.ensure_future(self._back(theirs, writer))
        gone = asyncio.ensure_future(reader.read())
        try:
            await asyncio.wait((back, gone), return_when=asyncio.FIRST_COMPLETED)
        finally:
            back.cancel()
            gone.cancel()
            ours.close()
            writer.close()

    def _request(self, head: Head, body: bytes) -> bytes:
        own, front = f":{self.port}".encode(), f":{self._front.port}".encode()
        lines = [line.replace(own, front) if line.lower().startswith((b"host:", b"origin:")) else line for line in head]
        message = _read(body)
        if self._names.asked(message):
            lines = [self._names.header(line) for line in lines]
        return _joined(lines, body if message is None else json.dumps(message).encode())

    async def _back(self, theirs: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await _head(theirs)
        lower = [line.lower().replace(b" ", b"") for line in head]
        if not any(line.startswith(b"content-type:text/event-stream") for line in lower):
            body = b"".join([part async for part in _parts(theirs, head)])
            message = _read(body)
            self._names.told(message)
            writer.write(_joined(head, body if message is None else json.dumps(message).encode()))
            await writer.drain()
            return
        writer.write(_joined(head))
        kept = b""
        async for part in _parts(theirs, head):
            *events, kept = (kept + part).replace(b"\r\n", b"\n").split(b"\n\n")
            for event in events:
                writer.write(b"\n".join(map(self._event_line, event.split(b"\n"))) + b"\n\n")
            await writer.drain()

    def _event_line(self, line: bytes) -> bytes:
        message = _read(line.removeprefix(b"data:")) if line.startswith(b"data:") else None
        if message is None:
            return line
        self._names.told(message)
        return b"data: " + json.dumps(message).encode()


async def _head(reader: asyncio.StreamReader) -> Head:
    return (await reader.readuntil(b"\r\n\r\n")).removesuffix(b"\r\n\r\n").split(b"\r\n")


def _length(head: Head) -> int:
    found = (line.partition(b":")[2] for line in head if line.lower().startswith(b"content-length:"))
    return int(next(found, b"0"))


async def _parts(reader: asyncio.StreamReader, head: Head) -> Any:
    """A response's body, piece by piece, without the lengths between the pieces."""
    if not any(line.lower().startswith(b"transfer-encoding:") for line in head):
        yield await reader.readexactly(_length(head))
        return
    while size := int(await reader.readuntil(b"\r\n"), 16):
        yield (await reader.readexactly(size + 2))[:-2]


def _joined(head: Head, body: bytes | None = None) -> bytes:
    """A message that is the last of its connection; without a body it ends where the connection ends."""
    kept = [line for line in head if not line.lower().startswith(_OURS)]
    length = [] if body is None else [b"Content-Length: %d" % len(body)]
    return b"\r\n".join([*kept, *length, b"Connection: close"]) + b"\r\n\r\n" + (body or b"")


def _read(text: bytes) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


async def main(url: str, server: str) -> None:
    """Listen on any free port."""
    hop = Hop(url, server)
    listener = await asyncio.start_server(hop.carry, "127.0.0.1", 0, limit=2**24)
    hop.port = listener.sockets[0].getsockname()[1]
    print(f"http://127.0.0.1:{hop.port}{urlsplit(url).path}", flush=True)
    await listener.serve_forever()


if __name__ == "__main__":
    try:
        asyncio.run(main(*sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(0)
