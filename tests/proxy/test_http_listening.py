"""The stream of server messages: kept open, resumed, and left alone where there is none."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from scripted_mcp import ScriptedMcp
from upstream_line import line_to
from web_servers import EVENTS, Answer, Received, event, serving

pytestmark = pytest.mark.anyio
CHANGED = {"jsonrpc": "2.0", "method": "notifications/tools/list_changed"}
FOR_EVER = asyncio.Event


def streaming(*answers: Any) -> ScriptedMcp:
    """A server whose GETs are answered with these, one after another, and then with an open stream."""
    left = list(answers)

    def answer(request: Received) -> Any:
        if request.method != "GET":
            return None
        return left.pop(0) if left else Answer(200, EVENTS, [FOR_EVER()])

    return ScriptedMcp(answer)


def gets(script: ScriptedMcp) -> list[Received]:
    return [request for request in script.received if request.method == "GET"]


async def test_what_the_server_says_of_its_own_accord_reaches_the_client(tmp_path: Path) -> None:
    script = streaming(Answer(200, EVENTS, [event(CHANGED), FOR_EVER()]))
    async with serving(script) as server, line_to(server.url, tmp_path) as line:
        await line.shake_hands()
        await line.await_method("notifications/tools/list_changed")
    (request,) = gets(script)
    assert request.headers["mcp-session-id"] == "session-1"
    assert request.headers["mcp-protocol-version"] == "2025-11-25"
    assert request.headers["accept"] == "text/event-stream"


async def test_a_stream_that_ends_goes_on_after_its_last_event(tmp_path: Path) -> None:
    script = streaming(
        Answer(200, EVENTS, [event(CHANGED, id="7", retry=10)]),
        Answer(200, EVENTS, [event(CHANGED, id="8")], breaks=True),
        Answer(200, EVENTS, [event(CHANGED), FOR_EVER()]),
    )
    async with serving(script) as server, line_to(server.url, tmp_path) as line:
        await line.shake_hands()
        await line.await_method("notifications/tools/list_changed", count=3)
    assert [request.headers.get("last-event-id") for request in gets(script)] == [None, "7", "8"]


@pytest.mark.parametrize(
    "refusal",
    [Answer(405), Answer(404), Answer(400), Answer(401), Answer(200, {"content-type": "text/html"}), Answer(501)],
    ids=lambda answer: str(answer.status),
)
async def test_a_server_without_such_a_stream_is_left_alone(tmp_path: Path, refusal: Answer) -> None:
    script = streaming(*[refusal] * 20)
    async with serving(script) as server, line_to(server.url, tmp_path) as line:
        await line.shake_hands()
        await line.until_quiet()
        assert (await line.ask("ping"))["result"] == {}
    assert len(gets(script)) == 1
    assert script.sessions == ["session-1"]


async def test_a_stream_that_never_comes_about_is_given_up(tmp_path: Path) -> None:
    script = streaming(*[Answer(500)] * 20)
    async with serving(script) as server, line_to(server.url, tmp_path) as line:
        await line.shake_hands()
        async with asyncio.timeout(10):
            while len(gets(script)) < 5:
                await line.ask("ping")
        await line.until_quiet()
    assert len(gets(script)) == 5


async def test_a_stream_that_the_server_takes_for_open_still_is_tried_again(tmp_path: Path) -> None:
    script = streaming(
        Answer(200, EVENTS, [event(CHANGED)]), *[Answer(409)] * 3, Answer(200, EVENTS, [event(CHANGED), FOR_EVER()])
    )
    async with serving(script) as server, line_to(server.url, tmp_path) as line:
        await line.shake_hands()
        await line.await_method("notifications/tools/list_changed", count=2)
    assert len(gets(script)) == 5


async def test_a_restart_is_noticed_by_the_stream_and_the_session_begun_again(tmp_path: Path) -> None:
    offers = {"tools": {"listChanged": True}}
    script = streaming(Answer(200, EVENTS, [event(CHANGED), FOR_EVER()]))
    script.capabilities = offers
    async with serving(script) as server, line_to(server.url, tmp_path) as line:
        await line.shake_hands()
        await line.await_method("notifications/tools/list_changed")
        await server.crash()
        script.forget()
        await server.start()
        await line.await_method("notifications/tools/list_changed", count=2)  # our own: they may have changed
        await line.ask("ping")
    assert script.sessions == ["session-1", "session-2"]
    assert script.posts("ping")[0].headers["mcp-session-id"] == "session-2"
    assert gets(script)[-1].headers["mcp-session-id"] == "session-2"


async def test_a_stream_that_is_refused_while_a_login_is_over_opens_after_the_next(tmp_path: Path) -> None:
    script = streaming(
        Answer(200, EVENTS, [event(CHANGED)]), *[Answer(401)] * 3, Answer(200, EVENTS, [event(CHANGED), FOR_EVER()])
    )
    async with serving(script) as server, line_to(server.url, tmp_path) as line:
        await line.shake_hands()
        await line.await_method("notifications/tools/list_changed", count=2)
    assert len(gets(script)) == 5


async def test_an_event_that_is_too_long_costs_the_stream_not_the_session(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("approver.proxy.event_stream.LONGEST_EVENT", 1000)
    script = streaming(
        Answer(200, EVENTS, [b"data: " + b"x" * 2000, FOR_EVER()]), Answer(200, EVENTS, [event(CHANGED), FOR_EVER()])
    )
    async with serving(script) as server, line_to(server.url, tmp_path) as line:
        await line.shake_hands()
        await line.await_method("notifications/tools/list_changed")
