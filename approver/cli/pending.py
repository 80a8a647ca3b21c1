"""`approver pending`: the calls that wait for a person."""

import argparse
import json
import sys
from datetime import datetime
from typing import Any

from approver.cli import remote
from approver.visible import make_visible


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("--json", action="store_true", help="print a list of objects")


def run(arguments: argparse.Namespace) -> int:
    """Print the open questions, oldest first."""
    status, answer = remote.run("pending")
    if status:
        return status
    questions = answer["pending"]
    if arguments.json:
        sys.stdout.write(json.dumps(questions, indent=2) + "\n")
    elif not questions:
        sys.stdout.write("Nothing is waiting.\n")
    else:
        sys.stdout.write("\n".join(_told(question) for question in questions))
    return 0


def _told(question: dict[str, Any]) -> str:
    closes = datetime.fromisoformat(question["expires"]).astimezone().strftime("%H:%M:%S")
    name = make_visible(question["id"])
    waits = "The client waits." if question["waiting"] else "The client was told to repeat the call."
    indented = "".join(f"    {line}\n" for line in question["text"].splitlines())
    return (
        f"{name}\n{indented}    {waits} The question closes at {closes}.\n"
        f"    approver approve {name}    approver deny {name} --reason '…'\n"
    )
