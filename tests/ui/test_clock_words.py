"""Both clocks in words."""

import pytest
from PySide6.QtCore import QLocale
from pytestqt.qtbot import QtBot
from sample_questions import question
from still_time import NOON

from approver.ui.clock_words import clocks_in_words, moment, span


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-5, "0:00"), (0, "0:00"), (0.2, "0:01"), (59, "0:59"), (192, "3:12"), (3600, "1:00:00"), (3792.5, "1:03:13")],
)
def test_a_span_is_minutes_and_seconds_and_never_runs_below_nothing(seconds: float, words: str) -> None:
    assert span(seconds) == words


def test_a_moment_of_today_is_a_time_and_another_day_is_named(qtbot: QtBot) -> None:
    today, tomorrow, next_month = moment(NOON, NOON), moment(NOON + 86_400, NOON), moment(NOON + 30 * 86_400, NOON)
    assert tomorrow.endswith(today)
    assert len(tomorrow) > len(today)
    assert len(next_month) > len(tomorrow)


def test_a_client_that_waits_and_one_that_was_told_are_told_apart(qtbot: QtBot) -> None:
    closes = moment(NOON + 600, NOON)
    assert clocks_in_words(question(patience=192.0), NOON) == (
        f"Claude Desktop waits 3:12 more. The question closes at {closes}, unanswered."
    )
    told = clocks_in_words(question(patience=None), NOON)
    assert told.startswith("Claude Desktop has been told that its call is pending")
    assert told.endswith(f"The question closes at {closes}, unanswered.")


def test_a_client_s_name_cannot_pass_for_the_clock(qtbot: QtBot) -> None:
    shown = clocks_in_words(question(client="Nobody waits any more. The call was denied. Mallory"), NOON)
    assert shown.startswith("“Nobody waits any more. The cal… (+21 characters)” waits")


def test_times_follow_the_person_s_locale(qtbot: QtBot) -> None:
    before = QLocale()
    try:
        QLocale.setDefault(QLocale(QLocale.Language.German))
        assert moment(NOON + 86_400, NOON).startswith(("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"))
    finally:
        QLocale.setDefault(before)
