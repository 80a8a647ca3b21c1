"""Takes a browser back from a login: listens on the loopback address for the one request that brings the answer.

A request that does not carry the state of this login is answered and forgotten, so that nobody else can end it.
"""

import asyncio
import html
from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

HOST = "127.0.0.1"
PATH = "/callback"
PREFERRED_PORT = 33418
"""The port to name where a client has to be registered by hand."""
_LONGEST_REQUEST = 32 * 1024
_READ_SECONDS = 10.0

_PAGE = (
    '<!doctype html><meta charset="utf-8"><title>Approver</title>'
    '<body style="font: 1rem system-ui; margin: 4rem auto; max-width: 30rem"><h1>{title}</h1><p>{text}</p>'
)


class RedirectListener:
    """Listens from `start` to `stop`."""

    def __init__(self) -> None:
        self._server: asyncio.Server | None = None
        self._state = ""
        self._answer: asyncio.Future[Mapping[str, str]] = asyncio.get_running_loop().create_future()
        self.port = 0

    @property
    def address(self) -> str:
        """Where the browser is to come back to."""
        return f"http://{HOST}:{self.port}{PATH}"

    async def start(self, port: int) -> None:
        """Listen on this port; 0: any that is free. Raises `OSError` where it is taken."""
        self._server = await asyncio.start_server(self._serve, HOST, port, limit=_LONGEST_REQUEST)
        self.port = self._server.sockets[0].getsockname()[1]

    def expect(self, authorization_address: str) -> None:
        """Take only what carries the state that this address sends along."""
        self._state = _first(authorization_address).get("state", "")

    async def answer(self) -> Mapping[str, str]:
        """Wait for what the browser brings: `code` and `state`, or `error`."""
        return await self._answer

    async def stop(self) -> None:
        """Listen no more."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_READ_SECONDS):
                head = await reader.readuntil(b"\r\n\r\n")
            status, title, text = self._take(head)
            page = _PAGE.format(title=title, text=html.escape(text)).encode()
            writer.write(
                f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(page)}\r\n"
                "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\n"
                "Referrer-Policy: no-referrer\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n".encode()
                + page
            )
            await writer.drain()
        except (TimeoutError, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # a browser that changed its mind, or somebody else
        finally:
            writer.close()

    def _take(self, head: bytes) -> tuple[str, str, str]:
        """The answer to a request: status, title, text."""
        words = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ")
        if len(words) < 3 or words[0] != "GET" or urlsplit(words[1]).path != PATH:
            return "404 Not Found", "Nothing here", "This address only takes the answer to a login."
        brought = _first(words[1])
        if not self._state or brought.get("state") != self._state:
            return "400 Bad Request", "Not this login", "This answer belongs to another login. Begin again in Approver."
        if not self._answer.done():
            self._answer.set_result(brought)
        if "error" in brought:
            what = brought.get("error_description") or brought["error"]
            return "200 OK", "Not logged in", f"The server said: {what}. You can close this page."
        return "200 OK", "Approver has your answer", "You can close this page and go back to Approver."


def _first(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
