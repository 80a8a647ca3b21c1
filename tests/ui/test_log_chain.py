"""Whether the log was changed, told honestly."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot
from sample_log import write_day

from approver.journal.chain import Head
from approver.journal.reader import Reader
from approver.ui.log_chain import LogChain

Check = Callable[[Head | None], str]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    write_day(tmp_path / "journal.db", 6000)
    return tmp_path / "journal.db"


@pytest.fixture
def check(qtbot: QtBot, path: Path) -> Check:
    def check(anchor: Head | None) -> str:
        chain = LogChain(path, lambda: anchor)
        qtbot.addWidget(chain)
        with qtbot.waitSignal(chain.checked):
            chain.findChild(QPushButton).click()
        return chain._words.text()

    return check


def newest(path: Path, back: int = 0) -> Head:
    with Reader(path) as reader:
        row = reader.entries(back + 1)[-1]
    return Head(row.seq, row.chain)


def test_a_whole_log_up_to_its_anchor(check: Check, path: Path) -> None:
    said = check(newest(path)).replace(",", "")
    assert said == (
        "The log is whole: 6009 rows each chained to the one before. The keyring vouches for the rows up to 6009."
    )


def test_an_end_beyond_the_anchor_cannot_be_proven(check: Check, path: Path) -> None:
    assert "The end beyond that, 3 rows, is chained but cannot be proven" in check(newest(path, 3))


def test_without_an_anchor_the_end_cannot_be_proven(check: Check) -> None:
    assert "the end cannot be proven: rows cut off from it would go unnoticed." in check(None)


def test_a_changed_row_is_named(check: Check, path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE entries SET tool = 'other' WHERE seq = 17")
    connection.close()
    said = check(None)
    assert said.startswith("The log was changed. The first bad row is 17.\nRow 17 is not as it was written")


def test_no_log_is_a_sentence(qtbot: QtBot, tmp_path: Path) -> None:
    chain = LogChain(tmp_path / "none.db", lambda: None)
    qtbot.addWidget(chain)
    chain.findChild(QPushButton).click()
    qtbot.waitUntil(lambda: "There is no log" in chain._words.text())


def test_it_can_be_stopped(qtbot: QtBot, path: Path) -> None:
    chain = LogChain(path, lambda: None)
    qtbot.addWidget(chain)
    chain._work.progressed.connect(lambda _: None)
    button = chain.findChild(QPushButton)
    button.click()
    assert "Stop" in button.text().replace("&", "")
    chain.stop()
    qtbot.waitUntil(lambda: not chain._work.is_working)
    assert chain._words.text().startswith(("Checking was stopped", "The log is whole"))
