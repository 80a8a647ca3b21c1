"""Starts what the suite is run against, and ends it: the server itself, or one behind a bridge.

`python` says how a Python program is run: by Python itself, or by `loaded()`, where the imports are there already.
"""

import selectors
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from preloaded import preloaded

HERE = Path(__file__).parent
UPSTREAM = str(HERE / "upstream.py")
CLIENT = str(HERE / "client.py")
OTHER = str(HERE.parent / "servers" / "remote_server.py")
_BRIDGE = str(HERE / "bridge.py")
PYTHON = (sys.executable,)
START_SECONDS = 30.0
STOP_SECONDS = 10.0


class NotStarted(Exception):
    """A program said no address: a sentence."""


@contextmanager
def listening(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Iterator[str]:
    """Run a program whose first line says where it listens; yield that address."""
    process = subprocess.Popen(
        command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    )  # fmt: skip
    try:
        address = _first_line(process)
        if not address.startswith("http"):
            raise NotStarted(f"{' '.join(command)} says no address; its first line is {address!r}")
        yield address
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(STOP_SECONDS)
        if process.stdout is not None:
            process.stdout.close()


def _first_line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    with selectors.DefaultSelector() as waiting:
        waiting.register(process.stdout, selectors.EVENT_READ)
        return process.stdout.readline().strip() if waiting.select(START_SECONDS) else ""


def loaded() -> AbstractContextManager[Sequence[str]]:
    """Load the programs of this folder once; gives what runs them as `python` does, without loading them again."""
    return preloaded(*map(Path, (UPSTREAM, _BRIDGE, CLIENT, OTHER)))


def direct(python: Sequence[str] = PYTHON) -> AbstractContextManager[str]:
    """The conformance server, over HTTP."""
    return listening([*python, UPSTREAM, "--http", "0"])


def stdio_upstream(python: Sequence[str] = PYTHON) -> list[str]:
    """The command of the conformance server over stdio."""
    return [*python, UPSTREAM, "--stdio"]


def other(calls: Path, python: Sequence[str] = PYTHON) -> AbstractContextManager[str]:
    """Another server, over HTTP, with tools of its own; its calls are written to a file."""
    return listening([*python, OTHER, "0", str(calls)])


def bridged(
    command: Sequence[str] | None = None,
    python: Sequence[str] = PYTHON,
    environment: Mapping[str, str] | None = None,
) -> AbstractContextManager[str]:
    """The bridge before a stdio server: the conformance server, unless another is named."""
    return listening([*python, _BRIDGE, "--", *(command or stdio_upstream(python))], environment)


def with_token(url: str, token: str) -> AbstractContextManager[str]:
    """An address that puts a grant's token on every request and passes it on."""
    return listening([*PYTHON, str(HERE / "with_token.py"), url, token])


def with_names(url: str, server: str) -> AbstractContextManager[str]:
    """An address at which one of many servers' tools and prompts have the names that the server gives them."""
    return listening([*PYTHON, str(HERE / "with_names.py"), url, server])
