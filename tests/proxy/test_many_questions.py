"""Requests that concern many servers: the handshake, lists, the log level, and servers that are late."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from front_room import until
from many_room import ManyRoom
from talk import notification, request

from approver.proxy import many_questions

pytestmark = pytest.mark.anyio


@pytest.fixture
async def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[ManyRoom]:
    room = ManyRoom(tmp_path, monkeypatch, "a", "b")
    yield room
    await room.many.stop()


def names(answer: Any) -> list[str]:
    return [tool["name"] for tool in answer["result"]["tools"]]


async def test_each_server_gets_its_own_handshake_with_the_clients_words(room: ManyRoom) -> None:
    greeting = await room.greet(clientInfo={"name": "Claude"})
    assert greeting["protocolVersion"] == "2025-11-25"
    assert greeting["capabilities"]["resources"] == {"subscribe": True, "listChanged": True}
    assert greeting["instructions"] == "# a\n\nHi.\n\n# b\n\nHi."
    for server in room.servers.values():
        assert server.asked("initialize")[0]["params"]["clientInfo"] == {"name": "Claude"}
        assert len(server.asked("notifications/initialized")) == 1


async def test_a_server_that_does_not_start_is_left_out_and_announced_when_it_comes(room: ManyRoom) -> None:
    room.servers["a"].refuses_to_start = "There is no such command."
    await room.greet()
    assert names(await room.ask(1, "tools/list")) == ["b__read", "b__secret"]
    room.servers["a"].refuses_to_start = ""
    room.many.behind["a"].retry_now()
    await until(lambda: room.told("notifications/tools/list_changed"))
    assert names(await room.ask(2, "tools/list"))[0] == "a__read"
    assert room.servers["a"].asked("notifications/initialized")


async def test_a_server_that_is_slow_is_not_waited_for_and_announced_when_it_comes(
    room: ManyRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(many_questions, "JOIN_SECONDS", 0.05)
    room.servers["a"].may_start.clear()
    await room.greet()
    await room.ask(1, "logging/setLevel", level="info")
    room.servers["a"].may_start.set()
    await until(lambda: room.told("notifications/tools/list_changed"))
    assert len(names(await room.ask(2, "tools/list"))) == 4
    assert room.servers["a"].asked("logging/setLevel")[0]["params"] == {"level": "info"}


async def test_the_time_that_the_login_shell_takes_is_not_the_servers(
    room: ManyRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(many_questions, "JOIN_SECONDS", 0.2)
    told = asyncio.Event()

    async def environment(_: object) -> dict[str, str]:
        await told.wait()
        return {}

    monkeypatch.setattr(room, "launch_environment", environment)
    room.many.start()
    number = room.client(request(0, "initialize", protocolVersion="2025-06-18", capabilities={}))
    asyncio.get_running_loop().call_later(0.3, told.set)
    assert "result" in await room.settled(number)
    assert len(names(await room.ask(1, "tools/list"))) == 4


async def test_a_server_that_refuses_the_handshake_is_left_out(
    room: ManyRoom, caplog: pytest.LogCaptureFixture
) -> None:
    room.servers["a"].on["initialize"] = lambda *_: {"error": {"code": -1, "message": "go away"}}
    await room.greet()
    assert names(await room.ask(1, "tools/list")) == ["b__read", "b__secret"]
    assert "a is left out for now: its handshake failed" in caplog.text and "go away" in caplog.text


async def test_what_a_hasty_client_asks_waits_for_the_handshake(room: ManyRoom) -> None:
    room.many.start()
    room.servers["a"].may_start.clear()
    numbers = [
        room.client(message)
        for message in (
            request(1, "initialize", protocolVersion="2025-11-25", capabilities={}),
            notification("notifications/initialized"),
            request(2, "tools/list"),
            request(3, "tools/call", name="a__read"),
        )
    ]
    room.servers["a"].may_start.set()
    listed, called = await room.settled(numbers[2]), await room.settled(numbers[3])
    assert len(names(listed)) == 4
    assert called is not None and called["result"]["by"] == "a"
    told = [message["method"] for message in room.servers["a"].told]
    assert told[:2] == ["initialize", "notifications/initialized"]


async def test_a_handshake_that_is_cancelled_before_it_began_holds_nothing_up(room: ManyRoom) -> None:
    room.many.start()
    room.client(request(1, "initialize", protocolVersion="2025-11-25", capabilities={}))
    room.client(notification("notifications/cancelled", requestId=1))
    assert len(names(await room.ask(2, "tools/list"))) == 4
    assert len((await room.ask(1, "tools/list"))["result"]["tools"]) == 4


async def test_every_page_is_fetched_and_there_is_no_further_one(
    room: ManyRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    def page(_: Any, message: Any) -> Any:
        number = int(message["params"].get("cursor", "0"))
        return {"result": {"tools": [{"name": f"t{number}"}], "nextCursor": str(number + 1)}}

    monkeypatch.setattr(many_questions, "MOST_PAGES", 3)
    room.servers["a"].on["tools/list"] = page
    await room.greet()
    found = await room.ask(1, "tools/list", _meta={"progressToken": "t", "x": 1})
    assert names(found) == ["a__t0", "a__t1", "a__t2", "b__read", "b__secret"]
    assert "nextCursor" not in found["result"]
    assert room.servers["a"].asked("tools/list")[1]["params"] == {"cursor": "1", "_meta": {"x": 1}}
    assert (await room.ask(2, "tools/list", cursor="1"))["error"]["code"] == -32602


async def test_a_list_does_not_wait_for_a_server_that_hangs_and_takes_its_question_back(
    room: ManyRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(many_questions, "LIST_SECONDS", 0.05)
    room.servers["a"].on["tools/list"] = lambda *_: None
    await room.greet()
    assert names(await room.ask(1, "tools/list")) == ["b__read", "b__secret"]
    await until(lambda: room.servers["a"].asked("notifications/cancelled"))


async def test_a_list_that_the_client_cancels_is_taken_back(room: ManyRoom) -> None:
    room.servers["a"].on["tools/list"] = lambda *_: None
    await room.greet()
    number = room.client(request(1, "tools/list"))
    await until(lambda: room.servers["a"].asked("tools/list"))
    room.client(notification("notifications/cancelled", requestId=1))
    assert await room.settled(number) is None
    await until(lambda: room.servers["a"].asked("notifications/cancelled"))


async def test_lists_are_asked_only_of_servers_that_have_some(room: ManyRoom) -> None:
    room.servers["a"].capabilities = {"tools": {}}
    await room.greet()
    assert (await room.ask(1, "prompts/list"))["result"] == {"prompts": []}
    assert room.servers["a"].asked("prompts/list") == [] != room.servers["b"].asked("prompts/list")


async def test_a_log_level_that_all_refuse_is_refused(room: ManyRoom) -> None:
    for server in room.servers.values():
        server.on["logging/setLevel"] = lambda *_: {"error": {"code": -32602, "message": "no such level"}}
    await room.greet()
    assert (await room.ask(1, "logging/setLevel", level="x"))["error"]["message"] == "no such level"


# -- the era without handshake -----------------------------------------------------------------------------------------


def discovered(*_: Any) -> Any:
    return {"result": {"supportedVersions": ["2026-07-28"], "capabilities": {"tools": {}}, "resultType": "complete"}}


async def test_requests_without_a_handshake_are_served(room: ManyRoom) -> None:
    for server in room.servers.values():
        server.on["server/discover"] = discovered
    room.many.start()
    assert len(names(await room.ask(1, "tools/list"))) == 4
    found = (await room.ask(2, "server/discover"))["result"]
    assert found["supportedVersions"] == ["2026-07-28"] and found["resultType"] == "complete"
    assert len(names(await room.ask(3, "tools/list"))) == 4


async def test_a_list_of_nothing_says_what_a_list_must_say_where_there_is_no_handshake(room: ManyRoom) -> None:
    room.many.start()
    alone = {"io.modelcontextprotocol/protocolVersion": "2026-07-28"}
    empty = {"prompts": [], "resultType": "complete", "ttlMs": 0, "cacheScope": "private"}
    assert (await room.ask(1, "prompts/list", _meta=alone))["result"] == empty
    room.servers["a"].on["prompts/list"] = lambda *_: {"result": {**empty, "ttlMs": 7, "cacheScope": "public"}}
    assert (await room.ask(2, "prompts/list", _meta=alone))["result"] == {**empty, "ttlMs": 7, "cacheScope": "public"}


async def test_a_client_is_asked_for_a_handshake_if_one_server_needs_it(room: ManyRoom) -> None:
    room.servers["a"].on["server/discover"] = discovered
    room.servers["b"].on["server/discover"] = lambda *_: {"error": {"code": -32601, "message": "Method not found"}}
    room.many.start()
    assert (await room.ask(1, "server/discover"))["error"]["code"] == -32601
    await room.greet_again()
    assert [server.starts for server in room.servers.values()] == [2, 2]
    assert len(names(await room.ask(2, "tools/list"))) == 4


async def test_a_server_that_is_not_there_does_not_keep_the_others_from_being_discovered(room: ManyRoom) -> None:
    room.servers["a"].on["server/discover"] = discovered
    room.servers["b"].refuses_to_start = "No."
    room.many.start()
    assert (await room.ask(1, "server/discover"))["result"]["supportedVersions"] == ["2026-07-28"]


@pytest.mark.parametrize("answer", [{"error": {"code": -32601, "message": "no"}}, {"result": {}}])
async def test_a_server_that_is_not_there_does_not_hide_that_another_needs_a_handshake(
    room: ManyRoom, answer: Any
) -> None:
    room.servers["a"].refuses_to_start = "No."
    room.servers["b"].on["server/discover"] = lambda *_: answer
    room.many.start()
    assert (await room.ask(1, "server/discover"))["error"]["code"] == -32601


async def test_servers_without_a_common_revision_ask_for_a_handshake(room: ManyRoom) -> None:
    for server in room.servers.values():
        server.on["server/discover"] = lambda *_: {"result": {"supportedVersions": []}}
    room.many.start()
    assert "no revision in common" in (await room.ask(1, "server/discover"))["error"]["message"]


async def test_a_fault_of_our_own_is_told_and_not_more(room: ManyRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    def fault(*_: Any) -> Any:
        raise RuntimeError("a fault")

    await room.greet()
    monkeypatch.setattr(many_questions, "merged_list", fault)
    assert (await room.ask(1, "tools/list"))["error"]["message"] == "Approver failed at this request."
    await asyncio.sleep(0)
