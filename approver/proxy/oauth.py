"""By what a remote server knows Approver: headers from servers.json, or a login of the person's by OAuth.

    credentials ──> static headers, secrets filled in ── or ── a token, refreshed before its time is over
    refused     <── 401, 403: refresh once; what is left to do is the person's, and becomes the problem
    login       ──> `oauth_login`: a browser for the consent ──> tokens, in the keyring only

One `ServerLogin` serves all clients of a server. The SDK's OAuth client does the protocol: it is asked for the header
of a request that is never sent, and every request that it makes itself goes out from here.
"""

import asyncio
import logging
import shlex
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from approver.clock import Clock
from approver.model import HttpServer
from approver.proxy.http_wire import Headers, Unreachable, Unwelcome
from approver.proxy.oauth_grant import Holder, LoginGrant, from_text, prepare, read_back
from approver.secrets import LoginStore, SecretStore, SecretUnavailable

if TYPE_CHECKING:
    import httpx2

log = logging.getLogger(__name__)

_Answer = TypeVar("_Answer")

KEYRING_SECONDS = 60.0
EARLY_SECONDS = 60.0
"""How long before its end a token is refreshed."""


class LoginFailed(Unwelcome):
    """A login came to nothing; the message says why."""


class Store(Protocol):
    """Where logins are kept: `secrets.LoginStore`. Every call may block."""

    def get(self, server: str) -> str | None:
        """Return what was kept."""
        ...

    def put(self, server: str, text: str) -> None:
        """Keep a login."""
        ...

    def remove(self, server: str) -> bool:
        """Forget a login."""
        ...


