"""HTTP client to HTTP server: a reverse proxy that reads every message for the gate and streams every answer back.

    client ─ POST ─> parse ─> gate (tools/call) ─> encode ─> server
    client <─ JSON or events, as they come ─────────────────── server

Sessions, event ids and resumption are the server's own: their headers pass through. A response is read on the way only
as far as needed: for how a call ended, and for `tools/list`.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Protocol

import httpcore2
import msgspec

from approver.catalog.tools import Catalog
from approver.clock import Clock
from approver.model import Caller, Grant, HttpServer, Result, ToolDefinition
from approver.proxy import jsonrpc, sse, stateless_headers
from approver.proxy.edits import message_to_send
from approver.proxy.gate import Gate
from approver.proxy.http_calls import HttpCall, reply, respond
from approver.proxy.http_exchange import EVENT_STREAM, Exchange
from approver.proxy.http_guard import Headers, Refusal, forwarded_to_client, forwarded_to_server
from approver.proxy.http_network import AsyncioNetwork
from approver.proxy.http_wire import Credentials, Unwelcome, WireFault
from approver.proxy.listing import filter_listing
from approver.proxy.rulings import Forward
from approver.proxy.session import CLIENT_INFO_META_KEY, Visibility
from approver.proxy.underway import Underway

log = logging.getLogger(__name__)

SESSION_HEADER = b"mcp-session-id"
_MOST_CLIENTS = 4096
_TIMEOUTS = {"connect": 20.0, "write": 60.0, "pool": 60.0}
"""Seconds. None for reading: an answer may take as long as the server likes, the client decides how long it waits."""

_FAULTS = (httpcore2.NetworkError, httpcore2.TimeoutException, httpcore2.ProtocolError, OSError, WireFault)


class House(Protocol):
    """What relays share: the engine's parts."""

    gate: Gate
    catalog: Catalog
    clock: Clock

    @property
    def visibility(self) -> Visibility:
        """Who says which tools a client may see."""
        ...

    def commit_soon(self) -> None:
        """See that the gate commits within a moment."""
        ...

    def learned(self, server: str, definitions: list[ToolDefinition]) -> None:
        """Hear what a server says of its tools."""
        ...


