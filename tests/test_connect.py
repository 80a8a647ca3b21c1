"""The shim as clients launch it: a real process between a client's pipes and a small engine of the test's own."""

import json
import os
import select
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from eventually import eventually
from processes import MARK, marked

from approver import connect

WITHIN = 15.0
INITIALIZE = b'{"jsonrpc":"2.0","id":0,"method":"initialize","params":{}}'
INITIALIZED = b'{"jsonrpc":"2.0","method":"notifications/initialized"}'


def call(request_id: Any) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": request_id, "method": "tools/call", "params": {"name": "x"}}).encode()


class Lines:
    """Lines out of a file descriptor, each waited for at most `WITHIN` seconds."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._rest = b""

    def next(self) -> bytes:
        while b"\n" not in self._rest:
            if not (chunk := self._read()):
                raise EOFError(f"the other end was closed after {self._rest[:200]!r}")
            self._rest += chunk
        line, _, self._rest = self._rest.partition(b"\n")
        return line

    def rest(self) -> bytes:
        """Everything until the other end is closed."""
        while chunk := self._read():
            self._rest += chunk
        return self._rest

    def _read(self) -> bytes:
        ready, _, _ = select.select([self._descriptor], [], [], WITHIN)
        assert ready, f"nothing came in {WITHIN:g} s; so far {self._rest[:200]!r}"
        try:
            return os.read(self._descriptor, 1 << 20)
        except ConnectionResetError:
            return b""


class Connection:
    """A shim's connection, from the engine's side."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self._lines = Lines(connection.fileno())
        self.greeting = json.loads(self._lines.next())
        self.stdout = -1

    def take_stdout(self) -> "Connection":
        """Have the shim hand its stdout over."""
        self.send(b'{"pass":"stdout"}')
        data, (self.stdout,), _, _ = socket.recv_fds(self._socket, 1, 1)
        assert data == b"\n"
        return self

    def accept(self) -> "Connection":
        self.send(b'{"ok":true}')
        return self

    def line(self) -> bytes:
        return self._lines.next()

    def send(self, *frames: bytes) -> None:
        self._socket.sendall(b"".join(frame + b"\n" for frame in frames))

    def send_raw(self, data: bytes) -> None:
        self._socket.sendall(data)

    def send_until_full(self, data: bytes, idle: float) -> int:
        """Send without waiting until the shim has taken nothing for so long; return how much it took."""
        self._socket.setblocking(False)
        taken = until_full(self._socket.send, data, idle)
        self._socket.settimeout(WITHIN)
        return taken

    def ended(self) -> bool:
        """Wait for the end of what the shim sends; whether nothing else came."""
        return self._lines.rest() == b""

    def close(self) -> None:
        self._socket.close()
        if self.stdout >= 0:
            os.close(self.stdout)
            self.stdout = -1


class FakeEngine:
    """Listens where the engine would."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.bind(str(path))
        self._socket.listen()
        self._socket.settimeout(WITHIN)
        self._connections: list[Connection] = []

    def greeted(self) -> Connection:
        """The next connection, its greeting read and not yet answered."""
        accepted, _ = self._socket.accept()
        accepted.settimeout(WITHIN)
        self._connections.append(Connection(accepted))
        return self._connections[-1]

    def accept(self) -> Connection:
        """The next connection, welcomed."""
        return self.greeted().accept()

    def close(self) -> None:
        """Go away, with every connection and the socket's name."""
        self._socket.close()
        self._path.unlink(missing_ok=True)
        for connection in self._connections:
            connection.close()


