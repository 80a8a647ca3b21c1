"""Tries a server out: shakes hands as a client does and lists its tools. Plain JSON-RPC, over stdio or HTTP.

Servers of the revisions up to 2025-11-25 begin with `initialize`; one that refuses it is asked as 2026-07-28 wants it,
where each request carries what the handshake did.
"""

import asyncio
import itertools
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any, Protocol

import httpx2

from approver.model import HttpServer, StdioServer
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
    line = _StdioLine()
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


async def probe_http(server: HttpServer, headers: Mapping[str, str], within: float) -> Probed:
    """Ask a server that runs elsewhere. Raises `ProbeFailed`."""
    try:
        async with asyncio.timeout(within), httpx2.AsyncClient(timeout=within) as client:
            line = _HttpLine(client, server.url, headers)
            try:
                return await _converse(line)
            finally:
                await line.close()
    except TimeoutError as fault:
        raise ProbeFailed(f"It did not answer within {within:g} seconds.") from fault
    except (httpx2.HTTPError, httpx2.InvalidURL) as fault:
        raise ProbeFailed(f"{server.url} cannot be reached: {str(fault) or type(fault).__name__}.") from fault


async def _converse(line: Line) -> Probed:
    numbers = itertools.count(1)
    info = {"name": "approver", "version": version("approver")}
    hello = {"protocolVersion": HANDSHAKE_REVISION, "capabilities": {}, "clientInfo": info}
    answer = await line.ask({"jsonrpc": "2.0", "id": next(numbers), "method": "initialize", "params": hello})
    result = answer.get("result")
    if isinstance(result, dict):
        await line.tell({"jsonrpc": "2.0", "method": "notifications/initialized"})
        revision, itself, extra = str(result.get("protocolVersion", "")), result.get("serverInfo"), {}
    else:
        meta = {"protocolVersion": STATELESS_REVISION, "clientInfo": info, "clientCapabilities": {}}
        extra = {"_meta": {f"{_META}{key}": value for key, value in meta.items()}}
        request = {"jsonrpc": "2.0", "id": next(numbers), "method": "server/discover", "params": extra}
        found = await line.ask(request)
        if "error" in found:
            raise ProbeFailed(f"It refused the handshake: {_error(answer)}.")
        result = _result(found, "server/discover")
        meta_said = result.get("_meta")
        itself = meta_said.get(f"{_META}serverInfo") if isinstance(meta_said, dict) else None
        revision = STATELESS_REVISION
    itself = itself if isinstance(itself, dict) else {}
    tools = await _list_tools(line, numbers, extra) if "tools" in (result.get("capabilities") or {}) else ()
    return Probed(revision, str(itself.get("name", "")), str(itself.get("version", "")), tools)


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

    upstream: StdioUpstream

    def __init__(self) -> None:
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
        for message in filter(None, map(_parsed, lines)):
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


class _HttpLine:
    """To a streamable HTTP endpoint: one POST a message; an answer is JSON, or an event stream that holds it."""

    def __init__(self, client: httpx2.AsyncClient, url: str, headers: Mapping[str, str]) -> None:
        self._client = client
        self._url = url
        self._headers = {**headers, "accept": "application/json, text/event-stream"}

    async def ask(self, message: dict[str, Any]) -> dict[str, Any]:
        async with self._client.stream("POST", self._url, json=message, headers=self._of(message)) as response:
            if session := response.headers.get("mcp-session-id"):
                self._headers["mcp-session-id"] = session
            if response.headers.get("content-type", "").startswith("text/event-stream"):
                async for line in response.aiter_lines():
                    answer = _parsed(line.removeprefix("data:")) if line.startswith("data:") else None
                    if answer is not None and answer.get("id") == message["id"] and "method" not in answer:
                        return dict(answer)
                raise ProbeFailed("Its event stream ended without an answer.")
            answer = _parsed(await response.aread())
        if answer is None or not ("result" in answer or "error" in answer):
            raise ProbeFailed(f"It answered {response.status_code} {response.reason_phrase}, and that is no MCP.")
        return dict(answer)

    async def tell(self, message: dict[str, Any]) -> None:
        await self._client.post(self._url, json=message, headers=self._of(message))

    async def close(self) -> None:
        if "mcp-session-id" in self._headers:
            with suppress(httpx2.HTTPError):
                await self._client.delete(self._url, headers=self._headers)

    def _of(self, message: Mapping[str, Any]) -> dict[str, str]:
        stateless = "_meta" in (message.get("params") or {})
        if message["method"] == "initialize":
            return self._headers
        revision = STATELESS_REVISION if stateless else HANDSHAKE_REVISION
        return {**self._headers, "mcp-protocol-version": revision, "mcp-method": message["method"]}
