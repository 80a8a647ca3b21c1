"""One HTTP request to a server at a time, and what can go wrong with it, in words.

    Wire.send ──> credentials, redirects within the server's own address ──> httpcore ──> Reply

Whoever sends learns of a failure whether the server can have got the request: only what it cannot have got may be sent
again. Everything here speaks HTTP and knows nothing of MCP.
"""

import asyncio
import functools
import json
import os
import socket
import ssl
import urllib.request
from collections.abc import AsyncIterator, Callable
from types import TracebackType
from typing import Any, Protocol
from urllib.parse import quote, unquote, urljoin, urlsplit, urlunsplit

import httpcore2

from approver.model import HttpServer
from approver.proxy.http_network import AsyncioNetwork
from approver.visible import make_visible

Headers = list[tuple[bytes, bytes]]

CONNECT_SECONDS = 20.0
WRITE_SECONDS = 60.0
_TIMEOUTS = {"connect": CONNECT_SECONDS, "write": WRITE_SECONDS, "pool": WRITE_SECONDS, "read": None}
_MOST_CONNECTIONS = 1000
_KEPT_CONNECTIONS = 16
_KEPT_SECONDS = 30.0
_MOST_REDIRECTS = 5
_LONGEST_ANSWER = 64 * 1024 * 1024
_WORDS_OF_ANSWER = 200
_AGENT = (b"user-agent", b"approver")

_NOT_SENT = (
    httpcore2.ConnectError,
    httpcore2.ConnectTimeout,
    httpcore2.PoolTimeout,
    httpcore2.ProxyError,
    httpcore2.UnsupportedProtocol,
    httpcore2.LocalProtocolError,
)
_CUT_OFF = (httpcore2.NetworkError, httpcore2.TimeoutException, httpcore2.ProtocolError, OSError)


class WireFault(Exception):
    """A request failed; the message is a sentence without a full stop that can follow a colon."""


class Unreachable(WireFault):
    """The server cannot have got the request."""


class CutOff(WireFault):
    """The request was sent, but no whole answer came: whether the server acted on it is not known."""


class Unwelcome(WireFault):
    """The server does not let Approver in; the message says what to do."""


class Credentials(Protocol):
    """By what the server knows who calls."""

    async def credentials(self) -> Headers:
        """The headers to send. Raises `Unwelcome` where there is nothing that the server would take."""
        ...

    async def refused(self, status: int, challenge: str, used: Headers) -> bool:
        """Hear that the server answered 401 or 403; whether there are other credentials to try now.

        Raises `WireFault` where that cannot be told.
        """
        ...

    def advice(self, status: int) -> str:
        """What the person can do about it, as a sentence."""
        ...


class Reply:
    """A server's answer, open until the end of the `async with` block."""

    def __init__(self, response: httpcore2.Response) -> None:
        self._response = response
        self.status: int = response.status
        self._body: bytes | None = None
        self._headers = {name.lower(): value for name, value in response.headers}
        self.cookies = [value.decode("latin-1") for name, value in response.headers if name.lower() == b"set-cookie"]
        self.content_type = self.header(b"content-type").partition(";")[0].strip().lower()

    def header(self, name: bytes) -> str:
        """A header's value, empty where it is absent; the name in lower case."""
        return self._headers.get(name, b"").decode("latin-1")

    async def __aenter__(self) -> "Reply":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._response.aclose()

    async def chunks(self) -> AsyncIterator[bytes]:
        """The body as it comes. Raises `CutOff`."""
        try:
            async for chunk in self._response.aiter_stream():
                yield chunk
        except _CUT_OFF as fault:
            raise CutOff(f"the connection broke while it answered ({_words(fault)})") from fault

    async def read(self) -> bytes:
        """The whole body. Raises `CutOff`."""
        if self._body is None:
            self._body = await self._read()
        return self._body

    async def _read(self) -> bytes:
        pieces: list[bytes] = []
        size = 0
        async for chunk in self.chunks():
            size += len(chunk)
            if size > _LONGEST_ANSWER:
                raise CutOff(f"its answer has more than {_LONGEST_ANSWER:,} bytes")
            pieces.append(chunk)
        return b"".join(pieces)

    async def described(self) -> str:
        """The status, and what the answer says about it, in a line."""
        phrase = self._response.extensions.get("reason_phrase", b"").decode("latin-1")
        said = f"HTTP {self.status} {phrase}".rstrip()
        if self.content_type in ("application/json", "text/plain"):
            text = " ".join(_said(await self.read()).split())
            said += f": {make_visible(text[:_WORDS_OF_ANSWER]).rstrip('.')}" if text else ""
        return said


