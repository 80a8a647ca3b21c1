"""The conformance server's tools that answer without asking: content of each kind, logging, progress, errors, changes.

`Toolbox` holds every tool, also those of the sibling modules, and serves `tools/list` and `tools/call` from it.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import anyio
import mcp_types as types
from mcp.server import ServerRequestContext
from mcp.server.subscriptions import PromptsListChanged, SubscriptionBus, ToolsListChanged
from mcp.shared.exceptions import MCPError

Context = ServerRequestContext[Any]
Result = types.CallToolResult | types.InputRequiredResult | dict[str, Any]
Run = Callable[[Context, types.CallToolRequestParams], Awaitable[Result]]

NO_ARGUMENTS: Mapping[str, Any] = {"type": "object", "properties": {}}
PIXEL_PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
SILENCE_WAV = "UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQIAAAAAAA=="
STEP_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class _Tool:
    definition: types.Tool
    run: Run


class Toolbox:
    """Every tool by its name, in the order of adding."""

    def __init__(self) -> None:
        self._tools: dict[str, _Tool] = {}

    def add(self, name: str, description: str, schema: Mapping[str, Any] = NO_ARGUMENTS) -> Callable[[Run], Run]:
        """Decorate what carries out the tool's calls."""

        def register(run: Run) -> Run:
            definition = types.Tool(name=name, description=description, input_schema=dict(schema))
            self._tools[name] = _Tool(definition, run)
            return run

        return register

    def schema(self, name: str) -> Mapping[str, Any] | None:
        """The input schema by which parameter headers are validated."""
        tool = self._tools.get(name)
        return tool.definition.input_schema if tool else None

    async def list_tools(self, _: Context, __: types.PaginatedRequestParams | None) -> types.ListToolsResult:
        """Serve `tools/list`."""
        return types.ListToolsResult(tools=[tool.definition for tool in self._tools.values()])

    async def call_tool(self, context: Context, params: types.CallToolRequestParams) -> Result:
        """Serve `tools/call`."""
        tool = self._tools.get(params.name)
        if tool is None:
            raise MCPError(types.INVALID_PARAMS, f"Unknown tool: {params.name}")
        return await tool.run(context, params)


def text(words: str, *, is_error: bool = False) -> types.CallToolResult:
    """A result of one text."""
    return types.CallToolResult(content=[types.TextContent(type="text", text=words)], is_error=is_error)


def add_plain_tools(toolbox: Toolbox) -> None:
    """Add the tools that answer at once or after a few notifications."""
    _add_content_tools(toolbox)
    _add_schema_tools(toolbox)
    _add_notifying_tools(toolbox)

    @toolbox.add("test_error_handling", "Always fails.")
    async def fail(_: Context, __: types.CallToolRequestParams) -> Result:
        return text("This tool intentionally returns an error for testing", is_error=True)

    @toolbox.add("test_missing_capability", "Needs the client's sampling capability.")
    async def need_sampling(context: Context, _: types.CallToolRequestParams) -> Result:
        declared = context.session.client_capabilities
        if declared is None or declared.sampling is None:
            needed: dict[str, Any] = {"requiredCapabilities": {"sampling": {}}}
            raise MCPError(types.MISSING_REQUIRED_CLIENT_CAPABILITY, "This tool samples from the client", needed)
        return text("The client can sample.")


def _embedded(uri: str, mime_type: str, words: str) -> types.EmbeddedResource:
    resource = types.TextResourceContents(uri=uri, mime_type=mime_type, text=words)
    return types.EmbeddedResource(type="resource", resource=resource)


def _add_content_tools(toolbox: Toolbox) -> None:
    simple = types.TextContent(type="text", text="This is a simple text response for testing.")
    image = types.ImageContent(type="image", data=PIXEL_PNG, mime_type="image/png")
    audio = types.AudioContent(type="audio", data=SILENCE_WAV, mime_type="audio/wav")
    embedded = _embedded("test://embedded-resource", "text/plain", "This is an embedded resource content.")
    mixed = _embedded("test://mixed-content-resource", "application/json", '{"test":"data","value":123}')
    introduction = types.TextContent(type="text", text="Multiple content types test:")
    contents: dict[str, list[types.ContentBlock]] = {
        "test_simple_text": [simple],
        "test_image_content": [image],
        "test_audio_content": [audio],
        "test_embedded_resource": [embedded],
        "test_multiple_content_types": [introduction, image, mixed],
    }
    for name, content in contents.items():

        async def answer(
            _: Context, __: types.CallToolRequestParams, content: list[types.ContentBlock] = content
        ) -> Result:
            return types.CallToolResult(content=content)

        toolbox.add(name, f"Returns {' and '.join(block.type for block in content)} content.")(answer)


