"""A client before many servers that are scripted: `Many` in a gate's room, with neither processes nor sockets.

room.client({...})      a line of the client's, numbered and committed
await room.answer(7)    the answer to the client's request 7
room.servers["a"]       a scripted server: what it was told, and its say
"""

import asyncio
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from front_room import FrontRoom, until
from talk import notification, request

from approver.model import Caller, HttpServer, StdioServer
from approver.proxy.many import Many
from approver.proxy.stdio_upstream import UpstreamUnavailable
from approver.proxy.upstream_exit import UpstreamExit

Message = dict[str, Any]
Reaction = Callable[["Scripted", Message], Any]
CAPABILITIES = {"tools": {}, "prompts": {}, "resources": {"subscribe": True}, "logging": {}, "completions": {}}


class Scripted:
    """A server: stands for `StdioUpstream`, answers by `on`, and can be ended, muted or kept from starting."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.told: list[Message] = []
        self.on: dict[str, Reaction] = {}
        self.capabilities: Message = dict(CAPABILITIES)
        self.lists: dict[str, list[Any]] = {}
        self.refuses_to_start = ""
        self.starts = 0
        self.command = ""
        """By which it was started last."""
        self.paused = False
        self.is_running = False
        self.may_start = asyncio.Event()
        self.may_start.set()
        self._ends: dict[str, Any] = {}

    def ends(self, ends: dict[str, Any], command: str) -> "Scripted":
        self._ends = ends
        self.command = command
        return self

    async def start(self, within: float) -> None:
        await self.may_start.wait()
        self.starts += 1
        if self.refuses_to_start:
            raise UpstreamUnavailable(self.refuses_to_start)
        self.is_running = True

    async def stop(self, grace: float) -> None:
        if self.is_running:
            self.end()

    def end(self) -> None:
        """End, as a process does."""
        self.is_running = False
        self._ends["on_exit"](UpstreamExit(self.name, 3, (), was_stopped=False))

    def pause_reading(self, paused: bool) -> None:
        self.paused = paused

    def pause_client(self, paused: bool) -> None:
        self._ends["on_pause"](paused)

    def write(self, data: bytes) -> bool:
        for line in data.split(b"\n"):
            if line:
                message = json.loads(line)
                self.told.append(message)
                self._react(message)
        return True

    def _react(self, message: Message) -> None:
        method = message.get("method", "")
        if "id" not in message or not method:
            return
        result = self.on[method](self, message) if method in self.on else self._usual(method, message)
        if result is not None:
            self.say({"jsonrpc": "2.0", "id": message["id"], **result})

    def _usual(self, method: str, message: Message) -> Any:
        if method == "initialize":
            return {
                "result": {"protocolVersion": "2025-06-18", "capabilities": self.capabilities, "instructions": "Hi."}
            }
        if method in self.lists:
            member = {"resources/templates/list": "resourceTemplates"}.get(method, method.split("/")[0])
            return {"result": {member: self.lists[method]}}
        if method.endswith("/list"):
            return {"error": {"code": -32601, "message": "no"}}
        return {"result": {"by": self.name, "params": message.get("params")}}

    def say(self, message: Message) -> None:
        self._ends["on_lines"]([json.dumps(message).encode()])

    def asked(self, method: str) -> list[Message]:
        """The messages of a method that it was told."""
        return [message for message in self.told if message.get("method") == method]


class ManyRoom(FrontRoom):
    """A `Many` and its scripted servers."""

    def __init__(self, folder: Path, monkeypatch: Any, *names: str) -> None:
        super().__init__(folder)
        self.servers = {name: Scripted(name) for name in names}
        for server in self.servers.values():
            server.lists["tools/list"] = [{"name": "read", "inputSchema": {}}, {"name": "secret", "inputSchema": {}}]
        scripted = "approver.proxy.many_server.StdioUpstream"

        class Upstream:
            def __new__(cls, server: StdioServer, environment: Any, **ends: Any) -> Any:
                return self.servers[server.name].ends(ends, server.command)

        monkeypatch.setattr(scripted, Upstream)
        self.heard: list[tuple[int | None, Message | None]] = []
        self.number = 0
        self.pauses: list[bool] = []
        self.many = self.new_many([StdioServer(name, "x") for name in names])

    def credentials(self, server: HttpServer) -> Any:
        """None is needed."""

    def new_many(self, servers: Sequence[StdioServer]) -> Many:
        caller = Caller("s1", "ann", "*", "Tester")
        return Many(self, servers, caller, self._hear, self.folder, on_pause=self.pauses.append)

    def _hear(self, number: int | None, message: bytes) -> None:
        self.heard.append((number, json.loads(message) if message else None))

    def client(self, message: Any) -> int:
        """Say something as the client; returns the line's number."""
        self.number += 1
        line = message if isinstance(message, bytes) else json.dumps(message).encode()
        self.many.client_line(self.number, line)
        self.gate.commit()
        return self.number

    async def settled(self, number: int) -> Message | None:
        """What settles a line."""
        await until(lambda: any(found == number for found, _ in self.heard))
        return next(message for found, message in self.heard if found == number)

    async def ask(self, request_id: Any, method: str, **params: Any) -> Message:
        """A request and its answer."""
        answer = await self.settled(self.client(request(request_id, method, **params)))
        assert answer is not None and answer["id"] == request_id
        return answer

    async def greet(self, **params: Any) -> Message:
        """Start the servers and shake hands."""
        self.many.start()
        return await self.greet_again(**params)

    async def greet_again(self, **params: Any) -> Message:
        """Shake hands with servers that were started before."""
        answer = await self.ask("hello", "initialize", protocolVersion="2025-11-25", capabilities={}, **params)
        self.client(notification("notifications/initialized"))
        return answer["result"]

    def told(self, method: str) -> list[Message]:
        """What the client was told or asked by this method."""
        return [message for number, message in self.heard if message and message.get("method") == method]
