"""Connections to HTTP servers on the loop's own transports, for httpcore.

httpcore's stock network goes through anyio, which costs a task switch or more at every read and write; here a write
goes to the transport at once (a request's head and body leave together), and a read takes what has come.
"""

import asyncio
import ssl
from collections.abc import Iterable
from typing import Any, cast

import httpcore2

from approver.proxy import http_dialing

_HIGH_WATER = 1024 * 1024
"""Bytes read ahead of whoever reads them; then the server has to wait."""


class AsyncioNetwork(httpcore2.AsyncNetworkBackend):
    """Opens connections."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  (httpcore's interface)
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Connect to a server. Raises httpcore's errors."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(timeout):
                connected = await http_dialing.connect(host, port)
                _, stream = await loop.create_connection(_Stream, sock=connected)
        except TimeoutError as fault:
            raise httpcore2.ConnectTimeout(f"no connection within {timeout:g} seconds") from fault
        except OSError as fault:
            raise httpcore2.ConnectError(str(fault)) from fault
        return stream

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


class _Stream(asyncio.Protocol, httpcore2.AsyncNetworkStream):
    """One connection: the loop's protocol on one side, httpcore's stream on the other."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport
        self._buffer = bytearray()
        self._waiting: asyncio.Future[None] | None = None
        self._drained: asyncio.Future[None] | None = None
        self._ended = False
        self._fault: Exception | None = None
        self._paused = False

    # -- the loop's side -------------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if len(self._buffer) > _HIGH_WATER and not self._paused:
            self._paused = True
            self._transport.pause_reading()
        self._wake()

    def eof_received(self) -> bool:
        self._ended = True
        self._wake()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self._ended = True
        self._fault = exc
        self._wake()
        self.resume_writing()

    def pause_writing(self) -> None:
        self._drained = asyncio.get_running_loop().create_future()

    def resume_writing(self) -> None:
        if self._drained is not None and not self._drained.done():
            self._drained.set_result(None)
        self._drained = None

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    # -- httpcore's side -------------------------------------------------------------------------------------------

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109  (httpcore's interface)
        """What has come, or what comes next; empty at the end."""
        if not self._buffer and not self._ended:
            self._waiting = asyncio.get_running_loop().create_future()
            try:
                async with asyncio.timeout(timeout):
                    await self._waiting
            except TimeoutError as fault:
                raise httpcore2.ReadTimeout(f"no answer within {timeout:g} seconds") from fault
            finally:
                self._waiting = None
        if not self._buffer and self._fault is not None:
            raise httpcore2.ReadError(str(self._fault))
        data = bytes(self._buffer[:max_bytes])
        del self._buffer[:max_bytes]
        if self._paused and len(self._buffer) < _HIGH_WATER // 2:
            self._paused = False
            self._transport.resume_reading()
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109  (httpcore's interface)
        """Send bytes; waits only while the server does not read."""
        if not buffer:
            return
        if self._ended or self._transport.is_closing():
            raise httpcore2.WriteError("the connection is closed")
        self._transport.write(buffer)
        if self._drained is not None:
            try:
                async with asyncio.timeout(timeout):
                    await asyncio.shield(self._drained)
            except TimeoutError as fault:
                raise httpcore2.WriteTimeout(f"the server read nothing for {timeout:g} seconds") from fault

    async def aclose(self) -> None:
        """Close the connection."""
        self._transport.close()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109  (httpcore's interface)
    ) -> httpcore2.AsyncNetworkStream:
        """Go on encrypted."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(timeout):
                transport = await loop.start_tls(self._transport, self, ssl_context, server_hostname=server_hostname)
        except TimeoutError as fault:
            raise httpcore2.ConnectTimeout("the encrypted connection was not set up in time") from fault
        except (OSError, ssl.SSLError) as fault:
            raise httpcore2.ConnectError(str(fault)) from fault
        if transport is None:
            raise httpcore2.ConnectError("the connection closed while it was being encrypted")
        self._transport = transport
        return self

    def get_extra_info(self, info: str) -> Any:
        """Facts about the connection, by httpcore's names."""
        if info == "is_readable":  # an idle connection with something to read was closed, or is out of step
            return bool(self._buffer) or self._ended or self._transport.is_closing()
        names = {"client_addr": "sockname", "server_addr": "peername"}
        return self._transport.get_extra_info(names.get(info, info))
