"""HTTP servers of a test's own, on the test's own loop: any ASGI app on a loopback port, which can crash and come back.

`WebServer` runs it; `Script` is an app that answers each request as the test says, and remembers all requests.
"""

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn

App = Callable[[Any, Any, Any], Awaitable[None]]
EVENTS = {"content-type": "text/event-stream"}


class _Guest(uvicorn.Server):
    """uvicorn without its signal handlers, which are the test's, that tells when it takes connections."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.is_up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, and tell."""
        await super().startup(sockets)
        self.is_up.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone."""
        yield


class WebServer:
    """An app that listens, from `start` to `stop` or `crash`; then it may start again at the same address."""

    def __init__(self, app: App, path: str = "/mcp") -> None:
        self.app = app
        self._path = path
        self._server: _Guest | None = None
        self._serving: asyncio.Task[None] | None = None
        with socket.socket() as probe:  # one address for all its lives, known before the first
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]

    @property
    def origin(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """The MCP endpoint."""
        return self.origin + self._path

    async def start(self) -> None:
        """Listen; return once connections are taken."""
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        config = uvicorn.Config(self.app, log_level="critical", ws="none", timeout_graceful_shutdown=0)
        self._server = _Guest(config)
        self._serving = asyncio.get_running_loop().create_task(self._server.serve(sockets=[listener]))
        async with asyncio.timeout(10):
            await self._server.is_up.wait()

    async def crash(self) -> None:
        """End as a process does that is killed: every connection breaks."""
        assert self._server is not None and self._serving is not None
        for connection in tuple(self._server.server_state.connections):
            connection.transport.abort()
        self._server.should_exit = True
        self._server.force_exit = True
        async with asyncio.timeout(10):
            await self._serving
        for task in tuple(self._server.server_state.tasks):
            task.cancel()
        self._server = None

    async def stop(self) -> None:
        """End, if it runs."""
        if self._server is not None:
            await self.crash()


@asynccontextmanager
async def serving(app: App, path: str = "/mcp") -> AsyncIterator[WebServer]:
    """A server for the time of the block."""
    server = WebServer(app, path)
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


@dataclass
class Received:
    """One request, as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def message(self) -> dict[str, Any]:
        """The JSON-RPC message in its body."""
        return json.loads(self.body)


@dataclass
class Answer:
    """What to answer: a body, or pieces that come one by one; a piece that is an event is waited for."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    pieces: list[bytes | asyncio.Event] = field(default_factory=list)
    breaks: bool = False
    """Whether the connection breaks at the end, instead of the answer ending."""


def json_answer(value: Any, status: int = 200, **headers: str) -> Answer:
    """A JSON body."""
    return Answer(status, {"content-type": "application/json", **headers}, [json.dumps(value).encode()])


def result(request: Received, value: Any, **headers: str) -> Answer:
    """A JSON-RPC result for a request."""
    return json_answer({"jsonrpc": "2.0", "id": request.message["id"], "result": value}, **headers)


def event(value: Any, **fields: Any) -> bytes:
    """A server-sent event; with a value of None it has no data."""
    lines = [f"{name}: {text}" for name, text in fields.items()]
    lines.append("data: " + ("" if value is None else json.dumps(value)))
    return ("\n".join(lines) + "\n\n").encode()


class Script:
    """An app that asks the test what to answer."""

    def __init__(self, answer: Callable[[Received], Answer | Awaitable[Answer]]) -> None:
        self._answer = answer
        self.received: list[Received] = []
        self.hung_up: list[Received] = []
        """Requests whose sender closed the connection before the answer's end."""

    def posts(self, method: str) -> list[Received]:
        """The POSTs that carried this JSON-RPC method."""
        return [one for one in self.received if one.method == "POST" and one.message.get("method") == method]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one request."""
        assert scope["type"] == "http", "a script has no beginning and no end of its own"
        body, more = b"", True
        while more:
            piece = await receive()
            body, more = body + piece.get("body", b""), piece.get("more_body", False)
        headers = {name.decode(): value.decode("latin-1") for name, value in scope["headers"]}
        query = scope["query_string"].decode()
        request = Received(scope["method"], scope["path"] + (f"?{query}" if query else ""), headers, body)
        self.received.append(request)
        answer = self._answer(request)
        if not isinstance(answer, Answer):
            answer = await answer
        await self._send(request, answer, receive, send)

    async def _send(self, request: Received, answer: Answer, receive: Any, send: Any) -> None:
        raw = [(name.encode(), value.encode()) for name, value in answer.headers.items()]
        await send({"type": "http.response.start", "status": answer.status, "headers": raw})
        gone = asyncio.get_running_loop().create_task(receive())
        try:
            for piece in answer.pieces:
                if isinstance(piece, asyncio.Event):
                    waiting = asyncio.get_running_loop().create_task(piece.wait())
                    await asyncio.wait([waiting, gone], return_when=asyncio.FIRST_COMPLETED)
                    waiting.cancel()
                    if gone.done():
                        self.hung_up.append(request)
                        return
                else:
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
            if not answer.breaks:
                await send({"type": "http.response.body", "body": b""})
        finally:
            gone.cancel()
