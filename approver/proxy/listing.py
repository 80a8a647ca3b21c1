"""What is done to a `tools/list` result on its way back: it is learnt from, and hidden tools are taken out of it."""

from collections.abc import Callable
from typing import Any

from approver.catalog.tools import read_definition
from approver.model import ToolDefinition
from approver.proxy import jsonrpc


def read_listing(message: Any) -> list[ToolDefinition] | None:
    """The tools that a response lists, in its order; None where it is no list of tools."""
    try:
        tools = message["result"]["tools"]
        if not isinstance(tools, list):
            return None
        found = [read_definition(tool, jsonrpc.digest(tool)) for tool in tools]
    except (KeyError, TypeError, RecursionError):
        return None
    return [definition for definition in found if definition is not None]


def filter_listing(text: bytes, is_hidden: Callable[[str], bool]) -> tuple[bytes, list[ToolDefinition]]:
    """Take the hidden tools out of a response's text; nothing else in it changes. Returns what it lists as well."""
    try:
        message = jsonrpc.read(text)
    except ValueError:
        return text, []
    definitions = read_listing(message)
    if definitions is None:
        return text, []
    hidden = {definition.name for definition in definitions if is_hidden(definition.name)}
    if not hidden:
        return text, definitions
    tools = message["result"]["tools"]
    message["result"]["tools"] = [tool for tool in tools if not (isinstance(tool, dict) and tool.get("name") in hidden)]
    return jsonrpc.encode(message), definitions


def next_cursor(text: bytes) -> str | None:
    """By what a `tools/list` response says to ask for its next page; None where this was the last."""
    try:
        cursor = jsonrpc.read(text)["result"]["nextCursor"]
    except (ValueError, KeyError, TypeError):
        return None
    return cursor if isinstance(cursor, str) else None