class Client:
    """A client that launched the shim."""

    def __init__(
        self,
        home: Path,
        *arguments: str,
        command: Sequence[str] = (),
        stdin: int = subprocess.PIPE,
        stdout: int = subprocess.PIPE,
        **environment: str,
    ) -> None:
        command = command or [sys.executable, "-m", "approver", "connect", *(arguments or ("files",))]
        variables = {**os.environ, "APPROVER_HOME": str(home), "APPROVER_START": "none", MARK: str(home), **environment}
        self.process = subprocess.Popen(command, stdin=stdin, stdout=stdout, stderr=subprocess.PIPE, env=variables)
        self.stdin = self.process.stdin.fileno() if self.process.stdin else -1
        self._lines = Lines(self.process.stdout.fileno() if self.process.stdout else -1)

    def write(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(self.stdin, view) :]

    def send(self, *lines: bytes) -> None:
        self.write(b"".join(line + b"\n" for line in lines))

    def line(self) -> bytes:
        return self._lines.next()

    def message(self) -> Any:
        return json.loads(self.line())

    def leave(self) -> bytes:
        """Close stdin and wait for the shim's end; returns what it still wrote."""
        assert self.process.stdin
        self.process.stdin.close()
        rest = self._lines.rest()
        assert self.process.wait(WITHIN) == 0
        assert self.process.stderr
        assert self.process.stderr.read() == b""
        return rest

    def close(self) -> None:
        self.process.terminate()
        for end in (self.process.stdin, self.process.stdout, self.process.stderr):
            if end:
                end.close()
        self.process.wait(WITHIN)


@pytest.fixture
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="ap-") as folder:
        (Path(folder) / "run").mkdir()
        yield Path(folder)
        eventually(lambda: not marked(folder, running="approver"), "nothing is left running")


@pytest.fixture
def open_engine(home: Path) -> Iterator[Callable[[], FakeEngine]]:
    """Start a fake engine; one at a time, the last one is closed in the end."""
    engines: list[FakeEngine] = []

    def start() -> FakeEngine:
        engines.append(FakeEngine(home / "run" / "engine.sock"))
        return engines[-1]

    yield start
    for engine in engines:
        engine.close()


@pytest.fixture
def engine(open_engine) -> FakeEngine:
    return open_engine()


@pytest.fixture
def launch(home: Path) -> Iterator[Callable[..., Client]]:
    clients: list[Client] = []

    def start(*arguments: str, **more: Any) -> Client:
        clients.append(Client(home, *arguments, **more))
        return clients[-1]

    yield start
    for client in clients:
        client.close()


@pytest.fixture
def joined(engine: FakeEngine, launch: Callable[..., Client]) -> tuple[Client, Connection]:
    """A client and its connection to the engine."""
    client = launch()
    return client, engine.accept()


def stand_in_for_the_app(home: Path) -> list[str]:
    """A command that is the shim, for which the app is a script that only notes that it was started."""
    stand_in = home / "stand-in"
    stand_in.write_text('#!/bin/sh\necho "$@" >>"$APPROVER_HOME/started"\n', encoding="utf-8")
    stand_in.chmod(0o700)
    program = (
        "import sys; sys.executable = sys.argv[1]; from approver.connect import main; sys.exit(main(sys.argv[2:]))"
    )
    return [sys.executable, "-c", program, str(stand_in), "files"]


def until_full(write: Callable[[bytes], int], data: bytes, idle: float) -> int:
    """Write without waiting until nothing has been taken for so long; return how much was, at most 16 MiB."""
    written, last = 0, time.monotonic()
    while time.monotonic() - last < idle and written < connect.MAX_LINE:
        try:
            written += write(data[written % len(data) :])
            last = time.monotonic()
        except BlockingIOError:
            select.select([], [], [], 0.01)
    return written


def error_of(message: Any) -> tuple[Any, str]:
    assert message["jsonrpc"] == "2.0"
    assert message["error"]["code"] == -32000
    return message["id"], message["error"]["message"]


# -- both ways ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "label"),
    [(("files",), None), (("files", "--client", "Desk"), "Desk"), (("--client=Desk 2", "files"), "Desk 2")],
)
def test_the_shim_says_whom_it_joins_to_what(engine, launch, arguments, label) -> None:
    launch(*arguments)
    greeting = engine.greeted().greeting
    assert greeting.pop("passes", None) == ("stdout" if sys.platform == "linux" else None)
    assert greeting == {"approver": 1, "role": "client", "server": "files", "client": label}


def test_lines_go_up_as_they_are_and_messages_come_down_without_their_frames(joined) -> None:
    client, engine = joined
    client.send(INITIALIZE, b"", b"no JSON at all \xff", call(1))
    assert [engine.line() for _ in range(4)] == [INITIALIZE, b"", b"no JSON at all \xff", call(1)]
    engine.send(b'4\t{"id":1}', b"2\t", b'\t{"method":"x"}', b'1\t{"id":0}', b"3\t")
    assert [client.line() for _ in range(3)] == [b'{"id":1}', b'{"method":"x"}', b'{"id":0}']
    client.process.stdin.close()
    assert engine.ended()
    engine.close()
    assert client.leave() == b""


