"""The engine's socket: greetings, numbered lines in, framed messages out, and what happens when either end is gone."""

import asyncio
import json
import os
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest

from approver.proxy import jsonrpc, local_front
from approver.proxy.local_front import LocalConnection, Peer
from approver.tasks import spawn

pytestmark = pytest.mark.anyio


@pytest.fixture(params=[False, True], ids=["asyncio", "uvloop"])
def anyio_backend(request) -> tuple[str, dict[str, Any]]:
    return "asyncio", {"use_uvloop": request.param}


class Room:
    """The host of one connection, the owner of its conversation, its session, and the client at the other end.

    `happened` tells what was asked of them, in order.
    """

    def __init__(self) -> None:
        self.happened: list[Any] = []
        self.closed = asyncio.Event()
        self.connected = asyncio.Event()
        self.something = asyncio.Event()
        self.answer: Callable[[], dict[str, Any]] = lambda: {"ok": True}
        self.connection: LocalConnection
        self.reader: asyncio.StreamReader
        self.writer: asyncio.StreamWriter

    async def start(self) -> None:
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        self.connection = LocalConnection(self, lambda work, name: spawn(work, name=name), self.gone)
        await asyncio.get_running_loop().connect_accepted_socket(lambda: self.connection, ours)
        self.reader, self.writer = await asyncio.open_connection(sock=theirs)

    def note(self, *what: Any) -> None:
        self.happened.append(what if len(what) > 1 else what[0])
        self.something.set()

    async def until(self, what: Any) -> None:
        """Wait until it happened."""
        async with asyncio.timeout(5):
            while what not in self.happened:
                self.something.clear()
                await self.something.wait()

    # the client

    async def say(self, data: bytes | dict[str, Any]) -> None:
        self.writer.write(data if isinstance(data, bytes) else json.dumps(data).encode() + b"\n")
        async with asyncio.timeout(5):
            await self.writer.drain()

    def hand_over(self, descriptors: list[int]) -> None:
        descriptor = os.dup(self.writer.get_extra_info("socket").fileno())  # a transport's own socket sends none
        with socket.socket(fileno=descriptor) as shim:
            socket.send_fds(shim, [b"\n"], descriptors)

    async def hear(self) -> bytes:
        async with asyncio.timeout(5):
            return await self.reader.readline()

    async def hear_all(self) -> bytes:
        async with asyncio.timeout(5):
            return await self.reader.read()

    async def open(self) -> None:
        """Greet as a client and have the conversation begin."""
        await self.say({"approver": 1, "role": "client", "server": "files"})
        async with asyncio.timeout(5):
            await self.connected.wait()
        self.connection.open(self, self)
        assert await self.hear() == b'{"ok":true}\n'

    # the host

    def connect_client(self, connection: LocalConnection, greeting: dict[str, Any]) -> None:
        assert connection is self.connection
        self.note("greeted", greeting)
        self.connected.set()

    async def control(self, command: str, arguments: dict[str, Any], peer: Peer) -> dict[str, Any]:
        self.note("command", command, arguments, peer)
        self.note("asked")
        return self.answer()

    def commit(self) -> None:
        self.note("commit")

    def gone(self, connection: LocalConnection) -> None:
        self.closed.set()

    # the owner

    def client_left(self) -> None:
        self.note("left")

    def pause_server(self, paused: bool) -> None:
        self.note("pause server", paused)

    def begin_batch(self) -> None:
        self.note("begin")

    def flush(self) -> None:
        self.note("flush")

    # the session

    def client_line(self, number: int, line: bytes) -> None:
        self.note(number, line)
        if line == b"fault":
            raise RuntimeError("a fault in the session")
        if line.startswith(b"echo"):
            self.connection.send(number, line)

    def refuse(self, number: int, fault: jsonrpc.WireFault, line: bytes) -> None:
        self.note("refuse", number, fault.request_id, fault.message, line)


class Reading:
    """The client's end of its stdout."""

    def __init__(self, descriptor: int) -> None:
        os.set_blocking(descriptor, False)
        self._descriptor = descriptor
        self._got = b""

    async def line(self) -> bytes:
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(5):
            while b"\n" not in self._got:
                ready = asyncio.Event()
                loop.add_reader(self._descriptor, ready.set)
                await ready.wait()
                loop.remove_reader(self._descriptor)
                self._got += os.read(self._descriptor, 65536)
        line, _, self._got = self._got.partition(b"\n")
        return line + b"\n"

    def is_empty(self) -> bool:
        with suppress(BlockingIOError):
            self._got += os.read(self._descriptor, 65536)
        return not self._got

    def close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


