"""Turns an entry of a client's file into a server of Approver's, with the secrets that it takes.

    an entry ──its client's words──> pasted's reading ──variables filled in or kept in the keyring──> Imported

Clients fill in variables such as `${env:NAME}` and `${input:id}` themselves; Approver fills in `${keyring:NAME}`. So a
variable's value becomes a secret for the keyring, and one that nobody can fill in is a reason not to take the entry.
Pure: an environment goes in as a value.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from approver.clients.pasted import pasted_server
from approver.masking import mask_arguments
from approver.model import HttpServer, StdioServer
from approver.secrets import references
from approver.servers import LONGEST_NAME, Server, name_mistake

ADDRESS_KEYS = ("url", "serverUrl", "httpUrl", "uri")
_VARIABLE = re.compile(r"\$\{(?P<name>[^{}]*)\}")
_GEMINI_VARIABLE = re.compile(r"\$(?P<name>[A-Za-z_][A-Za-z0-9_]*)")
_NOT_IN_NAMES = re.compile(r"[^\w.@+ -]+")


class NotTaken(ValueError):
    """The entry cannot become a server of Approver's; the message is a sentence that says why."""


@dataclass(frozen=True, slots=True)
class Secret:
    """A value for the keyring, named as `${keyring:NAME}` names it."""

    name: str
    variable: str
    """The variable or header that it belongs to."""
    value: str | None = None
    """None: nobody knows it yet, and the person has to be asked."""


@dataclass(frozen=True, slots=True)
class Imported:
    """A server, and what it needs besides."""

    server: Server
    secrets: tuple[Secret, ...] = ()
    """What its values refer to."""
    movable: tuple[str, ...] = ()
    """Variables or headers whose plain values look secret, and could be kept in the keyring instead."""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Around:
    """What variables of clients stand for."""

    home: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    project: Path | None = None


def imported(name: str, entry: Any, around: Around, *, bare_variables: bool = False) -> Imported:
    """Read an entry; with `bare_variables` also $NAME is one. Raises `NotTaken`."""
    if not isinstance(entry, dict):
        raise NotTaken("its entry is no object.")
    possible = possible_name(name)
    words, secrets = _without_codex_words(possible, entry, around)
    if words.get("envFile"):
        raise NotTaken("it reads variables from a file (envFile), which Approver does not. Write them into env.")
    found = pasted_server(possible, _texts(words))
    if found.server is None:
        raise NotTaken(" ".join(found.mistakes))
    filling = _Filling(possible, around, bare_variables)
    server = _filled(found.server, filling)
    if isinstance(server, StdioServer) and server.cwd is None and around.project is not None:
        server = replace(server, cwd=str(around.project))  # where its client starts it
    notes = () if name == possible else (f'It is called "{possible}" here: {name_mistake(name)}.',)
    return Imported(server, (*secrets, *filling.secrets), tuple(_movable(server)), notes)


def possible_name(name: str) -> str:
    """The name itself, or the nearest that a server of Approver's can have."""
    if name_mistake(name) is None:
        return name
    near = _NOT_IN_NAMES.sub("-", name).strip(" .-")[:LONGEST_NAME].strip(" .-")
    return near if near and name_mistake(near) is None else "server"


def with_secrets_moved(found: Imported, variables: frozenset[str]) -> Imported:
    """The same server with these values in the keyring."""
    server, secrets = found.server, list(found.secrets)
    values = dict(values_of(server))
    for variable in found.movable:
        if variable in variables:
            name = f"{server.name}-{variable}"
            secrets.append(Secret(name, variable, values[variable]))
            values[variable] = f"${{keyring:{name}}}"
    movable = tuple(variable for variable in found.movable if variable not in variables)
    return replace(found, server=with_values(server, values), secrets=tuple(secrets), movable=movable)


def values_of(server: Server) -> Mapping[str, str]:
    """The variables or the headers of a server."""
    return server.headers if isinstance(server, HttpServer) else server.env


def with_values(server: Server, values: Mapping[str, str]) -> Server:
    """The server with other variables or headers."""
    return replace(server, headers=values) if isinstance(server, HttpServer) else replace(server, env=values)


def _movable(server: Server) -> Iterator[str]:
    values = values_of(server)
    covered = mask_arguments(dict(values))
    for name, value in values.items():
        if covered[name] != value and not references(value):
            yield name


