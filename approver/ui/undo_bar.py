"""Says for ten seconds what was just remembered, and takes it back at a press: the bridge's signals go in and out."""

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from approver.approvals.standing_words import sentence
from approver.clock import Clock
from approver.events import AnswerForgotten
from approver.standing_model import Standing
from approver.ui.announcements import announce
from approver.ui.bridge import Bridge
from approver.ui.marks import drawable
from approver.ui.plain_label import PlainLabel
from approver.ui.theme import em

UNDO_MILLISECONDS = 10_000


def undo_seconds(standing: Standing | None, clock: Clock) -> float:
    """For how long undoing what was remembered is offered still; 0: no longer."""
    if standing is None:
        return 0.0
    passed = clock.now() - standing.made
    return max(0.0, UNDO_MILLISECONDS / 1000 - passed) if passed >= 0 else 0.0


class UndoBar(QFrame):
    """Stands above what it is about while there is something to undo.

    Attributes:
        undo: The button.

    Signals: none of its own.
    """

    def __init__(self, bridge: Bridge, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._clock = clock
        self._name = ""
        self._text = PlainLabel()
        self.undo = QPushButton(self.tr("&Undo"))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        self.setProperty("role", "note")
        self.undo.setAutoDefault(False)
        self.undo.setToolTip(self.tr("Let this answer stand no longer. Calls that it has answered stay answered."))
        unit = em(self.font())
        layout = QHBoxLayout(self)
        layout.setContentsMargins(*(round(unit * share) for share in (0.8, 0.4, 0.4, 0.4)))
        layout.addWidget(self._text, 1)
        layout.addWidget(self.undo)
        self.undo.clicked.connect(self._take_back)
        bridge.remembered.made.connect(self._made)
        bridge.remembered.ended.connect(self._ended)
        bridge.remembered.refused.connect(self._refused)
        self.hide()
        if (seconds := undo_seconds(bridge.remembered.latest, clock)) and bridge.remembered.latest is not None:
            self._made(bridge.remembered.latest)  # the window comes to be a moment after it
            self._timer.start(round(seconds * 1000))

    def _made(self, standing: Standing) -> None:
        self._name = standing.id
        rule = sentence(standing, self._clock.now(), QCoreApplication.translate)
        self._say(self.tr("Remembered: {rule}").format(rule=rule))

    def _refused(self, why: str) -> None:
        self._name = ""
        self._say(why)

    def _ended(self, ended: AnswerForgotten) -> None:
        if ended.id == self._name:
            self.hide()

    def _say(self, text: str) -> None:
        self._text.setText(drawable(text, self.font()))
        self.undo.setVisible(bool(self._name))
        self.show()
        self._timer.start(UNDO_MILLISECONDS)
        announce(self, text)

    def _take_back(self) -> None:
        self._bridge.remembered.revoke(self._name)
        self.hide()
