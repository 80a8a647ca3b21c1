"""What a list of tools teaches, and what is taken out of it."""

import json

import pytest

from approver.proxy.listing import filter_listing, read_listing


def listing(*tools: object, **more: object) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": 1, "result": {"tools": list(tools), **more}}, indent=1).encode()


READ = {"name": "read", "description": "Reads.", "inputSchema": {"type": "object", "x": None}, "later": [1.0]}
SECRET = {"name": "secret"}


def test_hidden_tools_are_taken_out_and_nothing_else_changes() -> None:
    shown, known = filter_listing(listing(READ, SECRET, nextCursor="2", _meta={"a": None}), "secret".__eq__)
    assert json.loads(shown)["result"] == {"tools": [READ], "nextCursor": "2", "_meta": {"a": None}}
    assert [one.name for one in known] == ["read", "secret"]


def test_without_a_hidden_tool_not_a_byte_changes() -> None:
    text = listing(READ)
    assert filter_listing(text, "secret".__eq__)[0] is text


@pytest.mark.parametrize(
    "text", [b"no JSON", b"[]", b"{}", b'{"result":{"tools":{}}}', b'{"error":{}}', b'{"result":[]}']
)
def test_what_is_no_list_of_tools_passes_as_it_is(text: bytes) -> None:
    assert filter_listing(text, lambda _: True) == (text, [])


def test_entries_that_are_no_tools_stay_where_they_are() -> None:
    shown, known = filter_listing(listing("odd", {"name": 7}, SECRET), "secret".__eq__)
    assert json.loads(shown)["result"]["tools"] == ["odd", {"name": 7}]
    assert [one.name for one in known] == ["secret"]


def test_what_a_server_says_of_a_tool_is_read() -> None:
    (found,) = read_listing(json.loads(listing(READ))) or []
    assert (found.name, found.description, found.input_schema) == ("read", "Reads.", READ["inputSchema"])
