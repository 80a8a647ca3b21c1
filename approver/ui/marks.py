"""Draws the marks of `approver.visible` where fonts lack their characters: text and a font in, drawable text out.

Many desktops have no font with control pictures (␛, ␊), and a box with nothing in it tells nobody anything. There a
control's name stands in the brackets that only marks have: ⟨ESC⟩. A line feed becomes ↵, which fonts do have.
"""

import functools
import re

from PySide6.QtGui import QFont, QTextLayout

from approver.approvals.outline import NEWLINE_MARK

MARK = re.compile(r"⟨(?:U\+[0-9A-F]{4,6}|[A-Z][A-Z0-9]{1,2})⟩|[␀-␉␋-␟␡]")
"""A mark as it is drawn, a line feed's excepted."""
DRAWN_NEWLINE = "↵"
_NAMES = (
    "NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US"
)
_PICTURES = 0x2400
_PICTURE = re.compile("[␀-␡]")
_TABLE = {_PICTURES + code: f"⟨{name}⟩" for code, name in enumerate(_NAMES.split(" "))} | {
    0x2421: "⟨DEL⟩",
    ord(NEWLINE_MARK): DRAWN_NEWLINE,
}


def drawable(text: str, font: QFont) -> str:
    """The text with every mark in characters that can be drawn."""
    if text.isascii() or not _PICTURE.search(text) or _can_draw_pictures(font.family()):
        return text
    return text.translate(_TABLE)


@functools.cache
def _can_draw_pictures(family: str) -> bool:
    layout = QTextLayout(NEWLINE_MARK, QFont(family))
    layout.beginLayout()
    layout.createLine()
    layout.endLayout()
    return all(0 not in run.glyphIndexes() for run in layout.glyphRuns())
