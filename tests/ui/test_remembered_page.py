"""The page with what stands: listed, counted, revoked by button and key."""

from pathlib import Path

import pytest
from fake_engine import FakeEngine, StillBridge
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sample_log import write_busy_day
from sample_standing import standing
from still_time import StillTime

from approver.ui.remembered_page import RememberedPage


@pytest.fixture
def page(qtbot: QtBot, bridge: StillBridge, still: StillTime, tmp_path: Path):
    write_busy_day(tmp_path / "journal.db")
    page = RememberedPage(bridge, still, tmp_path / "journal.db")
    qtbot.addWidget(page)
    yield page
    page.reading.stop()


def test_what_stands_is_listed_and_counted(qtbot: QtBot, engine: FakeEngine, page: RememberedPage) -> None:
    page.show()
    assert page._pages.currentIndex() == 0
    engine.remembered.make(standing())
    assert page._pages.currentIndex() == 1
    qtbot.waitUntil(lambda: page.model.week(page.model.kept[0]) == "0 calls")
    page.table.selectRow(0)
    assert page._detail.text() == (
        "abc234: Tester may run write on files with any arguments, always. "
        "It would have answered 0 calls of the last 7 days."
    )


def test_a_void_one_says_why(engine: FakeEngine, page: RememberedPage) -> None:
    engine.remembered.make(standing(), is_void=True)
    page.show()
    page.table.selectRow(0)
    assert page._detail.text().endswith("Void: the server has changed what it says of the tool.")


def test_button_and_del_revoke_the_selected_one_and_nothing_without_one(
    qtbot: QtBot, engine: FakeEngine, page: RememberedPage
) -> None:
    engine.remembered.make(standing(name="first"))
    engine.remembered.make(standing(name="second"))
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    assert page.revoke.isEnabled() is False
    page._revoke_selected()
    page.table.selectRow(0)
    QTest.mouseClick(page.revoke, Qt.MouseButton.LeftButton)
    assert engine.remembered.revoked == ["second"]
    page.table.selectRow(0)
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_Delete)
    assert engine.remembered.revoked == ["second", "first"]
    assert page._pages.currentIndex() == 0


def test_the_log_leads_to_one(engine: FakeEngine, page: RememberedPage) -> None:
    engine.remembered.make(standing(name="first"))
    engine.remembered.make(standing(name="second"))
    page.select("first")
    assert page.selected is not None
    assert page.selected.standing.id == "first"
    page.select("gone")
    assert page.selected.standing.id == "first"


def test_it_rests_while_nobody_looks(engine: FakeEngine, page: RememberedPage) -> None:
    page.show()
    assert page._timer.isActive()
    page.hide()
    assert page._timer.isActive() is False
    engine.remembered.make(standing())
    assert page.model.kept == ()


def test_another_palette_means_other_icons(page: RememberedPage) -> None:
    QApplication.sendEvent(page, QEvent(QEvent.Type.PaletteChange))
    assert page.table.iconSize().height() > 8
