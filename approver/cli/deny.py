"""`approver deny ID`: deny a waiting call, or all of them."""

import argparse
import sys

from approver.cli import remote


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("id", metavar="ID", nargs="?", help="as `approver pending` shows it")
    parser.add_argument("--all", action="store_true", help="deny every waiting call")
    parser.add_argument("--reason", default="", help="what the agent is told")
    parser.add_argument("--json", action="store_true", help="print a list of what was denied")


def run(arguments: argparse.Namespace) -> int:
    """Deny one waiting call, or all."""
    if bool(arguments.id) == arguments.all:
        sys.stderr.write("approver deny: name one waiting call, or give --all. See: approver pending\n")
        return 2
    names = [arguments.id]
    if arguments.all:
        status, answer = remote.run("pending", typed="deny")
        if status:
            return status
        names = [question["id"] for question in answer["pending"]]
    worst = 0
    denied: list[str] = []
    for name in names:
        status, _ = remote.run("deny", {"id": name, "reason": arguments.reason})
        worst = max(worst, status)
        if status == 0:
            denied.append(name)
    _tell(denied, as_json=arguments.json)
    return worst


def _tell(denied: list[str], *, as_json: bool) -> None:
    if as_json:
        import json

        sys.stdout.write(json.dumps([{"id": name, "answer": "deny"} for name in denied]) + "\n")
    elif denied:
        sys.stdout.write("".join(f"Denied {name}.\n" for name in denied))
