"""A full-featured MCP server of the project's own, for the official conformance suite: `--http PORT` or `--stdio`.

What the suite's server scenarios call is in the modules beside this one: `upstream_tools` (plain tools),
`upstream_questions` (tools that ask the client), `upstream_tasks` (the tasks extension), `upstream_offers` (resources,
prompts, completion). This module puts them into one low-level server, which speaks the handshake revisions up to
2025-11-25 and the stateless 2026-07-28, and serves it.
"""

import argparse
import socket
import warnings
from typing import Any

import anyio
import mcp_types as types
import uvicorn
from mcp.server import NotificationOptions, Server
from mcp.server.caching import CacheableMethod, CacheHint
from mcp.server.request_state import RequestStateBoundary, RequestStateSecurity
from mcp.server.stdio import stdio_server
from mcp.server.subscriptions import InMemorySubscriptionBus, ListenHandler
from mcp.shared.exceptions import MCPDeprecationWarning
from upstream_events import KeptEvents
from upstream_offers import OFFERS, add_subscription_methods
from upstream_questions import add_asking_tools
from upstream_tasks import add_task_methods, add_task_tools, jobs_while_serving
from upstream_tools import Toolbox, add_change_tools, add_plain_tools

NAME = "approver-conformance-upstream"
CACHED: tuple[CacheableMethod, ...] = (
    "tools/list",
    "prompts/list",
    "resources/list",
    "resources/templates/list",
    "resources/read",
)
RECONNECT_AFTER_MS = 100


def build() -> Server[Any]:
    """Put the server together."""
    bus = InMemorySubscriptionBus()
    toolbox = Toolbox()
    add_plain_tools(toolbox)
    add_change_tools(toolbox, bus)
    add_asking_tools(toolbox)
    add_task_tools(toolbox)
    server: Server[Any] = Server(
        NAME,
        version="1.0.0",
        lifespan=jobs_while_serving,
        cache_hints={method: CacheHint(ttl_ms=1000, scope="private") for method in CACHED},
        get_tool_input_schema=toolbox.schema,
        on_list_tools=toolbox.list_tools,
        on_subscriptions_listen=ListenHandler(bus),
        **OFFERS,
    )
    server.add_request_handler("tools/call", types.CallToolRequestParams, toolbox.call_tool)
    add_subscription_methods(server)
    add_task_methods(server)
    # An ephemeral key: what one process sealed another refuses, so a proxy that starts a second one is found out.
    server.middleware.append(RequestStateBoundary(RequestStateSecurity.ephemeral(), default_audience=NAME))
    return server


async def serve_stdio(server: Server[Any]) -> None:
    """Serve one connection until stdin ends."""
    changes = NotificationOptions(prompts_changed=True, resources_changed=True, tools_changed=True)
    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options(changes))


async def serve_http(server: Server[Any], port: int) -> None:
    """Serve on the loopback address; print the address as soon as connections are taken. Port 0: any free one."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen()
        app = server.streamable_http_app(event_store=KeptEvents(), retry_interval=RECONNECT_AFTER_MS)
        print(f"http://127.0.0.1:{listener.getsockname()[1]}/mcp", flush=True)
        # httptools, which uvicorn takes where it is installed, leaves white space at the end of a header's value.
        config = uvicorn.Config(app, http="h11", log_level="warning", timeout_graceful_shutdown=1)
        await uvicorn.Server(config).serve(sockets=[listener])


def main() -> None:
    """Serve as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    way = parser.add_mutually_exclusive_group(required=True)
    way.add_argument("--http", type=int, metavar="PORT")
    way.add_argument("--stdio", action="store_true")
    options = parser.parse_args()
    warnings.simplefilter("ignore", MCPDeprecationWarning)  # the older revisions' features are what is tested here
    if options.stdio:
        anyio.run(serve_stdio, build())
    else:
        anyio.run(serve_http, build(), options.http)


if __name__ == "__main__":
    main()
