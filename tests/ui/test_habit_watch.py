"""Habits looked for in the log, offered, taken up and dismissed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_engine import StillBridge
from pytestqt.qtbot import QtBot
from sample_entries import entry, write
from still_time import NOON, StillTime

from approver.desktop.paths import Paths
from approver.habituation import Habit
from approver.model import Entry, EntryKind, Outcome
from approver.ui.habit_watch import HabitWatch, Offer

ALLOWED = {"outcome": Outcome.APPROVED.value, "by": "window", "tool": "read_file"}
DENIED = {**ALLOWED, "outcome": Outcome.DENIED_BY_USER.value}
READ_FILE = Offer(Habit("files", "read_file", 24, 25), {"path": "/tmp/x"})


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    paths = Paths.under(tmp_path)
    paths.create()
    return paths


@pytest.fixture
def watch(qtbot: QtBot, bridge: StillBridge, still: StillTime, paths: Paths) -> Iterator[HabitWatch]:
    write(paths.journal, *[entry(call=f"c{n}", **(ALLOWED if n else DENIED)) for n in range(25)])
    watch = HabitWatch(bridge, still, paths)
    yield watch
    watch.stop()


def look(qtbot: QtBot, watch: HabitWatch) -> Offer | None:
    watch.look()
    qtbot.waitUntil(lambda: not watch.reading.is_asking("habits"))
    return watch.offer


def test_a_habit_is_offered_with_the_newest_call_s_arguments(qtbot: QtBot, watch: HabitWatch) -> None:
    with qtbot.waitSignal(watch.changed):
        assert look(qtbot, watch) == READ_FILE


@pytest.mark.parametrize(
    "newest",
    [
        {"outcome": Outcome.ALLOWED.value, "by": "policy", "tool": "read_file"},
        {"outcome": Outcome.APPROVED.value, "by": "remembered abcde", "tool": "read_file"},
    ],
)
def test_where_a_rule_or_a_remembered_answer_has_taken_over_there_is_nothing_to_offer(
    qtbot: QtBot, watch: HabitWatch, paths: Paths, newest: dict[str, str]
) -> None:
    assert look(qtbot, watch) == READ_FILE
    write(paths.journal, entry(call="newest", at=NOON + 1, **newest))
    assert look(qtbot, watch) is None


def test_what_is_dismissed_is_not_offered_again_nor_after_a_restart(
    qtbot: QtBot, watch: HabitWatch, bridge: StillBridge, still: StillTime, paths: Paths
) -> None:
    look(qtbot, watch)
    watch.dismiss()
    assert watch.offer is None
    assert look(qtbot, watch) is None
    again = HabitWatch(bridge, still, paths)
    assert look(qtbot, again) is None
    again.stop()
    watch.dismiss()  # of nothing


def test_what_is_taken_up_is_handed_on_once(qtbot: QtBot, watch: HabitWatch) -> None:
    look(qtbot, watch)
    with qtbot.waitSignal(watch.rule_wanted) as wanted:
        watch.make_rule()
    assert wanted.args == ["files", "read_file", {"path": "/tmp/x"}]
    assert look(qtbot, watch) is None
    with qtbot.assertNotEmitted(watch.rule_wanted):
        watch.make_rule()


def test_it_looks_again_a_while_after_somebody_answered(qtbot: QtBot, watch: HabitWatch, bridge: StillBridge) -> None:
    bridge.judged.emit(Entry(0.0, EntryKind.DECISION, outcome=Outcome.ALLOWED.value))
    assert not watch._later.isActive()
    bridge.judged.emit(Entry(0.0, EntryKind.DECISION, outcome=Outcome.APPROVED.value))
    assert watch._later.isActive()
    watch._later.stop()
    watch._later.timeout.emit()
    qtbot.waitUntil(lambda: watch.offer == READ_FILE)
    bridge.judged.emit(Entry(0.0, EntryKind.DECISION, server="files", tool="read_file", outcome=Outcome.ALLOWED.value))
    assert watch._later.isActive()


def test_arguments_that_are_no_object_are_left_out(qtbot: QtBot, watch: HabitWatch, paths: Paths) -> None:
    for number, text in enumerate(("", "[1]", "{")):
        write(paths.journal, entry(call=f"odd{number}", at=NOON + number + 1, arguments=text, **ALLOWED))
        offer = look(qtbot, watch)
        assert offer is not None
        assert offer.arguments == {}