class HttpRelay:
    """Carries the requests of all clients to one server."""

    def __init__(self, house: House, server: HttpServer, credentials: Credentials, pool: Any = None) -> None:
        self._house = house
        self._server = server
        self._url = httpcore2.URL(server.url)
        self._credentials = credentials
        self._pool = pool or httpcore2.AsyncConnectionPool(
            max_connections=1000, max_keepalive_connections=32, keepalive_expiry=30, network_backend=AsyncioNetwork()
        )
        self._clients: dict[str, str] = {}
        self._held: set[HttpCall] = set()
        self._running = Underway()
        self._is_closed = False
        self._edited = f"The server {server.name} was just edited; try again."

    async def close(self, within: float = 0.0) -> None:
        """Close the connections to the server, once its calls have ended that run, but `within` seconds at the latest.

        What is asked about is asked about no more: it would go to another server than the person was shown.
        """
        self._is_closed = True
        for call in tuple(self._held):
            call.give_up("the server was edited")
        await self._running.over(within)
        await self._pool.aclose()

    # -- requests --------------------------------------------------------------------------------------------------

    async def carry(self, exchange: Exchange, grant: Grant, message: dict[str, Any] | None) -> None:
        """Carry one request; `message` is a POST's, parsed."""
        if self._is_closed:
            await exchange.refuse(Refusal(503, self._edited))
            return
        caller = self._caller(exchange, grant, message)
        if message is None:
            await self._pass(exchange, caller, b"", None)
            if exchange.method == "DELETE":
                self._house.gate.leave(caller.session)
            return
        if message.get("method") != "tools/call":
            await self._pass(exchange, caller, jsonrpc.encode(message), message)
            return
        jsonrpc.check_tool_call(message)
        call = HttpCall(self._house.gate, exchange, message)
        self._held.add(call)
        try:
            ruling = await call.rule(caller)
        finally:
            self._held.discard(call)
        if isinstance(ruling, Forward):
            with self._running:
                await _Forwarding(self, exchange, ruling, message).run()
        elif ruling is not None:
            await reply(exchange, message["id"], ruling)
        elif not exchange.is_gone:
            await respond(exchange, jsonrpc.error(message["id"], jsonrpc.UNAVAILABLE, self._edited))

    def _caller(self, exchange: Exchange, grant: Grant, message: dict[str, Any] | None) -> Caller:
        """Who calls. Without a session all requests of a grant count as one client's."""
        session = exchange.header(SESSION_HEADER).decode("latin-1")
        params = (message or {}).get("params")
        meta = params.get("_meta") if isinstance(params, dict) else None
        info = meta.get(CLIENT_INFO_META_KEY) if isinstance(meta, dict) else None
        name = info.get("name") if isinstance(info, dict) else None
        known = self._clients.get(session, "")
        name = name if isinstance(name, str) and name else known
        return Caller(f"{grant.name}/{session}", grant.name, self._server.name, name or grant.name, name)

    def remember_client(self, message: dict[str, Any] | None, headers: Headers) -> None:
        """Keep the name that a client gave itself with `initialize`, for the session it was given in return."""
        if message is None or message.get("method") != "initialize":
            return
        session = next((value.decode("latin-1") for name, value in headers if name == SESSION_HEADER), "")
        params = message.get("params")
        info = params.get("clientInfo") if isinstance(params, dict) else None
        name = info.get("name") if isinstance(info, dict) else None
        if session and isinstance(name, str):
            self._clients[session] = name
            if len(self._clients) > _MOST_CLIENTS:
                self._clients.pop(next(iter(self._clients)))

    async def _pass(self, exchange: Exchange, caller: Caller, body: bytes, message: dict[str, Any] | None) -> None:
        """Carry what is not judged; a client that hangs up ends it on both sides."""
        work = asyncio.current_task()
        assert work is not None
        watcher = exchange.watch(work.cancel)
        try:
            async with self.open(exchange, body) as response:
                headers = forwarded_to_client(response.headers)
                self.remember_client(message, headers)
                await self._stream_back(exchange, caller, response, headers, message)
        except _FAULTS as fault:
            await self.fail(exchange, message, fault)
        except asyncio.CancelledError:
            if not exchange.is_gone:
                raise
        finally:
            watcher.cancel()

    async def _stream_back(
        self, exchange: Exchange, caller: Caller, response: Any, headers: Headers, message: dict[str, Any] | None
    ) -> None:
        is_events = _content_type(response.headers).startswith(EVENT_STREAM)
        lists = message is not None and message.get("method") == "tools/list"
        if response.status in (401, 403):
            await self.fail(exchange, message, self.refusal(response.status))
        elif is_events and (lists or message is None):
            await exchange.start(response.status, headers)
            reader = sse.EventReader()
            async for chunk in response.aiter_stream():
                events = [self._listed_event(caller, event) for event in reader.feed(chunk)]
                if events:
                    await exchange.write(b"".join(events))
            await exchange.write(reader.rest(), last=True)
        elif lists and response.status == 200:
            text, definitions = filter_listing(await response.aread(), self._hidden(caller))
            self._learn(definitions)
            await exchange.answer(200, text, headers)
        else:
            await exchange.start(response.status, headers)
            async for chunk in response.aiter_stream():
                await exchange.write(chunk)
            await exchange.write(b"", last=True)

    def _hidden(self, caller: Caller) -> Callable[[str], bool]:
        return lambda tool: self._house.visibility.is_hidden(caller, tool)

    def _learn(self, definitions: list[ToolDefinition]) -> None:
        self._house.catalog.learn(self._server.name, definitions)
        self._house.learned(self._server.name, definitions)

    def _listed_event(self, caller: Caller, event: bytes) -> bytes:
        """An event, without hidden tools if it carries a list of tools: an own request's, or one replayed."""
        if b'"tools"' not in event:
            return event
        data = sse.data_of(event)
        shown, definitions = filter_listing(data, self._hidden(caller))
        self._learn(definitions)
        return event if shown is data else sse.with_data(event, shown)

    # -- the server ------------------------------------------------------------------------------------------------

    def open(self, exchange: Exchange, body: bytes, repeated: Headers | None = None) -> "_Opened":
        """A request to the server, to be used with `async with`; `repeated` replaces what the headers repeat of it."""
        return _Opened(self._pool, self._url, exchange, body, self._credentials, repeated)

    async def repeated(self, exchange: Exchange, ruling: Forward) -> Headers | None:
        """The headers that repeat the arguments of an edited call; None where what the client sent holds."""
        if ruling.edit is None or not any(name.startswith(stateless_headers.PARAMETER) for name, _ in exchange.headers):
            return None
        await asyncio.to_thread(stateless_headers.load)
        definition = self._house.catalog.find(self._server.name, ruling.call.tool)
        # of a tool that was never listed nobody knows them; a server that wants them refuses the call then
        schema = definition.input_schema if definition is not None else {}
        return stateless_headers.of_arguments(schema, ruling.edit.arguments)

    def refusal(self, status: int) -> Unwelcome:
        """What a 401 or 403 of the server's means for the person."""
        return Unwelcome(self._credentials.advice(status))

    async def fail(self, exchange: Exchange, message: dict[str, Any] | None, fault: Exception) -> None:
        """Tell the client that the server cannot be reached, as clearly as the protocol allows."""
        sentence = f"The server {self._server.name} could not be reached: {fault or type(fault).__name__}"
        log.warning("%s", sentence)
        if message is not None and "id" in message:
            await respond(exchange, jsonrpc.error(message["id"], jsonrpc.UNAVAILABLE, sentence))
        elif exchange.has_started:
            await exchange.write(b"", last=True)
        else:
            await exchange.answer_json(502, jsonrpc.error(None, jsonrpc.UNAVAILABLE, sentence))

    def settle(self, ruling: Forward, result: Result, since: float, raw: bytes | None, *, rounds: bool = False) -> None:
        """Write down what became of a call."""
        gate = self._house.gate
        gate.settle(ruling, result, self._house.clock.monotonic() - since, raw, rounds=rounds)
        if gate.has_rulings:
            gate.commit()
        else:
            self._house.commit_soon()

    def abandon(self, ruling: Forward) -> None:
        """Note that nobody waits for a call that runs on."""
        self._house.gate.abandoned(ruling)
        self._house.commit_soon()

    @property
    def clock(self) -> Clock:
        """The engine's clock."""
        return self._house.clock


