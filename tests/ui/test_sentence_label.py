"""The painted sentence."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from approver.approvals.presentation import Part
from approver.ui.sentence_label import SentenceLabel

PARTS = (Part("Claude <b>Desktop</b>", True), Part(" wants to run ", False), Part("נחמד", True))


def test_names_are_set_apart_by_weight_and_held_together(qtbot: QtBot) -> None:
    label = SentenceLabel()
    qtbot.addWidget(label)
    label.set_parts(PARTS)
    text, formats = label._text_and_formats()
    assert text == "\u2068Claude <b>Desktop</b>\u2069 wants to run \u2068נחמד\u2069"
    assert [(mark.start, mark.length) for mark in formats] == [(0, 23), (37, 6)]


def test_letters_beyond_the_first_plane_do_not_shift_the_weight(qtbot: QtBot) -> None:
    label = SentenceLabel()
    qtbot.addWidget(label)
    label.set_parts((Part("💣", False), Part("x", True)))
    assert [(mark.start, mark.length) for mark in label._text_and_formats()[1]] == [(2, 3)]


def test_it_grows_with_its_text_and_shrinks_with_its_width(qtbot: QtBot) -> None:
    label = SentenceLabel()
    qtbot.addWidget(label)
    label.set_parts((Part("word " * 50, False),))
    assert label.hasHeightForWidth()
    assert label.heightForWidth(200) > label.heightForWidth(800) > 0
    assert label.sizeHint().height() >= label.minimumSizeHint().height()


def test_screen_readers_get_the_sentence(qtbot: QtBot) -> None:
    label = SentenceLabel()
    qtbot.addWidget(label)
    label.set_parts(PARTS)
    assert label.accessibleName() == label.text == "Claude <b>Desktop</b> wants to run נחמד"


def test_only_our_own_words_say_which_way_the_sentence_runs(qtbot: QtBot) -> None:
    label = SentenceLabel()
    qtbot.addWidget(label)
    label.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    label.set_parts(PARTS)
    assert label._direction() is Qt.LayoutDirection.LeftToRight
    label.set_parts((Part("Claude", True), Part(" רוצה להריץ ", False)))
    assert label._direction() is Qt.LayoutDirection.RightToLeft


def test_it_paints_in_both_directions(qtbot: QtBot) -> None:
    for direction in (Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft):
        label = SentenceLabel()
        qtbot.addWidget(label)
        label.setLayoutDirection(direction)
        label.set_parts(PARTS)
        label.resize(400, 60)
        picture = label.grab().toImage()
        assert len({picture.pixelColor(x, 20).name() for x in range(400)}) > 2
