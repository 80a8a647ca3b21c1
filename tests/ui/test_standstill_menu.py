"""«Pause asking», «Deny everything» and back."""

import pytest
from fake_engine import FakeEngine, StillBridge
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from approver.ui.standstill_menu import add_standstill


@pytest.fixture
def menu(qtbot: QtBot, bridge: StillBridge) -> QMenu:
    menu = QMenu()
    qtbot.addWidget(menu)
    bridge.start()
    return menu


def texts(menu: QMenu) -> list[str]:
    return [action.text().replace("&", "") for action in menu.actions()]


@pytest.mark.parametrize(("command", "word"), [(0, "pause"), (1, "panic")])
@pytest.mark.parametrize(("place", "seconds"), [(0, "900.0"), (1, "3600.0"), (2, "None")])
def test_each_time_is_an_entry(
    menu: QMenu, engine: FakeEngine, bridge: StillBridge, command: int, word: str, place: int, seconds: str
) -> None:
    add_standstill(menu, bridge)
    assert texts(menu) == ["Pause asking", "Deny everything"]
    submenu = menu.findChildren(QMenu)[command]
    assert texts(submenu) == ["For 15 minutes", "For 1 hour", "Until I resume"]
    submenu.actions()[place].trigger()
    assert engine.did == [f"{word} {seconds}"]


def test_while_everything_is_denied_there_is_only_the_way_back(
    menu: QMenu, engine: FakeEngine, bridge: StillBridge
) -> None:
    bridge.panic(None)
    add_standstill(menu, bridge)
    assert texts(menu) == ["Resume: judge calls by the rules, and ask, again"]
    menu.actions()[0].trigger()
    assert engine.did == ["panic None", "resume"]


def test_while_asking_is_paused_everything_can_still_be_denied(
    menu: QMenu, engine: FakeEngine, bridge: StillBridge
) -> None:
    bridge.pause(None)
    add_standstill(menu, bridge)
    assert texts(menu) == ["Deny everything", "Resume: judge calls by the rules, and ask, again"]
    menu.actions()[1].trigger()
    assert engine.did == ["pause None", "resume"]
