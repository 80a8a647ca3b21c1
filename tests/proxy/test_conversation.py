"""A conversation joins a shim's connection, a session and a server of its own, and ends all three together."""

import asyncio
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from gate_room import GateRoom
from sample_calls import caller
from talk import failure, notification, request, result, tool_call

from approver.catalog.tools import Catalog
from approver.model import Caller, HttpServer, StdioServer, ToolDefinition
from approver.proxy import conversation as module
from approver.proxy.conversation import Conversation
from approver.proxy.stdio_upstream import UpstreamExit, UpstreamUnavailable

pytestmark = pytest.mark.anyio

WITHIN = 5.0
SERVER = StdioServer("files", "files-server")


class Upstream:
    """A server that does what a test says."""

    made: "Upstream"
    fault: UpstreamUnavailable | None = None
    may_start: asyncio.Event | None = None
    is_starting = asyncio.Event()

    def __init__(self, server: StdioServer, environment: Mapping[str, str], **callbacks: Any) -> None:
        Upstream.made = self
        self.environment = environment
        self.on_lines: Callable[[list[bytes]], None] = callbacks["on_lines"]
        self.on_exit: Callable[[UpstreamExit], None] = callbacks["on_exit"]
        self.on_pause: Callable[[bool], None] = callbacks["on_pause"]
        self.is_running = False
        self.stopped = asyncio.Event()
        self.written: list[bytes] = []
        self.happened: list[Any] = []

    async def start(self, within: float) -> None:
        self.happened.append(("start", within))
        if Upstream.may_start is not None:
            Upstream.is_starting.set()
            await Upstream.may_start.wait()
        if Upstream.fault is not None:
            raise Upstream.fault
        self.is_running = True

    async def stop(self, within: float) -> None:
        self.happened.append(("stop", within))
        self.stopped.set()
        self.is_running = False

    def write(self, data: bytes) -> None:
        self.written.append(data)

    def pause_reading(self, paused: bool) -> None:
        self.happened.append(("pause", paused))

    def say(self, *messages: Any) -> None:
        self.on_lines([one if isinstance(one, bytes) else json.dumps(one).encode() for one in messages])


class Room:
    """The house, and the connection to the shim."""

    def __init__(self, server: StdioServer | HttpServer = SERVER) -> None:
        self.around = GateRoom()
        self.gate = self.around.gate
        self.catalog = Catalog()
        self.clock = self.around.time
        self.start_seconds = 20.0
        self.stop_seconds = 3.0
        self.sent: list[tuple[int | None, Any]] = []
        self.pieces = 0
        self.happened: list[Any] = []
        self.logged: list[tuple[str, bytes]] = []
        self.ended = asyncio.Event()
        self.conversation = Conversation(
            self, self, server, caller(), self._ended, keep_label=False, run_folder=Path("/run")
        )

    @property
    def visibility(self) -> "Room":
        return self

    def is_hidden(self, caller: Caller, tool: str) -> bool:
        return False

    def commit_soon(self) -> None:
        self.happened.append("commit soon")

    def learned(self, server: str, definitions: list[ToolDefinition]) -> None:
        self.happened.append(("learned", server, len(definitions)))

    def credentials(self, server: HttpServer) -> str:
        return f"credentials for {server.name}"

    async def launch_environment(self, server: StdioServer) -> Mapping[str, str]:
        return {"PATH": "/bin"}

    def server_log(self, server: str) -> "Room":
        return self

    def write(self, stream: str, line: bytes) -> None:
        self.logged.append((stream, line))

    def _ended(self, conversation: Conversation) -> None:
        assert conversation is self.conversation
        self.ended.set()

    # the connection

    def open(self, session: Any, owner: Any) -> None:
        assert owner is self.conversation
        self.happened.append("open")

    def send(self, number: int | None, message: bytes) -> None:
        self.sent.append((number, json.loads(message) if message else None))

    def batch(self, work: Callable[[], None]) -> None:
        self.pieces += 1
        work()

    def pause_client(self, paused: bool) -> None:
        self.happened.append(("pause client", paused))

    def close(self) -> None:
        self.happened.append("closed")

    # what tests do

    def client(self, *messages: Any) -> None:
        """Have the client send lines in one piece, as the connection hands them on."""
        self.conversation.begin_batch()
        for number, message in enumerate(messages, start=1):
            self.conversation.session.client_line(number, json.dumps(message).encode())
        self.gate.commit()
        self.conversation.flush()

    def heard(self) -> list[tuple[int | None, Any]]:
        heard, self.sent = self.sent, []
        return heard


@pytest.fixture(autouse=True)
def upstream(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "StdioUpstream", Upstream)
    monkeypatch.setattr(Upstream, "fault", None)
    monkeypatch.setattr(Upstream, "may_start", None)


