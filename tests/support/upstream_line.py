"""What a conversation does with an HTTP upstream, in the hands of a test: messages out, and what came back."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from approver.model import HttpServer
from approver.proxy.http_patience import Patience
from approver.proxy.http_upstream import HttpUpstream
from approver.proxy.server_log import ServerLog

WITHIN = 15.0
QUICK = Patience(
    reconnect=5.0, resume=5.0, first_delay=0.01, longest_delay=0.05, retry=0.01, linger=0.2, in_order=5.0, leave=2.0
)
STATELESS = "2026-07-28"
META = {
    "io.modelcontextprotocol/protocolVersion": STATELESS,
    "io.modelcontextprotocol/clientInfo": {"name": "test", "version": "1"},
    "io.modelcontextprotocol/clientCapabilities": {},
}
Message = dict[str, Any]


class OpenDoor:
    """Credentials of a server that wants none, or always the same."""

    def __init__(self, *headers: tuple[bytes, bytes]) -> None:
        self.headers = list(headers)
        self.refusals: list[tuple[int, str]] = []

    async def credentials(self) -> list[tuple[bytes, bytes]]:
        """The headers."""
        return self.headers

    async def refused(self, status: int, challenge: str, used: list[tuple[bytes, bytes]]) -> bool:
        """There are no others."""
        self.refusals.append((status, challenge))
        return False

    def advice(self, status: int) -> str:
        """What would help."""
        return f"it wants you to log in (HTTP {status})"


class UpstreamLine:
    """One upstream and what it has brought."""

    def __init__(self, url: str, log: Path, *, door: Any = None, patience: Patience = QUICK) -> None:
        self.heard: list[Message] = []
        self.unanswered: list[tuple[Any, Message | None]] = []
        self.pauses: list[bool] = []
        self.ended = 0
        self._news = asyncio.Event()
        self._numbers = itertools.count(1)
        self._log = ServerLog(log)
        self.door = door or OpenDoor()
        self.upstream = HttpUpstream(
            HttpServer("remote", url),
            self.door,
            log=self._log,
            on_lines=self._came,
            on_exit=self._ended,
            on_pause=self._paused,
            on_unanswered=self._unanswered,
            patience=patience,
        )

    def _came(self, lines: list[bytes]) -> None:
        assert not any(b"\n" in line for line in lines)
        self.heard += map(json.loads, lines)
        self._news.set()

    def _unanswered(self, request_id: Any, line: bytes) -> None:
        message = json.loads(line) if line else None
        self.unanswered.append((request_id, message))
        if message is not None:
            self.heard.append(message)
        self._news.set()

    def _paused(self, paused: bool) -> None:
        self.pauses.append(paused)
        self._news.set()

    def _ended(self, end: Any) -> None:
        assert end.was_stopped
        self.ended += 1

    # -- what a client does ----------------------------------------------------------------------------------------

    def send(self, *messages: Message) -> None:
        """Write messages, all at once."""
        assert self.upstream.write(b"".join(json.dumps(message).encode() + b"\n" for message in messages))

    def request(self, method: str, params: Any = None, *, stateless: bool = False) -> Message:
        """Make a request; it is not sent."""
        params = {**(params or {}), **({"_meta": {**META, **(params or {}).get("_meta", {})}} if stateless else {})}
        return {"jsonrpc": "2.0", "id": next(self._numbers), "method": method, "params": params}

    async def ask(self, method: str, params: Any = None, *, stateless: bool = False) -> Message:
        """Send a request; return its response."""
        request = self.request(method, params, stateless=stateless)
        self.send(request)
        return await self.answer(request["id"])

    async def answer(self, request_id: Any) -> Message:
        """The response to a request."""
        return await self.await_message(lambda m: m.get("id") == request_id and "method" not in m, f"{request_id}")

    async def await_message(self, suits: Callable[[Message], bool], what: str = "a message", count: int = 1) -> Message:
        """Wait until `count` messages that suit were heard; return the last of them."""
        found: list[Message] = []

        def are_there() -> bool:
            found[:] = [message for message in self.heard if suits(message)]
            return len(found) >= count

        await self.until(are_there, what)
        return found[count - 1]

    async def until(self, holds: Callable[[], bool], what: str) -> None:
        """Wait until something holds; asked again whenever the upstream has said something."""
        try:
            async with asyncio.timeout(WITHIN):
                while not holds():
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise AssertionError(f"never came about: {what}; heard {self.heard}") from None

    async def await_method(self, method: str, count: int = 1) -> Message:
        """Wait for a message of the server's with this method."""
        return await self.await_message(lambda message: message.get("method") == method, method, count)

    async def until_quiet(self) -> None:
        """Wait until nothing of the upstream's own runs beside what waits for the server."""
        for _ in range(10):  # each round trip is longer than any pause between two attempts
            await self.ask("ping")

    def notify(self, method: str, params: Any = None) -> None:
        """Send a notification."""
        self.send({"jsonrpc": "2.0", "method": method} | ({} if params is None else {"params": params}))

    async def shake_hands(self, revision: str = "2025-11-25", capabilities: Any = None) -> Message:
        """Begin a session; return what the server said."""
        params = {
            "protocolVersion": revision,
            "capabilities": capabilities or {},
            "clientInfo": {"name": "test", "version": "1"},
        }
        answer = await self.ask("initialize", params)
        self.notify("notifications/initialized")
        return answer

    async def begin(self) -> None:
        """Begin a session, and see that the server has heard all of it."""
        await self.shake_hands()
        await self.ask("ping")


@asynccontextmanager
async def line_to(
    url: str, folder: Path, *, door: Any = None, patience: Patience = QUICK
) -> AsyncIterator[UpstreamLine]:
    """A started upstream for the time of the block."""
    line = UpstreamLine(url, folder / "server.log", door=door, patience=patience)
    await line.upstream.start(5.0)
    try:
        yield line
    finally:
        await line.upstream.stop(1.0)
        assert line.ended == 1
