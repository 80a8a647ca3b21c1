"""Which pages there are."""

from pathlib import Path

from fake_engine import StillBridge
from pytestqt.qtbot import QtBot
from still_time import StillTime

from approver.desktop.paths import Paths
from approver.ui.desk import Desk
from approver.ui.desk_pages import add_pages


def test_every_page_can_be_shown(qtbot: QtBot, bridge: StillBridge, still: StillTime, tmp_path: Path) -> None:
    desk = Desk()
    qtbot.addWidget(desk)
    add_pages(desk, bridge, Paths.under(tmp_path), still)
    for key in desk.keys:
        desk.show_page(key)
