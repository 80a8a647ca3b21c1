"""What a session's clients can read again, and how much of it is kept."""

import pytest
from mcp.server.streamable_http import EventMessage
from mcp_types import JSONRPCMessage, JSONRPCNotification

from approver.proxy.stdio_events import RecentEvents

pytestmark = pytest.mark.anyio


def told(text: str) -> JSONRPCMessage:
    return JSONRPCNotification(jsonrpc="2.0", method="notifications/message", params={"data": text, "none": None})


async def replayed(events: RecentEvents, after: str) -> tuple[str | None, list[JSONRPCMessage]]:
    found: list[JSONRPCMessage] = []

    async def take(event: EventMessage) -> None:
        found.append(event.message)

    return await events.replay_events_after(after, take), found


async def test_what_came_later_on_the_same_stream_is_sent_again() -> None:
    events = RecentEvents()
    opening = await events.store_event("1", None)
    await events.store_event("2", told("of another"))
    first = await events.store_event("1", told("first"))
    await events.store_event("1", told("second"))
    assert await replayed(events, opening) == ("1", [told("first"), told("second")])
    assert await replayed(events, first) == ("1", [told("second")])


async def test_an_event_that_is_not_kept_replays_nothing() -> None:
    assert await replayed(RecentEvents(), "7") == (None, [])


async def test_what_is_kept_is_bounded_in_bytes_and_the_oldest_goes_first() -> None:
    events = RecentEvents(most_bytes=10_000)
    first = await events.store_event("1", told("first"))
    for _ in range(100):
        last = await events.store_event("1", told("x" * 1000))
        assert events.size <= 10_000
    assert await replayed(events, first) == (None, [])
    assert await replayed(events, str(int(last) - 1)) == ("1", [told("x" * 1000)])


async def test_a_message_larger_than_all_that_is_kept_leaves_nothing_behind() -> None:
    events = RecentEvents(most_bytes=1000)
    await events.store_event("1", told("x" * 5000))
    assert events.size == 0
