"""The page with the log: what is read when, and what moves."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fake_engine import StillBridge
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot
from sample_entries import entry, write
from sample_log import write_day
from still_time import NOON, StillTime

from approver.ui.log_page import FIRST_PAGE, LogPage

Open = Callable[[], LogPage]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@pytest.fixture
def page(qtbot: QtBot, bridge: StillBridge, still: StillTime, path: Path) -> Iterator[LogPage]:
    page = LogPage(bridge, still, path, lambda: None)
    qtbot.addWidget(page)
    page.resize(1000, 700)
    yield page
    page.hide()
    page.stop()


def shown(qtbot: QtBot, page: LogPage) -> LogPage:
    with qtbot.waitExposed(page):
        page.show()
    qtbot.waitUntil(lambda: page._read_at is not None and not page.reading.is_asking("page"))
    return page


def calls(page: LogPage) -> list[str]:
    return [row.id for row in page.table.log.rows]


def judge(bridge: StillBridge, path: Path, *numbers: int) -> None:
    """Have calls judged, as the engine does it: written first, told then."""
    entries = [entry(call=f"n{number}", at=NOON + number, tool="read") for number in numbers]
    write(path, *entries)
    for one in entries:
        bridge.judged.emit(one)


def button(page: LogPage, text: str) -> QPushButton:
    return next(one for one in page.findChildren(QPushButton) if text in one.text().replace("&", ""))


def labels(page: LogPage) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def test_the_newest_calls_are_listed_and_older_ones_follow(qtbot: QtBot, page: LogPage, path: Path) -> None:
    write_day(path, 1000)
    shown(qtbot, page)
    assert calls(page)[:5] == ["a5", "a4", "a3", "a2", "a1"]
    assert len(calls(page)) == FIRST_PAGE

    def scroll() -> bool:
        page.table.scrollToBottom()
        return len(calls(page)) == 1005

    qtbot.waitUntil(scroll)
    assert calls(page)[-1] == "p0"


def test_a_selected_call_is_shown_in_full(qtbot: QtBot, page: LogPage, path: Path) -> None:
    write_day(path)
    shown(qtbot, page)
    page.table.selectRow(3)
    qtbot.waitUntil(lambda: page.detail.story is not None)
    assert page.detail.story is not None
    assert page.detail.story.record.id == "a2"
    assert "Cursor wanted to run write_file on files" in labels(page)


def test_new_calls_appear_by_themselves_while_the_newest_are_in_view(
    qtbot: QtBot, page: LogPage, path: Path, bridge: StillBridge
) -> None:
    write_day(path)
    shown(qtbot, page)
    judge(bridge, path, 1, 2)
    qtbot.waitUntil(lambda: calls(page)[:3] == ["n2", "n1", "a5"])


def test_nothing_moves_while_a_call_is_selected(qtbot: QtBot, page: LogPage, path: Path, bridge: StillBridge) -> None:
    write_day(path)
    shown(qtbot, page)
    page.table.selectRow(2)
    judge(bridge, path, 1, 2, 3)
    qtbot.waitUntil(lambda: "3 new ↑" in button(page, "new").text())
    assert calls(page)[0] == "a5"
    qtbot.mouseClick(button(page, "new"), Qt.MouseButton.LeftButton)
    assert calls(page)[:4] == ["n3", "n2", "n1", "a5"]
    assert button(page, "new").isHidden()


def test_nothing_moves_while_older_calls_are_in_view(
    qtbot: QtBot, page: LogPage, path: Path, bridge: StillBridge
) -> None:
    write_day(path, 300)
    shown(qtbot, page)
    page.table.scrollTo(page.table.log.index(100, 0))
    judge(bridge, path, 1)
    qtbot.waitUntil(lambda: "1 new ↑" in button(page, "new").text())
    page.table.scrollToTop()
    qtbot.waitUntil(lambda: calls(page)[0] == "n1")


def test_filters_are_the_readers(qtbot: QtBot, page: LogPage, path: Path, bridge: StillBridge) -> None:
    write_day(path)
    shown(qtbot, page)
    page.filter_bar.choose("tool", "push")
    qtbot.waitUntil(lambda: calls(page) == ["a4", "a3"])
    judge(bridge, path, 1)
    page.filter_bar.search.setText("nothing like it")
    qtbot.waitUntil(lambda: "No recorded call matches these filters." in labels(page))
    button(page, "Clear filters").click()
    qtbot.waitUntil(lambda: len(calls(page)) == 6)


def test_no_log_yet_is_said_and_looked_for_again(qtbot: QtBot, page: LogPage, path: Path, bridge: StillBridge) -> None:
    with qtbot.waitExposed(page):
        page.show()
    qtbot.waitUntil(lambda: "There is no log" in labels(page))
    judge(bridge, path, 1)
    page._look_sometime()
    qtbot.waitUntil(lambda: calls(page) == ["n1"])
    assert "There is no log" not in labels(page)


def test_a_rule_is_wanted_from_the_selected_call(qtbot: QtBot, page: LogPage, path: Path) -> None:
    write_day(path)
    page.may_make_rules = lambda: True
    shown(qtbot, page)
    page.table.selectRow(4)
    qtbot.waitUntil(lambda: page.detail.story is not None)
    with qtbot.waitSignal(page.rule_wanted) as wanted:
        button(page, "Make a rule").click()
    assert wanted.args == ["files", "read_file", {"path": "/tmp/a"}]


def test_what_the_filters_admit_is_exported(qtbot: QtBot, page: LogPage, path: Path, tmp_path: Path) -> None:
    write_day(path)
    shown(qtbot, page)
    page.filter_bar.choose("tool", "push")
    button(page, "Export").click()
    dialog = page.export.dialog
    assert dialog is not None
    dialog.setDirectory(str(tmp_path))
    dialog.selectFile("out.jsonl")
    with qtbot.waitSignal(page.export.written):
        dialog.accept()
    assert len((tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()) == 2


def test_many_rows_are_not_kept_while_nobody_looks(qtbot: QtBot, page: LogPage, path: Path) -> None:
    write_day(path, 6000)
    shown(qtbot, page)

    def scroll() -> bool:
        page.table.scrollToBottom()
        return len(calls(page)) > 5500

    qtbot.waitUntil(scroll, timeout=10_000)
    page.hide()
    shown(qtbot, page)
    assert len(calls(page)) == FIRST_PAGE


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape])
def test_escape_lets_go_of_the_selected_call(qtbot: QtBot, page: LogPage, path: Path, key: Qt.Key) -> None:
    write_day(path)
    with qtbot.waitActive(page):
        shown(qtbot, page)
        page.activateWindow()
    page.table.selectRow(0)
    page.table.setFocus()
    qtbot.keyClick(page.table, key)
    assert page.table.selected is None


def test_slow_reading_is_said(qtbot: QtBot, page: LogPage, path: Path) -> None:
    write_day(path)
    shown(qtbot, page)
    go_on = threading.Event()
    page.reading.ask("other", lambda _: go_on.wait(10), print)
    page.filter_bar.choose("tool", "push")
    qtbot.waitUntil(lambda: "Searching…" in labels(page))
    page.table.selectRow(3)
    qtbot.waitUntil(lambda: page.detail.story is not None)
    go_on.set()
    qtbot.waitUntil(lambda: "Searching…" not in labels(page))
    assert calls(page) == ["a4", "a3"]
