"""Servers as people type them: a command line, an address, variables one a line. Text goes in, values come out. Pure.

A value that was covered when it was shown, and was left so, stays what it was: nobody has to see a secret to edit what
stands beside it.
"""

import shlex
from collections.abc import Mapping

from approver.model import HttpServer, StdioServer
from approver.servers import Server, covered, entry_of, server_from_entry


class Mistyped(Exception):
    """What was typed is no server; the message is a sentence."""


def typed_command(name: str, line: str, values: str, folder: str, before: Mapping[str, str]) -> Server:
    """A server that is started here. Raises `Mistyped`."""
    words = words_of(line)
    if not words:
        raise Mistyped("Type the command that starts the server.")
    variables = values_of(values, "=", before)
    return _checked(StdioServer(name.strip(), words[0], words[1:], variables, folder.strip() or None))


def typed_address(name: str, url: str, values: str, before: Mapping[str, str]) -> Server:
    """A server that runs elsewhere. Raises `Mistyped`."""
    if not url.strip():
        raise Mistyped("Type the server's address, such as https://example.com/mcp.")
    return _checked(HttpServer(name.strip(), url.strip(), values_of(values, ":", before)))


def words_of(line: str) -> tuple[str, ...]:
    """The words of a command line, quotes taken off as a shell does; nothing is expanded. Raises `Mistyped`."""
    try:
        return tuple(shlex.split(line))
    except ValueError as fault:
        raise Mistyped(f"The command cannot be read: {str(fault).lower()}. Check its quotes.") from fault


def values_of(text: str, separator: str, before: Mapping[str, str]) -> dict[str, str]:
    """Names and values, one a line; `before` is what there was. Raises `Mistyped`."""
    shown = covered(before)
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        name, sign, value = line.removeprefix("export ").partition(separator)
        name, value = name.strip(), value.strip() if separator == ":" else value
        if not line.strip():
            continue
        if not sign or not name:
            raise Mistyped(f"Line {number}: write NAME{separator}{' ' if separator == ':' else ''}VALUE, one a line.")
        if name in found:
            raise Mistyped(f'Line {number}: "{name}" stands twice; remove one.')
        found[name] = before[name] if name in before and value == shown[name] else value
    return found


def values_text(values: Mapping[str, str], separator: str) -> str:
    """The lines to begin with: secrets covered."""
    gap = " " if separator == ":" else ""
    return "\n".join(f"{name}{separator}{gap}{value}" for name, value in covered(values).items())


def command_text(server: StdioServer) -> str:
    """The command line as it can be typed again."""
    return shlex.join((server.command, *server.args))


def _checked(server: Server) -> Server:
    if not server.name:
        raise Mistyped("Give the server a name: rules, grants and the log use it.")
    found = server_from_entry(server.name, entry_of(server))
    if isinstance(found, tuple):
        raise Mistyped(" ".join(found))
    return server
