"""The client that the official suite's client scenarios drive: the SDK's own, over stdio, with Approver in between.

    the suite ── starts ──> this ──stdio──> approver connect ──> engine ──HTTP──> the suite's server

What the suite watches is therefore Approver's side towards HTTP servers, logins included: when the server wants a
login, this does what a person would, `approver server login` and a browser that says yes.

The suite says in the environment which scenario it is and which revision; the server's address is the last argument.
With `--over-http` the client speaks HTTP to Approver's front instead.
"""

import asyncio
import itertools
import json
import os
import shlex
import socket
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

import httpx2  # noqa: E402 # the path to the support modules was laid just above
import mcp_types as types  # noqa: E402 # the path to the support modules was laid just above
from approver_home import ALLOW_ALL, APPROVER, ApproverHome  # noqa: E402 # as above
from mcp.client.client import Client  # noqa: E402 # as above
from mcp.client.stdio import StdioServerParameters, stdio_client  # noqa: E402 # as above
from mcp.client.streamable_http import streamable_http_client  # noqa: E402 # as above
from mcp.shared.exceptions import MCPError  # noqa: E402 # as above

SERVERS = Path(__file__).parents[1] / "servers"
DOCUMENT = "https://conformance-test.local/client-metadata.json"
"""The client that the suite's authorization servers know by its document."""
MOST_LOGINS = 3
OVER_HTTP = "--over-http" in sys.argv
SCENARIO = os.environ.get("MCP_CONFORMANCE_SCENARIO", "")
REVISION = os.environ.get("MCP_CONFORMANCE_PROTOCOL_VERSION", "2025-11-25")
CONTEXT: dict[str, Any] = json.loads(os.environ.get("MCP_CONFORMANCE_CONTEXT") or "{}")

_numbers = itertools.count(1)
Work = Callable[[Client], Awaitable[Any]]


class NoLogin(Exception):
    """A login came to nothing, which some scenarios want."""


# -- what a client does in each scenario -----------------------------------------------------------------------------


async def _sample(context: Any, params: types.CreateMessageRequestParams) -> types.CreateMessageResult:
    text = types.TextContent(type="text", text="")
    return types.CreateMessageResult(role="assistant", content=text, model="none")


async def _roots(context: Any) -> types.ListRootsResult:
    return types.ListRootsResult(roots=[])


async def _elicit(context: Any, params: types.ElicitRequestParams) -> types.ElicitResult:
    schema = params.requested_schema if isinstance(params, types.ElicitRequestFormParams) else {}
    properties = schema.get("properties", {})
    content = {name: one["default"] for name, one in properties.items() if "default" in one}
    return types.ElicitResult(action="accept", content=content or {"confirmed": True})


def _call(tool: str, **arguments: Any) -> Work:
    async def work(client: Client) -> None:
        await client.list_tools()
        await client.call_tool(tool, arguments)

    return work


async def _list(client: Client) -> None:
    await client.list_tools()


async def _call_all(client: Client) -> None:
    """Call every tool that is offered, with whatever its schema wants."""
    by_type: dict[str, Any] = {"string": "x", "integer": 0, "number": 0, "boolean": False, "object": {}, "array": []}
    for tool in (await client.list_tools()).tools:
        properties = tool.input_schema.get("properties", {})
        wanted = tool.input_schema.get("required", [])
        arguments = {name: by_type.get(properties.get(name, {}).get("type"), "x") for name in wanted}
        await _try(client, tool.name, arguments)


async def _call_as_told(client: Client) -> None:
    """Make the calls that the suite wants made."""
    offered = {tool.name for tool in (await client.list_tools()).tools}
    for call in CONTEXT.get("toolCalls", []):
        if call["name"] in offered:
            await _try(client, call["name"], call.get("arguments") or {})


async def _try(client: Client, tool: str, arguments: dict[str, Any]) -> None:
    try:
        await client.call_tool(tool, arguments)
    except MCPError as error:
        sys.stderr.write(f"{tool}: {error}\n")


async def _echo_schema(client: Client) -> None:
    tools = (await client.list_tools()).tools
    focal = next(tool for tool in tools if tool.name == "json_schema_2020_12_tool")
    await client.call_tool("json_schema_echo", {"schema": focal.input_schema})


