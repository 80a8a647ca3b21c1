"""A client's stdout in the engine's hands: pipes and sockets, full ones and gone ones."""

import fcntl
import os
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approver.proxy.client_stdout import WHOLE, ClientStdout, Unusable

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only there is it ever handed over")


class End:
    """A stdout in the engine's hands, and the client that reads it."""

    def __init__(self, kind: str) -> None:
        if kind == "pipe":
            self.reading, writing = os.pipe()
            fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, 16384)
        else:
            ours, theirs = socket.socketpair()
            ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 16384)
            self.reading, writing = theirs.detach(), ours.detach()
        self.shims = os.dup(writing)
        self.stdout = ClientStdout(writing)

    def read(self) -> bytes:
        return os.read(self.reading, 1 << 20)

    def leave(self) -> None:
        if self.reading >= 0:
            os.close(self.reading)
            self.reading = -1

    def close(self) -> None:
        self.leave()
        self.stdout.close()
        os.close(self.shims)


@pytest.fixture(params=["pipe", "socket"])
def end(request) -> Iterator[End]:
    end = End(request.param)
    yield end
    end.close()


def test_what_is_short_is_there_at_once(end) -> None:
    assert end.stdout.put(b"one\n")
    assert end.read() == b"one\n"


def test_a_full_end_takes_nothing_rather_than_a_part(end) -> None:
    taken = 0
    while end.stdout.put(b"x" * (WHOLE - 1) + b"\n"):
        taken += WHOLE
    assert taken > 0
    assert not end.stdout.is_gone
    os.set_blocking(end.reading, False)
    got = b""
    try:
        while True:
            got += end.read()
    except BlockingIOError:
        assert len(got) == taken
    assert end.stdout.put(b"again\n")


def test_that_the_shim_waits_at_its_end_makes_nobody_else_wait(end) -> None:
    os.set_blocking(end.shims, True)
    while end.stdout.put(b"x" * WHOLE):
        pass
    assert os.get_blocking(end.shims)


def test_where_nobody_reads_it_is_gone(end) -> None:
    end.leave()
    assert not end.stdout.put(b"into the void\n")
    assert end.stdout.is_gone


def test_the_client_sees_its_end_when_both_have_let_go(end) -> None:
    end.stdout.close()
    end.stdout.close()
    os.close(end.shims)
    assert end.read() == b""
    end.shims = os.open(os.devnull, os.O_RDONLY)


def test_no_child_inherits_it() -> None:
    before = _descriptors()
    end = End("pipe")
    opened = _descriptors() - before
    assert len(opened) == 3
    assert not any(map(os.get_inheritable, opened))
    end.close()
    assert not _descriptors() & opened


def _descriptors() -> set[int]:
    return {int(one.name) for one in Path("/proc/self/fd").iterdir() if _is_open(int(one.name))}


def _is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


@pytest.mark.parametrize(
    "open_end", [lambda path: os.open(path / "file", os.O_CREAT | os.O_WRONLY), lambda path: socket.socket().detach()]
)
def test_a_file_or_a_socket_of_another_kind_is_unusable_and_closed(
    tmp_path: Path, open_end: Callable[[Path], int]
) -> None:
    descriptor = open_end(tmp_path)
    with pytest.raises(Unusable, match="neither a pipe nor a Unix socket"):
        ClientStdout(descriptor)
    assert not _is_open(descriptor)


@given(st.lists(st.integers(0, 2 * WHOLE), max_size=12))
def test_messages_are_written_in_order_up_to_the_first_that_is_too_long(sizes: list[int]) -> None:
    messages = [b"%d" % (number % 10) * size for number, size in enumerate(sizes)]
    end = End("pipe")
    try:
        got, done, chunks = b"", 0, 0
        while chunks < 100:
            written = end.stdout.put_all(messages[done:])
            done, chunks = done + written, chunks + 1
            if any(messages[done - written : done]):
                got += end.read()
            if not written:
                break
        assert got == b"".join(messages[:done])
        assert done == len(messages) or len(messages[done]) > WHOLE
    finally:
        end.close()
