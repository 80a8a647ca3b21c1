"""The clients behind shims: who they are, their conversations, and the processes they consist of."""

import asyncio
import itertools
import secrets
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

from approver.configuration import Configuration
from approver.desktop.ancestry import CannotTell, Process, clients_behind, find_process
from approver.model import ALL_SERVERS, LOCAL_GRANT, Caller, Grant
from approver.proxy.conversation import Conversation, House
from approver.proxy.local_front import Host, LocalConnection
from approver.proxy.many_local import LocalMany
from approver.proxy.many_server import Behind
from approver.proxy.session import Session
from approver.servers import Server
from approver.tasks import spawn


class LocalClients:
    """Everything that is connected to the engine's socket."""

    def __init__(
        self, house: House, host: Host, configuration: Configuration, run_folder: Path, changed: Callable[[], None]
    ) -> None:
        self._house = house
        self._host = host
        self._configuration = configuration
        self._run_folder = run_folder
        self._changed = changed
        self._connections: set[LocalConnection] = set()
        self._conversations: dict[str, Conversation] = {}
        self._many: dict[str, LocalMany] = {}
        self._last_faults: dict[str, str] = {}
        self._former_grants: set[Grant] = set()
        self._note_grants()
        self._processes: dict[LocalConnection, tuple[Process, ...]] = {}
        self._numbers = itertools.count(1)
        self._boot = secrets.token_hex(3)

    def __len__(self) -> int:
        return len(self._conversations) + len(self._many)

    def find(self, session: str) -> Conversation | Behind | None:
        """Who has a session: a conversation, or one server of a client that has many."""
        client, slash, server = session.partition("/")
        many = self._many.get(client) if slash else None
        return self._conversations.get(session) if many is None else many.many.behind.get(server)

    @property
    def sessions(self) -> Iterator[Session]:
        """Every session of every client."""
        yield from (one.session for one in self._conversations.values())
        yield from (behind.session for one in self._many.values() for behind in one.many.behind.values())

    def health(self, server: str) -> tuple[int, str]:
        """How many clients speak to a server, and why the last that came cannot; empty where it can."""
        sessions = [session for session in self.sessions if session.caller.server == server]
        return len(sessions), sessions[-1].fault if sessions else self._last_faults.get(server, "")

    def reload(self) -> None:
        """Hear of edited files: who came by a grant that is gone has to leave, the others have what there is now."""
        self._note_grants()
        for conversation in tuple(self._conversations.values()):
            if (why := self._why_out(conversation.session.caller)) is not None:
                conversation.turn_out(why)
        for one in tuple(self._many.values()):
            if (why := self._why_out(one.many.caller)) is not None:
                one.turn_out(why)
            else:
                one.many.reload(self._servers_of(one.many.caller.grant))
        for session in tuple(self.sessions):
            session.tell_of_hidden()

    def _why_out(self, caller: Caller) -> str | None:
        """Why a client that came by a grant may stay no longer; None: it may."""
        grant = self._configuration.snapshot.grant(caller.grant)
        if caller.grant == LOCAL_GRANT or (
            grant is not None and (caller.server == ALL_SERVERS or grant.is_for(caller.server))
        ):
            return None
        return _not_in_force(caller.grant)

    def _note_grants(self) -> None:
        """Remember which grants there are: who names one when it is gone is not taken for a client without."""
        snapshot = self._configuration.snapshot
        self._former_grants.update(snapshot.grants, snapshot.revoked)

    def _is_revoked(self, label: str, server: str) -> bool:
        """Whether a client names a grant for this server that is no longer in force."""
        grant = self._configuration.snapshot.grant(label)
        if grant is not None and (server == ALL_SERVERS or grant.is_for(server)):
            return False
        named = (one for one in self._former_grants if one.name == label)
        return any(server == ALL_SERVERS or one.is_for(server) for one in named)

    @property
    def processes(self) -> tuple[Process, ...]:
        """The processes that connected clients consist of: none of them, and nothing they start, may answer."""
        return tuple(process for chain in self._processes.values() for process in chain)

    @property
    def has_untraced(self) -> bool:
        """Whether a client is connected of which the processes are not known."""
        return not all(self._processes.values())

    # -- connections -----------------------------------------------------------------------------------------------

    def new_connection(self) -> LocalConnection:
        """Take a connection; it is nobody's yet."""
        connection = LocalConnection(self._host, _start, self._closed)
        self._connections.add(connection)
        return connection

    def connect(self, connection: LocalConnection, greeting: dict[str, Any]) -> None:
        """Take a shim: find its server and its grant, start a conversation."""
        self._configuration.refresh()  # the server may have been added a moment ago
        self._note_grants()
        if greeting.get("all") is True:
            self._connect_all(connection, greeting)
            return
        name = greeting.get("server")
        server = self._configuration.server(name) if isinstance(name, str) else None
        if server is None:
            connection.turn_away(self._why_no_server(str(name)))
            return
        label = _label_in(greeting)
        if self._is_revoked(label, server.name):
            connection.turn_away(_not_in_force(label))
            return
        caller = self._caller(connection, label, self._grant_named(label, server.name), server.name)
        conversation = Conversation(
            self._house, connection, server, caller, self._ended, keep_label=bool(label), run_folder=self._run_folder
        )
        self._conversations[caller.session] = conversation
        self._changed()
        spawn(conversation.start(), name=f"start {server.name}")

    def _connect_all(self, connection: LocalConnection, greeting: dict[str, Any]) -> None:
        """Take a shim before many servers: all of them, or those that the grant it names is for."""
        label = _label_in(greeting)
        if self._is_revoked(label, ALL_SERVERS):
            connection.turn_away(_not_in_force(label))
            return
        grant = self._configuration.snapshot.grant(label)
        servers = self._servers_of(LOCAL_GRANT if grant is None else label)
        if not servers:
            connection.turn_away(
                "Approver knows no servers yet that this client may use. Add one: approver server add."
            )
            return
        caller = self._caller(connection, label, LOCAL_GRANT if grant is None else label, ALL_SERVERS)
        many = LocalMany(
            self._house,
            connection,
            servers,
            caller,
            self._ended_all,
            keep_label=bool(label),
            run_folder=self._run_folder,
        )
        self._many[caller.session] = many
        self._changed()
        many.start()

    def _servers_of(self, grant_name: str) -> list[Server]:
        """The servers that the clients of a grant may use now; none, once it is revoked."""
        every = self._configuration.snapshot.servers.values()
        grant = self._configuration.snapshot.grant(grant_name)
        return [one for one in every if grant_name == LOCAL_GRANT or (grant is not None and grant.is_for(one.name))]

    def _caller(self, connection: LocalConnection, label: str, grant: str, server: str) -> Caller:
        return Caller(
            session=f"{self._boot}-{next(self._numbers)}",
            grant=grant,
            server=server,
            client=label or "An unnamed client",
            pid=self._trace(connection),
        )

    def _grant_named(self, label: str, server: str) -> str:
        """The grant that a client names, if it is for this server; the local one otherwise."""
        grant = self._configuration.snapshot.grant(label)
        return label if grant is not None and grant.is_for(server) else LOCAL_GRANT

    def _why_no_server(self, name: str) -> str:
        known = ", ".join(sorted(self._configuration.snapshot.servers)) or "none yet"
        return f"Approver knows no server {name!r} (known: {known}). Add it: approver server add."

    def _trace(self, connection: LocalConnection) -> int | None:
        """Note who launched the shim; returns its parent's process id."""
        self._processes[connection] = ()
        if connection.peer.pid is None:
            return None
        try:
            parent = find_process(connection.peer.pid).parent
        except CannotTell:
            return None
        self._processes[connection] = clients_behind(parent)
        return parent

    def _closed(self, connection: LocalConnection) -> None:
        self._connections.discard(connection)
        self._processes.pop(connection, None)

    def _ended(self, conversation: Conversation) -> None:
        session = conversation.session
        self._conversations.pop(session.caller.session, None)
        self._last_faults[session.caller.server] = session.fault
        self._changed()

    def _ended_all(self, many: LocalMany) -> None:
        self._many.pop(many.many.caller.session, None)
        self._last_faults.update((name, behind.session.fault) for name, behind in many.many.behind.items())
        self._changed()

    async def stop(self) -> None:
        """Say good-bye to every shim, and end every server."""
        for connection in tuple(self._connections):
            connection.quit()
        ending = [conversation.stop() for conversation in self._conversations.values()]
        await asyncio.gather(*ending, *(many.stop() for many in self._many.values()))


def _not_in_force(grant: str) -> str:
    return (
        f'The grant "{grant}", by which this client comes in, was revoked. '
        "Only the person at this computer can give it again (approver grant add)."
    )


def _label_in(greeting: dict[str, Any]) -> str:
    label = greeting.get("client")
    return label if isinstance(label, str) else ""


def _start(work: Coroutine[Any, Any, None], name: str) -> None:
    spawn(work, name=name)