class Wire:
    """The way to one server. Safe to use from many tasks of one loop."""

    def __init__(self, server: HttpServer, credentials: Credentials) -> None:
        self._server = server
        self._credentials = credentials
        self.url = _in_ascii(server.url)
        self._pool: httpcore2.AsyncConnectionPool | None = None
        self._cookies: dict[str, str] = {}
        self.has_answered = False
        """Whether the server has ever answered."""

    async def close(self) -> None:
        """Close the connections."""
        if self._pool is not None:
            await self._pool.aclose()

    async def send(
        self, method: str, headers: Headers, body: bytes = b"", *, url: str | None = None,
        within: float | None = None, on_sent: Callable[[], None] = lambda: None,
    ) -> Reply:  # fmt: skip
        """Send a request; return the answer once its head has come, to be used with `async with`.

        Args:
            method: such as POST.
            headers: besides those that every request has.
            body: what to send.
            url: another address of the server's than its own.
            within: seconds the answer's head may take; None: as long as it likes.
            on_sent: called when the request is on its way.

        Raises:
            WireFault: as one of its three kinds.
        """
        has_tried_again = False
        while True:
            own = await self._credentials.credentials()
            reply = await self._follow(method, url or self.url, [*headers, *own], body, within, on_sent)
            if reply.status not in (401, 403):
                return reply
            again = await self._refused(reply, own)
            if not again or has_tried_again:
                raise Unwelcome(self._credentials.advice(reply.status))
            has_tried_again = True

    async def _refused(self, reply: Reply, own: Headers) -> bool:
        async with reply:
            return await self._credentials.refused(reply.status, reply.header(b"www-authenticate"), own)

    async def _follow(
        self, method: str, url: str, headers: Headers, body: bytes, within: float | None, on_sent: Callable[[], None]
    ) -> Reply:
        """Send a request, and again where the server moved within its own address."""
        for _ in range(_MOST_REDIRECTS):
            reply = await self._once(method, url, headers, body, within, on_sent)
            moved = reply.status in (307, 308) or (method == "GET" and reply.status in (301, 302, 303))
            location = reply.header(b"location")
            if not (300 <= reply.status < 400 and location):
                return reply
            async with reply:
                there = urljoin(url, location)
                if not moved or not same_origin(url, there):
                    bare = make_visible(urlsplit(there)._replace(query="", fragment="").geturl())
                    raise Unwelcome(
                        f"it redirects to {bare}. If that is where it is now, give that address in servers.json"
                    )
            url = there
        raise Unwelcome(f"it redirected more than {_MOST_REDIRECTS} times")

    async def _once(
        self, method: str, url: str, headers: Headers, body: bytes, within: float | None, on_sent: Callable[[], None]
    ) -> Reply:
        request = self._request(method, url, headers, body, on_sent)
        try:
            async with asyncio.timeout(within):
                reply = Reply(await self._connections().handle_async_request(request))
        except TimeoutError as fault:
            raise CutOff(f"it has not answered within {within:g} seconds") from fault
        except _NOT_SENT as fault:
            raise Unreachable(_why_unreachable(fault, url)) from fault
        except _CUT_OFF as fault:
            raise CutOff(f"the connection broke before it answered ({_words(fault)})") from fault
        self.has_answered = True
        for cookie in reply.cookies:
            self._keep_cookie(cookie)
        return reply

    def _connections(self) -> httpcore2.AsyncConnectionPool:
        if self._pool is None:
            self._pool = httpcore2.AsyncConnectionPool(
                ssl_context=_tls() if self.url.startswith("https:") else None,
                proxy=_proxy(self.url),
                max_connections=_MOST_CONNECTIONS,
                max_keepalive_connections=_KEPT_CONNECTIONS,
                keepalive_expiry=_KEPT_SECONDS,
                network_backend=AsyncioNetwork(),
            )
        return self._pool

    def _request(
        self, method: str, url: str, headers: Headers, body: bytes, on_sent: Callable[[], None]
    ) -> httpcore2.Request:
        where, host = _target(url)
        head: Headers = [(b"host", host), _AGENT, (b"accept-encoding", b"identity"), *headers]
        if self._cookies:
            head.append((b"cookie", "; ".join(f"{name}={value}" for name, value in self._cookies.items()).encode()))
        if method == "POST":
            head.append((b"content-length", b"%d" % len(body)))
        return httpcore2.Request(
            method.encode(), where, headers=head, content=_told(body, on_sent), extensions={"timeout": _TIMEOUTS}
        )

    def _keep_cookie(self, said: str) -> None:
        """Keep what a load balancer finds its way by; all requests go to one address, so nothing else matters."""
        name, equals, value = said.partition(";")[0].partition("=")
        if not equals:
            return
        attributes = said.lower()
        if "max-age=0" in attributes or "1970 00:00:00" in attributes:
            self._cookies.pop(name.strip(), None)
        elif value.isascii() and value.isprintable():
            self._cookies[name.strip()] = value.strip()


