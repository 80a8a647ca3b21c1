"""Waiting for what another process does: ask again until it is so, or say what never came about."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def eventually(ask: Callable[[], T], what: str, *, within: float = 30.0, every: float = 0.02) -> T:
    """Return the first answer of `ask` that holds; fail, naming `what`, when none did in `within` seconds."""
    pause = threading.Event()
    deadline = time.monotonic() + within
    while not (answer := ask()):
        if time.monotonic() > deadline:
            raise AssertionError(f"after {within:g} s still not: {what}")
        pause.wait(every)
    return answer
