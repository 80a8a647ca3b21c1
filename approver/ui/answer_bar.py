"""The foot of the dialog: reason, buttons, and what was ignored. Presses go in, answers come out as signals.

No button is the default one. «Allow once» and «Deny» stand behind the dialog's input guard.
"""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from approver.approvals.outline import visible
from approver.ui.announcements import announce
from approver.ui.colours import colours_now
from approver.ui.guard import InputGuard
from approver.ui.guarded_button import GuardedButton
from approver.ui.icons import icon
from approver.ui.plain_label import PlainLabel, inert_tip
from approver.ui.theme import em

FLASH_MILLISECONDS = 2500
LONGEST_REASON = 2000


class AnswerBar(QWidget):
    """Takes a person's answer.

    Attributes:
        allow, deny: The guarded buttons.
        reason: The field for what the agent is to read with a denial.

    Signals:
        allowed: The person pressed «Allow once» on purpose.
        denied: The person pressed «Deny» on purpose; carries the reason, which may be empty.
        postponed: The person wants to decide later.
        continued: The person has read how the question ended.
    """

    allowed = Signal()
    denied = Signal(str)
    postponed = Signal()
    continued = Signal()

    def __init__(self, guard: InputGuard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.allow = GuardedButton(self.tr("&Allow once"), guard)
        self.deny = GuardedButton(self.tr("&Deny"), guard)
        self.reason = QLineEdit()
        self._later = QPushButton(self.tr("Decide &later"))
        self._continue = QPushButton(self.tr("&Close"))
        self._reason_label = PlainLabel(self.tr("If you deny, tell the agent &why:"), wraps=False)
        self._flash = PlainLabel(role="flash")
        self._flash_timer = QTimer(self)
        self._fault = ""
        self._asks = False
        self._obstacle = ""
        self._dress()
        self._connect()
        self._lay_out()

    def ask(self) -> None:
        """Let an answer be given."""
        self.reason.clear()
        self._set_mode(asks=True, ended=False)

    def name(self, allow: str, deny: str, obstacle: str) -> None:
        """Call the buttons by what they do now; `allow` is empty where that is said already.

        An approval that could not be carried out, for the reason `obstacle`, is not offered.
        """
        self._obstacle = obstacle
        self.deny.rename(deny)
        if allow:
            self.allow.rename(allow)
        self.allow.setEnabled(self._asks and not self._fault and not obstacle)

    def wait(self) -> None:
        """An answer is on its way: take no other."""
        self._set_mode(asks=False, ended=False)

    def resume(self) -> None:
        """The answer was refused: let another be given; the reason stays."""
        self._set_mode(asks=True, ended=False)

    def end(self, waiting: int) -> None:
        """The question is over; `waiting` others are left."""
        self._set_mode(asks=False, ended=True)
        self._continue.setText(self.tr("&Next waiting call") if waiting else self.tr("&Close"))

    def set_edit(self, *, is_edited: bool, fault: str, count: int = 1) -> None:
        """Say what allowing would do: let the call through as it came, or as it was edited, if it can be.

        Of `count` identical calls that wait, one.
        """
        self._fault = fault
        if not (is_edited or fault):
            self.allow.rename(self.tr("&Allow once"))
        elif count > 1:
            self.allow.rename(self.tr("&Allow one of {count} as edited").format(count=count))
        else:
            self.allow.rename(self.tr("&Allow as edited"))
        self.allow.setAccessibleDescription(
            fault or (self.tr("Sends what you edited") if is_edited else self.tr("Lets this one call through"))
        )
        self.allow.setToolTip(inert_tip(fault))
        self.allow.setEnabled(self._asks and not fault)
        if not self._flash_timer.isActive():
            self._clear_flash()

    def flash(self) -> None:
        """Say why a press did nothing."""
        text = self.tr("Just appeared: click again")
        self._flash.setText(text)
        self._flash_timer.start(FLASH_MILLISECONDS)
        announce(self, text)

    @property
    def flashing(self) -> str:
        """What is said about an ignored press just now."""
        return self._flash.text().strip()

    def dress(self) -> None:
        """Take the icons' colours from the palette."""
        colours = colours_now()
        self.allow.setIcon(icon("allow", colours.yes))
        self.deny.setIcon(icon("deny", colours.no))

    def _dress(self) -> None:
        self.dress()
        self._later.setProperty("role", "quiet")
        for button in (self._later, self._continue):
            button.setAutoDefault(False)
        self.reason.setMaxLength(LONGEST_REASON)
        self.reason.setPlaceholderText(self.tr("optional"))
        self.reason.setAccessibleName(self.tr("Reason for the agent"))
        self._reason_label.setBuddy(self.reason)
        self._clear_flash()
        self._flash.setAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
        self._flash.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.allow.setAccessibleDescription(self.tr("Lets this one call through"))
        self.deny.setAccessibleDescription(self.tr("Refuses this call and tells the agent so"))
        self._later.setToolTip(self.tr("Close the window; the call keeps waiting (Esc)"))

    def _connect(self) -> None:
        self._flash_timer.setSingleShot(True)
        self._flash_timer.timeout.connect(self._clear_flash)
        self.allow.confirmed.connect(self.allowed)
        self.deny.confirmed.connect(self._deny_confirmed)
        for button in (self.allow, self.deny):
            button.ignored.connect(self.flash)
        self._later.clicked.connect(self.postponed)
        self._continue.clicked.connect(self.continued)

    def _lay_out(self) -> None:
        unit = em(self.font())
        reason = QHBoxLayout()
        reason.setSpacing(round(unit * 0.6))
        reason.addWidget(self._reason_label)
        reason.addWidget(self.reason, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(round(unit * 0.6))
        buttons.addWidget(self._later)
        buttons.addWidget(self._flash, 1)
        buttons.addWidget(self._continue)
        buttons.addWidget(self.deny)
        buttons.addSpacing(round(unit * 0.4))
        buttons.addWidget(self.allow)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(round(unit * 0.8))
        layout.addLayout(reason)
        layout.addLayout(buttons)
        for first, second in ((self.reason, self._later), (self._later, self.deny), (self.deny, self.allow)):
            self.setTabOrder(first, second)

    def _set_mode(self, *, asks: bool, ended: bool) -> None:
        self._clear_flash()
        self._asks = asks
        answering: tuple[QWidget, ...] = (self.allow, self.deny, self.reason, self._reason_label)
        for widget in answering:
            widget.setEnabled(asks)
        self.allow.setEnabled(asks and not self._fault and not self._obstacle)
        for widget in (*answering, self._later):
            widget.setVisible(not ended)
        self._continue.setVisible(ended)

    def _deny_confirmed(self) -> None:
        self.denied.emit(self.reason.text().strip())

    def _clear_flash(self) -> None:
        self._flash_timer.stop()
        self._flash.setText(visible(self._fault) or " ")
