"""Plans how clients' servers are led through Approver: what it will have as servers, and each file's new text. Pure.

entries that were chosen ──names without clashes──> servers for Approver
                         └─each entry's text changed in its place──> a file's text before and after
"""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from approver.clients.finding import FoundEntry, FoundFile, parse
from approver.clients.importing import ADDRESS_KEYS, Imported, Secret, values_of, with_secrets_moved, with_values
from approver.clients.json_text import NotReadable
from approver.clients.known import ClientFile
from approver.servers import LONGEST_NAME, Server

Choice = tuple[FoundFile, FoundEntry]
Key = tuple[Path, tuple[str, ...]]
"""What stays the same about a choice when its file is read again."""

GIVES_WAY = (
    *("env", "envFile", "cwd", "headers", "http_headers", "env_http_headers", "bearer_token_env_var", "env_vars"),
    *("auth", "oauth", "environment", *ADDRESS_KEYS),
)
"""Members of an entry that say how its server is reached: Approver knows that now."""


@dataclass(frozen=True, slots=True)
class Way:
    """How clients start Approver."""

    command: tuple[str, ...]
    """Absolute."""
    environment: Mapping[str, str]
    """What has to be set besides; usually nothing."""


@dataclass(frozen=True, slots=True)
class Led:
    """One entry that leads to a server of Approver's."""

    path: tuple[str, ...]
    server: str


@dataclass(frozen=True, slots=True)
class FilePlan:
    """What becomes of one file."""

    file: ClientFile
    before: bytes
    after: bytes
    led: tuple[Led, ...]

    @property
    def diff(self) -> str:
        """The change, as `diff -u` would tell it."""
        return diff(self.before, self.after, self.file.path)


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that is to be done; nothing of it has been."""

    servers: tuple[Server, ...] = ()
    """New ones for Approver."""
    secrets: tuple[Secret, ...] = ()
    """What the new servers refer to in the keyring."""
    files: tuple[FilePlan, ...] = ()


def key_of(choice: Choice) -> Key:
    """The file's path, and the entry's path in it."""
    return choice[0].file.path, choice[1].path


def plan(
    choices: Iterable[Choice], existing: Mapping[str, Server], way: Way, moves: Mapping[Key, frozenset[str]]
) -> Plan:
    """Plan for the entries that were chosen. `moves` says which plain values go into the keyring."""
    chosen = list(choices)
    named = _named(chosen, existing, moves)
    files = []
    for found in {file.file.path: file for file, _ in chosen}.values():
        led = tuple(
            Led(entry.path, named[key_of((file, entry))].server.name) for file, entry in chosen if file is found
        )
        files.append(FilePlan(found.file, found.data, led_through(found.file, found.data, led, way), led))
    return Plan(*_fresh(named, existing), tuple(files))


def new_servers(
    choices: Iterable[Choice], existing: Mapping[str, Server], moves: Mapping[Key, frozenset[str]]
) -> tuple[tuple[Server, ...], tuple[Secret, ...]]:
    """The servers that would be new, and their secrets: a plan without the files, which take longer."""
    return _fresh(_named(list(choices), existing, moves), existing)


def _fresh(
    named: Mapping[Key, Imported], existing: Mapping[str, Server]
) -> tuple[tuple[Server, ...], tuple[Secret, ...]]:
    fresh = {one.server.name: one for one in named.values() if one.server.name not in existing}
    secrets = {secret.name: secret for one in fresh.values() for secret in one.secrets}
    return tuple(one.server for one in fresh.values()), tuple(secrets.values())


def members_for(entry: Mapping[str, Any], label: str, server: str, way: Way) -> dict[str, Any]:
    """The members that make an entry lead to Approver; None takes a member away."""
    program, *words = way.command
    members: dict[str, Any] = {"command": program, "args": [*words, "connect", server, "--client", label]}
    members |= {key: None for key in GIVES_WAY if key in entry}
    if "type" in entry:
        members["type"] = "stdio"
    if way.environment:
        members["env"] = dict(way.environment)
    return members


def diff(before: bytes, after: bytes, path: Path) -> str:
    """The difference between two texts of a file; line ends that are not shown are kept."""
    old, new = (data.decode("utf-8", "replace").splitlines() for data in (before, after))
    found = difflib.unified_diff(old, new, str(path), str(path), lineterm="", n=2)
    return "".join(f"{line}\n" for line in found)


def entry_at(value: Any, path: Sequence[str]) -> Any:
    """What stands at a path; None where nothing does."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def led_through(file: ClientFile, data: bytes, led: Iterable[Led], way: Way) -> bytes:
    """The file's bytes with these entries leading to Approver. Raises `NotReadable`."""
    text = parse(file.path, data)
    changes = {one.path: members_for(entry_at(text.value, one.path), file.client.name, one.server, way) for one in led}
    wanted: Any = text.value
    for path, members in changes.items():
        wanted = _with_members(wanted, path, members)
    after = text.with_all(changes).encode()
    if parse(file.path, after).value != wanted:
        raise NotReadable(f"{file.path} is written in a way that Approver cannot change safely.")
    return after


