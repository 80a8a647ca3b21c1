"""HTTP before stdio servers without sockets and processes: requests handed over as ASGI does, and servers on strings.

web.say(...) ── scope, receive, send ──> what is tested ── messages ──> Puppet, which says what the test has it say
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from front_room import SECONDS, Heard, until

from approver.proxy.http_exchange import Exchange
from approver.proxy.stdio_messages import Message, Upstream, UpstreamGone

Handle = Callable[[Exchange, Message | None], Awaitable[None]]
"""What serves an HTTP request, and a POST's message."""


class Puppet:
    """A server that says what a test has it say, and keeps what it hears."""

    def __init__(self, session: str) -> None:
        self.session = session
        self.ending = ""
        self.holds: set[str | int] = set()
        """The ids of calls that have no answer once their client has gone."""
        self.hung_up: list[str | int] = []
        self.has_stopped = False
        self._says: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._hears: asyncio.Queue[Any] = asyncio.Queue()

    async def send(self, message: Message) -> None:
        """Hear a message."""
        if self.ending:
            raise UpstreamGone(self.ending)
        self._hears.put_nowait(message)

    async def messages(self) -> AsyncIterator[bytes]:
        """What the test has it say."""
        while not (self.ending and self._says.empty()) and (message := await self._says.get()) is not None:
            yield message

    def hang_up(self, request_id: str | int) -> bool:
        """Note whose client has gone."""
        self.hung_up.append(request_id)
        return request_id in self.holds

    def say(self, *messages: Any) -> None:
        """Say something."""
        for message in messages:
            self._says.put_nowait(message if isinstance(message, bytes) else json.dumps(message).encode())

    def end(self, why: str = "The server has ended.") -> None:
        """End, after what was said."""
        self.ending = why
        self._says.put_nowait(None)

    async def heard(self) -> Any:
        """The next message that it got."""
        async with asyncio.timeout(SECONDS):
            return await self._hears.get()

    @property
    def has_more(self) -> bool:
        """Whether it got something that the test has not looked at."""
        return not self._hears.empty()


class Puppets:
    """Starts a puppet for each conversation."""

    def __init__(self) -> None:
        self.all: list[Puppet] = []
        self.fault: Exception | None = None
        """What starting one comes to."""
        self.last_fault: Exception | None = None
        """What ending one comes to."""
        self.end_at_once = False

    @asynccontextmanager
    async def connect(self, session: str) -> AsyncIterator[Upstream]:
        """Start one."""
        if self.fault is not None:
            raise self.fault
        puppet = Puppet(session)
        if self.end_at_once:
            puppet.end("It ended at once.")
        self.all.append(puppet)
        try:
            yield puppet
        finally:
            puppet.has_stopped = True
        if self.last_fault is not None:
            raise self.last_fault

    async def number(self, number: int) -> Puppet:
        """The puppet of this number, counted from 1, once it runs."""
        await until(lambda: len(self.all) >= number)
        return self.all[number - 1]


class Visit:
    """One HTTP request, and what is answered to it."""

    def __init__(self, message: Any, method: str, headers: Mapping[str, str]) -> None:
        body = b"" if message is None else json.dumps(message).encode()
        said = {"accept": "application/json, text/event-stream", "content-type": "application/json", **headers}
        pairs = [(name.lower().encode(), value.encode()) for name, value in said.items() if value]
        self.scope: Any = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "scheme": "http",
            "method": method,
            "path": "/mcp",
            "raw_path": b"/mcp",
            "root_path": "",
            "query_string": b"",
            "headers": [*pairs, (b"content-length", b"%d" % len(body))],
        }
        self._body: bytes | None = body
        self._gone = asyncio.Event()
        self._answers: asyncio.Queue[Any] = asyncio.Queue()

    async def receive(self) -> Any:
        """What ASGI hands over."""
        if self._body is not None:
            body, self._body = self._body, None
            return {"type": "http.request", "body": body, "more_body": False}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        """Take a piece of the response."""
        self._answers.put_nowait(message)

    def hang_up(self) -> None:
        """Close the connection."""
        self._gone.set()

    async def _piece(self) -> Any:
        async with asyncio.timeout(SECONDS):
            return await self._answers.get()

    async def head(self) -> Heard:
        """The response's beginning, without a body."""
        start = await self._piece()
        return Heard(start["status"], {name.decode(): value.decode() for name, value in start["headers"]}, b"")

    async def event(self) -> Any:
        """The next message of a stream whose head was read."""
        while (piece := await self._piece()).get("more_body"):
            if found := Heard(200, {}, piece["body"]).messages:
                return found[0]
        raise AssertionError("the response ended")

    async def hear(self) -> Heard:
        """The whole response."""
        heard = await self.head()
        heard.body = await self._rest()
        return heard

    async def hear_rest(self) -> list[Any]:
        """The messages of a stream whose head was read, until it ends."""
        return Heard(200, {}, await self._rest()).messages

    async def _rest(self) -> bytes:
        body, more = b"", True
        while more:
            piece = await self._piece()
            body += piece.get("body", b"")
            more = piece.get("more_body", False)
        return body


class Web:
    """Hands requests to what is tested, each in a task of its own."""

    def __init__(self, handle: Handle, group: asyncio.TaskGroup) -> None:
        self._handle = handle
        self._group = group

    def say(self, message: Any = None, method: str = "POST", *, headers: Mapping[str, str] | None = None) -> Visit:
        """Make a request."""
        visit = Visit(message, method, headers or {})
        self._group.create_task(self._serve(visit, message))
        return visit

    async def _serve(self, visit: Visit, message: Any) -> None:
        await self._handle(Exchange(visit.scope, visit.receive, visit.send), message)

    async def ask(self, message: Any = None, method: str = "POST", **options: Any) -> Heard:
        """Make a request; the whole response."""
        return await self.say(message, method, **options).hear()
