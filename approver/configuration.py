"""Everything in `config/` that is in force: servers, policies, grants and settings, each file's last good version.

Files go in on `refresh`, a new snapshot comes out and replaces the old one in one step: whoever holds a snapshot sees
one state. A file that does not load leaves its last good version in force and becomes a problem that people are told
of; a file that is gone is gone: no policy means that every call is denied.
"""

import hashlib
import json
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from approver.desktop.paths import Paths
from approver.grants import parse_grants
from approver.model import LOCAL_GRANT, Grant, HttpServer
from approver.own_files import Unreadable, decode
from approver.policy import document
from approver.policy.document import Policy
from approver.policy.problems import PolicyInvalid
from approver.servers import Server, name_mistake, parse_servers
from approver.settings import Settings
from approver.settings import parse as parse_settings

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is in force at one moment."""

    servers: Mapping[str, Server] = field(default_factory=dict)
    policies: Mapping[str, Policy] = field(default_factory=dict)
    grants: tuple[Grant, ...] = ()
    """Those in force."""
    settings: Settings = field(default_factory=Settings)
    problems: tuple[str, ...] = ()
    """A sentence for each file that did not load, and for each grant that names a policy that is not there."""
    revoked: tuple[Grant, ...] = ()
    """The grants that were taken back."""

    def server(self, name: str) -> Server | None:
        """Find a server."""
        return self.servers.get(name)

    def grant(self, name: str) -> Grant | None:
        """Find a grant."""
        return next((grant for grant in self.grants if grant.name == name), None)

    def grant_of_token(self, digest: str) -> Grant | None:
        """Find the grant whose token hashes to this."""
        return next((grant for grant in self.grants if grant.token_sha256 == digest), None)

    def policy_for(self, server: str, grant: str = LOCAL_GRANT) -> Policy | None:
        """Find the policy that judges a grant's calls to a server; None, so every call is denied, where there is none.

        A grant that does not exist (it may have been revoked a moment ago), or is for another server, has none.
        """
        if grant == LOCAL_GRANT:
            return self.policies.get(server)
        found = self.grant(grant)
        if found is None or not found.is_for(server):
            return None
        return self.policies.get(found.policy or server)

    def place_of(self, server: str, grant: str) -> str:
        """Digest of where a server is (its program, its address) and by what a grant is known.

        What is bound to names can tell by it that a name means another one now.
        """
        found, known = self.server(server), self.grant(grant)
        place: list[str | None] = []
        if found is not None:
            place = [found.url] if isinstance(found, HttpServer) else [found.cwd, found.command, *found.args]
        holder = [known.token_sha256, known.created] if known is not None else []
        return hashlib.sha256(json.dumps([place, holder]).encode()).hexdigest()


class Configuration:
    """The files of one `config/` folder, and the snapshot of what they last said."""

    def __init__(self, paths: Paths) -> None:
        self._paths = paths
        self._refreshing = threading.Lock()
        self._servers = _File[Mapping[str, Server]](paths.servers, parse_servers, {}, "what is right in it is in force")
        self._grants = _File[tuple[Grant, ...]](paths.grants, parse_grants, (), "what is right in it is in force")
        self._settings = _File(paths.settings, parse_settings, Settings(), "the defaults stand for what is wrong")
        self._policies: dict[str, _File[Policy | None]] = {}
        self._grants_path = str(paths.grants)
        self._policies_folder = str(paths.policies)
        self._stamps: dict[str, _Stamp] = {}
        self._places: dict[tuple[str, str], str] = {}
        self.snapshot = Snapshot()

    @classmethod
    def load(cls, paths: Paths) -> "Configuration":
        """Read all files for the first time."""
        configuration = cls(paths)
        configuration.refresh()
        return configuration

    def refresh(self) -> tuple[str, ...]:
        """Read what has changed, put it in force, and return every problem there is now. Any thread may call this."""
        with self._refreshing:
            self._stamps = {path: _stamp(path) for path in (self._grants_path, *map(str, self._policy_paths()))}
            self._find_policies()
            files: list[_File[Any]] = [self._servers, self._grants, self._settings, *self._policies.values()]
            for file in files:
                file.refresh()
            policies = {name: file.value for name, file in self._policies.items() if file.value is not None}
            found = Snapshot(
                servers=MappingProxyType(dict(self._servers.value)),
                policies=MappingProxyType(policies),
                grants=tuple(grant for grant in self._grants.value if not grant.revoked),
                settings=self._settings.value,
                revoked=tuple(grant for grant in self._grants.value if grant.revoked),
            )
            problems = [file.problem for file in files if file.problem]
            problems += self._impossible_policies()
            problems += (problem for grant in found.grants for problem in _missing(grant, found))
            self.snapshot = replace(found, problems=tuple(problems))
            self._places = {}
        return self.snapshot.problems

    def is_stale(self, *, policy: str = "", grants: bool = False) -> bool:
        """Whether the named policy's file, or that of the grants, was edited since it was last read.

        So cheap that it can be asked before each call: the watch over the folder takes a moment, and an edit is to
        apply to the next call.
        """
        paths: tuple[str, ...] = (f"{self._policies_folder}/{policy}.json",) if policy else ()
        if grants:
            paths += (self._grants_path,)
        return any(self._stamps.get(path) != _stamp(path) for path in paths)

    @property
    def problems(self) -> tuple[str, ...]:
        """A sentence for everything that is wrong with the files now."""
        return self.snapshot.problems

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return self.snapshot.settings

    @property
    def grants(self) -> tuple[Grant, ...]:
        """The grants in force."""
        return self.snapshot.grants

    def server(self, name: str) -> Server | None:
        """Find a server."""
        return self.snapshot.server(name)

    def place_of(self, server: str, grant: str) -> str:
        """Tell apart what names mean at different times, as `Snapshot.place_of` does."""
        places = self._places  # of one snapshot, or of the one before: each call asks
        if (server, grant) not in places:
            places[server, grant] = self.snapshot.place_of(server, grant)
        return places[server, grant]

    def policy_for(self, server: str, grant: str = LOCAL_GRANT) -> Policy | None:
        """Find the policy that judges a grant's calls to a server, as `Snapshot.policy_for` does."""
        return self.snapshot.policy_for(server, grant)

    def _find_policies(self) -> None:
        found = {path.stem: path for path in self._policy_paths() if name_mistake(path.stem) is None}
        known = {name: file for name, file in self._policies.items() if name in found}
        for name in sorted(found):
            known.setdefault(name, _File(found[name], _parse_policy, None, "calls that it judges are denied"))
        self._policies = known

    def _impossible_policies(self) -> Iterator[str]:
        for path in self._policy_paths():
            if mistake := name_mistake(path.stem):
                yield f"policies/{path.name} is not used: {mistake}. Rename it."

    def _policy_paths(self) -> Iterator[Path]:
        """The policy files; what begins with a dot is an editor's or half written."""
        return (path for path in sorted(self._paths.policies.glob("*.json")) if not path.name.startswith("."))


