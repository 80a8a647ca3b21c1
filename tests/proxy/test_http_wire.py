"""One HTTP request: redirects, cookies, proxies, credentials, and failures in words."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpcore2
import pytest
from certificates import self_signed
from upstream_line import OpenDoor
from web_servers import Answer, Received, Script, WebServer, serving

from approver.model import HttpServer
from approver.proxy import http_wire
from approver.proxy.http_wire import CutOff, Unreachable, Unwelcome, Wire

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def wire_to(url: str, door: Any = None) -> AsyncIterator[Wire]:
    wire = Wire(HttpServer("remote", url), door or OpenDoor())
    try:
        yield wire
    finally:
        await wire.close()


async def send(wire: Wire, method: str = "POST", **more: Any) -> tuple[int, bytes]:
    async with await wire.send(method, [(b"x-own", b"1")], b"{}" if method == "POST" else b"", **more) as reply:
        return reply.status, await reply.read()


def text(body: bytes, status: int = 200, **headers: str) -> Answer:
    return Answer(status, {"content-type": "text/plain", **headers}, [body])


# -- what is sent --------------------------------------------------------------------------------------------------


async def test_a_request_says_who_asks_and_takes_no_compression() -> None:
    script = Script(lambda request: text(b"yes"))
    async with serving(script, "/mcp/ä?k=a b") as server, wire_to(server.url, OpenDoor((b"x-key", b"k"))) as wire:
        assert await send(wire) == (200, b"yes")
    (request,) = script.received
    assert request.body == b"{}"
    assert request.path == "/mcp/ä?k=a%20b"
    told = ("host", "user-agent", "accept-encoding", "x-own", "x-key", "content-length")
    assert [request.headers[name] for name in told] == [
        f"127.0.0.1:{server.port}",
        "approver",
        "identity",
        "1",
        "k",
        "2",
    ]


async def test_whoever_sends_hears_that_it_is_on_its_way() -> None:
    heard: list[str] = []

    def answer(request: Received) -> Answer:
        heard.append("came")
        return text(b"")

    async with serving(Script(answer)) as server, wire_to(server.url) as wire:
        await send(wire, on_sent=lambda: heard.append("sent"))
    assert heard == ["sent", "came"]


async def test_cookies_are_kept_until_they_are_taken_back() -> None:
    said = ["a=1; Path=/", "b=2; HttpOnly", "a=; Max-Age=0", "nonsense", "b=; Expires=Thu, 01 Jan 1970 00:00:00 GMT"]
    script = Script(lambda request: text(b"", **{"set-cookie": said[len(script.received) - 1]}))
    async with serving(script) as server, wire_to(server.url) as wire:
        for _ in said:
            await send(wire)
    assert [request.headers.get("cookie") for request in script.received] == [None, "a=1", "a=1; b=2", "b=2", "b=2"]


# -- redirects -----------------------------------------------------------------------------------------------------


def moving(status: int, location: str) -> Script:
    def answer(request: Received) -> Answer:
        return Answer(status, {"location": location}) if request.path == "/mcp" else text(request.body)

    return Script(answer)


@pytest.mark.parametrize(("status", "method"), [(307, "POST"), (308, "POST"), (302, "GET"), (301, "GET")])
async def test_a_redirect_within_the_server_is_followed(status: int, method: str) -> None:
    async with serving(moving(status, "/mcp/")) as server, wire_to(server.url) as wire:
        assert (await send(wire, method))[0] == 200


@pytest.mark.parametrize(
    "location", ["http://127.0.0.1:1/x?token=t", "https://elsewhere.example/mcp", "//a:b@127.0.0.1/"]
)
async def test_a_redirect_elsewhere_is_told_and_not_followed(location: str) -> None:
    async with serving(moving(307, location)) as server, wire_to(server.url, OpenDoor((b"x-key", b"k"))) as wire:
        with pytest.raises(Unwelcome, match="give that address in servers.json") as fault:
            await send(wire)
        assert "token" not in str(fault.value)


async def test_a_post_is_not_made_a_get() -> None:
    async with serving(moving(302, "/mcp/")) as server, wire_to(server.url) as wire:
        with pytest.raises(Unwelcome, match="it redirects to"):
            await send(wire)


async def test_a_redirect_to_itself_ends() -> None:
    async with serving(moving(307, "/mcp")) as server, wire_to(server.url) as wire:
        with pytest.raises(Unwelcome, match="more than 5 times"):
            await send(wire)


@pytest.mark.parametrize(
    ("here", "there", "same"),
    [
        ("http://a/x", "http://a/y", True),
        ("http://a/x", "https://a/x", True),
        ("http://a:80/x", "https://a/x", False),
        ("https://a/x", "http://a/x", False),
        ("https://a/x", "https://a.b/x", False),
        ("https://a/x", "https://a:444/x", False),
    ],
)
async def test_what_counts_as_the_same_server(here: str, there: str, same: bool) -> None:
    assert http_wire.same_origin(here, there) is same


# -- credentials ---------------------------------------------------------------------------------------------------


class TwoKeys(OpenDoor):
    """Has another key once the first was refused."""

    async def refused(self, status: int, challenge: str, used: Any) -> bool:
        await super().refused(status, challenge, used)
        self.headers = [(b"x-key", b"%d" % (len(self.refusals) + 1))]
        return True


async def test_other_credentials_are_tried_once() -> None:
    script = Script(
        lambda request: text(
            b"in" if request.headers["x-key"] == "2" else b"", 200 if request.headers["x-key"] == "2" else 401
        )
    )
    async with serving(script) as server, wire_to(server.url, TwoKeys((b"x-key", b"1"))) as wire:
        assert await send(wire) == (200, b"in")
    assert len(script.received) == 2


async def test_credentials_are_not_tried_for_ever() -> None:
    script = Script(lambda request: Answer(403))
    async with serving(script) as server, wire_to(server.url, TwoKeys((b"x-key", b"1"))) as wire:
        with pytest.raises(Unwelcome, match="log in"):
            await send(wire)
    assert len(script.received) == 2


# -- failures ------------------------------------------------------------------------------------------------------


async def test_nobody_there_is_told_as_that() -> None:
    server = WebServer(Script(lambda request: text(b"")))
    async with wire_to(server.url) as wire:
        with pytest.raises(Unreachable, match=r"nothing answers at 127\.0\.0\.1:\d+\. Is it running\?"):
            await send(wire)
        assert not wire.has_answered


async def test_a_host_that_does_not_exist_is_told_as_that(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*arguments: Any, **more: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    async with wire_to("http://nowhere.example/mcp") as wire:
        with pytest.raises(Unreachable, match=r"there is no host nowhere\.example, or no network"):
            await send(wire)


async def test_a_server_that_takes_no_connection_is_told_as_that(monkeypatch: pytest.MonkeyPatch) -> None:
    async def slow(*arguments: Any, **more: Any) -> Any:
        raise httpcore2.ConnectTimeout("no connection within 20 seconds")

    monkeypatch.setattr(http_wire.AsyncioNetwork, "connect_tcp", slow)
    async with wire_to("http://127.0.0.1:1/mcp") as wire:
        with pytest.raises(Unreachable, match="did not take the connection within 20 seconds"):
            await send(wire)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (ssl.SSLError(1, "wrong version number"), r"no connection to 127\.0\.0\.1:1 \("),
        (OSError(113, "No route to host"), r"no connection to 127\.0\.0\.1:1 \(.*No route to host"),
    ],
)
async def test_other_failures_to_connect_are_told(monkeypatch: pytest.MonkeyPatch, fault: OSError, words: str) -> None:
    async def broken(*arguments: Any, **more: Any) -> Any:
        try:
            raise fault
        except OSError as cause:
            raise httpcore2.ConnectError(str(cause)) from cause

    monkeypatch.setattr(http_wire.AsyncioNetwork, "connect_tcp", broken)
    async with wire_to("http://127.0.0.1:1/mcp") as wire:
        with pytest.raises(Unreachable, match=words):
            await send(wire)


async def raw_server(behave: Any) -> tuple[asyncio.Server, str]:
    server = await asyncio.start_server(behave, "127.0.0.1", 0)
    return server, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/mcp"


async def test_a_connection_that_breaks_before_the_answer_may_have_carried_the_request() -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"{}")
        writer.transport.abort()

    server, url = await raw_server(hang_up)
    async with server, wire_to(url) as wire:
        with pytest.raises(CutOff, match="the connection broke before it answered"):
            await send(wire)


async def test_a_server_that_speaks_no_http_is_told() -> None:
    async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"{}")
        writer.write(b"SSH-2.0-OpenSSH\r\n\r\n")
        writer.close()

    server, url = await raw_server(babble)
    async with server, wire_to(url) as wire:
        with pytest.raises(CutOff, match="the connection broke before it answered"):
            await send(wire)


async def test_an_answer_that_does_not_come_in_time_is_given_up() -> None:
    async def never(request: Received) -> Answer:
        await asyncio.Event().wait()
        raise AssertionError

    async with serving(Script(never)) as server, wire_to(server.url) as wire:
        with pytest.raises(CutOff, match=r"it has not answered within 0\.05 seconds"):
            await send(wire, within=0.05)


async def test_an_answer_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_wire, "_LONGEST_ANSWER", 1000)
    async with serving(Script(lambda request: text(b"x" * 1001))) as server, wire_to(server.url) as wire:
        with pytest.raises(CutOff, match="more than 1,000 bytes"):
            await send(wire)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (text(b"", 500), "HTTP 500 Internal Server Error"),
        (text(b" not\n now. ", 429), "HTTP 429 Too Many Requests: not now"),
        (text(b"a\x1b[31mb", 400), "HTTP 400 Bad Request: a␛[31mb"),
        (
            Answer(400, {"content-type": "application/json"}, [b'{"error": {"message": "odd"}}']),
            "HTTP 400 Bad Request: odd",
        ),
        (Answer(400, {"content-type": "application/json"}, [b'{"detail": "odd."}']), "HTTP 400 Bad Request: odd"),
        (Answer(400, {"content-type": "application/json"}, [b'{"a": 1}']), 'HTTP 400 Bad Request: {"a": 1}'),
        (Answer(404, {"content-type": "text/html"}, [b"<h1>no</h1>"]), "HTTP 404 Not Found"),
    ],
)
async def test_an_answer_is_described_in_a_line(answer: Answer, words: str) -> None:
    async with (
        serving(Script(lambda request: answer)) as server,
        wire_to(server.url) as wire,
        await wire.send("POST", [], b"{}") as reply,
    ):
        assert await reply.described() == words


# -- encryption ----------------------------------------------------------------------------------------------------


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A certificate for localhost that signed itself, and its key."""
    path = tmp_path / "certificate.pem"
    path.write_bytes(self_signed("localhost"))
    http_wire._tls.cache_clear()
    yield path
    http_wire._tls.cache_clear()


