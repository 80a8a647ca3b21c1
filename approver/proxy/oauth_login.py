"""A person's login at a remote server: discovery, registration, the browser's consent, tokens.

    begin ──> an address to open in a browser ──> the consent ──> the loopback redirect ──> finish: tokens are kept

The SDK's OAuth client leads through it. It begins with a refusal of the server's: the one that a client met last, since
that may ask for certain rights, or one that is fetched for the purpose.
"""

import asyncio
import logging
from dataclasses import dataclass, replace
from typing import Any

from approver.proxy import jsonrpc
from approver.proxy.oauth import LoginFailed, ServerLogin
from approver.proxy.oauth_grant import Holder, LoginGrant, prepare, read_back
from approver.proxy.oauth_redirect import PREFERRED_PORT, RedirectListener
from approver.tasks import spawn
from approver.visible import make_visible

log = logging.getLogger(__name__)

CONSENT_SECONDS = 600.0
"""How long a person may take in the browser."""
_BEGIN_SECONDS = 60.0
_PROBE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-11-25",
        "capabilities": {},
        "clientInfo": {"name": "approver", "version": "0"},
    },
}


@dataclass(frozen=True, slots=True)
class OwnClient:
    """An OAuth client that the person registered by hand, where a server does not let programs register themselves."""

    id: str
    secret: str = ""
    port: int = PREFERRED_PORT
    """Of the loopback address that was named at the registration."""

    @property
    def is_document(self) -> bool:
        """Whether the id is the address of a document that describes the client."""
        return self.id.startswith("https://")