def test_a_message_that_comes_with_the_answer_to_the_greeting_is_not_left_lying(engine, launch) -> None:
    client = launch()
    engine.greeted().send_raw(b'{"ok":true}\n\t{"method":"x"}\n')
    assert client.line() == b'{"method":"x"}'


def test_messages_may_come_down_in_pieces(joined) -> None:
    client, engine = joined
    client.send(call(1))
    engine.line()
    for piece in (b"1", b"\t{", b'"id"', b":1}", b'\n\t{"a', b'":"\t"}\n'):
        engine.send_raw(piece)
    assert [client.line(), client.line()] == [b'{"id":1}', b'{"a":"\t"}']


def test_lines_may_come_up_in_pieces(joined) -> None:
    client, engine = joined
    for piece in (b'{"a"', b": 1}\n{", b"}\n"):
        client.write(piece)
    assert [engine.line(), engine.line()] == [b'{"a": 1}', b"{}"]


def test_sixteen_mebibytes_go_up_and_more_come_down(joined) -> None:
    client, engine = joined
    line = b'{"id":1,"text":"' + b"x" * (connect.MAX_LINE - 18) + b'"}'
    assert len(line) == connect.MAX_LINE
    writer = threading.Thread(target=client.send, args=(line,))
    writer.start()
    assert engine.line() == line
    writer.join(WITHIN)
    answer = b'{"id":1,"text":"' + b"y" * (connect.MAX_LINE + 1_000_000) + b'"}'
    writer = threading.Thread(target=engine.send, args=(b"1\t" + answer,))
    writer.start()
    assert client.line() == answer
    writer.join(WITHIN)


def test_a_longer_line_is_cut_to_what_is_refused_with_both_its_ends(joined) -> None:
    """It must not fill the memory here, and the engine must still see that it is too long, and whose it is."""
    client, engine = joined
    line = b'{"id":1,"text":"' + b"x" * 40_000_000 + b'","end":true}'
    writer = threading.Thread(target=client.send, args=(line, call(2)))
    writer.start()
    cut = engine.line()
    assert connect.MAX_LINE < len(cut) < connect.MAX_LINE + 300_000
    assert (cut[:16], cut[-13:]) == (line[:16], line[-13:])
    assert engine.line() == call(2), "the next line is whole, and its number is the next"
    writer.join(WITHIN)


def test_a_client_that_closes_stdin_still_hears_what_comes_and_then_the_shim_ends(joined) -> None:
    client, engine = joined
    client.send(call(1))
    client.process.stdin.close()
    assert engine.line() == call(1)
    assert engine.ended()
    engine.send(b'1\t{"id":1}')
    engine.close()
    assert client.leave() == b'{"id":1}\n'


def test_a_client_that_is_gone_ends_the_shim_at_the_next_message(joined) -> None:
    client, engine = joined
    client.process.stdout.close()
    engine.send(b'\t{"method":"x"}')
    assert client.process.wait(WITHIN) == 0
    assert engine.ended()


# -- both ways at once -------------------------------------------------------------------------------------------------


@pytest.fixture(params=["poll", "select"])
def joined_by(request, engine: FakeEngine, launch: Callable[..., Client]) -> tuple[Client, Connection]:
    """A client and its connection, on this system's way to wait and on that of the others."""
    program = (
        "import sys; from approver import connect, flow\n"
        "if sys.argv[1] == 'select': flow.poller = flow.Selecting\n"
        "sys.exit(connect.main(sys.argv[2:]))"
    )
    client = launch(command=[sys.executable, "-c", program, request.param, "files"])
    return client, engine.accept()


