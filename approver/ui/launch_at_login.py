"""A box to tick: start Approver at login. It shows what the system will do, read each time it comes into view."""

import os
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from approver.desktop.autostart import LoginItem, login_item
from approver.ui.plain_label import PlainLabel
from approver.ui.theme import em


class LaunchAtLogin(QWidget):
    """Shows and changes whether Approver starts with the session.

    Attributes:
        box: What is ticked.
        note: What is wrong, if something is.

    Signals:
        changed: The person ticked or unticked it, and it was done.
    """

    changed = Signal(bool)

    def __init__(self, item: LoginItem | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._item = item or login_item(os.environ, Path.home())
        self.box = QCheckBox(self.tr("Start Approver when I &log in"))
        self.note = PlainLabel(role="warning")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(round(em(self.font()) * 0.3))
        layout.addWidget(self.box)
        layout.addWidget(self.note)
        self.box.clicked.connect(self._clicked)
        self.refresh()

    def refresh(self) -> None:
        """Read anew what the system will do."""
        try:
            state = self._item.state()
            is_on, problem = state.is_on, state.problem
        except OSError as fault:
            is_on, problem = False, self._told(fault)
        self.box.setChecked(is_on)
        self._say(problem)

    def showEvent(self, event: QShowEvent) -> None:
        """It may have been changed elsewhere meanwhile."""
        super().showEvent(event)
        self.refresh()

    def _clicked(self, is_on: bool) -> None:
        try:
            if is_on:
                self._item.turn_on()
            else:
                self._item.turn_off()
        except OSError as fault:
            self.refresh()
            self._say(self._told(fault))
            return
        self.refresh()
        self.changed.emit(self.box.isChecked())

    def _say(self, problem: str) -> None:
        self.note.setText(problem)
        self.note.setVisible(bool(problem))

    def _told(self, fault: OSError) -> str:
        reason = f"{fault.filename}: {fault.strerror}" if fault.filename else str(fault)
        return self.tr("That could not be done. {reason}").format(reason=reason)
