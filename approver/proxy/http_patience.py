"""How long a way to an HTTP server is tried again, and how long is waited in between."""

import asyncio
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds, all of them."""

    answer: float = 30.0
    """How long a server may take to begin its answer to a handshake."""
    reconnect: float = 10.0
    """How long a request is kept back while a server that was there before cannot be reached: it may be restarting."""
    resume: float = 120.0
    """How long a broken answer is asked for again while the server cannot be reached."""
    first_delay: float = 0.1
    longest_delay: float = 30.0
    retry: float = 1.0
    """What is waited before a stream is opened again, where the server does not say."""
    linger: float = 1.0
    """How long a stream is read on after the answer has come: most end at once, and their connection is used again."""
    in_order: float = 10.0
    """How long later messages wait for one that has to be there before them."""
    leave: float = 3.0
    """How long taking leave of the server may take."""


class Attempts:
    """Tries again, ever more slowly, until time is up."""

    def __init__(self, patience: Patience, seconds: float) -> None:
        self._patience = patience
        self._seconds = seconds
        self._until = asyncio.get_running_loop().time() + seconds
        self._delay = patience.first_delay

    def begin_again(self) -> None:
        """Forget the failures so far: it went well in between."""
        self._until = asyncio.get_running_loop().time() + self._seconds
        self._delay = self._patience.first_delay

    async def wait(self) -> bool:
        """Wait before the next attempt; False: there is to be none."""
        left = self._until - asyncio.get_running_loop().time()
        if left <= 0:
            return False
        await asyncio.sleep(min(self._delay, left))
        self._delay = min(self._delay * 2, self._patience.longest_delay)
        return True
