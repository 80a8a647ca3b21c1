"""The form for how loudly calls ask."""

from datetime import time

import pytest
from PySide6.QtCore import Qt, QTime
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from approver.attention import QuietHours, Rung
from approver.catalog.risk import Tier
from approver.settings import Attention
from approver.ui.attention_form import AttentionForm

NIGHT = QuietHours(time(23, 30), time(6))


@pytest.fixture
def form(qtbot: QtBot) -> AttentionForm:
    form = AttentionForm()
    qtbot.addWidget(form)
    form.show()
    return form


@pytest.fixture
def changes(form: AttentionForm) -> list[tuple[str, str]]:
    heard: list[tuple[str, str]] = []
    form.changed.connect(lambda key, value: heard.append((key, value)))
    return heard


def test_it_shows_what_holds_and_changes_nothing_by_that(form: AttentionForm, changes: list[tuple[str, str]]) -> None:
    form.show_settings(Attention(reads=Rung.BADGE, quiet_hours=NIGHT))
    shown = {tier.value: choice.currentText() for tier, choice in form.rungs.items()}
    assert shown["reads"] == "Only the tray's badge"
    assert shown["changes"] == "A notification and the window"
    assert shown["destroys"] == "Notification, window and a sound"
    assert form.quiet.isChecked()
    assert (form.begin.time(), form.end.time()) == (QTime(23, 30), QTime(6, 0))
    form.show_settings(Attention())
    assert not form.quiet.isChecked() and not form.begin.isEnabled()
    assert form.begin.time() == QTime(23, 30), "what was chosen stays at hand"
    assert changes == []


def test_each_choice_is_told_as_the_file_has_it(form: AttentionForm, changes: list[tuple[str, str]]) -> None:
    for tier in Tier:
        form.rungs[tier].setFocus()
        QTest.keyClick(form.rungs[tier], Qt.Key.Key_Up)
    assert changes == [
        ("reads", "notification"), ("changes", "notification"), ("executes", "notification"),
        ("sends_out", "notification"), ("destroys", "window"),
    ]  # fmt: skip


def test_quiet_hours_begin_as_a_usual_night_and_follow_the_times(
    form: AttentionForm, changes: list[tuple[str, str]]
) -> None:
    form.quiet.click()
    form.begin.setTime(QTime(21, 15))
    form.end.setTime(QTime(21, 15))  # on the way to another time: nothing to write
    form.end.setTime(QTime(8, 0))
    form.quiet.click()
    assert changes == [
        ("quiet_hours", "22:00-07:00"), ("quiet_hours", "21:15-07:00"), ("quiet_hours", "21:15-08:00"),
        ("quiet_hours", ""),
    ]  # fmt: skip


def test_everything_has_a_name(form: AttentionForm) -> None:
    assert [choice.accessibleName() for choice in form.rungs.values()][0] == "Calls whose tool reads"
    assert (form.begin.accessibleName(), form.end.accessibleName()) == ("Quiet from", "Quiet until")
