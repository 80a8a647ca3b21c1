"""HTTP requests of 2026-07-28, which stand alone: all of them before one server that they share.

    client ── POST ──> StatelessRequests (headers, statuses, JSON or a stream) ──> SharedUpstream ──> server

What a request's headers must say is checked by the SDK's own functions. At the server every request gets a name of its
own: the clients' ids and tokens may repeat. An answer is JSON with the status that its error asks for, unless something
had to be told before: then it is the last event of a stream.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from mcp.shared import inbound
from mcp_types import HEADER_MISMATCH, METHOD_NOT_FOUND
from mcp_types.version import LATEST_MODERN_VERSION

from approver.proxy import jsonrpc
from approver.proxy.http_exchange import Exchange
from approver.proxy.http_guard import Refusal
from approver.proxy.stdio_messages import Message, is_notification, is_request
from approver.proxy.stdio_placing import members
from approver.proxy.stdio_shared import RequestFailed, SharedUpstream
from approver.proxy.stdio_streams import PING

log = logging.getLogger(__name__)

SCHEMA_SECONDS = 5.0
MOST_PAGES = 20
MOST_TOOLS = 10_000
"""Of how many tools the schemas are kept, the newest ones'."""
MOST_UNKNOWN = 1000
"""How many names are remembered under which the server lists no tool, so that it is not asked at every call."""
LONGEST_NAME = 512
"""Letters of a name under which a tool is looked for; the protocol has 128 for a tool's."""
TASK_METHODS = ("tasks/get", "tasks/update", "tasks/cancel")
_META = {
    "io.modelcontextprotocol/protocolVersion": LATEST_MODERN_VERSION,
    "io.modelcontextprotocol/clientCapabilities": {},
}
_INVALID_BODY = "Body must be a single JSON-RPC request or notification object"


