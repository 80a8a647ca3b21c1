"""Servers out of what people paste: the JSON of any client's file, of a README, or of one entry alone.

    text ──lenient_json──> a document ──which client's shape──> entries ──ours──> servers, with what is wrong with each

Knows the shapes of Claude, Cursor, Windsurf, Gemini (`mcpServers`), VS Code (`servers`, `mcp.servers`), Zed
(`context_servers`), opencode (`mcp`), a bare map of names, and one entry without a name. Nothing is written here, and
nothing is started. Pure.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any
from urllib.parse import urlsplit

from approver.clients.lenient_json import JsonMistake, plain_json, read_lenient
from approver.model import HttpServer
from approver.secrets import places, without_references
from approver.servers import SECTION, Server, name_mistake, server_from_entry

SECTIONS = (SECTION, "servers", "context_servers", "mcp")
"""Under which names clients keep their servers."""
_URL_KEYS = ("url", "serverUrl", "httpUrl", "uri")
_OURS = frozenset(("command", "args", "env", "cwd", "url", "headers"))
_MEANT_FOR_THE_CLIENT = frozenset(("type", "transport", "source", "name", "enabled", "disabled", "settings", "$schema"))
"""Keys that say nothing which would be lost."""
_APPROVALS = frozenset(("alwaysAllow", "autoApprove", "autoapprove", "trust", "allowedTools"))
_PLACEHOLDER = re.compile(r"\$\{[^{}]*\}|<[A-Za-z][\w -]*>|YOUR[_-][A-Z_]+|\byour[-_][\w-]+-here\b")
_LAUNCHERS = frozenset(("npx", "uvx", "bunx", "pnpm", "dlx", "node", "python", "python3", "uv", "docker", "run", "cmd"))
_NOT_IN_OUR_NAMES = re.compile(r"[^\w.@+ -]+")


@dataclass(frozen=True, slots=True)
class PastedServer:
    """One server that was found.

    `server` is None where `mistakes` say why. `notes` say what would be lost or is still to be filled in.
    """

    name: str
    server: Server | None
    mistakes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    is_enabled: bool = True
    """Whether the client it comes from had it switched on."""


@dataclass(frozen=True, slots=True)
class Pasted:
    """What was found in a text: servers, or one mistake."""

    servers: tuple[PastedServer, ...] = ()
    mistake: JsonMistake | None = None


def read_pasted(text: str) -> Pasted:
    """Find the servers in a text."""
    document = _document(text)
    if isinstance(document, JsonMistake):
        return Pasted(mistake=document)
    entries = entries_in(document)
    if not entries:
        return Pasted(mistake=JsonMistake(0, 0, *_no_servers(document)))
    return Pasted(tuple(pasted_server(name, entry) for name, entry in entries.items()))


def pasted_server(name: str, entry: Any) -> PastedServer:
    """Read one entry of any client's file."""
    ours = _our_entry(entry) if isinstance(entry, dict) else entry
    found = server_from_entry(name, ours)
    enabled = not isinstance(entry, dict) or not (entry.get("disabled") is True or entry.get("enabled") is False)
    if isinstance(found, tuple):
        return PastedServer(name, None, found, is_enabled=enabled)
    return PastedServer(name, found, notes=tuple(_notes(entry, found)), is_enabled=enabled)


def renamed(pasted: PastedServer, name: str) -> PastedServer:
    """The same under another name, which may be an impossible one."""
    if pasted.server is None:
        return replace(pasted, name=name)
    mistake = name_mistake(name)
    mistakes = () if mistake is None else (f'server "{name}": {mistake}.',)
    return replace(pasted, name=name, server=replace(pasted.server, name=name), mistakes=mistakes)


def entries_in(document: Any) -> Mapping[str, Any]:
    """The servers' entries in a client's document, by name, as they stand there; none where there are none."""
    if not isinstance(document, dict):
        return {}
    for section in SECTIONS:
        inside = document.get(section)
        if isinstance(inside, dict) and not _is_entry(inside):
            nested = section == "mcp" and isinstance(inside.get("servers"), dict)
            return dict(inside["servers"] if nested else inside)
    if _is_entry(document):
        return {_name_of(document): document}
    entries = {name: entry for name, entry in document.items() if isinstance(entry, dict) and _is_entry(entry)}
    return entries if len(entries) == sum(isinstance(value, dict) for value in document.values()) else {}


def _document(text: str) -> Any:
    """The text's value. What was copied from within a file, `"name": {…}`, has its braces missing."""
    plain = plain_json(text)
    if not plain.lstrip().startswith('"'):
        return read_lenient(text)
    found = read_lenient(f"{{{plain.rstrip().rstrip(',')}\n}}")
    if isinstance(found, JsonMistake) and found.line == 1:
        return replace(found, column=max(1, found.column - 1))  # the brace in front is ours
    return found


