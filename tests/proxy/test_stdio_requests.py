"""Stateless HTTP requests before the one stdio server that they share, as HTTP has them and below it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio
import mcp_types as types
import pytest
from front_room import SECONDS, until
from hypothesis import given, settings
from hypothesis import strategies as st
from mcp.shared.exceptions import MCPError
from mcp.shared.subscriptions import SUBSCRIPTION_ID_META_KEY
from stdio_room import Puppets, Web
from talk import failure, notification, request, result

from approver.proxy import stdio_requests as module
from approver.proxy.stdio_messages import UpstreamGone
from approver.proxy.stdio_requests import SharedUpstream, StatelessRequests

pytestmark = pytest.mark.anyio

META = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": {},
    "io.modelcontextprotocol/clientInfo": {"name": "Inspector", "version": "1"},
}
REGION = {"type": "object", "properties": {"region": {"type": "string", "x-mcp-header": "Region"}}}


class Below:
    """What is below HTTP: the server that requests share, and who waits for an answer."""

    def __init__(self, group: Any, puppets: Puppets) -> None:
        self.shared = SharedUpstream(puppets.connect, group)
        self.puppets = puppets
        self.told: list[tuple[str, Any]] = []

    async def request(self, params: Any = None, client_id: Any = 1, method: str = "tools/call") -> Any:
        async with asyncio.timeout(SECONDS):
            return await self.shared.request(method, params, client_id, self.notify)

    def start(self, *args: Any, **options: Any) -> "asyncio.Task[Any]":
        return asyncio.get_running_loop().create_task(self.request(*args, **options))

    async def notify(self, method: str, params: Any) -> None:
        self.told.append((method, params))


@asynccontextmanager
async def below() -> AsyncIterator[Below]:
    async with anyio.create_task_group() as group:
        yield Below(group, Puppets())
        group.cancel_scope.cancel()


@asynccontextmanager
async def above() -> AsyncIterator[tuple[Web, Puppets]]:
    puppets = Puppets()
    async with anyio.create_task_group() as group:
        requests = StatelessRequests(SharedUpstream(puppets.connect, group))

        async def handle(scope: Any, receive: Any, send: Any, message: Any) -> None:
            await requests.handle(scope, receive, send)

        async with asyncio.timeout(SECONDS), requests.manager.run(), asyncio.TaskGroup() as served:
            yield Web(handle, served), puppets
        group.cancel_scope.cancel()


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


# -- below HTTP: the shared server -------------------------------------------------------------------------------------


async def test_the_first_request_starts_the_server_and_all_share_it() -> None:
    async with below() as room:
        assert room.puppets.all == []
        asked = [room.start({"n": number}) for number in range(3)]
        puppet = await room.puppets.number(1)
        heard = [await puppet.heard() for _ in asked]
        assert len({one["id"] for one in heard}) == 3
        puppet.say(*(result(one["id"], n=one["params"]["n"]) for one in reversed(heard)))
        assert await asyncio.gather(*asked) == [{"n": 0}, {"n": 1}, {"n": 2}]
        assert (len(room.puppets.all), puppet.session) == (1, "")


async def test_a_request_without_params_has_none_at_the_server_either() -> None:
    async with below() as room:
        asked = room.start(None, method="ping")
        puppet = await room.puppets.number(1)
        heard = await puppet.heard()
        assert "params" not in heard
        puppet.say(result(heard["id"]))
        assert await asked == {}


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(st.integers(0, 2) | st.sampled_from("01"), st.none() | st.sampled_from([0, "0", "t"])), max_size=5
    ),
    st.randoms(use_true_random=False),
)
def test_whatever_ids_and_tokens_clients_use_each_gets_its_own_answer_and_progress(clients: Any, order: Any) -> None:
    async def conversation() -> None:
        async with below() as room:
            heard_by: list[list[Any]] = [[] for _ in clients]

            async def call(number: int, client_id: Any, token: Any) -> Any:
                async def notify(method: str, params: Any) -> None:
                    heard_by[number].append(params)

                meta = {"kept": number} | ({} if token is None else {"progressToken": token})
                params = {"number": number, "_meta": meta}
                return await room.shared.request("tools/call", params, client_id, notify)

            async with asyncio.timeout(SECONDS), asyncio.TaskGroup() as group:
                calls = [group.create_task(call(number, *client)) for number, client in enumerate(clients)]
                if not clients:
                    return
                puppet = await room.puppets.number(1)
                heard = [await puppet.heard() for _ in clients]
                order.shuffle(heard)
                for one in heard:
                    assert one["params"]["_meta"]["kept"] == one["params"]["number"]
                    if "progressToken" in one["params"]["_meta"]:
                        token = one["params"]["_meta"]["progressToken"]
                        puppet.say(
                            notification(
                                "notifications/progress", progressToken=token, progress=one["params"]["number"]
                            )
                        )
                puppet.say(*(result(one["id"], number=one["params"]["number"]) for one in heard))
            for number, (_, token) in enumerate(clients):
                assert calls[number].result() == {"number": number}
                expected = [] if token is None else [{"progressToken": token, "progress": number}]
                assert heard_by[number] == expected

    anyio.run(conversation)


async def test_the_servers_error_reaches_the_client_whole() -> None:
    async with below() as room:
        asked = room.start()
        puppet = await room.puppets.number(1)
        puppet.say(failure((await puppet.heard())["id"], -32021, "no"))
        with pytest.raises(MCPError, match="^no$") as caught:
            await asked
        assert caught.value.error.code == -32021


async def test_a_client_that_leaves_cancels_its_request_and_only_its_own() -> None:
    async with below() as room:
        leaves, stays = room.start(client_id=1), room.start(client_id=1)
        puppet = await room.puppets.number(1)
        first, second = await puppet.heard(), await puppet.heard()
        leaves.cancel()
        cancelled = await puppet.heard()
        assert (cancelled["method"], cancelled["params"]["requestId"]) == ("notifications/cancelled", first["id"])
        puppet.say(result(first["id"], late=True), result(second["id"], mine=True))
        assert await stays == {"mine": True}
        assert leaves.cancelled()


async def test_a_client_that_leaves_after_the_server_ended_cancels_nothing() -> None:
    async with below() as room:
        leaves = room.start()
        puppet = await room.puppets.number(1)
        await puppet.heard()
        puppet.ending = "The server has ended."
        leaves.cancel()
        await asyncio.wait([leaves])
        assert leaves.cancelled()
        assert not puppet.has_more


async def test_a_server_may_not_ask_a_client_that_stands_alone() -> None:
    async with below() as room:
        asked = room.start()
        puppet = await room.puppets.number(1)
        call = await puppet.heard()
        puppet.say(request("q", "elicitation/create"))
        refused = await puppet.heard()
        assert (refused["id"], refused["error"]["code"]) == ("q", types.INVALID_REQUEST)
        puppet.say(result(call["id"]))
        await asked


async def test_what_the_server_says_to_nobody_goes_nowhere_and_harms_nothing() -> None:
    async with below() as room:
        asked = room.start({"_meta": {"progressToken": "t"}})
        puppet = await room.puppets.number(1)
        call = await puppet.heard()
        puppet.say(
            result("no-such-request"),
            failure(None),
            notification("notifications/progress", progressToken="no-such-token"),
            notification("notifications/progress", progressToken=["no", "token"]),
            notification("notifications/tools/list_changed", _meta={SUBSCRIPTION_ID_META_KEY: {}}),
            notification("notifications/message", data="nobody wants logs"),
            result(call["id"], fine=True),
        )
        assert await asked == {"fine": True}
        assert room.told == []


async def test_a_server_that_ends_fails_its_calls_with_the_reason_and_the_next_starts_it_again() -> None:
    async with below() as room:
        asked = room.start()
        puppet = await room.puppets.number(1)
        await puppet.heard()
        puppet.end("The disk is full.")
        with pytest.raises(MCPError, match="The disk is full") as caught:
            await asked
        assert caught.value.error.code == types.CONNECTION_CLOSED
        again = room.start()
        second = await room.puppets.number(2)
        second.say(result((await second.heard())["id"], again=True))
        assert await again == {"again": True}


async def test_a_server_that_ends_as_soon_as_it_is_started_fails_that_call_only() -> None:
    async with below() as room:
        room.puppets.end_at_once = True
        with pytest.raises(MCPError, match="It ended at once"):
            await room.request()
        room.puppets.end_at_once = False
        asked = room.start()
        second = await room.puppets.number(2)
        second.say(result((await second.heard())["id"]))
        assert await asked == {}


async def test_a_server_that_ends_at_once_but_takes_messages_leaves_no_call_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with below() as room:
        room.puppets.end_at_once = True

        async def takes_anything(self: Any, message: Any) -> None:
            pass

        monkeypatch.setattr("stdio_room.Puppet.send", takes_anything)
        with pytest.raises(MCPError, match="It ended at once"):
            await room.request()


async def test_a_server_that_does_not_start_fails_the_call_and_is_tried_again() -> None:
    async with below() as room:
        room.puppets.fault = UpstreamGone("There is no such program.")
        with pytest.raises(MCPError, match="There is no such program"):
            await room.request()
        room.puppets.fault = None
        asked = room.start()
        puppet = await room.puppets.number(1)
        puppet.say(result((await puppet.heard())["id"]))
        assert await asked == {}


async def test_a_server_whose_end_breaks_ends_nobody_elses_conversation(caplog: pytest.LogCaptureFixture) -> None:
    async with below() as room:
        room.puppets.last_fault = RuntimeError("its end failed")
        asked = room.start()
        puppet = await room.puppets.number(1)
        await puppet.heard()
        puppet.end()
        with pytest.raises(MCPError):
            await asked
        await until(lambda: "a server that requests share broke" in caplog.text)


async def test_a_server_that_ends_while_it_is_refused_something_is_over() -> None:
    async with below() as room:
        asked = room.start()
        puppet = await room.puppets.number(1)
        await puppet.heard()
        puppet.say(request("q", "roots/list"))
        puppet.ending = "It ended while it was answered."
        with pytest.raises(MCPError, match="It ended while it was answered"):
            await asked
        await until(lambda: puppet.has_stopped)


async def test_a_client_that_does_not_read_is_given_up_and_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_UNREAD", 2)
    async with below() as room:
        reads = asyncio.Event()

        async def slow(method: str, params: Any) -> None:
            await reads.wait()

        call = {"_meta": {"progressToken": "t"}}
        stuck = asyncio.get_running_loop().create_task(room.shared.request("tools/call", call, 1, slow))
        puppet = await room.puppets.number(1)
        token = (await puppet.heard())["params"]["_meta"]["progressToken"]
        puppet.say(*(notification("notifications/progress", progressToken=token, progress=n) for n in range(6)))
        other = room.start()
        puppet.say(result((await puppet.heard())["id"], mine=True))
        assert await other == {"mine": True}
        reads.set()
        with pytest.raises(MCPError, match="did not read"):
            await stuck


async def test_an_idle_server_is_ended_a_busy_one_is_not_and_the_next_request_gets_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with below() as room:
        asked = room.start()
        puppet = await room.puppets.number(1)
        call = await puppet.heard()
        monkeypatch.setattr(module, "IDLE_SECONDS", 0.0)
        assert not puppet.has_stopped
        puppet.say(result(call["id"]))
        await asked
        monkeypatch.undo()
        again = room.start()  # as soon as the time of the first one is over
        second = await room.puppets.number(2)
        second.say(result((await second.heard())["id"], again=True))
        assert await again == {"again": True}
        await until(lambda: puppet.has_stopped)
        assert not second.has_stopped


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
