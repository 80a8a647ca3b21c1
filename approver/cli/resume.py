"""`approver resume`: judge calls by the rules, and ask, again."""

import argparse
import sys

from approver.cli import remote


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes: nothing."""


def run(arguments: argparse.Namespace) -> int:
    """End what `approver panic` or `approver pause` began."""
    status, _ = remote.run("resume")
    if status == 0:
        sys.stdout.write("Calls are judged by the rules.\n")
    return status
