"""Connecting to hosts with several addresses, of which some lead nowhere."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from approver.proxy import http_dialing
from approver.proxy.http_dialing import connect

pytestmark = pytest.mark.anyio
SIX, FOUR = socket.AF_INET6, socket.AF_INET


@pytest.fixture(params=[False, True], ids=["asyncio", "uvloop"])
def anyio_backend(request: pytest.FixtureRequest) -> tuple[str, dict[str, Any]]:
    """The engine's loop, and the other."""
    return "asyncio", {"use_uvloop": request.param}


@pytest.fixture
async def port() -> AsyncIterator[int]:
    """The port of a server that answers."""
    server = await asyncio.start_server(lambda reader, writer: writer.close(), "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def at(*places: tuple[str, int]) -> Callable[..., Any]:
    """What the system says of a host that has these addresses."""

    async def found(host: str, port: int) -> list[Any]:
        return [(FOUR, socket.SOCK_STREAM, 6, "", place) for place in places]

    return found


class Swallows:
    """An address to which connecting takes for ever."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.cancelled = 0
        self._attempt = http_dialing._attempt
        monkeypatch.setattr(http_dialing, "_attempt", self.attempt)

    async def attempt(self, address: Any) -> Any:
        """Try an address; port 1 never answers."""
        if address[4][1] != 1:
            return await self._attempt(address)
        try:
            return await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise


async def test_a_host_with_one_address_is_connected_to(port: int) -> None:
    with await connect("127.0.0.1", port) as connected:
        assert connected.getpeername() == ("127.0.0.1", port)
        assert connected.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        assert connected.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


async def test_where_nobody_answers_the_fault_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = free_port()
    with pytest.raises(ConnectionRefusedError):
        await connect("127.0.0.1", nobody)
    monkeypatch.setattr(http_dialing, "_resolve", at(("127.0.0.1", nobody), ("127.0.0.1", free_port())))
    with pytest.raises(ConnectionRefusedError):
        await connect("host.example", 1)


async def test_after_an_address_that_refuses_the_next_is_tried_at_once(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_dialing, "STAGGER_SECONDS", 60.0)
    monkeypatch.setattr(http_dialing, "_resolve", at(("127.0.0.1", free_port()), ("127.0.0.1", port)))
    async with asyncio.timeout(10):
        with await connect("host.example", 1) as connected:
            assert connected.getpeername()[1] == port


async def test_an_address_that_swallows_everything_does_not_hold_up_the_next(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    swallows = Swallows(monkeypatch)
    monkeypatch.setattr(http_dialing, "STAGGER_SECONDS", 0.01)
    monkeypatch.setattr(http_dialing, "_resolve", at(("127.0.0.1", 1), ("127.0.0.1", port)))
    async with asyncio.timeout(10):
        with await connect("host.example", 1) as connected:
            assert connected.getpeername()[1] == port
        while not swallows.cancelled:
            await connect_and_close(port)


async def connect_and_close(port: int) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.close()
    await writer.wait_closed()


async def test_who_gives_up_leaves_no_attempt_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    swallows = Swallows(monkeypatch)
    monkeypatch.setattr(http_dialing, "STAGGER_SECONDS", 0.01)
    monkeypatch.setattr(http_dialing, "_resolve", at(("127.0.0.1", 1), ("127.0.0.2", 1)))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await connect("host.example", 1)
    async with asyncio.timeout(10):
        while swallows.cancelled < 2:
            await asyncio.to_thread(lambda: None)


async def test_of_two_that_answer_together_one_is_closed(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_dialing, "STAGGER_SECONDS", 0.0)
    monkeypatch.setattr(http_dialing, "_resolve", at(*[("127.0.0.1", port)] * 5))
    for _ in range(20):
        with await connect("host.example", 1) as connected:
            assert connected.getpeername()[1] == port


def test_families_take_turns() -> None:
    found = [(SIX, 1), (SIX, 2), (SIX, 3), (FOUR, 1)]
    assert http_dialing._alternating(found) == [(SIX, 1), (FOUR, 1), (SIX, 2), (SIX, 3)]
    assert http_dialing._alternating([(FOUR, 1), (FOUR, 2)]) == [(FOUR, 1), (FOUR, 2)]


async def test_a_family_that_the_machine_does_not_know_is_passed_over() -> None:
    assert isinstance(await http_dialing._attempt((-1, socket.SOCK_STREAM, 6, "", ("x", 1))), OSError)
