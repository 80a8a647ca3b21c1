"""What `approver panic` and `approver pause` have in common: for how long, and what is said then."""

import argparse

from approver.cli import remote
from approver.cli.saying import WRONG, complain, say


def add_minutes(parser: argparse.ArgumentParser) -> None:
    """Say that the command takes a time."""
    parser.add_argument("--minutes", type=float, help="for how long; until `approver resume` otherwise")


def begin(command: str, minutes: float | None, sentence: str) -> int:
    """Send the command; say `sentence` with its {until} filled in. Returns the exit status."""
    if minutes is not None and not 0 < minutes < 1e6:
        complain(f"approver {command}: --minutes takes a number above 0")
        return WRONG
    seconds = None if minutes is None else minutes * 60
    status, _ = remote.run(command, {"seconds": seconds})
    if status == 0:
        until = "until `approver resume`" if minutes is None else f"for {minutes:g} minute{'' if minutes == 1 else 's'}"
        say(sentence.format(until=until))
    return status
