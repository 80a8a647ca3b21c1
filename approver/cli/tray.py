"""`approver`, `approver tray`: the app with its windows and its tray icon."""

import argparse
import os
import sys

from approver.desktop.paths import Paths


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("--hidden", action="store_true", help="show only the tray icon, where there is a tray")


def run(arguments: argparse.Namespace) -> int:
    """Run the app; without a display it runs without windows, and says so."""
    paths = Paths.from_environment()
    if not has_display():
        from approver import headless

        sys.stderr.write("approver: there is no display, so it runs without windows (approver serve).\n")
        return headless.run(paths)
    from approver.ui.run import run as run_windows

    return run_windows(paths, hidden=arguments.hidden)


def has_display() -> bool:
    """Whether windows can be shown here."""
    if sys.platform in ("win32", "darwin"):
        return True
    wanted = os.environ.get("QT_QPA_PLATFORM", "")
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or wanted in ("offscreen", "vnc"))
