"""The cheapest stdio server there is, without any SDK, so that a benchmark measures what stands before it."""

import json
import sys

TOOLS = [{"name": "echo", "description": "Says it again.", "inputSchema": {"type": "object"}}]


def result_of(message: dict) -> dict | None:
    """Return the result for a request, or None for a method that is not there."""
    params = message.get("params") or {}
    if message["method"] == "initialize":
        info = {"name": "echo", "version": "1"}
        return {"protocolVersion": params["protocolVersion"], "capabilities": {"tools": {}}, "serverInfo": info}
    if message["method"] == "tools/list":
        return {"tools": TOOLS}
    if message["method"] == "tools/call":
        return {"content": [{"type": "text", "text": json.dumps(params.get("arguments"))}]}
    return {} if message["method"] == "ping" else None


def main() -> None:
    """Answer one line at a time until stdin ends."""
    out = sys.stdout.buffer
    for line in sys.stdin.buffer:
        message = json.loads(line)
        if "id" not in message or "method" not in message:
            continue
        result = result_of(message)
        answer = {"error": {"code": -32601, "message": "Method not found"}} if result is None else {"result": result}
        out.write(json.dumps({"jsonrpc": "2.0", "id": message["id"], **answer}).encode() + b"\n")
        out.flush()


main()