def _add_schema_tools(toolbox: Toolbox) -> None:
    @toolbox.add("json_schema_2020_12_tool", "Has a schema with much of JSON Schema 2020-12.", ADDRESS_BOOK_SCHEMA)
    async def address_book(_: Context, params: types.CallToolRequestParams) -> Result:
        return text(f"called with {sorted(params.arguments or {})}")

    region = {"type": "string", "description": "Mirrored into a header.", "x-mcp-header": "Region"}

    @toolbox.add("test_x_mcp_header", "Mirrors an argument.", {"type": "object", "properties": {"region": region}})
    async def mirror(_: Context, params: types.CallToolRequestParams) -> Result:
        return text(f"region={(params.arguments or {}).get('region')}")


ADDRESS_BOOK_SCHEMA: Mapping[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "$defs": {
        "address": {
            "$anchor": "addressDef",
            "type": "object",
            "properties": {"street": {"type": "string"}, "city": {"type": "string"}},
        }
    },
    "properties": {
        "name": {"type": "string"},
        "address": {"$ref": "#/$defs/address"},
        "contactMethod": {"type": "string", "enum": ["phone", "email"]},
        "phone": {"type": "string"},
        "email": {"type": "string"},
    },
    "allOf": [{"anyOf": [{"required": ["phone"]}, {"required": ["email"]}]}],
    "if": {"properties": {"contactMethod": {"const": "phone"}}, "required": ["contactMethod"]},
    "then": {"required": ["phone"]},
    "else": {"required": ["email"]},
    "additionalProperties": False,
}


def _add_notifying_tools(toolbox: Toolbox) -> None:
    async def log(context: Context, words: str) -> None:
        await context.session.send_log_message("info", words, related_request_id=context.request_id)

    @toolbox.add("test_tool_with_logging", "Logs three times while it runs.")
    async def with_logging(context: Context, _: types.CallToolRequestParams) -> Result:
        await log(context, "Tool execution started")
        await anyio.sleep(STEP_SECONDS)
        await log(context, "Tool processing data")
        await anyio.sleep(STEP_SECONDS)
        await log(context, "Tool execution completed")
        return text("logged")

    @toolbox.add("test_logging_tool", "Logs once, if the client wants logs.")
    async def log_once(context: Context, _: types.CallToolRequestParams) -> Result:
        await log(context, "Tool execution started")
        return text("logged")

    @toolbox.add("test_tool_with_progress", "Reports progress while it runs.")
    async def with_progress(context: Context, _: types.CallToolRequestParams) -> Result:
        for percent in (0, 50, 100):
            await context.session.report_progress(percent, 100, f"{percent} of 100")
            await anyio.sleep(STEP_SECONDS)
        return text("done")

    @toolbox.add("test_reconnection", "Closes the answer's stream before it answers.")
    async def reconnect(context: Context, _: types.CallToolRequestParams) -> Result:
        if context.close_sse_stream is not None:
            await context.close_sse_stream()
        await anyio.sleep(4 * STEP_SECONDS)
        return text("reconnected")


def add_change_tools(toolbox: Toolbox, bus: SubscriptionBus) -> None:
    """Add the tools that announce a change of what the server offers."""

    @toolbox.add("test_trigger_tool_change", "Announces other tools.")
    async def change_tools(context: Context, _: types.CallToolRequestParams) -> Result:
        await bus.publish(ToolsListChanged())
        await context.session.send_notification(types.ToolListChangedNotification())
        return text("announced")

    @toolbox.add("test_trigger_prompt_change", "Announces other prompts.")
    async def change_prompts(context: Context, _: types.CallToolRequestParams) -> Result:
        await bus.publish(PromptsListChanged())
        await context.session.send_notification(types.PromptListChangedNotification())
        return text("announced")
