"""Who shows notifications on this system: D-Bus where the desktop has it, the tray icon's own messages elsewhere."""

import sys

from PySide6.QtWidgets import QSystemTrayIcon

from approver.desktop.notification import Notification, NotShown, Pressed, Service, Shown, Tell
from approver.ui.tray import Tray


def notification_service(tell: Tell, tray: Tray, platform: str = sys.platform) -> Service:
    """What this system has."""
    if platform in ("win32", "darwin"):
        return TrayMessages(tell, tray)
    from approver.desktop.notification_bus import NotificationBus  # its library is there on such systems only

    return NotificationBus(tell)


class TrayMessages:
    """Messages of the tray icon: no buttons, a click opens the call. They cannot be taken back."""

    def __init__(self, tell: Tell, tray: Tray) -> None:
        self._tell = tell
        self._tray = tray
        self._open_key = ""
        tray.message_clicked.connect(self._clicked)

    def show(self, notification: Notification) -> None:
        """Show it."""
        if not (self._tray.is_shown and QSystemTrayIcon.supportsMessages()):
            self._tell(NotShown("Notifications cannot be shown: there is no tray that takes messages."))
            return
        self._open_key = notification.open_key
        self._tray.show_message(notification.summary, notification.body, is_urgent=notification.is_urgent)
        self._tell(Shown(sounded=False))

    def withdraw(self) -> None:
        """Forget it; a click on what is still seen shows the oldest call."""
        self._open_key = ""

    def stop(self) -> None:
        """Forget it."""
        self.withdraw()

    def _clicked(self) -> None:
        self._tell(Pressed(self._open_key or "review:"))
