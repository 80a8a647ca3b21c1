"""Colours JSON as it is typed: lines of text go in, formats for keys, texts, numbers and words come out.

Line by line and by shape alone, so that a text that is not JSON yet is coloured all the same.
"""

import re

from PySide6.QtGui import QColor, QFont, QSyntaxHighlighter, QTextCharFormat, QTextDocument

from approver.catalog.risk import Tier
from approver.ui.colours import colours_now

_TOKEN = re.compile(
    r'(?P<text>"(?:[^"\\]|\\.)*"?)(?P<key>\s*:)?|(?P<number>-?\d[\d.eE+\-]*)|(?P<word>true|false|null)\b'
)


class RulesHighlighter(QSyntaxHighlighter):
    """Colours one document.

    Attributes: none of its own.

    Signals: none of its own.
    """

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self.dress()

    def dress(self) -> None:
        """Take the colours that go with the palette of now."""
        colours = colours_now()
        self._key = _format(colours.ink, bold=True)
        self._text = _format(colours.tiers[Tier.READS].ink)
        self._value = _format(colours.tiers[Tier.EXECUTES].ink)
        self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        """Colour one line."""
        for token in _TOKEN.finditer(text):
            if token["text"] is None:
                found, chosen = token[0], self._value
            else:
                found, chosen = token["text"], self._key if token["key"] else self._text
            self.setFormat(units(text[: token.start()]), units(found), chosen)


def units(text: str) -> int:
    """How long Qt takes a text to be: it counts in UTF-16."""
    return len(text) + sum(character > "\uffff" for character in text)


def _format(colour: str, *, bold: bool = False) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setForeground(QColor(colour))
    if bold:
        made.setFontWeight(QFont.Weight.DemiBold)
    return made
