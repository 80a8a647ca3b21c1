"""A conversation on the wire: what client and server say goes into a `Session`, what each hears is noted.

talk.client({...})        a line of the client's, numbered, judged and committed
talk.server({...})        a line of the server's
talk.heard()              what the client was sent since the last look: (number of the line it settles, message)
talk.sent()               what the server was sent since the last look
"""

import json
from typing import Any

from gate_room import GateRoom
from sample_calls import caller

from approver.catalog.tools import Catalog
from approver.model import Caller, ToolDefinition
from approver.proxy.session import Session

Message = dict[str, Any]


def request(request_id: Any, method: str, **params: Any) -> Message:
    """A request; without keyword arguments it has no params."""
    return {"jsonrpc": "2.0", "id": request_id, "method": method} | ({"params": params} if params else {})


def notification(method: str, **params: Any) -> Message:
    """A notification."""
    return {"jsonrpc": "2.0", "method": method} | ({"params": params} if params else {})


def tool_call(request_id: Any, tool: str, arguments: Any = None, **more: Any) -> Message:
    """A `tools/call`."""
    return request(request_id, "tools/call", name=tool, arguments=arguments or {}, **more)


def result(request_id: Any, **members: Any) -> Message:
    """A response."""
    return {"jsonrpc": "2.0", "id": request_id, "result": members}


def failure(request_id: Any, code: int = -32603, message: str = "It broke.") -> Message:
    """An error response."""
    return {"jsonrpc": "2.0", "id": request_id, "error": {"code": code, "message": message}}


def encoded(message: Any) -> bytes:
    """A message as a line; bytes stay as they are."""
    return message if isinstance(message, bytes) else json.dumps(message).encode()


class Talk:
    """One session in a gate's room; the talk is the session's two ends."""

    def __init__(self, room: GateRoom, by: Caller | None = None, *, keep_label: bool = False) -> None:
        self.room = room
        self.is_running = True
        self.noise: list[bytes] = []
        self.raw: list[bytes] = []
        """Every line the client was sent, as it was."""
        self.commits_wanted = 0
        self.learned: list[tuple[str, list[ToolDefinition]]] = []
        self.catalog = Catalog()
        self._number = 0
        self._to_client: list[tuple[int | None, Any]] = []
        self._to_server: list[Message] = []
        self.session = Session(
            by or caller(),
            gate=room.gate,
            ends=self,
            catalog=self.catalog,
            visibility=self,
            clock=room.time,
            on_definitions=lambda server, definitions: self.learned.append((server, definitions)),
            keep_label=keep_label,
        )

    # -- speaking ------------------------------------------------------------------------------------------------------

    def client(self, *messages: Any) -> None:
        """Have the client send lines in one piece."""
        for message in messages:
            self._number += 1
            self.session.client_line(self._number, encoded(message))
        self.room.gate.commit()

    def server(self, *messages: Any) -> None:
        """Have the server send lines in one piece."""
        for message in messages:
            self.session.server_line(encoded(message))
        if self.room.gate.has_rulings:
            self.room.gate.commit()

    # -- hearing -------------------------------------------------------------------------------------------------------

    def heard(self) -> list[tuple[int | None, Any]]:
        """What the client was sent since the last look; None for a line that needs no answer."""
        heard, self._to_client = self._to_client, []
        return heard

    def answer(self) -> Message:
        """The one message the client was sent since the last look."""
        ((_, message),) = self.heard()
        return message

    def sent(self) -> list[Message]:
        """What the server was sent since the last look."""
        sent, self._to_server = self._to_server, []
        return sent

    # -- the session's ends and what it may show -----------------------------------------------------------------------

    def to_client(self, number: int | None, message: bytes) -> None:
        """Note what the client is sent."""
        assert b"\n" not in message
        self.raw.append(message)
        self._to_client.append((number, json.loads(message) if message else None))

    def to_server(self, message: bytes) -> bool:
        """Note what the server is sent, if there is one."""
        assert b"\n" not in message
        if self.is_running:
            self._to_server.append(json.loads(message))
        return self.is_running

    def server_noise(self, line: bytes) -> None:
        """Note a line that is no message."""
        self.noise.append(line)

    def commit_soon(self) -> None:
        """Note that a commit was wished for."""
        self.commits_wanted += 1

    def is_hidden(self, caller: Caller, tool: str) -> bool:
        """Whether the room hides the tool."""
        return tool in self.room.around.hidden
