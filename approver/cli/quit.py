"""`approver quit`: end the running app; what waits is denied."""

import argparse
import sys

from approver.cli import remote


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes: nothing."""


def run(arguments: argparse.Namespace) -> int:
    """End the app in its written order."""
    status, _ = remote.run("quit")
    if status == 0:
        sys.stdout.write("Approver is closing.\n")
    return status