def _with_members(value: Any, path: Sequence[str], members: Mapping[str, Any]) -> Any:
    """The same value with members set: what a text is checked against after it was changed."""
    if path:
        return {**value, path[0]: _with_members(value[path[0]], path[1:], members)}
    return {key: one for key, one in {**value, **members}.items() if key not in members or one is not None}


# -- names -------------------------------------------------------------------------------------------------------------


def _named(
    chosen: list[Choice], existing: Mapping[str, Server], moves: Mapping[Key, frozenset[str]]
) -> dict[Key, Imported]:
    """Each entry's server under a name that means one server only: equal ones share theirs, others get a suffix."""
    taken: dict[str, Server] = dict(existing)
    named: dict[Key, Imported] = {}
    for choice in chosen:
        file, entry = choice
        if entry.imported is None:
            raise ValueError(f"{entry.name} cannot be taken: {entry.reason}")
        found = entry.imported
        name = _name_for(found.server, file.file.client.key, taken)
        server = replace(found.server, name=name)
        is_new = name not in taken
        taken.setdefault(name, server)
        renamed = _renamed(found, server)
        key = key_of(choice)
        named[key] = with_secrets_moved(renamed, moves.get(key, frozenset())) if is_new else renamed
    return _shared(named)


def _shared(named: dict[Key, Imported]) -> dict[Key, Imported]:
    """Of equal servers the first one's secrets hold for all."""
    first: dict[str, Imported] = {}
    return {key: first.setdefault(one.server.name, one) for key, one in named.items()}


def _name_for(server: Server, client: str, taken: Mapping[str, Server]) -> str:
    same = [name for name, one in taken.items() if name.startswith(server.name) and one == replace(server, name=name)]
    candidates = [*same, server.name, _joined(server.name, client)]
    candidates += [_joined(server.name, client, str(number)) for number in range(2, len(taken) + 3)]
    return next(name for name in candidates if name not in taken or taken[name] == replace(server, name=name))


def _joined(name: str, *suffixes: str) -> str:
    end = "".join(f"-{suffix}" for suffix in suffixes)
    return name[: LONGEST_NAME - len(end)] + end


def _renamed(found: Imported, server: Server) -> Imported:
    """Secrets are named after their server: another name, other secrets."""
    old, new = found.server.name, server.name
    if old == new:
        return found
    names = {secret.name: new + secret.name.removeprefix(old) for secret in found.secrets}
    secrets = tuple(replace(secret, name=names[secret.name]) for secret in found.secrets)
    return replace(found, server=_referring(server, names), secrets=secrets)


def _referring(server: Server, names: Mapping[str, str]) -> Server:
    values = dict(values_of(server))
    for old, new in names.items():
        values = {key: text.replace(f"${{keyring:{old}}}", f"${{keyring:{new}}}") for key, text in values.items()}
    return with_values(server, values)
