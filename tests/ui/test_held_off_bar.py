"""The line that says which client asks too often."""

import pytest
from pytestqt.qtbot import QtBot
from still_time import NOON

from approver.events import HeldOff
from approver.ui.held_off_bar import HeldOffBar
from approver.ui.plain_label import PlainLabel


@pytest.fixture
def bar(qtbot: QtBot) -> HeldOffBar:
    bar = HeldOffBar()
    qtbot.addWidget(bar)
    return bar


def lines(bar: HeldOffBar) -> list[str]:
    return [
        label.text()
        for label in bar.findChildren(PlainLabel)
        if not label.isHidden() and label.parent().isVisibleTo(bar)
    ]


def test_each_client_is_named_with_its_time_and_can_be_asked_about_again(qtbot: QtBot, bar: HeldOffBar) -> None:
    assert bar.isHidden()
    bar.show_clients((HeldOff("Cursor", NOON + 300), HeldOff("a\u202eb", NOON + 60)), NOON)
    assert not bar.isHidden()
    first, second = lines(bar)
    assert first.startswith("Cursor asks too often. What it asks further is denied until ")
    assert "\u202e" not in second
    with qtbot.waitSignal(bar.ask_again) as asked:
        bar.buttons[1].click()
    assert asked.args == ["a\u202eb"]


def test_it_goes_when_nobody_is_held_off(bar: HeldOffBar) -> None:
    bar.show_clients((HeldOff("Cursor", NOON + 300),), NOON)
    bar.show_clients((), NOON)
    assert bar.isHidden()
    assert bar.buttons == []
