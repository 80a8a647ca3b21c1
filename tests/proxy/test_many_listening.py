"""`subscriptions/listen` before many servers: one request, one acknowledgement, one end."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from front_room import until
from many_room import ManyRoom
from talk import failure, notification, request
from talk import result as answer_to

from approver.proxy import many_listening

pytestmark = pytest.mark.anyio

KEY = "io.modelcontextprotocol/subscriptionId"
ACKNOWLEDGED = "notifications/subscriptions/acknowledged"


@pytest.fixture
async def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[ManyRoom]:
    room = ManyRoom(tmp_path, monkeypatch, "a", "b")
    for server in room.servers.values():
        server.lists["resources/list"] = [{"uri": f"{server.name}://1", "name": "n"}, {"uri": "x://1", "name": "n"}]
        server.on["subscriptions/listen"] = lambda *_: None
    room.many.start()
    await room.ask("list", "resources/list")
    yield room
    await room.many.stop()


def listen(*uris: str) -> Any:
    wanted: dict[str, Any] = {"toolsListChanged": True} | ({"resourceSubscriptions": list(uris)} if uris else {})
    return request(7, "subscriptions/listen", notifications=wanted)


def acknowledge(room: ManyRoom, name: str, **agreed: Any) -> None:
    room.servers[name].say(notification(ACKNOWLEDGED, _meta={KEY: 7}, notifications=agreed))


async def test_the_client_gets_one_acknowledgement_of_all_that_was_agreed(room: ManyRoom) -> None:
    room.client(listen("a://1", "x://1", "approver://b/x://1"))
    wanted = [server.asked("subscriptions/listen")[0]["params"]["notifications"] for server in room.servers.values()]
    assert [one["resourceSubscriptions"] for one in wanted] == [["a://1", "x://1"], ["x://1"]]
    acknowledge(room, "a", resourceSubscriptions=["a://1", "x://1"])
    assert room.told(ACKNOWLEDGED) == []
    acknowledge(room, "b", toolsListChanged=True, resourceSubscriptions=["x://1"])
    (told,) = room.told(ACKNOWLEDGED)
    assert told["params"]["_meta"] == {KEY: 7}
    assert told["params"]["notifications"] == {
        "resourceSubscriptions": ["a://1", "x://1", "approver://b/x://1"],
        "toolsListChanged": True,
    }
    room.servers["b"].say(notification("notifications/tools/list_changed", _meta={KEY: 7}))
    assert room.told("notifications/tools/list_changed")[0]["params"]["_meta"] == {KEY: 7}


async def test_it_ends_with_the_last_server(room: ManyRoom) -> None:
    number = room.client(listen())
    acknowledge(room, "a", toolsListChanged=True)
    room.servers["b"].say(failure(7))
    assert len(room.told(ACKNOWLEDGED)) == 1
    assert all(found != number for found, _ in room.heard)
    room.servers["a"].say(answer_to(7, _meta={KEY: 7}))
    assert await room.settled(number) == answer_to(7, _meta={KEY: 7})


async def test_a_client_that_listens_no_more_is_told_to_all(room: ManyRoom) -> None:
    room.client(listen())
    again = await room.settled(room.client(listen()))
    assert again is not None and "still in flight" in again["error"]["message"]
    room.client(notification("notifications/cancelled", requestId=7))
    assert all(server.asked("notifications/cancelled") for server in room.servers.values())
    acknowledge(room, "a", toolsListChanged=True)
    room.servers["b"].say(notification(ACKNOWLEDGED))
    assert room.told(ACKNOWLEDGED) == []


async def test_a_server_that_does_not_acknowledge_is_not_waited_for(
    room: ManyRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(many_listening, "ACKNOWLEDGE_SECONDS", 0.02)
    room.client(listen())
    acknowledge(room, "a", toolsListChanged=True)
    await until(lambda: room.told(ACKNOWLEDGED))


async def test_a_server_that_comes_back_is_listened_to_again(room: ManyRoom) -> None:
    room.client(listen())
    room.servers["a"].end()
    room.many.behind["a"].retry_now()
    await until(lambda: len(room.servers["a"].asked("subscriptions/listen")) == 2)
