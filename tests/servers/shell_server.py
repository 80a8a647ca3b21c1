"""A stdio server for tests, without any SDK: its tool `run` runs a command in a shell, its tool `echo` echoes."""

import json
import subprocess
import sys

TOOLS = [{"name": name, "description": f"{name}.", "inputSchema": {"type": "object"}} for name in ("run", "echo")]


def call(name: str, arguments: dict) -> str:
    """Carry out one call; returns its text."""
    if name == "echo":
        return json.dumps(arguments)
    done = subprocess.run(["sh", "-c", arguments["command"]], capture_output=True, text=True, check=False, timeout=30)
    return json.dumps({"status": done.returncode, "said": done.stdout + done.stderr})


def answer(message: dict) -> dict:
    """The result of one request."""
    params = message.get("params") or {}
    if message["method"] == "initialize":
        info = {"name": "shell", "version": "1"}
        return {"protocolVersion": params["protocolVersion"], "capabilities": {"tools": {}}, "serverInfo": info}
    if message["method"] == "tools/call":
        return {"content": [{"type": "text", "text": call(params["name"], params.get("arguments") or {})}]}
    return {"tools": TOOLS} if message["method"] == "tools/list" else {}


for line in sys.stdin:
    request = json.loads(line)
    if "id" in request and "method" in request:
        print(json.dumps({"jsonrpc": "2.0", "id": request["id"], "result": answer(request)}), flush=True)
