"""«Deny everything» and «Resume», the same in tray and window: a menu goes in, its entries call the bridge."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMenu

from approver.ui.bridge import Bridge

_MINUTE = 60.0


def add_denying(menu: QMenu, bridge: Bridge) -> None:
    """Put in the commands that apply now, as a submenu where there are several."""
    if bridge.state.panic:
        add_resume(menu, bridge)
    else:
        fill_denying(menu.addMenu(QCoreApplication.translate("DenyMenu", "&Deny everything")), bridge)


def fill_denying(menu: QMenu, bridge: Bridge) -> None:
    """Put in how long everything is to be denied."""
    choices: tuple[tuple[str, float | None], ...] = (
        (QCoreApplication.translate("DenyMenu", "For &15 minutes"), 15 * _MINUTE),
        (QCoreApplication.translate("DenyMenu", "For &1 hour"), 60 * _MINUTE),
        (QCoreApplication.translate("DenyMenu", "&Until I resume"), None),
    )
    for text, seconds in choices:
        menu.addAction(text).triggered.connect(_denying(bridge, seconds))


def add_resume(menu: QMenu, bridge: Bridge) -> None:
    """Put in the way back."""
    text = QCoreApplication.translate("DenyMenu", "&Resume: judge calls by the rules again")
    menu.addAction(text).triggered.connect(lambda: bridge.resume())


def _denying(bridge: Bridge, seconds: float | None) -> Callable[[], None]:
    return lambda: bridge.panic(seconds)
