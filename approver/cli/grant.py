"""`approver grant`: which client may use which server over HTTP, and under which policy.

Works on `grants.json` alone; the running app notices a change itself. A token is printed once, when its grant is made.
"""

import argparse
import json
import socket
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from approver.cli.actions import Action, add_action, run_action
from approver.cli.saying import DONE, complain, say, say_json
from approver.configuration_edits import (
    EditRefused,
    add_grant,
    read_grants,
    read_servers,
    read_settings,
    revoke_grant,
)
from approver.desktop.paths import Paths
from approver.grants import new_token, token_digest
from approver.model import ALL_SERVERS, Grant
from approver.servers import name_mistake


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="add | list | revoke")
    add = add_action(actions, "add", "let a client use a server; prints its token, once")
    add.add_argument("server", metavar="SERVER", nargs="?", help="the one server it is for")
    add.add_argument("--servers", metavar="A,B", help="several servers, all at one address")
    add.add_argument("--all-servers", action="store_true", help="every server there is, and that will be added")
    add.add_argument("--name", required=True, metavar="LABEL", help="what to call the client: the log names it so")
    add.add_argument("--policy", metavar="NAME", help="a policy other than the server's own")
    add_action(actions, "list", "list the grants")
    add_action(actions, "revoke", "take a grant back").add_argument("name", metavar="LABEL")


def run(arguments: argparse.Namespace) -> int:
    """Carry out the action; returns the exit status."""
    return run_action(_ACTIONS, arguments)


def _add_grant(paths: Paths, arguments: argparse.Namespace) -> int:
    if arguments.policy is not None and (mistake := name_mistake(arguments.policy)):
        raise EditRefused(f'A policy cannot be called "{arguments.policy}": {mistake}.')
    servers = _several(arguments)
    token = new_token()
    created = datetime.now(UTC).isoformat(timespec="seconds")
    grant = Grant(arguments.name, arguments.server or "", arguments.policy, token_digest(token), created, servers)
    paths.create()
    add_grant(paths, grant)
    url = f"{_address(paths)}/mcp" + (f"/{quote(grant.server, safe='')}" if not servers else "")
    if arguments.json:
        say_json({**_named(grant), "token": token, "url": url})
    else:
        say(f'"{grant.name}" may use {_quoted(grant)} now:')
        say(f"  address  {url}")
        say(f"  token    {token}")
        say("The client sends it with each request: Authorization: Bearer TOKEN. It is not shown again.")
    _warn_of_missing_policy(paths, grant)
    _warn_of_another_program(paths)
    return DONE


def _several(arguments: argparse.Namespace) -> tuple[str, ...]:
    """The servers of a grant for several; none where it is for one."""
    ways = [arguments.server is not None, arguments.servers is not None, arguments.all_servers]
    if sum(ways) != 1:
        raise EditRefused("Name one SERVER, or several with --servers A,B, or say --all-servers.")
    if arguments.server is not None:
        return ()
    if arguments.policy is not None:
        raise EditRefused("A grant for several servers is judged by each server's own policy: leave --policy out.")
    if arguments.all_servers:
        return (ALL_SERVERS,)
    names = tuple(dict.fromkeys(name.strip() for name in arguments.servers.split(",") if name.strip()))
    if not names:
        raise EditRefused("--servers names no server: separate their names by commas.")
    return names


def _named(grant: Grant) -> dict[str, Any]:
    """The members that say what a grant is."""
    which: dict[str, Any] = {"servers": list(grant.servers)} if grant.servers else {"server": grant.server}
    return {"name": grant.name, **which, "policy": grant.policy}


def _quoted(grant: Grant) -> str:
    return grant.scope if grant.servers == (ALL_SERVERS,) else '"' + '", "'.join(grant.servers or (grant.server,)) + '"'


def _address(paths: Paths) -> str:
    """Where the running app listens; where none runs, where it will by the settings."""
    try:
        return str(json.loads((paths.run / "http.json").read_text(encoding="utf-8"))["url"])
    except (OSError, ValueError, KeyError, TypeError):
        return f"http://127.0.0.1:{read_settings(paths).http.port}"


def _warn_of_another_program(paths: Paths) -> None:
    """A client that used the address now would show its token to whoever took the port."""
    port = read_settings(paths).http.port
    if (paths.run / "http.json").exists() or not port:
        return
    with socket.socket() as visitor:
        visitor.settimeout(1)
        is_taken = visitor.connect_ex(("127.0.0.1", port)) == 0
    if is_taken:
        complain(
            f"Warning: another program listens at port {port}, so Approver cannot. Before a client uses this token, "
            "choose another port in settings.toml: [http] port."
        )


def _warn_of_missing_policy(paths: Paths, grant: Grant) -> None:
    if not grant.servers:
        wanted = [grant.policy or grant.server]
    else:
        wanted = sorted(read_servers(paths)) if grant.servers == (ALL_SERVERS,) else list(grant.servers)
    for policy in wanted:
        if not (paths.policies / f"{policy}.json").exists():
            calls = f'call to "{policy}"' if grant.servers else "call"
            complain(f'Note: there is no policy "{policy}" yet, so every {calls} under this grant is denied.')


def _list(paths: Paths, arguments: argparse.Namespace) -> int:
    grants = read_grants(paths)
    if arguments.json:
        say_json([_shown(grant) for grant in grants])
    elif not grants:
        say("There are no grants. Add one: approver grant add SERVER --name LABEL")
    for grant in () if arguments.json else grants:
        policy = f' under the policy "{grant.policy}"' if grant.policy else ""
        since = f", since {grant.created}" if grant.created else ""
        say(f'"{grant.name}" may use {_quoted(grant)}{policy}{since}{"" if grant.token_sha256 else " (no token)"}')
    return DONE


def _shown(grant: Grant) -> dict[str, Any]:
    """A grant without what its token hashes to, which concerns nobody."""
    return {
        **_named(grant),
        "created": grant.created,
        "has_token": grant.token_sha256 is not None,
    }


def _revoke(paths: Paths, arguments: argparse.Namespace) -> int:
    revoke_grant(paths, arguments.name)
    if arguments.json:
        say_json({"name": arguments.name, "revoked": True})
    else:
        say(f'Revoked "{arguments.name}": its token admits nobody from the next request on.')
    return DONE


_ACTIONS: dict[str, Action] = {
    "add": _add_grant,
    "list": _list,
    "revoke": _revoke,
}
