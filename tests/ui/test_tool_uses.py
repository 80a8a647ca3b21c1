"""How often each tool was called in the last seven days."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from sample_entries import entry, write
from still_time import NOON, StillTime

from approver.journal.records import ToolTally
from approver.model import EntryKind
from approver.policy.tool_rows import Kind, ToolRow
from approver.ui.log_reading import LogReading
from approver.ui.tool_uses import ToolUses, Uses, by_row, summed

DAY = 86_400.0


@pytest.fixture
def reading(tmp_path: Path) -> Iterator[LogReading]:
    reading = LogReading(tmp_path / "journal.db")
    yield reading
    reading.stop()


@pytest.mark.usefixtures("qapp")
def test_calls_of_seven_days_are_counted_once_each_and_for_one_server(
    qtbot: QtBot, reading: LogReading, tmp_path: Path, still: StillTime
) -> None:
    write(
        tmp_path / "journal.db",
        entry(call="old", at=NOON - 7 * DAY - 700),
        entry(call="c1", at=NOON - 6 * DAY),
        entry(EntryKind.ASKED, "c2", at=NOON - DAY),
        entry(call="c2", at=NOON - DAY, outcome="denied_by_user"),
        entry(call="c3", at=NOON - DAY, tool="read"),
        entry(call="c4", at=NOON - DAY, server="git"),
    )
    told: list[tuple[object, str]] = []
    uses = ToolUses(reading, still, lambda used, fault: told.append((used, fault)))
    uses.ask("files")
    assert told == [(None, "")]
    qtbot.waitUntil(lambda: len(told) > 1)
    assert told[1:] == [({"write": Uses(2, 1, 1), "read": Uses(1)}, "")]
    uses.ask("files")
    qtbot.waitUntil(lambda: len(told) > 2)
    assert told[2] == told[1]  # what is known stays on view until it is counted anew


@pytest.mark.usefixtures("qapp")
def test_why_nothing_could_be_counted_is_told(qtbot: QtBot, reading: LogReading, still: StillTime) -> None:
    told: list[tuple[object, str]] = []
    uses = ToolUses(reading, still, lambda used, fault: told.append((used, fault)))
    reading.failed.emit("trial", "something of another")
    uses.ask("files")
    qtbot.waitUntil(lambda: len(told) == 2)
    assert told[1][0] is None
    assert "There is no log" in told[1][1]


def test_counts_are_short_in_words() -> None:
    assert Uses().in_short() == "–"
    assert Uses(128, 3).in_short() == "128"
    assert Uses(1).in_words() == "1 call in the last 7 days"
    assert Uses(14, 3, 2).in_words() == "14 calls in the last 7 days, 3 asked about, 2 denied"


def test_a_globs_row_has_the_sum_of_the_tools_that_it_decides_about() -> None:
    rows = (
        ToolRow("web_*", Kind.DENY),
        ToolRow("web_in_*", Kind.ASK),
        ToolRow("web_own", Kind.ALLOW),
        ToolRow("web_seen", Kind.UNLISTED, by="web_*"),
        ToolRow("other", Kind.UNLISTED),
    )
    tools = ("web_own", "web_seen", "web_gone", "web_in_gone", "other", "else")
    assert by_row({tool: Uses(1) for tool in tools}, rows) == {
        "web_own": Uses(1),
        "web_seen": Uses(1),
        "web_*": Uses(2),
        "web_in_*": Uses(1),
        "other": Uses(1),
    }


def test_outcomes_of_one_tool_are_added_up() -> None:
    tallies = [ToolTally("a", outcome, 2) for outcome in ("allowed", "approved", "denied_by_policy", "denied_by_user")]
    assert summed(tallies) == {"a": Uses(8, 4, 4)}