def _is_entry(value: Mapping[str, Any]) -> bool:
    """Whether it describes one server, rather than being a map of them."""
    ways = [value.get(key) for key in ("command", *_URL_KEYS)]
    return any(isinstance(way, str | list) or (isinstance(way, dict) and "path" in way) for way in ways)


def _no_servers(document: Any) -> tuple[str, str]:
    hint = f'Paste {{"{SECTION}": {{"NAME": {{"command": "…", "args": [ ]}}}}}}, or one entry of it.'
    if isinstance(document, dict) and any(isinstance(document.get(section), dict) for section in SECTIONS):
        return "The list of servers is empty.", hint
    return "This is JSON, but no server stands in it.", hint


# -- entries -----------------------------------------------------------------------------------------------------------


def _our_entry(entry: Mapping[str, Any]) -> dict[str, Any]:
    """The entry in the words of `servers.json`."""
    ours = {key: entry[key] for key in _OURS if entry.get(key) is not None}
    if "url" not in ours:
        address = next((entry[key] for key in _URL_KEYS if entry.get(key) is not None), None)
        ours |= {} if address is None else {"url": address}
    if "env" not in ours and entry.get("environment") is not None:
        ours["env"] = entry["environment"]
    command = ours.get("command")
    if isinstance(command, dict):  # Zed, of old
        ours |= {key: command[key] for key in ("args", "env") if key in command} | {"command": command.get("path")}
    elif isinstance(command, list) and command:  # opencode
        ours |= {"command": command[0], "args": [*command[1:], *(ours.get("args") or ())]}
    # with all that it has where nothing fits: what was meant is told by its own words
    return ours if ours.keys() & {"command", "url"} else dict(entry)


def _notes(entry: Mapping[str, Any], server: Server) -> Iterator[str]:
    approvals = sorted(_APPROVALS & entry.keys())
    if approvals:
        yield f"{', '.join(approvals)}: not taken over. What needs no question is for Approver's rules to say."
    known = _OURS | _MEANT_FOR_THE_CLIENT | _APPROVALS | {*_URL_KEYS, "environment"}
    lost = sorted(key for key in entry.keys() - known if entry[key] not in (None, "", [], {}))
    if lost:
        yield f"{', '.join(lost)}: not taken over. Approver does not know what that means."
    if any(key in entry for key in ("url", *_URL_KEYS)) and str(entry.get("type", "")).lower() == "stdio":
        yield "It says type stdio and has an address. The address counts."
    for where, value in _filled_in(server).items():
        yield from (
            f"{where}: Approver will read the file {place} and hand its content to this server."
            for kind, place in places(value)
            if kind == "file"
        )
    for where, value in _texts(server):
        if found := _PLACEHOLDER.search(value):
            yield f"{where}: {found[0]} has to be filled in. Approver passes it on as it stands."


def _filled_in(server: Server) -> Mapping[str, str]:
    """The values in which references are filled in: the environment, or the headers."""
    return server.headers if isinstance(server, HttpServer) else server.env


def _texts(server: Server) -> Iterator[tuple[str, str]]:
    """All texts of a server, without the references that are filled in."""
    if isinstance(server, HttpServer):
        yield "url", server.url
    else:
        yield from ((f"args[{place}]", word) for place, word in enumerate(server.args))
        yield "cwd", server.cwd or ""
    for where, value in _filled_in(server).items():
        yield where, without_references(value)


def _name_of(entry: Mapping[str, Any]) -> str:
    """A name for an entry that stands alone: its own, or what the command or the address suggest."""
    given = entry.get("name")
    if isinstance(given, str) and given:
        return given
    ours = _our_entry(entry)
    words = [ours.get("command"), *(ours["args"] if isinstance(ours.get("args"), list) else ())]
    suggested = name_of_command([word for word in words if isinstance(word, str)])
    return suggested or name_of_address(str(ours.get("url", "")))


def name_of_command(words: list[str]) -> str:
    """Suggest a name for a server by its command line; empty where it suggests none."""
    for word in words:
        base = PureWindowsPath(word).name if "\\" in word else PurePosixPath(word).name
        base = base.removesuffix(".exe").removesuffix(".cmd").removesuffix(".py").removesuffix(".js")
        if word.startswith("-") or base in _LAUNCHERS or not base:
            continue
        base = base.partition("@")[0] if not base.startswith("@") else base
        return _possible(base.removeprefix("mcp-server-").removeprefix("server-").removesuffix("-mcp"))
    return _possible(words[0]) if words else ""


def name_of_address(url: str) -> str:
    """Suggest a name for a server by its address; empty where it suggests none."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    if host == "localhost" or ":" in host or host.replace(".", "").isdigit():
        return "local"
    parts = [part for part in host.split(".") if part not in ("www", "mcp", "api")]
    return _possible(parts[0] if parts else host)


def _possible(name: str) -> str:
    name = _NOT_IN_OUR_NAMES.sub("-", name).strip(" .-")[:40].strip(" .-")
    return name if name and name_mistake(name) is None else "server"
