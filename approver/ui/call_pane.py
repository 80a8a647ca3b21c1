"""Everything there is to know about one question: a `PendingQuestion` goes in, the pane shows its `Presentation`.

The dialog and the queue window both show this pane, so what is read is the same in both. `presentation` is what stands
on the screen; an answer carries its digest.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QFont, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from approver.approvals.draft import LARGEST, Draft, draft_of
from approver.approvals.edited import present_edit
from approver.approvals.outline import Line
from approver.approvals.presentation import Part, Presentation, present
from approver.approvals.schema_check import warm_up
from approver.approvals.waiting_rows import present_alike
from approver.catalog.risk import Tier, risk_of
from approver.model import PendingQuestion
from approver.proxy.jsonrpc import digest
from approver.ui.argument_editor import ArgumentEditor
from approver.ui.clock_words import clocks_in_words
from approver.ui.colours import colours_now
from approver.ui.icons import icon
from approver.ui.marks import drawable
from approver.ui.outline_frame import OutlineFrame
from approver.ui.plain_label import PlainLabel
from approver.ui.sentence_label import SentenceLabel
from approver.ui.theme import em, scaled
from approver.ui.tier_badge import TierBadge, risk_words


class CallPane(QWidget):
    """Shows one question in full.

    Attributes:
        question: The question shown, or None.
        presentation: Its texts as they stand on the screen, or None.
        arguments: The frame with what the client sent; its view takes the initial focus.
        editor: Where the arguments are edited; None where they cannot be.
        changes: What was edited, before and after. The window places it where it never scrolls away.
        clocks: Both clocks in words, or how the question ended. The window places it where it never scrolls away.
        corner: The layout at the right end of the first row, for the window's own widgets.

    Signals:
        content_changed: Other text stands on the screen.
        details_toggled: The details were opened or closed, so the pane needs more or less room.
    """

    content_changed = Signal()
    details_toggled = Signal()

    def __init__(self, parent: QWidget | None = None, *, fewest_lines: int = 5) -> None:
        super().__init__(parent)
        self.question: PendingQuestion | None = None
        self.presentation: Presentation | None = None
        self._reveals = False
        self.corner = QHBoxLayout()
        self._badge = TierBadge()
        self._guess = PlainLabel(role="muted")
        self._sentence = SentenceLabel()
        self._alike: tuple[str, ...] = ()
        self._count = PlainLabel(wraps=False)
        self._why = PlainLabel(role="muted")
        self._lapsed = PlainLabel(role="warning")
        self._server_changes = OutlineFrame(self.tr("What the server changed (− before, + now)"), fewest=3, most=7)
        self.arguments = OutlineFrame(self.tr("Sent by the client"), fewest=fewest_lines)
        self._marks = PlainLabel(role="warning")
        self._caution = PlainLabel(role="warning")
        self._server_says = PlainLabel(role="muted")
        self.clocks = PlainLabel(role="strong")
        self._reveal = self.arguments.add_tool(self.tr("Show covered values"), self.tr("Values that look secret"))
        self._copy = self.arguments.add_tool(self.tr("Copy"), self.tr("Copy the arguments as they are shown"))
        self.editor: ArgumentEditor | None = None
        self.changes = OutlineFrame(self.tr("Changed by you before it is sent"), fewest=4, most=8)
        self._edit = self.arguments.add_tool(
            self.tr("&Edit…"), self.tr("Change the arguments before you allow the call")
        )
        self._drafts: dict[str, Draft] = {}
        self._asked: Presentation | None = None
        self._asked_of: tuple[PendingQuestion, bool] | None = None
        self._details = QToolButton(self)
        self._more = OutlineFrame(self.tr("Written by the server, and more about the call"), fewest=3, most=9)
        self._connect()
        self._lay_out()

    def show_question(self, question: PendingQuestion, now: float, alike: Sequence[str] = ()) -> None:
        """Show this question, and how many identical ones wait, itself included; all of them are named by id.

        `content_changed` tells if that changes what is read.
        """
        self._alike = tuple(alike)
        is_other = self.question is None or question.id != self.question.id
        if is_other:
            self._keep_draft()
            self._reveals = False
            self._set_details_open(False)
        self.question = question
        if self.editor is not None:
            warm_up()
            if is_other:
                self._set_editing(self._drafts.pop(question.id, None))
            else:
                self.editor.set_schema(_schema_of(question))
        self._refresh()
        self._edit.setEnabled(self.presentation is not None and len(self.presentation.text) <= LARGEST)
        self.tick(now)

    def allow_editing(self) -> None:
        """Let the arguments be edited here."""
        self.editor = editor = ArgumentEditor()
        editor.hide()
        self._edit.show()
        self._edit.clicked.connect(self._begin_edit)
        letter = QKeySequence.mnemonic(self._edit.text())
        self._edit.setShortcut(QKeySequence())  # Qt's own presses the button a moment later, and keys come before it
        QShortcut(letter, self._edit).activated.connect(self._edit.click)
        editor.edited.connect(self._edited)
        editor.discarded.connect(self._discard_edit)
        editor.reveal_toggled.connect(self._toggle_reveal)
        editor.room_wanted.connect(self.details_toggled)
        self._layout.insertWidget(self._layout.indexOf(self.arguments) + 1, editor, 1)

    @property
    def edited(self) -> Mapping[str, Any] | None:
        """What would be sent in place of what the client asked; None where that is the same."""
        return self.editor.judged.arguments if self.editor is not None and self.editor.judged is not None else None

    @property
    def edit_fault(self) -> str:
        """Why it cannot be sent as it stands in the editor."""
        return self.editor.fault if self.editor is not None else ""

    def show_nothing(self) -> None:
        """Forget the question."""
        self.question = self.presentation = self._asked = None
        self._drafts.clear()
        if self.editor is not None:
            self._set_editing(None)

    def tick(self, now: float) -> None:
        """Let the clocks go on."""
        if self.question is not None:
            self.clocks.setText(drawable(clocks_in_words(self.question, now), self.font()))

    def end_clocks(self, note: str) -> None:
        """The question is over: say so where the clocks stood."""
        self.clocks.setText(note)

    @property
    def tier(self) -> Tier:
        """The tier of the question's tool."""
        return self._badge.tier

    def dress(self) -> None:
        """Take the icons' colours from the palette."""
        self._details.setIcon(icon("open" if self._details.isChecked() else "closed", colours_now().muted))

    def _connect(self) -> None:
        self._copy.clicked.connect(self._copy_arguments)
        self._reveal.clicked.connect(self._toggle_reveal)
        self._details.setProperty("role", "link")
        self._details.setText(self.tr("Tool description and details"))
        self._details.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._details.setCheckable(True)
        self._details.toggled.connect(self._set_details_open)

    def _lay_out(self) -> None:
        unit = em(self.font())
        head = QHBoxLayout()
        head.setSpacing(round(unit * 0.7))
        head.addWidget(self._badge)
        head.addWidget(self._guess, 1)
        head.addLayout(self.corner)
        said = QHBoxLayout()
        said.setSpacing(round(unit * 0.7))
        said.addWidget(self._sentence, 1)
        said.addWidget(self._count, 0, Qt.AlignmentFlag.AlignTop)
        self._count.setFont(scaled(self.font(), 1.4, QFont.Weight.DemiBold))
        self._count.hide()
        self.changes.hide()
        self._edit.hide()
        self._layout = layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(round(unit * 0.55))
        layout.addLayout(head)
        layout.addSpacing(round(unit * 0.2))
        layout.addLayout(said)
        layout.addWidget(self._why)
        layout.addWidget(self._lapsed)
        layout.addWidget(self._server_changes)
        layout.addSpacing(round(unit * 0.3))
        layout.addWidget(self.arguments, 1)
        layout.addWidget(self._marks)
        layout.addWidget(self._caution)
        layout.addWidget(self._server_says)
        layout.addWidget(self._details, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self._more)

    def _refresh(self) -> None:
        assert self.question is not None
        before, asked = self.presentation, self._asked
        shown = self._presented(self.question)
        self.presentation = shown
        if before is not None and before.digest == shown.digest:
            return
        if asked is None or self._asked is None or asked.digest != self._asked.digest:
            self._fill(self.question, shown)
        self._show_count(shown.count)
        self.changes.set_lines(shown.changes)
        if bool(shown.changes) == self.changes.isHidden():
            self.changes.setVisible(bool(shown.changes))
            self.details_toggled.emit()
        self.content_changed.emit()

    def _fill(self, question: PendingQuestion, shown: Presentation) -> None:
        """Write down what was asked."""
        risk = risk_of(question.call.tool)
        self._badge.set_risk(risk)
        self._guess.setText(risk_words(risk))
        self._sentence.set_parts(
            tuple(Part(drawable(part.text, self.font()), part.is_name) for part in shown.sentence_parts)
        )
        self._why.setText(drawable(shown.why, self.font()))
        self._lapsed.setText(drawable(shown.lapsed, self.font()))
        self._server_changes.set_lines(shown.server_changes)
        for widget in (self._lapsed, self._server_changes):
            widget.setVisible(bool(shown.lapsed))
        self.arguments.set_lines((*shown.arguments, *shown.extra))
        self._marks.setText(self._marks_in_words(shown.marks))
        self._marks.setVisible(shown.marks > 0)
        self._caution.setText(drawable(shown.caution, self.font()))
        self._caution.setVisible(bool(shown.caution))
        self._server_says.setText(drawable(shown.server_says, self.font()))
        self._server_says.setVisible(bool(shown.server_says))
        self._reveal.setVisible(shown.is_masked or self._reveals)
        self._reveal.setText(self.tr("Cover values") if self._reveals else self.tr("Show covered values"))
        self._fill_details()

    def _presented(self, question: PendingQuestion) -> Presentation:
        """What is read, with what was edited; what was asked is not written anew with each letter that is typed."""
        if self._asked is None or self._asked_of != (question, self._reveals):
            self._asked = present(question, reveal=self._reveals, translate=QCoreApplication.translate)
            self._asked_of = (question, self._reveals)
        shown = present_alike(self._asked, self._alike, QCoreApplication.translate)
        call, sent = question.call, self.edited
        if sent is None:
            return shown
        sent_digest = digest([call.caller.server, call.tool, sent, call.extra])
        reveal, translate, schema = self._reveals, QCoreApplication.translate, _schema_of(question)
        return present_edit(shown, call.arguments, sent, sent_digest, schema=schema, reveal=reveal, translate=translate)

    def _show_count(self, count: int) -> None:
        words = self.tr("The same call is waiting {count} times").format(count=self.locale().toString(count))
        self._count.setText(f"×{self.locale().toString(count)}")
        self._count.setAccessibleName(words)
        self._count.setToolTip(words)
        self._count.setVisible(count > 1)

    # -- editing ---------------------------------------------------------------------------------------------------

    def _begin_edit(self) -> None:
        if self.question is not None and self.editor is not None:
            arguments, schema = self.question.call.arguments, _schema_of(self.question)
            self._set_editing(draft_of(arguments, schema, reveal=self._reveals))
            self.editor.set_revealing(self._reveals)
            self.editor.focus()

    def _discard_edit(self) -> None:
        self._set_editing(None)
        self._edited()
        self._edit.setFocus()

    def _edited(self) -> None:
        self._refresh()
        self.content_changed.emit()  # also where what would be sent is the same: other text stands there

    def _set_editing(self, draft: Draft | None) -> None:
        assert self.editor is not None
        if draft is not None:
            self.editor.take_up(draft)
        else:
            self.editor.end()
        self.editor.setVisible(draft is not None)
        self.arguments.setVisible(draft is None)
        self.details_toggled.emit()
        self.content_changed.emit()

    def end_edit(self) -> None:
        """The question is over: what was edited cannot be sent any more, and what was asked is shown again."""
        if self.editor is not None and self.editor.is_editing:
            self._discard_edit()
        self._edit.setEnabled(False)

    def _keep_draft(self) -> None:
        """A draft of a call that is left for another is taken up again with it."""
        if self.question is not None and self.editor is not None and self.editor.draft is not None:
            draft = self.editor.draft
            self._drafts[self.question.id] = draft.revealing(False) if self._reveals else draft

    def _fill_details(self) -> None:
        """Details are written down when they are looked at; names in them may be as long as any text."""
        if self.presentation is not None:
            self._more.set_lines(_details_of(self.presentation) if self._details.isChecked() else ())

    def _marks_in_words(self, count: int) -> str:
        if count == 1:
            return self.tr("This text holds 1 invisible or misleading character, shown as a mark such as ⟨U+202E⟩.")
        return self.tr(
            "This text holds {count} invisible or misleading characters, shown as marks such as ⟨U+202E⟩."
        ).format(count=self.locale().toString(count))

    def _copy_arguments(self) -> None:
        if self.presentation is not None:
            QGuiApplication.clipboard().setText(self.presentation.arguments_text)

    def _toggle_reveal(self) -> None:
        self._reveals = not self._reveals
        if self.editor is not None:
            self.editor.set_revealing(self._reveals)
        if self.question is not None:
            self._refresh()

    def _set_details_open(self, is_open: bool) -> None:
        self._details.setChecked(is_open)
        self.dress()
        self._fill_details()
        self._more.setVisible(is_open)
        self.details_toggled.emit()


def _schema_of(question: PendingQuestion) -> Mapping[str, Any]:
    return question.definition.input_schema if question.definition is not None else {}


def _details_of(shown: Presentation) -> list[Line]:
    """The server's description and the facts, as lines."""
    described = [*shown.description, Line("", 0)] if shown.description else []
    width = max(len(fact.label) for fact in shown.facts) + 2
    return described + [Line(f"{fact.label.ljust(width)}{fact.value}", width) for fact in shown.facts]
