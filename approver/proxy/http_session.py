"""What the handshake agreed on with an HTTP server, and how to agree on it again where the server forgot.

    initialize, initialized ──> Agreed ──> the headers of every later request, the stream of server messages
    404: the session is forgotten ──> the same handshake once more ──> another Agreed, the client none the wiser

After a restart the server's lists may be other ones, so the client is told of a change where the server said that it
tells of changes. Subscriptions and the log level are asked for again.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from approver.proxy import jsonrpc
from approver.proxy.http_listening import ServerStream
from approver.proxy.http_messages import INITIALIZED, Found, Message
from approver.proxy.http_patience import Patience
from approver.proxy.http_posts import SESSION_HEADER, Asked, Deliver, Posts
from approver.proxy.http_wire import Headers, Reply, Unwelcome, Wire, WireFault
from approver.tasks import spawn

log = logging.getLogger(__name__)

_REVISION_HEADER = b"mcp-protocol-version"
_MOST_STANDING = 1000
_MOST_QUESTIONS = 10_000


@dataclass(frozen=True, slots=True)
class Agreed:
    """One session, as both sides see it."""

    id: str
    """What the server calls it; empty where it gives no name."""
    revision: str
    changes: tuple[str, ...]
    """The lists of whose changes the server tells: `tools`, `prompts`, `resources`."""

    @property
    def headers(self) -> Headers:
        """What every request of the session says."""
        named = [(SESSION_HEADER, self.id.encode("latin-1"))] if self.id else []
        return [*named, (_REVISION_HEADER, self.revision.encode("ascii", "replace"))]


class HttpSession:
    """The client's session with one server, as long as the client thinks that it lasts."""

    def __init__(self, wire: Wire, posts: Posts, patience: Patience, deliver: Deliver) -> None:
        self._posts = posts
        self._patience = patience
        self._deliver = deliver
        self._wire = wire
        self.agreed: Agreed | None = None
        self._greeting: Message | None = None
        self._confirmation: Message | None = None
        self._standing = Standing()
        self._restoring = asyncio.Lock()
        self._beginning_again: asyncio.Task[None] | None = None
        self._stream = ServerStream(wire, patience, deliver, self._lost, self.questioned)
        self._questions: dict[Any, Headers] = {}
        """In what session the server asked what the client has not answered."""

    @property
    def headers(self) -> Headers:
        """What a message sent now says of its session."""
        return self.agreed.headers if self.agreed is not None else []

    # -- what the client does --------------------------------------------------------------------------------------

    def begun(self, greeting: Message, agreed: Agreed) -> None:
        """The client's `initialize` was answered."""
        self._greeting, self.agreed = greeting, agreed
        self._confirmation = None
        self._standing.clear()
        self._stream.stop()

    def told(self, message: Message) -> None:
        """The server took a notification of the client's."""
        self._questions.pop(message.answers, None)
        if message.method == INITIALIZED and self.agreed is not None:
            self._confirmation = message
            self._stream.start(self.agreed.headers)

    def keep(self, message: Message) -> None:
        """The server carried out a request whose effect lasts: it is to hold in another session as well."""
        self._standing.keep(message)

    def questioned(self, ids: tuple[Any, ...], headers: Headers) -> None:
        """The server asked the client something, in the session that these headers name."""
        for question in ids:
            if len(self._questions) < _MOST_QUESTIONS:
                self._questions[question] = headers

    def check_answer(self, message: Message) -> None:
        """Raise `Unwelcome` if the question went with its session: another one may have its id by now."""
        if self._questions.get(message.answers, self.headers) != self.headers:
            raise Unwelcome("what it answers went with the session that the server forgot")

    async def leave(self) -> None:
        """Tell the server that the session is over. Never raises `WireFault`."""
        self._stream.stop()
        if self._beginning_again is not None:
            self._beginning_again.cancel()
        if self.agreed is None or not self.agreed.id:
            return
        try:
            async with await self._wire.send("DELETE", self.agreed.headers):
                pass
        except WireFault as fault:
            log.info("the session could not be ended: %s", fault)

    # -- beginning again -------------------------------------------------------------------------------------------

    def _lost(self) -> None:
        """Hear from the stream of server messages that the server has forgotten the session."""
        self._beginning_again = spawn(self._begin_again(), name="begin a session again")

    async def _begin_again(self) -> None:
        try:
            if self.agreed is not None:
                await self.restore(self.agreed.headers)
        except WireFault as fault:
            log.info("the session could not be begun again yet: %s", fault)

    async def restore(self, lost: Headers) -> None:
        """Shake hands again, unless that happened since `lost` was in force. Raises `WireFault`."""
        async with self._restoring:
            before, greeting = self.agreed, self._greeting
            if before is None or greeting is None or before.headers != lost:
                return
            repeated = Greeting(greeting, self._deliver, self._patience.answer)
            await self._posts.ask(Once(repeated))
            after = repeated.agreed
            if after is None:
                raise Unwelcome("it was restarted, and refuses the handshake that it accepted before")
            if after.revision != before.revision:
                raise Unwelcome(
                    f"it was restarted and speaks revision {after.revision} of the protocol now, but the client agreed "
                    f"on {before.revision} with it. Restart the client"
                )
            await self._catch_up(after, before)
            self.agreed = after
            log.info("a session was begun again: the server had forgotten it")

    async def _catch_up(self, after: Agreed, before: Agreed) -> None:
        if self._confirmation is not None:
            await self._posts.tell(Once(Asked(self._confirmation, after.headers, self._deliver)))
            self._stream.start(after.headers)
        for message in self._standing.requests():
            await self._posts.ask(Once(Aside(message, after.headers, self._deliver)))
        told = [changed(what) for what in before.changes if what in after.changes]
        if told and self._confirmation is not None:
            await self._deliver(told)


