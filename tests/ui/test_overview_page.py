"""The page that says how things are."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_engine import FakeEngine, StillBridge
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot
from sample_entries import entry, write
from sample_log import write_day
from sample_questions import pushing, writing
from still_time import NOON, StillTime

from approver.events import StateChanged
from approver.model import Outcome, ServerHealth
from approver.ui.hours_picture import Group
from approver.ui.overview_page import RECENT, OverviewPage, first_hour


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@pytest.fixture
def page(qtbot: QtBot, bridge: StillBridge, engine: FakeEngine, still: StillTime, path: Path) -> Iterator[OverviewPage]:
    write_day(path, 30)
    engine.configured = (ServerHealth("files", False, 2), ServerHealth("git", False, 0, "It did not start."))
    page = OverviewPage(bridge, still, path)
    qtbot.addWidget(page)
    page.resize(1000, 700)
    bridge.start()
    with qtbot.waitExposed(page):
        page.show()
    qtbot.waitUntil(lambda: bool(page.recent.log.rows) and bool(page.picture.hours.counts))
    yield page
    page.hide()
    page.reading.stop()


def labels(page: OverviewPage) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def button(page: OverviewPage, text: str) -> QPushButton:
    return next(one for one in page.findChildren(QPushButton) if text in one.text().replace("&", ""))


def test_recent_calls_counts_and_servers(page: OverviewPage) -> None:
    assert [row.id for row in page.recent.log.rows][:3] == ["a5", "a4", "a3"]
    assert len(page.recent.log.rows) == RECENT
    totals = page.picture.hours.totals
    assert totals == {Group.ALLOWED: 31, Group.APPROVED: 0, Group.DENIED: 2, Group.UNDECIDED: 2}
    assert "Today: 35 calls. 31 allowed, 1 denied by rule, 1 denied by you, 1 waiting, 1 expired." in labels(page)
    assert [server.name for server in page.servers.model.servers] == ["files", "git"]
    assert "git: It did not start." in labels(page)


def test_what_waits_is_listed_and_can_be_reviewed(qtbot: QtBot, page: OverviewPage, engine: FakeEngine) -> None:
    assert not page.waiting.isVisible()
    engine.ask(writing())
    second = engine.ask(pushing())
    assert page.waiting.isVisible()
    assert page.waiting.count == 2
    with qtbot.waitSignal(page.review_asked) as asked:
        button(page, "Review").click()
    assert asked.args == [next(iter(engine.open))]
    page.waiting.selectRow(1)
    with qtbot.waitSignal(page.review_asked) as asked:
        button(page, "Review").click()
    assert asked.args == [second.id]
    for question in list(engine.open):
        engine.end(question, Outcome.EXPIRED, "time")
    assert not page.waiting.isVisible()


def test_it_leads_to_the_other_windows(qtbot: QtBot, page: OverviewPage, engine: FakeEngine) -> None:
    engine.ask(writing())
    with qtbot.waitSignal(page.queue_asked):
        button(page, "All waiting calls").click()
    with qtbot.waitSignal(page.log_asked):
        button(page, "Open the log").click()
    with qtbot.waitSignal(page.quit_asked):
        button(page, "Quit").click()


def test_problems_and_denying_are_at_the_top(page: OverviewPage, engine: FakeEngine) -> None:
    engine.become(StateChanged(True, None, ("The policy git did not load.",), 0))
    assert "The policy git did not load." in labels(page)
    assert "Everything is denied until you resume" in labels(page)
    button(page, "Resume").click()
    assert engine.did == ["resume"]


def test_it_follows_what_happens(
    qtbot: QtBot, page: OverviewPage, bridge: StillBridge, still: StillTime, path: Path
) -> None:
    one = entry(call="new", at=NOON, outcome="approved", by="window")
    write(path, one)
    bridge.judged.emit(one)
    qtbot.waitUntil(lambda: page.recent.log.rows[0].id == "new")
    assert page.picture.hours.totals[Group.APPROVED] == 0, "counting has to rest between two times"
    still.advance(60)
    page._tick()
    qtbot.waitUntil(lambda: page.picture.hours.totals[Group.APPROVED] == 1)


def test_without_a_log_it_says_that_there_were_no_calls(
    qtbot: QtBot, bridge: StillBridge, still: StillTime, tmp_path: Path
) -> None:
    page = OverviewPage(bridge, still, tmp_path / "none.db")
    qtbot.addWidget(page)
    with qtbot.waitSignal(page.reading.failed):
        page.show()
    assert "No call was recorded yet. What your clients call appears here." in labels(page)
    page.hide()
    page.reading.stop()


def test_the_hours_begin_with_the_persons_own() -> None:
    assert NOON - first_hour(NOON + 60) == 23 * 3600
    assert NOON - first_hour(NOON + 3599) == 23 * 3600
