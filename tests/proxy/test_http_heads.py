"""Heads of requests: how long one may be, and what an offer of another protocol comes to."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from front_room import TOKEN, FrontRoom, fronting
from hypothesis import given
from hypothesis import strategies as st
from talk import request

from approver.model import Grant
from approver.proxy import http_heads, jsonrpc
from approver.proxy.http_exchange import Exchange
from approver.proxy.http_heads import without_upgrade

PING = request(1, "ping")
JAVA = {"Connection": "Upgrade, HTTP2-Settings", "Upgrade": "h2c", "HTTP2-Settings": "AAEAAEAAAAIAAAABAAMAAABk"}


class Echo:
    """Answers every message with the name of its method."""

    async def carry(self, exchange: Exchange, grant: Grant, message: dict[str, Any] | None) -> None:
        method = (message or {}).get("method")
        await exchange.answer_json(200, jsonrpc.encode({"jsonrpc": "2.0", "id": 1, "result": {"did": method}}))


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[FrontRoom]:
    async with fronting(tmp_path) as room:
        room.carriers = {"files": Echo()}
        yield room


@pytest.mark.anyio
async def test_an_offer_of_http_2_is_left_be_and_the_request_is_served(room: FrontRoom) -> None:
    async with room.visitor() as visitor:
        for _ in range(2):
            visitor.say(PING, headers=JAVA)
            heard = await visitor.hear()
            assert (heard.status, heard.message["result"]) == (200, {"did": "ping"})


@pytest.mark.anyio
async def test_a_head_without_end_is_refused_before_anybody_showed_a_token(
    room: FrontRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_heads, "LONGEST_HEAD", 1000)
    async with room.visitor() as visitor:
        visitor.say(PING)  # a short one before does not count
        await visitor.hear()
        visitor.write(b"POST /mcp/files HTTP/1.1\r\nX-Long: " + b"x" * 1000)
        assert (await visitor.closed()).startswith(b"HTTP/1.1 431 ")


@pytest.mark.anyio
async def test_a_body_is_no_head_however_long(room: FrontRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_heads, "LONGEST_HEAD", 1000)
    message = {**PING, "params": {"long": "x" * 100_000}}
    body = json.dumps(message).encode()
    async with room.visitor() as visitor:
        visitor.say(None, body=body[:50], headers={"Content-Length": str(len(body))})
        visitor.write(body[50:])
        assert (await visitor.hear()).status == 200


@given(st.binary(max_size=200))
def test_what_holds_no_whole_head_stays_as_it_is(data: bytes) -> None:
    assert without_upgrade(data.replace(b"\r\n\r\n", b"")) == data.replace(b"\r\n\r\n", b"")


def test_only_the_offer_goes_and_what_follows_the_head_stays() -> None:
    head = b"POST / HTTP/1.1\r\nHost: x%b\r\nAuthorization: Bearer " + TOKEN.encode() + b"\r\n\r\n"
    rest = b"{}\r\nUpgrade: in the body\r\n\r\n"
    assert without_upgrade(head % b"\r\nUPGRADE: h2c" + rest) == head % b"" + rest
    assert without_upgrade(head % b"\r\nX-Upgrade: h2c" + rest) == head % b"\r\nX-Upgrade: h2c" + rest
