"""Changes that commands and windows make to the files in `config/`: servers and grants added and removed.

Each change reads the file anew, alters what it is about and writes the file in one step; all else in it, keys we do not
know and the order included, stays as the person wrote it. The running engine notices the new file like any other edit.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from approver import grants, servers, settings
from approver.desktop.paths import Paths
from approver.model import ALL_SERVERS, Grant
from approver.own_files import Unreadable, decode, parse_json, write_json, write_text
from approver.servers import SECTION, Server
from approver.settings import Settings

STARTER: Mapping[str, Any] = {"version": "1", "default": "require_approval", "tools": {}}
"""What is proposed where there is no policy: a person is asked about everything."""
STARTER_POLICY = json.dumps(STARTER, indent=2) + "\n"
"""The same as a file has it."""


class EditRefused(Exception):
    """The change cannot be made; the message says why and what to do."""


def read_servers(paths: Paths) -> dict[str, Server]:
    """Return the servers in the file. Raises `EditRefused` where the file does not load."""
    found, mistakes = servers.parse_servers(_text(paths.servers)) if paths.servers.exists() else ({}, ())
    return dict(_sound(paths.servers, found, mistakes))


def read_grants(paths: Paths) -> tuple[Grant, ...]:
    """Return the grants in force by the file. Raises `EditRefused` where the file does not load."""
    found, mistakes = grants.parse_grants(_text(paths.grants)) if paths.grants.exists() else ((), ())
    return tuple(grant for grant in _sound(paths.grants, found, mistakes) if not grant.revoked)


def read_settings(paths: Paths) -> Settings:
    """Return the settings in the file, with the defaults for what is wrong in it: a command needs some."""
    try:
        return settings.parse(_text(paths.settings))[0]
    except EditRefused:
        return Settings()


def add_server(paths: Paths, server: Server, *, replace: bool = False) -> None:
    """Add a server, or with `replace` put it in the place of the one with its name."""
    entry = servers.entry_of(server)
    checked = servers.server_from_entry(server.name, entry)
    if isinstance(checked, tuple):
        raise EditRefused(" ".join(checked))
    document = _servers_document(paths)
    if server.name in document[SECTION] and not replace:
        raise EditRefused(
            f'There is a server "{server.name}" already. Remove it first (approver server remove {server.name}), or '
            "choose another name."
        )
    document[SECTION][server.name] = entry
    write_json(paths.servers, document)


def edit_server(paths: Paths, server: Server) -> None:
    """Put a server in the place of the one with its name; keys of its entry that we do not know stay."""
    entry = servers.entry_of(server)
    checked = servers.server_from_entry(server.name, entry)
    if isinstance(checked, tuple):
        raise EditRefused(" ".join(checked))
    document = _servers_document(paths)
    before = document[SECTION].get(server.name)
    if before is None:
        raise EditRefused(f'There is no server "{server.name}".{_known(document[SECTION])}')
    kept = {key: value for key, value in before.items() if key not in servers.KEYS}
    document[SECTION][server.name] = {**entry, **kept}
    write_json(paths.servers, document)


def remove_server(paths: Paths, name: str) -> None:
    """Remove a server; its policy and its grants stay, in case it comes back."""
    document = _servers_document(paths)
    if name not in document[SECTION]:
        raise EditRefused(f'There is no server "{name}".{_known(document[SECTION])}')
    del document[SECTION][name]
    write_json(paths.servers, document)


def has_policy(paths: Paths, name: str) -> bool:
    """Whether there is a policy of this name; without one every call is denied."""
    return (paths.policies / f"{name}.json").exists()


def start_policy(paths: Paths, name: str) -> bool:
    """Have people asked about every call to a server that has no policy yet; whether that was so."""
    if has_policy(paths, name):
        return False
    write_text(paths.policies / f"{name}.json", STARTER_POLICY)
    return True


def add_grant(paths: Paths, grant: Grant) -> None:
    """Add a grant; one of its name that was revoked is forgotten."""
    if mistake := grants.grant_name_mistake(grant.name):
        raise EditRefused(f'A grant cannot be called "{grant.name}": {mistake}.')
    known = read_servers(paths)
    wanted = [one for one in grant.servers or (grant.server,) if one != ALL_SERVERS]
    if missing := next((one for one in wanted if one not in known), None):
        raise EditRefused(f'There is no server "{missing}".{_known(known)}')
    if any(grant.name == other.name for other in read_grants(paths)):
        raise EditRefused(
            f'There is a grant "{grant.name}" already. Revoke it first (approver grant revoke {grant.name}), or choose '
            "another name."
        )
    others = [entry for entry in _grants_document(paths) if entry.get("name") != grant.name]
    write_json(paths.grants, [*others, grants.entry_of(grant)])


def revoke_grant(paths: Paths, name: str) -> None:
    """Take a grant back: its token admits nobody from the next request on.

    Its name stays in the file, so that a client on this machine that names it is refused, not taken for one without.
    """
    known = read_grants(paths)
    if all(name != grant.name for grant in known):
        raise EditRefused(f'There is no grant "{name}".{_known([grant.name for grant in known])}')
    gone = {"token_sha256": None, "revoked": datetime.now(UTC).isoformat(timespec="seconds")}
    entries = _grants_document(paths)
    write_json(paths.grants, [{**entry, **gone} if entry.get("name") == name else entry for entry in entries])


def _servers_document(paths: Paths) -> dict[str, Any]:
    """The file as written, so that what we do not know is written back."""
    read_servers(paths)
    document: dict[str, Any] = parse_json(_text(paths.servers)) if paths.servers.exists() else {SECTION: {}}
    return document


def _grants_document(paths: Paths) -> list[dict[str, Any]]:
    document: list[dict[str, Any]] = parse_json(_text(paths.grants)) if paths.grants.exists() else []
    return document


def _text(path: Path) -> str:
    try:
        return decode(path.read_bytes())
    except Unreadable as fault:
        raise EditRefused(f"{path}: {fault}") from fault
    except OSError as fault:
        raise EditRefused(f"{path} cannot be read: {fault.strerror}.") from fault


def _sound(path: Path, found: Any, mistakes: tuple[str, ...]) -> Any:
    if mistakes:
        raise EditRefused(f"{path} does not load, and stays as it is until that is mended: {' '.join(mistakes)}")
    return found


def _known(names: Any) -> str:
    return f" There are: {', '.join(sorted(names))}." if names else " There are none yet."