@asynccontextmanager
async def handed_over(room: Room) -> AsyncIterator[Reading]:
    """Greet as a shim that hands its client's stdout over, and have the conversation begin."""
    reading, writing = os.pipe()
    stdout = Reading(reading)
    await room.say({"approver": 1, "role": "client", "passes": "stdout"})
    assert await room.hear() == b'{"pass":"stdout"}\n'
    room.hand_over([writing])
    os.close(writing)
    async with asyncio.timeout(5):
        await room.connected.wait()
    room.connection.open(room, room)
    assert await room.hear() == b'{"ok":true}\n'
    yield stdout
    stdout.close()


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    room = Room()
    await room.start()
    yield room
    room.writer.close()
    room.connection.close()
    async with asyncio.timeout(5):
        await room.closed.wait()


# -- greetings ---------------------------------------------------------------------------------------------------------


async def test_the_kernel_says_who_is_at_the_other_end(room) -> None:
    assert room.connection.peer == Peer(os.getpid(), os.getuid())


async def test_another_user_of_the_machine_is_refused(monkeypatch, caplog) -> None:
    monkeypatch.setattr(local_front, "_own_uid", lambda: os.getuid() + 1)
    room = Room()
    await room.start()
    async with asyncio.timeout(5):
        await room.closed.wait()
    assert room.happened == []
    assert "refused a connection of user" in caplog.text
    room.writer.close()


async def test_a_client_is_handed_to_the_engine_and_hears_when_it_may_speak(room) -> None:
    await room.open()
    assert room.happened == [("greeted", {"approver": 1, "role": "client", "server": "files"})]


async def test_a_greeting_may_come_in_pieces_and_lines_may_follow_it_at_once(room) -> None:
    room.connection.data_received(b'{"approver": 1, "ro')
    assert room.connection.eof_received() is False, "nobody was greeted: there is nothing to wait for"
    await room.say(b'le": "client"}\n{"first": 1}\n{"seco')
    async with asyncio.timeout(5):
        await room.connected.wait()
    assert room.happened == [("greeted", {"approver": 1, "role": "client"})]
    room.connection.open(room, room)
    await room.say(b'nd": 2}\n')
    await room.until((2, b'{"second": 2}'))
    assert room.happened[1:] == [
        "begin", (1, b'{"first": 1}'), "commit", "flush", "begin", (2, b'{"second": 2}'), "commit", "flush"
    ]  # fmt: skip


async def test_a_client_without_a_server_is_turned_away_with_a_sentence(room) -> None:
    await room.say({"approver": 1, "role": "client", "server": "nowhere"})
    async with asyncio.timeout(5):
        await room.connected.wait()
    room.connection.turn_away("Approver knows no server 'nowhere'.")
    assert json.loads(await room.hear_all()) == {"ok": False, "error": "Approver knows no server 'nowhere'."}


@pytest.mark.parametrize(
    ("greeting", "words"),
    [
        (b"hello\n", "not valid JSON"),
        (b'{"jsonrpc":"2.0","id":1,"method":"initialize"}\n', "Approver's own socket"),
        (b'{"approver":2,"role":"client"}\n', "speaks version 1"),
        (b'{"approver":1,"role":"window"}\n', 'the role "client" or "control"'),
        (b'{"approver":1}\n', 'the role "client" or "control"'),
        (b"[1]\n", "batches"),
    ],
)
async def test_whoever_greets_otherwise_is_told_what_this_is(room, greeting, words) -> None:
    await room.say(greeting)
    answer = json.loads(await room.hear_all())
    assert answer["ok"] is False
    assert words in answer["error"]
    assert room.happened == []


@pytest.mark.parametrize("greeting", [b"x" * 200_000, b'{"approver":1,"x":"' + b"x" * 70_000 + b'"}\n'])
async def test_a_greeting_that_is_too_long_is_answered_and_the_connection_closed(room, greeting) -> None:
    await room.say(greeting)
    answer = json.loads(await room.hear_all())
    assert answer["ok"] is False
    assert "a greeting of at most 65,536 bytes" in answer["error"]
    async with asyncio.timeout(5):
        await room.closed.wait()
    assert room.happened == []


# -- commands ----------------------------------------------------------------------------------------------------------


async def test_a_command_is_carried_out_and_answered(room) -> None:
    room.answer = lambda: {"ok": True, "pending": []}
    await room.say({"approver": 1, "role": "control", "command": "pending", "arguments": {"a": 1}})
    assert json.loads(await room.hear_all()) == {"ok": True, "pending": []}
    assert room.happened[:1] == [("command", "pending", {"a": 1}, Peer(os.getpid(), os.getuid()))]


