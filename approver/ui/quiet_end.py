"""Remembers the calls that came in quiet hours, and tells of those that still wait when these are over.

The bridge's signals go in; what waits still comes out, once, as a signal.
"""

from datetime import datetime

from PySide6.QtCore import QObject, QTimer, Signal

from approver.clock import Clock
from approver.events import QuestionEnded
from approver.model import PendingQuestion
from approver.ui.bridge import Bridge

LOOK_MILLISECONDS = 10_000


class QuietEnd(QObject):
    """Looks at the clock while a call waits that nobody was told of.

    Attributes: none of its own.

    Signals:
        came: A tuple of questions: it is no longer quiet, and they still wait.
    """

    came = Signal(object)

    def __init__(self, bridge: Bridge, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._clock = clock
        self._held: dict[str, PendingQuestion] = {}
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        bridge.question_opened.connect(self._opened)
        bridge.question_ended.connect(self._ended)
        bridge.state_changed.connect(lambda _: self.look())

    def look(self) -> None:
        """See whether it is quiet still."""
        if self._held and not self._is_quiet():
            held, self._held = tuple(self._held.values()), {}
            self._timer.stop()
            self.came.emit(held)

    def _opened(self, question: PendingQuestion) -> None:
        if self._is_quiet():
            self._held[question.id] = question
            self._timer.start(LOOK_MILLISECONDS)

    def _ended(self, ended: QuestionEnded) -> None:
        self._held.pop(ended.id, None)
        if not self._held:
            self._timer.stop()

    def _is_quiet(self) -> bool:
        hours = self._bridge.state.attention.quiet_hours
        return hours is not None and hours.include(datetime.fromtimestamp(self._clock.now()).time())
