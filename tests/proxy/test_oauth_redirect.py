"""The loopback address that a browser comes back to: it takes the one answer that it waits for, and nothing else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from approver.proxy import oauth_redirect
from approver.proxy.oauth_redirect import RedirectListener

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def listening() -> AsyncIterator[RedirectListener]:
    listener = RedirectListener()
    await listener.start(0)
    try:
        yield listener
    finally:
        await listener.stop()


async def send(listener: RedirectListener, request: bytes) -> str:
    reader, writer = await asyncio.open_connection("127.0.0.1", listener.port)
    writer.write(request)
    writer.write_eof()
    async with asyncio.timeout(10):
        answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return answer.decode()


async def test_the_answer_with_the_right_state_is_taken() -> None:
    async with listening() as listener:
        listener.expect("https://login.example/authorize?state=s1&client_id=c")
        assert listener.address == f"http://127.0.0.1:{listener.port}/callback"
        page = await send(listener, b"GET /callback?code=abc&state=s1&iss=https%3A%2F%2Fx HTTP/1.1\r\n\r\n")
        assert page.startswith("HTTP/1.1 200 OK")
        assert await listener.answer() == {"code": "abc", "state": "s1", "iss": "https://x"}
        await send(listener, b"GET /callback?code=later&state=s1 HTTP/1.1\r\n\r\n")  # a page that is loaded again
        assert (await listener.answer())["code"] == "abc"


@pytest.mark.parametrize(
    ("request_line", "status"),
    [
        (b"GET /callback?code=abc&state=s2", "400"),
        (b"GET /callback?code=abc", "400"),
        (b"GET /?code=abc&state=s1", "404"),
        (b"POST /callback?code=abc&state=s1", "404"),
        (b"nonsense", "404"),
    ],
)
async def test_anything_else_is_answered_and_forgotten(request_line: bytes, status: str) -> None:
    async with listening() as listener:
        listener.expect("https://login.example/authorize?state=s1")
        page = await send(listener, request_line + b" HTTP/1.1\r\n\r\n")
        assert page.startswith(f"HTTP/1.1 {status}")
        assert not listener._answer.done()


async def test_before_the_login_has_begun_nothing_is_taken() -> None:
    async with listening() as listener:
        assert (await send(listener, b"GET /callback?state= HTTP/1.1\r\n\r\n")).startswith("HTTP/1.1 400")


async def test_what_the_server_says_is_shown_as_text() -> None:
    async with listening() as listener:
        listener.expect("https://login.example/authorize?state=s1")
        page = await send(listener, b"GET /callback?error=x&error_description=%3Cscript%3E&state=s1 HTTP/1.1\r\n\r\n")
        assert "&lt;script&gt;" in page
        assert "<script>" not in page
        assert "default-src 'none'" in page


async def test_half_a_request_and_a_long_one_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oauth_redirect, "_READ_SECONDS", 0.05)
    async with listening() as listener:
        assert await send(listener, b"GET /callback") == ""
        assert await send(listener, b"GET /" + b"x" * 40_000 + b"\r\n\r\n") == ""
        reader, writer = await asyncio.open_connection("127.0.0.1", listener.port)
        async with asyncio.timeout(10):
            assert await reader.read() == b""  # it said nothing in time
        writer.close()
        await writer.wait_closed()