@pytest.fixture
async def room() -> Room:
    room = Room()
    async with asyncio.timeout(WITHIN):
        await room.conversation.start()
    return room


async def has_ended(room: Room) -> None:
    async with asyncio.timeout(WITHIN):
        await room.ended.wait()


async def test_the_server_is_started_before_the_client_may_speak(room) -> None:
    assert Upstream.made.happened == [("start", 20.0)]
    assert Upstream.made.environment == {"PATH": "/bin"}
    assert room.happened == ["open"]


async def test_messages_pass_and_those_of_one_batch_go_out_together(room) -> None:
    room.client(request(1, "initialize"), tool_call(2, "read"), notification("n"))
    (written,) = Upstream.made.written
    assert written.endswith(b"\n")
    assert [json.loads(line) for line in written.splitlines()] == [
        request(1, "initialize"), tool_call(2, "read"), notification("n")
    ]  # fmt: skip
    Upstream.made.say(result(1), notification("x"), result(2))
    assert room.heard() == [(3, None), (1, result(1)), (None, notification("x")), (2, result(2))]
    assert room.pieces == 1
    assert "commit soon" in room.happened


async def test_a_batch_with_nothing_for_the_server_writes_nothing(room) -> None:
    room.client(tool_call(1, "unknown"))
    assert Upstream.made.written == []


async def test_a_message_outside_of_a_batch_goes_out_at_once(room) -> None:
    room.client(tool_call(1, "write"))
    room.around.approve()
    assert Upstream.made.written == [json.dumps(tool_call(1, "write"), separators=(",", ":")).encode() + b"\n"]


async def test_repeats_that_get_a_servers_answer_get_it_in_the_same_piece(room) -> None:
    room.client(tool_call(1, "write"))
    room.around.approve()
    room.clock.advance(100)
    room.client(tool_call("again", "write"))
    room.heard()
    Upstream.made.say(result(1))
    assert room.heard() == [(1, result(1)), (1, result("again"))]


async def test_a_line_that_cannot_be_handled_does_not_stop_the_others(room, monkeypatch, caplog) -> None:
    take = room.conversation.session.server_line

    def fragile(line: bytes) -> None:
        if b"poison" in line:
            raise RuntimeError("cannot be handled")
        take(line)

    monkeypatch.setattr(room.conversation.session, "server_line", fragile)
    Upstream.made.say(b"poison", notification("x"))
    assert room.heard() == [(None, notification("x"))]
    assert "a line of files could not be handled" in caplog.text


async def test_what_a_server_prints_besides_messages_goes_to_its_log(room) -> None:
    Upstream.made.say(b"Listening...")
    assert room.logged == [("stdout", b"Listening...")]


async def test_the_tools_that_are_listed_are_told_to_the_house(room) -> None:
    room.client(request(1, "tools/list"))
    Upstream.made.say(result(1, tools=[{"name": "read"}]))
    assert ("learned", "files", 1) in room.happened


async def test_each_end_waits_for_the_other(room) -> None:
    Upstream.made.on_pause(True)
    room.conversation.pause_server(True)
    assert room.happened[-1] == ("pause client", True)
    assert Upstream.made.happened[-1] == ("pause", True)


# -- endings -----------------------------------------------------------------------------------------------------------


async def test_a_client_that_leaves_ends_its_questions_at_once_and_then_its_server(room) -> None:
    room.client(tool_call(1, "write"))
    room.conversation.client_left()
    assert len(room.around.queue) == 0
    room.conversation.client_left()
    await has_ended(room)
    assert Upstream.made.happened[1:] == [("stop", 3.0)]
    assert room.happened[-1] == "closed"
    room.conversation.pause_server(True)


async def test_a_conversation_that_was_stopped_answers_nothing_more(room) -> None:
    room.client(tool_call(1, "write"), tool_call(2, "read"))
    async with asyncio.timeout(WITHIN):
        await room.conversation.stop()
    assert room.ended.is_set()
    Upstream.made.on_exit(UpstreamExit("files", 0, (), False))
    assert room.heard() == []
    room.gate.commit()
    assert room.around.journal.story[-2:] == [("outcome", "cancelled"), ("decision", "aborted")]


async def test_a_server_that_ends_fails_what_is_in_flight_and_what_comes(room) -> None:
    room.client(request(1, "x"))
    Upstream.made.on_exit(UpstreamExit("files", 3, ("oh no",), False))
    ((number, answer),) = room.heard()
    assert number == 1
    assert answer["error"]["message"].startswith("The server files has ended: ")
    room.client(request(2, "y"))
    assert room.heard()[0][1]["error"] == answer["error"]
    room.conversation.pause_server(True)
    assert ("pause", True) not in Upstream.made.happened


async def test_a_server_that_is_dying_is_not_written_to(room) -> None:
    Upstream.made.is_running = False
    room.client(request(1, "x"))
    assert "error" in room.heard()[0][1]
    assert Upstream.made.written == []


