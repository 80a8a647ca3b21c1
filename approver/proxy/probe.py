"""Tries a server out: shakes hands as a client does and lists its tools. Plain JSON-RPC, over stdio or HTTP.

Servers of the revisions up to 2025-11-25 begin with `initialize`; one that refuses it is asked as 2026-07-28 wants it,
where each request carries what the handshake did. A server over HTTP is asked the way its clients will be, with the
person's login and by older transports, too.
"""

import asyncio
import itertools
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any, Protocol

from approver.model import HttpServer, StdioServer
from approver.proxy.http_patience import Patience
from approver.proxy.http_upstream import HttpUpstream
from approver.proxy.http_wire import Credentials
from approver.proxy.server_log import ServerLog
from approver.proxy.stdio_upstream import StdioUpstream, UpstreamExit, UpstreamUnavailable

HANDSHAKE_REVISION = "2025-11-25"
STATELESS_REVISION = "2026-07-28"
_META = "io.modelcontextprotocol/"
_MOST_PAGES = 1000
_STOP_SECONDS = 2.0


class ProbeFailed(Exception):
    """The server did not do what a server does; the message is a sentence."""

    def __init__(self, sentence: str, last_words: tuple[str, ...] = ()) -> None:
        super().__init__(sentence)
        self.last_words = last_words
        """The last lines of the server's stderr. Untrusted text."""


class Unanswered(ProbeFailed):
    """A request came to nothing; the message says why."""


@dataclass(frozen=True, slots=True)
class Probed:
    """What a server said of itself. Untrusted text, all of it."""

    revision: str
    name: str
    version: str
    tools: tuple[Mapping[str, Any], ...] = field(default=())


class Line(Protocol):
    """A way to a server."""

    async def ask(self, message: dict[str, Any]) -> dict[str, Any]:
        """Send a request; return its response."""
        ...

    async def tell(self, message: dict[str, Any]) -> None:
        """Send a notification."""
        ...


async def probe_stdio(server: StdioServer, environment: Mapping[str, str], log: ServerLog, within: float) -> Probed:
    """Start the server, ask it, end it. Raises `ProbeFailed`."""
    line = _StdioLine(log)
    upstream = StdioUpstream(server, environment, log=log, on_lines=line.came, on_exit=line.ended)
    line.upstream = upstream
    try:
        await upstream.start(within)
        async with asyncio.timeout(within):
            return await _converse(line)
    except UpstreamUnavailable as fault:
        raise ProbeFailed(str(fault)) from fault
    except TimeoutError as fault:
        raise ProbeFailed(f"It did not answer within {within:g} seconds.", upstream.last_words) from fault
    finally:
        await upstream.stop(_STOP_SECONDS)


async def probe_http(server: HttpServer, credentials: Credentials, log: ServerLog, within: float) -> Probed:
    """Ask a server that runs elsewhere, as it would be asked for a client. Raises `ProbeFailed`."""
    line = _HttpLine(log)
    upstream = HttpUpstream(
        server,
        credentials,
        log=log,
        on_lines=line.came,
        on_exit=line.ended,
        on_unanswered=line.unanswered,
        patience=Patience(reconnect=0.0),
    )
    line.upstream = upstream
    try:
        await upstream.start(within)
        async with asyncio.timeout(within):
            return await _converse(line)
    except TimeoutError as fault:
        raise ProbeFailed(f"It did not answer within {within:g} seconds.") from fault
    finally:
        await upstream.stop(0.0)


async def _converse(line: Line) -> Probed:
    numbers = itertools.count(1)
    info = {"name": "approver", "version": version("approver")}
    hello = {"protocolVersion": HANDSHAKE_REVISION, "capabilities": {}, "clientInfo": info}
    refusal: Unanswered | None = None
    answer: Mapping[str, Any] = {}
    try:
        answer = await line.ask({"jsonrpc": "2.0", "id": next(numbers), "method": "initialize", "params": hello})
    except Unanswered as fault:
        refusal = fault
    result = answer.get("result")
    if isinstance(result, dict):
        await line.tell({"jsonrpc": "2.0", "method": "notifications/initialized"})
        revision, itself, extra = str(result.get("protocolVersion", "")), result.get("serverInfo"), {}
    else:
        meta = {"protocolVersion": STATELESS_REVISION, "clientInfo": info, "clientCapabilities": {}}
        extra = {"_meta": {f"{_META}{key}": value for key, value in meta.items()}}
        request = {"jsonrpc": "2.0", "id": next(numbers), "method": "server/discover", "params": extra}
        found = await line.ask(request) if refusal is None else await _ask_all_the_same(line, request, refusal)
        if "error" in found:
            raise ProbeFailed(f"It refused the handshake: {_error(answer)}.")
        result = _result(found, "server/discover")
        meta_said = result.get("_meta")
        itself = meta_said.get(f"{_META}serverInfo") if isinstance(meta_said, dict) else None
        revision = STATELESS_REVISION
    itself = itself if isinstance(itself, dict) else {}
    tools = await _list_tools(line, numbers, extra) if "tools" in (result.get("capabilities") or {}) else ()
    return Probed(revision, str(itself.get("name", "")), str(itself.get("version", "")), tools)


