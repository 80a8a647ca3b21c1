"""A stdio server without any SDK, which starts at once and does what a call's argument `do` says.

`wait` lasts until it is cancelled, `die` ends the server, `ask` asks the client in between, `tell` reports progress;
anything else is answered with what came. Every answer says which process gave it.
"""

import json
import os
import sys
from typing import Any

TOOLS = [{"name": name, "inputSchema": {"type": "object"}} for name in ("read", "write", "secret")]


def say(**message: Any) -> None:
    """Write a message."""
    sys.stdout.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
    sys.stdout.flush()


def call(request_id: Any, params: Any) -> None:
    """Carry out a call."""
    do = params["arguments"].get("do")
    if do == "die":
        sys.exit(3)
    if do == "ask":
        say(id=f"q-{request_id}", method="elicitation/create", params={"message": "Who?"})
        return
    if do == "tell":
        token = params["_meta"]["progressToken"]
        say(method="notifications/progress", params={"progressToken": token, "progress": 1})
    if do != "wait":
        say(id=request_id, result={"content": [], "came": params, "pid": os.getpid(), "half": 0.5, "none": None})


def take(message: Any) -> None:
    """Act on a message."""
    method, request_id, params = message.get("method"), message.get("id"), message.get("params", {})
    if method == "initialize":
        info = {"name": "plain", "version": "1"}
        say(id=request_id, result={"protocolVersion": "2025-11-25", "capabilities": {"tools": {}}, "serverInfo": info})
    elif method == "tools/list":
        second = params.get("cursor") == "2"
        page = {"tools": TOOLS[1:] if second else TOOLS[:1]}
        say(id=request_id, result=page if second else {**page, "nextCursor": "2"})
    elif method == "tools/call":
        call(request_id, params)
    elif method == "notifications/cancelled":
        print("cancelled", file=sys.stderr, flush=True)
    elif method is None and str(request_id).startswith("q-"):
        asked = request_id[2:]
        say(id=int(asked) if asked.isdigit() else asked, result={"content": [], "answer": message["result"]})
    elif request_id is not None:
        say(id=request_id, result={})


for line in sys.stdin:
    take(json.loads(line))
