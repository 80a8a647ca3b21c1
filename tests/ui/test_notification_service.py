"""Notifications where there is no D-Bus: the tray icon's own messages."""

import pytest
from fake_engine import StillBridge
from PySide6.QtWidgets import QSystemTrayIcon
from pytestqt.qtbot import QtBot
from still_time import StillTime

from approver.desktop.notification import Notification, NotShown, Pressed, Shown, Told
from approver.desktop.notification_bus import NotificationBus
from approver.ui.notification_service import TrayMessages, notification_service
from approver.ui.tray import Tray

SHOWN = Notification("A call is waiting", "Who, what, where", open_key="review:c1", is_urgent=True)


@pytest.fixture
def tray(qtbot: QtBot, bridge: StillBridge, still: StillTime) -> Tray:
    return Tray(bridge, still, is_available=lambda: True)


@pytest.mark.parametrize(
    ("platform", "kind"), [("linux", NotificationBus), ("win32", TrayMessages), ("darwin", TrayMessages)]
)
def test_each_system_has_its_own(tray: Tray, platform: str, kind: type) -> None:
    service = notification_service(lambda told: None, tray, platform)
    assert isinstance(service, kind)
    service.stop()


def test_a_message_of_the_tray_opens_its_call(tray: Tray, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[Told] = []
    said: list[tuple[object, ...]] = []
    monkeypatch.setattr(QSystemTrayIcon, "supportsMessages", staticmethod(lambda: True))
    monkeypatch.setattr(tray._icon, "showMessage", lambda *words: said.append(words))
    tray.is_shown = True
    service = TrayMessages(heard.append, tray)
    service.show(SHOWN)
    assert said == [("A call is waiting", "Who, what, where", QSystemTrayIcon.MessageIcon.Warning)]
    tray._icon.messageClicked.emit()
    service.withdraw()
    tray._icon.messageClicked.emit()
    assert heard == [Shown(sounded=False), Pressed("review:c1"), Pressed("review:")]


def test_without_a_tray_it_says_that_nothing_is_shown(tray: Tray) -> None:
    heard: list[Told] = []
    TrayMessages(heard.append, tray).show(SHOWN)
    assert isinstance(heard[0], NotShown)
