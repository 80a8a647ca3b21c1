"""A Streamable HTTP MCP server without an SDK: plain JSON answers, one session id. `http_echo_server.py PORT`.

So that what is measured is the proxy in front of it and not the server behind.
"""

import json
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import uvicorn

TOOLS = [{"name": "echo", "description": "Echoes.", "inputSchema": {"type": "object"}}]


def result_of(method: str, params: dict[str, Any]) -> dict[str, Any]:
    """Answer a request."""
    if method == "initialize":
        info = {"name": "http-echo", "version": "1"}
        return {"protocolVersion": params["protocolVersion"], "capabilities": {"tools": {}}, "serverInfo": info}
    if method == "tools/list":
        return {"tools": TOOLS}
    if method == "tools/call":
        return {"content": [{"type": "text", "text": json.dumps(params.get("arguments"))}]}
    return {}


async def app(
    scope: dict[str, Any], receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]
) -> None:
    """Answer one HTTP request (ASGI)."""
    body = b""
    more = True
    while more:
        event = await receive()
        body += event.get("body", b"")
        more = event.get("more_body", False)
    message = json.loads(body) if scope["method"] == "POST" else {}
    status, headers, data = 202 if scope["method"] == "POST" else 405, [], b""
    if "id" in message:
        result = result_of(message["method"], message.get("params") or {})
        data = json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": result}).encode()
        status, headers = 200, [(b"content-type", b"application/json"), (b"mcp-session-id", b"bench")]
    headers.append((b"content-length", str(len(data)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": data})


if __name__ == "__main__":
    uvicorn.run(app, port=int(sys.argv[1]), log_level="error", lifespan="off")