@asynccontextmanager
async def encrypted(certificate: Path) -> AsyncIterator[str]:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"{}")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nsecret")
        writer.close()

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    async with await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context) as server:
        yield f"https://localhost:{server.sockets[0].getsockname()[1]}/mcp"


async def test_an_encrypted_connection_carries_what_a_plain_one_does(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    async with encrypted(certificate) as url, wire_to(url) as wire:
        assert await send(wire) == (200, b"secret")


async def test_a_certificate_that_nobody_vouches_for_is_told(certificate: Path) -> None:
    async with encrypted(certificate) as url, wire_to(url) as wire:
        with pytest.raises(Unreachable, match=r"its certificate is not trusted \(self.signed certificate\)"):
            await send(wire)


# -- proxies -------------------------------------------------------------------------------------------------------


async def test_a_proxy_is_used_where_the_environment_names_one(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    through = Script(lambda request: text(request.headers["host"].encode()))
    async with serving(through) as proxy, wire_to("http://far.example/mcp") as wire:
        monkeypatch.setenv("http_proxy", f"http://me:p%40ss@127.0.0.1:{proxy.port}")
        assert await send(wire) == (200, b"far.example")
    assert through.received[0].headers["proxy-authorization"] == "Basic bWU6cEBzcw=="


async def test_a_proxy_of_another_kind_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "socks5://127.0.0.1:1")
    async with wire_to("http://far.example/mcp") as wire:
        with pytest.raises(Unreachable, match="speaks socks5, and only HTTP proxies are known here"):
            await send(wire)


async def test_no_proxy_stands_before_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("all_proxy", "http://127.0.0.1:1")
    async with serving(Script(lambda request: text(b"near"))) as server, wire_to(server.url) as wire:
        assert await send(wire) == (200, b"near")


@pytest.mark.parametrize(
    ("url", "wire_form"),
    [
        ("https://Bücher.example:8443/ä/mcp", "https://xn--bcher-kva.example:8443/%C3%A4/mcp"),
        ("http://[::1]:80/x?a=1", "http://[::1]:80/x?a=1"),
        ("https://x.example", "https://x.example/"),
    ],
)
async def test_an_address_goes_over_the_wire_in_ascii(url: str, wire_form: str) -> None:
    async with wire_to(url) as wire:
        assert wire.url == wire_form