@pytest.mark.parametrize("arguments", [None, [1], "x"])
async def test_arguments_that_are_no_object_are_none(room, arguments) -> None:
    await room.say({"approver": 1, "role": "control", "arguments": arguments})
    assert json.loads(await room.hear_all()) == {"ok": True}
    assert room.happened[0][1:3] == ("None", {})


async def test_a_command_that_closes_its_side_at_once_is_answered_all_the_same(room) -> None:
    await room.say({"approver": 1, "role": "control", "command": "state"})
    room.writer.write_eof()
    await room.until("asked")
    assert room.connection.eof_received() is True
    assert json.loads(await room.hear_all()) == {"ok": True}


async def test_a_command_that_fails_is_answered_and_logged(room, caplog) -> None:
    def fail() -> dict[str, Any]:
        raise RuntimeError("out of order")

    room.answer = fail
    await room.say({"approver": 1, "role": "control", "command": "state"})
    answer = json.loads(await room.hear_all())
    assert answer["ok"] is False
    assert "its log says why" in answer["error"]
    assert "out of order" in caplog.text


# -- lines in ----------------------------------------------------------------------------------------------------------


async def test_lines_are_numbered_and_committed_together(room) -> None:
    await room.open()
    room.happened.clear()
    await room.say(b"one\ntwo\n\n  \r\nfive\n")
    await room.until("flush")
    assert room.happened == ["begin", (1, b"one"), (2, b"two"), (5, b"five"), "commit", "flush"]
    assert [await room.hear() for _ in range(2)] == [b"3\t\n", b"4\t\n"], "blank lines are settled at once"


async def test_a_line_may_come_byte_by_byte(room) -> None:
    await room.open()
    for byte in b"echo 1\n":
        await room.say(bytes([byte]))
    assert await room.hear() == b"1\techo 1\n"


async def test_answers_to_a_batch_go_out_in_one_piece_after_the_commit(room) -> None:
    await room.open()
    await room.say(b"echo a\necho b\n")
    assert await room.hear() == b"1\techo a\n"
    assert await room.hear() == b"2\techo b\n"
    assert room.happened[-2:] == ["commit", "flush"]


async def test_a_fault_closes_the_connection_and_what_follows_is_not_carried_out(room, caplog) -> None:
    await room.open()
    await room.say(b"fault\necho b\n")
    assert await room.hear_all() == b""
    async with asyncio.timeout(5):
        await room.closed.wait()
    assert (2, b"echo b") not in room.happened
    assert "commit" not in room.happened
    assert "a fault in the session" in caplog.text


async def test_a_line_that_is_too_long_is_refused_and_the_next_one_is_read(room, monkeypatch) -> None:
    monkeypatch.setattr(jsonrpc, "MAX_LINE", 10_000)
    await room.open()
    line = b'{"jsonrpc":"2.0","id":7,"params":"' + b"x" * 50_000 + b'"}'
    for start in range(0, len(line), 3_000):
        room.connection.data_received(line[start : start + 3_000])
    room.connection.data_received(b"\nnext\n")
    assert (2, b"next") in room.happened
    ((_, number, request_id, message, _),) = [what for what in room.happened if what[0] == "refuse"]
    assert (number, request_id) == (1, 7)
    assert "the message is longer than" in message
    assert f"{len(line):,}" not in message, "the shim cuts such lines: how long it was is not known here"


async def test_the_id_of_a_line_that_is_too_long_is_found_at_its_end(room, monkeypatch) -> None:
    monkeypatch.setattr(jsonrpc, "MAX_LINE", 10_000)
    await room.open()
    line = b'{"params":"' + b"x" * 50_000 + b'","id":"end"}'
    for start in range(0, len(line), 7_000):
        room.connection.data_received(line[start : start + 7_000])
    room.connection.data_received(b"\n")
    assert [what[2] for what in room.happened if what[0] == "refuse"] == ["end"]


async def test_sixteen_mebibytes_pass(room) -> None:
    await room.open()
    line = b"x" * jsonrpc.MAX_LINE
    await room.say(line + b"\n")
    await room.until((1, line))


# -- frames out --------------------------------------------------------------------------------------------------------