class ServerLogin:
    """The credentials for one server; see `http_wire.Credentials`."""

    def __init__(
        self,
        server: HttpServer,
        secrets: SecretStore,
        clock: Clock,
        changed: Callable[[], None],
        store: Store | None = None,
    ) -> None:
        self.server = server
        self._secrets = secrets
        self._clock = clock
        self._changed = changed
        self._store = store or LoginStore()
        self._static: Headers | None = None
        self._lock = asyncio.Lock()
        self._is_loaded = False
        self.grant = LoginGrant(server.url)
        self._last_resort = ""
        """The token that a refusal made us get: should it be refused as well, another one would be, too."""
        self.challenge: tuple[int, str] | None = None
        """How the server refused last: status and `WWW-Authenticate`."""
        self.problem: str | None = None
        """What the person has to do, as a sentence."""
        self.keeping: str | None = None
        """Why the login is not kept for the next start; None: it is."""

    # -- for whoever sends requests --------------------------------------------------------------------------------

    async def credentials(self) -> Headers:
        """The headers to send. Raises `WireFault` where there are none that the server would take."""
        static = await self._filled()
        if self.is_static:
            return static
        if not self._is_loaded or self._is_ending:
            async with self._lock:
                await self._load()
                if self._is_ending:
                    await self._refresh()
        return [*static, *self._bearer]

    async def refused(self, status: int, challenge: str, used: Headers) -> bool:
        """Hear that the server answered 401 or 403; whether there are other credentials to try now.

        Raises:
            Unreachable: there may be, but the login server does not answer.
        """
        async with self._lock:
            self.challenge = (status, challenge)
            if self.is_static:
                before, self._static = self._static, None
                return await self._filled() != before
            if any(pair in used for pair in self._bearer) or not self._bearer:
                return await self._try_other(status)
            return True  # it has been refreshed since

    async def _try_other(self, status: int) -> bool:
        if status == 401 and await self._find_newer():
            return True
        if status == 401 and self.grant.can_be_refreshed and self.grant.access_token != self._last_resort:
            try:
                await self._refresh(is_refused=True)
                self._last_resort = self.grant.access_token
                return True
            except Unwelcome:
                pass
        if status == 401 or self._wants_more:
            self._set_problem(self._to_do(status))
        return False

    def advice(self, status: int) -> str:
        """What the person can do about a refusal."""
        return self._to_do(status)

    # -- what is known ---------------------------------------------------------------------------------------------

    @property
    def is_logged_in(self) -> bool:
        """Whether there is a token."""
        return bool(self.grant.access_token)

    @property
    def is_static(self) -> bool:
        """Whether servers.json says what to send, so that no login is used."""
        return any(name.lower() == "authorization" for name in self.server.headers)

    @property
    def _bearer(self) -> Headers:
        token = self.grant.access_token
        return [(b"authorization", f"Bearer {token}".encode("latin-1", "replace"))] if token else []

    @property
    def _is_ending(self) -> bool:
        ends = self.grant.expires_at
        return ends is not None and self.grant.can_be_refreshed and self._clock.now() >= ends - EARLY_SECONDS

    @property
    def _wants_more(self) -> bool:
        return self.challenge is not None and "insufficient_scope" in self.challenge[1]

    @property
    def command(self) -> str:
        """The command by which the person logs in."""
        return f"approver server login {shlex.quote(self.server.name)}"

    def _to_do(self, status: int) -> str:
        if self.is_static:
            return (
                f"it does not accept the Authorization that servers.json gives it (HTTP {status}). Put a valid one "
                "there, or into the keyring: approver secret set NAME"
            )
        if status == 403 and not self._wants_more:
            return (
                f"it forbids this (HTTP 403), to you or to the login that you have there. Another one: {self.command}"
            )
        if self._wants_more:
            return f"it wants more rights than your login there has. Grant them: {self.command}"
        if self.is_logged_in:
            return f"your login there is over. Log in again: {self.command}"
        return f"it wants you to log in: {self.command}"

    def _set_problem(self, what: str | None) -> None:
        problem = None if what is None else f'The server "{self.server.name}" cannot be used: {what}.'
        if problem != self.problem:
            self.problem = problem
            self._changed()

    # -- static headers --------------------------------------------------------------------------------------------

    async def _filled(self) -> Headers:
        if self._static is None:
            try:
                headers = await self._ask_keyring(self._secrets.fill, self.server.name, self.server.headers)
                self._static = [_header(name, value) for name, value in headers.items()]
            except SecretUnavailable as fault:
                raise Unreachable(str(fault).rstrip(".")) from fault
            except ValueError as fault:
                raise Unreachable("one of its headers has a character that no header may have") from fault
        return self._static

    @staticmethod
    async def _ask_keyring(question: Callable[..., _Answer], *about: Any) -> _Answer:
        """Have the keyring answer, which may ask the person to unlock it. Raises `SecretUnavailable`."""
        try:
            return await asyncio.wait_for(asyncio.to_thread(question, *about), KEYRING_SECONDS)
        except TimeoutError as fault:
            raise SecretUnavailable("The keyring did not answer in time. Unlock it, and try again.") from fault

    # -- tokens ----------------------------------------------------------------------------------------------------

    async def _load(self) -> None:
        if self._is_loaded:
            return
        self._is_loaded = True
        found = await self._stored()
        if found is not None:
            self.grant = found

    async def load(self) -> None:
        """Read the keyring, if that was not done before."""
        async with self._lock:
            await self._load()

    async def _stored(self) -> LoginGrant | None:
        try:
            text = await self._ask_keyring(self._store.get, self.server.name)
        except SecretUnavailable as fault:
            self.keeping = str(fault)
            return None
        return None if text is None else from_text(text, self.server.url)

    async def _find_newer(self) -> bool:
        """Take a login that another process has put into the keyring; whether there is one."""
        newer = await self._stored()
        if newer is None or newer.tokens is None or newer.tokens == self.grant.tokens:
            return False
        self.grant = newer
        return True

    async def keep(self, grant: LoginGrant) -> None:
        """Take what a login or a refresh came to, and put it into the keyring; without one it lasts until the end."""
        self.grant, self._is_loaded = grant, True
        try:
            await self._ask_keyring(self._store.put, self.server.name, grant.to_text())
            self.keeping = None
        except SecretUnavailable as fault:
            self.keeping = str(fault)
            log.warning("the login at %s is kept in memory only: %s", self.server.name, fault)
        if grant.access_token:
            self.challenge = None
            self._set_problem(None)

    async def forget(self) -> bool:
        """Log out: drop the tokens here and in the keyring; whether there were any. Raises `SecretUnavailable`."""
        async with self._lock:
            had = self.is_logged_in
            self.grant, self._is_loaded = LoginGrant(self.server.url), True
            self._set_problem(None)
            try:
                return await self._ask_keyring(self._store.remove, self.server.name) or had
            except SecretUnavailable:
                if self.keeping is None:
                    raise
                return had  # it was never in the keyring

    async def _refresh(self, *, is_refused: bool = False) -> None:
        """Get new tokens; the server may have refused those that there are.

        Raises:
            Unreachable: the login server is away; the old token may still do.
            Unwelcome: it gives none any more.
        """
        status = await self._refresh_with(self.grant)
        if _is_final(status) and await self._find_newer():  # a command has used up our refresh token and kept the next
            status = await self._refresh_with(self.grant) if self._is_ending else 200
        if status == 200:
            return
        if _is_final(status):
            self._set_problem(self._to_do(401))
            raise Unwelcome(self._to_do(401))
        is_over = self.grant.expires_at is not None and self._clock.now() >= self.grant.expires_at
        if is_over or is_refused:
            raise Unreachable("its login server does not answer, and your login there has to be renewed")

    async def _refresh_with(self, grant: LoginGrant) -> int:
        """Refresh; return the status, 503 where the server cannot be reached."""
        import httpx2

        provider, holder = self.new_provider(grant, "http://127.0.0.1/callback")
        prepare(provider, grant, is_over=True)
        request = httpx2.Request("POST", self.server.url)
        flow = provider.async_auth_flow(request)
        status = 503
        try:
            async with self.new_client() as client:
                outgoing = await flow.__anext__()
                while outgoing is not request:
                    response = await client.send(outgoing, follow_redirects=False)
                    status = response.status_code
                    outgoing = await flow.asend(response)
        except httpx2.HTTPError as fault:
            log.info("the login at %s could not be refreshed: %s", self.server.name, fault)
            return 503
        finally:
            await flow.aclose()
        if status == 200 and "authorization" in request.headers:
            await self.keep(read_back(provider, holder, grant, self._clock.now()))
            return 200
        return 400 if status == 200 else status

    def now(self) -> float:
        """Wall time."""
        return self._clock.now()

    # -- the SDK's client ------------------------------------------------------------------------------------------

    def new_provider(self, grant: LoginGrant, redirect: str, **handlers: Any) -> tuple[Any, Holder]:
        """The SDK's OAuth client for this server, and what it reads and writes."""
        from mcp.client.auth import OAuthClientProvider
        from mcp.shared.auth import OAuthClientMetadata
        from pydantic import AnyUrl

        logging.getLogger("mcp.client.auth").setLevel(logging.CRITICAL)  # what it raises is told, in a sentence

        holder = Holder(grant)
        ours = OAuthClientMetadata(client_name="Approver", redirect_uris=[AnyUrl(redirect)])
        return OAuthClientProvider(self.server.url, ours, holder, **handlers), holder

    def new_client(self) -> "httpx2.AsyncClient":
        """What the SDK's client's own requests go out with."""
        import httpx2

        return httpx2.AsyncClient(timeout=30.0, event_hooks={"request": [self.check_address]})

    async def check_address(self, request: "httpx2.Request") -> None:
        """Tokens and secrets go over encrypted connections, or stay on this machine, or with a server that has none."""
        import httpx2

        here, there = httpx2.URL(self.server.url), request.url
        is_own = (here.scheme, here.host, here.port) == (there.scheme, there.host, there.port)
        if there.scheme != "https" and there.host not in ("127.0.0.1", "localhost", "::1") and not is_own:
            raise LoginFailed(
                f"its login server {there.scheme}://{there.host} is not encrypted, so nothing was sent there"
            )


def _is_final(status: int) -> bool:
    """Whether a login server has said no, and would say it again."""
    return 400 <= status < 500 and status != 429


def _header(name: str, value: str) -> tuple[bytes, bytes]:
    """A header as it is sent. Raises `ValueError`."""
    if any(ord(character) < 32 or ord(character) == 127 for character in name + value.replace("\t", "")):
        raise ValueError
    return name.lower().encode("ascii"), value.encode("latin-1")
