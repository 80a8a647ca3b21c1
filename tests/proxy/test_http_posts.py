"""POSTs to a streamable HTTP server: every form an answer comes in, and what may be asked for again."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from scripted_mcp import ScriptedMcp, is_post
from upstream_line import QUICK, line_to
from web_servers import EVENTS, Answer, Received, event, json_answer, result, serving

from approver.proxy import event_stream

pytestmark = pytest.mark.anyio


def answering(method: str, *answers: Any) -> ScriptedMcp:
    """A server that answers one method with these, one after another, and the last of them for ever."""
    left = list(answers)

    def answer(request: Received) -> Any:
        if not is_post(request, method):
            return None
        chosen = left.pop(0) if len(left) > 1 else left[0]
        return chosen(request) if callable(chosen) else chosen

    return ScriptedMcp(answer)


def response(request: Received, value: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": request.message["id"], "result": value}


def streamed(*pieces: Any, breaks: bool = False) -> Any:
    """An event stream; a callable piece is given the request."""
    return lambda request: Answer(
        200, EVENTS, [piece(request) if callable(piece) else piece for piece in pieces], breaks
    )


def last(value: Any, **fields: Any) -> Any:
    """The event with the response."""
    return lambda request: event(response(request, value), **fields)


async def call(script: ScriptedMcp, folder: Path, method: str = "tools/call") -> tuple[dict[str, Any], Any]:
    """Make one call in a session; return its answer and all that was heard."""
    async with serving(script) as server, line_to(server.url, folder) as line:
        await line.shake_hands()
        answer = await line.ask(method, {"name": "x"})
        return answer, line


# -- forms of answers ----------------------------------------------------------------------------------------------


async def test_an_answer_over_several_lines_becomes_one_line(tmp_path: Path) -> None:
    pretty = lambda request: Answer(  # noqa: E731 # one of a row of them
        200, {"content-type": "application/json"}, [json.dumps(response(request, {"a": "b\nc"}), indent=2).encode()]
    )
    answer, _ = await call(answering("tools/call", pretty), tmp_path)
    assert answer["result"] == {"a": "b\nc"}


async def test_data_over_several_lines_becomes_one_line(tmp_path: Path) -> None:
    def pretty(request: Received) -> bytes:
        lines = json.dumps(response(request, {"a": 1}), indent=2).splitlines()
        return "".join(f"data: {line}\r\n" for line in lines).encode() + b"\r\n"

    answer, _ = await call(answering("tools/call", streamed(pretty)), tmp_path)
    assert answer["result"] == {"a": 1}


async def test_a_batch_is_taken_apart(tmp_path: Path) -> None:
    note = {"jsonrpc": "2.0", "method": "notifications/message"}
    both = lambda request: json_answer([note, response(request, {})])  # noqa: E731 # one of a row of them
    answer, line = await call(answering("tools/call", both), tmp_path)
    assert answer["result"] == {}
    assert line.heard[-2:] == [note, answer]


async def test_an_error_keeps_its_status_to_itself(tmp_path: Path) -> None:
    error = {"code": -32602, "message": "no such tool", "data": {"a": 1}}
    refused = lambda request: json_answer({"jsonrpc": "2.0", "id": request.message["id"], "error": error}, 400)  # noqa: E731 # as above
    answer, _ = await call(answering("tools/call", refused), tmp_path)
    assert answer["error"] == error


@pytest.mark.parametrize("made_up", [None, "server-error"])
async def test_an_error_with_another_id_is_the_requests_own(tmp_path: Path, made_up: Any) -> None:
    refused = json_answer({"jsonrpc": "2.0", "id": made_up, "error": {"code": -32600, "message": "bad"}}, 400)
    answer, _ = await call(answering("tools/call", refused), tmp_path)
    assert answer["error"] == {"code": -32600, "message": "bad"}


async def test_a_streamed_error_without_an_id_is_the_requests_own(tmp_path: Path) -> None:
    refused = streamed(event({"jsonrpc": "2.0", "id": None, "error": {"code": -32600, "message": "bad"}}))
    answer, _ = await call(answering("tools/call", refused), tmp_path)
    assert answer["error"] == {"code": -32600, "message": "bad"}


async def test_ids_keep_their_type(tmp_path: Path) -> None:
    async with serving(ScriptedMcp()) as server, line_to(server.url, tmp_path) as line:
        await line.shake_hands()
        line.send({"jsonrpc": "2.0", "id": "1", "method": "ping"})
        await line.await_message(lambda message: message.get("id") == "1")


async def test_what_comes_after_the_answer_still_reaches_the_client(tmp_path: Path) -> None:
    late = {"jsonrpc": "2.0", "method": "notifications/late"}
    script = answering("tools/call", streamed(last({}), event(late)))
    async with serving(script) as server, line_to(server.url, tmp_path) as line:
        await line.shake_hands()
        await line.ask("tools/call", {"name": "x"})
        assert await line.await_method("notifications/late") == late


async def test_a_connection_is_used_again_after_a_stream(tmp_path: Path) -> None:
    ports: set[int] = set()
    script = answering("tools/call", streamed(last({})))

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["method"] == "POST":
            ports.add(scope["client"][1])
        await script(scope, receive, send)

    async with serving(app) as server, line_to(server.url, tmp_path) as line:
        await line.shake_hands()
        for _ in range(5):
            await line.ask("tools/call", {"name": "x"})
    assert len(ports) <= 2  # the stream of server messages may have had the first


# -- no answers ----------------------------------------------------------------------------------------------------

FAILURES: dict[str, tuple[Any, int, str]] = {
    "accepted": (Answer(202), -32000, "it accepted the request without answering it"),
    "a page": (
        Answer(200, {"content-type": "text/html"}, [b"<html>"]),
        -32000,
        "its answer is text/html, and that is no MCP. Is the address right?",
    ),
    "nothing": (Answer(200), -32000, "its answer is of no kind"),
    "another answer": (
        json_answer({"jsonrpc": "2.0", "id": "other", "result": {}}),
        -32000,
        "its answer is no response to the request",
    ),
    "no JSON-RPC": (json_answer({"a": 1}), -32000, "its answer is no response to the request"),
    "an empty stream": (Answer(200, EVENTS), -32000, "its stream of events ended without an answer"),
    "a broken stream": (Answer(200, EVENTS, [b": \n\n"], breaks=True), -32000, "the connection broke while it"),
    "trouble": (
        Answer(503, {"content-type": "text/plain"}, [b"come  back\nlater."]),
        -32000,
        "HTTP 503 Service Unavailable: come back later.",
    ),
    "refused": (json_answer({"detail": "not so"}, 409), -32000, "HTTP 409 Conflict: not so."),
}


@pytest.mark.parametrize("kind", FAILURES)
async def test_what_is_no_answer_is_told_as_what_it_is(tmp_path: Path, kind: str) -> None:
    what, code, words = FAILURES[kind]
    script = answering("tools/call", what)
    answer, line = await call(script, tmp_path)
    assert words in answer["error"]["message"]
    assert answer["error"]["code"] == code
    assert [request_id for request_id, _ in line.unanswered] == [answer["id"]]
    assert len(script.posts("tools/call")) == 1
    is_clear = kind == "refused"
    assert ("whether it carried" in answer["error"]["message"].lower()) is not is_clear


async def test_without_a_session_404_is_an_unknown_method(tmp_path: Path) -> None:
    async with serving(answering("tasks/list", Answer(404))) as server, line_to(server.url, tmp_path) as line:
        answer = await line.ask("tasks/list", stateless=True)
        assert answer["error"]["code"] == -32601


async def test_an_event_without_end_ends_the_request(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_stream, "LONGEST_EVENT", 1000)
    answer, _ = await call(answering("tools/call", streamed(b"data: " + b"x" * 2000)), tmp_path)
    assert "more than 1,000 bytes" in answer["error"]["message"]


async def test_a_response_that_the_server_refuses_is_logged(tmp_path: Path) -> None:
    def refuse(request: Received) -> Answer | None:
        return Answer(400) if request.method == "POST" and "result" in request.message else None

    async with serving(ScriptedMcp(refuse)) as server, line_to(server.url, tmp_path) as line:
        await line.shake_hands()
        line.send({"jsonrpc": "2.0", "id": 9, "result": {}})
        await line.ask("ping")
        assert "a response did not arrive: HTTP 400 Bad Request" in (tmp_path / "server.log").read_text("utf-8")


async def test_a_server_that_answers_notifications_is_heard(tmp_path: Path) -> None:
    note = {"jsonrpc": "2.0", "method": "notifications/heard"}
    for answer in (json_answer(note), Answer(200, EVENTS, [event(note)])):
        script = answering("notifications/own", answer)
        async with serving(script) as server, line_to(server.url, tmp_path) as line:
            await line.shake_hands()
            line.notify("notifications/own")
            await line.await_method("notifications/heard")


# -- asked for again -----------------------------------------------------------------------------------------------


async def test_a_broken_answer_is_resumed_after_its_last_event(tmp_path: Path) -> None:
    note = {"jsonrpc": "2.0", "method": "notifications/progress", "params": {"progressToken": 1, "progress": 1}}
    wanted: list[Any] = []

    def answer(request: Received) -> Answer | None:
        if is_post(request, "tools/call"):
            wanted.append(request.message["id"])
            return Answer(200, EVENTS, [event(None, id="a-0", retry=20), event(note, id="a-1")])
        if request.method == "GET" and "last-event-id" in request.headers:
            last_one = event({"jsonrpc": "2.0", "id": wanted[0], "result": {}}, id="a-3")
            return Answer(200, EVENTS, [event(note, id="a-2")] if len(resumed()) < 3 else [last_one])
        return None

    script = ScriptedMcp(answer)

    def resumed() -> list[Received]:
        return [request for request in script.received if request.headers.get("last-event-id")]

    loop = asyncio.get_running_loop()
    before = loop.time()
    found, line = await call(script, tmp_path)
    assert found["result"] == {}
    assert loop.time() - before >= 0.06  # three times what the server wants to be waited
    assert [request.headers["last-event-id"] for request in resumed()] == ["a-1", "a-2", "a-2"]
    assert all(request.headers["mcp-session-id"] == "session-1" for request in resumed())
    assert len([message for message in line.heard if message.get("method") == "notifications/progress"]) == 3
    assert len(script.posts("tools/call")) == 1


async def test_an_answer_that_cannot_be_resumed_is_given_up(tmp_path: Path) -> None:
    script = answering("tools/call", streamed(event(None, id="a-0")))  # GET is answered 405
    answer, _ = await call(script, tmp_path)
    assert "ended without an answer" in answer["error"]["message"]


async def test_a_server_that_stays_away_is_not_asked_for_the_rest_for_ever(tmp_path: Path) -> None:
    hurried = replace(QUICK, resume=0.05)
    script = answering("tools/call", streamed(event(None, id="a-0"), asyncio.Event()))
    async with serving(script) as server, line_to(server.url, tmp_path, patience=hurried) as line:
        await line.shake_hands()
        request = line.request("tools/call", {"name": "x"})
        line.send(request)
        await line.ask("ping")
        await server.crash()
        assert "look before you repeat it" in (await line.answer(request["id"]))["error"]["message"]


async def test_a_call_that_was_cancelled_is_not_resumed(tmp_path: Path) -> None:
    go_on = asyncio.Event()
    script = answering("tools/call", streamed(event(None, id="a-0"), go_on))
    async with serving(script) as server, line_to(server.url, tmp_path) as line:
        await line.shake_hands()
        request = line.request("tools/call", {"name": "x"})
        line.send(request)
        line.notify("notifications/cancelled", {"requestId": request["id"]})
        await line.ask("ping")
        go_on.set()
        await line.until(lambda: bool(line.unanswered), "the call ended")
        assert line.unanswered == [(request["id"], None)]
    assert [request.method for request in script.received].count("GET") == 1


async def test_a_listing_that_broke_off_is_asked_for_again(tmp_path: Path) -> None:
    script = answering(
        "tools/list", streamed(b": \n\n", breaks=True), Answer(200, EVENTS), lambda request: result(request, {})
    )
    answer, _ = await call(script, tmp_path, "tools/list")
    assert answer["result"] == {}
    assert len(script.posts("tools/list")) == 3


async def test_a_listing_that_never_comes_is_given_up(tmp_path: Path) -> None:
    script = answering("tools/list", Answer(200, EVENTS))
    hurried = replace(QUICK, reconnect=0.05)
    async with serving(script) as server, line_to(server.url, tmp_path, patience=hurried) as line:
        await line.shake_hands()
        assert "ended without an answer" in (await line.ask("tools/list"))["error"]["message"]


async def test_a_handshake_that_is_not_answered_in_time_is_given_up(tmp_path: Path) -> None:
    async def never(request: Received) -> Answer:
        await asyncio.Event().wait()
        raise AssertionError

    script = ScriptedMcp(lambda request: never(request) if is_post(request, "initialize") else None)
    hurried = replace(QUICK, reconnect=0.0)
    async with serving(script) as server, line_to(server.url, tmp_path, patience=hurried) as line:
        await line.upstream.start(0.05)
        answer = await line.shake_hands()
        assert "it has not answered within 0.05 seconds" in answer["error"]["message"]
