"""The page for when nothing waits."""

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from approver.ui.empty_page import EmptyPage
from approver.ui.theme import own_palette


def test_it_says_that_nothing_waits_and_what_was_decided(qtbot: QtBot) -> None:
    page = EmptyPage()
    qtbot.addWidget(page)
    page.set_tally("3 calls.")
    texts = [label.text() for label in page.findChildren(QLabel)]
    assert "Nothing is waiting." in texts
    assert "3 calls." in texts


def test_its_picture_follows_the_palette(qtbot: QtBot) -> None:
    page = EmptyPage()
    qtbot.addWidget(page)
    before = page._picture.pixmap().cacheKey()
    page.setPalette(QPalette(own_palette(dark=True)))
    assert page._picture.pixmap().cacheKey() != before