async def test_messages_are_framed_with_the_number_of_the_line_they_settle(room) -> None:
    await room.open()
    room.connection.send(12, b'{"id":1}')
    room.connection.send(None, b'{"method":"x"}')
    room.connection.send(13, b"")
    assert [await room.hear() for _ in range(3)] == [b'12\t{"id":1}\n', b'\t{"method":"x"}\n', b"13\t\n"]


async def test_what_a_batch_sends_goes_out_at_its_end(room) -> None:
    await room.open()

    def work() -> None:
        room.connection.send(None, b"a")
        room.connection.send(1, b"b")
        raise ValueError("in the middle")

    with pytest.raises(ValueError, match="in the middle"):
        room.connection.batch(work)
    assert [await room.hear() for _ in range(2)] == [b"\ta\n", b"1\tb\n"]
    room.connection.batch(lambda: None)


async def test_a_client_that_does_not_read_makes_its_server_wait(room) -> None:
    await room.open()
    room.connection.send(None, b"x" * 4_000_000)
    assert room.happened[-1] == ("pause server", True)
    assert len(await asyncio.wait_for(room.reader.readexactly(4_000_002), 5)) == 4_000_002
    await room.until(("pause server", False))


async def test_a_client_whose_greeting_is_refused_at_length_has_no_server_to_wait(room) -> None:
    room.connection.turn_away("x" * 4_000_000)
    assert len(await room.hear_all()) > 4_000_000
    assert room.happened == []


async def test_a_client_whose_server_does_not_keep_up_is_not_read(room) -> None:
    await room.open()
    room.connection.pause_client(True)
    assert room.connection._transport.is_reading() is False
    await room.say(b"echo a\n")
    room.connection.pause_client(False)
    assert await room.hear() == b"1\techo a\n"


# -- endings -----------------------------------------------------------------------------------------------------------


async def test_a_client_that_closes_its_side_has_left_and_still_hears_what_comes(room) -> None:
    await room.open()
    room.writer.write_eof()
    await room.until("left")
    room.connection.send(1, b"late")
    room.connection.close()
    assert await room.hear_all() == b"1\tlate\n"


async def test_a_client_that_is_gone_has_left_and_nothing_is_written_to_it(room) -> None:
    await room.open()
    room.writer.transport.abort()
    await room.until("left")
    room.connection.send(1, b"into the void")
    async with asyncio.timeout(5):
        await room.closed.wait()
    room.connection.send(1, b"into the void")
    room.connection.pause_client(True)
    room.connection.pause_client(False)
    room.connection.quit()


async def test_a_client_that_went_away_while_its_server_started_has_left_when_it_may_speak(room) -> None:
    await room.say({"approver": 1, "role": "client"})
    async with asyncio.timeout(5):
        await room.connected.wait()
    room.connection.connection_lost(None)
    room.connection.open(room, room)
    assert room.happened[1:] == ["left"]


async def test_an_app_that_is_closed_says_so(room) -> None:
    await room.open()
    room.connection.quit()
    assert await room.hear_all() == b"!quit\n"


async def test_an_app_that_is_closed_before_the_conversation_began_just_closes(room) -> None:
    room.connection.quit()
    assert await room.hear_all() == b""


async def test_a_conversation_that_begins_when_its_connection_is_being_closed_is_harmless(room) -> None:
    await room.say({"approver": 1, "role": "client"})
    async with asyncio.timeout(5):
        await room.connected.wait()
    room.connection.quit()
    room.connection.open(room, room)
    assert await room.hear_all() == b""


# -- past the shim -----------------------------------------------------------------------------------------------------

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="only there can a pipe be opened anew")


@pytest.fixture
async def stdout(room: Room) -> AsyncIterator[Reading]:
    """What the client reads of its own end, which was handed over and may be written to."""
    async with handed_over(room) as stdout:
        room.connection.send(1, b"by the shim")
        assert [await room.hear(), await room.hear()] == [b"1\tby the shim\n", b"!sync\n"]
        await room.say(b"!synced\n")
        await room.say(b"echo once more\n")
        assert await room.hear() == b"1\t\n"
        assert await stdout.line() == b"echo once more\n"
        yield stdout


@on_linux
async def test_what_is_short_goes_past_the_shim_which_hears_what_it_settles(room, stdout) -> None:
    room.connection.send(None, b"of the server's own")
    room.connection.send(2, b"an answer")
    room.connection.send(3, b"")
    assert [await stdout.line(), await stdout.line()] == [b"of the server's own\n", b"an answer\n"]
    assert [await room.hear(), await room.hear()] == [b"2\t\n", b"3\t\n"]


