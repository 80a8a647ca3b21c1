"""A pane on a low screen."""

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from approver.ui.pane_scroll import MOST_OF_SCREEN, PaneScroll, on_low_screen, within_screen
from approver.ui.plain_label import PlainLabel
from approver.ui.theme import em, scaled


@pytest.fixture
def room(qtbot: QtBot) -> QWidget:
    """A window with a pane of much text above a button."""
    pane = QWidget()
    QVBoxLayout(pane).addWidget(PlainLabel("word " * 300))
    room = QWidget()
    qtbot.addWidget(room)
    layout = QVBoxLayout(room)
    layout.addWidget(PaneScroll(pane, room), 1)
    layout.addWidget(QPushButton("Deny"))
    return room


def scroll_of(room: QWidget) -> PaneScroll:
    found = room.findChild(PaneScroll)
    assert isinstance(found, PaneScroll)
    return found


def shown_at(qtbot: QtBot, room: QWidget, height: int) -> PaneScroll:
    room.resize(400, height)
    room.show()
    with qtbot.waitExposed(room):
        pass
    QApplication.sendPostedEvents()
    return scroll_of(room)


def test_where_there_is_room_nothing_scrolls(qtbot: QtBot, room: QWidget) -> None:
    scroll = shown_at(qtbot, room, 200)
    layout = room.layout()
    assert layout is not None
    room.resize(400, layout.totalHeightForWidth(400))
    QApplication.sendPostedEvents()
    assert scroll.verticalScrollBar().maximum() == 0


def test_where_there_is_none_the_pane_scrolls_and_the_button_stays(qtbot: QtBot, room: QWidget) -> None:
    scroll = shown_at(qtbot, room, 240)
    button = room.findChild(QPushButton)
    assert isinstance(button, QPushButton)
    assert scroll.verticalScrollBar().maximum() > 0
    assert button.geometry().bottom() <= room.height()
    scroll.verticalScrollBar().setValue(50)
    scroll.to_top()
    assert scroll.verticalScrollBar().value() == 0


def test_it_asks_for_what_its_pane_asks_for(room: QWidget) -> None:
    scroll = scroll_of(room)
    assert scroll.hasHeightForWidth()
    assert scroll.heightForWidth(200) > scroll.heightForWidth(800)
    assert scroll.sizeHint() == scroll.widget().sizeHint()
    assert scroll.minimumSizeHint().height() < scroll.sizeHint().height()


def test_no_window_is_larger_than_its_screen(qtbot: QtBot, room: QWidget) -> None:
    available = room.screen().availableSize()
    assert within_screen(room, QSize(100_000, 10)) == QSize(round(available.width() * MOST_OF_SCREEN), 10)
    assert within_screen(room, QSize(100, 100)) == QSize(100, 100)


def test_where_the_screen_is_low_for_the_text_it_is_content_with_fewer_lines(room: QWidget) -> None:
    scroll = scroll_of(room)
    usual = scroll.minimumSizeHint().height() / em(scroll.font())
    assert not on_low_screen(scroll)
    scroll.setFont(scaled(scroll.font(), 3))
    assert on_low_screen(scroll)
    assert scroll.minimumSizeHint().height() / em(scroll.font()) < usual
