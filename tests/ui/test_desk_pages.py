"""Which pages there are."""

from pathlib import Path

from fake_engine import StillBridge
from pytestqt.qtbot import QtBot
from still_time import StillTime

from approver.desktop.paths import Paths
from approver.ui.desk import LOG, Desk
from approver.ui.desk_pages import add_pages
from approver.ui.log_page import LogPage


def test_every_page_can_be_shown(qtbot: QtBot, bridge: StillBridge, still: StillTime, tmp_path: Path) -> None:
    desk = Desk()
    qtbot.addWidget(desk)
    add_pages(desk, bridge, Paths.under(tmp_path), still)
    for key in desk.keys:
        desk.show_page(key)


def test_a_rule_can_be_made_from_a_call_where_somebody_makes_rules(
    qtbot: QtBot, bridge: StillBridge, still: StillTime, tmp_path: Path
) -> None:
    desk = Desk()
    qtbot.addWidget(desk)
    add_pages(desk, bridge, Paths.under(tmp_path), still)
    page = desk.page(LOG)
    assert isinstance(page, LogPage)
    assert not page.may_make_rules()
    desk.rule_wanted.connect(print)
    assert page.may_make_rules()
    with qtbot.waitSignal(desk.rule_wanted) as wanted:
        page.detail.rule_wanted.emit("git", "push", {"force": True})
    assert wanted.args == ["git", "push", {"force": True}]
