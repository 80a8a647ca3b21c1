"""The HTTP front: `http://127.0.0.1:PORT/mcp/SERVER` for clients that speak Streamable HTTP.

    client ─> guard (address, token) ─> parse ─> relay to an HTTP server, or sessions of a stdio server

Everything that a request is refused for is answered with a JSON-RPC error; what is malformed is written down as well.
"""

import asyncio
import contextlib
import json
import logging
import socket
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from pathlib import Path
from typing import Any, Protocol

import uvicorn

from approver.model import ALL_SERVERS, Caller, Grant
from approver.proxy import jsonrpc
from approver.proxy.gate import Gate
from approver.proxy.http_exchange import WATCHED, BodyRefused, ClientGone, Exchange, Receive, Send
from approver.proxy.http_guard import Refusal, check_address, check_token
from approver.proxy.http_heads import BoundedHeads
from approver.tasks import spawn

log = logging.getLogger(__name__)

HOST = "127.0.0.1"
PREFIX = "/mcp/"
ALL_PATH = "/mcp"
"""The address of all servers that a grant is for."""
HEAD_SECONDS = 10.0
"""How long a request's head may take to arrive."""
KEEP_ALIVE_SECONDS = 65


class PortTaken(Exception):
    """The port can't be had; the message is a sentence."""


class Carrier(Protocol):
    """Carries the requests for one server."""

    def carry(self, exchange: Exchange, grant: Grant, message: dict[str, Any] | None) -> Awaitable[None]:
        """Answer one request; `message` is a POST's, parsed. May raise `WireFault`."""
        ...


class House(Protocol):
    """What the front needs of the engine."""

    gate: Gate

    def grants(self) -> tuple[Grant, ...]:
        """All grants in force."""
        ...

    def carrier(self, server: str) -> Carrier | None:
        """Who carries the requests for a server; None where there is no such server."""
        ...

    def carrier_of_all(self) -> Carrier:
        """Who carries the requests to all servers of a grant."""
        ...


