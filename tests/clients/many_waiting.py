"""Many clients whose calls all wait for a person: `many_waiting.py URL TOKEN COUNT`.

Says `ready` once the server runs, sends the calls when it is told a line, and leaves when its stdin ends. The calls
stand alone (2026-07-28), so each has a connection of its own.
"""

import json
import socket
import sys
from urllib.parse import urlsplit

META = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": {},
    "io.modelcontextprotocol/clientInfo": {"name": "many", "version": "1"},
}


def post(url: str, token: str, number: int, method: str, **params: object) -> socket.socket:
    """Send a request on a connection of its own."""
    where = urlsplit(url)
    message = {"jsonrpc": "2.0", "id": number, "method": method, "params": {**params, "_meta": META}}
    body = json.dumps(message).encode()
    head = [
        f"POST {where.path} HTTP/1.1",
        f"Host: {where.netloc}",
        f"Authorization: Bearer {token}",
        "Content-Type: application/json",
        "Accept: application/json, text/event-stream",
        "MCP-Protocol-Version: 2026-07-28",
        f"Mcp-Method: {method}",
        *([f"Mcp-Name: {params['name']}"] if "name" in params else []),
        f"Content-Length: {len(body)}",
    ]
    connection = socket.create_connection((where.hostname or "", where.port or 0))
    connection.sendall("\r\n".join(head).encode() + b"\r\n\r\n" + body)
    return connection


def main(url: str, token: str, count: str) -> None:
    """Open the calls, and hold them until stdin ends."""
    post(url, token, 0, "tools/list").recv(1)
    print("ready", flush=True)
    sys.stdin.readline()
    calls = [post(url, token, n, "tools/call", name="echo", arguments={"n": n}) for n in range(int(count))]
    sys.stdin.read()
    for call in calls:
        call.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
