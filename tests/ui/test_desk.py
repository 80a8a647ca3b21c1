"""The main window: pages by key, made when first shown, and how it comes and goes."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from approver.ui.desk import GENERAL, LOG, OVERVIEW, Desk


@pytest.fixture
def made() -> list[str]:
    return []


@pytest.fixture
def desk(qtbot: QtBot, made: list[str]) -> Desk:
    desk = Desk()
    qtbot.addWidget(desk)

    def add(key: str, title: str) -> None:
        def make() -> QWidget:
            made.append(key)
            return QLabel(title)

        desk.add_page(key, title, "calm", make)

    for key, title in ((OVERVIEW, "Overview"), (LOG, "Log"), ("rules", "Rules")):
        add(key, title)
    return desk


def test_a_page_is_made_when_it_is_first_shown(desk: Desk, made: list[str]) -> None:
    assert made == []
    desk.appear(take_focus=False)
    assert made == [OVERVIEW]
    desk.show_page(LOG)
    desk.show_page(OVERVIEW)
    assert made == [OVERVIEW, LOG]
    desk.hide()


def test_the_title_names_the_page_and_the_page_is_told(qtbot: QtBot, desk: Desk) -> None:
    with qtbot.waitSignal(desk.page_shown) as told:
        desk.show_page(LOG)
    assert told.args == [LOG]
    assert desk.windowTitle() == "Log - Approver"
    assert desk.page(LOG).isVisibleTo(desk)
    assert not desk.page(OVERVIEW).isVisibleTo(desk)


def test_it_can_be_opened_at_a_page(qtbot: QtBot, desk: Desk) -> None:
    with qtbot.waitExposed(desk):
        desk.appear(take_focus=True, key="rules")
    assert desk.windowTitle() == "Rules - Approver"
    desk.appear(take_focus=True)
    assert desk.windowTitle() == "Rules - Approver", "it stays at the page that it was left at"
    desk.hide()


def test_pages_are_reached_by_keyboard(qtbot: QtBot, desk: Desk) -> None:
    with qtbot.waitActive(desk):
        desk.appear(take_focus=True)
    qtbot.keyClick(desk, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert desk.windowTitle() == "Log - Approver"
    qtbot.keyClick(desk, Qt.Key.Key_Tab, Qt.KeyboardModifier.ControlModifier)
    assert desk.windowTitle() == "Rules - Approver"
    qtbot.keyClick(desk, Qt.Key.Key_Tab, Qt.KeyboardModifier.ControlModifier)
    assert desk.windowTitle() == "Overview - Approver"
    desk.hide()


def test_closing_hides_it_only_where_it_can_be_found_again(qtbot: QtBot, desk: Desk) -> None:
    with qtbot.waitExposed(desk):
        desk.appear(take_focus=True)
    desk.close()
    assert desk.isVisible()
    assert desk.isMinimized()
    desk.may_hide = True
    desk.close()
    assert not desk.isVisible()


def test_settings_begin_below_overview_and_log(desk: Desk) -> None:
    assert desk.settings_page == "rules"
    assert Desk().settings_page is None
    desk.add_page(GENERAL, "General", "general", QWidget)
    assert desk.settings_page == GENERAL
