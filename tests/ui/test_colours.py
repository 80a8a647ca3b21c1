"""Colours that can be read."""

import pytest
from PySide6.QtGui import QColor, QPalette
from pytestqt.qtbot import QtBot

from approver.catalog.risk import Tier
from approver.ui.colours import Colours, colours_of, contrast, mixed
from approver.ui.theme import own_palette

READABLE = 4.5
"""What WCAG 2 asks of text."""


def palettes() -> list[QPalette]:
    return [
        own_palette(dark=False),
        own_palette(dark=True),
        QPalette(QColor("#efefef"), QColor("#efefef")),
        QPalette(QColor("#31363b"), QColor("#2a2e32")),
    ]


@pytest.fixture(params=range(4))
def colours(qtbot: QtBot, request: pytest.FixtureRequest) -> Colours:
    return colours_of(palettes()[request.param])


def test_text_can_be_read_on_everything_it_stands_on(colours: Colours) -> None:
    for ground in (colours.window, colours.card, colours.sunken):
        assert contrast(colours.ink, ground) >= READABLE
        assert contrast(colours.muted, ground) >= READABLE
    assert contrast(colours.warning.ink, colours.warning.fill) >= READABLE


def test_every_tier_can_be_read_and_looks_like_no_other(colours: Colours) -> None:
    for tier in Tier:
        assert contrast(colours.tiers[tier].ink, colours.tiers[tier].fill) >= READABLE
    assert len({colours.tiers[tier].fill for tier in Tier}) == len(Tier)
    assert len({colours.edge(tier) for tier in Tier}) == len(Tier)


def test_the_gravest_tier_stands_out_most(colours: Colours) -> None:
    apart = {tier: contrast(colours.tiers[tier].fill, colours.window) for tier in Tier}
    assert max(apart, key=lambda tier: apart[tier]) is Tier.DESTROYS


def test_light_and_dark_are_told_apart(qtbot: QtBot) -> None:
    assert [colours_of(palette).is_dark for palette in palettes()] == [False, True, False, True]


def test_mixing_goes_from_one_to_the_other() -> None:
    assert mixed("#000000", "#ffffff", 0.0) == "#000000"
    assert mixed("#000000", "#ffffff", 1.0) == "#ffffff"
    assert mixed("#000000", "#ffffff", 0.5) == "#808080"


def test_contrast_is_as_wcag_defines_it() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
