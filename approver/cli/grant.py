"""`approver grant`: which client may use which server over HTTP, and under which policy.

Works on `grants.json` alone; the running app notices a change itself. A token is printed once, when its grant is made.
"""

import argparse
from typing import Any

from approver.cli.actions import Action, add_action, run_action
from approver.cli.saying import DONE, complain, say, say_json
from approver.configuration_edits import EditRefused, read_grants, revoke_grant
from approver.desktop.paths import Paths
from approver.issuing import issue, missing_policies, port_warning
from approver.model import ALL_SERVERS, Grant


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
    issued = issue(paths, arguments.name, arguments.server or "", _several(arguments), arguments.policy)
    grant = issued.grant
    if arguments.json:
        say_json({**_named(grant), "token": issued.token, "url": issued.url})
    else:
        say(f'"{grant.name}" may use {_quoted(grant)} now:')
        say(f"  address  {issued.url}")
        say(f"  token    {issued.token}")
        say("The client sends it with each request: Authorization: Bearer TOKEN. It is not shown again.")
    for sentence in missing_policies(paths, grant):
        complain(f"Note: {sentence[0].lower()}{sentence[1:]}")
    if warning := port_warning(paths):
        complain(f"Warning: {warning[0].lower()}{warning[1:]}")
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
