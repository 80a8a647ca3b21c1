"""«Pause asking», «Deny everything», «Resume», the same in tray and windows: a menu and a bridge go in."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMenu

from approver.ui.bridge import Bridge

_MINUTE = 60.0
Begin = Callable[[float | None], None]


def add_standstill(menu: QMenu, bridge: Bridge) -> None:
    """Put in the commands that apply now."""
    state = bridge.state
    if not (state.panic or state.paused):
        fill_pausing(menu.addMenu(QCoreApplication.translate("StandstillMenu", "&Pause asking")), bridge)
    if not state.panic:
        fill_denying(menu.addMenu(QCoreApplication.translate("StandstillMenu", "&Deny everything")), bridge)
    if state.panic or state.paused:
        text = QCoreApplication.translate("StandstillMenu", "&Resume: judge calls by the rules, and ask, again")
        menu.addAction(text).triggered.connect(lambda: bridge.resume())


def fill_pausing(menu: QMenu, bridge: Bridge) -> None:
    """Put in how long rules alone are to decide."""
    _fill(menu, bridge.pause)


def fill_denying(menu: QMenu, bridge: Bridge) -> None:
    """Put in how long everything is to be denied."""
    _fill(menu, bridge.panic)


def _fill(menu: QMenu, begin: Begin) -> None:
    choices: tuple[tuple[str, float | None], ...] = (
        (QCoreApplication.translate("StandstillMenu", "For &15 minutes"), 15 * _MINUTE),
        (QCoreApplication.translate("StandstillMenu", "For &1 hour"), 60 * _MINUTE),
        (QCoreApplication.translate("StandstillMenu", "&Until I resume"), None),
    )
    for text, seconds in choices:
        menu.addAction(text).triggered.connect(_beginning(begin, seconds))


def _beginning(begin: Begin, seconds: float | None) -> Callable[[], None]:
    return lambda: begin(seconds)
