"""What servers are started with."""

import threading
from collections.abc import Iterator, Mapping

import pytest

from approver.desktop.login_environment import LoginEnvironment
from approver.launching import Launching
from approver.model import StdioServer
from approver.proxy.stdio_upstream import UpstreamUnavailable
from approver.secrets import SecretStore, SecretUnavailable

pytestmark = pytest.mark.anyio
SERVER = StdioServer("web", "web-mcp", env={"TOKEN": "${keyring:token}", "HOME": "/elsewhere"})


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Secrets(SecretStore):
    """A keyring that knows one word, refuses, or does not answer until it is let go."""

    def __init__(self, answer: str = "fills") -> None:
        self._answer = answer
        self.let_go = threading.Event()

    def fill(self, server: str, values: Mapping[str, str]) -> dict[str, str]:
        if self._answer == "refuses":
            raise SecretUnavailable(f'TOKEN of the server "{server}" cannot be filled in: locked.')
        if self._answer == "waits":
            self.let_go.wait(10)
        return {name: value.replace("${keyring:token}", "s3cret") for name, value in values.items()}


@pytest.fixture
def secrets() -> Iterator[Secrets]:
    secrets = Secrets("waits")
    yield secrets
    secrets.let_go.set()


def launching(secrets: Secrets) -> Launching:
    return Launching(secrets, LoginEnvironment({"PATH": "/bin", "HOME": "/home/ana"}, shell="/nowhere/sh"))


async def test_a_servers_own_variables_come_over_the_login_shells() -> None:
    one = launching(Secrets())
    one.warm_up()
    environment = await one.environment(SERVER, 5)
    assert environment == {"PATH": "/bin", "HOME": "/elsewhere", "TOKEN": "s3cret"}
    await one.stop()


async def test_a_secret_that_cannot_be_had_is_told() -> None:
    with pytest.raises(UpstreamUnavailable, match="TOKEN of the server"):
        await launching(Secrets("refuses")).environment(SERVER, 5)


async def test_a_keyring_that_does_not_answer_is_not_waited_for_for_ever(secrets: Secrets) -> None:
    with pytest.raises(UpstreamUnavailable, match="did not answer in time"):
        await launching(secrets).environment(SERVER, 0.01)
    secrets.let_go.set()
