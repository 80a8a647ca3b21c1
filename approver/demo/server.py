"""A small MCP server over stdio, to try Approver with: job tools as the Web Scraper lists them, over pages of its own.

Standard library only; run it as `python -m approver.demo.server`. Requests come in on standard input, one JSON object a
line, and are answered on standard output in the order they came. It speaks both eras of the protocol: the `initialize`
handshake of 2024-11-05 to 2025-11-25, and the stateless requests of 2026-07-28, each with its envelope in `_meta`.
"""

import json
import sys
from collections.abc import Iterable, Mapping
from importlib import resources
from io import TextIOWrapper
from typing import Any, TextIO

from approver.demo.jobs import Jobs
from approver.demo.site import Site
from approver.demo.toolbox import Toolbox

HANDSHAKE_VERSIONS = ("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25")
STATELESS_VERSIONS = ("2026-07-28",)
VERSION_KEY = "io.modelcontextprotocol/protocolVersion"
CAPABILITIES_KEY = "io.modelcontextprotocol/clientCapabilities"
SERVER_KEY = "io.modelcontextprotocol/serverInfo"
THIS_SERVER = {"name": "Web Scraper (demo)", "version": "1.0.0"}
CAPABILITIES: dict[str, Any] = {"tools": {}}
INSTRUCTIONS = "Starts, follows and cancels jobs that read the pages of a small site on this machine."
CACHE_MILLISECONDS = 60_000

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
UNSUPPORTED_VERSION = -32022


class Refused(Exception):
    """A request that is answered with a JSON-RPC error."""

    def __init__(self, code: int, message: str, data: object = None) -> None:
        super().__init__(message)
        self.error = {"code": code, "message": message} | ({} if data is None else {"data": data})


class Server:
    """One connection's state and answers; knows messages, not streams."""

    def __init__(self, toolbox: Toolbox) -> None:
        self._toolbox = toolbox
        self._definitions = json.loads(
            resources.files("approver.demo").joinpath("tools.json").read_text(encoding="utf-8")
        )
        self._greeted = False

    def answer(self, line: str) -> dict[str, Any] | None:
        """The reply to one line, or None where a notification or a reply came."""
        try:
            message = json.loads(line)
        except ValueError as fault:
            return failure(None, Refused(PARSE_ERROR, f"not JSON: {fault}"))
        if not isinstance(message, dict) or not isinstance(message.get("method"), str):
            is_reply = isinstance(message, dict) and ("result" in message or "error" in message)
            return None if is_reply else failure(None, Refused(INVALID_REQUEST, "not a JSON-RPC request"))
        if "id" not in message:
            return None
        try:
            return {"jsonrpc": "2.0", "id": message["id"], "result": self._result(message)}
        except Refused as refusal:
            return failure(message["id"], refusal)

    def _result(self, message: Mapping[str, Any]) -> dict[str, Any]:
        params = message.get("params") or {}
        if not isinstance(params, dict):
            raise Refused(INVALID_PARAMS, "params has to be an object")
        method = message["method"]
        if is_stateless(params):
            if method == "initialize":
                data = {"supported": list(STATELESS_VERSIONS), "requested": params.get("protocolVersion", "")}
                raise Refused(UNSUPPORTED_VERSION, "Unsupported protocol version", data)
            return self._stateless(method, params)
        return self._after_handshake(method, params)

    def _after_handshake(self, method: str, params: Mapping[str, Any]) -> dict[str, Any]:
        if method == "initialize":
            asked = params.get("protocolVersion")
            self._greeted = True
            return {
                "protocolVersion": asked if asked in HANDSHAKE_VERSIONS else HANDSHAKE_VERSIONS[-1],
                "capabilities": CAPABILITIES,
                "serverInfo": THIS_SERVER,
                "instructions": INSTRUCTIONS,
            }
        if method == "ping":
            return {}
        if method not in ("tools/list", "tools/call"):
            raise Refused(METHOD_NOT_FOUND, "Method not found", method)
        if not self._greeted:
            raise Refused(INVALID_PARAMS, "this connection has not been initialized")
        return {"tools": self._definitions} if method == "tools/list" else self._call(params)

    def _stateless(self, method: str, params: Mapping[str, Any]) -> dict[str, Any]:
        meta = params["_meta"]
        if CAPABILITIES_KEY not in meta:
            raise Refused(INVALID_PARAMS, f"params._meta is missing the required envelope key(s): {CAPABILITIES_KEY}")
        if (version := meta[VERSION_KEY]) not in STATELESS_VERSIONS:
            data = {"supported": list(STATELESS_VERSIONS), "requested": version}
            raise Refused(UNSUPPORTED_VERSION, "Unsupported protocol version", data)
        cached = {"ttlMs": CACHE_MILLISECONDS, "cacheScope": "public"}
        if method == "server/discover":
            known = {"supportedVersions": list(STATELESS_VERSIONS), "capabilities": CAPABILITIES}
            return stamped(known | {"instructions": INSTRUCTIONS} | cached)
        if method == "tools/list":
            return stamped({"tools": self._definitions} | cached)
        if method == "tools/call":
            return stamped(self._call(params))
        raise Refused(METHOD_NOT_FOUND, "Method not found", method)

    def _call(self, params: Mapping[str, Any]) -> dict[str, Any]:
        name, arguments = params.get("name"), params.get("arguments") or {}
        if not isinstance(name, str) or (tool := self._toolbox.tools.get(name)) is None:
            raise Refused(INVALID_PARAMS, f"Unknown tool: {name}")
        if not isinstance(arguments, dict):
            raise Refused(INVALID_PARAMS, "arguments has to be an object")
        try:
            text = tool(arguments)
        except (ValueError, OSError) as fault:
            return {"content": [{"type": "text", "text": str(fault)}], "isError": True}
        return {"content": [{"type": "text", "text": text}], "structuredContent": {"result": text}, "isError": False}


def is_stateless(params: Mapping[str, Any]) -> bool:
    """Whether a request carries the envelope that only 2026-07-28 and later have."""
    return isinstance(meta := params.get("_meta"), dict) and VERSION_KEY in meta


def stamped(result: Mapping[str, Any]) -> dict[str, Any]:
    """What every result of 2026-07-28 carries besides its own members."""
    return {**result, "resultType": "complete", "_meta": {SERVER_KEY: THIS_SERVER}}


def failure(request: object, refusal: Refused) -> dict[str, Any]:
    """A JSON-RPC error reply."""
    return {"jsonrpc": "2.0", "id": request, "error": refusal.error}


def serve(lines: Iterable[str], output: TextIO) -> None:
    """Answer line by line until the input ends; then stop every job."""
    jobs = Jobs()
    with Site() as site:
        server = Server(Toolbox(jobs, site.address))
        for line in lines:
            if line.strip() and (reply := server.answer(line)) is not None:
                output.write(json.dumps(reply, ensure_ascii=False) + "\n")
                output.flush()
        jobs.cancel_all()


def main() -> None:
    """Serve standard input and output, whatever the locale says."""
    for stream in (sys.stdin, sys.stdout):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8")
    serve(sys.stdin, sys.stdout)


if __name__ == "__main__":
    main()
