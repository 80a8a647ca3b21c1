"""One stdio server that stateless requests share: each has a name of its own there, so nobody hears another's.

    request ── named anew ──> server
    request <── what belongs to its name, in order <── server

A request that waits costs one coroutine and what stands in `_Open`.
"""

import asyncio
import itertools
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec

from approver.proxy import jsonrpc
from approver.proxy.jsonrpc import RequestId
from approver.proxy.stdio_messages import Connect, Message, Upstream, UpstreamGone
from approver.proxy.stdio_placing import Alias, alias_for, members
from approver.tasks import spawn

log = logging.getLogger(__name__)

MOST_UNREAD = 1024
"""How many messages may wait for a client that does not read its stream."""
IDLE_SECONDS = 1800.0
"""How long the server is kept without any request; what it remembers for its clients, tasks say, ends with it."""
CANCEL_SECONDS = 5.0
PING = b""

Tell = Callable[[bytes], Awaitable[None]]
"""Sends a client a message about its request; an empty one only keeps its connection open."""


class RequestFailed(Exception):
    """A request is answered with an error: the server's own, or that it is gone."""

    def __init__(self, error: Mapping[str, Any]) -> None:
        super().__init__(error.get("message"))
        self.error = error
        code = error.get("code")
        self.code = code if isinstance(code, int) else 0

    @classmethod
    def gone(cls, sentence: str) -> "RequestFailed":
        """The server is not there (any more)."""
        return cls({"code": jsonrpc.UNAVAILABLE, "message": sentence})


class _Open:
    """A request on its way, and what its own coroutine is to read."""

    __slots__ = ("_stirred", "alias", "coming", "is_over", "was_pinged")

    def __init__(self, alias: Alias) -> None:
        self.alias = alias
        self.coming: deque[bytes] | None = None
        self.is_over = False
        self.was_pinged = False
        self._stirred: asyncio.Future[None] | None = None

    def named(self, method: str, params: Any) -> Message:
        """The request as the server gets it."""
        message: Message = {"jsonrpc": "2.0", "id": self.alias.name, "method": method}
        return message if params is None else message | {"params": self.alias.to_server(params)}

    def put(self, line: bytes) -> None:
        """Have something read."""
        self.coming = self.coming or deque()
        self.coming.append(line)
        self._stir()

    def end(self) -> None:
        """Nothing comes any more."""
        self.is_over = True
        self._stir()

    def _stir(self) -> None:
        if self._stirred is not None and not self._stirred.done():
            self._stirred.set_result(None)

    def stirred(self) -> "asyncio.Future[None]":
        """Done with the next thing that comes."""
        self._stirred = asyncio.get_running_loop().create_future()
        return self._stirred


class _Running:
    """The server while it runs."""

    def __init__(self, upstream: Upstream) -> None:
        self.upstream = upstream
        self.open: dict[str, _Open] = {}
        self.has_ended = False
        self.quiet_since = asyncio.get_running_loop().time()

    def closed(self, one: _Open) -> None:
        """Forget a request; with the last one the time of idleness begins."""
        self.open.pop(one.alias.name, None)
        self.quiet_since = asyncio.get_running_loop().time()

    async def take(self, line: bytes) -> None:
        """Give a message of the server's to the request that it belongs to."""
        envelope = jsonrpc.read_envelope(line)
        if envelope is None:
            return
        name: Any = envelope.id
        if isinstance(envelope.method, str):
            message = jsonrpc.read(line)
            if "id" in message:
                await self._refuse(message["id"])
                return
            alias = alias_for(message, (one.alias for one in self.open.values()))
            name = alias.name if alias else None
        one = self.open.get(name) if isinstance(name, str) else None
        if one is None:
            log.debug("nobody waits for a message of the server's")
        elif one.coming is not None and len(one.coming) >= MOST_UNREAD:
            log.warning("a client does not read its stream; its request is given up")
            one.end()
        else:
            one.put(line)

    async def _refuse(self, request_id: Any) -> None:
        sentence = "Requests of 2026-07-28 stand alone: the server cannot ask the client in between."
        error = {"code": jsonrpc.INVALID_REQUEST, "message": sentence}
        await self.upstream.send({"jsonrpc": "2.0", "id": request_id, "error": error})

    def end(self) -> None:
        """The server has ended: nothing comes any more."""
        self.has_ended = True
        for one in self.open.values():
            one.end()


