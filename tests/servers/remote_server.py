"""A server that runs elsewhere: the SDK's over HTTP, both eras, on the port that is named; prints its address.

`add` adds, `slow` lasts until it is cancelled, `ask` elicits. Each call is written as a line to the file that is named,
so that a test sees what ran.
"""

import argparse
import asyncio
import socket
from pathlib import Path
from typing import Any

import uvicorn
from mcp.server.mcpserver import Context, MCPServer
from pydantic import BaseModel


class Name(BaseModel):
    """What `ask` wants to know."""

    name: str


def build(ran: Path) -> MCPServer[Any]:
    """Put the server together."""
    server: MCPServer[Any] = MCPServer("remote")

    def note(tool: str) -> None:
        with ran.open("a", encoding="utf-8") as file:
            file.write(tool + "\n")

    @server.tool()
    def add(a: int, b: int) -> int:
        """Add two numbers."""
        note("add")
        return a + b

    @server.tool()
    async def slow() -> str:
        """Last."""
        note("slow")
        await asyncio.Event().wait()
        return "over"

    @server.tool()
    async def ask(ctx: Context[Any, Any]) -> str:
        """Ask the person."""
        note("ask")
        answer = await ctx.elicit("Who are you?", Name)
        return f"{answer.action} {getattr(answer, 'data', None) and answer.data.name}"

    return server


async def serve(port: int, ran: Path) -> None:
    """Serve until the end."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen()
        print(f"http://127.0.0.1:{listener.getsockname()[1]}/mcp", flush=True)
        config = uvicorn.Config(build(ran).streamable_http_app(), log_level="error", timeout_graceful_shutdown=1)
        await uvicorn.Server(config).serve(sockets=[listener])


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("ran", type=Path)
    options = parser.parse_args()
    asyncio.run(serve(options.port, options.ran))