class Login:
    """One login, from `begin` to `finish`."""

    def __init__(self, login: ServerLogin, own: OwnClient | None = None) -> None:
        self._login = login
        self._own = own
        self._listener = RedirectListener()
        self._address: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._work: asyncio.Task[LoginGrant] | None = None
        self._provider: Any = None

    async def begin(self) -> str:
        """Find out where the person has to give consent; return the address to open. Raises `LoginFailed`."""
        work = self._work = spawn(self._run(), name=f"log in at {self._login.server.name}")
        work.add_done_callback(lambda task: None if task.cancelled() else task.exception())
        await asyncio.wait([self._address, work], timeout=_BEGIN_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        if self._address.done():
            return self._address.result()
        if not work.done():
            await self.cancel()
            raise LoginFailed(f"it has not said within {_BEGIN_SECONDS:g} seconds where to log in")
        await work
        raise LoginFailed("it gave a token without asking anybody")

    async def finish(self) -> str:
        """Wait for the consent and the tokens; return a sentence. Raises `LoginFailed`."""
        assert self._work is not None
        try:
            async with asyncio.timeout(CONSENT_SECONDS):
                await asyncio.shield(self._work)
        except TimeoutError:
            await self.cancel()
            raise LoginFailed(f"nobody answered in the browser within {CONSENT_SECONDS / 60:g} minutes") from None
        except asyncio.CancelledError:
            if self._work.cancelled():
                raise LoginFailed("it was given up") from None
            raise
        return self._told()

    async def cancel(self) -> None:
        """Give it up."""
        if self._work is not None:
            self._work.cancel()
            await asyncio.wait([self._work])

    def _told(self) -> str:
        name, keeping = self._login.server.name, self._login.keeping
        if keeping is None:
            return f'Logged in at "{name}". The login is kept in the keyring.'
        return f'Logged in at "{name}", until Approver is closed: the login cannot be kept. {keeping}'

    # -- the flow --------------------------------------------------------------------------------------------------

    async def _run(self) -> LoginGrant:
        import httpx2
        from mcp.client.auth import OAuthFlowError

        await self._login.load()
        grant = await self._listen(self._login.grant)
        try:
            async with self._login.new_client() as client:
                found = await self._lead(client, grant)
        except OAuthFlowError as fault:
            raise LoginFailed(_words(fault, self._login)) from fault
        except httpx2.HTTPError as fault:
            raise LoginFailed(f"its login server cannot be reached ({fault or type(fault).__name__})") from fault
        except ValueError as fault:  # the SDK's models, of what the login server sent
            log.info("%s", fault)
            raise LoginFailed("its login server answers what no login server does") from fault
        finally:
            await self._listener.stop()
        await self._login.keep(found)
        return found

    async def _lead(self, client: Any, grant: LoginGrant) -> LoginGrant:
        import httpx2

        request = httpx2.Request("POST", self._login.server.url)
        provider, holder = self._new_provider(grant)
        prepare(provider, replace(grant, server=None, resource=None), is_over=False)
        refusal = await self._refusal(client, request)
        flow = provider.async_auth_flow(request)
        try:
            outgoing = await flow.__anext__()
            response = refusal
            while True:
                outgoing = await flow.asend(response)
                if outgoing is request:
                    break
                response = await client.send(outgoing, follow_redirects=False)
        except StopAsyncIteration:
            raise LoginFailed("it does not say how to log in") from None
        finally:
            await flow.aclose()
        return read_back(provider, holder, grant, self._login.now())

    async def _refusal(self, client: Any, request: Any) -> Any:
        """The refusal to begin with, as the SDK's client would have met it."""
        import httpx2

        status, challenge = self._login.challenge or await self._probe(client)
        if status != 403 or "insufficient_scope" not in challenge:
            status = 401
        return httpx2.Response(status, headers={"www-authenticate": challenge} if challenge else {}, request=request)

    async def _probe(self, client: Any) -> tuple[int, str]:
        """Ask the server as a client would, to be refused."""
        headers = {"accept": "application/json, text/event-stream", "content-type": "application/json"}
        body = jsonrpc.encode(_PROBE)
        async with client.stream("POST", self._login.server.url, content=body, headers=headers) as response:
            status, challenge = response.status_code, response.headers.get("www-authenticate", "")
            session = response.headers.get("mcp-session-id")
        if session:
            await client.delete(self._login.server.url, headers={"mcp-session-id": session})
        return status, challenge if status in (401, 403) else ""

    # -- the client that is registered -----------------------------------------------------------------------------

    async def _listen(self, grant: LoginGrant) -> LoginGrant:
        """Listen for the browser; return what of the last login may be used again."""
        if self._own is not None:
            await self._listen_at(self._own.port)
            return replace(
                self._login.grant, client=None if self._own.is_document else self._own_client(), is_given=True
            )
        port = _registered_port(grant)
        if grant.client is not None and port:
            try:
                await self._listener.start(port)
                return grant
            except OSError:
                if grant.is_given:
                    raise LoginFailed(
                        f"port {port} is taken, where its login server sends the browser back to"
                    ) from None
        await self._listener.start(0)
        return replace(grant, client=None)  # registered for another port: register anew

    async def _listen_at(self, port: int) -> None:
        try:
            await self._listener.start(port)
        except OSError as fault:
            raise LoginFailed(f"port {port} is taken, where its login server sends the browser back to") from fault

    def _own_client(self) -> dict[str, Any]:
        assert self._own is not None
        client = {"client_id": self._own.id, "redirect_uris": [self._listener.address]}
        secret = {"client_secret": self._own.secret, "token_endpoint_auth_method": "client_secret_basic"}
        return {**client, **(secret if self._own.secret else {"token_endpoint_auth_method": "none"})}

    def _new_provider(self, grant: LoginGrant) -> tuple[Any, Holder]:
        document = self._own.id if self._own is not None and self._own.is_document else None
        self._provider, holder = self._login.new_provider(
            grant,
            self._listener.address,
            redirect_handler=self._ask_person,
            callback_handler=self._person_answered,
            client_metadata_url=document,
        )
        return self._provider, holder

    # -- the browser -----------------------------------------------------------------------------------------------

    async def _ask_person(self, address: str) -> None:
        """Hand out the address that the person is to open."""
        import httpx2

        await self._login.check_address(httpx2.Request("GET", address))
        self._choose_method()
        self._listener.expect(address)
        if not self._address.done():
            self._address.set_result(address)

    def _choose_method(self) -> None:
        """Send a secret that the person gave as the login server wants it, which is known by now."""
        context = self._provider.context
        offered = context.oauth_metadata.token_endpoint_auth_methods_supported if context.oauth_metadata else None
        if self._own is not None and self._own.secret and offered and "client_secret_basic" not in offered:
            context.client_info.token_endpoint_auth_method = "client_secret_post"

    async def _person_answered(self) -> Any:
        from mcp.shared.auth import AuthorizationCodeResult

        brought = await self._listener.answer()
        if "error" in brought:
            what = brought.get("error_description") or brought["error"]
            raise LoginFailed(f"the login was refused: {make_visible(what[:200]).rstrip('.')}")
        return AuthorizationCodeResult(code=brought.get("code", ""), state=brought.get("state"), iss=brought.get("iss"))


def _registered_port(grant: LoginGrant) -> int:
    from urllib.parse import urlsplit

    addresses = (grant.client or {}).get("redirect_uris") or []
    try:
        return urlsplit(str(addresses[0])).port or 0 if addresses else 0
    except ValueError:
        return 0


def _words(fault: Exception, login: ServerLogin) -> str:
    from mcp.client.auth import OAuthRegistrationError

    said = make_visible(" ".join(str(fault).split())[:300]).rstrip(".")
    if isinstance(fault, OAuthRegistrationError):
        return (
            f"its login server does not let Approver register itself ({said}). Register a client there by hand, with "
            f"the redirect address http://127.0.0.1:{PREFERRED_PORT}/callback. Then: {login.command} --client-id ID"
        )
    return f"the login failed: {said}"
