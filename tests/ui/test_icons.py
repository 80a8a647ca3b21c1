"""Icons from our files."""

from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from approver.resources import resource
from approver.ui.icons import SIZES, icon, pixmap

NAMES = sorted(path.stem for path in Path(resource("icons")).glob("*.svg"))


def colours_in(image: QImage) -> set[str]:
    found = set()
    for x in range(image.width()):
        for y in range(image.height()):
            if (colour := image.pixelColor(x, y)).alpha() == 255:
                found.add(colour.name())
    return found


@pytest.mark.parametrize("name", NAMES)
def test_every_icon_draws_something(qtbot: QtBot, name: str) -> None:
    assert colours_in(pixmap(name, "#123456", 64).toImage())
    assert len(icon(name).availableSizes()) == len(SIZES)


def test_lines_have_the_colour_that_is_asked_for(qtbot: QtBot) -> None:
    assert QColor("#123456").name() in colours_in(pixmap("warning", "#123456", 64).toImage())
    assert QColor("#654321").name() in colours_in(pixmap("warning", "#654321", 64).toImage())


def test_an_icon_that_is_missing_is_told_by_name(qtbot: QtBot) -> None:
    with pytest.raises(FileNotFoundError, match=r"icons/nowhere\.svg"):
        icon("nowhere")
