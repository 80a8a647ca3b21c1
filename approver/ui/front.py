"""Brings windows, dialog and tray together: the bridge's signals go in, and what a person sees follows from them.

Which question the dialog shows is decided here, and only this: the oldest that nobody has put off. Whatever is put off
stays open in the engine and in the queue window. Identical calls are shown as one: denied together, allowed one by one.
No window comes to the front by itself unless the settings say so; one that the person asked for does.
"""

import logging
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtWidgets import QApplication

from approver.approvals.presentation import quoted_if_odd, short_name
from approver.attention import Rung
from approver.catalog.risk import risk_of
from approver.clock import Clock
from approver.events import QuestionEnded, StateChanged
from approver.model import Answer, AnswerKind, Outcome, PendingQuestion
from approver.settings import Window
from approver.ui.announcements import announce
from approver.ui.approval_dialog import ApprovalDialog
from approver.ui.bridge import Bridge
from approver.ui.desk import LOG, Desk
from approver.ui.notifier import Notifier
from approver.ui.problem_place import place_of
from approver.ui.queue_window import QueueWindow
from approver.ui.quiet_end import QuietEnd
from approver.ui.quit_question import QuitQuestion
from approver.ui.state_words import waiting_in_words
from approver.ui.tray import Tray
from approver.ui.undo_bar import UndoBar

log = logging.getLogger(__name__)


