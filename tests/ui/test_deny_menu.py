"""«Deny everything» and back."""

import pytest
from fake_engine import FakeEngine, StillBridge
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from approver.ui.deny_menu import add_denying


def texts(menu: QMenu) -> list[str]:
    return [action.text().replace("&", "") for action in menu.actions()]


@pytest.mark.parametrize(("place", "did"), [(0, "panic 900.0"), (1, "panic 3600.0"), (2, "panic None")])
def test_each_time_is_an_entry(qtbot: QtBot, engine: FakeEngine, bridge: StillBridge, place: int, did: str) -> None:
    menu = QMenu()
    qtbot.addWidget(menu)
    bridge.start()
    add_denying(menu, bridge)
    assert texts(menu) == ["Deny everything"]
    [submenu] = menu.findChildren(QMenu)
    submenu.actions()[place].trigger()
    assert engine.did == [did]


def test_while_everything_is_denied_there_is_only_the_way_back(
    qtbot: QtBot, engine: FakeEngine, bridge: StillBridge
) -> None:
    menu = QMenu()
    qtbot.addWidget(menu)
    bridge.start()
    bridge.panic(None)
    add_denying(menu, bridge)
    assert texts(menu) == ["Resume: judge calls by the rules again"]
    menu.actions()[0].trigger()
    assert engine.did == ["panic None", "resume"]