class SharedUpstream:
    """One server for all requests; started by the first one, and again by the first one after it ended."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._starting: asyncio.Future[_Running] | None = None
        self._keeping: set[asyncio.Task[Any]] = set()
        self._numbers = itertools.count(1)

    async def request(self, method: str, params: Any, client_id: RequestId, tell: Tell) -> bytes:
        """Have a request answered; what the server tells about it meanwhile goes to `tell`. Returns the result.

        Raises:
            RequestFailed: the server's own error, or that it is gone.
        """
        running = self._now_running() or await self._started()
        one = _Open(Alias.of(f"request-{next(self._numbers)}", client_id, params))
        running.open[one.alias.name] = one
        try:
            await running.upstream.send(one.named(method, params))
            while True:
                while one.coming:
                    line = one.coming.popleft()
                    if (result := _read(one.alias, line)) is not None:
                        return result
                    await tell(_told(one.alias, line))
                if one.is_over or running.has_ended:
                    raise RequestFailed.gone(running.upstream.ending or "The client did not read what it was told.")
                await one.stirred()
        except UpstreamGone as fault:
            raise RequestFailed.gone(str(fault)) from fault
        except asyncio.CancelledError:
            await self._cancel(running, one.alias)
            raise
        finally:
            running.closed(one)

    async def _cancel(self, running: _Running, alias: Alias) -> None:
        """The client has closed the request's stream, which cancels it; over stdio a notification does."""
        params = {"requestId": alias.name, "reason": "the client has closed the stream"}
        message = {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": params}
        try:
            async with asyncio.timeout(CANCEL_SECONDS):
                await running.upstream.send(message)
        except (UpstreamGone, TimeoutError):
            log.debug("nothing to cancel: the server has ended")

    # -- the server ------------------------------------------------------------------------------------------------

    def _now_running(self) -> _Running | None:
        starting = self._starting
        return starting.result() if starting is not None and starting.done() else None

    async def _started(self) -> _Running:
        if self._starting is None:
            self._starting = asyncio.get_running_loop().create_future()
            task = spawn(self._keep(self._starting), name="a server that requests share")
            self._keeping.add(task)
            task.add_done_callback(self._keeping.discard)
        try:
            return await asyncio.shield(self._starting)
        except UpstreamGone as fault:
            raise RequestFailed.gone(str(fault)) from fault

    async def _keep(self, starting: "asyncio.Future[_Running]") -> None:
        """Run the server, until it ends or this is cancelled."""
        running: _Running | None = None
        try:
            async with self._connect("") as upstream:
                running = _Running(upstream)
                starting.set_result(running)
                async for line in upstream.messages():
                    await running.take(line)
        except UpstreamGone as fault:
            if running is None:  # whoever asked for it hears of it
                self._forget(starting)
                starting.set_exception(fault)
                starting.exception()
        except Exception:  # this must not end the conversations of others
            log.exception("a server that requests share broke")
        finally:
            self._forget(starting)
            if running is not None:
                running.end()

    def _forget(self, starting: "asyncio.Future[_Running]") -> None:
        if self._starting is starting:  # not the next one already
            self._starting = None

    def tend(self, now: float) -> None:
        """Keep connections open on which nothing is said, and end the server if it was idle for too long."""
        running = self._now_running()
        if running is None:
            return
        for one in running.open.values():
            if one.was_pinged:  # not in the very first moment: what is answered in time is plain JSON
                one.put(PING)
            one.was_pinged = True
        if not running.open and now - running.quiet_since > IDLE_SECONDS:
            self._starting = None
            for task in self._keeping:
                task.cancel()

    async def close(self) -> None:
        """End the server."""
        self._starting = None
        keeping = list(self._keeping)
        for task in keeping:
            if not task.cancelling():
                task.cancel()
        if keeping:
            await asyncio.wait(keeping)


def _read(alias: Alias, line: bytes) -> bytes | None:
    """The result, where the line is the request's answer. Raises `RequestFailed`."""
    envelope = jsonrpc.read_envelope(line) if line else None
    if envelope is None or isinstance(envelope.method, str):
        return None
    if not isinstance(envelope.result, msgspec.Raw):
        raise RequestFailed(members(jsonrpc.read(line).get("error")))
    result = bytes(envelope.result)
    if alias.name.encode() not in result:
        return result
    renamed = jsonrpc.read(result)
    return jsonrpc.encode(alias.to_client(renamed)) if isinstance(renamed, dict) else result


def _told(alias: Alias, line: bytes) -> bytes:
    """A notification as the client gets it."""
    if alias.name.encode() not in line:
        return line
    message = jsonrpc.read(line)
    return jsonrpc.encode({**message, "params": alias.to_client(message.get("params"))})
