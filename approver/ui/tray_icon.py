"""The tray icon of each condition, told apart by shape and not only by colour: a condition and a count go in.

Every shape has a light rim, so that it stands out from dark panels and light ones alike.
"""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QIcon, QPainter, QPixmap

from approver.ui.icons import SIZES, pixmap
from approver.ui.state_words import Condition

MOST_COUNTED = 99
_BUBBLE = QRectF(0.06, 0.09, 0.88, 0.66)
"""Where the count stands in the speech bubble, as shares of the icon's edge."""


def tray_icon(condition: Condition, count: int = 0) -> QIcon:
    """The icon in all sizes; `count` is written into the bubble of waiting calls."""
    found = QIcon()
    for size in SIZES:
        found.addPixmap(tray_pixmap(condition, count, size))
    return found


def tray_pixmap(condition: Condition, count: int, size: int) -> QPixmap:
    """The icon as one picture of `size` device pixels."""
    drawn = pixmap(f"tray_{condition.value}", "#808080", size)
    if condition is Condition.WAITING:
        _write_count(drawn, count)
    return drawn


def _write_count(drawn: QPixmap, count: int) -> None:
    text = str(count) if count <= MOST_COUNTED else f"{MOST_COUNTED}+"
    edge = drawn.width()
    font = QFont()
    font.setWeight(QFont.Weight.Black)
    font.setPixelSize(max(6, round(edge * (0.62, 0.54, 0.38)[len(text) - 1])))
    painter = QPainter(drawn)
    painter.setFont(font)
    painter.setPen(QColor("#2b1c00"))
    area = QRectF(_BUBBLE.x() * edge, _BUBBLE.y() * edge, _BUBBLE.width() * edge, _BUBBLE.height() * edge)
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)
    painter.end()