_Stamp = tuple[int, int, int] | None


def _stamp(path: str) -> _Stamp:
    """What changes when a file does; None where there is none."""
    try:
        found = os.stat(path)  # noqa: PTH116  (before each call: a Path would cost as much again)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


class _File(Generic[T]):
    """One file: what it last said that could be used, and what is wrong with it now."""

    def __init__(self, path: Path, parse: Callable[[str], tuple[T, tuple[str, ...]]], absent: T, first: str) -> None:
        self._path = path
        self._parse = parse
        self._absent = absent
        self._first = first
        """What happens if it is wrong from the start, when there is no good version to keep."""
        self._seen: bytes | None = None
        self._has_been_read = False
        self.value = absent
        self.problem = ""

    def refresh(self) -> None:
        """Read the file, and parse it if it has changed. The whole content is compared: times and sizes may lie."""
        try:
            data = self._path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            self._take(None, self._absent, ())
            return
        except OSError as fault:
            self._seen = None
            self._complain(f"it cannot be read: {fault.strerror}.")
            return
        if data != self._seen:
            self._take(data, *self._parsed(data))

    def _parsed(self, data: bytes) -> tuple[T, tuple[str, ...]]:
        try:
            return self._parse(decode(data))
        except Unreadable as fault:
            return self._absent, (str(fault),)

    def _take(self, data: bytes | None, value: T, mistakes: tuple[str, ...]) -> None:
        self._seen = data
        if not mistakes:
            self.value, self.problem, self._has_been_read = value, "", True
            return
        if not self._has_been_read:
            self.value = value
        self._complain(" ".join(mistakes))

    def _complain(self, mistakes: str) -> None:
        state = "its last good version stays in force" if self._has_been_read else self._first
        name = self._path.name if self._path.parent.name != "policies" else f"policies/{self._path.name}"
        self.problem = f"{name} does not load, so {state}: {mistakes}"


def _parse_policy(text: str) -> tuple[Policy | None, tuple[str, ...]]:
    try:
        return document.parse(text), ()
    except PolicyInvalid as invalid:
        return None, tuple(map(str, invalid.problems))


def _missing(grant: Grant, found: Snapshot) -> Iterator[str]:
    if grant.policy and grant.policy not in found.policies:
        yield (
            f'The grant "{grant.name}" names the policy "{grant.policy}", which is not in force, so its calls are '
            f"denied. Write policies/{grant.policy}.json, or name another policy."
        )
