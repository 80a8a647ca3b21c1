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

    __slots__ = ("_count", "_exchange", "_gate", "_is_left", "_ruling", "_stirred", "message")

    def __init__(self, gate: Gate, exchange: Exchange, message: dict[str, Any]) -> None:
        self._gate = gate
        self._exchange = exchange
        self.message = message
        self._ruling: Ruling | None = None
        self._is_left = False
        self._stirred: asyncio.Future[None] | None = None
        self._count = 0

    async def rule(self, caller: Caller) -> Ruling | None:
        """Have the call judged and wait for the ruling; None if the client hung up before there was one."""
        self._gate.judge(self._gate.freeze(caller, self.message["params"]), self)
        self._gate.commit()
        if self._ruling is not None:
            return self._ruling
        watcher = self._exchange.watch(self.hang_up)
        try:
            return await self._wait()
        finally:
            watcher.cancel()

    async def _wait(self) -> Ruling | None:
        """Wait while the call is held, telling the client of progress if it asked for that and reads events."""
        token = jsonrpc.progress_token(self.message["params"])
        tells = token is not None and self._exchange.takes_events
        told = 0
        while self._ruling is None and not self._is_left:
            if tells and told < self._count:
                told = self._count
                await self._exchange.start_events()
                await self._exchange.event(self._progress_message(token))
                continue
            self._stirred = asyncio.get_running_loop().create_future()
            await self._stirred
        return self._ruling

    def _stir(self) -> None:
        if self._stirred is not None and not self._stirred.done():
            self._stirred.set_result(None)

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
        self.give_up("client left")

    def give_up(self, by: str) -> None:
        """Wait no longer for the ruling, if there is none yet; say for the log who or what has ended that."""
        if self._ruling is None:
            self._is_left = True
            self._gate.withdraw(self, by)
            self._stir()

    # -- the gate's side -------------------------------------------------------------------------------------------

    def deliver(self, ruling: Ruling) -> None:
        """Take the ruling."""
        if not self._is_left:
            self._ruling = ruling
            self._stir()
        elif isinstance(ruling, Forward):  # it comes too late: nothing is sent
            self._gate.settle(ruling, Result.UNREACHABLE, 0.0, None)

    def tell_progress(self, count: int) -> None:
        """Hear that the call still waits."""
        self._count = count
        self._stir()


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
