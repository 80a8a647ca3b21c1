"""The badge of a tier."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from approver.catalog.risk import Risk, Tier
from approver.resources import resource
from approver.ui.colours import colours_now
from approver.ui.tier_badge import TierBadge, risk_words, tier_words


@pytest.mark.parametrize("tier", Tier)
def test_word_icon_and_colour_tell_each_tier(qtbot: QtBot, tier: Tier) -> None:
    badge = TierBadge()
    qtbot.addWidget(badge)
    badge.set_risk(Risk(tier, "word"))
    badge.resize(badge.sizeHint())
    picture = badge.grab().toImage()
    assert picture.pixelColor(picture.width() // 2, 2).name() == colours_now().tiers[tier].fill
    assert badge.accessibleName() == f"Risk: {tier_words(tier)}"
    assert resource(f"icons/{tier.value}.svg").is_file()


def test_no_two_tiers_have_the_same_word() -> None:
    assert len({tier_words(tier) for tier in Tier}) == len(Tier)


def test_it_is_said_to_be_a_guess() -> None:
    assert risk_words(Risk(Tier.READS, "list")) == "guessed from “list” in the tool's name"
    assert risk_words(Risk(Tier.EXECUTES, "")) == "the tool's name says nothing: it may do anything"


def test_it_paints_from_right_to_left_as_well(qtbot: QtBot) -> None:
    badge = TierBadge()
    qtbot.addWidget(badge)
    badge.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    badge.set_risk(Risk(Tier.DESTROYS, "drop"))
    badge.resize(badge.minimumSizeHint())
    assert not badge.grab().isNull()