def beside(work: Callable[[], object]) -> threading.Thread:
    """Work that goes on while the test does; it ends with its descriptors at the latest."""
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def test_both_sides_may_flood_at_once_with_large_messages(joined_by) -> None:
    client, engine = joined_by
    count, text = 24, "x" * 1_000_000
    up = [json.dumps({"id": number, "up": text}).encode() for number in range(count)]
    down = [json.dumps({"id": number, "down": text}).encode() for number in range(count)]
    writers = [
        beside(lambda: client.send(*up)),
        beside(lambda: engine.send(*(b"%d\t%b" % (number, line) for number, line in enumerate(down, start=1)))),
    ]
    got: list[bytes] = []
    reader = beside(lambda: got.extend(engine.line() for _ in range(count)))
    assert [client.line() for _ in range(count)] == down
    for thread in (reader, *writers):
        thread.join(WITHIN)
    assert got == up


def test_a_client_that_writes_much_before_it_reads_is_not_left_hanging(joined_by) -> None:
    """Nobody reads the client's side while it writes; the engine's side is read, whatever waits for the client."""
    client, engine = joined_by
    message = b'{"method":"' + b"y" * 900_000 + b'"}'
    engine.send(b"\t" + message)
    large = b'{"id":1,"text":"' + b"x" * 8_000_000 + b'"}'
    writer = beside(lambda: client.send(large))
    assert engine.line() == large
    writer.join(WITHIN)
    assert not writer.is_alive()
    assert client.line() == message


def test_a_slow_client_makes_the_engine_wait_and_then_hears_everything(joined_by) -> None:
    client, engine = joined_by
    message = b"\t" + b"y" * 99_998 + b"\n"
    sent = engine.send_until_full(message * 10, idle=0.3)
    assert sent < 4 * connect.MUCH, "what waits in the shim is bounded"
    rest = beside(lambda: engine.send_raw((message * 100)[sent % len(message) :]))
    expected = sent // len(message) + 100
    assert all(client.line() == message[1:-1] for _ in range(expected))
    rest.join(WITHIN)