async def _ask_all_the_same(line: Line, request: dict[str, Any], refusal: Unanswered) -> dict[str, Any]:
    """Ask a server that did not answer a handshake: one without handshakes need not have understood it."""
    try:
        return await line.ask(request)
    except Unanswered:
        raise refusal from None


async def _list_tools(line: Line, numbers: Iterator[int], extra: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    tools: list[Mapping[str, Any]] = []
    cursor: dict[str, Any] = {}
    for _ in range(_MOST_PAGES):
        request = {"jsonrpc": "2.0", "id": next(numbers), "method": "tools/list", "params": {**extra, **cursor}}
        result = _result(await line.ask(request), "tools/list")
        page = result.get("tools")
        tools += (tool for tool in (page if isinstance(page, list) else ()) if isinstance(tool, dict))
        if not isinstance(result.get("nextCursor"), str):
            break
        cursor = {"cursor": result["nextCursor"]}
    return tuple(tools)


def _result(answer: Mapping[str, Any], method: str) -> Mapping[str, Any]:
    result = answer.get("result")
    if not isinstance(result, dict):
        raise ProbeFailed(f"It answered {method} with an error: {_error(answer)}.")
    return result


def _error(answer: Mapping[str, Any]) -> str:
    error = answer.get("error")
    message = error.get("message") if isinstance(error, dict) else None
    return str(message or "no message").rstrip(".")


def _parsed(text: bytes | str) -> Mapping[str, Any] | None:
    """One message, or None: servers print all kinds of things."""
    with suppress(ValueError, RecursionError):
        message = json.loads(text)
        if isinstance(message, dict):
            return message
    return None


class _StdioLine:
    """To a process. A request of the server's own is answered: it may wait for that."""

    upstream: StdioUpstream | HttpUpstream

    def __init__(self, log: ServerLog) -> None:
        self._log = log
        self._waiting: dict[Any, asyncio.Future[dict[str, Any]]] = {}
        self._end: UpstreamExit | None = None

    async def ask(self, message: dict[str, Any]) -> dict[str, Any]:
        if self._end is None:
            waiting: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
            self._waiting[message["id"]] = waiting
            await self.tell(message)
            return await waiting
        raise self._ended(self._end)

    async def tell(self, message: dict[str, Any]) -> None:
        self.upstream.write(json.dumps(message).encode() + b"\n")

    def came(self, lines: list[bytes]) -> None:
        for line in lines:
            message = _parsed(line)
            if message is None:
                self._log.write("stdout", line)  # what people have to see to understand why it does not work
                continue
            identifier = message.get("id")
            if "method" in message and identifier is not None:
                refusal = {"code": -32601, "message": "Method not found"}
                answer = {"jsonrpc": "2.0", "id": identifier, "error": refusal}
                self.upstream.write(json.dumps(answer).encode() + b"\n")
            elif isinstance(identifier, int) and (waiting := self._waiting.pop(identifier, None)) is not None:
                waiting.set_result(dict(message))

    def ended(self, end: UpstreamExit) -> None:
        self._end = end
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(self._ended(end))

    @staticmethod
    def _ended(end: UpstreamExit) -> ProbeFailed:
        return ProbeFailed(f"It ended before it answered: {end.how}.", end.last_words)


class _HttpLine(_StdioLine):
    """To a server over HTTP, where a request may come to nothing by itself."""

    def unanswered(self, request_id: Any, line: bytes) -> None:
        waiting = self._waiting.pop(request_id, None)
        if waiting is not None and not waiting.done():
            message = _parsed(line) or {"error": {"message": "It gave no answer."}}
            waiting.set_exception(Unanswered(str(message["error"]["message"])))
