"""Which page a problem leads to: its sentence goes in, the page's key comes out.

The sentences name the file that they are about first, as `configuration.py` writes them; the log and the HTTP address
have fixed beginnings.
"""

from collections.abc import Collection

from approver.ui.desk import LOG, OVERVIEW

_PLACES = (
    ("policies/", "rules"),
    ("servers.json", "servers"),
    ("The server ", "servers"),
    ("grants.json", "grants"),
    ("The grant ", "grants"),
    ("settings.toml", "general"),
    ("The port ", "general"),
    ("The log", LOG),
)


def place_of(problem: str, pages: Collection[str]) -> str:
    """The page, of those that there are; the overview, which shows every problem in full, where none fits."""
    found = next((page for beginning, page in _PLACES if problem.startswith(beginning)), OVERVIEW)
    return found if found in pages else OVERVIEW
