"""`approver panic`: deny everything, what waits too, for some minutes or until `approver resume`."""

import argparse
import sys

from approver.cli import remote


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("--minutes", type=float, help="for how long; until `approver resume` otherwise")


def run(arguments: argparse.Namespace) -> int:
    """Deny everything from now on."""
    if arguments.minutes is not None and not 0 < arguments.minutes < 1e6:
        sys.stderr.write("approver panic: --minutes takes a number above 0\n")
        return 2
    seconds = None if arguments.minutes is None else arguments.minutes * 60
    status, _ = remote.run("panic", {"seconds": seconds})
    if status == 0:
        until = "until `approver resume`" if seconds is None else f"for {arguments.minutes:g} minutes"
        sys.stdout.write(f"Every call is denied {until}.\n")
    return status
