"""`approver server`: add, list, remove and try out servers.

Works on `servers.json` alone; the running app notices a change itself. `test` starts the server as the app would, with
the login shell's environment and secrets filled in, shakes hands, lists its tools and ends it.
"""

import argparse
import asyncio
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from approver.cli.actions import Action, add_action, run_action
from approver.cli.logging_in import add_client_arguments, forget_login, log_in, log_out
from approver.cli.saying import DONE, NO, complain, say, say_json
from approver.clock import SystemClock
from approver.configuration_edits import EditRefused, add_server, has_policy, read_servers, read_settings, remove_server
from approver.desktop.paths import Paths
from approver.model import HttpServer, StdioServer
from approver.secrets import SecretStore, SecretUnavailable
from approver.servers import Server, covered, entry_of


class _CommandParser(argparse.ArgumentParser):
    """Keeps what follows `--` whole: it is the server's command line, options and all."""

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse what stands before `--`."""
        words = list(args or ())
        at = words.index("--") if "--" in words else len(words)
        found, rest = super().parse_known_args(words[:at], namespace)
        found.command = words[at + 1 :]
        return found, rest


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    actions = parser.add_subparsers(
        dest="action", required=True, metavar="add | list | remove | test | login | logout", parser_class=_CommandParser
    )
    add = add_action(
        actions,
        "add",
        "add a server: NAME -- COMMAND ARG…, or NAME --url URL",
        usage="approver server add NAME [--env K=V] [--cwd DIR] -- COMMAND [ARG …]\n"
        "       approver server add NAME --url URL [--header K=V] [--oauth]",
    )
    add.add_argument("name", metavar="NAME")
    add.add_argument("--url", help="the address of a server that runs elsewhere")
    add.add_argument("--header", action="append", default=[], metavar="K=V", help="a header to send it (repeatable)")
    add.add_argument(
        "--env", action="append", default=[], metavar="K=V", help="a variable to start it with (repeatable)"
    )
    add.add_argument("--cwd", metavar="DIR", help="the folder to start it in")
    add.add_argument("--replace", action="store_true", help="take the place of the server with this name")
    add.add_argument("--oauth", action="store_true", help="log in at the server with --url as soon as it is added")
    add_client_arguments(add)
    add_action(actions, "list", "list the servers")
    add_action(actions, "remove", "remove a server").add_argument("name", metavar="NAME")
    add_action(actions, "test", "start a server and list its tools").add_argument("name", metavar="NAME")
    login = add_action(actions, "login", "log in at a server with a url, in the browser")
    login.add_argument("name", metavar="NAME")
    add_client_arguments(login)
    add_action(actions, "logout", "forget the login at a server").add_argument("name", metavar="NAME")


def run(arguments: argparse.Namespace) -> int:
    """Carry out the action; returns the exit status."""
    return run_action(_ACTIONS, arguments)


# -- add, list, remove ---------------------------------------------------------------------------------------------


def _add_server(paths: Paths, arguments: argparse.Namespace) -> int:
    server = _described(arguments)
    paths.create()
    add_server(paths, server, replace=arguments.replace)
    if arguments.json:
        say_json(_shown(paths, server))
    else:
        say(f'Added "{server.name}": {_way(server)}')
        if isinstance(server, StdioServer) and server.cwd and not arguments.cwd:
            say(f"It starts in {server.cwd}, where the files are that it names.")
    if not has_policy(paths, server.name):
        give = f"approver policy set {shlex.quote(server.name)} FILE"
        complain(f'Note: "{server.name}" has no policy yet, so every call of its tools is denied. Give it one: {give}')
    return log_in(paths, arguments) if arguments.oauth else DONE


def _described(arguments: argparse.Namespace) -> Server:
    """The server that the arguments describe. Raises `EditRefused`."""
    if arguments.url is not None:
        if arguments.command or arguments.env or arguments.cwd:
            raise EditRefused("--url means a server that runs elsewhere: it has no command, --env or --cwd.")
        return HttpServer(arguments.name, arguments.url, _pairs("--header", arguments.header))
    if arguments.oauth:
        raise EditRefused("--oauth is for servers with --url.")
    if not arguments.command:
        raise EditRefused(f"Say how to reach it: approver server add {arguments.name} -- COMMAND ARG…, or --url URL.")
    if arguments.header:
        raise EditRefused("--header is for servers with --url.")
    command, *rest = arguments.command
    folder = Path(arguments.cwd).expanduser().absolute() if arguments.cwd else _folder_of(arguments.command)
    return StdioServer(
        arguments.name,
        command,
        tuple(rest),
        _pairs("--env", arguments.env),
        None if folder is None else str(folder),
    )


def _pairs(option: str, words: Sequence[str]) -> dict[str, str]:
    pairs = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not name or not equals:
            raise EditRefused(f"{option} takes NAME=VALUE, and this is {word!r}.")
        pairs[name] = value
    return pairs


def _folder_of(command: Sequence[str]) -> Path | None:
    """The current folder where the command names files in it: the app will not start the server from here."""
    here = Path.cwd()
    relative = [word for place, word in enumerate(command) if place or "/" in word]
    return here if any(_names_file(here, word) for word in relative if word) else None


def _names_file(here: Path, word: str) -> bool:
    try:
        return not Path(word).is_absolute() and (here / word).is_file()
    except (OSError, ValueError):  # too long to be a name, as a script after -c may be
        return False


def _list(paths: Paths, arguments: argparse.Namespace) -> int:
    servers = read_servers(paths)
    if arguments.json:
        say_json([_shown(paths, server) for server in servers.values()])
    elif not servers:
        say("There are no servers yet. Add one: approver server add NAME -- COMMAND ARG…")
    else:
        width = max(map(len, servers))
        for name, server in servers.items():
            note = "" if has_policy(paths, name) else "  (no policy: all is denied)"
            say(f"{name:{width}}  {_way(server)}{note}")
    return DONE


def _remove(paths: Paths, arguments: argparse.Namespace) -> int:
    forget_login(paths, arguments.name)
    remove_server(paths, arguments.name)
    if arguments.json:
        say_json({"name": arguments.name, "removed": True})
    else:
        say(f'Removed "{arguments.name}". Its policy and its grants stay, in case it comes back.')
    return DONE


def _shown(paths: Paths, server: Server) -> dict[str, Any]:
    entry = entry_of(server)
    for key in ("env", "headers"):
        if key in entry:
            entry[key] = covered(entry[key])
    return {"name": server.name, **entry, "has_policy": has_policy(paths, server.name)}


def _way(server: Server) -> str:
    if isinstance(server, HttpServer):
        return server.url
    return shlex.join((server.command, *server.args))


# -- test ----------------------------------------------------------------------------------------------------------


def _test(paths: Paths, arguments: argparse.Namespace) -> int:
    from approver.proxy.probe import ProbeFailed

    servers = read_servers(paths)
    server = servers.get(arguments.name)
    if server is None:
        known = ", ".join(sorted(servers)) or "none yet"
        raise EditRefused(f'There is no server "{arguments.name}" (there are: {known}).')
    try:
        found = asyncio.run(_probe(paths, server))
    except SecretUnavailable as fault:
        return _tell_failure(arguments, str(fault), ())
    except ProbeFailed as fault:
        return _tell_failure(arguments, str(fault), fault.last_words)
    if arguments.json:
        itself = {"server": server.name, "ok": True, "revision": found.revision}
        say_json({**itself, "name": found.name, "version": found.version, "tools": list(found.tools)})
        return DONE
    say(f'"{server.name}" works: it is {found.name} {found.version} and speaks MCP {found.revision}.')
    say(f"It has {len(found.tools)} tool{'' if len(found.tools) == 1 else 's'}{':' if found.tools else '.'}")
    for tool in found.tools:
        say(f"  {tool.get('name')}  {_first_line(tool.get('description'))}".rstrip())
    return DONE


async def _probe(paths: Paths, server: Server) -> Any:
    from approver.desktop.login_environment import LoginEnvironment
    from approver.logins import Logins
    from approver.proxy.probe import probe_http, probe_stdio
    from approver.proxy.server_log import ServerLog

    within, store = read_settings(paths).upstream.start_seconds, SecretStore()
    log = ServerLog(paths.logs / f"{server.name}.log")
    try:
        if isinstance(server, HttpServer):
            return await probe_http(server, Logins(store, SystemClock()).of(server), log, within)
        own = await asyncio.to_thread(store.fill, server.name, server.env)
        environment = {**await LoginEnvironment().get(), **own}
        return await probe_stdio(server, environment, log, within)
    finally:
        log.close()


def _tell_failure(arguments: argparse.Namespace, sentence: str, last_words: tuple[str, ...]) -> int:
    if arguments.json:
        say_json({"server": arguments.name, "ok": False, "error": sentence, "stderr": list(last_words)})
    else:
        complain(f'"{arguments.name}" does not work. {sentence}')
        for line in last_words:
            complain(f"  stderr: {line}")
    return NO


def _first_line(description: Any) -> str:
    lines = description.strip().splitlines() if isinstance(description, str) else []
    return "" if not lines else lines[0] if len(lines[0]) <= 80 else f"{lines[0][:80]}…"


_ACTIONS: dict[str, Action] = {
    "add": _add_server,
    "list": _list,
    "remove": _remove,
    "test": _test,
    "login": log_in,
    "logout": log_out,
}