class HttpFront:
    """Listens on one port of the loopback interface, from `start` to `stop`."""

    def __init__(self, house: House, note: Path) -> None:
        self._house = house
        self._note = note
        self._server: _Server | None = None
        self._serving: asyncio.Task[Any] | None = None
        self._is_stopping = False
        self.port = 0

    @property
    def url(self) -> str:
        """Where it listens; empty where it does not."""
        return f"http://{HOST}:{self.port}" if self.port else ""

    async def start(self, port: int) -> None:
        """Listen. Raises `PortTaken`."""
        listening = _bound(port)
        self._is_stopping = False
        self.port = listening.getsockname()[1]
        config = uvicorn.Config(
            self,
            http=_PatientProtocol,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=1,
        )
        self._server = _Server(config)
        self._serving = spawn(self._server.serve(sockets=[listening]), name="HTTP front")
        self._note.write_text(json.dumps({"url": self.url}), encoding="utf-8")

    async def stop(self) -> None:
        """Stop listening; what is in flight gets a second to end."""
        if self._server is None or self._serving is None:
            return
        self._is_stopping = self._server.should_exit = True
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._serving, 5)
        self._note.unlink(missing_ok=True)
        self._server, self.port = None, 0

    # -- requests --------------------------------------------------------------------------------------------------

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        exchange = Exchange(scope, receive, send)
        try:
            await self._answer(exchange)
        except BodyRefused as fault:
            await exchange.refuse(fault.refusal)
        except ClientGone:
            return
        except asyncio.CancelledError:
            if not self._is_stopping:
                raise
            if not exchange.has_started:
                await exchange.refuse(Refusal(503, "Approver is being closed."))
        except Exception:  # the request's top level: a fault here must not let anything through
            log.exception("an HTTP request could not be handled")
            if not exchange.has_started:
                await exchange.refuse(Refusal(500, "Approver could not handle this request; its log says why."))

    def _answer(self, exchange: Exchange) -> Awaitable[None]:
        """What answers a request: no coroutine more than that, since a thousand may wait."""
        admitted = self._admit(exchange)
        if isinstance(admitted, Refusal):
            return exchange.refuse(admitted)
        grant, carrier = admitted
        if exchange.method == "POST":
            return self._post(exchange, grant, carrier)
        return carrier.carry(exchange, grant, None)

    def _admit(self, exchange: Exchange) -> "tuple[Grant, Carrier] | Refusal":
        """Who calls and who carries it, or why the request is turned away."""
        of_all = exchange.path == ALL_PATH
        name = exchange.path.removeprefix(PREFIX) if exchange.path.startswith(PREFIX) else ""
        refusal = check_address(exchange.headers, self.port)
        if refusal is None and not of_all and (not name or "/" in name):
            refusal = Refusal(404, "There is nothing here. A server's address is /mcp/NAME, that of several is /mcp.")
        if refusal is not None:
            return refusal
        grant = check_token(exchange.headers, self._house.grants(), None if of_all else name)
        if isinstance(grant, Refusal):
            return grant
        carrier = self._house.carrier_of_all() if of_all else self._house.carrier(name)
        if carrier is None:
            return Refusal(404, f"Approver knows no server {name!r}.")
        if exchange.method not in ("GET", "POST", "DELETE"):
            return Refusal(405, "Only GET, POST and DELETE.", ((b"allow", b"GET, POST, DELETE"),))
        return grant, carrier

    async def _post(self, exchange: Exchange, grant: Grant, carrier: Carrier) -> None:
        body = await exchange.body()
        try:
            message = jsonrpc.parse(body)
            body = body[:300]  # a call that waits needs no more of it, and that only to say why it is refused
            await carrier.carry(exchange, grant, message)
        except jsonrpc.WireFault as fault:
            caller = Caller(f"{grant.name}/", grant.name, grant.server or ALL_SERVERS, grant.name)
            self._house.gate.refuse(caller, fault.message, body[:300].decode("utf-8", "replace"))
            self._house.gate.commit()
            await exchange.answer_json(400, jsonrpc.error(fault.request_id, fault.code, fault.message))


def _bound(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
    except OSError as fault:
        listening.close()
        raise PortTaken(
            f"The port {port} on {HOST} cannot be used ({fault.strerror}), so clients cannot come in over HTTP. "
            "Choose another in settings.toml: [http] port."
        ) from fault
    listening.listen(2048)
    listening.setblocking(False)
    return listening


class _Server(uvicorn.Server):
    """uvicorn, as a guest: signals belong to whoever runs the engine."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class _PatientProtocol(BoundedHeads):
    """uvicorn's protocol, with a bound on how long a request's head may take; it says when a client has hung up."""

    __slots__ = ("_head_timer", "_hung_up")  # in its dict they would make it grow to four times its size

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._head_timer: asyncio.TimerHandle | None = None
        self._hung_up: Callable[[], None] | None = None

    def watched_by(self, hung_up: Callable[[], None] | None) -> None:
        """Call this once the client hangs up before the response is complete."""
        self._hung_up = hung_up
        if self.cycle.disconnected and hung_up is not None:
            self.loop.call_soon(hung_up)

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._await_head()

    def data_received(self, data: bytes) -> None:
        if self._head_timer is None and self.cycle is not None and self.cycle.response_complete:
            self._await_head()
        super().data_received(data)

    def on_headers_complete(self) -> None:
        self._head_came()
        self.scope["extensions"] = {WATCHED: self}  # type: ignore[dict-item] # ours, for Exchange alone
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._head_came()
        super().connection_lost(exc)
        if self.cycle is not None and self.cycle.disconnected and self._hung_up is not None:
            self._hung_up()

    def _await_head(self) -> None:
        self._head_timer = self.loop.call_later(HEAD_SECONDS, self._too_slow)

    def _head_came(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _too_slow(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()
