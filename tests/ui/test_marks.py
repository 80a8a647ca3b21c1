"""Marks in characters that fonts have."""

import pytest
from PySide6.QtGui import QFont
from pytestqt.qtbot import QtBot

from approver.ui import marks
from approver.ui.marks import MARK, drawable


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("␛[2J", "⟨ESC⟩[2J"),
        ("one␊", "one↵"),
        ("␀␉␡", "⟨NUL⟩⟨HT⟩⟨DEL⟩"),
        ("a⟨U+202E⟩b", "a⟨U+202E⟩b"),
        ("plain", "plain"),
    ],
)
def test_without_control_pictures_controls_have_their_names(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, text: str, drawn: str
) -> None:
    monkeypatch.setattr(marks, "_can_draw_pictures", lambda _: False)
    assert drawable(text, QFont()) == drawn


def test_with_control_pictures_the_text_stays(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marks, "_can_draw_pictures", lambda _: True)
    assert drawable("␛[2J␊", QFont()) == "␛[2J␊"


def test_whether_a_font_has_them_is_found_out_by_drawing(qtbot: QtBot) -> None:
    assert isinstance(marks._can_draw_pictures(QFont().family()), bool)


def test_both_ways_are_known_as_marks() -> None:
    assert MARK.findall("␛ ⟨ESC⟩ ⟨U+202E⟩ ⟨DC1⟩ ␊ ↵ <ESC>") == ["␛", "⟨ESC⟩", "⟨U+202E⟩", "⟨DC1⟩"]
