"""Notifications for waiting calls: questions go in, «review this one» and «deny this one» come out as signals.

One notification stands for all questions that were added and still wait: a burst is counted, not shown one by one. It
is replaced when another comes and goes with the last. Once the person has wiped it away, only a new question brings it
back.
"""

import hashlib
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QApplication

from approver.approvals.notification_text import DENY, REVIEW, notification_of
from approver.clock import Clock
from approver.desktop.notification import Closed, Notification, NotShown, Pressed, Service, Shown, Tell, Told
from approver.events import QuestionEnded
from approver.model import PendingQuestion
from approver.ui.activation import use_activation
from approver.ui.bridge import Bridge


class Notifier(QObject):
    """Keeps one notification true.

    Attributes: none of its own.

    Signals:
        review_asked: The person wants to see the question with this id; empty: the oldest.
        denied: The person denies the question with this id; then the digest of the text that named it.
        not_shown: Nothing can be shown; a sentence. What was added is forgotten.
    """

    review_asked = Signal(str)
    denied = Signal(str, str)
    not_shown = Signal(str)
    _told = Signal(object)

    def __init__(
        self,
        bridge: Bridge,
        clock: Clock,
        service: Callable[[Tell], Service],
        guard_seconds: float,
        *,
        beep: Callable[[], None] = QApplication.beep,
    ) -> None:
        super().__init__()
        self._bridge = bridge
        self._clock = clock
        self._guard_seconds = guard_seconds
        self._beep = beep
        self._calls: list[PendingQuestion] = []
        self._is_up = self._is_stopped = False
        self._beeps_if_mute = False
        self._denies_from = float("inf")
        self._last: Notification | None = None
        self._told.connect(self._hear, Qt.ConnectionType.QueuedConnection)
        self._service = service(self._told.emit)
        bridge.question_ended.connect(self._ended)

    def add(self, *questions: PendingQuestion, loud: bool) -> None:
        """Have them told, beside what is told already; `loud`: with a sound, and as urgent."""
        if self._is_stopped:
            return
        self._calls += questions
        self._is_up = True
        self._beeps_if_mute = self._beeps_if_mute or loud
        self._show(loud=loud)

    def forget(self) -> None:
        """Take the notification away: the person looks at the calls."""
        self._calls.clear()
        self._withdraw()

    def stop(self) -> None:
        """Take it away, and show no more: what ends now ends with the app."""
        self._is_stopped = True
        self.forget()
        self._service.stop()

    def _ended(self, ended: QuestionEnded) -> None:
        before = len(self._calls)
        self._calls = [one for one in self._calls if one.id != ended.id]
        if not self._calls:
            self._withdraw()
        elif self._is_up and len(self._calls) < before:
            self._show(loud=False)

    def _show(self, *, loud: bool) -> None:
        shown = notification_of(self._calls, QCoreApplication.translate, loud=loud)
        if self._last is None or shown.buttons != self._last.buttons:
            self._denies_from = float("inf")  # another call stands there now: what is pressed was not meant for it
        self._last = shown
        self._service.show(shown)

    def _withdraw(self) -> None:
        if self._is_up:
            self._is_up, self._last = False, None
            self._service.withdraw()

    @Slot(object)
    def _hear(self, told: Told) -> None:
        match told:
            case Shown(sounded):
                self._was_shown(sounded)
            case Pressed(key, token):
                self._pressed(key, token)
            case Closed():
                self._is_up, self._last = False, None
            case NotShown(sentence):
                self._calls.clear()
                self._is_up, self._last = False, None
                self._sound_if_wanted()
                self.not_shown.emit(sentence)

    def _was_shown(self, sounded: bool) -> None:
        if sounded:
            self._beeps_if_mute = False
        self._sound_if_wanted()
        if self._denies_from == float("inf"):
            self._denies_from = self._clock.monotonic() + self._guard_seconds

    def _sound_if_wanted(self) -> None:
        if self._beeps_if_mute:
            self._beeps_if_mute = False
            self._beep()

    def _pressed(self, key: str, token: str) -> None:
        """Do what the button says for the call that its key names, and for no other."""
        word, _, call = key.partition(":")
        named = next((one for one in self._bridge.pending if one.call.id == call), None)
        if f"{word}:" == DENY and named is not None and self._clock.monotonic() >= self._denies_from:
            self.denied.emit(named.id, self._digest())
        elif f"{word}:" == REVIEW or named is not None:  # a press that came too early only shows the call
            use_activation(token)
            self.review_asked.emit(named.id if named is not None else "")

    def _digest(self) -> str:
        last = self._last
        return "" if last is None else hashlib.sha256(f"{last.summary}\n{last.body}".encode()).hexdigest()
