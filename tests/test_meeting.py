"""How the shim meets an engine, over a real socket; `test_connect.py` has the rest with real processes."""

import json
import os
import select
import socket
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from approver import meeting
from approver.meeting import Met, may_pass_stdout, meet

WITHIN = 10.0
GREETING: dict[str, object] = {"approver": 1, "role": "client", "server": "files"}
Playing = Callable[[Callable[[socket.socket], None]], Met]
greetings: list[bytes] = []
"""What the engines of these tests were greeted with."""


def wait(seconds: float, connection: socket.socket) -> bool:
    ready, _, _ = select.select([connection], [], [], min(seconds, WITHIN))
    return bool(ready)


@pytest.fixture
def path() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="ap-") as folder:
        yield str(Path(folder) / "s")


@pytest.fixture
def play(path: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Playing]:
    """Meet an engine that does as the test says."""
    monkeypatch.setattr(meeting, "may_pass_stdout", lambda: False)
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(path)
    listening.listen()
    met: list[Met] = []

    def meet_one_that(does: Callable[[socket.socket], None]) -> Met:
        def engine() -> None:
            accepted, _ = listening.accept()
            with accepted:
                accepted.settimeout(WITHIN)
                greetings.append(accepted.recv(65536))
                does(accepted)

        beside = threading.Thread(target=engine)
        beside.start()
        try:
            met.append(meet(path, GREETING, wait, lambda: False))
            return met[-1]
        finally:
            beside.join()

    yield meet_one_that
    listening.close()
    for one in met:
        if one.connection is not None:
            one.connection.close()


def test_an_engine_is_greeted_and_what_comes_behind_its_answer_is_kept(play) -> None:
    def engine(connection: socket.socket) -> None:
        for piece in (b'{"ok":', b"true}\n\tfirst", b" line\n"):
            connection.sendall(piece)

    met = play(engine)
    assert json.loads(greetings[-1]) == GREETING
    assert met.connection is not None
    assert met.rest == b"\tfirst line\n"[: len(met.rest)]
    assert met.rest + met.connection.recv(65536) == b"\tfirst line\n"


def test_a_refusal_is_an_answer_too(play) -> None:
    met = play(lambda connection: connection.sendall(b'{"ok":false,"error":"Not you."}\n'))
    assert met == Met(None, "Not you.")


@pytest.mark.parametrize("answer", [b"HTTP/1.1 400 Bad Request\n", b"[1]\n", b"12\n"])
def test_what_is_no_engine_is_a_fault(play, answer) -> None:
    with pytest.raises(OSError, match="not Approver"):
        play(lambda connection: connection.sendall(answer))


def test_an_engine_that_hangs_up_is_a_fault(play) -> None:
    with pytest.raises(OSError, match="hung up"):
        play(lambda connection: None)


def test_without_an_engine_there_is_a_fault(path) -> None:
    with pytest.raises(FileNotFoundError):
        meet(path, GREETING, wait, lambda: False)


def test_an_answer_is_not_waited_for_when_nobody_needs_it(play, path) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(path + "2")
        listening.listen()
        with pytest.raises(OSError, match="did not answer"):
            meet(path + "2", GREETING, wait, lambda: True)


def test_stdout_is_handed_to_an_engine_that_asks_for_it(play, monkeypatch, capfd) -> None:
    monkeypatch.setattr(meeting, "may_pass_stdout", lambda: True)
    heard: list[bytes] = []

    def engine(connection: socket.socket) -> None:
        connection.sendall(b'{"pass":"stdout"}\n')
        data, (descriptor,), _, _ = socket.recv_fds(connection, 10, 1)
        os.write(descriptor, b"by the engine\n")
        os.close(descriptor)
        heard.append(data)
        connection.sendall(b'{"ok":true}\n')

    assert play(engine).connection is not None
    assert json.loads(greetings[-1])["passes"] == "stdout"
    assert heard[0] == b"\n"
    assert capfd.readouterr().out == "by the engine\n"


@pytest.mark.skipif(sys.platform != "linux", reason="only there is it ever handed over")
def test_only_pipes_and_sockets_are_handed_over(tmp_path) -> None:
    saved = os.dup(1)
    reading, writing = os.pipe()
    ours, theirs = socket.socketpair()
    try:
        with (tmp_path / "file").open("wb") as file:
            found = []
            for descriptor in (writing, theirs.fileno(), file.fileno()):
                os.dup2(descriptor, 1)
                found.append(may_pass_stdout())
    finally:
        os.dup2(saved, 1)
        for descriptor in (saved, reading, writing):
            os.close(descriptor)
        ours.close()
        theirs.close()
    assert found == [True, True, False]


def test_elsewhere_nothing_is_handed_over(monkeypatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert not may_pass_stdout()
