"""Bytes between descriptors that are not always ready."""

import os
import socket
import tempfile
from collections.abc import Iterator

import pytest

from approver import flow
from approver.flow import READ, WRITE, Outlet, Readiness, Selecting, half_close, stop_blocking


class Narrow:
    """Takes so many bytes at a time; 0 stands for "not now", and a fault for itself."""

    def __init__(self, *room: int | OSError) -> None:
        self._room = list(room)
        self.taken = b""

    def write(self, data: bytes | bytearray) -> int:
        room = self._room.pop(0)
        if isinstance(room, OSError):
            raise room
        if not room:
            raise BlockingIOError
        self.taken += data[:room]
        return min(room, len(data))


# -- outlets -----------------------------------------------------------------------------------------------------------


def test_what_is_taken_at_once_does_not_wait() -> None:
    narrow = Narrow(100)
    outlet = Outlet(narrow.write)
    outlet.put(b"abc")
    assert (narrow.taken, outlet.pending) == (b"abc", b"")


def test_what_is_not_taken_waits_in_order() -> None:
    narrow = Narrow(2, 0, 3, 100)
    outlet = Outlet(narrow.write)
    outlet.put(b"abc")
    outlet.put(b"defg")
    assert (narrow.taken, outlet.pending) == (b"ab", b"cdefg")
    outlet.flush()
    assert outlet.pending == b"cdefg"
    outlet.flush()
    assert (narrow.taken, outlet.pending) == (b"abcde", b"fg")
    outlet.flush()
    assert (narrow.taken, outlet.pending) == (b"abcdefg", b"")


def test_an_outlet_that_is_full_takes_nothing_of_the_first_either() -> None:
    outlet = Outlet(Narrow(0).write)
    outlet.put(b"abc")
    assert outlet.pending == b"abc"


def test_nothing_is_not_written() -> None:
    Outlet(Narrow().write).put(b"")


def test_when_nobody_reads_any_more_what_is_put_is_dropped() -> None:
    outlet = Outlet(Narrow(BrokenPipeError()).write)
    outlet.put(b"abc")
    assert (outlet.gone, outlet.pending) == (True, b"")


def test_when_nobody_reads_any_more_what_waits_is_dropped() -> None:
    outlet = Outlet(Narrow(1, BrokenPipeError()).write)
    outlet.put(b"abc")
    outlet.flush()
    assert (outlet.gone, outlet.pending) == (True, b"")


# -- descriptors -------------------------------------------------------------------------------------------------------


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    reader, writer = os.pipe()
    yield reader, writer
    os.close(reader)
    os.close(writer)


def test_a_pipe_is_made_not_to_block_and_a_file_is_left_alone(pipe) -> None:
    assert stop_blocking(pipe[1])
    assert not os.get_blocking(pipe[1])
    assert not stop_blocking(pipe[1]), "as it was before"
    with tempfile.TemporaryFile() as file:
        assert stop_blocking(file.fileno())
        assert os.get_blocking(file.fileno())


def test_a_connection_is_closed_by_halves() -> None:
    one, other = socket.socketpair()
    with one, other:
        half_close(one)
        assert other.recv(1) == b""
        other.sendall(b"x")
        assert one.recv(1) == b"x"
        other.close()
        one.close()
        half_close(one)  # nothing to be said there any more, and no fault either


# -- readiness ---------------------------------------------------------------------------------------------------------


@pytest.fixture(params=["of this system", "elsewhere"])
def ready(request, monkeypatch) -> Readiness:
    if request.param == "elsewhere":
        monkeypatch.setattr(flow, "poller", Selecting)
    return Readiness()


def test_it_tells_what_can_be_read_and_written(ready, pipe) -> None:
    reader, writer = pipe
    ready.want(reader, READ)
    assert ready.wait(0) == []
    ready.want(writer, WRITE)
    assert ready.wait() == [(writer, WRITE)]
    os.write(writer, b"x")
    assert sorted(ready.wait(1000)) == sorted([(reader, READ), (writer, WRITE)])


def test_it_tells_both_of_one_descriptor(ready) -> None:
    one, other = socket.socketpair()
    with one, other:
        other.sendall(b"x")
        ready.want(one.fileno(), READ | WRITE)
        assert ready.wait(1000) == [(one.fileno(), READ | WRITE)]


def test_it_is_silent_about_what_is_not_wanted_any_more(ready, pipe) -> None:
    reader, writer = pipe
    ready.want(reader, READ)
    ready.want(writer, WRITE)
    ready.want(writer, 0)
    ready.want(writer, 0)
    assert ready.wait(0) == []
    os.write(writer, b"x")
    assert ready.wait(0) == [(reader, READ)]
    ready.want(reader, 0)
    assert ready.wait(0) == []
