"""What commands with actions (`server add`, `grant list`) have in common: parsers, and faults told as a sentence."""

import argparse
from collections.abc import Callable, Mapping
from typing import Any

from approver.cli.saying import NO, WRONG, complain
from approver.configuration_edits import EditRefused
from approver.desktop.paths import Paths, PathsUnusable
from approver.secrets import SecretUnavailable

Action = Callable[[Paths, argparse.Namespace], int]


def add_action(actions: Any, name: str, what: str, **more: Any) -> argparse.ArgumentParser:
    """Add an action's parser; every action can print JSON."""
    parser: argparse.ArgumentParser = actions.add_parser(
        name, help=what, description=f"{what[0].upper()}{what[1:]}.", **more
    )
    parser.add_argument("--json", action="store_true", help="print it for a program to read")
    return parser


def run_action(actions: Mapping[str, Action], arguments: argparse.Namespace) -> int:
    """Carry out the action that was named; returns the exit status."""
    try:
        return actions[arguments.action](Paths.from_environment(), arguments)
    except SecretUnavailable as fault:
        complain(str(fault))
        return NO
    except (EditRefused, PathsUnusable) as fault:
        complain(str(fault))
    except OSError as fault:
        complain(f"{fault.filename}: {fault.strerror}." if fault.filename else f"{fault}.")
    return WRONG