class StatelessRequests:
    """Serves every HTTP request of a revision without handshake."""

    def __init__(self, shared: SharedUpstream) -> None:
        self._shared = shared
        self._schemas: dict[str, Any] = {}
        self._asked_for: dict[str, Any] = {}

    def handle(self, exchange: Exchange, message: Message | None) -> Awaitable[None]:
        """Answer one request; `message` is a POST's, parsed."""
        if message is None:
            return exchange.answer(405, b"", [(b"allow", b"POST")])
        if not (exchange.takes(b"application/json") and exchange.takes(b"text/event-stream")):
            return exchange.refuse(Refusal(406, "Not acceptable: accept application/json and text/event-stream."))
        if not exchange.sends_json:
            return exchange.refuse(Refusal(415, "Unsupported media type: Content-Type must be application/json."))
        if is_notification(message):
            return self._take_note(exchange)
        if not is_request(message):
            return exchange.refuse(Refusal(400, _INVALID_BODY))
        if fault := _fault(exchange, message):
            return self._refuse(exchange, message, fault)
        return self._answer(exchange, message)

    def _take_note(self, exchange: Exchange) -> Awaitable[None]:
        """Accept a notification and drop it: no request is there that it could concern."""
        revision = exchange.header(inbound.MCP_PROTOCOL_VERSION_HEADER.encode()).decode("latin-1")
        if (unsupported := inbound.unsupported_protocol_version_rejection(revision)) is not None:
            return self._refuse(exchange, {"id": None}, unsupported)
        return exchange.answer(202, b"")

    @staticmethod
    def _refuse(exchange: Exchange, message: Message, fault: inbound.InboundLadderRejection) -> Awaitable[None]:
        error = {"code": fault.code, "message": fault.message}
        error |= {"data": fault.data} if fault.data is not None else {}
        text = jsonrpc.encode({"jsonrpc": "2.0", "id": message["id"], "error": error})
        return exchange.answer_json(inbound.ERROR_CODE_HTTP_STATUS.get(fault.code, 200), text)

    async def _answer(self, exchange: Exchange, message: Message) -> None:
        """Have the shared server answer, while the client is there."""
        if message["method"] == "tools/call" and (fault := await self._parameter_fault(exchange, message)):
            await self._refuse(exchange, message, fault)
            return
        work = asyncio.current_task()
        assert work is not None
        watch = exchange.watch(work.cancel)
        client_id, method = message["id"], message["method"]
        try:
            asked = self._shared.request(method, message.get("params"), client_id, self._telling(exchange))
            del message  # a call that waits needs it no longer
            result = await asked
            if method == "tools/list":
                self._learn(result)
            body: dict[str, Any] = {"result": msgspec.Raw(result)}
            status = 200
        except RequestFailed as fault:
            body, status = {"error": fault.error}, inbound.ERROR_CODE_HTTP_STATUS.get(fault.code, 200)
        except asyncio.CancelledError:
            if not exchange.is_gone:
                raise
            return
        finally:
            watch.cancel()
        text = jsonrpc.encode({"jsonrpc": "2.0", "id": client_id, **body})
        await (exchange.event(text, last=True) if exchange.has_started else exchange.answer_json(status, text))

    def _telling(self, exchange: Exchange) -> Callable[[bytes], Awaitable[None]]:
        """What sends a client what it is told before its answer; nothing, to keep the connection open."""

        async def tell(line: bytes) -> None:
            if b'"notifications/tools/list_changed"' in line:
                self._schemas.clear()
                self._asked_for.clear()
            await exchange.start_events()
            await (exchange.event(line) if line else exchange.write(PING))

        return tell

    # -- headers that repeat an argument ---------------------------------------------------------------------------

    async def _parameter_fault(self, exchange: Exchange, message: Message) -> inbound.InboundLadderRejection | None:
        """What is wrong with the headers that a tool's schema has repeat its arguments."""
        params = members(message.get("params"))
        name, arguments = params.get("name"), params.get("arguments", {})
        if not isinstance(name, str) or not isinstance(arguments, dict):
            return None  # it is refused as a call
        await self._know_schema(name)
        schema = self._schemas.get(name)
        return None if schema is None else inbound.validate_mcp_param_headers(schema, arguments, _Lines(exchange))

    def _learn(self, result: bytes) -> Any:
        """Keep the tools' schemas; return where the list goes on."""
        listing = members(jsonrpc.read(result))
        tools = listing.get("tools")
        for tool in tools if isinstance(tools, list) else ():
            if isinstance(tool, dict) and isinstance(tool.get("name"), str):
                _keep(self._schemas, tool["name"], tool.get("inputSchema"), MOST_TOOLS)
        return listing.get("nextCursor")

    async def _know_schema(self, tool: str) -> None:
        """Ask the server for its tools before the first call of one not known: the headers are checked by them."""
        if len(tool) > LONGEST_NAME or tool in self._schemas or tool in self._asked_for:
            return
        _keep(self._asked_for, tool, None, MOST_UNKNOWN)
        params: dict[str, Any] = {"_meta": _META}
        try:
            async with asyncio.timeout(SCHEMA_SECONDS):
                for _ in range(MOST_PAGES):
                    cursor = self._learn(await self._shared.request("tools/list", params, "schemas", _ignore))
                    if tool in self._schemas or not isinstance(cursor, str):
                        return
                    params = {"_meta": _META, "cursor": cursor}
        except (RequestFailed, TimeoutError) as fault:
            log.debug("no schemas to check headers by: %s", fault)


def _keep(kept: dict[str, Any], name: str, one: Any, most: int) -> None:
    """Keep one more; the oldest goes where there are too many."""
    kept.pop(name, None)
    kept[name] = one
    if len(kept) > most:
        del kept[next(iter(kept))]


async def _ignore(_: bytes) -> None:
    """Nobody hears what is told about a request of our own."""


class _Lines(dict[str, str]):
    """A request's headers by name; `items` has all of them, repeated ones too."""

    def __init__(self, exchange: Exchange) -> None:
        self._all = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in exchange.headers]
        super().__init__(self._all)

    def items(self) -> Any:
        return self._all


def _fault(exchange: Exchange, message: Message) -> inbound.InboundLadderRejection | None:
    """What is wrong with a request as far as can be told without its server."""
    headers = _Lines(exchange)
    if (twice := inbound.find_duplicated_routing_header(headers.items())) is not None:
        return inbound.InboundLadderRejection(HEADER_MISMATCH, f"{twice} header appears more than once")
    verdict = inbound.classify_inbound_request(message, headers=headers)
    if isinstance(verdict, inbound.InboundLadderRejection):
        return verdict
    if message["method"] == "initialize":  # a stdio server may take it; this wire has it not
        return inbound.InboundLadderRejection(METHOD_NOT_FOUND, "Method not found", "initialize")
    named = inbound.decode_header_value(headers.get(inbound.MCP_NAME_HEADER))
    if message["method"] in TASK_METHODS and named != members(message.get("params")).get("taskId"):
        text = "The Mcp-Name header does not match the request body's 'taskId' parameter"
        return inbound.InboundLadderRejection(HEADER_MISMATCH, text)
    return None
