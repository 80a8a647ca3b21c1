"""`approver panic`: deny everything, what waits too, for some minutes or until `approver resume`."""

import argparse

from approver.cli.standstill import add_minutes, begin


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    add_minutes(parser)


def run(arguments: argparse.Namespace) -> int:
    """Deny everything from now on."""
    return begin("panic", arguments.minutes, "Every call is denied {until}.")
