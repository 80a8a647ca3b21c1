"""Which keys lead to which page of the main window, so that no test knows a page by its number."""

PAGES = ("overview", "log", "clients", "servers", "rules", "remembered", "grants", "secrets", "general", "about")
"""In their order; `tests/ui/test_desk_pages.py` holds it against the window."""


def keys_to(page: str) -> str:
    """The keys, as xdotool writes them."""
    return f"ctrl+{(PAGES.index(page) + 1) % 10}"
