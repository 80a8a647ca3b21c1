"""`approver pause`: ask nobody, so that rules alone decide, for some minutes or until `approver resume`."""

import argparse

from approver.cli.standstill import add_minutes, begin


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    add_minutes(parser)


def run(arguments: argparse.Namespace) -> int:
    """Pause asking from now on."""
    return begin("pause", arguments.minutes, "Asking is paused {until}: what rules ask about is denied.")
