"""`approver serve`: the app without windows."""

import argparse

from approver.desktop.paths import Paths


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes: nothing."""


def run(arguments: argparse.Namespace) -> int:
    """Run until told to stop."""
    from approver import headless

    return headless.run(Paths.from_environment())
