"""The line in which a page says what became of a wish."""

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from approver.ui import words_line
from approver.ui.words_line import WordsLine


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    heard: list[str] = []
    monkeypatch.setattr(words_line, "announce", lambda _, sentence: heard.append(sentence))
    return heard


def test_what_is_said_is_seen_and_heard_once(qtbot: QtBot, heard: list[str]) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    line = WordsLine(page)
    assert line.isHidden()
    for _ in range(2):
        line.say("Gone\u202e.", is_fault=True)
    assert line.text() == "Gone⟨U+202E⟩."
    assert line.property("role") == "warning"
    assert not line.isHidden()
    line.say("")
    assert line.isHidden()
    assert line.property("role") == "muted"
    assert heard == ["Gone⟨U+202E⟩."]
