"""One HTTP request and its response, as ASGI hands them over: bounded, timed, and aware of a client that hangs up."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Protocol

from approver.proxy import jsonrpc
from approver.proxy.http_guard import Headers, Refusal
from approver.tasks import spawn

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

BODY_SECONDS = 30.0
"""How long a request's body may take to arrive."""

WATCH_SECONDS = 0.01
"""How soon after a request has come in it is looked whether its client is still there."""

EVENT_STREAM = b"text/event-stream"

WATCHED = "approver.watched"
"""The ASGI extension by which our own server says at once, and at no cost, that a client has hung up."""


class ClientGone(Exception):
    """The client closed the connection before its request was whole."""


class BodyRefused(Exception):
    """The request's body is not taken."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.sentence)
        self.refusal = refusal


class Exchange:
    """A request and its response. After the client has hung up, what is sent to it goes nowhere."""

    __slots__ = (
        "_hung_up", "_receive", "_send", "_watched", "has_started", "headers", "is_gone", "method", "path", "query"
    )  # fmt: skip

    def __init__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.query: bytes = scope.get("query_string", b"")
        said: Headers = scope["headers"]
        stripped = [_stripped(pair) for pair in said]
        self.headers = said if stripped == said else stripped
        self._watched: Watched | None = scope.get("extensions", {}).get(WATCHED)
        self._hung_up: Callable[[], object] | None = None
        self._receive = receive
        self._send = send
        self.has_started = False
        self.is_gone = False

    def header(self, name: bytes) -> bytes:
        """A request header's first value; empty where there is none."""
        return next((value for key, value in self.headers if key == name), b"")

    @property
    def takes_events(self) -> bool:
        """Whether the client reads server-sent events."""
        return EVENT_STREAM in self.header(b"accept")

    def takes(self, media_type: bytes) -> bool:
        """Whether the client accepts an answer of this type."""
        said = b",".join(value for name, value in self.headers if name == b"accept")
        accepted = {one.partition(b";")[0].strip().lower() for one in said.split(b",")}
        return not accepted.isdisjoint((media_type, media_type.partition(b"/")[0] + b"/*", b"*/*"))

    @property
    def sends_json(self) -> bool:
        """Whether the request's body is said to be JSON."""
        return self.header(b"content-type").partition(b";")[0].strip().lower() == b"application/json"

    async def body(self) -> bytes:
        """The request's body.

        Raises:
            BodyRefused: too long, or too slow.
            ClientGone: it never came whole.
        """
        length = self.header(b"content-length")
        if length.isdigit() and int(length) > jsonrpc.MAX_LINE:
            raise BodyRefused(_too_large())
        chunks: list[bytes] = []
        size = 0
        try:
            async with asyncio.timeout(BODY_SECONDS):
                while True:
                    message = await self._receive()
                    if message["type"] == "http.disconnect":
                        raise ClientGone
                    chunks.append(message.get("body", b""))
                    size += len(chunks[-1])
                    if size > jsonrpc.MAX_LINE:
                        raise BodyRefused(_too_large())
                    if not message.get("more_body"):
                        return chunks[0] if len(chunks) == 1 else b"".join(chunks)
        except TimeoutError:
            sentence = f"The request's body did not arrive within {BODY_SECONDS:g} seconds."
            raise BodyRefused(Refusal(408, sentence)) from None

    def watch(self, hung_up: Callable[[], object]) -> "Exchange | Watch":
        """Call `hung_up` when the client closes the connection before the response is complete, until `cancel`."""
        self._hung_up = hung_up
        if self._watched is None:
            return Watch(self._receive, self._hang_up)
        self._watched.watched_by(self._hang_up)
        return self

    def cancel(self) -> None:
        """Look no longer whether the client is still there."""
        self._hung_up = None
        if self._watched is not None:
            self._watched.watched_by(None)

    def _hang_up(self) -> None:
        self.is_gone = True
        if self._hung_up is not None:
            self._hung_up()

    # -- the response ----------------------------------------------------------------------------------------------

    async def start(self, status: int, headers: Headers) -> None:
        """Send the response's head."""
        self.has_started = True
        if not self.is_gone:
            await self._send({"type": "http.response.start", "status": status, "headers": headers})

    async def write(self, data: bytes, *, last: bool = False) -> None:
        """Send a piece of the response's body."""
        if not self.is_gone:
            await self._send({"type": "http.response.body", "body": data, "more_body": not last})

    async def answer(self, status: int, data: bytes, headers: Headers | None = None) -> None:
        """Send a whole response."""
        head = [*(headers or []), (b"content-length", b"%d" % len(data))]
        await self.start(status, head)
        await self.write(data, last=True)

    async def answer_json(self, status: int, data: bytes, extra: tuple[tuple[bytes, bytes], ...] = ()) -> None:
        """Send a whole response of JSON text."""
        await self.answer(status, data, [(b"content-type", b"application/json"), *extra])

    async def refuse(self, refusal: Refusal) -> None:
        """Turn the request away, with a JSON-RPC error that says why."""
        text = jsonrpc.error(None, jsonrpc.INVALID_REQUEST, refusal.sentence)
        await self.answer_json(refusal.status, text, refusal.headers)

    async def start_events(self) -> None:
        """Begin a response of server-sent events, if it has not begun."""
        if not self.has_started:
            await self.start(200, [(b"content-type", EVENT_STREAM), (b"cache-control", b"no-cache")])

    async def event(self, message: bytes, *, last: bool = False) -> None:
        """Send one message as a server-sent event, whose data is one line here."""
        if b"\n" in message or b"\r" in message:
            message = message.replace(b"\r", b" ").replace(b"\n", b" ")  # JSON breaks lines only between tokens
        await self.write(b"event: message\ndata: " + message + b"\n\n", last=last)


def _stripped(pair: tuple[bytes, bytes]) -> tuple[bytes, bytes]:
    """A header without white space around its value, which httptools leaves; the same tuple where there is none."""
    value = pair[1].strip(b" \t")
    return pair if len(value) == len(pair[1]) else (pair[0], value)


class Watched(Protocol):
    """A connection that knows whether its client is there."""

    def watched_by(self, hung_up: Callable[[], None] | None) -> None:
        """Call this once its client hangs up before the response is complete; soon, if it has already."""
        ...


class Watch:
    """Looks for a client that hangs up, from a moment after its making until it is cancelled.

    Most answers come within that moment, and then nothing was started. For web servers that do not tell it themselves.
    """

    def __init__(self, receive: Receive, hung_up: Callable[[], None]) -> None:
        self._receive = receive
        self._hung_up = hung_up
        self._task: asyncio.Task[Any] | None = None
        self._timer = asyncio.get_running_loop().call_later(WATCH_SECONDS, self._begin)

    def _begin(self) -> None:
        self._task = spawn(self._wait(), name="watch an HTTP client")

    async def _wait(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._hung_up()

    def cancel(self) -> None:
        """Look no longer."""
        self._timer.cancel()
        if self._task is not None:
            self._task.cancel()


def _too_large() -> Refusal:
    return Refusal(413, f"The message is longer than the {jsonrpc.MAX_LINE:,} bytes that are accepted.")
