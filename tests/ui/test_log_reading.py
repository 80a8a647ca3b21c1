"""Reading the log on a thread of its own."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from sample_entries import entry, write

from approver.journal.reader import Reader
from approver.journal.records import Filters
from approver.ui.log_reading import LogReading

ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT MAX(x) FROM n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@pytest.fixture
def reading(qtbot: QtBot, path: Path) -> Iterator[LogReading]:
    reading = LogReading(path)
    yield reading
    reading.stop()


def count(reader: Reader) -> int:
    return len(reader.calls(Filters(), 10))


def endless(reader: Reader) -> None:
    with reader._reading():
        reader._connection.execute(ENDLESS).fetchone()


def test_results_come_on_the_windows_thread(qtbot: QtBot, reading: LogReading, path: Path) -> None:
    write(path, entry())
    came: list[tuple[int, bool, bool]] = []
    here = threading.current_thread()

    def work(reader: Reader) -> tuple[int, bool]:
        return count(reader), threading.current_thread() is here

    reading.ask("page", work, lambda result: came.append((*result, threading.current_thread() is here)))
    assert reading.is_asking("page")
    qtbot.waitUntil(lambda: bool(came))
    assert came == [(1, False, True)]
    assert not reading.is_asking("page")


def test_a_newer_request_interrupts_an_older_one_of_its_lane(qtbot: QtBot, reading: LogReading, path: Path) -> None:
    write(path, entry())
    began = threading.Event()
    came: list[object] = []

    def work(reader: Reader) -> None:
        began.set()
        endless(reader)

    reading.ask("page", work, lambda _: came.append("stale"))
    qtbot.waitUntil(began.is_set)

    def ask_again() -> bool:
        reading.ask("page", count, came.append)
        return bool(came)

    qtbot.waitUntil(ask_again)
    assert set(came) == {1}


def test_lanes_do_not_displace_each_other(qtbot: QtBot, reading: LogReading, path: Path) -> None:
    write(path, entry())
    came: list[str] = []
    for lane in ("one", "two", "three"):
        reading.ask(lane, count, lambda _, lane=lane: came.append(lane))
    qtbot.waitUntil(lambda: len(came) == 3)
    assert came == ["one", "two", "three"]


def test_what_cannot_be_read_is_told_and_can_be_read_later(qtbot: QtBot, reading: LogReading, path: Path) -> None:
    came: list[int] = []
    with qtbot.waitSignal(reading.failed) as told:
        reading.ask("page", count, came.append)
    assert told.args[0] == "page"
    assert "There is no log" in told.args[1]
    write(path, entry())
    reading.ask("page", count, came.append)
    qtbot.waitUntil(lambda: came == [1])


def test_work_that_fails_is_told(qtbot: QtBot, reading: LogReading, path: Path) -> None:
    write(path, entry())

    def work(_: Reader) -> int:
        raise ValueError("odd")

    with qtbot.waitSignal(reading.failed) as told:
        reading.ask("page", work, print)
    assert told.args == ["page", "odd"]


def test_what_was_dropped_does_not_come(qtbot: QtBot, reading: LogReading, path: Path) -> None:
    write(path, entry())
    came: list[object] = []
    reading.ask("page", count, came.append)
    reading.drop("page")
    reading.ask("other", count, came.append)
    qtbot.waitUntil(lambda: bool(came))
    assert came == [1]


def test_it_ends_in_the_middle_of_reading(qtbot: QtBot, path: Path) -> None:
    write(path, entry())
    reading = LogReading(path)
    began = threading.Event()

    def work(reader: Reader) -> None:
        began.set()
        endless(reader)

    reading.ask("page", work, print)
    qtbot.waitUntil(began.is_set)
    qtbot.waitUntil(lambda: reading.stop() is None and not reading._reading._thread.is_alive())
    reading.ask("page", count, print)
