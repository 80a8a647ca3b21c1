"""The window that asks about one call: a question goes in, an `Answer` or «later» comes out as a signal.

Nothing approves by default: no button is the default one, the focus begins on the text, both answers stand behind an
input guard that restarts with every change of the window or of what it shows. Closing, Esc and minimising mean later.
The window holds no queue: it is told where its question stands in it, and asks for the next or the one before.
"""

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QColor, QHideEvent, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QToolButton, QVBoxLayout, QWidget

from approver.approvals.standing import shown_with
from approver.clock import Clock
from approver.model import Answer, AnswerKind, PendingQuestion
from approver.ui.answer_bar import AnswerBar
from approver.ui.call_pane import CallPane
from approver.ui.colours import colours_now
from approver.ui.guard import InputGuard
from approver.ui.guarded_window import GuardedWindow
from approver.ui.icons import icon
from approver.ui.pane_scroll import PaneScroll, on_low_screen, within_screen
from approver.ui.plain_label import PlainLabel
from approver.ui.reach_chooser import ReachChooser
from approver.ui.theme import em

USUAL_WIDTH = 42
"""In line heights."""
PERIODS_FOR_THE_NEXT = 2.0
"""How much longer the guard is closed where a question takes another's place: the pointer may still lie on a button."""


class ApprovalDialog(GuardedWindow):
    """Asks about one call at a time.

    Attributes:
        pane: Everything there is to know about the call.
        reach: For which other calls the answer is to hold, and for how long.
        answers: Reason and buttons.
        wanted_size: The size that the person gave the window by hand, or None. It gets higher where the text needs it.
        is_asking: Whether an answer can be given: the question is open and no answer is on its way.

    Signals:
        answered: The person answered: the question's id and the `Answer`.
        all_denied: The person denied several identical calls: their ids, that on show first, and the `Answer`.
        set_aside: The person closed or minimised the window: later.
        stepped: Show the next question of the queue (1) or the one before (-1).
        continued: The note about an ended question was read; show what is waiting, if anything is.
    """

    answered = Signal(str, object)
    all_denied = Signal(object, object)
    set_aside = Signal()
    stepped = Signal(int)
    continued = Signal()

    def __init__(self, clock: Clock, guard_seconds: float) -> None:
        super().__init__(InputGuard(clock.monotonic, guard_seconds))
        self._clock = clock
        self._usual_size = QSize()
        self._own_size = QSize()
        self.wanted_size: QSize | None = None
        self._alike: tuple[str, ...] = ()
        self.is_asking = False
        self._is_over = False
        self.pane = CallPane()
        self.pane.allow_editing()
        self._scroll = PaneScroll(self.pane, self)
        self.reach = ReachChooser(clock, self)
        self.answers = AnswerBar(self.guard, self)
        self._place = PlainLabel(role="muted", wraps=False)
        self._previous, self._next = QToolButton(self), QToolButton(self)
        self._wider = self.pane.arguments.add_tool(self.tr("Wider"), self.tr("Make the window as wide as the screen"))
        self._second = QTimer(self)
        self.guard_buttons(self.answers.allow, self.answers.deny)
        self._dress()
        self._lay_out()
        self._connect()

    # -- what is shown ---------------------------------------------------------------------------------------------

    @property
    def question_id(self) -> str | None:
        """The question on show, open or ended."""
        return self.pane.question.id if self.pane.question is not None else None

    def show_question(self, question: PendingQuestion, alike: tuple[str, ...] = ()) -> None:
        """Ask about this one. Whatever was pressed before was not meant for it.

        Args:
            question: the one to show, and to allow.
            alike: its id and those of identical ones that wait; denied together.
        """
        follows = self.isVisible() and self.question_id not in (None, question.id)
        self.is_asking, self._is_over = True, False
        self._alike = alike or (question.id,)
        self.answers.ask()
        self.pane.show_question(question, self._clock.now(), self._alike)
        self.reach.setVisible(True)
        self.reach.show_question(question)
        self._scroll.to_top()
        self.pane.arguments.view.setFocus(Qt.FocusReason.OtherFocusReason)
        self.restart_guard(PERIODS_FOR_THE_NEXT if follows else 1.0)
        self.update()

    def question_changed(self, question: PendingQuestion) -> None:
        """Show what is new about the question; the guard restarts if other text stands there now."""
        if self.is_asking and question.id == self.question_id:
            self.pane.show_question(question, self._clock.now(), self._alike)
            self.reach.show_question(question)

    def set_alike(self, alike: tuple[str, ...]) -> None:
        """More identical calls wait, or fewer; the guard restarts, so that what is denied is what was seen."""
        if self.is_asking and self.pane.question is not None and alike != self._alike:
            self._alike = alike
            self.pane.show_question(self.pane.question, self._clock.now(), alike)

    def end_question(self, note: str, waiting: int) -> None:
        """Say how the question ended without an answer from here; it cannot be answered any more."""
        self.is_asking = False
        self._is_over = True
        self.pane.end_clocks(note)
        self.pane.end_edit()
        self.reach.setVisible(False)
        self.answers.end(waiting)
        self.pane.arguments.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def forget(self) -> None:
        """Show no question any more."""
        self.is_asking = self._is_over = False
        self.pane.show_nothing()

    def add_bar(self, bar: QWidget) -> None:
        """Let a bar stand at the top, for as long as it shows itself."""
        self._layout.insertWidget(0, bar)

    def set_place(self, position: int, total: int, calls: int | None = None) -> None:
        """Say where the question stands in the queue; 0: it is no longer in it.

        Args:
            position: counts rows; identical calls are one.
            total: how many rows there are.
            calls: how many calls wait, where that is not the same.
        """
        calls = total if calls is None else calls
        if position:
            place = self.tr("{position} of {total}").format(position=position, total=total)
        else:
            place = self.tr("{total} waiting").format(total=total)
        self._place.setText(place if total > 1 or not position else "")
        for button, at_end in ((self._previous, position <= 1), (self._next, position >= total)):
            button.setVisible(total > 1 and position > 0)
            button.setEnabled(not at_end)
        if self._is_over:
            self.answers.end(total)
        if calls > 1:
            self.setWindowTitle(self.tr("Approver: {total} calls are waiting").format(total=calls))
        else:
            self.setWindowTitle(self.tr("Approver: a call is waiting"))

    # -- how it comes and goes -------------------------------------------------------------------------------------

    def appear(self, *, take_focus: bool) -> None:
        """Come into view; in front of other windows, and with the keyboard, only if `take_focus`."""
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating, not take_focus)
        if not self.isVisible():
            self._fit()
        if self.isMinimized():
            self.showNormal()
        self.show()
        self.restart_guard()
        if take_focus:
            self.raise_()
            self.activateWindow()

    def put_off(self) -> None:
        """Go out of view without an answer."""
        self.hide()
        self.set_aside.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing means later."""
        event.ignore()
        self.put_off()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc means later; no other key means anything to the window itself."""
        if event.key() == Qt.Key.Key_Escape and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self.put_off()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Minimising means later; another palette means other icons."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.WindowStateChange and self.isMinimized():
            self.set_aside.emit()
        elif event.type() is QEvent.Type.PaletteChange:
            self._dress_icons()

    def showEvent(self, event: QShowEvent) -> None:
        """Let the clocks go on while they are seen."""
        super().showEvent(event)
        self._tick()
        self._second.start(1000)

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest while nobody looks; a size that is not ours is the person's."""
        super().hideEvent(event)
        self._second.stop()
        self.wanted_size = self.chosen_size

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a band in the tier's colour along the upper edge."""
        super().paintEvent(event)
        if self.pane.question is not None:
            painter = QPainter(self)
            band = max(3, round(em(self.font()) * 0.22))
            painter.fillRect(0, 0, self.width(), band, QColor(colours_now().edge(self.pane.tier)))
            painter.end()

    def _tick(self) -> None:
        if self.is_asking:
            self.pane.tick(self._clock.now())

    # -- answers ---------------------------------------------------------------------------------------------------

    def _answer(self, kind: AnswerKind, reason: str = "") -> None:
        if not self.is_asking or self.pane.presentation is None or self.question_id is None:
            return
        self.is_asking = False
        self.answers.wait()
        edited = self.pane.edited if kind is AnswerKind.ALLOW else None
        wish, shown = self.reach.wish, self.pane.presentation.digest
        if wish is not None:
            shown = shown_with(self.pane.presentation.text, self.reach.sentence_of(kind))
        answer = Answer(kind, "window", reason, shown, arguments=edited, wish=wish)
        if kind is AnswerKind.DENY and len(self._alike) > 1:
            self.all_denied.emit(self._alike, answer)
        else:
            self.answered.emit(self.question_id, answer)

    def edit_refused(self, question_id: str, sentence: str) -> None:
        """The rules do not let the edited call through: say so, and let it be edited further, or denied."""
        if question_id == self.question_id and self.pane.editor is not None:
            self.is_asking = True
            self.pane.editor.set_refusal(sentence)
            self.answers.resume()
            self._content_changed()

    def _content_changed(self) -> None:
        """Other text stands there, or would be sent: nothing that was pressed before was meant for it."""
        is_edited = self.pane.edited is not None or bool(self.pane.edit_fault)
        if is_edited:
            self.reach.reset()  # later calls would come unedited
        self.reach.setEnabled(not is_edited)
        is_low = on_low_screen(self)
        self.reach.setVisible(not self._is_over and not (is_edited and is_low))
        if is_low and not self.isMaximized():
            self.resize(within_screen(self, self.size()))
        self._name_answers()
        self.restart_guard()

    def _reach_changed(self) -> None:
        """The answers mean something else now: what was pressed before was not meant for that."""
        self._name_answers()
        self.restart_guard()
        self._make_room()

    def _name_answers(self) -> None:
        is_edited, fault = self.pane.edited is not None, self.pane.edit_fault
        count = len(self._alike)
        self.answers.set_edit(is_edited=is_edited, fault=fault, count=count)
        allow = "" if is_edited or fault else self.reach.words(AnswerKind.ALLOW, count)
        self.answers.name(allow, self.reach.words(AnswerKind.DENY, count), self.reach.obstacle)

    # -- building --------------------------------------------------------------------------------------------------

    def _dress(self) -> None:
        self._dress_icons()
        for button, name in (
            (self._previous, self.tr("Previous waiting call")),
            (self._next, self.tr("Next waiting call")),
        ):
            button.setProperty("role", "link")
            button.setAccessibleName(name)
            button.setToolTip(name)
        self._previous.setShortcut(QKeySequence(Qt.Modifier.ALT | Qt.Key.Key_Left))
        self._next.setShortcut(QKeySequence(Qt.Modifier.ALT | Qt.Key.Key_Right))

    def _dress_icons(self) -> None:
        colours = colours_now()
        self._previous.setIcon(icon("previous", colours.muted))
        self._next.setIcon(icon("next", colours.muted))
        self.answers.dress()
        self.pane.dress()

    def _lay_out(self) -> None:
        unit = em(self.font())
        for widget in (self._previous, self._place, self._next):
            self.pane.corner.addWidget(widget)
        rule = QFrame()
        rule.setProperty("role", "rule")
        self._layout = layout = QVBoxLayout(self)
        layout.setContentsMargins(*(round(unit * share) for share in (1.4, 1.3, 1.4, 1.2)))
        layout.setSpacing(round(unit * 0.8))
        layout.addWidget(self._scroll, 1)
        layout.addWidget(self.pane.changes)
        layout.addWidget(rule)
        layout.addWidget(self.reach)
        layout.addWidget(self.pane.clocks)
        layout.addWidget(self.answers)

    def _connect(self) -> None:
        self._second.timeout.connect(self._tick)
        self.pane.content_changed.connect(self._content_changed)
        self.pane.details_toggled.connect(self._make_room)
        self.reach.changed.connect(self._reach_changed)
        self.answers.allowed.connect(lambda: self._answer(AnswerKind.ALLOW))
        self.answers.denied.connect(lambda reason: self._answer(AnswerKind.DENY, reason))
        self.answers.postponed.connect(self.put_off)
        self.answers.continued.connect(self.continued)
        self._previous.clicked.connect(lambda: self.stepped.emit(-1))
        self._next.clicked.connect(lambda: self.stepped.emit(1))
        self._wider.clicked.connect(self._toggle_width)

    def _fit(self) -> None:
        """Be as high as the text needs, within the screen."""
        wanted = self.wanted_size
        fitting = self._fitting(wanted.width() if wanted is not None else round(em(self.font()) * USUAL_WIDTH))
        self._usual_size = fitting if wanted is None else within_screen(self, fitting.expandedTo(wanted))
        self._resize(self._usual_size)

    @property
    def chosen_size(self) -> QSize | None:
        """The size that the person gave the window by hand, as far as is known by now."""
        is_own = not self._own_size.isValid() or self.isMaximized() or self.size() == self._own_size
        return self.wanted_size if is_own else self.size()

    def _resize(self, size: QSize) -> None:
        """Take a size that the person did not choose by hand."""
        self.resize(size)
        self._own_size = self.size()

    def _fitting(self, width: int) -> QSize:
        for widget in self.findChildren(QWidget):
            widget.ensurePolished()  # until then sizes lack what the style sheet adds
            widget.updateGeometry()
        self._layout.invalidate()
        self._layout.activate()
        width = within_screen(self, QSize(width, 0)).width()
        return within_screen(self, QSize(width, self._layout.totalHeightForWidth(width)))

    def _make_room(self) -> None:
        """Opened details must not squeeze the arguments."""
        wanted = self._fitting(self.width())
        if self.isVisible() and wanted.height() > self.height():
            self._resize(wanted)

    def _toggle_width(self) -> None:
        wide = within_screen(self, self.screen().size())
        if self.width() < wide.width():
            self._usual_size = self.size()
            self._resize(wide)
            self._wider.setText(self.tr("Narrower"))
        else:
            self._resize(self._usual_size)
            self._wider.setText(self.tr("Wider"))
