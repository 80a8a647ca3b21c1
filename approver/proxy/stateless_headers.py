"""The headers in which a stateless request (2026-07-28) repeats parts of its body, for whoever stands on its way.

The SDK's own functions write them. What a tool wants repeated of its arguments stands in its input schema, so listings
of tools are read on their way to the client.
"""

import importlib
import logging
from collections.abc import Mapping
from types import ModuleType
from typing import Any

from approver.proxy import jsonrpc

log = logging.getLogger(__name__)

REVISION_META_KEY = "io.modelcontextprotocol/protocolVersion"
HEADER_MISMATCH = -32020
"""The server wants other parameter headers than were sent: the tool's schema has changed, or is not known here."""

_NAMED_BY = {
    "tools/call": "name",
    "prompts/get": "name",
    "resources/read": "uri",
    "tasks/get": "taskId",
    "tasks/update": "taskId",
    "tasks/cancel": "taskId",
}
_MARK = b"x-mcp-header"
PARAMETER = b"mcp-param-"
"""How the names of headers begin that repeat arguments, in lower case."""


def load() -> None:
    """Import the SDK's part: it takes a second, so do it in a thread before it is needed."""
    _sdk()


def _sdk() -> ModuleType:
    return importlib.import_module("mcp.shared.inbound")


def revision_of(body: Mapping[str, Any]) -> str | None:
    """The revision that a message says it follows; None: the one that the handshake agreed on."""
    params = body.get("params")
    meta = params.get("_meta") if isinstance(params, dict) else None
    revision = meta.get(REVISION_META_KEY) if isinstance(meta, dict) else None
    return revision if isinstance(revision, str) else None


def of_arguments(schema: Mapping[str, Any], arguments: Mapping[str, Any]) -> list[tuple[bytes, bytes]]:
    """The headers that repeat what a tool of this input schema wants repeated; none where the schema is broken."""
    if _sdk().find_invalid_x_mcp_header(schema) is not None:
        return []
    headers = _sdk().mcp_param_headers(_sdk().x_mcp_header_map(schema), arguments)
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


class StatelessHeaders:
    """The headers of one server's requests, as far as its tools are known."""

    def __init__(self) -> None:
        self._repeated: dict[str, Mapping[tuple[str, ...], str]] = {}

    def of(self, body: Mapping[str, Any], revision: str) -> list[tuple[bytes, bytes]]:
        """The headers of a message. Raises `ValueError` where it holds what no header can."""
        method, params = str(body.get("method", "")), body.get("params")
        params = params if isinstance(params, dict) else {}
        headers = {"mcp-protocol-version": revision, "mcp-method": method}
        name = params.get(_NAMED_BY.get(method, ""))
        if isinstance(name, str):
            headers["mcp-name"] = _sdk().encode_header_value(name)
        if method == "tools/call" and (wanted := self._repeated.get(str(name))):
            arguments = params.get("arguments")
            headers |= _sdk().mcp_param_headers(wanted, arguments if isinstance(arguments, dict) else {})
        if not all(value.isascii() and value.isprintable() for value in headers.values()):
            raise ValueError("the method or the revision has characters that an HTTP header cannot hold")
        return [(name.lower().encode(), value.encode()) for name, value in headers.items()]

    def learn(self, listing: bytes, *, is_first_page: bool) -> frozenset[str]:
        """Read a response to `tools/list`; return the tools that must not be offered: their headers cannot be told."""
        if _MARK not in listing and not self._repeated:
            return frozenset()
        result = _result(listing)
        tools = result.get("tools")
        tools = [tool for tool in tools if isinstance(tool, dict)] if isinstance(tools, list) else []
        if is_first_page and not result.get("nextCursor"):
            self._repeated.clear()
        broken = set()
        for tool in tools:
            name, schema = tool.get("name"), tool.get("inputSchema")
            if not isinstance(name, str):
                continue
            if (reason := _sdk().find_invalid_x_mcp_header(schema)) is not None:
                log.warning("the tool %r is left out: %s", name, reason)
                self._repeated.pop(name, None)
                broken.add(name)
            else:
                self._repeated[name] = _sdk().x_mcp_header_map(schema)
        return frozenset(broken)


def _result(listing: bytes) -> dict[str, Any]:
    try:
        message = jsonrpc.read(listing)
    except ValueError:
        return {}
    result = message.get("result") if isinstance(message, dict) else None
    return result if isinstance(result, dict) else {}
