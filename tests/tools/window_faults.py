"""Visits every window in one look and prints what a person would find fault with, as JSON: `window_faults.py LOOK`.

The looks are those of `screenshots.py`. A process of its own, because languages and layout belong to the application.
"""

import json
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QWidget
from screenshots import settle, speak_as, visit
from window_inspection import clipped, cut_headers, same_letters, untranslated

from approver.settings import ColorScheme
from approver.ui.theme import Theme

NAMES = (
    r"[\w.\-]+_[\w\-*]+|read_\*|X-Team|[\w.\-]+-(?:key|token|8|1)|/\w[\w/.]*|(?:~|/)[\w./\-]*\.\w[\w.\-]*|"
    r"Claude Desktop|Cursor|Codex|Tester|"
    r"filesystem|files|git|wiki|status|push|search|write|local|laptop|phone|ci|weather|"
    r"path|content|options|mode|tags|encoding|remote|branch|force|true|info|blue|broken|English|Deutsch"
)
OTHERS_WORDS = re.compile(
    rf"(?:{NAMES})(?:(?:, | )\(?(?:{NAMES})\)?)*|"
    r"\$\{.*\}|••• \(\d+ characters hidden\)|[A-Z_]+=.*|[A-Z]\w+: ••• .*|"  # what is covered
    r"\d+:\d+\s[AP]M|10 per minute|"  # what the system, and what the file has
    r"(?:: )?Python \d.*|:? ?/tmp/.*|"  # what Approver runs on, and where its files are
    r"uvx mcp-server-weather.*|https://.*|Where to write\.|Does what “\w+” says\.|"  # commands, and what servers say
    # Approver's own sentences about files, servers and the keyring, as its log and its commands have them
    r"Policy “git” did not load: .*|(?:git: )?(?:The server git could not be started: )?no program .*|"
    r"(?:git: )?The server git .*|It wants you to log in: .*|There is no keyring .*|"
    r"Another program listens at port .*|"
    r"There is no log at .*|Others may read .*|line \d+, column \d+: .*|[•⚠] .*|/\w+/\w+: \.|"
    # what only the pictures say
    r"Remove the server git\?|&Remove|Its rules stay\..*|Nothing was stored: the value is empty\."
)
"""What a window may say without its being translated."""


def main(look: str) -> None:
    """Visit all of them."""
    app = QApplication([])
    app.setQuitOnLastWindowClosed(False)
    speak_as(app, look)
    Theme(app, ColorScheme.LIGHT)
    faults: dict[str, list[str]] = {"untranslated": [], "clipped": [], "headers": [], "letters": []}

    def keep(widget: QWidget, name: str, size: QSize | None = None) -> None:
        settle(app, widget, size)
        if look in ("stretched", "right-to-left"):
            faults["untranslated"] += [f"{name}: {fault}" for fault in untranslated(widget, OTHERS_WORDS)]
        faults["clipped"] += [f"{name}: {fault}" for fault in clipped(widget)]
        faults["headers"] += [f"{name}: {fault}" for fault in cut_headers(widget)]
        faults["letters"] += [f"{name}: {fault}" for fault in same_letters(widget)]

    visit(app, keep)
    sys.stdout.write(json.dumps(faults))


if __name__ == "__main__":
    main(sys.argv[1])
