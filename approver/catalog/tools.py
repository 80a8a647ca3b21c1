"""What each server offers, as far as it has been seen: the tools of the last `tools/list` that passed."""

from collections.abc import Iterable, Mapping
from typing import Any

from approver.model import ToolDefinition


class Catalog:
    """Tool definitions by server and name. Untrusted text: shown, never obeyed."""

    def __init__(self) -> None:
        self._tools: dict[str, dict[str, ToolDefinition]] = {}

    def learn(self, server: str, definitions: Iterable[ToolDefinition]) -> None:
        """Remember definitions; a later one of the same name replaces the earlier."""
        self._tools.setdefault(server, {}).update((definition.name, definition) for definition in definitions)

    def find(self, server: str, tool: str) -> ToolDefinition | None:
        """What the server said of the tool, if it was ever listed."""
        return self._tools.get(server, {}).get(tool)

    def of(self, server: str) -> tuple[ToolDefinition, ...]:
        """All that is known of a server's tools, in the order they were first seen."""
        return tuple(self._tools.get(server, {}).values())


def read_definition(tool: Any, digest: str) -> ToolDefinition | None:
    """One entry of a `tools/list` result; None where it has no name. Members of an unexpected type are left out."""
    if not isinstance(tool, Mapping) or not isinstance(tool.get("name"), str):
        return None
    annotations, schema = tool.get("annotations"), tool.get("inputSchema")
    return ToolDefinition(
        name=tool["name"],
        title=_text(tool.get("title")),
        description=_text(tool.get("description")),
        annotations=annotations if isinstance(annotations, Mapping) else {},
        input_schema=schema if isinstance(schema, Mapping) else {},
        digest=digest,
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
