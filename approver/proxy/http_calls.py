"""A `tools/call` that came over HTTP, from the gate's judging to its ruling.

While it is held the client may hang up, which ends the question, and it may be told of progress, for which the response
becomes a stream of events.
"""

import asyncio
from typing import Any

import msgspec

from approver.model import Caller, Result
from approver.proxy import jsonrpc
from approver.proxy.gate import Gate
from approver.proxy.http_exchange import Exchange
from approver.proxy.rulings import Forward, Kept, Reply, Ruling

PROGRESS_SCALE = 1e-6
"""Small: whatever the server reports later, from 0 or from 1, must not seem to go back."""


class HttpCall:
    """One call; the gate's `Request`."""

    def __init__(self, gate: Gate, exchange: Exchange, message: dict[str, Any]) -> None:
        self._gate = gate
        self._exchange = exchange
        self.message = message
        self._ruling: asyncio.Future[Ruling | None] = asyncio.get_running_loop().create_future()
        self._stirred = asyncio.Event()
        self._count = 0

    async def rule(self, caller: Caller) -> Ruling | None:
        """Have the call judged and wait for the ruling; None if the client hung up before there was one."""
        self._gate.judge(self._gate.freeze(caller, self.message["params"]), self)
        self._gate.commit()
        if self._ruling.done():
            return self._ruling.result()
        watcher = self._exchange.watch(self.hang_up)
        try:
            return await self._wait()
        finally:
            watcher.cancel()

    async def _wait(self) -> Ruling | None:
        """Wait while the call is held, telling the client of progress if it asked for that and reads events."""
        token = jsonrpc.progress_token(self.message["params"])
        if token is None or not self._exchange.takes_events:
            return await self._ruling
        while not self._ruling.done():
            await self._stirred.wait()
            self._stirred.clear()
            if not self._ruling.done():
                await self._exchange.start_events()
                await self._exchange.event(self._progress_message(token))
        return self._ruling.result()

    def _progress_message(self, token: Any) -> bytes:
        tool = self.message["params"]["name"]
        params = {
            "progressToken": token,
            "progress": self._count * PROGRESS_SCALE,
            "message": f"Waiting for a person to approve {tool}",
        }
        return jsonrpc.encode({"jsonrpc": "2.0", "method": "notifications/progress", "params": params})

    def hang_up(self) -> None:
        """The client is gone: nobody waits for the ruling any more."""
        if not self._ruling.done():
            self._gate.withdraw(self, "client left")
            self._ruling.set_result(None)
            self._stirred.set()

    # -- the gate's side -------------------------------------------------------------------------------------------

    def deliver(self, ruling: Ruling) -> None:
        """Take the ruling."""
        if not self._ruling.done():
            self._ruling.set_result(ruling)
            self._stirred.set()
        elif isinstance(ruling, Forward):  # it comes too late: nothing is sent
            self._gate.settle(ruling, Result.UNREACHABLE, 0.0, None)

    def tell_progress(self, count: int) -> None:
        """Hear that the call still waits."""
        self._count = count
        self._stirred.set()


async def reply(exchange: Exchange, request_id: Any, ruling: Reply | Kept) -> None:
    """Answer a call that is not forwarded: as JSON, or as an event where the response is a stream already."""
    result = ruling.result if isinstance(ruling, Reply) else msgspec.Raw(ruling.result)
    await respond(exchange, jsonrpc.encode({"jsonrpc": "2.0", "id": request_id, "result": result}))


async def respond(exchange: Exchange, message: bytes) -> None:
    """Send one JSON-RPC response: as JSON, or as the last event of a stream that has begun."""
    if exchange.has_started:
        await exchange.event(message, last=True)
    else:
        await exchange.answer_json(200, message)
