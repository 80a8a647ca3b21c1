"""Pictures of what stands in a panel: the icons in every state, and the menu."""

from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from approver.ui.desk import GENERAL, LOG
from approver.ui.state_words import Condition
from approver.ui.tray import Tray
from approver.ui.tray_icon import tray_icon


def menu_of(tray: Tray) -> QWidget:
    """The tray's menu, as it would open."""
    tray.log_page, tray.settings_page = LOG, GENERAL
    tray._fill_menu()
    tray.menu.popup(QPoint(0, 0))
    return tray.menu


def trays() -> QPixmap:
    """All icons on a dark and a light panel, at panel sizes."""
    sheet = QPixmap(760, 140)
    sheet.fill(QColor("#ffffff"))
    painter = QPainter(sheet)
    for row, panel in enumerate(("#20242a", "#eceef1")):
        painter.fillRect(0, row * 70, 760, 70, QColor(panel))
        left = 12
        for condition, count in (
            (Condition.IDLE, 0),
            (Condition.WAITING, 2),
            (Condition.WAITING, 12),
            (Condition.WAITING, 120),
            (Condition.PAUSED, 0),
            (Condition.DENYING, 0),
            (Condition.PROBLEM, 0),
        ):
            for edge in (16, 22, 48):
                painter.drawPixmap(left, row * 70 + 35 - edge // 2, tray_icon(condition, count).pixmap(edge, edge))
                left += edge + 12
    painter.end()
    return sheet
