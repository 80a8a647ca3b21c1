"""A shim's connection before many servers."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from front_room import until
from many_room import ManyRoom
from talk import request, tool_call

from approver.model import Caller, StdioServer
from approver.proxy.many_local import LocalMany

pytestmark = pytest.mark.anyio


class Connection:
    """Stands for a shim's connection."""

    def __init__(self) -> None:
        self.opened: Any = None
        self.sent: list[tuple[int | None, bytes]] = []
        self.is_closed = False
        self.paused: list[bool] = []

    def open(self, session: Any, owner: Any) -> None:
        self.opened = session

    def send(self, number: int | None, message: bytes) -> None:
        self.sent.append((number, message))

    def batch(self, work: Callable[[], None]) -> None:
        work()

    def pause_client(self, paused: bool) -> None:
        self.paused.append(paused)

    def close(self) -> None:
        self.is_closed = True


async def test_servers_run_while_the_client_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room = ManyRoom(tmp_path, monkeypatch, "a")
    connection: Any = Connection()
    ended: list[LocalMany] = []
    caller = Caller("s", "local", "*", "Tester")
    one = LocalMany(
        room, connection, [StdioServer("a", "x")], caller, ended.append, keep_label=True, run_folder=tmp_path
    )
    one.start()
    assert connection.opened is one.many
    one.begin_batch()
    one.many.client_line(1, b'{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"a://1"}}')
    one.many.client_line(2, str(tool_call(2, "a__write")).replace("'", '"').encode())
    room.gate.commit()
    one.flush()
    await until(lambda: room.queue.pending())
    assert room.queue.pending()[0].call.caller.client == "Tester"
    one.pause_server(True)
    assert room.servers["a"].paused
    room.servers["a"].pause_client(True)
    assert connection.paused == [True]
    one.client_left()
    one.client_left()
    await until(lambda: ended)
    assert connection.is_closed and not room.servers["a"].is_running and room.queue.pending() == ()
    assert request(1, "ping")