def _texts(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Numbers and booleans of `env` as the texts that they become in an environment."""
    env = entry.get("env")
    if not isinstance(env, dict):
        return dict(entry)
    texts = {
        name: str(value).lower() if isinstance(value, bool) else str(value) if isinstance(value, int | float) else value
        for name, value in env.items()
        if value is not None
    }
    return {**entry, "env": texts}


def _without_codex_words(name: str, entry: Mapping[str, Any], around: Around) -> tuple[dict[str, Any], list[Secret]]:
    """Codex names environment variables for headers."""
    words = dict(entry)
    headers = words.pop("http_headers", None)
    headers = dict(headers) if isinstance(headers, dict) else {}
    secrets = []
    wanted = words.pop("env_http_headers", None)
    named = dict(wanted) if isinstance(wanted, dict) else {}
    bearer = words.pop("bearer_token_env_var", None)
    for header, variable in named.items():
        secret = Secret(f"{name}-{variable}", header, around.environment.get(str(variable)))
        headers[header] = f"${{keyring:{secret.name}}}"
        secrets.append(secret)
    if isinstance(bearer, str):
        secret = Secret(f"{name}-{bearer}", "Authorization", around.environment.get(bearer))
        headers["Authorization"] = f"Bearer ${{keyring:{secret.name}}}"
        secrets.append(secret)
    words.pop("env_vars", None)  # names of variables to pass on: Approver passes on all of the login shell's
    return ({**words, "headers": {**(words.get("headers") or {}), **headers}} if headers else words), secrets


class _Filling:
    """Fills in the variables of one entry."""

    def __init__(self, server: str, around: Around, bare_variables: bool) -> None:
        self._server = server
        self._around = around
        self._bare = bare_variables
        self.secrets: list[Secret] = []

    def plain(self, text: str) -> str:
        """A command's word or an address: what cannot be filled in now cannot be taken."""
        return self._replaced(text, self._known_or_refused)

    def kept(self, variable: str, text: str) -> str:
        """A variable's or a header's value: what a client would fill in goes into the keyring."""

        def keep(name: str) -> str:
            known = self._place(name)
            return known if known is not None else self._secret(variable, name)

        return self._replaced(text, keep)

    def is_inherited(self, variable: str, text: str) -> bool:
        """Whether the value is the variable's own from the environment, which servers have anyway."""
        return text in (f"${{env:{variable}}}", f"${{{variable}}}", f"${variable}" if self._bare else "")

    def _replaced(self, text: str, lookup: Any) -> str:
        filled = _VARIABLE.sub(lambda found: found[0] if _is_ours(found["name"]) else lookup(found["name"]), text)
        return _GEMINI_VARIABLE.sub(lambda found: lookup(found["name"]), filled) if self._bare else filled

    def _place(self, name: str) -> str | None:
        project = self._around.project
        places = {"userHome": str(self._around.home), "pathSeparator": "/", "/": "/"}
        if project is not None:
            places |= {"workspaceFolder": str(project), "workspaceFolderBasename": project.name}
        return places.get(name)

    def _known_or_refused(self, name: str) -> str:
        variable, default = _variable_in(name)
        found = self._place(name)
        if found is None and variable is not None:
            found = self._around.environment.get(variable, default)
        if found is None:
            raise NotTaken(f"only its client knows what ${{{name}}} stands for. Write the value itself in its place.")
        return found

    def _secret(self, variable: str, name: str) -> str:
        wanted, default = _variable_in(name)
        value = None if wanted is None else self._around.environment.get(wanted, default)
        label = (wanted or name.partition(":")[2] or name).strip()
        secret = Secret(f"{self._server}-{label}", variable, value)
        self.secrets.append(secret)
        return f"${{keyring:{secret.name}}}"


def _is_ours(name: str) -> bool:
    return name.startswith("keyring:")


def _variable_in(name: str) -> tuple[str | None, str | None]:
    """The environment variable that a client's variable names, and what it has in its place; None: it names none."""
    kind, colon, rest = name.partition(":")
    if kind == "env" and colon:
        return rest, None
    if colon and rest.startswith("-"):
        return kind, rest[1:]
    return (None, None) if colon or not name.replace("_", "a").isalnum() else (name, None)


def _filled(server: Server, filling: _Filling) -> Server:
    if isinstance(server, HttpServer):
        headers = {header: filling.kept(header, value) for header, value in server.headers.items()}
        return replace(server, url=filling.plain(server.url), headers=headers)
    env = {
        name: filling.kept(name, value) for name, value in server.env.items() if not filling.is_inherited(name, value)
    }
    return replace(
        server,
        command=filling.plain(server.command),
        args=tuple(map(filling.plain, server.args)),
        env=env,
        cwd=None if server.cwd is None else filling.plain(server.cwd),
    )