class _Opened:
    """One request to the server and its response, closed at the end of the block."""

    def __init__(
        self, pool: Any, url: Any, exchange: Exchange, body: bytes, credentials: Credentials, repeated: Headers | None
    ) -> None:
        self._pool, self._url, self._exchange, self._repeated = pool, url, exchange, repeated
        self._body, self._credentials = body, credentials
        self._response: Any = None

    async def __aenter__(self) -> Any:
        own = await self._credentials.credentials()
        self._response = await self._send(own)
        if self._response.status in (401, 403) and await self._refused(own):
            await self._response.aclose()
            self._response = await self._send(await self._credentials.credentials())
        return self._response

    async def _refused(self, own: Headers) -> bool:
        """Whether there are other credentials to try, the server having acted on nothing yet."""
        said = {name.lower(): value for name, value in self._response.headers}.get(b"www-authenticate", b"")
        return await self._credentials.refused(self._response.status, said.decode("latin-1"), own)

    async def _send(self, own: Headers) -> Any:
        taken = {name for name, _ in own}
        headers = [pair for pair in forwarded_to_server(self._exchange.headers) if pair[0] not in taken]
        if self._repeated is not None:
            headers = [pair for pair in headers if not pair[0].startswith(stateless_headers.PARAMETER)] + self._repeated
        head = [(b"host", _host(self._url)), *headers, *own, (b"accept-encoding", b"identity")]
        if self._exchange.method == "POST":
            head.append((b"content-length", b"%d" % len(self._body)))
        request = httpcore2.Request(
            method=self._exchange.method.encode(),
            url=self._url,
            headers=head,
            content=self._body,
            extensions={"timeout": {**_TIMEOUTS, "read": None}},
        )
        return await self._pool.handle_async_request(request)

    async def __aexit__(self, *fault: object) -> None:
        if self._response is not None:
            await self._response.aclose()


