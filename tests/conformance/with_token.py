"""Puts a grant's token on every request: `with_token.py URL TOKEN`; says the address to use in place of URL.

The suite sends no Authorization header. One request a connection, so that only its head has to be read; all else passes
byte by byte. What is said of this program's own address is said of the front's, any other Host or Origin stays.
"""

import asyncio
import sys
from urllib.parse import urlsplit


class Hop:
    """A listener before the front."""

    def __init__(self, url: str, token: str) -> None:
        self._front = urlsplit(url)
        self._token = token
        self.port = 0

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection, which is one request."""
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            theirs, ours = await asyncio.open_connection(self._front.hostname, self._front.port)
        except (asyncio.IncompleteReadError, OSError):
            writer.close()
            return
        ours.write(self._with_token(head))
        up = asyncio.ensure_future(_copy(reader, ours))
        await _copy(theirs, writer)
        up.cancel()
        ours.close()

    def _with_token(self, head: bytes) -> bytes:
        first, *lines = head.removesuffix(b"\r\n\r\n").split(b"\r\n")
        own, front = f":{self.port}".encode(), f":{self._front.port}".encode()
        kept = [line for line in lines if not line.lower().startswith((b"connection:", b"authorization:"))]
        told = [line.replace(own, front) if line.lower().startswith((b"host:", b"origin:")) else line for line in kept]
        added = [b"Connection: close", b"Authorization: Bearer " + self._token.encode()]
        return b"\r\n".join([first, *told, *added]) + b"\r\n\r\n"


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Copy until either side closes; then the other is closed, too: a client that hangs up is to be noticed."""
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()


async def main(url: str, token: str) -> None:
    """Listen on any free port."""
    hop = Hop(url, token)
    server = await asyncio.start_server(hop.carry, "127.0.0.1", 0)
    hop.port = server.sockets[0].getsockname()[1]
    print(f"http://127.0.0.1:{hop.port}{urlsplit(url).path}", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    try:
        asyncio.run(main(*sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(0)