class Front(QObject):
    """Owns every window.

    Attributes:
        dialog: Asks about one call.
        queue: What waits, and Approver's state.
        desk: The main window with all pages; None: the queue window is the main one.
        tray: The icon, where there is a tray.

    Signals:
        quit_decided: The person wants to quit, and has been asked where calls wait.
        announced: A sentence that screen readers were given.
    """

    quit_decided = Signal()
    announced = Signal(str)

    def __init__(
        self,
        bridge: Bridge,
        clock: Clock,
        window: Window,
        *,
        guard_seconds: float,
        tray: Tray | None = None,
        desk: Desk | None = None,
        notifier: Notifier | None = None,
    ) -> None:
        super().__init__()
        self._bridge = bridge
        self._clock = clock
        self._notifier = notifier
        self._may_take_focus = window.raise_on_ask
        self._quiet_end = QuietEnd(bridge, clock, self)
        self._put_off: set[str] = set()
        self._answered: set[str] = set()
        self._quit_question: QuitQuestion | None = None
        self.dialog = ApprovalDialog(clock, guard_seconds)
        self.dialog.add_bar(UndoBar(bridge, clock, self.dialog))
        self.queue = QueueWindow(bridge, clock)
        self.desk = desk
        self._main = desk or self.queue
        self.tray = tray or Tray(bridge, clock, self)
        self._connect()
        if desk is not None:
            self._connect_desk(desk)
        if notifier is not None:
            notifier.review_asked.connect(self.review)
            notifier.denied.connect(self._deny_in_notification)
            notifier.not_shown.connect(self._not_notified)

    def start(self, *, hidden: bool) -> None:
        """Show what is to be seen at first. Without a tray a window is shown, or nothing could be found."""
        self.tray.start()
        self._set_may_hide()
        if not (hidden and self.tray.is_shown):
            self._main.appear(take_focus=not hidden)

    def stop(self) -> None:
        """Take everything from the screen; answers nothing."""
        self.tray.stop()
        if self._notifier is not None:
            self._notifier.stop()
        for window in (self.dialog, self.queue, self._main):
            window.hide()
        if self._quit_question is not None:
            self._quit_question.close()

    def show_main(self) -> None:
        """The person wants to see the main window."""
        self._main.appear(take_focus=True)

    def _show_problem(self, sentence: str) -> None:
        if self.desk is None:
            self.show_main()
        else:
            self.desk.appear(take_focus=True, key=place_of(sentence, self.desk.keys))

    def show_queue(self) -> None:
        """The person wants to see every waiting call in full."""
        self.queue.appear(take_focus=True)

    def review(self, question_id: str | None = None) -> None:
        """The person wants to see a question, or the oldest."""
        pending = self._bridge.pending
        wanted = next((one for one in pending if one.id == question_id), pending[0] if pending else None)
        if wanted is None:
            self.show_main()
            return
        alike = self._bridge.waiting.alike(wanted.id)
        wanted = alike[0]
        self._put_off.difference_update(one.id for one in alike)
        if self._notifier is not None:
            self._notifier.forget()
        if self.dialog.question_id != wanted.id or not self.dialog.is_asking:
            self._show(wanted)
        self.dialog.appear(take_focus=True)

    def ask_to_quit(self) -> None:
        """Quit, but where calls wait ask first."""
        waiting = len(self._bridge.pending)
        if not waiting:
            self.quit_decided.emit()
        elif self._quit_question is None:
            self._quit_question = question = QuitQuestion(waiting)
            question.accepted.connect(self.quit_decided)
            question.finished.connect(self._quit_question_closed)
            question.open()

    # -- what the bridge tells -------------------------------------------------------------------------------------

    def _started(self) -> None:
        if any(self._rung(question).reaches(Rung.WINDOW) for question in self._bridge.pending):
            self._come_up()

    def _opened(self, question: PendingQuestion) -> None:
        """Go as far up the ladder as the settings say: tray, notification, window, sound."""
        if self.dialog.isVisible():
            self._place()
            self._count_alike()
        self._tell_of((question,))

    def _quiet_is_over(self, held: tuple[PendingQuestion, ...]) -> None:
        """Tell once of what came in quiet hours and still waits, except where the person has seen it."""
        seen = self._put_off | self._answered
        self._tell_of(tuple(one for one in held if one.id not in seen and one.id != self.dialog.question_id))

    def _tell_of(self, questions: tuple[PendingQuestion, ...]) -> None:
        rungs = [self._rung(one) for one in questions]
        told = [one for one, rung in zip(questions, rungs, strict=True) if rung.reaches(Rung.NOTIFICATION)]
        if not told:
            return
        is_at_it = self.dialog.isActiveWindow()
        self._announce(told[-1])
        if self.dialog.isVisible():
            QApplication.alert(self.dialog)
        elif any(rung.reaches(Rung.WINDOW) for rung in rungs) or self._notifier is None:
            self._come_up()
        if self._notifier is not None and not is_at_it:
            self._notifier.add(*told, loud=any(rung.reaches(Rung.SOUND) for rung in rungs))

    def _state_changed(self, state: StateChanged) -> None:
        self._may_take_focus = state.window.raise_on_ask

    def _rung(self, question: PendingQuestion) -> Rung:
        now = datetime.fromtimestamp(self._clock.now())
        return self._bridge.state.attention.rung(risk_of(question.call.tool).tier.value, now.time())

    def _not_notified(self, sentence: str) -> None:
        log.warning("%s", sentence)
        if not self.dialog.isVisible():
            self._come_up()

    def _changed(self, question: PendingQuestion) -> None:
        self.dialog.question_changed(question)

    def _ended(self, ended: QuestionEnded) -> None:
        ours = ended.id in self._answered
        self._answered.discard(ended.id)
        self._put_off.discard(ended.id)
        if self.dialog.question_id != ended.id:
            self._place()
            self._count_alike()
        elif ours or not self.dialog.isVisible():
            self._go_on()
        else:
            self._end_shown(_ending_in_words(ended))

    def _not_answered(self, question_id: str, sentence: str) -> None:
        self._answered.discard(question_id)
        if self.dialog.question_id == question_id:
            text = self.tr("Your answer had no effect: this call is no longer waiting. {sentence}")
            self._end_shown(text.format(sentence=sentence))

    def _edit_refused(self, question_id: str, sentence: str) -> None:
        self._answered.discard(question_id)
        self.dialog.edit_refused(question_id, sentence)

    def _end_shown(self, note: str) -> None:
        self.dialog.end_question(note, len(self._bridge.pending))
        self._place()
        announce(self.dialog, note)
        self.announced.emit(note)

    def _announce(self, question: PendingQuestion) -> None:
        sentence = self.tr("{client} waits for your decision about {tool}. {waiting}.").format(
            client=quoted_if_odd(question.call.caller.client),
            tool=quoted_if_odd(question.call.tool),
            waiting=waiting_in_words(len(self._bridge.pending)),
        )
        announce(self.dialog, sentence)
        self.announced.emit(sentence)

    # -- which question the dialog shows ---------------------------------------------------------------------------

    def _next(self) -> PendingQuestion | None:
        """The oldest that nobody has put off and no answer is on its way to."""
        passed = self._put_off | self._answered
        return next((one for one in self._bridge.pending if one.id not in passed), None)

    def _come_up(self) -> None:
        question = self._next()
        if question is not None:
            self._show(question)
            self.dialog.appear(take_focus=self._may_take_focus)

    def _go_on(self) -> None:
        question = self._next()
        if question is not None:
            self._show(question)
        else:
            self.dialog.hide()
            self.dialog.forget()

    def _show(self, question: PendingQuestion) -> None:
        self.dialog.show_question(question, self._alike(question.id))
        self._place()

    def _alike(self, question_id: str) -> tuple[str, ...]:
        """The question first, then those that ask the same and no answer is on its way to."""
        same = (one.id for one in self._bridge.waiting.alike(question_id))
        return (question_id, *(other for other in same if other != question_id and other not in self._answered))

    def _count_alike(self) -> None:
        if self.dialog.question_id is not None:
            self.dialog.set_alike(self._alike(self.dialog.question_id))

    def _place(self) -> None:
        waiting = self._bridge.waiting
        row = waiting.row_of(self.dialog.question_id)
        self.dialog.set_place(0 if row is None else row + 1, len(waiting), waiting.calls)

    def _step(self, by: int) -> None:
        waiting = self._bridge.waiting
        row = waiting.row_of(self.dialog.question_id)
        question = None if row is None else waiting.first(row + by)
        if question is not None:
            self._show(question)

    # -- what the person does --------------------------------------------------------------------------------------

    def _answer(self, question_id: str, answer: Answer) -> None:
        self._answered.add(question_id)
        self._bridge.answer(question_id, answer)

    def _deny_all(self, ids: tuple[str, ...], answer: Answer) -> None:
        """Deny each by itself; what is to be remembered is remembered once."""
        self._answered.update(ids)
        for question_id in ids:
            self._bridge.answer(question_id, answer)
            answer = replace(answer, wish=None)

    def _deny_in_notification(self, question_id: str, shown: str) -> None:
        self._answer(question_id, Answer(AnswerKind.DENY, "notification", shown=shown))

    def _set_aside(self) -> None:
        """Later means all that is there now; what comes after asks anew."""
        self._put_off.update(one.id for one in self._bridge.pending)

    def _continue(self) -> None:
        self._go_on()

    def _quit_question_closed(self) -> None:
        self._quit_question = None

    def _tray_came_or_went(self, is_shown: bool) -> None:
        self._set_may_hide()
        if not is_shown:
            self._main.appear(take_focus=False)

    def _set_may_hide(self) -> None:
        """The main window must stay where it can be found; the others can be had from there."""
        self.queue.may_hide = self.tray.is_shown or self._main is not self.queue
        if self.desk is not None:
            self.desk.may_hide = self.tray.is_shown

    def _connect(self) -> None:
        bridge, dialog = self._bridge, self.dialog
        bridge.started.connect(self._started)
        bridge.state_changed.connect(self._state_changed)
        self._quiet_end.came.connect(self._quiet_is_over)
        bridge.question_opened.connect(self._opened)
        bridge.question_changed.connect(self._changed)
        bridge.question_ended.connect(self._ended)
        bridge.not_answered.connect(self._not_answered)
        bridge.edit_refused.connect(self._edit_refused)
        bridge.quit_asked.connect(self.quit_decided)
        dialog.answered.connect(self._answer)
        dialog.all_denied.connect(self._deny_all)
        dialog.set_aside.connect(self._set_aside)
        dialog.stepped.connect(self._step)
        dialog.continued.connect(self._continue)
        self.queue.review_asked.connect(self.review)
        self.tray.open_asked.connect(self.show_main)
        self.tray.problem_asked.connect(self._show_problem)
        self.tray.review_asked.connect(lambda: self.review())
        self.tray.availability_changed.connect(self._tray_came_or_went)
        for window in (self.queue, self.tray):
            window.quit_asked.connect(self.ask_to_quit)

    def _connect_desk(self, desk: Desk) -> None:
        self.queue.set_has_main(True)
        self.queue.main_asked.connect(self.show_main)
        desk.quit_asked.connect(self.ask_to_quit)
        desk.queue_asked.connect(self.show_queue)
        desk.review_asked.connect(lambda question_id: self.review(question_id or None))
        self.tray.log_page = LOG if LOG in desk.keys else None
        self.tray.settings_page = desk.settings_page
        self.tray.page_asked.connect(lambda key: desk.appear(take_focus=True, key=key))


def _ending_in_words(ended: QuestionEnded) -> str:
    """Why the question cannot be answered any more."""
    words = {
        Outcome.APPROVED.value: QCoreApplication.translate("Front", "This call was allowed elsewhere ({by})."),
        Outcome.DENIED_BY_USER.value: QCoreApplication.translate("Front", "This call was denied elsewhere ({by})."),
        Outcome.EXPIRED.value: QCoreApplication.translate("Front", "Time ran out unanswered. Nothing was run."),
        Outcome.ABORTED.value: QCoreApplication.translate(
            "Front", "The caller went away before an answer came ({by}). Nothing was run."
        ),
        Outcome.SHUT_DOWN.value: QCoreApplication.translate("Front", "Approver is closing. Nothing was run."),
    }
    unknown = QCoreApplication.translate("Front", "This call is no longer waiting ({by}).")
    return words.get(ended.outcome, unknown).format(by=short_name(ended.by))
