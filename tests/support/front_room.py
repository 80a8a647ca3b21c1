"""Approver's HTTP front on a real port, with a gate's room behind it; and visitors who speak HTTP byte by byte.

The gate's time stands still, so a held call is held until the test answers; only sockets and processes are real.
"""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from gate_room import GateRoom

from approver.catalog.tools import Catalog
from approver.clock import Clock
from approver.grants import token_digest
from approver.model import Caller, Grant, PendingQuestion, StdioServer, ToolDefinition
from approver.proxy.http_front import Carrier, HttpFront
from approver.proxy.stdio_upstream import ServerLog

TOKEN = "approver_token"
GRANT = Grant("ann", "files", token_sha256=token_digest(TOKEN))
OTHER_TOKEN = "approver_other"
OTHER_GRANT = Grant("bob", "files", token_sha256=token_digest(OTHER_TOKEN))
SECONDS = 15.0
"""How long a test waits for what must come."""


async def until(holds: Callable[[], Any]) -> None:
    """Let the loop go on until something is so."""
    async with asyncio.timeout(SECONDS):
        while not holds():  # noqa: ASYNC110  (turns of the loop, no time)
            await asyncio.sleep(0)


class FrontRoom(GateRoom):
    """What the front and its carriers need of the engine; a test sets `carriers`."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        self.catalog = Catalog()
        self.clock: Clock = self.time
        self.all_grants: list[Grant] = [GRANT, OTHER_GRANT]
        self.carriers: dict[str, Carrier] = {}
        self.start_seconds = 10.0
        self.stop_seconds = 0.0
        self.front = HttpFront(self, folder / "http.json")

    @property
    def visibility(self) -> "FrontRoom":
        """Who says which tools are hidden."""
        return self

    def is_hidden(self, caller: Caller, tool: str) -> bool:
        """Whether the test hides the tool."""
        return tool in self.around.hidden

    def commit_soon(self) -> None:
        """Commit."""
        self.gate.commit()

    def learned(self, server: str, definitions: list[ToolDefinition]) -> None:
        """Hear what a server says of its tools."""
        self.queue.define(server, definitions)

    async def launch_environment(self, server: StdioServer) -> Mapping[str, str]:
        """The test's own."""
        return {**os.environ, **server.env}

    def server_log(self, server: str) -> ServerLog:
        """A file of the test's."""
        return ServerLog(self.folder / f"{server}.log")

    def grants(self) -> list[Grant]:
        """All grants in force."""
        return self.all_grants

    def carrier(self, server: str) -> Carrier | None:
        """Who carries the requests for a server."""
        return self.carriers.get(server)

    def carrier_of_all(self) -> Carrier:
        """Who carries the requests to all servers."""
        return self.carriers[""]

    def outcomes(self) -> list[str]:
        """What became of forwarded calls, in order."""
        self.gate.commit()
        return [row.outcome for row in self.journal.rows if row.kind.value == "outcome"]

    async def next_question(self) -> PendingQuestion:
        """The newest question, once there is one."""
        await until(self.queue.pending)
        return self.queue.pending()[-1]

    async def approve_next(self) -> None:
        """Approve the next question."""
        self.approve((await self.next_question()).id)

    @asynccontextmanager
    async def visitor(self) -> AsyncIterator["Visitor"]:
        """A connection to the front."""
        visitor = Visitor(*await asyncio.open_connection("127.0.0.1", self.front.port), self.front.port)
        try:
            yield visitor
        finally:
            visitor.hang_up()

    async def ask(self, message: Any = None, method: str = "POST", **options: Any) -> "Heard":
        """One request on a connection of its own."""
        async with self.visitor() as visitor:
            visitor.say(message, method, **options)
            return await visitor.hear()


class Heard:
    """A whole response."""

    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def message(self) -> Any:
        """The body as JSON, or the last event's message."""
        return json.loads(self.body) if self.body[:1] == b"{" else self.messages[-1]

    @property
    def messages(self) -> list[Any]:
        """The messages of all events."""
        lines = (line for line in self.body.replace(b"\r", b"").split(b"\n") if line.startswith(b"data: {"))
        return [json.loads(line[6:]) for line in lines]


class Visitor:
    """A client that writes and reads HTTP/1.1 itself."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int) -> None:
        self._reader = reader
        self._writer = writer
        self._port = port

    def say(
        self, message: Any = None, method: str = "POST", *, path: str = "/mcp/files", body: bytes | None = None,
        token: str | None = TOKEN, headers: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        """Send a request."""
        body = body if body is not None else b"" if message is None else json.dumps(message).encode()
        said = {
            "Host": f"127.0.0.1:{self._port}",
            "Accept": "application/json, text/event-stream",
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            **({"Authorization": f"Bearer {token}"} if token is not None else {}),
            **(headers or {}),
        }
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in said.items() if value)]
        self.write("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)

    def write(self, data: bytes) -> None:
        """Send bytes."""
        self._writer.write(data)

    def hang_up(self) -> None:
        """Close the connection."""
        self._writer.close()

    async def head(self) -> tuple[int, dict[str, str]]:
        """Read a response's head."""
        async with asyncio.timeout(SECONDS):
            head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.rstrip().split("\r\n")
        return int(first.split()[1]), {key.lower(): value for key, value in (line.split(": ", 1) for line in lines)}

    async def chunk(self) -> bytes:
        """Read the next piece of a body that comes in pieces; empty at its end."""
        async with asyncio.timeout(SECONDS):
            size = int(await self._reader.readuntil(b"\r\n"), 16)
            return (await self._reader.readexactly(size + 2))[:-2]

    async def event(self) -> Any:
        """Read until a piece carries a message; return it."""
        while piece := await self.chunk():
            if found := Heard(200, {}, piece).messages:
                return found[0]
        raise AssertionError("the response ended")

    async def hear(self) -> Heard:
        """Read a whole response."""
        status, headers = await self.head()
        if "content-length" in headers:
            async with asyncio.timeout(SECONDS):
                return Heard(status, headers, await self._reader.readexactly(int(headers["content-length"])))
        if headers.get("transfer-encoding") != "chunked":
            return Heard(status, headers, b"")
        pieces = []
        while piece := await self.chunk():
            pieces.append(piece)
        return Heard(status, headers, b"".join(pieces))

    async def closed(self) -> bytes:
        """Read until the other side closes; return what came."""
        async with asyncio.timeout(SECONDS):
            return await self._reader.read()


@asynccontextmanager
async def fronting(folder: Path, room: FrontRoom | None = None) -> AsyncIterator[FrontRoom]:
    """A front that listens on any free port, for the time of the block."""
    room = room or FrontRoom(folder)
    await room.front.start(0)
    try:
        yield room
    finally:
        await room.front.stop()
