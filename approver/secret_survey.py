"""Where the servers' secrets are, as people are told of it: what is kept, what is missing, and who uses it.

servers.json ──references──> names and their users ──keyring, environment, files──> a state for each; never a value

Everything here may block: run it in a thread. While the keyring is locked it is asked nothing, unless the person says
so, since asking has the system ask the person.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from approver.configuration_edits import read_servers
from approver.desktop.paths import Paths
from approver.keyring_moves import values_of
from approver.secrets import (
    KeyringState,
    SecretStore,
    SecretUnavailable,
    StoreState,
    from_environment,
    from_file,
    places,
)


class Kept(enum.Enum):
    """How it stands with one secret."""

    KEPT = "kept"
    MISSING = "missing"
    UNKNOWN = "unknown"
    """The keyring is locked, or is not there."""
    BROKEN = "broken"
    """A file or a variable that cannot be used; `why` says so."""


@dataclass(frozen=True, slots=True)
class SecretRow:
    """One secret that is kept, or that a server refers to."""

    place: str
    """`keyring`, `env` or `file`."""
    name: str
    users: tuple[str, ...]
    kept: Kept
    why: str = ""


@dataclass(frozen=True, slots=True)
class Survey:
    """Everything at one moment."""

    store: StoreState
    rows: tuple[SecretRow, ...] = ()


def survey(paths: Paths, store: SecretStore, *, asks: bool = False) -> Survey:
    """Look at everything; `asks` also where the system may ask the person to unlock the keyring.

    Raises:
        EditRefused: servers.json does not load.
        SecretUnavailable: the keyring does not tell.
    """
    users = _users(paths)
    state = store.state()
    names: frozenset[str] | None = None
    if state.state is KeyringState.STORED or (asks and state.state is KeyringState.LOCKED):
        names = frozenset(store.names())
        state = store.state()
    in_keyring = {name for place, name in users if place == "keyring"} | (names or frozenset())
    rows = [
        SecretRow("keyring", name, users.get(("keyring", name), ()), _in_keyring(name, names))
        for name in sorted(in_keyring)
    ]
    rows += [_elsewhere(place, name, users[place, name]) for place, name in sorted(users) if place != "keyring"]
    return Survey(state, tuple(rows))


def _users(paths: Paths) -> Mapping[tuple[str, str], tuple[str, ...]]:
    found: dict[tuple[str, str], list[str]] = {}
    for server in read_servers(paths).values():
        for reference in dict.fromkeys(one for value in values_of(server).values() for one in places(value)):
            found.setdefault(reference, []).append(server.name)
    return {reference: tuple(names) for reference, names in found.items()}


def _in_keyring(name: str, names: frozenset[str] | None) -> Kept:
    if names is None:
        return Kept.UNKNOWN
    return Kept.KEPT if name in names else Kept.MISSING


def _elsewhere(place: str, name: str, users: tuple[str, ...]) -> SecretRow:
    try:
        (from_environment if place == "env" else from_file)(name)
    except SecretUnavailable as fault:
        return SecretRow(place, name, users, Kept.BROKEN, str(fault))
    return SecretRow(place, name, users, Kept.KEPT)
