"""Telling screen readers."""

import pytest
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from approver.ui.announcements import announce


def test_the_sentence_is_handed_to_the_accessibility_bridge(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    handed: list[str] = []

    def keep(event: QAccessibleAnnouncementEvent) -> None:
        handed.append(event.message())

    monkeypatch.setattr(QAccessible, "updateAccessibility", keep)
    widget = QWidget()
    qtbot.addWidget(widget)
    announce(widget, "A call waits.")
    assert handed == ["A call waits."]