STANDING = ("resources/subscribe", "resources/unsubscribe", "logging/setLevel")
"""Requests whose effect lasts as long as the session."""


class Standing:
    """What a server was asked for once and for all."""

    def __init__(self) -> None:
        self._requests: dict[str, Message] = {}

    def keep(self, message: Message) -> None:
        """Remember a request that was carried out; one that takes back another lets that be forgotten."""
        params = message.body.get("params")
        uri = str(params.get("uri")) if isinstance(params, dict) else ""
        key = "" if message.method == "logging/setLevel" else f"on {uri}"
        if message.method == "resources/unsubscribe":
            self._requests.pop(key, None)
        elif len(self._requests) < _MOST_STANDING:
            self._requests[key] = message

    def requests(self) -> tuple[Message, ...]:
        """What is in force."""
        return tuple(self._requests.values())

    def clear(self) -> None:
        """Forget all of it."""
        self._requests.clear()


class Once:
    """Something that is sent in one session only."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked

    async def asked(self) -> Asked:
        """What is to be sent."""
        return self._asked

    async def forgotten(self, asked: Asked) -> None:
        """Give it up."""
        raise Unwelcome("it forgot a session at once")


class Aside(Asked):
    """A request of our own, or repeated: the client does not see the response."""

    response: bytes = b""

    async def took(self, found: Found) -> None:
        """Keep the response; what else came with it is the client's."""
        self.response = found.response or self.response
        await self.pass_on([line for line in found.lines if line is not found.response])


class SessionAsked(Asked):
    """A message of a session."""

    def __init__(self, message: Message, session: HttpSession, deliver: Deliver) -> None:
        super().__init__(message, session.headers, deliver)
        self.session = session

    def questioned(self, ids: tuple[Any, ...]) -> None:
        """Remember in which session the server asked."""
        self.session.questioned(ids, self.headers)


class Greeting(Asked):
    """An `initialize`, the client's own or repeated, and what comes of it."""

    def __init__(
        self, message: Message, deliver: Deliver, within: float, *, on_agreed: Callable[[Agreed], None] | None = None
    ) -> None:
        super().__init__(message, [], deliver)
        self.within = within
        self.agreed: Agreed | None = None
        self._on_agreed = on_agreed
        """None where the client must not see the answer: it has had one before."""
        self._session = ""

    def opened(self, reply: Reply) -> None:
        """Learn the session's name."""
        super().opened(reply)
        name = reply.header(SESSION_HEADER)
        self._session = name if name.isascii() and name.isprintable() else ""

    async def took(self, found: Found) -> None:
        """Learn what was agreed on; a repeated handshake's answer is not for the client."""
        if found.response is not None:
            self.agreed = read_agreed(found.response, self._session)
        if self.agreed is not None and self._on_agreed is not None:
            self._on_agreed(self.agreed)
        hidden = found.response if self._on_agreed is None else None
        await self.pass_on([line for line in found.lines if line is not hidden])


def read_agreed(response: bytes, session: str) -> Agreed | None:
    """What a response to `initialize` agrees on; None where it refuses."""
    message = jsonrpc.read(response)
    result = message.get("result") if isinstance(message, dict) else None
    if not isinstance(result, dict):
        return None
    offers = result.get("capabilities")
    offers = offers if isinstance(offers, dict) else {}
    changes = tuple(
        what
        for what in ("tools", "prompts", "resources")
        if isinstance(offers.get(what), dict) and offers[what].get("listChanged") is True
    )
    return Agreed(session, str(result.get("protocolVersion", "")), changes)


def changed(what: str) -> bytes:
    """What the server says when one of its lists has changed."""
    return jsonrpc.encode({"jsonrpc": "2.0", "method": f"notifications/{what}/list_changed"})