@on_linux
async def test_what_is_long_goes_by_the_shim_and_nothing_overtakes_it(room, stdout) -> None:
    long = b"x" * 10_000
    room.connection.send(2, long)
    room.connection.send(3, b"short")
    assert [await room.hear() for _ in range(3)] == [b"2\t" + long + b"\n", b"3\tshort\n", b"!sync\n"]
    room.connection.send(4, b"still by the shim")
    await room.say(b"!synced\n")
    assert [await room.hear(), await room.hear()] == [b"4\tstill by the shim\n", b"!sync\n"]
    await room.say(b"!synced\necho past\n")
    assert await stdout.line() == b"echo past\n"
    assert await room.hear() == b"2\t\n"


@on_linux
async def test_a_stream_of_long_messages_is_not_held_up_by_questions(room, stdout) -> None:
    long = b"x" * 10_000
    for _ in range(3):
        room.connection.send(None, long)
    assert [await room.hear() for _ in range(3)] == [b"\t" + long + b"\n"] * 3
    room.connection.send(None, b"short")
    assert [await room.hear(), await room.hear()] == [b"\tshort\n", b"!sync\n"]


@on_linux
async def test_what_a_client_does_not_read_goes_by_the_shim(room, stdout) -> None:
    count = 0
    while not room.connection._syncing:
        room.connection.send(None, b"%05d" % count)
        count += 1
    assert await room.hear() == b"\t%05d\n" % (count - 1)
    assert [await stdout.line() for _ in range(count - 1)] == [b"%05d\n" % number for number in range(count - 1)]


@on_linux
async def test_a_batch_goes_past_the_shim_as_far_as_it_is_short(room, stdout) -> None:
    def work() -> None:
        for number in range(2, 40):
            room.connection.send(number, b"%0500d" % number)
        room.connection.send(40, b"x" * 5_000)
        room.connection.send(None, b"behind")

    room.connection.batch(work)
    assert [int(await stdout.line()) for _ in range(2, 40)] == [*range(2, 40)]
    assert [await room.hear() for _ in range(2, 40)] == [b"%d\t\n" % number for number in range(2, 40)]
    assert [await room.hear() for _ in range(3)] == [b"40\t" + b"x" * 5_000 + b"\n", b"\tbehind\n", b"!sync\n"]


@on_linux
async def test_nothing_goes_past_the_shim_before_the_first_answer_which_it_may_have_to_keep(room) -> None:
    async with handed_over(room) as stdout:
        room.connection.send(None, b"a")
        room.connection.send(None, b"b")
        room.connection.send(1, b"an answer to a handshake that is played again")
        assert [(await room.hear())[:3] for _ in range(4)] == [b"\ta\n", b"\tb\n", b"1\ta", b"!sy"]
        assert stdout.is_empty()


@on_linux
async def test_a_client_that_has_closed_its_end_is_left_to_the_shim(room, stdout) -> None:
    stdout.close()
    room.connection.send(2, b"nobody reads this")
    assert await room.hear() == b"2\tnobody reads this\n"
    room.connection.send(3, b"nor this")
    assert await room.hear() == b"3\tnor this\n"


@on_linux
async def test_a_connection_that_is_being_closed_writes_nothing_more(room, stdout) -> None:
    room.connection.close()
    room.connection.send(2, b"too late")
    assert await room.hear_all() == b""
    assert stdout.is_empty()


async def test_without_a_stdout_synced_is_no_word_of_the_shims(room) -> None:
    await room.open()
    await room.say(b"!synced\n")
    await room.until((1, b"!synced"))


@on_linux
@pytest.mark.parametrize("passed", ["nothing", "a file"])
async def test_a_shim_that_hands_nothing_useful_over_is_served_all_the_same(room, tmp_path, passed) -> None:
    await room.say({"approver": 1, "role": "client", "passes": "stdout"})
    assert await room.hear() == b'{"pass":"stdout"}\n'
    with (tmp_path / "file").open("wb") as file:
        room.hand_over([file.fileno()] if passed == "a file" else [])
    async with asyncio.timeout(5):
        await room.connected.wait()
    room.connection.open(room, room)
    room.connection.send(1, b"an answer")
    assert [await room.hear(), await room.hear()] == [b'{"ok":true}\n', b"1\tan answer\n"]


@on_linux
async def test_an_app_that_is_closed_before_stdout_was_handed_over_just_closes(room) -> None:
    await room.say({"approver": 1, "role": "client", "passes": "stdout"})
    assert await room.hear() == b'{"pass":"stdout"}\n'
    room.connection.quit()
    assert await room.hear_all() == b""
    assert not room.connected.is_set()
