"""Calls per hour as a picture, and in words."""

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot
from still_time import NOON

from approver.journal.records import Tally
from approver.ui.hours_picture import (
    COUNT,
    Group,
    Hours,
    HoursPicture,
    _nice,
    group_words,
    hour_words,
    hours_in_words,
    hours_of,
)

TALLIES = [
    Tally(0, "allowed", 3),
    Tally(5, "denied_by_policy", 2),
    Tally(5, "denied_by_user", 1),
    Tally(5, "expired", 4),
    Tally(23, "approved", 5),
    Tally(24, "allowed", 99),
]


def test_outcomes_are_grouped_by_hour() -> None:
    hours = hours_of(NOON, TALLIES)
    assert len(hours.counts) == COUNT
    assert hours.counts[5] == {Group.DENIED: 3, Group.UNDECIDED: 4}
    assert hours.totals == {Group.ALLOWED: 3, Group.APPROVED: 5, Group.DENIED: 3, Group.UNDECIDED: 4}
    assert hours.most == 7


def test_the_picture_is_said_in_words(qtbot: QtBot) -> None:
    hours = hours_of(NOON, TALLIES)
    said = hours_in_words(hours)
    assert said == (
        "15 calls in the last 24 hours: 3 allowed by rules, 5 approved by you, 3 denied, 4 not decided. "
        f"The most, 7, from {hour_words(hours, 5)} on."
    )
    assert hours_in_words(Hours(NOON)) == "No calls in the last 24 hours."
    picture = HoursPicture()
    qtbot.addWidget(picture)
    picture.set_hours(hours)
    assert picture.accessibleDescription() == said


def test_the_hour_under_the_mouse_is_told(qtbot: QtBot) -> None:
    picture = HoursPicture()
    qtbot.addWidget(picture)
    picture.resize(600, 200)
    hours = hours_of(NOON, TALLIES)
    picture.set_hours(hours)
    plot = picture._plot()
    told = picture.told_at(plot.left() + plot.width() * 5.5 / COUNT)
    assert told == f"From {hour_words(hours, 5)} on: 7 calls\n3 denied\n4 not decided"
    assert picture.told_at(plot.left() - 5) == ""
    assert picture.told_at(plot.right() + 5) == ""


@pytest.mark.parametrize("group", list(Group))
def test_groups_can_be_told_apart_without_colour(qtbot: QtBot, group: Group) -> None:
    """Each has a grey picture of its own."""
    pictures = {one: grey(qtbot, one) for one in Group}
    assert [one for one in Group if pictures[one] == pictures[group]] == [group]
    assert [group_words(one) for one in Group].count(group_words(group)) == 1


def grey(qtbot: QtBot, group: Group) -> QImage:
    picture = HoursPicture()
    qtbot.addWidget(picture)
    picture.resize(600, 200)
    picture.set_hours(Hours(NOON, tuple({group: 4} for _ in range(COUNT))))
    plot = picture._plot()
    image = picture.grab().toImage().copy(plot.toRect())
    picture.deleteLater()
    return image.convertToFormat(QImage.Format.Format_Mono)


@pytest.mark.parametrize(("most", "nice"), [(0, 4), (4, 4), (5, 5), (7, 8), (11, 20), (60, 60), (61, 80), (999, 1000)])
def test_the_scale_ends_at_a_round_number(most: int, nice: int) -> None:
    assert _nice(most) == nice
