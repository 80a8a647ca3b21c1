"""`approver client`: the AI clients on this machine: which servers each has, and lead them through Approver and back.

`connect` shows the change as a diff and makes it, with a backup beside the file; `--dry-run` shows it and stops there.
`disconnect` puts the original entries back, whatever else was edited since.
"""

import argparse
import os
import shlex
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from approver.cli.actions import Action, add_action, run_action
from approver.cli.saying import DONE, NO, WRONG, complain, say, say_json
from approver.clients.applying import ChangeRefused
from approver.clients.connections import Connection, read_connections
from approver.clients.finding import FoundEntry, FoundFile, look
from approver.clients.importing import Secret
from approver.clients.json_text import NotReadable
from approver.clients.known import CLIENTS, Surroundings, client_named
from approver.clients.planning import Choice, Plan, key_of, plan
from approver.configuration_edits import STARTER, EditRefused, read_servers
from approver.desktop.paths import Paths
from approver.masking import mask_text
from approver.model import HttpServer
from approver.secrets import SecretStore
from approver.servers import Server
from approver.taking_over import (
    FileOutcome,
    carry_out,
    found_files,
    undoing_of,
    undone,
    wanted_files,
    way_of,
)

_WHICH = f"a client ({', '.join(client.key for client in CLIENTS)}) or a file"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="list | connect | disconnect")
    listing = add_action(actions, "list", "list the clients' files that are here, and their servers")
    connect = add_action(actions, "connect", "lead a client's servers through Approver; shows the change, and makes it")
    connect.add_argument("which", metavar="CLIENT|FILE", nargs="+", help=_WHICH)
    connect.add_argument("--server", action="append", default=[], metavar="NAME", help="only this one (repeatable)")
    connect.add_argument("--keyring", action="store_true", help="keep values that look secret in the keyring")
    disconnect = add_action(actions, "disconnect", "put a client's own entries back")
    disconnect.add_argument("which", metavar="CLIENT|FILE", nargs="*", help=_WHICH)
    disconnect.add_argument("--all", action="store_true", help="every client that was connected")
    for action in (connect, disconnect):
        action.add_argument("--dry-run", action="store_true", help="show the change and make none")
    for action in (listing, connect, disconnect):
        action.add_argument("--project", metavar="DIR", help="look into this project's folder as well")


def run(arguments: argparse.Namespace) -> int:
    """Carry out the action; returns the exit status."""
    try:
        return run_action(_ACTIONS, arguments)
    except (ChangeRefused, NotReadable) as fault:
        complain(str(fault))
        return WRONG


def _around() -> Surroundings:
    return Surroundings(Path.home(), environment=os.environ)


def _project(arguments: argparse.Namespace) -> Path | None:
    return Path(arguments.project).expanduser().absolute() if arguments.project else None


# -- list --------------------------------------------------------------------------------------------------------------


def _list(paths: Paths, arguments: argparse.Namespace) -> int:
    files = found_files(_around(), _project(arguments))
    if arguments.json:
        say_json([_shown(file) for file in files])
        return DONE
    if not files:
        say("No file of a client that Approver knows is here. Name one: approver client connect FILE")
    for file in files:
        say(f"{file.file.client.name}  {file.file.path}")
        if file.mistake:
            complain(f"  {file.mistake}")
        for entry in file.entries:
            say(f"  {entry.name}  {_state_in_words(entry)}")
    return DONE


def _state_in_words(entry: FoundEntry) -> str:
    if entry.is_ours:
        return "through Approver"
    return f"past Approver: {_way(entry.imported.server)}" if entry.imported else f"cannot be taken: {entry.reason}"


def _way(server: Server) -> str:
    return server.url if isinstance(server, HttpServer) else shlex.join((server.command, *server.args))


def _shown(file: FoundFile) -> dict[str, Any]:
    servers = [
        {
            "name": entry.name,
            "through_approver": entry.is_ours,
            "can_be_connected": entry.imported is not None,
            **({"reason": entry.reason} if entry.reason else {}),
        }
        for entry in file.entries
    ]
    itself = {"client": file.file.client.key, "name": file.file.client.name, "file": str(file.file.path)}
    return {**itself, **({"problem": file.mistake} if file.mistake else {}), "servers": servers}


# -- connect -----------------------------------------------------------------------------------------------------------


def _connect(paths: Paths, arguments: argparse.Namespace) -> int:
    around = _around()
    choices = list(_chosen(arguments, around))
    if not choices:
        return _nothing(
            arguments, "There is nothing to connect: every server leads through Approver, or cannot be taken."
        )
    way = way_of(os.environ)
    moves = {key_of(choice): frozenset(choice[1].imported.movable) for choice in choices if choice[1].imported}
    planned = plan(choices, read_servers(paths), way, moves if arguments.keyring else {})
    if not arguments.json:
        _preview(planned)
    outcomes: tuple[FileOutcome, ...] = ()
    if not arguments.dry_run:
        policies = {server.name: STARTER for server in planned.servers}
        outcomes = carry_out(paths, planned, policies, way, SecretStore(), date.today())
    if arguments.json:
        say_json(_connected(planned, outcomes))
    else:
        _tell(paths, planned, outcomes)
    return NO if any(outcome.connection is None for outcome in outcomes) else DONE


