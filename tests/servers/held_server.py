"""A stdio server without any SDK, whose answers a test holds back and lets go, so that no test has to race a clock.

`hold` is answered only when `release` is called, newest first; `pid` names the process; `crash` ends it; `leave_child`
starts a child of its own that would stay; `ask_client` sends the client a request and answers with the response;
`chatter` prints the lines it is given between its messages. Everything else echoes.
Every call and notification that arrives is written to the file in HELD_SERVER_LOG, one JSON object a line.
HELD_SERVER_OFFERS is what it says it can do about tools, as JSON.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

NAMES = ("echo", "hold", "release", "pid", "crash", "leave_child", "ask_client", "chatter")
TOOLS = [{"name": name, "description": f"{name}.", "inputSchema": {"type": "object"}} for name in NAMES]
OFFERED = json.loads(os.environ.get("HELD_SERVER_OFFERS", "{}"))
out = sys.stdout.buffer
held: list[tuple[object, object]] = []
asked: dict[str, object] = {}


def write(message: dict) -> None:
    """Send one message."""
    out.write(json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n")
    out.flush()


def answer(request_id: object, text: str) -> None:
    """Answer a tool call with one text."""
    write({"id": request_id, "result": {"content": [{"type": "text", "text": text}]}})


def release(request_id: object, _: dict) -> None:
    """Answer this call, then every held one."""
    answer(request_id, str(len(held)))
    while held:
        waiting, given = held.pop()
        answer(waiting, json.dumps(given))


def ask_client(request_id: object, arguments: dict) -> None:
    """Send the client a request."""
    name = f"from-server-{request_id}"
    asked[name] = request_id
    write({"id": name, "method": "sampling/createMessage", "params": arguments})


def chatter(request_id: object, arguments: dict) -> None:
    """Print what is no message of the protocol."""
    out.write(b"".join(text.encode("latin-1", "replace") + b"\n" for text in arguments["lines"]))
    answer(request_id, "said")


CARRY_OUT = {
    "hold": lambda request_id, arguments: held.append((request_id, arguments)),
    "release": release,
    "pid": lambda request_id, _: answer(request_id, str(os.getpid())),
    "crash": lambda *_: os._exit(3),
    "leave_child": lambda request_id, _: answer(request_id, str(subprocess.Popen(["sleep", "600"]).pid)),
    "ask_client": ask_client,
    "chatter": chatter,
}


def write_down(name: str, arguments: dict) -> None:
    """Keep what arrived for the test to read."""
    if log := os.environ.get("HELD_SERVER_LOG"):
        with Path(log).open("a", encoding="utf-8") as file:
            file.write(json.dumps({"name": name, "arguments": arguments}) + "\n")


def call(request_id: object, params: dict) -> None:
    """Write a tool call down, and carry it out."""
    name, arguments = params.get("name"), params.get("arguments") or {}
    write_down(name, arguments)
    carry_out = CARRY_OUT.get(name, lambda request_id, arguments: answer(request_id, json.dumps(arguments)))
    carry_out(request_id, arguments)


def take(message: dict) -> None:
    """Handle one message of the client's."""
    if "method" not in message:
        if (request_id := asked.pop(message.get("id"), None)) is not None:
            answer(request_id, json.dumps(message.get("result", message.get("error"))))
    elif "id" not in message:
        write_down(message["method"], message.get("params") or {})
    elif message["method"] == "tools/call":
        call(message["id"], message.get("params") or {})
    elif message["method"] == "initialize":
        info = {"name": "held", "version": "1"}
        version = message["params"]["protocolVersion"]
        result = {"protocolVersion": version, "capabilities": {"tools": OFFERED}, "serverInfo": info}
        write({"id": message["id"], "result": result})
    elif message["method"] in ("tools/list", "ping"):
        write({"id": message["id"], "result": {"tools": TOOLS} if message["method"] == "tools/list" else {}})
    else:
        write({"id": message["id"], "error": {"code": -32601, "message": "Method not found"}})


for line in sys.stdin.buffer:
    take(json.loads(line))
