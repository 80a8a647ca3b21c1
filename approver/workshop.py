"""What people do with a server besides using it: try it out, log in at it, log out. All of it on the engine's loop.

    window ──begin──> a task on the loop ──tell──> what the server says meanwhile, then how it ended

One thing at a time for each: a second trial ends the first. What a trial starts is ended with it, also when it is
cancelled or the engine stops. Nothing that is found here is kept, but the tools' names, so that rules can be written.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from approver.catalog.tools import Catalog, read_definition
from approver.logins import LoginFailed, Logins
from approver.model import HttpServer, StdioServer
from approver.proxy import jsonrpc
from approver.proxy.http_wire import WireFault
from approver.proxy.probe import Probed, ProbeFailed, probe_http, probe_stdio
from approver.proxy.server_log import ServerLog, readable
from approver.proxy.stdio_upstream import UpstreamUnavailable
from approver.secrets import SecretUnavailable
from approver.servers import Server
from approver.tasks import spawn

MOST_LINES = 2000
"""Lines of one trial that are told; a server that goes on is in its log in full."""


@dataclass(frozen=True, slots=True)
class SaidLine:
    """One line that a server printed. Untrusted text, control characters already replaced."""

    source: str
    """`stderr`, `stdout` (what is no message) or `approver`."""
    text: str


@dataclass(frozen=True, slots=True)
class TrialEnd:
    """How a trial ended: what was found, or why nothing was."""

    server: str
    found: Probed | None = None
    fault: str = ""
    """A sentence; empty where something was found, or where the person stopped it."""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class LoginState:
    """How it stands with the login at a remote server."""

    server: str
    is_static: bool = False
    """servers.json holds an Authorization, so no login is used."""
    is_logged_in: bool = False
    problem: str = ""
    """What the person has to do, as a sentence."""
    keeping: str = ""
    """Why the login lasts only until Approver ends."""


class House(Protocol):
    """What the workshop needs of the engine."""

    catalog: Catalog
    logins: Logins

    @property
    def start_seconds(self) -> float:
        """How long a server may take to start."""
        ...

    async def launch_environment(self, server: StdioServer) -> Mapping[str, str]:
        """What a server is started with."""
        ...

    def server_log(self, server: str) -> ServerLog:
        """Where a server's output goes."""
        ...

    def refresh(self) -> None:
        """Read edited files now."""
        ...


Tell = Callable[[object], None]
"""Takes `SaidLine` tuples and then what came of it; called on the loop, must return at once."""
Ended = Callable[[str], None]
"""Takes the sentence that says how it ended."""


class Workshop:
    """Carries out what windows ask for."""

    def __init__(self) -> None:
        self._trial: asyncio.Task[None] | None = None

    def try_server(self, house: House, server: Server, tell: Tell) -> None:
        """Start the server and ask it for its tools; tells lines as they come, then a `TrialEnd`."""
        self.stop_trial()
        self._trial = spawn(_try(house, server, tell, self._trial), name=f"try {server.name}")

    def stop_trial(self) -> None:
        """End what is being tried; its `TrialEnd` comes once nothing of it runs any more."""
        if self._trial is not None:
            self._trial.cancel()

    def log_in(self, house: House, server: HttpServer, tell: Callable[[str], None], ended: Ended) -> None:
        """Begin a login: tells the address to open in a browser, then how it ended, in a sentence."""
        spawn(_log_in(house, server, tell, ended), name=f"log in at {server.name}")

    def stop_login(self, house: House, server: HttpServer) -> None:
        """Give up a login that was begun."""
        spawn(house.logins.cancel(server.name), name=f"no login at {server.name}")

    def log_out(self, house: House, server: HttpServer, ended: Ended) -> None:
        """Forget the login at a server; tells what came of it, in a sentence."""
        spawn(_log_out(house, server, ended), name=f"log out at {server.name}")

    def look_at_login(self, house: House, server: HttpServer, tell: Callable[[LoginState], None]) -> None:
        """Tell how it stands with the login; the keyring may have to be asked first."""
        spawn(_look(house, server, tell), name=f"login at {server.name}")


class _ToldLog(ServerLog):
    """A server's log that also tells what it is given."""

    def __init__(self, kept: ServerLog, tell: Tell) -> None:
        self._kept = kept
        self._tell = tell
        self._left = MOST_LINES

    def write_lines(self, source: str, lines: list[bytes]) -> None:
        """Append lines that came together, and tell them."""
        self._kept.write_lines(source, lines)
        told = lines[: self._left]
        self._left -= len(told)
        if told:
            self._tell(tuple(SaidLine(source, readable(line)) for line in told))

    def close(self) -> None:
        """The log it writes to is others', too."""


async def _try(house: House, server: Server, tell: Tell, before: asyncio.Task[None] | None) -> None:
    if before is not None:
        await asyncio.wait([before])
    loop = asyncio.get_running_loop()
    began = loop.time()
    found, fault = None, ""
    try:
        found = await _probe(house, server, _ToldLog(house.server_log(server.name), tell))
        definitions = (read_definition(tool, jsonrpc.digest(tool)) for tool in found.tools)
        house.catalog.learn(server.name, (one for one in definitions if one is not None))
    except (ProbeFailed, UpstreamUnavailable, WireFault) as failure:
        fault = str(failure)
    finally:  # cancelled as well: whoever waits must hear that it is over
        tell(TrialEnd(server.name, found, fault, loop.time() - began))


async def _probe(house: House, server: Server, log: ServerLog) -> Probed:
    if isinstance(server, HttpServer):
        return await probe_http(server, house.logins.of(server), log, house.start_seconds)
    return await probe_stdio(server, await house.launch_environment(server), log, house.start_seconds)


async def _log_in(house: House, server: HttpServer, tell: Callable[[str], None], ended: Ended) -> None:
    sentence = f'Not logged in at "{server.name}": it was given up.'
    try:
        tell(await house.logins.begin(server))
        sentence = await house.logins.finish(server)
    except LoginFailed as fault:
        sentence = f'Not logged in at "{server.name}": {fault}.'
    finally:  # cancelled as well: whoever waits must hear that it is over
        ended(sentence)


async def _log_out(house: House, server: HttpServer, ended: Ended) -> None:
    try:
        was = "Logged out at" if await house.logins.forget(server) else "There was no login at"
        ended(f'{was} "{server.name}".')
    except SecretUnavailable as fault:
        ended(str(fault))


async def _look(house: House, server: HttpServer, tell: Callable[[LoginState], None]) -> None:
    login = house.logins.of(server)
    await login.load()
    tell(LoginState(server.name, login.is_static, login.is_logged_in, login.problem or "", login.keeping or ""))
