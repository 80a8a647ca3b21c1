"""The front on a real port: who gets in, what is turned away and how, and how long a request may take."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from front_room import GRANT, OTHER_GRANT, TOKEN, FrontRoom, fronting
from talk import request

from approver.grants import token_digest
from approver.model import Grant
from approver.proxy import http_exchange, http_front, jsonrpc
from approver.proxy.http_exchange import Exchange
from approver.proxy.http_front import HttpFront, PortTaken

pytestmark = pytest.mark.anyio


class Carrier:
    """Answers everything with what it was asked."""

    def __init__(self) -> None:
        self.carried: list[tuple[str, Grant, Any]] = []
        self.breaks: Exception | None = None
        self.is_asked = asyncio.Event()
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def carry(self, exchange: Exchange, grant: Grant, message: dict[str, Any] | None) -> None:
        self.carried.append((exchange.method, grant, message))
        self.is_asked.set()
        if self.breaks is not None:
            raise self.breaks
        await self.may_answer.wait()
        await exchange.answer_json(200, jsonrpc.encode({"jsonrpc": "2.0", "id": 1, "result": {}}))


@pytest.fixture
def carrier() -> Carrier:
    return Carrier()


@pytest.fixture
async def room(tmp_path: Path, carrier: Carrier) -> AsyncIterator[FrontRoom]:
    async with fronting(tmp_path) as room:
        room.carriers = {"files": carrier}
        yield room


PING = request(1, "ping")


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
async def test_a_request_with_a_grants_token_is_carried(room: FrontRoom, carrier: Carrier, method: str) -> None:
    heard = await room.ask(PING if method == "POST" else None, method)
    assert heard.status == 200
    assert carrier.carried == [(method, GRANT, PING if method == "POST" else None)]


async def test_the_token_says_which_grant_it_is(room: FrontRoom, carrier: Carrier) -> None:
    await room.ask(PING, token="approver_other")
    assert carrier.carried[0][1] is OTHER_GRANT


@pytest.mark.parametrize("token", [None, "", "approver_wrong"])
async def test_without_a_grants_token_the_answer_is_a_challenge(
    room: FrontRoom, carrier: Carrier, token: str | None
) -> None:
    heard = await room.ask(PING, token=token)
    assert heard.status == 401
    assert heard.headers["www-authenticate"].startswith('Bearer realm="approver"')
    assert "grant" in heard.message["error"]["message"]
    assert carrier.carried == []


async def test_another_servers_token_is_forbidden(room: FrontRoom, carrier: Carrier) -> None:
    room.all_grants = [Grant("web", "web", token_sha256=token_digest(TOKEN))]
    heard = await room.ask(PING)
    assert heard.status == 403
    assert "for the server web, not for files" in heard.message["error"]["message"]
    assert carrier.carried == []


async def test_a_revoked_token_is_out_at_once_also_on_a_connection_that_is_open(
    room: FrontRoom, carrier: Carrier
) -> None:
    async with room.visitor() as visitor:
        visitor.say(PING)
        assert (await visitor.hear()).status == 200
        room.all_grants = [OTHER_GRANT]
        visitor.say(PING)
        assert (await visitor.hear()).status == 401
    assert len(carrier.carried) == 1


@pytest.mark.parametrize(
    ("headers", "status"),
    [({"Host": "evil.example"}, 421), ({"Origin": "http://evil.example"}, 403), ({"Origin": "null"}, 403)],
)
async def test_a_web_page_that_was_bound_to_this_address_is_turned_away(
    room: FrontRoom, carrier: Carrier, headers: dict[str, str], status: int
) -> None:
    heard = await room.ask(PING, headers=headers)
    assert heard.status == status
    assert not [name for name in heard.headers if name.startswith("access-control-")]
    assert carrier.carried == []


@pytest.mark.parametrize("path", ["/", "/mcp/", "/mcp/files/more", "/elsewhere", "//mcp/files"])
async def test_only_a_servers_address_leads_anywhere(room: FrontRoom, carrier: Carrier, path: str) -> None:
    assert (await room.ask(PING, path=path)).status == 404
    assert carrier.carried == []


async def test_a_grants_servers_have_one_address_together(room: FrontRoom, carrier: Carrier) -> None:
    room.carriers[""] = carrier
    assert (await room.ask(PING, path="/mcp")).status == 200
    assert len(carrier.carried) == 1
    assert (await room.ask(PING, path="/mcp", token="wrong")).status == 401


async def test_a_server_that_is_gone_is_not_found(room: FrontRoom) -> None:
    room.carriers = {}
    heard = await room.ask(PING)
    assert (heard.status, "no server 'files'" in heard.message["error"]["message"]) == (404, True)


@pytest.mark.parametrize("method", ["PUT", "OPTIONS", "HEAD", "PATCH"])
async def test_other_methods_are_refused(room: FrontRoom, carrier: Carrier, method: str) -> None:
    async with room.visitor() as visitor:
        visitor.say(None, method)
        status, headers = await visitor.head()
    assert (status, headers["allow"]) == (405, "GET, POST, DELETE")
    assert carrier.carried == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", jsonrpc.PARSE_ERROR),
        (b'{"jsonrpc":"2.0","id":1,"id":2,"method":"tools/call"}', jsonrpc.PARSE_ERROR),
        (b'{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":NaN}}', jsonrpc.PARSE_ERROR),
        (b"[]", jsonrpc.INVALID_REQUEST),
        (b"", jsonrpc.PARSE_ERROR),
    ],
)
async def test_a_body_that_two_readers_could_understand_differently_is_refused_and_written_down(
    room: FrontRoom, carrier: Carrier, body: bytes, code: int
) -> None:
    heard = await room.ask(body=body)
    assert (heard.status, heard.message["error"]["code"]) == (400, code)
    assert [(row.kind.value, row.grant) for row in room.journal.rows] == [("refused", "ann")]
    assert carrier.carried == []


async def test_a_body_that_is_too_long_is_refused_before_it_is_read(room: FrontRoom, carrier: Carrier) -> None:
    heard = await room.ask(headers={"Content-Length": str(jsonrpc.MAX_LINE + 1)})
    assert heard.status == 413
    assert carrier.carried == []


async def test_a_fault_of_our_own_lets_nothing_through_and_the_next_request_is_served(
    room: FrontRoom, carrier: Carrier
) -> None:
    carrier.breaks = RuntimeError("broken")
    assert (await room.ask(PING)).status == 500
    carrier.breaks = None
    assert (await room.ask(PING)).status == 200


async def test_a_head_that_does_not_come_ends_the_connection(
    room: FrontRoom, carrier: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_front, "HEAD_SECONDS", 0.05)
    for sent in (b"", b"POST /mcp/files HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "):
        async with room.visitor() as visitor:
            visitor.write(sent)
            assert await visitor.closed() == b""


async def test_a_second_head_that_does_not_come_ends_the_connection_too(
    room: FrontRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with room.visitor() as visitor:
        visitor.say(PING)
        await visitor.hear()
        monkeypatch.setattr(http_front, "HEAD_SECONDS", 0.05)
        visitor.write(b"POST /mcp")
        assert await visitor.closed() == b""


async def test_a_slow_answer_is_no_slow_head(
    room: FrontRoom, carrier: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_front, "HEAD_SECONDS", 0.05)
    carrier.may_answer.clear()
    async with room.visitor() as visitor:
        visitor.say(PING)
        await carrier.is_asked.wait()
        asyncio.get_running_loop().call_later(0.15, carrier.may_answer.set)
        assert (await visitor.hear()).status == 200


async def test_a_body_that_does_not_come_is_not_waited_for(
    room: FrontRoom, carrier: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_exchange, "BODY_SECONDS", 0.05)
    heard = await room.ask(body=b"{", headers={"Content-Length": "10"})
    assert heard.status == 408
    assert carrier.carried == []


async def test_the_note_in_the_run_folder_says_the_address_while_it_listens(tmp_path: Path) -> None:
    async with fronting(tmp_path) as room:
        assert json.loads((tmp_path / "http.json").read_text(encoding="utf-8")) == {"url": room.front.url}
        assert room.front.url == f"http://127.0.0.1:{room.front.port}"
    assert not (tmp_path / "http.json").exists()
    assert room.front.url == ""


async def test_a_port_that_is_taken_is_told_in_a_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        front = HttpFront(FrontRoom(tmp_path), tmp_path / "http.json")
        with pytest.raises(PortTaken, match=rf"The port {port} .* Choose another in settings.toml"):
            await front.start(port)
    assert front.url == ""
    await front.stop()


async def test_it_can_stop_while_a_request_is_open_and_listen_again(
    tmp_path: Path, carrier: Carrier, caplog: pytest.LogCaptureFixture
) -> None:
    carrier.may_answer.clear()
    async with fronting(tmp_path) as room:
        room.carriers = {"files": carrier}
        async with room.visitor() as visitor:
            visitor.say(PING)
            await carrier.is_asked.wait()
            await room.front.stop()
            heard = await visitor.hear()
            assert (heard.status, heard.message["error"]["message"]) == (503, "Approver is being closed.")
    assert "Traceback" not in caplog.text
    front = HttpFront(room, tmp_path / "http.json")
    await front.start(0)
    await front.stop()
