"""The pane below the log."""

import dataclasses
import json
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot
from sample_log import SECRET_PATH, write_day
from still_time import StillTime

from approver.journal.reader import Reader
from approver.journal.records import Filters
from approver.ui.log_detail import LogDetail
from approver.ui.log_story import Story, tell
from approver.ui.log_words import row_of


@pytest.fixture
def story(tmp_path: Path) -> Story:
    write_day(tmp_path / "journal.db")
    with Reader(tmp_path / "journal.db") as reader:
        record = reader.calls(Filters(outcomes=("denied_by_user",)), 1)[0]
        found = tell(reader, row_of(record))
    assert found is not None
    return found


@pytest.fixture
def detail(qtbot: QtBot, still: StillTime) -> LogDetail:
    detail = LogDetail(still)
    qtbot.addWidget(detail)
    return detail


def button(detail: LogDetail, text: str) -> QPushButton:
    return next(one for one in detail.findChildren(QPushButton) if text in one.text().replace("&", ""))


def test_it_shows_arguments_and_what_became_of_them(detail: LogDetail, story: Story) -> None:
    detail.show_story(story)
    assert "/home/ana/.ssh/" in detail._arguments.view.toPlainText()
    assert "denied by you" in detail._facts.view.toPlainText()
    assert detail._headline.text() == "Cursor wanted to run write_file on files"
    detail.show_nothing()
    assert detail.story is None
    assert detail.currentIndex() == 0


def test_a_call_is_copied_as_the_export_writes_it(detail: LogDetail, story: Story) -> None:
    detail.show_story(story)
    button(detail, "Copy as JSON").click()
    copied = json.loads(QGuiApplication.clipboard().text())
    assert (copied["tool"], copied["outcome"], copied["arguments"]["path"]) == (
        "write_file", "denied_by_user", SECRET_PATH,
    )  # fmt: skip


def test_a_rule_can_be_wanted_only_where_somebody_makes_it(qtbot: QtBot, detail: LogDetail, story: Story) -> None:
    detail.show_story(story)
    rule = button(detail, "Make a rule")
    assert rule.isHidden()
    detail.may_make_rules = True
    detail.show_story(story)
    assert not rule.isHidden()
    with qtbot.waitSignal(detail.rule_wanted) as wanted:
        rule.click()
    assert wanted.args[:2] == ["files", "write_file"]
    assert wanted.args[2]["path"] == SECRET_PATH


def test_a_remembered_answer_leads_to_where_it_can_be_changed(qtbot: QtBot, detail: LogDetail, story: Story) -> None:
    detail.show_story(story)
    assert button(detail, "remembered answer").isHidden()
    record = dataclasses.replace(story.record, by="remembered abc234")
    detail.show_story(dataclasses.replace(story, record=record))
    assert not button(detail, "remembered answer").isHidden()
    with qtbot.waitSignal(detail.remembered_wanted) as wanted:
        button(detail, "remembered answer").click()
    assert wanted.args == ["abc234"]
    detail.show_nothing()
    detail._want_remembered()
