"""Carries out a plan to lead clients' servers through Approver, in an order in which nothing can be half done.

    secrets into the keyring ──> servers.json ──> a policy for each new server ──> the clients' files, one by one

Whatever fails before the first client's file leaves every client as it was; a client's file that fails is told of, and
the others go on. Carrying it out once more mends what failed. And back: `undone` puts the clients' files back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from approver.clients.applying import ChangeRefused, put_back
from approver.clients.connections import Connection, connect, forget
from approver.clients.finding import FoundFile, find_files, look
from approver.clients.json_text import NotReadable
from approver.clients.known import ClientFile, Surroundings, chosen_file, client_named, project_files, user_files
from approver.clients.planning import Plan, Way
from approver.clients.undoing import Undoing, read_for_undoing, undo
from approver.configuration_edits import EditRefused, add_server, read_servers
from approver.desktop.own_command import own_command, own_environment
from approver.desktop.paths import Paths
from approver.own_files import write_json
from approver.secrets import SecretStore, SecretUnavailable
from approver.servers import Server, entry_of


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """What became of one client's file."""

    file: ClientFile
    connection: Connection | None
    """None: it was not changed, and `fault` says why."""
    fault: str = ""


def way_of(environment: Mapping[str, str]) -> Way:
    """How clients start this Approver."""
    return Way(own_command(), own_environment(environment))


def wanted_files(words: Sequence[str], around: Surroundings, project: Path | None) -> tuple[ClientFile, ...]:
    """The files that words mean: a client's name or key, or a path. Raises `EditRefused`."""
    files: list[ClientFile] = []
    for word in words:
        client = client_named(word)
        if client is not None:
            places = (*user_files(around), *(project_files(project) if project is not None else ()))
            files += [file for file in places if file.client == client and file.path.exists()]
            if not any(file.client == client for file in files):
                raise EditRefused(f"{client.name} has no file here. Name the file itself: approver client connect FILE")
        else:
            path = Path(word).expanduser().absolute()
            if not path.is_file():
                raise EditRefused(f'There is no client "{word}" and no such file.')
            files.append(chosen_file(path, around))
    return tuple(dict.fromkeys(files))


def found_files(around: Surroundings, project: Path | None) -> tuple[FoundFile, ...]:
    """Every client's file that is there: the person's own, and the project's."""
    mine = find_files(around)
    ours = project_files(project) if project is not None else ()
    return (*mine, *(found for file in ours if (found := look(file, around)) is not None))


def carry_out(
    paths: Paths,
    plan: Plan,
    policies: Mapping[str, Mapping[str, Any]],
    way: Way,
    store: SecretStore,
    today: date,
) -> tuple[FileOutcome, ...]:
    """Do all of it. Raises `SecretUnavailable`, `EditRefused` or `OSError` where no client's file was touched yet."""
    paths.create()
    for secret in plan.secrets:
        if secret.value:
            store.put(secret.name, secret.value)
    known = read_servers(paths)
    for server in plan.servers:
        if known.get(server.name) != server:
            add_server(paths, server)
    for name, policy in policies.items():
        file = paths.policies / f"{name}.json"
        if not file.exists():  # rules that are there already are the person's
            write_json(file, policy)
    return tuple(_carried_out(paths, file, way, today) for file in plan.files)


def _carried_out(paths: Paths, plan: Any, way: Way, today: date) -> FileOutcome:
    try:
        return FileOutcome(plan.file, connect(paths, plan, way, today))
    except (ChangeRefused, OSError) as fault:
        return FileOutcome(plan.file, None, str(fault))


def undoing_of(paths: Paths, connection: Connection, store: SecretStore) -> Undoing:
    """Plan how a connection is undone. Raises `NotReadable` or `EditRefused`."""
    servers = read_servers(paths)

    def rebuild(name: str) -> Mapping[str, Any] | None:
        return _entry_of(servers.get(name), store)

    now, backup = read_for_undoing(connection)
    try:
        return undo(connection, now, backup, rebuild)
    except SecretUnavailable as fault:
        raise EditRefused(f"{connection.path} was not changed: its backup is gone, and {fault}") from fault
    except NotReadable as fault:
        raise NotReadable(f"{connection.path} does not load, so it is left alone: {fault}") from fault


def undone(paths: Paths, connection: Connection, undoing: Undoing) -> None:
    """Put a client's file back. Raises `ChangeRefused`, and then nothing has changed."""
    if undoing.after != undoing.before:
        put_back(connection.path, undoing.before, undoing.after)
    forget(paths, [connection])


def _entry_of(server: Server | None, store: SecretStore) -> Mapping[str, Any] | None:
    if server is None:
        return None
    entry = entry_of(server)
    for key in ("env", "headers"):
        if key in entry:
            entry[key] = store.fill(server.name, entry[key])
    return entry
