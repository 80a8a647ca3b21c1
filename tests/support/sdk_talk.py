"""What the protocol's own Python client says to a server, and the record of what it was given."""

from typing import Any

import anyio
import mcp_types as types
from conversations import normalized
from mcp import Client, MCPError


class Record:
    """What a client was given: results, errors, and what it was asked or told meanwhile."""

    def __init__(self) -> None:
        self.entries: list[Any] = []

    def add(self, name: str, value: Any) -> None:
        """Keep a result under the name of what was asked."""
        dumped = value.model_dump(mode="json", by_alias=True) if hasattr(value, "model_dump") else value
        self.entries.append({name: dumped})

    async def of(self, name: str, asked: Any) -> None:
        """Await what was asked and keep its result, or its error."""
        try:
            self.add(name, await asked)
        except MCPError as error:
            self.add(name, {"error": error.error.model_dump(mode="json")})

    async def sample(self, _: Any, params: types.CreateMessageRequestParams) -> types.CreateMessageResult:
        """Answer a server that asks the client's model."""
        self.add("sampling", params)
        text = types.TextContent(type="text", text="forty-two")
        return types.CreateMessageResult(role="assistant", model="none", content=text)

    async def elicit(self, _: Any, params: types.ElicitRequestParams) -> types.ElicitResult:
        """Answer a server that asks the client's person."""
        self.add("elicitation", params)
        return types.ElicitResult(action="accept", content={"name": "Ana"})

    async def roots(self, _: Any) -> types.ListRootsResult:
        """Tell the server where the client works."""
        return types.ListRootsResult(roots=[types.Root(uri="file:///srv/one", name="one")])

    async def progress(self, done: float, total: float | None, message: str | None) -> None:
        """Keep a step of a long call."""
        self.add("progress", [done, total, message])


def hold(transport: Any, mode: str, conversation: Any) -> list[Any]:
    """Hold a conversation with a server, all of it within half a minute; `transport` is what `Client` takes."""
    record = Record()

    async def connected() -> None:
        with anyio.fail_after(30):
            client = Client(
                transport, mode=mode, sampling_callback=record.sample, elicitation_callback=record.elicit,
                list_roots_callback=record.roots, cache=None,
            )  # fmt: skip
            async with client:
                record.add("revision", client.protocol_version)
                record.add("server", client.server_info)
                record.add("capabilities", client.server_capabilities)
                await conversation(client, record)

    anyio.run(connected)
    return normalized(record.entries)


async def everything_through_the_sdk(client: Client, record: Record) -> None:
    await record.of("tools", client.list_tools())
    await record.of("resources", client.list_resources())
    await record.of("templates", client.list_resource_templates())
    await record.of("prompts", client.list_prompts())
    await record.of("echo", client.call_tool("echo", {"message": "hello"}))
    await record.of("no tool", client.call_tool("no-such-tool", {}))
    operation = {"duration": 0.2, "steps": 2}
    slow = client.call_tool("trigger-long-running-operation", operation, progress_callback=record.progress)
    await record.of("slow", slow)
    await record.of("sampling", client.call_tool("trigger-sampling-request", {"prompt": "hm", "maxTokens": 3}))
    await record.of("elicitation", client.call_tool("trigger-elicitation-request", {}))
    await record.of("read", client.read_resource("demo://resource/static/document/startup.md"))
    await record.of("no resource", client.read_resource("demo://nowhere"))
    await record.of("prompt", client.get_prompt("args-prompt", {"city": "Graz"}))
    with anyio.move_on_after(0.2):
        await client.call_tool("trigger-long-running-operation", {"duration": 0.4, "steps": 1})
    await record.of("after a cancelled call", client.call_tool("get-sum", {"a": 1, "b": 2}))


async def both_eras_through_the_sdk(client: Client, record: Record) -> None:
    await record.of("tools", client.list_tools())
    await record.of("echo", client.call_tool("echo", {"a": 1}))
    await record.of("sampling", client.call_tool("ask_model", {}))
    await record.of("elicitation", client.call_tool("ask_person", {}))
    await record.of("count", client.call_tool("count", {}, progress_callback=record.progress))
    with anyio.move_on_after(0.2):
        await client.call_tool("wait", {})
    await record.of("after a cancelled call", client.call_tool("echo", {"a": 2}))
