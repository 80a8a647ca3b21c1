"""Connections for httpcore: bytes both ways, and httpcore's own errors."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpcore2
import pytest

from approver.proxy import http_network
from approver.proxy.http_network import AsyncioNetwork

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def connected() -> AsyncIterator[tuple[httpcore2.AsyncNetworkStream, asyncio.StreamReader, asyncio.StreamWriter]]:
    """A connection, and the server's end of it."""
    there: asyncio.Future[tuple[asyncio.StreamReader, asyncio.StreamWriter]]
    there = asyncio.get_running_loop().create_future()
    server = await asyncio.start_server(lambda reader, writer: there.set_result((reader, writer)), "127.0.0.1", 0)
    stream = await AsyncioNetwork().connect_tcp("127.0.0.1", server.sockets[0].getsockname()[1], timeout=5)
    reader, writer = await there
    try:
        async with asyncio.timeout(10):
            yield stream, reader, writer
    finally:
        await stream.aclose()
        writer.close()
        server.close()


async def test_bytes_go_both_ways() -> None:
    async with connected() as (stream, reader, writer):
        await stream.write(b"")
        await stream.write(b"there")
        assert await reader.readexactly(5) == b"there"
        writer.write(b"and back")
        assert await stream.read(3) == b"and"
        assert await stream.read(100) == b" back"


async def test_the_end_of_a_connection_is_an_empty_read_and_it_can_be_seen_before() -> None:
    async with connected() as (stream, _, writer):
        assert not stream.get_extra_info("is_readable")
        writer.close()
        assert await stream.read(10) == b""
        assert stream.get_extra_info("is_readable")
        with pytest.raises(httpcore2.WriteError):
            await stream.write(b"x")


async def test_a_connection_that_breaks_is_a_fault_of_reading() -> None:
    async with connected() as (stream, _, writer):
        raw = writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        writer.transport.abort()
        with pytest.raises(httpcore2.ReadError):
            await stream.read(10)


async def test_nobody_listening_is_a_fault_of_connecting() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with pytest.raises(httpcore2.ConnectError):
            await AsyncioNetwork().connect_tcp("127.0.0.1", unused.getsockname()[1], timeout=5)


async def test_an_answer_that_does_not_come_in_time_is_a_timeout() -> None:
    async with connected() as (stream, _, _writer):
        with pytest.raises(httpcore2.ReadTimeout):
            await stream.read(10, timeout=0.01)


async def test_a_reader_that_does_not_keep_up_stops_the_sender(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_network, "_HIGH_WATER", 1000)
    async with connected() as (stream, _, writer):
        writer.write(b"x" * 10_000_000)
        total = 0
        while total < 10_000_000:
            total += len(await stream.read(4_000_000))
        assert total == 10_000_000


async def test_a_server_that_reads_nothing_is_a_timeout_of_writing() -> None:
    async with connected() as (stream, _, _writer):
        with pytest.raises(httpcore2.WriteTimeout):
            await stream.write(b"x" * 50_000_000, timeout=0.05)
