"""The engine's HTTP side: the front, and one carrier for each server that is reached through it."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from typing import Protocol

from approver.configuration import Configuration
from approver.desktop.paths import Paths
from approver.model import Grant, HttpServer
from approver.proxy import conversation, http_relay
from approver.proxy.gate import Gate
from approver.proxy.http_front import Carrier, HttpFront, PortTaken
from approver.proxy.http_relay import HttpRelay
from approver.proxy.many_carrier import ManyCarrier
from approver.proxy.session import Session
from approver.proxy.stdio_carrier import StdioCarrier
from approver.servers import Server
from approver.tasks import spawn

log = logging.getLogger(__name__)


AGAIN_SECONDS = 5.0
"""How often a port that is taken is tried again."""


class House(http_relay.House, conversation.House, Protocol):
    """What the HTTP side needs of the engine."""

    def notice(self, word: str, sentence: str, detail: str = "") -> None:
        """Write something about Approver itself into the log."""
        ...


class HttpSide:
    """The front and its carriers, from `start` to `stop`."""

    def __init__(
        self, house: House, configuration: Configuration, paths: Paths, changed: Callable[[], None] = lambda: None
    ) -> None:
        self._house = house
        self._configuration = configuration
        self._run_folder = paths.run
        self._carriers: dict[str, tuple[Server, HttpRelay | StdioCarrier]] = {}
        self._of_all: ManyCarrier | None = None
        self._known_to_all = configuration.snapshot
        self._front = HttpFront(self, paths.run / "http.json")
        self.gate: Gate = house.gate
        self.problem: str | None = None
        """Why clients cannot come in over HTTP; None while they can, or where it is turned off."""
        self._changed = changed
        self._waiting: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        """Where the front listens; empty where it does not."""
        return self._front.url

    @property
    def address(self) -> str:
        """Host and port of that."""
        return self.url.removeprefix("http://")

    async def start(self) -> None:
        """Listen, if the settings say so; a port that is taken becomes the problem until it is free."""
        await self._listen()
        if self.problem is not None:
            self._waiting = spawn(self._listen_later(), name="wait for the port")

    async def _listen(self) -> None:
        """Listen where the settings say now, or know why that cannot be."""
        settings, problem = self._configuration.settings.http, None
        if settings.enabled:
            try:
                await self._front.start(settings.port)
            except PortTaken as fault:
                problem = str(fault)
            else:
                log.info("listening on %s", self._front.url)
        if problem is not None and problem != self.problem:
            log.error("%s", problem)
            self._house.notice("problem", problem)
            self.gate.commit(settle=True)
        self.problem = problem

    async def _listen_later(self) -> None:
        while self.problem is not None:
            await asyncio.sleep(AGAIN_SECONDS)
            before = self.problem
            await self._listen()
            if self.problem != before:
                self._changed()

    async def stop(self) -> None:
        """Stop listening, close the connections to the servers, end those that were started."""
        if self._waiting is not None:
            self._waiting.cancel()
        ending = [carrier.close() for _, carrier in self._carriers.values()]
        ending += [self._of_all.close()] if self._of_all is not None else []
        await asyncio.gather(self._front.stop(), *ending)  # at once: a call that runs is still told that it ended
        self._carriers.clear()

    def grants(self) -> tuple[Grant, ...]:
        """All grants in force, edits of a moment ago included: a revoked one is out at once."""
        if self._configuration.is_stale(grants=True):
            self._configuration.refresh()
        return self._configuration.grants

    def carrier(self, server: str) -> Carrier | None:
        """Who carries the requests for a server; a new one where the server was edited."""
        found = self._configuration.server(server)
        known, carrier = self._carriers.get(server, (None, None))
        if found is None or carrier is None or known != found:
            self._discard(server)
            carrier = None if found is None else self._new_carrier(found)
        if found is not None and carrier is not None:
            self._carriers[server] = (found, carrier)
        return carrier

    def carrier_of_all(self) -> Carrier:
        """Who carries the requests to all servers of a grant."""
        if self._of_all is None:
            self._of_all = ManyCarrier(self._house, self._servers_of, self._run_folder)
        self._renew_of_all()
        return self._of_all

    def _servers_of(self, grant: Grant) -> list[Server]:
        return [server for name, server in self._configuration.snapshot.servers.items() if grant.is_for(name)]

    def _renew_of_all(self) -> None:
        """End what runs for clients of many servers whose grant or servers were edited: they begin anew."""
        before, self._known_to_all = self._known_to_all, self._configuration.snapshot
        if self._of_all is not None and before is not self._known_to_all:
            self._of_all.renew(self._configuration.grants)

    def _new_carrier(self, server: Server) -> HttpRelay | StdioCarrier:
        if isinstance(server, HttpServer):
            return HttpRelay(self._house, server, self._house.credentials(server))
        return StdioCarrier(self._house, server, self._run_folder)

    def _discard(self, server: str) -> None:
        _, carrier = self._carriers.pop(server, (None, None))
        if isinstance(carrier, HttpRelay):  # calls that run may end where they were sent; new ones go to the new one
            spawn(carrier.close(self._configuration.settings.asking.hold_seconds), name=f"end {server}")
        elif carrier is not None:
            spawn(carrier.close(), name=f"end {server}")

    def reload(self) -> None:
        """Hear that the configuration was edited: what ran for edited or removed servers and revoked grants ends.

        Clients that stay are told where a policy hides other tools from them now.
        """
        self._renew_of_all()
        grants = {grant.name for grant in self._configuration.grants}
        for name, (server, carrier) in list(self._carriers.items()):
            if self._configuration.server(name) != server:
                self._discard(name)
            elif isinstance(carrier, StdioCarrier):
                carrier.retain(grants)
        for session in tuple(self.sessions):
            session.tell_of_hidden()

    def clients_of(self, server: str) -> int:
        """How many clients speak to a stdio server; those of others come and go with each request."""
        _, carrier = self._carriers.get(server, (None, None))
        return len(carrier) if isinstance(carrier, StdioCarrier) else 0

    def session(self, name: str) -> Session | None:
        """The session of a stdio server's client, by the name that its caller has."""
        if self._of_all is not None and (found := self._of_all.session(name)) is not None:
            return found
        stdio = (carrier for _, carrier in self._carriers.values() if isinstance(carrier, StdioCarrier))
        return next((found for carrier in stdio if (found := carrier.session(name)) is not None), None)

    @property
    def sessions(self) -> Iterator[Session]:
        """Every session with a stdio server, and with each of many servers."""
        for _, carrier in self._carriers.values():
            if isinstance(carrier, StdioCarrier):
                yield from carrier.sessions
        if self._of_all is not None:
            yield from self._of_all.sessions
