"""A server that wants logins, the credentials for it, and a keyring in memory."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from oauth_server import OAuthServer, browse
from still_time import StillTime
from web_servers import WebServer

from approver.model import HttpServer
from approver.proxy.oauth import ServerLogin
from approver.proxy.oauth_login import Login
from approver.secrets import SecretStore, SecretUnavailable


class MemoryStore:
    """A keyring that keeps logins, and can be absent."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}
        self.is_absent = False

    def get(self, server: str) -> str | None:
        """Return what was kept."""
        self._check()
        return self.kept.get(server)

    def put(self, server: str, text: str) -> None:
        """Keep a login."""
        self._check()
        self.kept[server] = text

    def remove(self, server: str) -> bool:
        """Forget a login."""
        self._check()
        return self.kept.pop(server, None) is not None

    def _check(self) -> None:
        if self.is_absent:
            raise SecretUnavailable("There is no keyring on this machine.")


class LoginRoom:
    """The server and what an engine would hold for it."""

    def __init__(self, oauth: OAuthServer, web: WebServer) -> None:
        self.oauth = oauth
        self.web = web
        self.store = MemoryStore()
        self.time = StillTime()
        self.changes = 0
        self.headers: dict[str, str] = {}
        self.login = self.restarted()

    def restarted(self) -> ServerLogin:
        """The credentials anew, as after a start of the app: all that it knows is in the keyring."""
        server = HttpServer("remote", self.web.url, self.headers)
        self.login = ServerLogin(server, SecretStore(), self.time, self._changed, self.store)
        return self.login

    async def log_in(self, **options: Any) -> str:
        """Log in as a person with a browser."""
        login = Login(self.login, **options)
        await browse(await login.begin())
        return await login.finish()

    async def token(self) -> str:
        """The token that would be sent now; empty where there is none."""
        headers = dict(await self.login.credentials())
        return headers.get(b"authorization", b"").decode().removeprefix("Bearer ")

    def _changed(self) -> None:
        self.changes += 1


@asynccontextmanager
async def login_room(oauth: OAuthServer | None = None) -> AsyncIterator[LoginRoom]:
    """A room for the time of the block."""
    oauth = oauth or OAuthServer()
    web = WebServer(oauth)
    oauth.origin = web.origin
    await web.start()
    try:
        yield LoginRoom(oauth, web)
    finally:
        await web.stop()
