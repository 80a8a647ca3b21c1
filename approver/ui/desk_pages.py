"""Which pages the desk has: one line each, in the order in which they are listed."""

from approver.clock import Clock
from approver.desktop.paths import Paths
from approver.ui.bridge import Bridge
from approver.ui.desk import Desk


def add_pages(desk: Desk, bridge: Bridge, paths: Paths, clock: Clock) -> None:
    """Put every page onto the desk. A page gets what it needs as arguments; none knows another."""