class _Forwarding:
    """A judged call on its way to the server and back."""

    def __init__(self, relay: HttpRelay, exchange: Exchange, ruling: Forward, message: dict[str, Any]) -> None:
        self._relay = relay
        self._exchange = exchange
        self._ruling = ruling
        self._message = message
        self._sent = relay.clock.monotonic()
        self._settled = False

    async def run(self) -> None:
        """Send the call, stream its answer back, and write down how it ended."""
        work = asyncio.current_task()
        assert work is not None
        watcher = self._exchange.watch(lambda: self._hung_up(work))
        try:
            body = jsonrpc.encode(message_to_send(self._message, self._ruling))
            repeated = await self._relay.repeated(self._exchange, self._ruling)
            async with self._relay.open(self._exchange, body, repeated) as response:
                await self._answer(response)
        except _FAULTS as fault:
            self._settle(Result.UNREACHABLE, None)
            await self._relay.fail(self._exchange, self._message, fault)
        except asyncio.CancelledError:
            self._settle(Result.CANCELLED, None)
            if not self._exchange.is_gone:
                raise
        finally:
            watcher.cancel()
            self._settle(Result.CANCELLED if self._exchange.is_gone else Result.RPC_ERROR, None)

    def _hung_up(self, work: "asyncio.Task[Any]") -> None:
        """The client closed its connection: in the stateless era that cancels the call; before, it runs on."""
        if self._is_stateless:
            work.cancel()
        else:
            self._relay.abandon(self._ruling)

    @property
    def _is_stateless(self) -> bool:
        return not self._exchange.header(SESSION_HEADER) and self._exchange.header(b"mcp-protocol-version") >= b"2026"

    async def _answer(self, response: Any) -> None:
        headers = forwarded_to_client(response.headers)
        if response.status in (401, 403):
            self._settle(Result.UNREACHABLE, None)
            await self._relay.fail(self._exchange, self._message, self._relay.refusal(response.status))
        elif _content_type(response.headers).startswith(EVENT_STREAM):
            await self._stream(response, headers)
        else:
            body = await response.aread()
            self._read(body)
            if not self._exchange.has_started:
                await self._exchange.answer(response.status, body, headers)
            elif self._settled:
                await self._exchange.event(body, last=True)
            else:  # the status went out long ago, and the client waits for an answer to its call
                await self._relay.fail(self._exchange, self._message, Unwelcome(f"it answered {response.status}"))

    async def _stream(self, response: Any, headers: Headers) -> None:
        if not self._exchange.has_started:
            await self._exchange.start(response.status, headers)
        reader = sse.EventReader()
        async for chunk in response.aiter_stream():
            await self._exchange.write(chunk)
            for event in reader.feed(chunk):
                if not self._settled and (b'"result"' in event or b'"error"' in event):
                    self._read(sse.data_of(event))
        await self._exchange.write(b"", last=True)

    def _read(self, text: bytes) -> None:
        """Learn from a message of the server's how the call ended, if it is the call's response."""
        envelope = jsonrpc.read_envelope(text)
        if envelope is None or envelope.id != self._message["id"] or envelope.method is not msgspec.UNSET:
            return
        if (result := envelope.result) is msgspec.UNSET:
            self._settle(Result.RPC_ERROR, None)
            return
        seen = jsonrpc.read_tool_result(result)
        rounds = seen.resultType == "input_required"
        self._settle(Result.TOOL_ERROR if seen.isError else Result.OK, bytes(result), rounds=rounds)

    def _settle(self, result: Result, raw: bytes | None, *, rounds: bool = False) -> None:
        if not self._settled:
            self._settled = True
            self._relay.settle(self._ruling, result, self._sent, raw, rounds=rounds)


def _content_type(headers: Headers) -> bytes:
    return next((value for name, value in headers if name.lower() == b"content-type"), b"").lower()


def _host(url: Any) -> bytes:
    default = {b"http": 80, b"https": 443}.get(url.scheme)
    return bytes(url.host) if url.port in (None, default) else b"%b:%d" % (url.host, url.port)
