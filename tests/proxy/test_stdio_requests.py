"""Stateless HTTP requests before the one stdio server that they share, as HTTP has them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import mcp_types as types
import pytest
from front_room import SECONDS
from mcp.shared.subscriptions import SUBSCRIPTION_ID_META_KEY
from stdio_room import Puppets, Visit, Web
from talk import failure, notification, request, result

from approver.proxy import stdio_requests as module
from approver.proxy.http_exchange import Exchange
from approver.proxy.stdio_requests import StatelessRequests
from approver.proxy.stdio_shared import SharedUpstream

pytestmark = pytest.mark.anyio

META = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": {},
    "io.modelcontextprotocol/clientInfo": {"name": "Inspector", "version": "1"},
}
REGION = {"type": "object", "properties": {"region": {"type": "string", "x-mcp-header": "Region"}}}


@asynccontextmanager
async def above() -> AsyncIterator[tuple[Web, Puppets]]:
    puppets = Puppets()
    shared = SharedUpstream(puppets.connect)
    requests = StatelessRequests(shared)
    async with asyncio.timeout(SECONDS), asyncio.TaskGroup() as served:
        try:
            yield Web(requests.handle, served), puppets
        finally:
            await shared.close()


def said(message: Any, **headers: str) -> dict[str, Any]:
    """The options of a request that says in its headers what its body says."""
    named = message["params"].get("name")
    mirrored = {"MCP-Protocol-Version": "2026-07-28", "Mcp-Method": message["method"]}
    return {"headers": mirrored | ({"Mcp-Name": named} if named else {}) | headers}


def asks(request_id: Any, method: str, /, **params: Any) -> Any:
    meta = META | params.pop("meta", {})
    return request(request_id, method, **params, _meta=meta)


def tool(name: str, schema: Any = REGION) -> Any:
    return {"name": name, "inputSchema": schema}


# -- the HTTP side -----------------------------------------------------------------------------------------------------


async def test_a_request_is_answered_in_json_under_the_clients_own_id() -> None:
    async with above() as (web, puppets):
        message = asks("mine", "prompts/list")
        visit = web.say(message, **said(message))
        puppet = await puppets.number(1)
        heard = await puppet.heard()
        assert (heard["method"], heard["params"]) == ("prompts/list", {"_meta": META})
        puppet.say(result(heard["id"], prompts=[]))
        answered = await visit.hear()
        assert answered.message["id"] == "mine"
        assert answered.message["result"]["prompts"] == []


async def test_what_is_told_meanwhile_comes_as_events_with_the_clients_own_token() -> None:
    async with above() as (web, puppets):
        message = asks(7, "tools/call", name="read", arguments={}, meta={"progressToken": "mine"})
        visit = web.say(message, **said(message))
        puppet = await puppets.number(1)
        schemas = await puppet.heard()
        assert schemas["method"] == "tools/list"
        puppet.say(result(schemas["id"], tools=[tool("read")]))
        call = await puppet.heard()
        token = call["params"]["_meta"]["progressToken"]
        puppet.say(notification("notifications/progress", progressToken=token, progress=0.5))
        assert (await visit.head()).headers["content-type"] == "text/event-stream"
        told = await visit.event()
        assert told["params"] == {"progressToken": "mine", "progress": 0.5}
        puppet.say(result(call["id"], content=[]))
        assert (await visit.hear_rest())[-1]["id"] == 7


async def test_a_client_that_hangs_up_cancels_at_the_server() -> None:
    async with above() as (web, puppets):
        message = asks(1, "resources/read", uri="a:b")
        visit = web.say(message, **said(message, **{"Mcp-Name": "a:b"}))
        puppet = await puppets.number(1)
        call = await puppet.heard()
        visit.hang_up()
        assert (await puppet.heard())["params"]["requestId"] == call["id"]


async def test_a_notification_is_taken_and_goes_nowhere() -> None:
    async with above() as (web, puppets):
        message = notification("notifications/cancelled", requestId=1)
        assert (await web.ask(message, **said(message))).status == 202
        assert puppets.all == []


async def test_initialize_is_not_of_this_wire() -> None:
    async with above() as (web, puppets):
        message = asks(1, "initialize", protocolVersion="2026-07-28")
        heard = await web.ask(message, **said(message))
        assert heard.message["error"]["code"] == types.METHOD_NOT_FOUND
        assert puppets.all == []


@pytest.mark.parametrize("method", module.TASK_METHODS)
async def test_a_task_is_named_in_the_header_as_in_the_body(method: str) -> None:
    async with above() as (web, puppets):
        message = asks(1, method, taskId="t-1")
        for headers in ({}, {"Mcp-Name": "t-2"}):
            refused = await web.ask(message, **said(message, **headers))
            assert (refused.status, refused.message["error"]["code"]) == (400, types.HEADER_MISMATCH)
        assert puppets.all == []
        visit = web.say(message, **said(message, **{"Mcp-Name": "t-1"}))
        puppet = await puppets.number(1)
        puppet.say(result((await puppet.heard())["id"], taskId="t-1"))
        assert (await visit.hear()).message["result"]["taskId"] == "t-1"


# -- headers that repeat an argument -----------------------------------------------------------------------------------


def call_in(region: str, request_id: Any = 1) -> Any:
    return asks(request_id, "tools/call", name="read", arguments={"region": region})


async def test_a_header_that_repeats_an_argument_is_checked_from_the_first_call_on() -> None:
    async with above() as (web, puppets):
        message = call_in("eu")
        visit = web.say(message, **said(message, **{"Mcp-Param-Region": "us"}))
        puppet = await puppets.number(1)
        first = await puppet.heard()
        puppet.say(result(first["id"], tools=[tool("other"), "no tool", {"name": 7}], nextCursor="2"))
        second = await puppet.heard()
        assert (second["method"], second["params"]["cursor"]) == ("tools/list", "2")
        puppet.say(result(second["id"], tools=[tool("read")]))
        assert (await visit.hear()).status == 400
        assert not puppet.has_more
        fitting = web.say(message, **said(message, **{"Mcp-Param-Region": "eu"}))
        call = await puppet.heard()
        assert call["method"] == "tools/call"  # the tools are known now
        puppet.say(result(call["id"], content=[]))
        assert (await fitting.hear()).status == 200


async def test_a_list_that_a_client_asks_for_teaches_the_schemas_too() -> None:
    async with above() as (web, puppets):
        listing = asks(1, "tools/list")
        visit = web.say(listing, **said(listing))
        puppet = await puppets.number(1)
        puppet.say(result((await puppet.heard())["id"], tools=[tool("read")]))
        assert (await visit.hear()).status == 200
        message = call_in("eu")
        assert (await web.ask(message, **said(message))).status == 400
        assert not puppet.has_more


@pytest.mark.parametrize(
    "listed", [failure(0), result(0), result(0, tools=7), result(0, tools=[tool("read", 7)]), result(0, tools=[])]
)
async def test_a_call_goes_on_where_no_schema_can_be_had_and_the_tools_are_asked_for_once(listed: Any) -> None:
    async with above() as (web, puppets):
        message = call_in("eu")
        for number in range(2):
            visit = web.say(message, **said(message))
            puppet = await puppets.number(1)
            heard = await puppet.heard()
            if not number:
                assert heard["method"] == "tools/list"
                puppet.say({**listed, "id": heard["id"]})
                heard = await puppet.heard()
            assert heard["method"] == "tools/call"
            puppet.say(result(heard["id"], content=[]))
            assert (await visit.hear()).status == 200


async def called(web: Web, puppet: Any, name: str) -> bool:
    """Call a tool that is on no list; whether the server was asked for its list before."""
    message = asks(1, "tools/call", name=name, arguments={})
    visit = web.say(message, **said(message))
    heard = await puppet.heard()
    was_asked = heard["method"] == "tools/list"
    if was_asked:
        puppet.say(result(heard["id"], tools=[]))
        heard = await puppet.heard()
    puppet.say(result(heard["id"], content=[]))
    assert (await visit.hear()).status == 200
    return was_asked


async def test_however_many_names_are_called_few_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_UNKNOWN", 2)
    async with above() as (web, puppets):
        first = asks(0, "ping")
        visit = web.say(first, **said(first))
        puppet = await puppets.number(1)
        puppet.say(result((await puppet.heard())["id"]))
        await visit.hear()
        asked = [await called(web, puppet, name) for name in ("a", "b", "b", "c", "b", "a", "x" * 600)]
        assert asked == [True, True, False, True, False, True, False]


async def test_however_many_tools_are_listed_the_newest_schemas_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_TOOLS", 1)
    async with above() as (web, puppets):
        listing = asks(1, "tools/list")
        visit = web.say(listing, **said(listing))
        puppet = await puppets.number(1)
        puppet.say(result((await puppet.heard())["id"], tools=[tool("old"), tool("read")]))
        assert (await visit.hear()).status == 200
        message = call_in("eu")
        assert (await web.ask(message, **said(message))).status == 400
        assert await called(web, puppet, "old")


async def test_pages_without_end_do_not_hold_a_call_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_PAGES", 3)
    async with above() as (web, puppets):
        message = call_in("eu")
        visit = web.say(message, **said(message))
        puppet = await puppets.number(1)
        for _ in range(3):
            puppet.say(result((await puppet.heard())["id"], tools=[], nextCursor="more"))
        call = await puppet.heard()
        assert call["method"] == "tools/call"
        puppet.say(result(call["id"], content=[]))
        assert (await visit.hear()).status == 200


async def test_a_server_that_does_not_list_its_tools_in_time_is_called_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "SCHEMA_SECONDS", 0.01)
    async with above() as (web, puppets):
        message = call_in("eu")
        visit = web.say(message, **said(message))
        puppet = await puppets.number(1)
        assert [(await puppet.heard())["method"] for _ in range(2)] == ["tools/list", "notifications/cancelled"]
        puppet.say(result((await puppet.heard())["id"], content=[]))
        assert (await visit.hear()).status == 200


async def test_what_is_told_about_the_search_for_schemas_is_heard_by_nobody() -> None:
    async with above() as (web, puppets):
        message = call_in("eu")
        visit = web.say(message, **said(message))
        puppet = await puppets.number(1)
        listing = await puppet.heard()
        puppet.say(notification("notifications/other"), result(listing["id"], tools=[]))
        puppet.say(result((await puppet.heard())["id"], content=[]))
        assert (await visit.hear()).headers["content-type"] == "application/json"


async def test_after_the_tools_changed_their_schemas_are_asked_for_again() -> None:
    async with above() as (web, puppets):
        listen = asks("l", "subscriptions/listen", notifications={"toolsListChanged": True})
        listening = web.say(listen, **said(listen))
        puppet = await puppets.number(1)
        subscription = await puppet.heard()
        message = call_in("eu")
        for is_first in (True, False):
            refused = web.say(message, **said(message))
            listing = await puppet.heard()
            assert listing["method"] == "tools/list"
            puppet.say(result(listing["id"], tools=[tool("read")]))
            assert (await refused.hear()).status == 400
            meta = {SUBSCRIPTION_ID_META_KEY: subscription["id"]}
            puppet.say(notification("notifications/tools/list_changed", _meta=meta))
            if is_first:
                await listening.head()
            told = await listening.event()
            assert told["params"]["_meta"][SUBSCRIPTION_ID_META_KEY] == "l"
        listening.hang_up()
        assert (await puppet.heard())["method"] == "notifications/cancelled"


# -- what is not taken -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "headers", "message"),
    [
        (406, {"accept": "application/json"}, asks(1, "prompts/list")),
        (415, {"content-type": "text/plain"}, asks(1, "prompts/list")),
        (400, {}, {**asks(1, "prompts/list"), "id": 1.5}),
        (400, {"MCP-Protocol-Version": "v999.0.0"}, asks(1, "prompts/list")),
        (400, {"Mcp-Method": "tools/call"}, asks(1, "prompts/list")),
        (400, {"MCP-Protocol-Version": "v999.0.0"}, {**notification("notifications/x"), "params": {}}),
    ],
)
async def test_what_is_no_request_of_this_wire_is_refused_and_starts_no_server(
    status: int, headers: dict[str, str], message: Any
) -> None:
    async with above() as (web, puppets):
        assert (await web.ask(message, **said(message, **headers))).status == status
        assert puppets.all == []


async def test_only_post_is_of_this_wire() -> None:
    async with above() as (web, _):
        for method in ("GET", "DELETE"):
            heard = await web.ask(None, method, headers={"MCP-Protocol-Version": "2026-07-28"})
            assert (heard.status, heard.headers["allow"]) == (405, "POST")


async def test_a_header_that_says_two_things_is_refused() -> None:
    async with above() as (web, puppets):
        message = asks(1, "prompts/list")
        visit = web.say(message, **said(message))
        visit.scope["headers"].append((b"mcp-method", b"tools/call"))
        heard = await visit.hear()
        assert (heard.status, heard.message["error"]["code"]) == (400, types.HEADER_MISMATCH)
        assert "more than once" in heard.message["error"]["message"]
        assert puppets.all == []


async def test_a_version_that_is_not_known_is_told_with_those_that_are() -> None:
    async with above() as (web, _):
        message = asks(1, "prompts/list", meta={"io.modelcontextprotocol/protocolVersion": "v999"})
        heard = await web.ask(message, **said(message, **{"MCP-Protocol-Version": "v999"}))
        assert heard.message["error"]["data"] == {"supported": ["2026-07-28"], "requested": "v999"}


async def test_a_call_without_a_shape_is_left_to_whoever_judges_calls() -> None:
    async with above() as (web, puppets):
        message = request(1, "tools/call", name="read", arguments=[], _meta=META)
        visit = web.say(message, **said(message))
        puppet = await puppets.number(1)
        puppet.say(failure((await puppet.heard())["id"], -32602, "no"))
        assert (await visit.hear()).status == 400


async def test_a_request_whose_task_is_cancelled_from_without_is_not_taken_for_a_hang_up() -> None:
    puppets = Puppets()
    shared = SharedUpstream(puppets.connect)
    message = asks(1, "prompts/list")
    visit = Visit(message, "POST", said(message)["headers"])
    exchange = Exchange(visit.scope, visit.receive, visit.send)
    serving: Any = asyncio.ensure_future(StatelessRequests(shared).handle(exchange, message))
    await (await puppets.number(1)).heard()
    serving.cancel()
    await asyncio.wait([serving])
    assert serving.cancelled()
    await shared.close()
