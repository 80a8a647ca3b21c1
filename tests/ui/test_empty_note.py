"""What a page says while there is nothing on it."""

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from approver.ui.empty_note import EmptyNote
from approver.ui.theme import own_palette


def test_it_says_its_sentence_below_a_picture_that_follows_the_palette(qtbot: QtBot, qapp: QApplication) -> None:
    note, before = EmptyNote("servers"), QPalette(qapp.palette())
    qtbot.addWidget(note)
    note.setText("There is <b>no</b> server yet.")
    assert note.text() == "There is <b>no</b> server yet."
    drawn = note._picture.pixmap().toImage()
    try:
        qapp.setPalette(own_palette(dark=True))
        qtbot.waitUntil(lambda: note._picture.pixmap().toImage() != drawn)
    finally:
        qapp.setPalette(before)
