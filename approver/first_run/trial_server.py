"""A server for the test call of the first start: one tool that does nothing. Standard library only.

Run it as `python -m approver.first_run.trial_server`; requests come in on standard input, one JSON object a line.
"""

import json
import sys
from typing import Any

NAME = "approver-test"
TOOL = "write_greeting"
GREETING = "The test server says hello: your answer reached it, and it changed nothing."
_TEXT = {"type": "string", "description": "What the greeting is to say."}
TOOLS = [
    {
        "name": TOOL,
        "description": "Does nothing. It is there so that you see how Approver asks.",
        "inputSchema": {"type": "object", "properties": {"text": _TEXT}, "required": ["text"]},
    }
]


def answer(message: dict[str, Any]) -> dict[str, Any] | None:
    """The answer to one message; None for a notification."""
    identifier, method = message.get("id"), message.get("method")
    if identifier is None:
        return None
    if method == "initialize":
        wanted = message.get("params", {}).get("protocolVersion", "2025-11-25")
        itself = {"name": "Approver's test server", "version": "1"}
        result: dict[str, Any] = {"protocolVersion": wanted, "capabilities": {"tools": {}}, "serverInfo": itself}
    elif method == "tools/list":
        result = {"tools": TOOLS}
    elif method == "tools/call":
        result = {"content": [{"type": "text", "text": GREETING}]}
    elif method == "ping":
        result = {}
    else:
        error = {"code": -32601, "message": f"there is no method {method}"}
        return {"jsonrpc": "2.0", "id": identifier, "error": error}
    return {"jsonrpc": "2.0", "id": identifier, "result": result}


def main() -> None:
    """Answer until the input ends."""
    for line in sys.stdin:
        found = answer(json.loads(line))
        if found is not None:
            sys.stdout.write(json.dumps(found) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
