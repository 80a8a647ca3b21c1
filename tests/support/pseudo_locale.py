"""A language that nobody speaks: every text in brackets, with accents, 40 % longer. What has none is untranslated."""

import re
import xml.etree.ElementTree as ElementTree

from PySide6.QtCore import QObject, QTranslator

from approver.resources import resource

OPEN, CLOSE = "⟦", "⟧"
STRETCH = 0.4
_ACCENTED = str.maketrans("aceinosuyzACEINOSUYZ", "äçéîñöšüýžÄÇÉÎÑÖŠÜÝŽ")
_KEPT = re.compile(r"(\{[^{}]*\}|&\w)")
"""What is filled in later, and the letter to press."""


def stretched(text: str) -> str:
    """The text in that language."""
    pieces = _KEPT.split(text)
    said = "".join(piece if at % 2 else piece.translate(_ACCENTED) for at, piece in enumerate(pieces))
    length = len(_KEPT.sub("", text))
    words = ["ìpsüm", "ät", "ðölör", "ëst"] * (1 + length // 12)
    padding = " ".join(words)[: max(1, round(length * STRETCH))]  # breaks where words do, as real texts would
    blank_before, blank_after = said[: len(said) - len(said.lstrip())], said[len(said.rstrip()) :]
    return f"{blank_before}{OPEN}{said.strip()} {padding.strip()}{CLOSE}{blank_after}"


class PseudoLocale(QTranslator):
    """Translates everything of ours; what belongs to Qt stays English."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        file = ElementTree.parse(resource("translations/approver_de.ts"))
        self._ours = {context.findtext("name") for context in file.getroot().iter("context")}

    def isEmpty(self) -> bool:
        """Qt asks no empty one."""
        return False

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str:
        """Stretch what is ours, and leave Qt's own words as they are."""
        return stretched(source) if context in self._ours else source
