"""The credentials for every remote server, shared by all that speak to it, and the logins that people begin."""

from collections.abc import Callable

from approver.clock import Clock
from approver.events import WantedLogin
from approver.model import HttpServer
from approver.proxy.oauth import LoginFailed, ServerLogin
from approver.proxy.oauth_login import Login, OwnClient
from approver.proxy.oauth_redirect import PREFERRED_PORT
from approver.secrets import SecretStore
from approver.servers import Server

__all__ = ["PREFERRED_PORT", "LoginFailed", "Logins", "OwnClient"]


class Logins:
    """What the engine, or a command without one, holds of logins."""

    def __init__(self, secrets: SecretStore, clock: Clock, changed: Callable[[], None] = lambda: None) -> None:
        self._secrets = secrets
        self._clock = clock
        self._changed = changed
        self._known: dict[str, ServerLogin] = {}
        self._begun: dict[str, Login] = {}

    def of(self, server: HttpServer) -> ServerLogin:
        """The credentials for a server; others once it was edited."""
        known = self._known.get(server.name)
        if known is None or known.server != server:
            known = self._known[server.name] = ServerLogin(server, self._secrets, self._clock, self._changed)
        return known

    @property
    def problems(self) -> tuple[str, ...]:
        """What people have to do, in sentences."""
        return tuple(known.problem for known in self._known.values() if known.problem is not None)

    @property
    def wanted(self) -> tuple[WantedLogin, ...]:
        """Servers at which the person has to log in: those whose problem says how."""
        return tuple(
            WantedLogin(name, known.problem)
            for name, known in self._known.items()
            if known.problem is not None and known.command in known.problem
        )

    def retain(self, servers: Callable[[str], Server | None]) -> None:
        """Forget what belonged to servers that were edited or removed."""
        for name, known in list(self._known.items()):
            if servers(name) != known.server:
                del self._known[name]

    async def begin(self, server: HttpServer, own: OwnClient | None = None) -> str:
        """Begin a login; return the address to open in a browser. Raises `LoginFailed`."""
        await self.cancel(server.name)
        login = self._begun[server.name] = Login(self.of(server), own)
        return await login.begin()

    async def finish(self, server: HttpServer) -> str:
        """Wait until a login that was begun is over; return a sentence. Raises `LoginFailed`."""
        login = self._begun.get(server.name)
        if login is None:
            raise LoginFailed("no login has been begun there")
        try:
            return await login.finish()
        finally:
            if self._begun.get(server.name) is login:
                del self._begun[server.name]

    async def cancel(self, server: str | None = None) -> None:
        """Give up the login at a server, or all of them."""
        for name in [server] if server is not None else list(self._begun):
            if name in self._begun:
                await self._begun.pop(name).cancel()

    async def forget(self, server: HttpServer) -> bool:
        """Log out; whether there was a login. Raises `SecretUnavailable`."""
        return await self.of(server).forget()
