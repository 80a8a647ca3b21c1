"""The one stdio server that stateless requests share: each has its own answer, and its end is told to all."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio
import mcp_types as types
import pytest
from front_room import SECONDS, until
from hypothesis import given, settings
from hypothesis import strategies as st
from stdio_room import Puppets
from talk import failure, notification, request, result

from approver.proxy import stdio_shared as module
from approver.proxy.stdio_messages import UpstreamGone
from approver.proxy.stdio_placing import SUBSCRIPTION_ID_META_KEY
from approver.proxy.stdio_shared import RequestFailed, SharedUpstream

pytestmark = pytest.mark.anyio


class Below:
    """What is below HTTP: the server that requests share, and who waits for an answer."""

    def __init__(self, puppets: Puppets) -> None:
        self.shared = SharedUpstream(puppets.connect)
        self.puppets = puppets
        self.told: list[tuple[str, Any]] = []

    async def request(self, params: Any = None, client_id: Any = 1, method: str = "tools/call") -> Any:
        async with asyncio.timeout(SECONDS):
            return json.loads(await self.shared.request(method, params, client_id, self.tell))

    def start(self, *args: Any, **options: Any) -> "asyncio.Task[Any]":
        return asyncio.get_running_loop().create_task(self.request(*args, **options))

    async def tell(self, line: bytes) -> None:
        message = json.loads(line)
        self.told.append((message["method"], message["params"]))


@asynccontextmanager
async def below() -> AsyncIterator[Below]:
    room = Below(Puppets())
    try:
        yield room
    finally:
        await room.shared.close()


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
                async def tell(line: bytes) -> None:
                    heard_by[number].append(json.loads(line)["params"])

                meta = {"kept": number} | ({} if token is None else {"progressToken": token})
                params = {"number": number, "_meta": meta}
                return json.loads(await room.shared.request("tools/call", params, client_id, tell))

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
        with pytest.raises(RequestFailed, match="^no$") as caught:
            await asked
        assert caught.value.code == -32021


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
        with pytest.raises(RequestFailed, match="The disk is full") as caught:
            await asked
        assert caught.value.code == types.CONNECTION_CLOSED
        again = room.start()
        second = await room.puppets.number(2)
        second.say(result((await second.heard())["id"], again=True))
        assert await again == {"again": True}


async def test_a_server_that_ends_as_soon_as_it_is_started_fails_that_call_only() -> None:
    async with below() as room:
        room.puppets.end_at_once = True
        with pytest.raises(RequestFailed, match="It ended at once"):
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
        with pytest.raises(RequestFailed, match="It ended at once"):
            await room.request()


async def test_a_server_that_does_not_start_fails_the_call_and_is_tried_again() -> None:
    async with below() as room:
        room.puppets.fault = UpstreamGone("There is no such program.")
        with pytest.raises(RequestFailed, match="There is no such program"):
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
        with pytest.raises(RequestFailed):
            await asked
        await until(lambda: "a server that requests share broke" in caplog.text)


async def test_a_server_that_ends_while_it_is_refused_something_is_over() -> None:
    async with below() as room:
        asked = room.start()
        puppet = await room.puppets.number(1)
        await puppet.heard()
        puppet.say(request("q", "roots/list"))
        puppet.ending = "It ended while it was answered."
        with pytest.raises(RequestFailed, match="It ended while it was answered"):
            await asked
        await until(lambda: puppet.has_stopped)


async def test_a_client_that_does_not_read_is_given_up_and_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_UNREAD", 2)
    async with below() as room:
        reads = asyncio.Event()

        async def slow(line: bytes) -> None:
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
        with pytest.raises(RequestFailed, match="did not read"):
            await stuck


async def test_an_idle_server_is_ended_a_busy_one_is_not_and_the_next_request_gets_another() -> None:
    async with below() as room:
        asked = room.start()
        puppet = await room.puppets.number(1)
        call = await puppet.heard()
        later = asyncio.get_running_loop().time() + module.IDLE_SECONDS + 1
        room.shared.tend(later)
        assert not puppet.has_stopped
        puppet.say(result(call["id"]))
        await asked
        room.shared.tend(later - module.IDLE_SECONDS)
        await asyncio.sleep(0)
        assert not puppet.has_stopped
        room.shared.tend(later + 1)
        again = room.start()  # as soon as the time of the first one is over
        second = await room.puppets.number(2)
        second.say(result((await second.heard())["id"], again=True))
        assert await again == {"again": True}
        await until(lambda: puppet.has_stopped)
        assert not second.has_stopped


async def test_a_result_passes_as_it_was_written_but_for_the_name_that_a_subscription_has() -> None:
    async with below() as room:
        asked = asyncio.get_running_loop().create_task(room.shared.request("x", {}, "mine", room.tell))
        puppet = await room.puppets.number(1)
        name = (await puppet.heard())["id"]
        puppet.say(b'{"jsonrpc":"2.0","id":"%b","result":{ "a" : 1.0 }}' % name.encode())
        assert await asked == b'{ "a" : 1.0 }'
        listening = room.start({}, "mine")
        name = (await puppet.heard())["id"]
        puppet.say(result(name, _meta={SUBSCRIPTION_ID_META_KEY: name}))
        assert await listening == {"_meta": {SUBSCRIPTION_ID_META_KEY: "mine"}}


async def test_an_error_without_a_shape_fails_the_request_all_the_same() -> None:
    async with below() as room:
        asked = room.start()
        puppet = await room.puppets.number(1)
        puppet.say(b"Listening!", {"jsonrpc": "2.0", "id": (await puppet.heard())["id"], "error": "oh"})
        with pytest.raises(RequestFailed) as caught:
            await asked
        assert (caught.value.code, caught.value.error) == (0, {})


async def test_a_connection_on_which_nothing_is_said_is_kept_open_after_a_while() -> None:
    async with below() as room:
        room.shared.tend(0.0)  # nothing runs
        told: list[bytes] = []

        async def tell(line: bytes) -> None:
            told.append(line)

        asked = asyncio.get_running_loop().create_task(room.shared.request("x", {}, 1, tell))
        puppet = await room.puppets.number(1)
        name = (await puppet.heard())["id"]
        room.shared.tend(0.0)
        await asyncio.sleep(0)
        assert told == []  # what is answered in time is plain JSON
        room.shared.tend(0.0)
        await until(lambda: told == [module.PING])
        puppet.say(result(name))
        await asked


async def test_when_it_is_closed_what_waits_is_told_and_another_close_has_nothing_to_do() -> None:
    async with below() as room:
        asked = room.start()
        puppet = await room.puppets.number(1)
        await puppet.heard()
        await room.shared.close()
        with pytest.raises(RequestFailed):
            await asked
        assert puppet.has_stopped
        await room.shared.close()
