"""Starts what the suite is run against, and ends it: the server itself, or one behind a bridge."""

import selectors
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

HERE = Path(__file__).parent
UPSTREAM = [sys.executable, str(HERE / "upstream.py")]
STDIO_UPSTREAM = [*UPSTREAM, "--stdio"]
START_SECONDS = 30.0
STOP_SECONDS = 10.0


class NotStarted(Exception):
    """A program said no address: a sentence."""


@contextmanager
def listening(command: Sequence[str]) -> Iterator[str]:
    """Run a program whose first line says where it listens; yield that address."""
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    try:
        yield _address(process, command)
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(STOP_SECONDS)
        if process.stdout is not None:
            process.stdout.close()


def _address(process: "subprocess.Popen[str]", command: Sequence[str]) -> str:
    assert process.stdout is not None
    with selectors.DefaultSelector() as waiting:
        waiting.register(process.stdout, selectors.EVENT_READ)
        said = process.stdout.readline().strip() if waiting.select(START_SECONDS) else ""
    if not said.startswith("http"):
        raise NotStarted(f"{' '.join(command)} says no address; its first line is {said!r}")
    return said


def direct() -> AbstractContextManager[str]:
    """The conformance server, over HTTP."""
    return listening([*UPSTREAM, "--http", "0"])


def bridged(command: Sequence[str] = STDIO_UPSTREAM) -> AbstractContextManager[str]:
    """The bridge before a stdio server: the conformance server, unless another is named."""
    return listening([sys.executable, str(HERE / "bridge.py"), "--", *command])


def with_token(url: str, token: str) -> AbstractContextManager[str]:
    """An address that puts a grant's token on every request and passes it on."""
    return listening([sys.executable, str(HERE / "with_token.py"), url, token])
