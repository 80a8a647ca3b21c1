"""One request and its response: bounds, white space, hang-ups."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from front_room import until

from approver.proxy import http_exchange, jsonrpc
from approver.proxy.http_exchange import BodyRefused, ClientGone, Exchange
from approver.proxy.http_guard import Refusal

pytestmark = pytest.mark.anyio

GONE = {"type": "http.disconnect"}


class Wire:
    """The client's side of one exchange, as ASGI shows it."""

    def __init__(self, *parts: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        self.coming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        for part in parts:
            self.coming.put_nowait(part)
        self.sent: list[Any] = []
        raw = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
        scope = {"method": "POST", "path": "/mcp/x", "query_string": b"a=1", "headers": raw}
        self.exchange = Exchange(scope, self.coming.get, self._send)

    async def _send(self, message: Any) -> None:
        self.sent.append(message)

    @property
    def status(self) -> int:
        return self.sent[0]["status"]

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.sent)


def part(body: bytes, more: bool = False) -> dict[str, Any]:
    return {"type": "http.request", "body": body, "more_body": more}


async def test_a_body_comes_in_parts() -> None:
    assert await Wire(part(b"{", True), part(b"", True), part(b"}")).exchange.body() == b"{}"


async def test_a_body_that_says_to_be_too_long_is_not_waited_for() -> None:
    wire = Wire(headers={"content-length": str(jsonrpc.MAX_LINE + 1)})
    with pytest.raises(BodyRefused) as fault:
        await wire.exchange.body()
    assert fault.value.refusal.status == 413


async def test_a_body_that_becomes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonrpc, "MAX_LINE", 10)
    with pytest.raises(BodyRefused) as fault:
        await Wire(part(b"123456", True), part(b"123456", True)).exchange.body()
    assert fault.value.refusal.status == 413


async def test_a_body_that_stops_coming_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_exchange, "BODY_SECONDS", 0.01)
    with pytest.raises(BodyRefused) as fault:
        await Wire(part(b"1", True)).exchange.body()
    assert fault.value.refusal.status == 408


async def test_a_client_that_leaves_in_the_middle_has_left() -> None:
    with pytest.raises(ClientGone):
        await Wire(part(b"1", True), GONE).exchange.body()


async def test_white_space_around_a_headers_value_is_no_part_of_it() -> None:
    exchange = Wire(headers={"mcp-name": " x \t"}).exchange
    assert (exchange.header(b"mcp-name"), exchange.header(b"absent")) == (b"x", b"")


async def test_only_a_client_that_accepts_events_takes_them() -> None:
    assert Wire(headers={"accept": "application/json, text/event-stream"}).exchange.takes_events
    assert not Wire(headers={"accept": "application/json"}).exchange.takes_events


async def test_a_hang_up_is_noticed_and_what_is_sent_afterwards_goes_nowhere() -> None:
    wire, heard = Wire(), asyncio.Event()
    wire.exchange.watch(heard.set)
    wire.coming.put_nowait(GONE)
    await heard.wait()
    await wire.exchange.answer_json(200, b"{}")
    assert wire.exchange.is_gone
    assert wire.sent == []


async def test_nothing_is_started_for_an_answer_that_comes_at_once() -> None:
    wire = Wire(GONE)
    watch = wire.exchange.watch(pytest.fail)
    watch.cancel()
    assert wire.coming.qsize() == 1


async def test_a_watch_that_has_begun_can_be_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_exchange, "WATCH_SECONDS", 0.0)
    wire = Wire()
    watch = wire.exchange.watch(pytest.fail)
    await until(lambda: watch._task is not None)
    assert watch._task is not None
    watch.cancel()
    wire.coming.put_nowait(GONE)
    await asyncio.wait([watch._task])
    assert watch._task.cancelled()


async def test_a_refusal_says_why_as_json_rpc_does() -> None:
    wire = Wire()
    await wire.exchange.refuse(Refusal(403, "No.", ((b"x-why", b"so"),)))
    assert wire.status == 403
    assert (b"x-why", b"so") in wire.sent[0]["headers"]
    assert jsonrpc.read(wire.body)["error"]["message"] == "No."


async def test_events_begin_once_and_the_last_one_ends_the_response() -> None:
    wire = Wire()
    await wire.exchange.start_events()
    await wire.exchange.start_events()
    await wire.exchange.event(b"{}")
    await wire.exchange.event(b"[]", last=True)
    assert [message["type"] for message in wire.sent].count("http.response.start") == 1
    assert wire.body == b"event: message\ndata: {}\n\nevent: message\ndata: []\n\n"
    assert [message.get("more_body") for message in wire.sent[1:]] == [True, False]


class Connection:
    """A connection that tells of its own accord that its client has gone."""

    def __init__(self) -> None:
        self.told: Callable[[], None] | None = None

    def watched_by(self, hung_up: Callable[[], None] | None) -> None:
        self.told = hung_up


async def test_our_own_server_tells_of_a_hang_up_and_nothing_waits_for_it() -> None:
    connection, wire, heard = Connection(), Wire(), []
    scope = {"method": "POST", "path": "/", "headers": [], "extensions": {http_exchange.WATCHED: connection}}
    exchange = Exchange(scope, wire.coming.get, wire._send)
    watch = exchange.watch(lambda: heard.append("gone"))
    assert connection.told is not None
    connection.told()
    assert (heard, exchange.is_gone) == (["gone"], True)
    watch.cancel()
    assert connection.told is None
    exchange._hang_up()  # as it was about to be told
    assert heard == ["gone"]


async def test_a_message_that_was_written_over_several_lines_is_one_event() -> None:
    """Servers may answer so, and the call may have been held while its client was told of progress."""
    wire = Wire()
    await wire.exchange.start_events()
    await wire.exchange.event(b'{\r\n  "id": 1,\n  "result": "a\\nb"\r}', last=True)
    assert wire.body == b'event: message\ndata: {    "id": 1,   "result": "a\\nb" }\n\n'


@pytest.mark.parametrize(
    ("accept", "takes"),
    [("*/*", True), ("text/*", True), ("a/b, Text/Event-Stream;q=0.1", True), ("application/json", False), ("", False)],
)
async def test_what_a_client_accepts_may_be_said_in_many_ways(accept: str, takes: bool) -> None:
    assert Wire(headers={"accept": accept}).exchange.takes(b"text/event-stream") is takes


@pytest.mark.parametrize(("said", "is_json"), [("Application/JSON; charset=utf-8", True), ("text/plain", False)])
async def test_a_body_is_json_where_its_type_says_so(said: str, is_json: bool) -> None:
    assert Wire(headers={"content-type": said}).exchange.sends_json is is_json
