"""Finds the one of a host's addresses that answers, as browsers do: an address that swallows everything costs no wait.

A host often has addresses of both families, and on many networks one family leads nowhere. So the next address is tried
soon after the last, whichever answers first is taken, and the others are let go.
"""

import asyncio
import socket
from itertools import chain, zip_longest
from typing import Any

from approver.tasks import spawn

STAGGER_SECONDS = 0.25
_KEEP_ALIVE = (("TCP_KEEPIDLE", 60), ("TCP_KEEPINTVL", 15), ("TCP_KEEPCNT", 4))
"""A server that went without a word, or a network that forgot us, is noticed within two minutes."""

_Address = tuple[Any, ...]
"""What `getaddrinfo` says of one."""


async def connect(host: str, port: int) -> socket.socket:
    """Connect to a host; return the socket. Raises `OSError`."""
    addresses = _alternating(await _resolve(host, port))
    first = await _attempt(addresses[0]) if len(addresses) == 1 else await _race(addresses)
    if isinstance(first, OSError):
        raise first
    return first


async def _resolve(host: str, port: int) -> list[_Address]:
    return list(await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM))


def _alternating(found: list[_Address]) -> list[_Address]:
    """The addresses in the system's order, but never two of one family in a row while there are others."""
    family = found[0][0]
    preferred = [address for address in found if address[0] == family]
    others = [address for address in found if address[0] != family]
    return [address for address in chain(*zip_longest(preferred, others)) if address is not None]


async def _race(addresses: list[_Address]) -> socket.socket | OSError:
    """Try addresses, each a little after the one before; the first that answers wins."""
    running: set[asyncio.Task[socket.socket | OSError]] = set()
    waiting = list(addresses)
    outcome: socket.socket | OSError = OSError("there is no address")
    try:
        while waiting or running:
            if waiting:
                running.add(spawn(_attempt(waiting.pop(0)), name="connect to one address"))
            done, running = await asyncio.wait(
                running, timeout=STAGGER_SECONDS if waiting else None, return_when=asyncio.FIRST_COMPLETED
            )
            for task in done:
                outcome = _better(outcome, task.result())
            if isinstance(outcome, socket.socket):
                break
    finally:
        for task in running:
            task.cancel()
            task.add_done_callback(_let_go)
    return outcome


def _better(one: socket.socket | OSError, other: socket.socket | OSError) -> socket.socket | OSError:
    """Of two outcomes the one that connected; a connection too many is closed."""
    if isinstance(one, OSError):
        return other
    if isinstance(other, socket.socket):
        other.close()
    return one


def _let_go(task: "asyncio.Task[socket.socket | OSError]") -> None:
    if not task.cancelled() and isinstance(found := task.result(), socket.socket):
        found.close()


async def _attempt(address: _Address) -> socket.socket | OSError:
    family, kind, protocol, _, place = address
    try:
        connecting = socket.socket(family, kind, protocol)
    except OSError as fault:  # this machine may know the family no more than the network does
        return fault
    try:
        connecting.setblocking(False)
        _tune(connecting)
        await asyncio.get_running_loop().sock_connect(connecting, place)
    except OSError as fault:
        connecting.close()
        return fault
    except BaseException:
        connecting.close()
        raise
    return connecting


def _tune(connecting: socket.socket) -> None:
    connecting.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connecting.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _KEEP_ALIVE:
        if hasattr(socket, name):  # macOS calls the first one otherwise
            connecting.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
