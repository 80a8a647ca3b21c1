"""The sentence of a question, large, the names that others chose set apart by weight: parts go in, paint comes out.

Painted with a text layout and not with markup, so no name can bring a format of its own.
"""

import unicodedata

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QSizePolicy, QWidget

from approver.approvals.presentation import Part
from approver.ui.colours import colours_now
from approver.ui.theme import scaled

_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"
"""Around each name, so that a name in a right-to-left script does not drag our words around."""


class SentenceLabel(QWidget):
    """Paints the parts of one sentence, wrapped to its width.

    Attributes:
        text: The whole sentence.

    Signals: none of its own.
    """

    def __init__(self, parent: QWidget | None = None, *, scale: float = 1.4) -> None:
        super().__init__(parent)
        self._parts: tuple[Part, ...] = ()
        self._scale = scale
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def text(self) -> str:
        """The whole sentence."""
        return "".join(part.text for part in self._parts)

    def set_parts(self, parts: tuple[Part, ...]) -> None:
        """Show another sentence."""
        self._parts = parts
        self.setAccessibleName(self.text)
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        """Lines wrap, so the height follows the width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height of all lines at this width."""
        return self._laid_out(width)[1]

    def sizeHint(self) -> QSize:
        """Wide enough for a usual sentence, and as high as that takes."""
        width = self.fontMetrics().averageCharWidth() * 56
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """A line's height, and room for a long word."""
        return QSize(self.fontMetrics().averageCharWidth() * 16, self.fontMetrics().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the sentence."""
        painter = QPainter(self)
        painter.setPen(QColor(colours_now().muted))
        self._laid_out(self.width())[0].draw(painter, QPointF(0, 0))
        painter.end()

    def _laid_out(self, width: int) -> tuple[QTextLayout, int]:
        text, formats = self._text_and_formats()
        layout = QTextLayout(text, scaled(self.font(), self._scale))
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        option.setTextDirection(self._direction())
        layout.setTextOption(option)
        layout.setFormats(formats)
        layout.beginLayout()
        height = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(1, width))
            line.setPosition(QPointF(0, height))
            height += line.height() * 1.1
        layout.endLayout()
        return layout, int(height + 0.999)

    def _direction(self) -> Qt.LayoutDirection:
        """Our own words' direction: neither a name nor the window's may change who wants what of whom."""
        own = (character for part in self._parts if not part.is_name for character in part.text)
        to_left = any(unicodedata.bidirectional(character) in ("R", "AL") for character in own)
        return Qt.LayoutDirection.RightToLeft if to_left else Qt.LayoutDirection.LeftToRight

    def _text_and_formats(self) -> tuple[str, list[QTextLayout.FormatRange]]:
        named = QTextCharFormat()
        named.setFontWeight(QFont.Weight.DemiBold)
        named.setForeground(QColor(colours_now().ink))
        text, formats = "", []
        for part in self._parts:
            piece = f"{_ISOLATE}{part.text}{_END_ISOLATE}" if part.is_name else part.text
            if part.is_name:
                mark = QTextLayout.FormatRange()
                mark.start, mark.length, mark.format = _units(text), _units(piece), named
                formats.append(mark)
            text += piece
        return text, formats


def _units(text: str) -> int:
    """The length as Qt counts: letters beyond the first plane are two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
