"""Starts servers as the app will start them and asks for their tools, before anything is written.

servers and their secrets, in memory ──> a process or a connection each ──> names of tools, or why there are none
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from approver.clients.importing import Imported, values_of, with_values
from approver.clock import SystemClock
from approver.desktop.login_environment import LoginEnvironment
from approver.logins import Logins
from approver.model import HttpServer
from approver.proxy.http_wire import WireFault
from approver.proxy.probe import ProbeFailed, probe_http, probe_stdio
from approver.proxy.server_log import ServerLog
from approver.proxy.stdio_upstream import UpstreamUnavailable
from approver.secrets import SecretStore, SecretUnavailable, expand
from approver.servers import Server

_AT_ONCE = 3
"""Servers that are started at the same time."""


class _Silent(ServerLog):
    """Keeps nothing: what a server says when it is first looked at is told where it fails."""

    def __init__(self) -> None:
        super().__init__(Path())

    def write_lines(self, source: str, lines: list[bytes]) -> None:
        """Leave them."""


@dataclass(frozen=True, slots=True)
class Learned:
    """What one server has, or why that is not known."""

    tools: tuple[str, ...] | None
    fault: str = ""


def learn_tools(
    servers: Mapping[str, Imported], within: float, store: SecretStore, tell: Callable[[int], None]
) -> dict[str, Learned]:
    """Ask each server for its tools, by the key it is given under. Blocks; `tell` is called after each."""
    return asyncio.run(_learn_all(servers, within, store, tell))


async def _learn_all(
    servers: Mapping[str, Imported], within: float, store: SecretStore, tell: Callable[[int], None]
) -> dict[str, Learned]:
    environment = await LoginEnvironment().get()
    found: dict[str, Learned] = {}
    gate = asyncio.Semaphore(_AT_ONCE)

    async def learn(key: str, one: Imported) -> None:
        async with gate:
            found[key] = await _learn(one, within, store, environment)
            tell(len(found))

    async with asyncio.TaskGroup() as group:
        for key, one in servers.items():
            group.create_task(learn(key, one), name=f"learn {key}")
    return found


async def _learn(one: Imported, within: float, store: SecretStore, environment: Mapping[str, str]) -> Learned:
    log = _Silent()
    try:
        server = await asyncio.to_thread(_filled, one, store)
        if isinstance(server, HttpServer):
            probed = await probe_http(server, Logins(store, SystemClock()).of(server), log, within)
        else:
            probed = await probe_stdio(replace(server, env={}), {**environment, **server.env}, log, within)
    except ProbeFailed as fault:
        return Learned(None, " ".join((str(fault), *fault.last_words[-2:])))
    except (SecretUnavailable, UpstreamUnavailable, WireFault, OSError) as fault:
        return Learned(None, str(fault))
    return Learned(tuple(name for tool in probed.tools if isinstance(name := tool.get("name"), str)))


def _filled(one: Imported, store: SecretStore) -> Server:
    """The server with its secrets' values, those of the keyring and those that are to go there."""
    known = {secret.name: secret.value for secret in one.secrets}

    def lookup(name: str) -> str:
        if name not in known:
            return store.get(name)
        value = known[name]
        if not value:
            raise SecretUnavailable(f"It needs the value of {name}, which nobody has told yet.")
        return value

    return with_values(one.server, {key: expand(text, lookup) for key, text in values_of(one.server).items()})
