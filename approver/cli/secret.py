"""`approver secret`: the values behind `${keyring:NAME}`, kept in the system's keyring. None is ever shown."""

import argparse
import getpass
import sys

from approver.cli.actions import Action, add_action, run_action
from approver.cli.saying import DONE, say, say_json
from approver.configuration_edits import EditRefused, read_servers
from approver.desktop.paths import Paths
from approver.secrets import SecretStore, name_mistake
from approver.servers import secret_users


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="set | list | remove")
    put = add_action(actions, "set", "keep a value, read from a prompt that does not show it or from what is piped in")
    put.add_argument("name", metavar="NAME")
    add_action(actions, "list", "list the names of the values, and the servers that use them")
    add_action(actions, "remove", "forget a value").add_argument("name", metavar="NAME")


def run(arguments: argparse.Namespace) -> int:
    """Carry out the action; returns the exit status."""
    return run_action(_ACTIONS, arguments)


def _set(paths: Paths, arguments: argparse.Namespace) -> int:
    if mistake := name_mistake(arguments.name):
        raise EditRefused(f"Nothing was stored: {mistake}.")
    value = getpass.getpass(f"Value of {arguments.name}: ") if sys.stdin.isatty() else sys.stdin.read()
    value = value.removesuffix("\n").removesuffix("\r")
    if not value:
        raise EditRefused("Nothing was stored: the value is empty.")
    SecretStore().put(arguments.name, value)
    if arguments.json:
        say_json({"name": arguments.name, "stored": True})
    else:
        say(f'Stored "{arguments.name}". Use it in servers.json as "${{keyring:{arguments.name}}}".')
    return DONE


def _list(paths: Paths, arguments: argparse.Namespace) -> int:
    users = secret_users(read_servers(paths).values())
    stored = set(SecretStore().names())
    names = sorted({*stored, *users})
    if arguments.json:
        say_json([{"name": name, "stored": name in stored, "servers": users.get(name, [])} for name in names])
    elif not names:
        say("There are no secrets. Keep one: approver secret set NAME")
    for name in () if arguments.json else names:
        used = f"used by {', '.join(users[name])}" if name in users else "not used"
        missing = "" if name in stored else f"; not stored yet: approver secret set {name}"
        say(f"{name}  ({used}{missing})")
    return DONE


def _remove(paths: Paths, arguments: argparse.Namespace) -> int:
    SecretStore().remove(arguments.name)
    if arguments.json:
        say_json({"name": arguments.name, "removed": True})
    else:
        say(f'Removed "{arguments.name}".')
    return DONE


_ACTIONS: dict[str, Action] = {
    "set": _set,
    "list": _list,
    "remove": _remove,
}
