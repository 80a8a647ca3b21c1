"""How loudly calls ask for the person, as a form: the settings go in, a change of them comes out as a signal."""

from datetime import time

from PySide6.QtCore import QCoreApplication, QSignalBlocker, Qt, QTime, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QHBoxLayout, QLabel, QTimeEdit, QVBoxLayout, QWidget

from approver.attention import QuietHours, Rung
from approver.catalog.risk import Risk, Tier
from approver.settings import Attention
from approver.ui.plain_label import PlainLabel
from approver.ui.theme import em, inset
from approver.ui.tier_badge import TierBadge, tier_words

USUAL_NIGHT = QuietHours(time(22), time(7))
"""What stands there before the person has chosen hours."""


class AttentionForm(QWidget):
    """One row for each tier, and the quiet hours below.

    Attributes:
        rungs: The choice of each tier.
        quiet: Whether there are quiet hours; `begin` and `end` are the times.

    Signals:
        changed: A key of `[attention]` and its new value, as the file has it.
    """

    changed = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rungs = {tier: QComboBox() for tier in Tier}
        self.quiet = QCheckBox(self.tr("&Quiet hours, by your clock: from"))
        self.begin, self.end = QTimeEdit(), QTimeEdit()
        inset(self.begin)
        inset(self.end)
        self._dress()
        self._lay_out()
        self.show_settings(Attention())

    def show_settings(self, attention: Attention) -> None:
        """Show what holds; this changes nothing."""
        for tier, choice in self.rungs.items():
            with QSignalBlocker(choice):
                choice.setCurrentIndex(choice.findData(attention.rung_by_day(tier.value)))
        hours = attention.quiet_hours
        with QSignalBlocker(self.quiet), QSignalBlocker(self.begin), QSignalBlocker(self.end):
            self.quiet.setChecked(hours is not None)
            if hours is not None:
                self._show_hours(hours)
        self._enable_times()

    def _show_hours(self, hours: QuietHours) -> None:
        self.begin.setTime(QTime(hours.begin.hour, hours.begin.minute))
        self.end.setTime(QTime(hours.end.hour, hours.end.minute))

    def _dress(self) -> None:
        for tier, choice in self.rungs.items():
            for rung, words in _rung_words().items():
                choice.addItem(words, rung)
            choice.setAccessibleName(self.tr("Calls whose tool {tier}").format(tier=tier_words(tier)))
            choice.currentIndexChanged.connect(lambda _, tier=tier: self._rung_chosen(tier))
        self.begin.setAccessibleName(self.tr("Quiet from"))
        self.end.setAccessibleName(self.tr("Quiet until"))
        self._show_hours(USUAL_NIGHT)
        self.quiet.toggled.connect(self._quiet_toggled)
        for edit in (self.begin, self.end):
            edit.setKeyboardTracking(False)
            edit.timeChanged.connect(self._hours_chosen)

    def _rung_chosen(self, tier: Tier) -> None:
        self.changed.emit(tier.value, self.rungs[tier].currentData().value)

    def _quiet_toggled(self) -> None:
        self._enable_times()
        self._hours_chosen()

    def _hours_chosen(self) -> None:
        begin, end = (time(at.hour(), at.minute()) for at in (self.begin.time(), self.end.time()))
        if not self.quiet.isChecked():
            self.changed.emit("quiet_hours", "")
        elif begin != end:  # while one is being changed it may pass the other
            self.changed.emit("quiet_hours", str(QuietHours(begin, end)))

    def _enable_times(self) -> None:
        for edit in (self.begin, self.end):
            edit.setEnabled(self.quiet.isChecked())

    def _lay_out(self) -> None:
        unit = em(self.font())
        grid = QGridLayout()
        grid.setHorizontalSpacing(round(unit * 1.2))
        grid.setVerticalSpacing(round(unit * 0.5))
        for row, (tier, choice) in enumerate(self.rungs.items()):
            badge = TierBadge()
            badge.set_risk(Risk(tier, ""))
            grid.addWidget(badge, row, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(choice, row, 1)
        grid.setColumnStretch(2, 1)
        hours = QHBoxLayout()
        hours.setSpacing(round(unit * 0.5))
        hours.addWidget(self.quiet)
        hours.addWidget(self.begin)
        hours.addWidget(QLabel(self.tr("until")))
        hours.addWidget(self.end)
        hours.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(round(unit * 0.8))
        told = self.tr("Told apart by what the tool's name sounds like. Whatever you choose, a call waits in the list.")
        layout.addWidget(PlainLabel(told, role="muted"))
        layout.addLayout(grid)
        layout.addLayout(hours)
        layout.addWidget(
            PlainLabel(
                self.tr("In quiet hours calls only wait, with nothing but the tray's badge. None is allowed by that."),
                role="muted",
            )
        )


def _rung_words() -> dict[Rung, str]:
    return {
        Rung.BADGE: QCoreApplication.translate("Rung", "Only the tray's badge"),
        Rung.NOTIFICATION: QCoreApplication.translate("Rung", "A notification"),
        Rung.WINDOW: QCoreApplication.translate("Rung", "A notification and the window"),
        Rung.SOUND: QCoreApplication.translate("Rung", "Notification, window and a sound"),
    }
