"""What servers are started with: the login shell's environment, their own variables and secrets, and a log each.

server ──> login environment + env with secrets filled in      server's stderr and noise ──> its own log
"""

import asyncio
from collections.abc import Mapping

from approver.desktop.login_environment import LoginEnvironment
from approver.model import StdioServer
from approver.proxy.stdio_upstream import UpstreamUnavailable
from approver.secrets import SecretStore, SecretUnavailable
from approver.tasks import spawn


class Launching:
    """One for the whole engine, on its loop."""

    def __init__(self, secrets: SecretStore, login: LoginEnvironment | None = None) -> None:
        self._secrets = secrets
        self._login = login or LoginEnvironment()

    def warm_up(self) -> None:
        """Ask the login shell now, so that the first client need not wait for it."""
        spawn(self._login.get(), name="login environment")

    async def environment(self, server: StdioServer, seconds: float) -> Mapping[str, str]:
        """Return what to start the server with; the keyring has so many seconds to answer.

        Raises:
            UpstreamUnavailable: a secret can't be had.
        """
        login = await self._login.get()
        try:
            own = await asyncio.wait_for(asyncio.to_thread(self._secrets.fill, server.name, server.env), seconds)
        except SecretUnavailable as fault:
            raise UpstreamUnavailable(str(fault)) from fault
        except TimeoutError as fault:  # it may be asking the person to unlock it
            raise UpstreamUnavailable("The keyring did not answer in time. Unlock it, and connect again.") from fault
        return {**login, **own}

    async def stop(self) -> None:
        """Ask the login shell no more."""
        await self._login.stop()
