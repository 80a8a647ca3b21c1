"""Icons from our SVG files, drawn in whatever colour and size is asked for: a name goes in, a `QIcon` comes out."""

import functools

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from approver.resources import resource

SIZES = (16, 22, 24, 32, 48, 64, 128)
"""Edge lengths in device pixels: panels' and buttons' usual ones, and their doubles."""


def icon(name: str, colour: str = "#808080") -> QIcon:
    """The icon of that name; `colour` is what its lines have where the file says `currentColor`."""
    found = QIcon()
    for size in SIZES:
        found.addPixmap(pixmap(name, colour, size))
    return found


def pixmap(name: str, colour: str, size: int) -> QPixmap:
    """The icon as a square picture of `size` device pixels."""
    source = renderer(name, colour)
    drawn = QPixmap(size, size)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    source.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return drawn


def renderer(name: str, colour: str = "#808080") -> QSvgRenderer:
    """What paints the icon at any size."""
    return QSvgRenderer(QByteArray(_source(name).replace("currentColor", colour).encode()))


@functools.cache  # icons are drawn anew with each call that comes or goes
def _source(name: str) -> str:
    return resource(f"icons/{name}.svg").read_text(encoding="utf-8")
