"""What servers say of their tools: kept by server and name, and never trusted to have the right shape."""

import pytest

from approver.catalog.tools import Catalog, read_definition
from approver.model import ToolDefinition


def test_a_tool_is_found_on_the_server_that_listed_it() -> None:
    catalog = Catalog()
    read = ToolDefinition("read", description="Reads.")
    catalog.learn("files", [read, ToolDefinition("write")])
    assert catalog.find("files", "read") is read
    assert catalog.find("files", "unlink") is None
    assert catalog.find("mail", "read") is None


def test_tools_are_kept_in_the_order_they_were_first_seen_and_the_last_word_counts() -> None:
    catalog = Catalog()
    assert catalog.of("files") == ()
    catalog.learn("files", [ToolDefinition("b"), ToolDefinition("a")])
    catalog.learn("files", [ToolDefinition("c"), ToolDefinition("b", description="New.")])
    assert [(tool.name, tool.description) for tool in catalog.of("files")] == [("b", "New."), ("a", ""), ("c", "")]


def test_a_whole_definition_is_read() -> None:
    schema = {"type": "object", "properties": {"path": {"type": "string"}}}
    tool = {
        "name": "read",
        "title": "Read",
        "description": "Reads.",
        "annotations": {"readOnlyHint": True},
        "inputSchema": schema,
        "outputSchema": {},
    }
    assert read_definition(tool, "f00d") == ToolDefinition(
        "read", "Read", "Reads.", {"readOnlyHint": True}, schema, "f00d"
    )


@pytest.mark.parametrize("tool", [None, 5, "read", ["read"], {}, {"name": None}, {"name": 5}, {"title": "Read"}])
def test_what_has_no_name_is_no_tool(tool) -> None:
    assert read_definition(tool, "") is None


@pytest.mark.parametrize("odd", [None, 5, ["x"], {"x": 1}, True])
def test_members_of_another_type_are_left_out(odd) -> None:
    members = dict.fromkeys(("title", "description"), odd)
    definition = read_definition({"name": "read", **members, "annotations": 5, "inputSchema": [1]}, "")
    assert definition == ToolDefinition("read")