async def test_a_server_that_cannot_start_is_what_every_request_is_told(monkeypatch) -> None:
    monkeypatch.setattr(Upstream, "fault", UpstreamUnavailable("no such program: files-server."))
    room = Room()
    await room.conversation.start()
    assert room.happened[-1] == "open"
    room.client(request(1, "initialize"))
    assert room.heard()[0][1]["error"]["message"] == (
        "The server files could not be started: no such program: files-server."
    )
    await room.conversation.stop()
    assert ("stop", 3.0) not in Upstream.made.happened


async def test_a_server_that_comes_up_after_the_conversation_was_stopped_is_ended_at_once(monkeypatch) -> None:
    monkeypatch.setattr(Upstream, "may_start", asyncio.Event())
    monkeypatch.setattr(Upstream, "is_starting", asyncio.Event())
    room = Room()
    starting = asyncio.ensure_future(room.conversation.start())
    async with asyncio.timeout(WITHIN):
        await Upstream.is_starting.wait()
    await room.conversation.stop()
    Upstream.may_start.set()
    async with asyncio.timeout(WITHIN):
        await starting
    assert Upstream.made.happened[-1] == ("stop", 0)
    assert "open" not in room.happened


async def test_a_server_that_never_answers_is_given_up(room) -> None:
    room.start_seconds = 0.02
    room.client(request(1, "initialize"))
    async with asyncio.timeout(WITHIN):
        await Upstream.made.stopped.wait()
    ((_, answer),) = room.heard()
    assert "has not answered within 0.02 seconds" in answer["error"]["message"]
    Upstream.made.on_exit(UpstreamExit("files", 0, (), False))
    assert room.heard() == [], "its end is no news"


async def test_a_server_that_has_answered_once_may_take_its_time(room) -> None:
    room.start_seconds = 0.02
    room.client(request(1, "initialize"))
    Upstream.made.say(failure(1))
    room.client(tool_call(2, "read"))
    await asyncio.sleep(0.05)
    assert Upstream.made.is_running
    room.conversation._server_silent()
    assert Upstream.made.is_running
    await room.conversation.stop()


# -- servers over HTTP ---------------------------------------------------------------------------------------------


class Remote(Upstream):
    """A server over HTTP that does what a test says."""

    def __init__(self, server: HttpServer, credentials: Any, **callbacks: Any) -> None:
        self.on_unanswered: Callable[[Any, bytes], None] = callbacks["on_unanswered"]
        super().__init__(StdioServer(server.name, server.url), {"credentials": credentials}, **callbacks)


@pytest.fixture
async def remote_room(monkeypatch: pytest.MonkeyPatch) -> Room:
    monkeypatch.setattr(module, "HttpUpstream", Remote)
    room = Room(HttpServer("files", "https://remote.example/mcp"))
    async with asyncio.timeout(WITHIN):
        await room.conversation.start()
    return room


async def test_a_server_over_http_is_reached_with_its_own_credentials(remote_room) -> None:
    assert Upstream.made.happened == [("start", 20.0)]
    assert Upstream.made.environment == {"credentials": "credentials for files"}
    remote_room.client(request(1, "initialize"), tool_call(2, "read"))
    Upstream.made.say(result(1), result(2))
    assert [message for _, message in remote_room.heard()] == [result(1), result(2)]


async def test_a_server_over_http_is_not_given_up_for_its_silence(remote_room) -> None:
    remote_room.client(request(1, "initialize"))
    assert remote_room.conversation._silence is None


async def test_a_request_that_came_to_nothing_is_told_with_what_that_leads_to(remote_room) -> None:
    remote_room.client(tool_call(1, "write"))
    remote_room.around.approve()
    remote_room.client(tool_call(2, "read"))
    told = {"jsonrpc": "2.0", "id": 2, "error": {"code": -32000, "message": "It is away."}}
    remote_room.pieces = 0
    Upstream.made.on_unanswered(2, json.dumps(told).encode())
    assert remote_room.heard()[-1] == (1, told)
    assert remote_room.pieces == 1


async def test_a_client_that_is_turned_out_hears_why_for_all_it_waits_for_and_its_server_ends(room: Room) -> None:
    room.client(request(1, "resources/read"), tool_call(2, "read"), tool_call(3, "write"))
    assert len(room.around.queue.pending()) == 1
    room.conversation.turn_out("It was revoked.")
    assert sorted((number, message["error"]["message"]) for number, message in room.heard()) == [
        (number, "It was revoked.") for number in (1, 2, 3)
    ]
    assert room.happened[-1] == "closed" and not room.around.queue.pending()
    room.client(request(4, "resources/read"))
    assert room.heard()[0][1] == failure(4, -32000, "It was revoked.")
    await has_ended(room)
    assert Upstream.made.stopped.is_set()
