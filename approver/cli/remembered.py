"""`approver remembered`: the answers that stand, and taking one back."""

import argparse
from typing import Any

from approver.cli import remote
from approver.cli.saying import DONE, say, say_json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="what stands", description="What stands, the oldest first.")
    revoking = actions.add_parser("revoke", help="let one stand no longer", description="Let one stand no longer.")
    revoking.add_argument("id", metavar="ID", help="as `approver remembered list` shows it")
    for one in (listing, revoking):
        one.add_argument("--json", action="store_true", help="print it for a program to read")


def run(arguments: argparse.Namespace) -> int:
    """Carry out the action that was named."""
    return _list(arguments) if arguments.action == "list" else _revoke(arguments)


def _list(arguments: argparse.Namespace) -> int:
    status, answer = remote.run("remembered", typed="remembered list")
    if status:
        return status
    if arguments.json:
        say_json(answer["remembered"])
    elif not answer["remembered"]:
        say("No answer is remembered.")
    else:
        for one in answer["remembered"]:
            say(f"{one['id']}  {one['rule']}")
            say(f"        {_fares(one)}")
    return DONE


def _revoke(arguments: argparse.Namespace) -> int:
    status, answer = remote.run("revoke", {"id": arguments.id}, typed="remembered revoke")
    if status:
        return status
    if arguments.json:
        say_json({"id": answer["id"], "revoked": True})
    else:
        say(f"{answer['id']} stands no longer. Such calls are judged by the rules again.")
    return DONE


def _fares(one: dict[str, Any]) -> str:
    if one["void"]:
        return "Void: the server has changed what it says of the tool since."
    times = "once" if one["uses"] == 1 else f"{one['uses']} times"
    return "Never used yet." if not one["uses"] else f"Used {times}, last {one['last_used']}."
