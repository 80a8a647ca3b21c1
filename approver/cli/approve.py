"""`approver approve ID`: approve a waiting call from a terminal of the person's own."""

import argparse
import sys

from approver.cli import remote


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("id", metavar="ID", help="as `approver pending` shows it")
    parser.add_argument("--shown", metavar="DIGEST", help="approve only if this is the digest of what is shown")
    parser.add_argument("--json", action="store_true", help="print an object")


def run(arguments: argparse.Namespace) -> int:
    """Approve one call, once."""
    status, answer = remote.run("approve", {"id": arguments.id, "shown": arguments.shown})
    if status == 0:
        if arguments.json:
            import json

            sys.stdout.write(json.dumps({"id": answer["id"], "answer": answer["answer"]}) + "\n")
        else:
            sys.stdout.write(f"Approved {arguments.id}, once.\n")
    return status