def test_a_slow_engine_makes_the_client_wait_and_then_hears_everything(joined_by) -> None:
    client, engine = joined_by
    os.set_blocking(client.stdin, False)
    line = b"x" * 99_999 + b"\n"
    sent = until_full(lambda data: os.write(client.stdin, data), line * 10, idle=0.3)
    assert sent < 4 * connect.MUCH, "what waits in the shim is bounded"
    os.set_blocking(client.stdin, True)
    rest = beside(lambda: client.write((line * 100)[sent % len(line) :]))
    assert all(engine.line() == line[:-1] for _ in range(sent // len(line) + 100))
    rest.join(WITHIN)


def test_of_three_thousand_calls_with_thirty_two_in_flight_every_one_is_answered_in_order(joined_by) -> None:
    client, engine = joined_by
    count, window = 3000, threading.Semaphore(32)

    def ask() -> None:
        for number in range(count):
            window.acquire()
            client.send(call(number))

    def answer() -> None:
        for number in range(1, count + 1):
            engine.send(b'%d\t{"id":%d}' % (number, json.loads(engine.line())["id"]))

    threads = [beside(ask), beside(answer)]
    for number in range(count):
        assert client.message() == {"id": number}
        window.release()
    for thread in threads:
        thread.join(WITHIN)


def test_what_a_client_that_left_has_still_to_read_is_kept_for_it(joined_by) -> None:
    client, engine = joined_by
    message = b'{"id":1,"text":"' + b"y" * 3_000_000 + b'"}'
    client.send(call(1))
    client.process.stdin.close()
    assert engine.line() == call(1)
    writer = beside(lambda: (engine.send(b"1\t" + message), engine.close()))
    assert client.leave() == message + b"\n"
    writer.join(WITHIN)


def test_much_that_a_client_wrote_before_it_left_reaches_a_slow_engine(joined_by) -> None:
    client, engine = joined_by
    line = b"x" * 600_000
    client.send(line, line)
    client.process.stdin.close()
    assert [engine.line(), engine.line()] == [line, line]
    assert engine.ended()


# -- what it was launched with -----------------------------------------------------------------------------------------


def test_input_and_output_may_be_files(engine, home) -> None:
    (home / "in").write_bytes(call(1) + b"\n" + call(2) + b"\n")
    environment = {**os.environ, "APPROVER_HOME": str(home), "APPROVER_START": "none", MARK: str(home)}
    command = [sys.executable, "-m", "approver", "connect", "files"]
    with (home / "in").open("rb") as source, (home / "out").open("wb") as target:
        process = subprocess.Popen(command, stdin=source, stdout=target, env=environment)
    connection = engine.accept()
    assert [connection.line(), connection.line()] == [call(1), call(2)]
    assert connection.ended()
    connection.send(b'1\t{"id":1}', b'2\t{"id":2}')
    connection.close()
    assert process.wait(WITHIN) == 0
    assert (home / "out").read_bytes() == b'{"id":1}\n{"id":2}\n'


@pytest.mark.parametrize("kind", ["pipe", "terminal"])
def test_standard_output_is_left_as_it_was_found(engine, launch, kind) -> None:
    """It is shared with whoever launched the shim: a program that finds its terminal not blocking fails oddly."""
    reader, writer = os.pipe() if kind == "pipe" else os.openpty()
    try:
        client = launch(stdout=writer)
        connection = engine.accept()
        client.send(call(1))
        assert connection.line() == call(1)
        assert os.get_blocking(writer) is (kind == "terminal"), "a terminal is never touched"
        client.process.stdin.close()
        assert connection.ended()
        connection.close()
        assert client.process.wait(WITHIN) == 0
        assert os.get_blocking(writer)
    finally:
        os.close(reader)
        os.close(writer)


@pytest.mark.parametrize("closed", ["<&-", ">&-"])
def test_launched_without_one_of_its_ends_it_leaves_at_once(home, closed) -> None:
    command = f'exec "$0" -m approver connect files {closed}'
    environment = {**os.environ, "APPROVER_HOME": str(home), "APPROVER_START": "none", MARK: str(home)}
    done = subprocess.run(
        ["sh", "-c", command, sys.executable], env=environment, stderr=subprocess.PIPE, timeout=WITHIN
    )
    assert (done.returncode, done.stderr) == (0, b"")


# -- without an engine -------------------------------------------------------------------------------------------------


def test_without_an_engine_every_request_gets_a_readable_error_and_nothing_else_an_answer(launch, home) -> None:
    client = launch()
    client.send(INITIALIZE, INITIALIZED, b"no JSON", b"[1]", b'{"id":5,"result":{}}', b"[" * 100_000, call("last"))
    for request_id in (0, "last"):
        found, text = error_of(client.message())
        assert found == request_id
        assert text.startswith("Approver is not running and could not be started, so nothing was sent to the server.")
        assert str(home / "run" / "engine.sock") in text or "APPROVER_START=none" in text
    assert client.leave() == b""


def test_a_client_that_leaves_without_an_engine_ends_the_shim(launch) -> None:
    assert launch().leave() == b""


def test_many_requests_without_an_engine_wait_for_a_client_that_does_not_read(launch) -> None:
    client = launch()
    os.set_blocking(client.stdin, False)
    sent = until_full(lambda data: os.write(client.stdin, data), (call(7) + b"\n") * 1000, idle=0.3)
    size = len(call(7)) + 1
    os.set_blocking(client.stdin, True)
    assert sent < connect.MAX_LINE, "what waits in the shim is bounded"
    rest = beside(lambda: client.write((call(7) + b"\n")[sent % size :]))
    assert all(error_of(client.message())[0] == 7 for _ in range(sent // size + 1))
    rest.join(WITHIN)
    assert client.leave() == b""


def test_what_is_piped_in_at_once_is_still_asked_of_an_app_that_comes_up_late(home, launch, open_engine) -> None:
    client = launch(command=stand_in_for_the_app(home), APPROVER_START="serve")
    client.send(call(1))
    client.process.stdin.close()
    eventually((home / "started").exists, "the app was started")
    connection = open_engine().accept()
    assert connection.line() == call(1)
    assert connection.ended()
    connection.send(b'1\t{"id":1}')
    connection.close()
    assert client.leave() == b'{"id":1}\n'


def test_a_client_that_leaves_while_the_app_comes_up_ends_the_shim_at_once(home, launch) -> None:
    client = launch(command=stand_in_for_the_app(home), APPROVER_START="serve")
    eventually((home / "started").exists, "the app was started")
    client.write(b'{"half')
    assert client.leave() == b""


def test_a_client_that_leaves_before_it_is_welcomed_ends_the_shim_at_once(engine, launch) -> None:
    client = launch()
    connection = engine.greeted()
    assert client.leave() == b""
    assert connection.ended()


def test_a_client_that_is_gone_at_once_starts_no_app(home, launch) -> None:
    client = launch(command=stand_in_for_the_app(home), stdin=subprocess.DEVNULL, APPROVER_START="serve")
    assert client.process.wait(WITHIN) == 0
    assert not (home / "started").exists()


def test_a_client_that_leaves_during_the_replay_is_let_go(joined, engine) -> None:
    client, first = joined
    shaken_hands(client, first)
    first.close()
    second = engine.accept()
    assert second.line() == INITIALIZE
    client.process.stdin.close()
    assert second.ended()
    second.send(b'1\t{"id":0}')
    second.close()
    assert client.leave() == b""


def test_an_engine_that_appears_later_is_found(open_engine, launch) -> None:
    client = launch()
    client.send(call(1))
    assert error_of(client.message())[0] == 1
    engine = open_engine()
    client.send(call(2))
    connection = engine.accept()
    assert connection.line() == call(2)
    connection.send(b'1\t{"id":2}')
    assert client.line() == b'{"id":2}'


def test_a_refused_greeting_is_what_every_request_is_told_until_it_is_accepted(engine, launch) -> None:
    client = launch()
    refusal = json.dumps({"ok": False, "error": "Approver knows no server 'files'."}).encode()
    engine.greeted().send(refusal)
    for request_id in (1, 2):
        client.send(call(request_id))
        engine.greeted().send(refusal)
        assert error_of(client.message()) == (request_id, "Approver knows no server 'files'.")
    client.send(call(3))
    assert engine.accept().line() == call(3)


@pytest.mark.parametrize("answer", [None, b"HTTP/1.1 400 Bad Request", b"[1]", b"5"])
def test_what_answers_otherwise_is_no_engine(engine, launch, answer) -> None:
    client = launch()
    for first in (True, False):
        if not first:
            client.send(call(1))
        connection = engine.greeted()
        if answer is not None:
            connection.send(answer)
        connection.close()
    request_id, text = error_of(client.message())
    assert request_id == 1
    assert ("hung up" if answer is None else "not Approver") in text


# -- an engine that has the client's stdout ----------------------------------------------------------------------------

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="only there can a pipe be opened anew")


@pytest.fixture
def handed_over(engine: FakeEngine, launch: Callable[..., Client]) -> tuple[Client, Connection]:
    """A client, and the connection to an engine that has its stdout."""
    client = launch()
    return client, engine.greeted().take_stdout().accept()


@on_linux
def test_what_the_engine_writes_to_the_clients_own_end_is_in_flight_no_more_once_its_number_came(handed_over) -> None:
    client, engine = handed_over
    client.send(call(1), call(2))
    assert [engine.line(), engine.line()] == [call(1), call(2)]
    os.write(engine.stdout, b'{"id":1}\n')
    engine.send(b"1\t")
    assert client.line() == b'{"id":1}'
    engine.close()
    assert error_of(client.message()) == (2, connect.IN_FLIGHT)


@on_linux
def test_an_engine_that_asks_is_told_when_all_that_went_by_the_shim_is_through(handed_over) -> None:
    client, engine = handed_over
    engine.send(b"\t" + b"x" * 1_000_000, b"!sync")
    assert len(client.line()) == 1_000_000
    assert engine.line() == b"!synced"
    client.send(call(1))
    assert engine.line() == call(1)
    engine.send(b'1\t{"id":1}', b"!sync")
    assert client.line() == b'{"id":1}'
    assert engine.line() == b"!synced"


@on_linux
def test_an_engine_is_told_nothing_while_the_client_has_not_read_all(handed_over) -> None:
    client, engine = handed_over
    engine.send(b"\t" + b"x" * 1_000_000, b"!sync")
    client.send(call(1))
    assert engine.line() == call(1), "the shim carries on meanwhile, and says nothing"
    assert len(client.line()) == 1_000_000
    assert engine.line() == b"!synced"


@on_linux
def test_a_client_cannot_say_in_the_shims_name_that_all_is_through(handed_over) -> None:
    client, engine = handed_over
    client.send(b"!synced", call(1), b"!synced", b"!synced ")
    assert [engine.line() for _ in range(4)] == [b" !synced", call(1), b" !synced", b"!synced "]


@on_linux
def test_a_new_engine_is_handed_stdout_as_well(handed_over, engine) -> None:
    client, first = handed_over
    shaken_hands(client, first)
    first.close()
    second = engine.greeted().take_stdout().accept()
    assert second.line() == INITIALIZE
    second.send(b'1\t{"id":0}', b"!sync")
    assert {second.line(), second.line()} == {INITIALIZED, b"!synced"}
    client.send(call(1))
    assert second.line() == call(1)
    os.write(second.stdout, b'{"id":1}\n')
    assert client.line() == b'{"id":1}'


@pytest.mark.skipif(sys.platform != "linux", reason="nowhere else it is ever offered")
def test_a_file_as_stdout_is_not_handed_over(engine, launch, tmp_path) -> None:
    with (tmp_path / "out").open("wb") as out:
        launch(stdout=out.fileno())
        assert "passes" not in engine.greeted().greeting


# -- the engine goes away ----------------------------------------------------------------------------------------------


def test_requests_in_flight_are_answered_with_an_error_when_the_engine_is_lost(joined, engine) -> None:
    client, first = joined
    client.send(call(1), call(2), INITIALIZED, b'{"id":"s1","result":{}}', call("three"))
    for _ in range(5):
        first.line()
    first.send(b'1\t{"id":1}', b"3\t", b"4\t")
    assert client.line() == b'{"id":1}'
    first.close()
    assert error_of(client.message()) == (2, connect.IN_FLIGHT)
    assert error_of(client.message()) == ("three", connect.IN_FLIGHT)
    second = engine.accept()
    client.send(call(4))
    assert second.line() == call(4)
    second.send(b'1\t{"id":4}')
    assert client.line() == b'{"id":4}'


def shaken_hands(client: Client, connection: Connection) -> None:
    client.send(INITIALIZE)
    assert connection.line() == INITIALIZE
    connection.send(b'1\t{"id":0,"result":"first"}')
    assert client.line() == b'{"id":0,"result":"first"}'
    client.send(INITIALIZED)
    assert connection.line() == INITIALIZED
    connection.send(b"2\t")


def test_the_handshake_is_replayed_to_a_new_engine_and_its_answer_is_not_heard_twice(joined, engine) -> None:
    client, first = joined
    shaken_hands(client, first)
    first.close()
    second = engine.accept()
    assert second.line() == INITIALIZE
    second.send(b'\t{"method":"notifications/message"}', b'1\t{"id":0,"result":"second"}')
    assert second.line() == INITIALIZED
    second.send(b"2\t")
    client.send(call(1))
    assert second.line() == call(1)
    second.send(b'3\t{"id":1}')
    assert [client.line(), client.line()] == [b'{"method":"notifications/message"}', b'{"id":1}']


def test_what_the_client_sends_while_the_handshake_is_replayed_comes_after_it(joined, engine) -> None:
    client, first = joined
    shaken_hands(client, first)
    first.close()
    second = engine.accept()
    client.send(call(1))
    assert second.line() == INITIALIZE
    second.send(b'1\t{"id":0}')
    assert [second.line(), second.line()] == [INITIALIZED, call(1)]


def test_an_engine_lost_while_the_handshake_is_replayed_is_replaced_again(joined, engine) -> None:
    client, first = joined
    shaken_hands(client, first)
    first.close()
    second = engine.accept()
    client.send(call(1))
    assert second.line() == INITIALIZE
    second.close()
    third = engine.accept()
    assert third.line() == INITIALIZE
    third.send(b'1\t{"id":0}')
    assert [third.line(), third.line()] == [INITIALIZED, call(1)]
    third.send(b'3\t{"id":1}')
    assert client.line() == b'{"id":1}'


def test_words_of_the_handshake_in_other_messages_are_not_taken_for_it(joined, engine) -> None:
    client, first = joined
    traps = [
        b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"initialize","x":"initialize"}}',
        b'"initialize"',
        b'["initialize"',
    ]
    client.send(*traps)
    for trap in traps:
        assert first.line() == trap
    first.close()
    assert error_of(client.message())[0] == 1
    second = engine.accept()
    client.send(call(2))
    assert second.line() == call(2)


def test_a_request_meets_a_new_engine_only_after_the_handshake(joined, engine, open_engine) -> None:
    """The engine is gone and comes back later: the client's next message brings the connection back."""
    client, first = joined
    shaken_hands(client, first)
    engine.close()
    client.send(call(1))
    assert error_of(client.message())[0] == 1
    second_engine = open_engine()
    client.send(call(2))
    second = second_engine.accept()
    assert second.line() == INITIALIZE
    second.send(b'1\t{"id":0}')
    assert [second.line(), second.line()] == [INITIALIZED, call(2)]


def test_half_a_line_never_reaches_a_new_engine(joined, engine) -> None:
    client, first = joined
    client.send(call(1))
    first.line()
    client.write(call(2)[:20])
    first.close()
    assert error_of(client.message())[0] == 1
    second = engine.accept()
    client.write(call(2)[20:] + b"\n")
    assert second.line() == call(2)


def test_half_a_message_of_a_lost_engine_is_forgotten(joined, engine) -> None:
    client, first = joined
    first.send_raw(b'\t{"half":')
    first.close()
    second = engine.accept()
    second.send(b'\t{"whole":1}')
    assert client.line() == b'{"whole":1}'


def test_a_client_that_leaves_while_the_engine_is_gone_ends_the_shim(joined, engine) -> None:
    client, _ = joined
    engine.close()
    client.send(call(1))
    client.message()
    assert client.leave() == b""


# -- closed on purpose -------------------------------------------------------------------------------------------------


def test_an_app_that_was_closed_on_purpose_is_not_started_again_and_found_when_it_is_back(
    joined, engine, open_engine
) -> None:
    client, first = joined
    shaken_hands(client, first)
    client.send(call(1))
    assert first.line() == call(1)
    first.send(b"!quit")
    engine.close()
    assert error_of(client.message()) == (1, connect.CLOSED)
    client.send(call(2))
    assert error_of(client.message()) == (2, connect.CLOSED)
    second_engine = open_engine()
    client.send(call(3))
    second = second_engine.accept()
    assert second.line() == INITIALIZE
    second.send(b'1\t{"id":0}')
    assert [second.line(), second.line()] == [INITIALIZED, call(3)]


# -- starting the app --------------------------------------------------------------------------------------------------


def test_the_shim_starts_the_app_once_and_joins_it(home, launch, open_engine) -> None:
    """The app is a stand-in here, which only notes that it was started; the engine is the test's."""
    client = launch(command=stand_in_for_the_app(home), APPROVER_START="serve")
    client.send(call(1))
    started = home / "started"
    eventually(lambda: started.exists() and started.read_text(encoding="utf-8"), "the app was started")
    connection = open_engine().accept()
    assert connection.line() == call(1)
    connection.send(b'1\t{"id":1}')
    assert client.line() == b'{"id":1}'
    assert started.read_text(encoding="utf-8") == "-m approver serve\n"


# -- the command line --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "usage: approver connect SERVER"),
        (["--client", "x"], "usage: approver connect SERVER"),
        (["files", "mail"], "what is 'mail'?"),
        (["--server", "files"], "what is '--server'?"),
        (["files", "--client"], "what is '--client'?"),
        (["files", "--all"], "what is '--all'?"),
        (["--all", "files"], "what is 'files'?"),
    ],
)
def test_wrong_usage_is_told(capfd, arguments, words) -> None:
    assert connect.main(arguments) == 2
    out, err = capfd.readouterr()
    assert (out, words in err) == ("", True)


@pytest.mark.parametrize("word", ["-h", "--help"])
def test_help_is_given(capfd, word) -> None:
    assert connect.main([word]) == 0
    assert capfd.readouterr().out.startswith("usage: approver connect SERVER")


def test_the_shim_is_interrupted_quietly(monkeypatch, approver_home) -> None:
    def interrupted(shim: connect.Shim) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(connect.Shim, "run", interrupted)
    assert connect.main(["files"]) == 0


def test_the_shim_is_up_before_a_client_notices(engine, launch) -> None:
    """Several tries, the best one counts: the machine may be busy."""
    best = WITHIN
    for _ in range(5):
        before = time.monotonic()
        launch()
        engine.greeted()
        best = min(best, time.monotonic() - before)
    assert best < 0.5
