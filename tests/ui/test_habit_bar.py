"""The bar that offers to make a rule of a habit."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_engine import StillBridge
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from still_time import StillTime

from approver.desktop.paths import Paths
from approver.habituation import Habit
from approver.ui.habit_bar import HabitBar
from approver.ui.habit_watch import HabitWatch, Offer


@pytest.fixture
def watch(qtbot: QtBot, bridge: StillBridge, still: StillTime, tmp_path: Path) -> Iterator[HabitWatch]:
    watch = HabitWatch(bridge, still, Paths.under(tmp_path))
    yield watch
    watch.stop()


@pytest.fixture
def bar(qtbot: QtBot, watch: HabitWatch) -> HabitBar:
    bar = HabitBar(watch)
    qtbot.addWidget(bar)
    return bar


def offer(watch: HabitWatch, tool: str = "read_file") -> None:
    watch.offer = Offer(Habit("files", tool, 47, 48), {})
    watch.changed.emit()


def test_it_says_what_was_counted_and_only_while_there_is_something(watch: HabitWatch, bar: HabitBar) -> None:
    assert not bar.isVisible()
    offer(watch)
    assert bar.isVisible()
    assert bar.text == "You allowed 47 of the last 48 read_file calls on files."
    bar.dismiss.click()
    assert not bar.isVisible()
    assert bar.dismiss.accessibleName()


def test_its_button_hands_the_offer_on(qtbot: QtBot, watch: HabitWatch, bar: HabitBar) -> None:
    offer(watch)
    with qtbot.waitSignal(watch.rule_wanted) as wanted:
        bar.make.click()
    assert wanted.args == ["files", "read_file", {}]
    assert not bar.isVisible()
    assert not bar.make.autoDefault()


def test_a_stranger_s_name_stays_plain_text(watch: HabitWatch, bar: HabitBar) -> None:
    offer(watch, "<b>all</b>\u202e")
    assert "“<b>all</b>⟨U+202E⟩”" in bar.text
    QApplication.sendEvent(bar, QEvent(QEvent.Type.PaletteChange))
    assert "“<b>all</b>⟨U+202E⟩”" in bar.text
