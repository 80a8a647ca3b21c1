"""The headers of stateless requests: what they repeat, and which tools' headers can be told."""

import json
from typing import Any

import pytest

from approver.proxy.stateless_headers import StatelessHeaders, load, of_arguments, revision_of


def listing(*tools: Any, **more: Any) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": 1, "result": {"tools": list(tools), **more}}).encode()


def tool(name: Any, **properties: Any) -> dict[str, Any]:
    return {"name": name, "inputSchema": {"type": "object", "properties": properties}}


def call(name: str, arguments: Any) -> dict[str, Any]:
    return {"method": "tools/call", "params": {"name": name, "arguments": arguments}}


def of(headers: StatelessHeaders, body: Any) -> dict[str, str]:
    return {name.decode(): value.decode() for name, value in headers.of(body, "2026-07-28")}


REGION = {"type": "string", "x-mcp-header": "Region"}


def test_the_sdk_is_there() -> None:
    load()


def test_what_is_no_message_has_no_revision() -> None:
    assert revision_of({"params": {"_meta": {"io.modelcontextprotocol/protocolVersion": "2026-07-28"}}}) == "2026-07-28"
    assert revision_of({"params": {}}) is None


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"method": "server/discover"}, {"mcp-method": "server/discover"}),
        ({"method": "tools/call", "params": {"name": "a b"}}, {"mcp-method": "tools/call", "mcp-name": "a b"}),
        ({"method": "prompts/get", "params": {"name": 7}}, {"mcp-method": "prompts/get"}),
        ({"method": "resources/read", "params": []}, {"mcp-method": "resources/read"}),
        ({}, {"mcp-method": ""}),
    ],
)
def test_headers_repeat_method_and_name(body: Any, expected: dict[str, str]) -> None:
    assert of(StatelessHeaders(), body) == {"mcp-protocol-version": "2026-07-28", **expected}


@pytest.mark.parametrize(
    "body", [{"method": "a\nb"}, {"method": "ä"}, {"method": "tools/call", "params": {"name": "\ud800"}}]
)
def test_what_no_header_can_hold_is_refused(body: Any) -> None:
    with pytest.raises(ValueError, match="header cannot hold|surrogates not allowed"):
        StatelessHeaders().of(body, "2026-07-28")


def test_arguments_go_into_headers_as_their_tool_wants_it() -> None:
    headers = StatelessHeaders()
    tools = [tool("query", region=REGION, size={"type": "integer", "x-mcp-header": "Size"}), tool("plain")]
    assert headers.learn(listing(*tools, tool(7)), is_first_page=True) == frozenset()
    found = of(headers, call("query", {"region": "ü", "size": 3}))
    assert (found["mcp-param-region"], found["mcp-param-size"]) == ("=?base64?w7w=?=", "3")
    assert "mcp-param-region" not in of(headers, call("query", {"region": None}))
    assert "mcp-param-region" not in of(headers, call("query", "no object"))
    assert "mcp-param-region" not in of(headers, call("plain", {"region": "x"}))


def test_tools_whose_headers_cannot_be_told_are_named() -> None:
    headers = StatelessHeaders()
    headers.learn(listing(tool("query", region=REGION)), is_first_page=True)
    broken = tool("query", region={"type": "object", "x-mcp-header": "Region"})
    assert headers.learn(listing(broken), is_first_page=True) == frozenset({"query"})
    assert "mcp-param-region" not in of(headers, call("query", {"region": "x"}))


def test_a_whole_listing_replaces_what_was_known_and_a_page_adds_to_it() -> None:
    headers = StatelessHeaders()
    headers.learn(listing(tool("one", region=REGION)), is_first_page=True)
    headers.learn(listing(tool("two", region=REGION)), is_first_page=False)
    assert "mcp-param-region" in of(headers, call("one", {"region": "x"}))
    headers.learn(listing(tool("three", region=REGION)), is_first_page=True)
    assert "mcp-param-region" not in of(headers, call("one", {"region": "x"}))
    headers.learn(listing(tool("three")), is_first_page=True)
    assert "mcp-param-region" not in of(headers, call("three", {"region": "x"}))


@pytest.mark.parametrize("text", [b"hello x-mcp-header", b'["x-mcp-header"]', b'{"result": ["x-mcp-header"]}'])
def test_what_is_no_listing_teaches_nothing(text: bytes) -> None:
    assert StatelessHeaders().learn(text, is_first_page=True) == frozenset()


def test_other_arguments_have_other_headers() -> None:
    schema = tool("query", region=REGION)["inputSchema"]
    assert of_arguments(schema, {"region": "eu"}) == [(b"mcp-param-region", b"eu")]
    assert of_arguments(schema, {}) == []
    assert of_arguments({}, {"region": "eu"}) == []
    assert of_arguments(tool("query", region={"type": "object", "x-mcp-header": "Region"})["inputSchema"], {}) == []