async def _rounds(client: Client) -> None:
    await client.list_tools()
    for tool in ("test_mrtr_echo_state", "test_mrtr_unrelated", "test_mrtr_no_state"):
        await client.call_tool(tool, {})
    with suppress(ValueError):  # a result without its type is one that this SDK's client does not take
        await client.call_tool("test_mrtr_no_result_type", {})


async def _first_tool(client: Client) -> None:
    tools = (await client.list_tools()).tools
    if tools:
        await client.call_tool(tools[0].name, {})


SCENARIOS: dict[str, Work] = {
    "initialize": _list,
    "tools_call": _call("add_numbers", a=5, b=3),
    "request-metadata": _call("add_numbers", a=5, b=3),
    "http-standard-headers": _call("add_numbers", a=5, b=3),
    "sse-retry": _call("test_reconnection"),
    "elicitation-sep1034-client-defaults": _call("test_client_elicitation_defaults"),
    "http-invalid-tool-headers": _call_all,
    "http-custom-headers": _call_as_told,
    "json-schema-ref-no-deref": _list,
    "json-schema-2020-12-preservation": _echo_schema,
    "sep-2322-client-request-state": _rounds,
}


# -- Approver in between ---------------------------------------------------------------------------------------------


def _mode() -> str:
    if SCENARIO == "json-schema-ref-no-deref":  # its server speaks the handshake's revisions only
        return "legacy"
    return "auto" if REVISION >= "2026" else "legacy"


async def _converse(home: ApproverHome, work: Work) -> None:
    callbacks = {"sampling_callback": _sample, "list_roots_callback": _roots, "elicitation_callback": _elicit}
    if OVER_HTTP:
        url, token = home.grant("remote", f"client {next(_numbers)}")
        async with httpx2.AsyncClient(headers={"authorization": f"Bearer {token}"}, timeout=60) as http:
            transport = streamable_http_client(url, http_client=http)
            async with Client(transport, mode=_mode(), **callbacks) as client:
                await work(client)
        return
    command = home.connect("remote")
    program = StdioServerParameters(command=command[0], args=command[1:], env=home.environment, cwd=home.work)
    async with Client(stdio_client(program), mode=_mode(), **callbacks) as client:
        await work(client)


def _wants_login(fault: BaseException) -> bool:
    """Whether a server asked for a login, even where the client went on to try something else."""
    if isinstance(fault, BaseExceptionGroup):
        return any(map(_wants_login, fault.exceptions))
    earlier = fault.__context__
    return "approver server login" in str(fault) or (earlier is not None and _wants_login(earlier))


def _log_in(home: ApproverHome) -> None:
    """Log in as a person would; the first time with the client that the scenario is about."""
    options: list[str] = []
    secret = str(CONTEXT.get("client_secret") or "")
    identifier = CONTEXT.get("client_id") or (DOCUMENT if SCENARIO == "auth/basic-cimd" else None)
    if identifier:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            options = ["--client-id", identifier, "--port", str(probe.getsockname()[1])]
        options += ["--client-secret"] if secret else []
    done = subprocess.run(
        [*APPROVER, "server", "login", "remote", *options], env=home.environment, cwd=home.work, input=secret,
        capture_output=True, text=True, timeout=40, check=False, start_new_session=True,
    )  # fmt: skip
    sys.stderr.write(done.stdout + done.stderr)
    if done.returncode:
        raise NoLogin


def run(home: ApproverHome, work: Work) -> None:
    """Do the work, logging in where the server wants that."""
    for left in reversed(range(MOST_LOGINS + 1)):
        try:
            asyncio.run(_converse(home, work))
            return
        except (MCPError, BaseExceptionGroup) as fault:
            if not _wants_login(fault) or not left:
                raise
        _log_in(home)


def main() -> int:
    """Run the scenario that the suite names against the address that it gives."""
    with tempfile.TemporaryDirectory(prefix="conformance-client-") as folder:
        browser = shlex.join([sys.executable, str(SERVERS / "browser.py"), "%s"])
        home = ApproverHome(Path(folder), {"BROWSER": browser})
        try:
            home.add_http_server("remote", sys.argv[-1], ALLOW_ALL)
            home.settings("[http]\nport = 0\n" if OVER_HTTP else "[http]\nenabled = false\n")
            home.serve()
            run(home, SCENARIOS.get(SCENARIO, _first_tool))
        except NoLogin:
            return 1
        finally:
            sys.stderr.write(home.engine_output())
            home.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
