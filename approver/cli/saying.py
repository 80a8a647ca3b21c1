"""How commands print: plain lines whose every character is seen, JSON for programs, complaints to stderr."""

import json
import sys
from typing import Any

from approver.visible import make_visible

DONE, NO, WRONG = 0, 1, 2
"""Exit status: done; the answer is no; wrong usage or unreadable input."""


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(make_visible(line) + "\n")


def complain(line: str) -> None:
    """Print a line to stderr."""
    sys.stderr.write(make_visible(line) + "\n")


def say_json(value: Any) -> None:
    """Print a value for a program to read."""
    sys.stdout.write(json.dumps(value, indent=2) + "\n")
