"""Streamable HTTP as a way to a server: each message is sent as its era wants it, whichever era that is.

A request that names its revision is stateless and sent alone; everything else belongs to the session that the client's
`initialize` began.
"""

import asyncio

from approver.proxy.http_legacy import LegacyEvents
from approver.proxy.http_messages import CANCELLED, Found, Message, is_success
from approver.proxy.http_patience import Patience
from approver.proxy.http_posts import Asked, Deliver, NotSpoken, Posts
from approver.proxy.http_session import STANDING, Agreed, Greeting, HttpSession, SessionAsked
from approver.proxy.http_stateless import StatelessSending
from approver.proxy.http_wire import CutOff, Unwelcome, Wire, WireFault
from approver.proxy.stateless_headers import StatelessHeaders


class Streamable:
    """The way to one server for one client."""

    def __init__(self, wire: Wire, patience: Patience, deliver: Deliver) -> None:
        self._wire = wire
        self._patience = patience
        self._deliver = deliver
        self._posts = Posts(wire, patience)
        self._headers = StatelessHeaders()
        self._revision = ""
        self.session = HttpSession(wire, self._posts, patience, deliver)

    @property
    def has_session(self) -> bool:
        """Whether the client has shaken hands."""
        return self.session.agreed is not None

    async def ask(self, message: Message) -> None:
        """Send a request until it is answered. Raises `WireFault` where there is no answer."""
        if message.revision is not None:
            self._revision = message.revision
            await self._posts.ask(StatelessSending(message, self._headers, self._posts, self._deliver))
        elif message.method == "initialize":
            await self._begin(message)
        else:
            await self._posts.ask(_InSession(message, self.session, self._deliver))

    async def _begin(self, message: Message) -> None:
        """Shake hands; everything else has to wait for that, so it is given up if it takes too long."""
        within = 2 * self._patience.answer
        try:
            async with asyncio.timeout(within):
                await self._posts.ask(_Beginning(message, self.session, self._patience, self._deliver))
        except TimeoutError as fault:
            raise CutOff(f"it has not answered within {within:g} seconds") from fault

    async def tell(self, message: Message) -> None:
        """Send what wants no answer. Raises `WireFault` where it did not arrive."""
        if not self.has_session and self._revision:
            message.revision = self._revision
            await self._posts.tell(StatelessSending(message, self._headers, self._posts, self._deliver))
            return
        await self._posts.tell(_InSession(message, self.session, self._deliver))
        self.session.told(message)

    async def older(self, fault: NotSpoken) -> LegacyEvents | None:
        """The way of 2024-11-05, if the server that refused an `initialize` offers it."""
        if self.has_session:
            return None
        legacy = LegacyEvents(self._wire, self._patience, self._deliver)
        try:
            await legacy.open()
        except WireFault:
            await legacy.leave()
            return None
        return legacy

    async def leave(self) -> None:
        """Take leave of the server."""
        await self.session.leave()


class _Beginning:
    """The client's `initialize` on its way; a `Source`."""

    def __init__(self, message: Message, session: HttpSession, patience: Patience, deliver: Deliver) -> None:
        self._message = message
        self._session = session
        self._patience = patience
        self._deliver = deliver

    async def asked(self) -> Asked:
        return Greeting(self._message, self._deliver, self._patience.answer, on_agreed=self._agreed)

    async def forgotten(self, asked: Asked) -> None:
        raise Unwelcome("it speaks of a session where there is none")

    def _agreed(self, agreed: Agreed) -> None:
        self._session.begun(self._message, agreed)


class _InSession:
    """A message of a session on its way; a `Source`."""

    def __init__(self, message: Message, session: HttpSession, deliver: Deliver) -> None:
        self._message = message
        self._session = session
        self._deliver = deliver

    async def asked(self) -> Asked:
        if self._message.method in STANDING:
            return _Standing(self._message, self._session, self._deliver)
        self._session.check_answer(self._message)
        return SessionAsked(self._message, self._session, self._deliver)

    async def forgotten(self, asked: Asked) -> None:
        await self._session.restore(asked.headers)
        if not self._message.method or self._message.method == CANCELLED:
            raise Unwelcome("what it speaks of went with the session that the server forgot")


class _Standing(SessionAsked):
    """A request whose effect lasts: it is repeated should the server forget the session."""

    async def took(self, found: Found) -> None:
        """Hear whether it worked."""
        if found.response is not None and is_success(found.response):
            self.session.keep(self.message)
        await super().took(found)