def _chosen(arguments: argparse.Namespace, around: Surroundings) -> Iterable[Choice]:
    wanted = set(arguments.server)
    seen = set()
    for file in wanted_files(arguments.which, around, _project(arguments)):
        found = look(file, around)
        if found is None or found.mistake:
            raise EditRefused(found.mistake if found is not None else f"{file.path} is not there any more.")
        for entry in found.entries:
            seen.add(entry.name)
            if wanted and entry.name not in wanted:
                continue
            if entry.imported is None and not entry.is_ours:
                complain(f"{entry.name} of {file.client.name} stays as it is: {entry.reason}")
            elif entry.imported is not None:
                yield found, entry
    if missing := sorted(wanted - seen):
        raise EditRefused(f'There is no server "{missing[0]}" in it. There are: {", ".join(sorted(seen)) or "none"}.')


def _nothing(arguments: argparse.Namespace, sentence: str) -> int:
    complain(sentence)
    if arguments.json:
        say_json({"servers": [], "files": []})
    return NO


def _preview(planned: Plan) -> None:
    for server in planned.servers:
        say(f'New server "{server.name}": {_way(server)}')
    for file in planned.files:
        if file.file.client.note:
            complain(f"Note: {file.file.client.name}: {file.file.client.note}")
        if file.file.project is not None:
            complain(f"Note: {file.file.path} may be shared with others, who do not have Approver where you have it.")
        for line in mask_text(file.diff).splitlines():
            say(line)


def _tell(paths: Paths, planned: Plan, outcomes: tuple[FileOutcome, ...]) -> None:
    for outcome in outcomes:
        if outcome.connection is None:
            complain(outcome.fault)
        else:
            say(f"Changed {outcome.file.path}. As it was: {outcome.connection.backup}")
            say(f"Restart {outcome.file.client.name}. To undo it: approver client disconnect {_word(outcome)}")
    for server in planned.servers if outcomes else ():
        say(f'"{server.name}" asks about every call until you change its rules: {paths.policies / server.name}.json')
    for secret in _unknown(planned.secrets):
        complain(f"Note: nobody told the value of {secret.variable} yet. Keep it: approver secret set {secret.name}")


def _word(outcome: FileOutcome) -> str:
    return outcome.file.client.key if outcome.file.client in CLIENTS else shlex.quote(str(outcome.file.path))


def _unknown(secrets: Iterable[Secret]) -> list[Secret]:
    return [secret for secret in secrets if not secret.value]


def _connected(planned: Plan, outcomes: tuple[FileOutcome, ...]) -> dict[str, Any]:
    done = {outcome.file: outcome for outcome in outcomes}
    files = []
    for file in planned.files:
        outcome = done.get(file.file)
        made = outcome.connection if outcome is not None else None
        entry: dict[str, Any] = {"client": file.file.client.key, "file": str(file.file.path)}
        entry |= {"changed": made is not None, "backup": str(made.backup) if made else None}
        entry |= {"servers": [{"entry": led.path[-1], "server": led.server} for led in file.led]}
        entry |= {"diff": mask_text(file.diff)} | ({"error": outcome.fault} if outcome and outcome.fault else {})
        files.append(entry)
    wanted = [secret.name for secret in _unknown(planned.secrets)]
    return {"servers": [server.name for server in planned.servers], "secrets_wanted": wanted, "files": files}


# -- disconnect --------------------------------------------------------------------------------------------------------


def _disconnect(paths: Paths, arguments: argparse.Namespace) -> int:
    if bool(arguments.which) == arguments.all:
        raise EditRefused("Name a client or a file, or say --all.")
    around = _around()
    made = [one for one in reversed(read_connections(paths)) if arguments.all or _is_meant(one, arguments, around)]
    if not made:
        return _nothing(arguments, "There is nothing to undo: Approver changed no such file.")
    told = [_undo(paths, one, arguments) for one in made]
    if arguments.json:
        say_json({"files": told})
    return NO if any("error" in one for one in told) else DONE


def _is_meant(connection: Connection, arguments: argparse.Namespace, around: Surroundings) -> bool:
    for word in arguments.which:
        client = client_named(word)
        if client is not None and connection.client == client.name:
            return True
        if client is None and Path(word).expanduser().absolute() == connection.path:
            return True
    return False


def _undo(paths: Paths, connection: Connection, arguments: argparse.Namespace) -> dict[str, Any]:
    told: dict[str, Any] = {"file": str(connection.path), "changed": False}
    try:
        undoing = undoing_of(paths, connection, SecretStore())
        if not arguments.json:
            for line in (*mask_text(undoing.diff).splitlines(), *undoing.notes):
                say(line)
        if not arguments.dry_run:
            undone(paths, connection, undoing)
            told["changed"] = undoing.before != undoing.after
            if not arguments.json:
                say(f"{connection.path} has its own entries again. The backup {connection.backup} stays.")
    except (ChangeRefused, NotReadable, EditRefused) as fault:
        if not arguments.json:
            complain(str(fault))
        return {**told, "error": str(fault)}
    return {**told, "diff": mask_text(undoing.diff), "notes": list(undoing.notes)}


_ACTIONS: dict[str, Action] = {"list": _list, "connect": _connect, "disconnect": _disconnect}
