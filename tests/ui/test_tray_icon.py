"""Tray icons told apart by shape."""

import itertools

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from approver.ui.icons import SIZES
from approver.ui.state_words import Condition
from approver.ui.tray_icon import tray_icon


def shape(condition: Condition, count: int, size: int) -> QImage:
    return tray_icon(condition, count).pixmap(size, size).toImage()


def outline(image: QImage) -> list[bool]:
    return [
        image.pixelColor(x, y).alpha() > 127 for x, y in itertools.product(range(image.width()), range(image.height()))
    ]


@pytest.mark.parametrize("size", [16, 22, 48])
def test_every_condition_has_an_outline_of_its_own(qtbot: QtBot, size: int) -> None:
    outlines = [outline(shape(condition, 1, size)) for condition in Condition]
    for one, other in itertools.combinations(outlines, 2):
        differing = sum(a != b for a, b in zip(one, other, strict=True))
        assert differing > len(one) * 0.04


def test_the_count_is_written_into_the_bubble(qtbot: QtBot) -> None:
    pictures = [shape(Condition.WAITING, count, 32) for count in (1, 2, 12, 120)]
    assert all(one != other for one, other in itertools.combinations(pictures, 2))
    assert shape(Condition.WAITING, 100, 32) == shape(Condition.WAITING, 5000, 32)


def test_all_panel_sizes_are_there(qtbot: QtBot) -> None:
    assert len(tray_icon(Condition.IDLE).availableSizes()) == len(SIZES)


@pytest.mark.parametrize("condition", Condition)
def test_a_light_rim_and_a_dark_body_stand_out_from_any_panel(qtbot: QtBot, condition: Condition) -> None:
    picture = shape(condition, 1, 48)
    lights = [
        picture.pixelColor(x, y).lightness()
        for x, y in itertools.product(range(48), range(48))
        if picture.pixelColor(x, y).alpha() == 255
    ]
    assert max(lights) > 240
    assert min(lights) < 190