def _said(body: bytes) -> str:
    """What an answer says of an error: the words of its JSON, in the members that hold them as a rule, or all of it."""
    text = body.decode("utf-8", "replace")
    try:
        value: Any = json.loads(text)
    except (ValueError, RecursionError):
        return text
    for member in ("error_description", "error", "message", "detail"):
        while isinstance(value, dict) and member in value:
            value = value[member]
    return value if isinstance(value, str) else text


async def _told(body: bytes, on_sent: Callable[[], None]) -> AsyncIterator[bytes]:
    """The body; httpcore asks for more once it has handed it to the network."""
    yield body
    on_sent()


def _host(url: str) -> bytes:
    parts = urlsplit(url)
    host = parts.hostname or ""
    bracketed = f"[{host}]" if ":" in host else host
    return (f"{bracketed}:{parts.port}" if parts.port else bracketed).encode("idna" if not host.isascii() else "ascii")


@functools.lru_cache(maxsize=64)
def _target(url: str) -> tuple[httpcore2.URL, bytes]:
    """An address as httpcore has it, and the `Host` to name there: the same for nearly every request."""
    return httpcore2.URL(url), _host(url)


def _in_ascii(url: str) -> str:
    """The address as it goes over the wire."""
    parts = urlsplit(url)
    path, query = (quote(text, safe="/%:@!$&'()*+,;=~-._?") for text in (parts.path or "/", parts.query))
    return urlunsplit((parts.scheme, _host(url).decode(), path, query, ""))


def same_origin(here: str, there: str) -> bool:
    """Whether what was meant for one address may be sent to the other."""
    one, other = urlsplit(here), urlsplit(there)
    if other.username or other.password:
        return False
    upgraded = (one.scheme, other.scheme, one.port, other.port) == ("http", "https", None, None)
    return one.hostname == other.hostname and ((one.scheme, one.port) == (other.scheme, other.port) or upgraded)


@functools.cache
def _tls() -> ssl.SSLContext:
    """One for all connections: reading the system's certificates takes a while."""
    return httpcore2.default_ssl_context()


def _proxy(url: str) -> httpcore2.Proxy | None:
    """The proxy that the system or the environment names for this address."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if host in ("localhost", "127.0.0.1", "::1") or urllib.request.proxy_bypass(host):
        return None
    found = urllib.request.getproxies()
    named = found.get(parts.scheme) or found.get("all")
    if not named:
        return None
    proxy = urlsplit(named if "//" in named else f"http://{named}")
    if proxy.scheme not in ("http", "https"):
        raise Unreachable(
            f"the proxy that is set up for it speaks {proxy.scheme}, and only HTTP proxies are known here"
        )
    port = f":{proxy.port}" if proxy.port else ""
    login = (unquote(proxy.username), unquote(proxy.password or "")) if proxy.username else None
    return httpcore2.Proxy(f"{proxy.scheme}://{proxy.hostname}{port}", auth=login)


def _why_unreachable(fault: BaseException, url: str) -> str:
    place = _host(url).decode()
    causes = list(_causes(fault))
    for cause in causes:
        if isinstance(cause, socket.gaierror):
            return f"there is no host {urlsplit(url).hostname}, or no network"
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"its certificate is not trusted ({cause.verify_message})"
    if isinstance(fault, httpcore2.ConnectTimeout):
        return f"{place} did not take the connection within {CONNECT_SECONDS:g} seconds"
    if any(isinstance(cause, ConnectionRefusedError) or "refused" in str(cause).lower() for cause in causes):
        return f"nothing answers at {place}. Is it running?"
    return f"no connection to {place} ({_words(fault)})"


def _causes(fault: BaseException | None) -> "list[BaseException]":
    found: list[BaseException] = []
    while fault is not None:
        found.append(fault)
        fault = fault.__cause__ or fault.__context__
    return found


def _words(fault: BaseException) -> str:
    if isinstance(fault, OSError) and fault.errno:
        return os.strerror(fault.errno)
    return make_visible(str(fault).rstrip(".")) or type(fault).__name__
