"""A stdio server of the protocol's own SDK that speaks both eras: a handshake session, and requests without one.

`ask_model` samples and `ask_person` elicits: over the session where there is one, by an `input_required` result
where requests stand alone. `count` reports progress; `wait` lasts until it is cancelled.
"""

from typing import Any

import anyio
import mcp_types as types
from mcp.server import Server, ServerRequestContext
from mcp.server.stdio import stdio_server
from mcp_types.version import MODERN_PROTOCOL_VERSIONS

OBJECT = {"type": "object"}
FORM = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}
NAMES = ("echo", "ask_model", "ask_person", "count", "wait")


def _text(text: str) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(type="text", text=text)])


def _question() -> types.CreateMessageRequestParams:
    content = types.TextContent(type="text", text="What is six times seven?")
    return types.CreateMessageRequestParams(
        messages=[types.SamplingMessage(role="user", content=content)], max_tokens=50
    )


def _is_modern(context: ServerRequestContext[Any]) -> bool:
    return context.protocol_version in MODERN_PROTOCOL_VERSIONS


async def list_tools(
    _: ServerRequestContext[Any], params: types.PaginatedRequestParams | None
) -> types.ListToolsResult:
    """List the tools in two pages."""
    second = params is not None and params.cursor == "more"
    names = NAMES[3:] if second else NAMES[:3]
    tools = [types.Tool(name=name, description=f"{name}.", input_schema=OBJECT) for name in names]
    return types.ListToolsResult(tools=tools, next_cursor=None if second else "more")


async def call_tool(
    context: ServerRequestContext[Any], params: types.CallToolRequestParams
) -> types.CallToolResult | types.InputRequiredResult:
    """Carry out a call."""
    if params.name == "ask_model":
        return await _ask_model(context, params)
    if params.name == "ask_person":
        return await _ask_person(context, params)
    if params.name == "count":
        for step in range(1, 4):
            await context.session.report_progress(step, 3, f"step {step}")
        return _text("counted")
    if params.name == "wait":
        await anyio.sleep_forever()
    return _text(f"{params.arguments} {context.protocol_version}")


async def _ask_model(
    context: ServerRequestContext[Any], params: types.CallToolRequestParams
) -> types.CallToolResult | types.InputRequiredResult:
    if not _is_modern(context):
        result = await context.session.send_request(
            types.CreateMessageRequest(params=_question()), types.CreateMessageResult
        )
        return _text(f"the model says {result.content.text}")
    if not params.input_responses:
        asks = {"model": types.CreateMessageRequest(params=_question())}
        return types.InputRequiredResult(input_requests=asks, request_state="asked the model")
    return _text(f"the model says {params.input_responses['model'].content.text} after {params.request_state}")


async def _ask_person(
    context: ServerRequestContext[Any], params: types.CallToolRequestParams
) -> types.CallToolResult | types.InputRequiredResult:
    form = types.ElicitRequestFormParams(message="Who are you?", requested_schema=FORM)
    if not _is_modern(context):
        result = await context.session.send_request(types.ElicitRequest(params=form), types.ElicitResult)
        return _text(f"the person {result.action}s {result.content}")
    if not params.input_responses:
        return types.InputRequiredResult(
            input_requests={"person": types.ElicitRequest(params=form)}, request_state="asked"
        )
    answer = params.input_responses["person"]
    return _text(f"the person {answer.action}s {answer.content} after {params.request_state}")


async def main() -> None:
    """Serve until stdin ends."""
    server = Server("both-eras", version="1", on_list_tools=list_tools, on_call_tool=call_tool)
    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())


if __name__ == "__main__":
    anyio.run(main)
