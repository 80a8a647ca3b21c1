"""Who hears that a policy hides other tools than before, and how."""

import json
from typing import Any

import pytest
from gate_room import GateRoom
from talk import Talk, failure, notification, request, result

from approver.proxy.tool_lists import MOST_LISTENING

TOOLS = [{"name": "read", "inputSchema": {}}, {"name": "write", "inputSchema": {}}]
CHANGED = "notifications/tools/list_changed"
ID_KEY = "io.modelcontextprotocol/subscriptionId"


@pytest.fixture
def room() -> GateRoom:
    return GateRoom()


@pytest.fixture
def talk(room: GateRoom) -> Talk:
    return Talk(room)


def shake_hands(talk: Talk, **capabilities: Any) -> None:
    talk.client(request(0, "initialize", protocolVersion="2025-11-25", capabilities={}))
    talk.server(result(0, protocolVersion="2025-11-25", capabilities=capabilities))


def list_tools(talk: Talk, tools: Any = TOOLS, **params: Any) -> list[str]:
    talk.heard()
    talk.client(request("list", "tools/list", **params))
    talk.server(result("list", tools=tools))
    return [tool["name"] for tool in talk.answer()["result"]["tools"]]


def edit(talk: Talk, hidden: set[str]) -> list[Any]:
    """Have a policy edited; what the client hears of it."""
    talk.heard()
    talk.room.around.hidden = hidden
    talk.session.tell_of_hidden()
    heard = talk.heard()
    assert all(number is None for number, _ in heard)
    return [message for _, message in heard]


def listen(talk: Talk, request_id: Any, *, wants: Any = True, agrees: Any = True) -> None:
    talk.client(request(request_id, "subscriptions/listen", notifications={"toolsListChanged": wants}))
    agreed = {"_meta": {ID_KEY: request_id}, "notifications": {"toolsListChanged": agrees}}
    talk.server(notification("notifications/subscriptions/acknowledged", **agreed))


# -- with a handshake --------------------------------------------------------------------------------------------------


def test_a_client_hears_once_that_an_edit_hides_other_tools(talk) -> None:
    shake_hands(talk, tools={"listChanged": True})
    assert list_tools(talk) == ["read", "write"]
    assert edit(talk, {"write"}) == [{"jsonrpc": "2.0", "method": CHANGED}]
    assert edit(talk, {"write"}) == []
    assert list_tools(talk) == ["read"]
    assert edit(talk, set()) == [{"jsonrpc": "2.0", "method": CHANGED}]


def test_an_edit_that_hides_what_the_server_does_not_have_is_not_told(talk) -> None:
    shake_hands(talk, tools={"listChanged": True})
    list_tools(talk)
    assert edit(talk, {"delete"}) == []


def test_a_client_that_never_listed_tools_hears_nothing(talk) -> None:
    shake_hands(talk, tools={"listChanged": True})
    assert edit(talk, {"write"}) == []


def test_of_several_pages_every_tool_counts_and_of_a_new_list_only_its_own(talk) -> None:
    shake_hands(talk, tools={"listChanged": True})
    list_tools(talk, TOOLS[:1])
    list_tools(talk, TOOLS[1:], cursor="2")
    assert len(edit(talk, {"read"})) == 1
    assert len(edit(talk, {"write"})) == 1
    list_tools(talk, TOOLS[:1])
    assert edit(talk, set()) == []


@pytest.mark.parametrize(
    "capabilities",
    [{}, {"tools": {}}, {"tools": {"listChanged": False}}, {"tools": 1}, {"prompts": {"listChanged": 1}}],
)
def test_where_the_server_declared_no_such_notification_there_is_none(talk, capabilities) -> None:
    shake_hands(talk, **capabilities)
    list_tools(talk)
    assert edit(talk, {"write"}) == []


def test_a_handshake_that_failed_declared_nothing(talk) -> None:
    talk.client(request(0, "initialize"), request(1, "ping"))
    talk.server(failure(0), result(1, capabilities={"tools": {"listChanged": True}}))
    list_tools(talk)
    assert edit(talk, {"write"}) == []


def test_what_cannot_be_read_declares_nothing_and_passes(talk) -> None:
    talk.client(request(0, "initialize"))
    line = b'{"jsonrpc":"2.0","id":0,"result":{"capabilities":{"tools":{"listChanged":true}},"n":' + b"9" * 5000 + b"}}"
    sent: list[bytes] = []
    talk.to_client = lambda number, message: sent.append(message)
    talk.server(line)
    assert sent == [line]
    assert not talk.session.tool_lists.is_declared


# -- without one -------------------------------------------------------------------------------------------------------


def test_each_stream_on_which_the_server_agreed_to_it_hears(talk) -> None:
    listen(talk, 1)
    listen(talk, "two")
    listen(talk, 3, wants=False, agrees=None)
    list_tools(talk)
    expected = [notification(CHANGED, _meta={ID_KEY: stream}) for stream in (1, "two")]
    assert edit(talk, {"write"}) == expected


def test_a_stream_that_ended_or_was_cancelled_hears_nothing(talk) -> None:
    listen(talk, 1)
    listen(talk, 2)
    listen(talk, 3)
    list_tools(talk)
    talk.server(result(1))
    talk.client(notification("notifications/cancelled", requestId=2))
    talk.session.request_ended(3, b"")
    assert edit(talk, {"write"}) == []


def test_without_a_server_no_stream_hears(talk) -> None:
    listen(talk, 1)
    list_tools(talk)
    talk.session.server_gone("The server has ended.")
    assert edit(talk, {"write"}) == []


@pytest.mark.parametrize(
    "params", [{}, {"_meta": 1}, {"_meta": {ID_KEY: []}}, {"_meta": {ID_KEY: 7}}, {"_meta": {ID_KEY: 1}}]
)
def test_an_acknowledgement_of_another_shape_agrees_to_nothing(talk, params) -> None:
    talk.client(request(1, "subscriptions/listen", notifications={"toolsListChanged": True}))
    talk.server(notification("notifications/subscriptions/acknowledged", **params))
    list_tools(talk)
    assert edit(talk, {"write"}) == []


def test_of_very_many_streams_some_hear_nothing_of_policies(talk) -> None:
    for number in range(MOST_LISTENING + 1):
        listen(talk, f"stream {number}")
    list_tools(talk)
    assert len(edit(talk, {"write"})) == MOST_LISTENING


def test_a_line_that_says_acknowledged_and_cannot_be_read_passes(talk) -> None:
    listen(talk, 1)
    sent: list[bytes] = []
    talk.to_client = lambda number, message: sent.append(message)
    line = json.dumps(notification("notifications/message", data="acknowledged", n=0)).encode()
    talk.server(line.replace(b'"n": 0', b'"n": ' + b"9" * 5000))
    assert len(sent) == 1
