"""The servers in `config/servers.json`, in the shape that every client's file has, so that people can paste.

Text goes in; servers and a sentence for every mistake come out. Keys that mean nothing here are left alone.
"""

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from approver.masking import mask_arguments
from approver.model import HttpServer, StdioServer
from approver.own_files import Unreadable, parse_json
from approver.secrets import places, references

Server = StdioServer | HttpServer

SECTION = "mcpServers"
LONGEST_NAME = 64
_NOT_IN_NAMES = '<>:"/\\|?*'
"""What file names cannot hold on one system or another: a server's policy is a file with its name."""
KEYS = ("command", "args", "env", "cwd", "url", "headers")
"""What an entry may hold; others are left alone."""


def name_mistake(name: str) -> str | None:
    """Say why a server, a policy or a grant cannot have this name; None: it can."""
    if not name or len(name) > LONGEST_NAME:
        return f"a name has 1 to {LONGEST_NAME} characters"
    if name[0] in ".-" or name != name.strip():
        return "a name begins with neither a dot nor a dash, and neither begins nor ends with a space"
    wrong = next((character for character in name if character in _NOT_IN_NAMES or not character.isprintable()), None)
    return f"a name cannot hold {ascii(wrong)}: it is a file's name too" if wrong else None


def parse_servers(text: str) -> tuple[Mapping[str, Server], tuple[str, ...]]:
    """Read the file's text; return the servers without mistakes, and a sentence for each mistake."""
    try:
        document = parse_json(text)
    except Unreadable as fault:
        return {}, (str(fault),)
    if not isinstance(document, dict) or not isinstance(document.get(SECTION), dict):
        return {}, (_wrong_shape(document),)
    servers: dict[str, Server] = {}
    mistakes: list[str] = []
    for name, entry in document[SECTION].items():
        found = server_from_entry(name, entry)
        if isinstance(found, tuple):
            mistakes += found
        else:
            servers[name] = found
    return servers, tuple(mistakes)


def server_from_entry(name: str, entry: Any) -> Server | tuple[str, ...]:
    """Read one server's entry; return it, or a sentence for each of its mistakes."""
    mistakes = tuple(f'server "{name}": {mistake}.' for mistake in _mistakes(name, entry))
    if mistakes:
        return mistakes
    if "url" in entry:
        return HttpServer(name=name, url=entry["url"], headers=dict(entry.get("headers") or {}))
    return StdioServer(
        name=name,
        command=entry["command"],
        args=tuple(entry.get("args") or ()),
        env=dict(entry.get("env") or {}),
        cwd=entry.get("cwd"),
    )


def entry_of(server: Server) -> dict[str, Any]:
    """Write a server as an entry, leaving out what it has not."""
    if isinstance(server, HttpServer):
        entry: dict[str, Any] = {"url": server.url, "headers": dict(server.headers)}
    else:
        entry = {"command": server.command, "args": list(server.args), "env": dict(server.env), "cwd": server.cwd}
    return {key: value for key, value in entry.items() if value or key in ("command", "url", "args")}


def secret_users(known: Iterable[Server]) -> dict[str, list[str]]:
    """Say which secrets of the keyring are referred to, and by which servers."""
    users: dict[str, list[str]] = {}
    for server in known:
        values = server.headers if isinstance(server, HttpServer) else server.env
        for name in dict.fromkeys(name for value in values.values() for name in references(value)):
            users.setdefault(name, []).append(server.name)
    return users


def covered(values: Mapping[str, str]) -> dict[str, str]:
    """Cover the values of an environment or of headers that look secret; what says where a secret is kept is none."""
    masked: dict[str, str] = mask_arguments(values)
    return {name: value if places(value) else masked[name] for name, value in values.items()}


def _wrong_shape(document: Any) -> str:
    if isinstance(document, dict) and isinstance(document.get("servers"), dict):
        return f'the servers stand under "servers", as in VS Code\'s file; rename it to "{SECTION}".'
    return f'the file must be an object with an object "{SECTION}": {{"{SECTION}": {{"NAME": {{"command": "…"}}}}}}.'


def _mistakes(name: str, entry: Any) -> Iterator[str]:
    if mistake := name_mistake(name):
        yield mistake
    if not isinstance(entry, dict):
        yield f"must be an object with a command or a url, not {_kind(entry)}"
        return
    yield from _missing_way(entry)
    for key, check in _CHECKS.items():
        if entry.get(key) is not None:
            yield from check(key, entry[key])


def _missing_way(entry: Mapping[str, Any]) -> Iterator[str]:
    ways = [key for key in ("command", "url") if entry.get(key) is not None]
    if len(ways) == 2:
        yield "has both a command and a url; keep the one that is meant"
    elif not ways:
        close = [near for key in entry if key not in KEYS for near in difflib.get_close_matches(key, KEYS, n=1)]
        yield "has neither a command nor a url" + (f' (did you mean "{close[0]}"?)' if close else "")


def _text(key: str, value: Any) -> Iterator[str]:
    if not isinstance(value, str) or not value or "\0" in value:
        yield f"{key} must be text, not {_kind(value)}"


def _texts(key: str, value: Any) -> Iterator[str]:
    if not isinstance(value, list):
        yield f'{key} must be a list such as ["-y", "server"], not {_kind(value)}'
        return
    for place, item in enumerate(value):
        if not isinstance(item, str) or "\0" in item:
            yield f"{key}[{place}] must be text, not {_kind(item)}; put it in quotes"


def _named_texts(key: str, value: Any) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f'{key} must be an object such as {{"NAME": "value"}}, not {_kind(value)}'
        return
    for name, item in value.items():
        if not name or "=" in name or "\0" in name:
            yield f"{key} has the impossible name {ascii(name)}"
        if not isinstance(item, str) or "\0" in item:
            yield f"{key}.{name} must be text, not {_kind(item)}; put it in quotes"


def _web_address(key: str, value: Any) -> Iterator[str]:
    if not isinstance(value, str) or not _is_web_address(value):
        yield f"{key} must be an address such as https://example.com/mcp, not {_kind(value)}"


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return False


def _kind(value: Any) -> str:
    for kind, word in ((bool, "true or false"), (dict, "an object"), (list, "a list"), (int | float, "a number")):
        if isinstance(value, kind):
            return word
    return "null" if value is None else ascii(value[:60]) if value else "empty text"


_CHECKS: Mapping[str, Callable[[str, Any], Iterator[str]]] = {
    "command": _text,
    "args": _texts,
    "env": _named_texts,
    "cwd": _text,
    "url": _web_address,
    "headers": _named_texts,
}
