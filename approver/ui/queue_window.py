"""The window with all that waits: each call in full, what Approver is doing, and how to deny.

The bridge's state goes in; denials go to the bridge, other wishes come out as signals. Nothing can be allowed here:
«Review…» opens the dialog, which asks for one call at a time.
"""

from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from approver.approvals.presentation import short_name
from approver.clock import Clock
from approver.events import QuestionEnded
from approver.model import Answer, AnswerKind, Entry, PendingQuestion
from approver.ui.bridge import Bridge
from approver.ui.call_pane import CallPane
from approver.ui.empty_page import EmptyPage
from approver.ui.painted_button import PaintedButton
from approver.ui.pane_scroll import PaneScroll, within_screen
from approver.ui.pending_table import PendingTable
from approver.ui.plain_label import PlainLabel
from approver.ui.state_header import StateHeader
from approver.ui.tally import Tally
from approver.ui.theme import em
from approver.ui.undo_bar import UndoBar


@dataclass(frozen=True, slots=True)
class _Shown:
    """What «Deny selected» speaks of."""

    ids: tuple[str, ...]
    """The question that is shown in full, and those that ask the same."""
    digest: str
    """Of the text that said so."""


class QueueWindow(QWidget):
    """Shows the waiting calls and Approver's state.

    Attributes:
        may_hide: Whether closing may hide the window: only where a tray can bring it back.
        table: The waiting calls.
        pane: The selected call in full.
        header: State, problems, «Deny everything», «Quit».

    Signals:
        review_asked: Show the dialog with this question's id.
        main_asked: Show the main window.
        quit_asked: Quit, after asking if calls wait.
    """

    review_asked = Signal(str)
    main_asked = Signal()
    quit_asked = Signal()

    def __init__(self, bridge: Bridge, clock: Clock) -> None:
        super().__init__()
        self.may_hide = False
        self._bridge = bridge
        self._clock = clock
        self._tally = Tally()
        self.setWindowTitle(self.tr("Approver: waiting calls"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.header = StateHeader(bridge, clock, self)
        self._main = self.header.add_command(self.tr("Overview and &log…"))
        self._main.hide()
        self.undo = UndoBar(bridge, clock, self)
        self.table = PendingTable(clock, self)
        self.pane = CallPane(fewest_lines=4)
        self._scroll = PaneScroll(self.pane, self)
        self._empty = EmptyPage(self)
        self._none_selected = PlainLabel(self.tr("Select a call to see all of it."), role="muted")
        self._lower = QStackedWidget(self)
        self._pages = QStackedWidget(self)
        self._deny = PaintedButton(self.tr("D&eny selected"))
        self._deny_client = QPushButton()
        self._review = QPushButton(self.tr("&Review…"))
        self._second = QTimer(self)
        self._lay_out()
        self._connect()
        self._show_all()

    def set_has_main(self, has_main: bool) -> None:
        """Say whether there is a main window besides this one."""
        self._main.setVisible(has_main)

    def add_foot(self, bar: QWidget) -> None:
        """Let a bar stand at the foot, for as long as it shows itself."""
        self._layout.addWidget(bar)

    # -- how it comes and goes -------------------------------------------------------------------------------------

    def appear(self, *, take_focus: bool) -> None:
        """Come into view; in front and with the keyboard only where the person asked for it."""
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating, not take_focus)
        if self.isMinimized() and take_focus:
            self.showNormal()
        self.show()
        if take_focus:
            self.raise_()
            self.activateWindow()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing decides nothing and ends nothing. Without a tray the window stays where it can be found."""
        event.ignore()
        if self.may_hide:
            self.hide()
        else:
            self.showMinimized()

    def showEvent(self, event: QShowEvent) -> None:
        """Write down the selected call now that it is seen, and let the clocks go on."""
        super().showEvent(event)
        if self.table.selected is None:
            self.table.select_first()
        self._selection_changed()
        self._tick()
        self._second.start(1000)

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest while nobody looks."""
        super().hideEvent(event)
        self._second.stop()

    # -- what the bridge tells -------------------------------------------------------------------------------------

    def _show_all(self) -> None:
        self.table.set_questions(self._bridge.pending)
        self._show_page()
        self.table.select_first()
        self._selection_changed()

    def _opened(self, question: PendingQuestion) -> None:
        was_empty = self.table.count == 0
        self.table.add(question)
        self._show_page()
        if was_empty:
            self.table.select_first()
        else:
            self._show_selected()

    def _changed(self, question: PendingQuestion) -> None:
        self.table.change(question)
        if self.pane.question is not None and question.id == self.pane.question.id:
            self._show_selected()

    def _ended(self, ended: QuestionEnded) -> None:
        """Another call is not selected in its place: the next press was not meant for that one."""
        selected = self.table.selected
        if selected is not None and ended.id == selected.id:
            self.table.deselect()
        self.table.remove(ended.id)
        self._show_page()
        self._show_selected()

    def _judged(self, entry: Entry) -> None:
        self._tally.count(entry)
        self._empty.set_tally(self._tally.in_words())

    # -- what the person does --------------------------------------------------------------------------------------

    def _selection_changed(self) -> None:
        question = self.table.selected
        for button in (self._deny, self._deny_client, self._review):
            button.setEnabled(question is not None)
        if question is None:
            self.pane.show_nothing()
            self.pane.clocks.clear()
            self._deny.set_subject(self.tr("D&eny selected"), None)
            self._lower.setCurrentWidget(self._none_selected)
            self._deny_client.setText(self.tr("Deny &all from this client"))
            return
        self._show_selected()
        self._lower.setCurrentWidget(self._scroll)
        client = short_name(question.call.caller.client, 30).replace("&", "&&")
        self._deny_client.setText(self.tr("Deny &all from {client}").format(client=client))

    def _show_selected(self) -> None:
        """The selected call in full, and how many others are identical."""
        question = self.table.selected
        if question is None or not self.isVisible():  # while nobody looks, a long call need not be written down twice
            return
        ids = tuple(one.id for one in self.table.alike(question.id))
        self.pane.show_question(question, self._clock.now(), ids)
        assert self.pane.presentation is not None
        text = self.tr("D&eny selected") if len(ids) == 1 else self.tr("D&eny all {count}").format(count=len(ids))
        self._deny.set_subject(text, _Shown(ids, self.pane.presentation.digest))

    def _deny_selected(self, painted: _Shown | None) -> None:
        """Deny what stood there when the button was pressed; identical calls that came later were not seen."""
        if self.pane.question is None or self.pane.presentation is None:
            return
        meant = _Shown((self.pane.question.id,), self.pane.presentation.digest)
        if painted is not None and painted.ids[0] == self.pane.question.id:
            meant = painted
        for question_id in meant.ids:
            self._bridge.answer(question_id, Answer(AnswerKind.DENY, "window", shown=meant.digest))

    def _deny_all_of_client(self) -> None:
        if self.pane.question is not None:
            self._bridge.deny_all(self.pane.question.call.caller.client)

    def _review_selected(self) -> None:
        if self.pane.question is not None:
            self.review_asked.emit(self.pane.question.id)

    # -- building --------------------------------------------------------------------------------------------------

    def _show_page(self) -> None:
        self._pages.setCurrentIndex(1 if self.table.count else 0)
        if self.focusWidget() in (None, self, self.table, self._empty):
            # left to itself Qt puts the focus on a button, where the next key would press it
            (self.table if self.table.count else self).setFocus()

    def _tick(self) -> None:
        self.header.refresh()
        self.table.tick()
        self.pane.tick(self._clock.now())

    def _connect(self) -> None:
        self._second.timeout.connect(self._tick)
        self._bridge.started.connect(self._show_all)
        self._bridge.question_opened.connect(self._opened)
        self._bridge.question_changed.connect(self._changed)
        self._bridge.question_ended.connect(self._ended)
        self._bridge.judged.connect(self._judged)
        self.header.quit_asked.connect(self.quit_asked)
        self._main.clicked.connect(self.main_asked)
        self.table.selection_changed.connect(self._selection_changed)
        self.table.activated.connect(lambda _: self._review_selected())
        self._deny.meant.connect(self._deny_selected)
        self._deny_client.clicked.connect(self._deny_all_of_client)
        self._review.clicked.connect(self._review_selected)

    def _lay_out(self) -> None:
        unit = em(self.font())
        self._none_selected.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._lower.addWidget(self._none_selected)
        self._lower.addWidget(self._scroll)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setObjectName("queue")
        self.table.setObjectName("waiting")
        splitter.addWidget(self.table)
        splitter.addWidget(self._lower)
        splitter.setStretchFactor(1, 1)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(round(unit * 0.9))
        buttons = QHBoxLayout()
        buttons.setSpacing(round(unit * 0.6))
        for button in (self._deny, self._deny_client):
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(self._review)
        calls = QWidget()
        calls_layout = QVBoxLayout(calls)
        calls_layout.setContentsMargins(0, 0, 0, 0)
        calls_layout.setSpacing(round(unit * 0.9))
        calls_layout.addWidget(splitter, 1)
        calls_layout.addWidget(self.pane.clocks)
        calls_layout.addLayout(buttons)
        self._pages.addWidget(self._empty)
        self._pages.addWidget(calls)
        self._layout = layout = QVBoxLayout(self)
        layout.setContentsMargins(*[round(unit * 1.2)] * 4)
        layout.setSpacing(round(unit * 0.9))
        layout.addWidget(self.header)
        layout.addWidget(self.undo)
        layout.addWidget(self._pages, 1)
        splitter.setSizes([round(unit * 9), round(unit * 24)])
        self.resize(within_screen(self, QSize(round(unit * 48), round(unit * 43))))
