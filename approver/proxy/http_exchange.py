"""One HTTP request and its response, as ASGI hands them over: bounded, timed, and aware of a client that hangs up."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

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

_NOT_HANDED_ON = frozenset({b"authorization", b"cookie", b"content-length", b"transfer-encoding"})


class ClientGone(Exception):
    """The client closed the connection before its request was whole."""


class BodyRefused(Exception):
    """The request's body is not taken."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.sentence)
        self.refusal = refusal


class Exchange:
    """A request and its response. After the client has hung up, what is sent to it goes nowhere."""

    def __init__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.query: bytes = scope.get("query_string", b"")
        self.headers: Headers = [(name, value.strip(b" \t")) for name, value in scope["headers"]]  # httptools leaves it
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

    def watch(self, hung_up: Callable[[], object]) -> "Watch":
        """Call `hung_up` when the client closes the connection before the response is complete."""
        return Watch(self._receive, lambda: self._hang_up(hung_up))

    def _hang_up(self, hung_up: Callable[[], object]) -> None:
        self.is_gone = True
        hung_up()

    def as_asgi(self, body: bytes) -> tuple[dict[str, Any], Receive, Send]:
        """Return the request for another ASGI application: with this body, without what is for Approver alone."""
        kept = [pair for pair in self.headers if pair[0] not in _NOT_HANDED_ON]
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "scheme": "http",
            "method": self.method,
            "path": self.path,
            "raw_path": self.path.encode(),
            "root_path": "",
            "query_string": self.query,
            "headers": [*kept, (b"content-length", b"%d" % len(body))],
        }
        parts: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> Message:
            message = parts.pop() if parts else await self._receive()
            self.is_gone = self.is_gone or message["type"] == "http.disconnect"
            return message

        async def send(message: Message) -> None:
            self.has_started = True
            if not self.is_gone:
                await self._send(message)

        return scope, receive, send

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
        """Send one message as a server-sent event."""
        await self.write(b"event: message\ndata: " + message + b"\n\n", last=last)


class Watch:
    """Looks for a client that hangs up, from a moment after its making until it is cancelled.

    Most answers come within that moment, and then nothing was started.
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
