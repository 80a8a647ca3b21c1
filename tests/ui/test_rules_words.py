"""What is in force is always said, whatever the text is."""

import os
from pathlib import Path

import pytest
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QApplication
from still_time import NOON

from approver.ui.clock_words import moment
from approver.ui.rules_draft import Draft
from approver.ui.rules_words import state_in_words

GOOD = '{"version": "1", "default": "deny"}'
AT = moment(NOON - 60, NOON)


@pytest.mark.parametrize(
    ("file", "typed", "said"),
    [
        (GOOD, None, f"The rules saved at {AT} are in force."),
        (GOOD, GOOD + " ", f"Not applied yet. The rules saved at {AT} stay in force."),
        (GOOD, "{", f"1 mistake. The rules saved at {AT} stay in force."),
        (GOOD, "{}", f"2 mistakes. The rules saved at {AT} stay in force."),
        ("{", None, "The file does not load: the rules before it stay in force, or every call is denied."),
        (None, None, "Not applied yet. There are no rules yet, so every call is denied."),
    ],
)
def test_the_state_says_what_is_in_force(
    qapp: QApplication, tmp_path: Path, file: str | None, typed: str | None, said: str
) -> None:
    path = tmp_path / "web.json"
    if file is not None:
        path.write_text(file, encoding="utf-8")
        os.utime(path, (NOON - 60, NOON - 60))
    draft = Draft(path)
    if typed is not None:
        cursor = QTextCursor(draft.document)
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(typed)
        draft.check()
    assert state_in_words(draft, NOON) == said
