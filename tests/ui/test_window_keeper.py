"""Windows that come back as they were left."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_engine import FakeEngine
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QLabel, QSplitter, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from sample_questions import writing
from still_time import StillTime

from approver.ui.approval_dialog import ApprovalDialog
from approver.ui.desk import Desk
from approver.ui.front import Front
from approver.ui.log_model import Column
from approver.ui.log_table import LogTable
from approver.ui.window_keeper import DESK, DIALOG, QUEUE, WindowKeeper
from approver.window_state import Place, WindowState, read, write


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "windows.json"


@pytest.fixture
def keepers() -> Iterator[list[WindowKeeper]]:
    made: list[WindowKeeper] = []
    yield made
    for keeper in made:
        keeper.stop()


def page_with_parts(still: StillTime) -> QWidget:
    page, splitter, table = QWidget(), QSplitter(), LogTable(still)
    splitter.setObjectName("parts")
    table.setObjectName("calls")
    splitter.addWidget(table)
    splitter.addWidget(QLabel("beside"))
    splitter.setChildrenCollapsible(False)
    QVBoxLayout(page).addWidget(splitter)
    return page


@pytest.fixture
def keeper(path: Path, keepers: list[WindowKeeper]) -> WindowKeeper:
    keepers.append(WindowKeeper(path))
    return keepers[0]


def make_desk(qtbot: QtBot, keeper: WindowKeeper, still: StillTime) -> Desk:
    desk = Desk()
    qtbot.addWidget(desk)
    desk.add_page("plain", "Plain", "overview", lambda: QLabel("nothing"))
    desk.add_page("parted", "Parted", "log", lambda: page_with_parts(still))
    keeper.keep_desk(desk)
    return desk


def parts(desk: Desk) -> tuple[QSplitter, LogTable]:
    splitter = desk.page("parted").findChild(QSplitter, "parts")
    table = desk.page("parted").findChild(LogTable, "calls")
    assert isinstance(splitter, QSplitter)
    assert isinstance(table, LogTable)
    return splitter, table


def test_a_window_comes_back_as_it_was_left(
    qtbot: QtBot, path: Path, keeper: WindowKeeper, keepers: list[WindowKeeper], still: StillTime
) -> None:
    desk = make_desk(qtbot, keeper, still)
    desk.appear(take_focus=False)
    assert desk.page_key == "plain"
    desk.resize(700, 500)
    desk.move(40, 30)
    desk.show_page("parted")
    splitter, table = parts(desk)
    QApplication.sendPostedEvents()
    splitter.setSizes([300, 100])
    table.setColumnWidth(Column.OUTCOME, 177)
    sizes = splitter.sizes()
    desk.hide()

    keepers.append(WindowKeeper(path))
    again = make_desk(qtbot, keepers[1], still)
    again.appear(take_focus=False)
    QApplication.sendPostedEvents()
    assert again.page_key == "parted"
    assert (again.size(), again.pos().toTuple()) == (QSize(700, 500), (40, 30))
    splitter, table = parts(again)
    assert splitter.sizes() == pytest.approx(sizes, abs=2)
    assert table.columnWidth(Column.OUTCOME) == 177


def test_a_place_off_the_screen_is_brought_back(qtbot: QtBot, path: Path, still: StillTime) -> None:
    write(path, {DESK: WindowState(Place(9000, 9000, 700, 500)), QUEUE: WindowState(Place(-9000, 0, 9000, 9000))})
    keeper, window = WindowKeeper(path), QWidget()
    qtbot.addWidget(window)
    desk = make_desk(qtbot, keeper, still)
    keeper.keep(QUEUE, window)
    screen = desk.screen().availableGeometry()
    for one in (desk, window):
        one.show()
        assert screen.contains(one.frameGeometry().topLeft())
        assert one.width() <= screen.width()
    keeper.stop()


def test_a_maximized_window_is_maximized_again_and_keeps_its_other_size(
    qtbot: QtBot, path: Path, keeper: WindowKeeper, keepers: list[WindowKeeper], still: StillTime
) -> None:
    desk = make_desk(qtbot, keeper, still)
    desk.resize(600, 400)
    desk.show()
    desk.showMaximized()
    desk.hide()
    kept = read(path)[DESK]
    assert kept.is_maximized
    assert kept.place is not None
    assert (kept.place.width, kept.place.height) == (600, 400)
    keepers.append(WindowKeeper(path))
    again = make_desk(qtbot, keepers[1], still)
    again.show()
    assert again.isMaximized()


def test_a_page_that_is_no_more_is_not_missed(qtbot: QtBot, path: Path, still: StillTime) -> None:
    write(path, {DESK: WindowState(page="gone")})
    keeper = WindowKeeper(path)
    desk = make_desk(qtbot, keeper, still)
    desk.appear(take_focus=False)
    assert desk.page_key == "plain"
    keeper.stop()


def test_what_was_never_seen_is_kept_as_it_was(
    qtbot: QtBot, path: Path, still: StillTime, keepers: list[WindowKeeper]
) -> None:
    before = WindowState(Place(10, 10, 700, 500), page="plain", splits={"parts": (9, 1)}, columns={"calls": {4: 99}})
    write(path, {DESK: before})
    keepers.append(WindowKeeper(path))
    desk = make_desk(qtbot, keepers[0], still)
    desk.appear(take_focus=False)
    desk.resize(720, 500)
    desk.hide()
    kept = read(path)[DESK]
    assert (kept.splits, kept.columns) == (before.splits, before.columns)


def usual_size(engine: FakeEngine, front: Front) -> QSize:
    """The size that the dialog has by itself; the first time it measures parts that were never laid out."""
    engine.ask(writing())
    front.dialog.put_off()
    front.review()
    size = front.dialog.size()
    front.dialog.put_off()
    return size


def test_of_the_dialog_the_size_is_kept_once_a_person_chose_one(
    engine: FakeEngine, front: Front, path: Path, keeper: WindowKeeper
) -> None:
    dialog: ApprovalDialog = front.dialog
    keeper.keep_dialog(dialog)
    usual = usual_size(engine, front)
    assert not path.exists()
    front.review()
    assert dialog.size() == usual
    dialog.resize(usual.width() + 55, usual.height() + 22)
    dialog.put_off()
    place = read(path)[DIALOG].place
    assert place is not None
    assert (place.width, place.height) == (usual.width() + 55, usual.height() + 22)
    front.review()
    assert dialog.size() == QSize(usual.width() + 55, usual.height() + 22)


def test_the_dialog_is_as_high_as_its_text_needs_whatever_was_kept(
    engine: FakeEngine, front: Front, path: Path
) -> None:
    usual = usual_size(engine, front)
    write(path, {DIALOG: WindowState(Place(0, 0, usual.width(), 130))})
    keeper = WindowKeeper(path)
    keeper.keep_dialog(front.dialog)
    front.review()
    assert front.dialog.size() == usual
    keeper.stop()
