"""What of the log is wanted."""

import pytest
from PySide6.QtWidgets import QComboBox, QPushButton
from pytestqt.qtbot import QtBot
from still_time import NOON, StillTime

from approver.journal.records import Filters
from approver.ui.log_filter_bar import LogFilterBar


@pytest.fixture
def bar(qtbot: QtBot, still: StillTime) -> LogFilterBar:
    bar = LogFilterBar(still)
    qtbot.addWidget(bar)
    for name in ("client", "server", "tool", "rule"):
        bar.set_choices(name, ["", "one", "two"])
    return bar


def box(bar: LogFilterBar, name: str) -> QComboBox:
    return next(one for one in bar.findChildren(QComboBox) if one.accessibleName() == name)


def texts(box: QComboBox) -> list[str]:
    return [box.itemText(at) for at in range(box.count())]


def choose(bar: LogFilterBar, name: str, text: str) -> None:
    box(bar, name).setCurrentIndex(texts(box(bar, name)).index(text))


def test_everything_is_wanted_at_first(bar: LogFilterBar) -> None:
    assert bar.filters() == Filters()
    assert bar.is_clear


@pytest.mark.parametrize("name", ["client", "server", "tool", "rule"])
def test_one_of_what_occurs(qtbot: QtBot, bar: LogFilterBar, name: str) -> None:
    with qtbot.waitSignal(bar.changed):
        choose(bar, name.capitalize(), "two")
    assert bar.filters() == Filters(**{name: "two"})


def test_outcomes_one_by_one_and_in_groups(bar: LogFilterBar) -> None:
    choose(bar, "Outcome", "expired")
    assert bar.filters().outcomes == ("expired",)
    choose(bar, "Outcome", "Denied")
    assert bar.filters().outcomes == ("denied_by_policy", "denied_by_user")


def test_times_are_reckoned_from_now(bar: LogFilterBar, still: StillTime) -> None:
    choose(bar, "Time", "Last hour")
    assert bar.filters().since == NOON - 3600
    still.advance(60)
    assert bar.filters().since == NOON - 3540
    choose(bar, "Time", "Today")
    assert NOON - 86_400 - 3600 < (bar.filters().since or 0) <= NOON


def test_up_to_a_moment_is_a_jump_into_the_past(bar: LogFilterBar) -> None:
    assert bar._until.isHidden()
    choose(bar, "Time", "Up to…")
    assert not bar._until.isHidden()
    assert bar.filters().until == NOON + 60
    bar._until.setDateTime(bar._until.dateTime().addDays(-3))
    assert bar.filters().until == NOON + 60 - 3 * 86_400


def test_what_is_typed_counts_when_typing_rests(qtbot: QtBot, bar: LogFilterBar) -> None:
    with qtbot.waitSignal(bar.changed, timeout=3000):
        qtbot.keyClicks(bar.search, " .ssh ")
    assert bar.filters().search == ".ssh"


def test_what_is_chosen_stays_chosen_when_the_choices_come_anew(qtbot: QtBot, bar: LogFilterBar) -> None:
    choose(bar, "Tool", "two")
    with qtbot.assertNotEmitted(bar.changed):
        bar.set_choices("tool", ["three"])
    assert bar.filters().tool == "two"
    assert texts(box(bar, "Tool")) == ["Any tool", "three", "two"]


def test_names_that_others_gave_are_made_visible(bar: LogFilterBar) -> None:
    bar.set_choices("client", ["evil\u202ename"])
    assert texts(box(bar, "Client")) == ["Any client", "evil⟨U+202E⟩name"]
    choose(bar, "Client", "evil⟨U+202E⟩name")
    assert bar.filters().client == "evil\u202ename"


def test_a_filter_can_be_set_from_outside(qtbot: QtBot, bar: LogFilterBar) -> None:
    with qtbot.waitSignal(bar.changed):
        bar.choose("server", "unheard of")
    assert bar.filters() == Filters(server="unheard of")


def test_clearing_wants_everything_and_tells_once(qtbot: QtBot, bar: LogFilterBar) -> None:
    choose(bar, "Tool", "two")
    bar.search.setText("x")
    told: list[int] = []
    bar.changed.connect(lambda: told.append(1))
    clear = bar.findChild(QPushButton)
    clear.click()
    assert bar.filters() == Filters()
    assert told == [1]
    assert not clear.isEnabled()
