"""Labels that are nothing but text."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from approver.ui.plain_label import PlainLabel, inert_tip


def test_markup_is_text(qtbot: QtBot) -> None:
    label = PlainLabel("<h1>Safe</h1> <a href='http://evil.example'>x</a>", role="muted")
    qtbot.addWidget(label)
    assert label.textFormat() is Qt.TextFormat.PlainText
    assert not label.openExternalLinks()
    plain = PlainLabel("Safe", role="muted")
    qtbot.addWidget(plain)
    assert label.sizeHint().width() > plain.sizeHint().width() * 2


def test_it_wraps_unless_told_otherwise(qtbot: QtBot) -> None:
    label, line = PlainLabel("x " * 200), PlainLabel("x " * 200, wraps=False)
    for widget in (label, line):
        qtbot.addWidget(widget)
    assert label.heightForWidth(100) > label.heightForWidth(400)
    assert not line.wordWrap()


def test_a_tool_tip_is_no_markup() -> None:
    assert inert_tip("<b>x</b> & y") == "<qt>&lt;b&gt;x&lt;/b&gt; &amp; y</qt>"
    assert inert_tip("") == ""


def test_another_look_comes_with_its_own_room_around_the_text(qtbot: QtBot) -> None:
    label = PlainLabel("Others may read it.", role="muted")
    label.setStyleSheet('QLabel[role="warning"] { padding: 9px; }')
    qtbot.addWidget(label)
    label.show()
    label.set_role("warning")
    assert label.contentsRect().left() == 9
    label.set_role("muted")
    assert label.contentsRect().left() == 0
