"""Edits the arguments of one call before it is allowed: as a form, or as JSON; both are views of the same draft.

What is wrong stands beside its field and below. The editor decides nothing: it says what would be sent (`judged`) and
whether it can be (`fault`), each time that anything is typed.
"""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, Signal
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QPlainTextDocumentLayout,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from approver.approvals.argument_form import Field, Kind, as_json, first_value
from approver.approvals.draft import Draft, Judged, draft_of, judge, placed, read_text
from approver.approvals.outline import visible
from approver.differences import ABSENT, Path, look_up, pointer, same
from approver.policy.problems import Problem
from approver.ui.argument_fields import ArgumentFields
from approver.ui.plain_label import PlainLabel
from approver.ui.rules_editor import RulesEditor
from approver.ui.rules_highlighter import RulesHighlighter
from approver.ui.theme import em

MOST_PROBLEMS = 20
FEWEST_LINES, MOST_LINES = 6, 20
"""How many line heights of the text are in view; the form is never scrolled for itself, so it has room for all."""


class ArgumentEditor(QFrame):
    """The editor.

    Attributes:
        judged: What the draft comes to; None while nothing is edited.
        fault: Why it cannot be sent; empty where it can be, or nothing is changed.
        form, text: The two views.

    Signals:
        edited: Something was typed or chosen; `judged` and `fault` are as it is now.
        discarded: The person wants to send what the client asked for, or nothing.
        reveal_toggled: The person wants covered values shown, or covered again.
        room_wanted: It needs another height.
    """

    edited = Signal()
    discarded = Signal()
    reveal_toggled = Signal()
    room_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "block")
        self.judged: Judged | None = None
        self.fault = ""
        self._draft: Draft | None = None
        self._text_problems: tuple[Problem, ...] = ()
        self._text = ""
        self._listed: tuple[Problem, ...] = ()
        self.form, self.text = ArgumentFields(), RulesEditor()
        self._document = QTextDocument(self)
        self._document.setDocumentLayout(QPlainTextDocumentLayout(self._document))
        self._views = QStackedWidget()
        self._as_form, self._as_json = QToolButton(), QToolButton()
        self._reveal, self._discard = QToolButton(), QToolButton()
        self._problems = QListWidget()
        self._note = PlainLabel(role="muted")
        self._dress()
        self._lay_out()
        self._connect()

    # -- what is edited --------------------------------------------------------------------------------------------

    @property
    def is_editing(self) -> bool:
        """Whether a draft is open."""
        return self._draft is not None

    @property
    def draft(self) -> Draft | None:
        """The draft, so that it can be taken up again."""
        return self._draft

    def begin(self, arguments: Mapping[str, Any], schema: Mapping[str, Any], *, reveal: bool) -> None:
        """Open a draft of these arguments."""
        self.take_up(draft_of(arguments, schema, reveal=reveal))

    def take_up(self, draft: Draft) -> None:
        """Go on with a draft."""
        self._draft, self._text_problems = draft, ()
        has_form = bool(draft.schema) and draft.form.kind is Kind.GROUP
        self._as_form.setVisible(has_form)
        self._as_json.setVisible(has_form)
        self._show_view(as_form=has_form)

    def end(self) -> None:
        """Forget the draft."""
        self._draft, self.judged, self.fault = None, None, ""

    def set_schema(self, schema: Mapping[str, Any]) -> None:
        """Hear what the server says of the tool, where it became known only now."""
        if self._draft is not None and not same(self._draft.schema, schema):
            draft = self._draft
            self._draft = Draft(draft.original, draft.covered, draft.current, schema)
            if not self._text_problems:
                self.take_up(self._draft)

    def set_revealing(self, reveal: bool) -> None:
        """Show covered values, or cover them again."""
        self._reveal.setText(self.tr("Cover values") if reveal else self.tr("Show covered values"))
        if self._draft is not None and not self._text_problems:
            self._draft = self._draft.revealing(reveal)
            self._fill()
            self._judge()

    def set_refusal(self, sentence: str) -> None:
        """Say why the rules refused what was to be sent."""
        self.fault = sentence
        self._list((Problem("", sentence.rstrip(".")),))

    def focus(self) -> None:
        """Bring the keyboard to where editing begins."""
        if self._views.currentWidget() is self.text:
            self.text.setFocus()
        elif (first := self._first_editor()) is not None:
            first.setFocus()

    def _first_editor(self) -> QWidget | None:
        fields = _leaves(self._draft.form) if self._draft is not None else []
        return next((editor for field in fields if (editor := self.form.editor(field.path)) is not None), None)

    # -- the two views ---------------------------------------------------------------------------------------------

    def _show_view(self, *, as_form: bool) -> None:
        (self._as_form if as_form else self._as_json).setChecked(True)
        self._views.setCurrentWidget(self.form if as_form else self.text)
        self._fill()
        self._judge()

    def _switch(self) -> None:
        to_form = self._as_form.isChecked()
        if to_form and self._text_problems:
            self._as_json.setChecked(True)  # what is no JSON has no fields; the problems say what to mend
        elif not to_form and self.form.broken:
            self._as_form.setChecked(True)  # nor the other way round
        elif to_form != (self._views.currentWidget() is self.form):
            self._show_view(as_form=to_form)
            self.edited.emit()

    def _fill(self) -> None:
        draft = self._draft
        assert draft is not None
        if self._views.currentWidget() is self.form:
            covers = {path: look_up(draft.covered, path) for path in draft.untouched_covers}
            self.form.show_form(draft.form, draft.current, covers)
        else:
            self._text = as_json(draft.current)
            self._document.setPlainText(self._text)
            self.text.show_document(self._document)
            self._text_problems = ()
        self._make_room()
        has_covers = not same(draft.covered, draft.original)
        self._reveal.setVisible(has_covers or self._reveal.text() == self.tr("Cover values"))

    def _make_room(self) -> None:
        """Be as high as what is edited needs, within bounds."""
        unit = em(self.font())
        if self._views.currentWidget() is self.form:
            wanted: float = self.form.content_height
        else:
            lines = (self._document.blockCount() + 2) * self.text.fontMetrics().lineSpacing()
            wanted = min(lines, unit * MOST_LINES)
        height = round(max(wanted, unit * FEWEST_LINES))
        if height != self._views.minimumHeight():
            self._views.setMinimumHeight(height)
            self.room_wanted.emit()

    # -- what is typed ---------------------------------------------------------------------------------------------

    def _value_edited(self, path: Path, value: Any) -> None:
        if self._draft is not None:
            self._draft = self._draft.with_value(path, value)
            self._tell()

    def _removed(self, path: Path) -> None:
        self._value_edited(path, ABSENT)
        self._fill()
        self._tell()

    def _added(self, path: Path) -> None:
        assert self._draft is not None
        self._value_edited(path, first_value(self._draft.schema, path))
        self._fill()
        self._tell()
        if (editor := self.form.editor(path)) is not None:
            editor.setFocus()

    def _text_edited(self) -> None:
        text = self._document.toPlainText()
        if self._draft is None or text == self._text:  # colouring it counts as a change of the document
            return
        self._text = text
        draft, self._text_problems = read_text(text, self._draft, QCoreApplication.translate)
        self._draft = draft or self._draft
        self._tell()

    def _tell(self) -> None:
        self._judge()
        self.edited.emit()

    def _judge(self) -> None:
        assert self._draft is not None
        self.judged = judged = judge(self._draft, QCoreApplication.translate)
        broken = tuple(Problem(pointer(path), sentence) for path, sentence in self.form.broken.items())
        is_form = self._views.currentWidget() is self.form
        problems = self._text_problems or (*(broken if is_form else ()), *judged.problems)
        remarks = () if self._text_problems else judged.remarks
        if not is_form and not self._text_problems:
            text = self._document.toPlainText()
            problems, remarks = placed(problems, text), placed(remarks, text)
        is_changed = judged.arguments is not None or bool(self._text_problems or (is_form and broken))
        self.fault = self._count(len(problems)) if problems and is_changed else ""
        self.form.show_problems({problem.pointer: problem.message for problem in (*problems, *remarks)})
        self.text.underline(problems)
        self._make_room()
        self._reveal.setEnabled(not self._text_problems)
        self._note.setText(judged.not_checked)
        self._note.setVisible(bool(judged.not_checked))
        self._list((*problems, *remarks))

    def _count(self, count: int) -> str:
        if count == 1:
            return self.tr("Mend 1 problem first")
        return self.tr("Mend {count} problems first").format(count=count)

    def _list(self, problems: tuple[Problem, ...]) -> None:
        self._listed = problems[:MOST_PROBLEMS]
        self._problems.clear()
        self._problems.addItems([_told(problem) for problem in self._listed])
        rows = min(len(problems), 3)
        self._problems.setFixedHeight(round(rows * em(self.font()) * 1.6 + em(self.font()) * 0.5))
        if bool(problems) == self._problems.isHidden():
            self._problems.setVisible(bool(problems))
            self.room_wanted.emit()

    def _go_to(self, row: int) -> None:
        if not 0 <= row < len(self._listed):
            return
        problem = self._listed[row]
        if self._views.currentWidget() is self.text:
            self.text.go_to(problem)
            return
        fields = _leaves(self._draft.form) if self._draft is not None else []
        path = next((field.path for field in fields if problem.pointer.startswith(pointer(field.path))), ())
        if (editor := self.form.editor(path)) is not None:
            _bring_into_view(editor)
            editor.setFocus()

    # -- building --------------------------------------------------------------------------------------------------

    def changeEvent(self, event: QEvent) -> None:
        """Another palette means other colours in the JSON."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and hasattr(self, "_highlighter"):
            self._highlighter.dress()

    def _dress(self) -> None:
        self._highlighter = RulesHighlighter(self._document)
        self.text.setAccessibleName(self.tr("Arguments as JSON"))
        self.text.show_document(self._document)
        for button, text in ((self._as_form, self.tr("For&m")), (self._as_json, self.tr("&JSON"))):
            button.setText(text)
            button.setCheckable(True)
            button.setProperty("role", "view")
        for button, text in (
            (self._reveal, self.tr("Show covered values")),
            (self._discard, self.tr("Discard &edits")),
        ):
            button.setText(text)
            button.setProperty("role", "link")
        self._problems.setProperty("role", "problems")
        self._problems.setAccessibleName(self.tr("What is wrong with the edits"))
        self._problems.setWordWrap(True)
        self._problems.hide()

    def _lay_out(self) -> None:
        unit = em(self.font())
        heading = PlainLabel(self.tr("Edit what is sent"), role="heading", wraps=False)
        top = QHBoxLayout()
        top.setSpacing(round(unit * 0.4))
        top.addWidget(heading)
        top.addSpacing(round(unit * 0.6))
        top.addWidget(self._as_form)
        top.addWidget(self._as_json)
        top.addStretch(1)
        top.addWidget(self._reveal)
        top.addWidget(self._discard)
        self._views.addWidget(self.form)
        self._views.addWidget(self.text)
        self._views.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(round(unit * share) for share in (0.7, 0.45, 0.5, 0.5)))
        layout.setSpacing(round(unit * 0.4))
        layout.addLayout(top)
        layout.addWidget(self._views, 1)
        layout.addWidget(self._problems)
        layout.addWidget(self._note)

    def _connect(self) -> None:
        group = QButtonGroup(self)
        for button in (self._as_form, self._as_json):
            group.addButton(button)
        group.buttonClicked.connect(lambda _: self._switch())
        self._reveal.clicked.connect(self.reveal_toggled)
        self._discard.clicked.connect(self.discarded)
        self._document.contentsChanged.connect(self._text_edited)
        self._problems.itemClicked.connect(lambda item: self._go_to(self._problems.row(item)))
        self._problems.itemActivated.connect(lambda item: self._go_to(self._problems.row(item)))
        self.form.value_edited.connect(self._value_edited)
        self.form.text_broken.connect(self._tell)
        self.form.removed.connect(self._removed)
        self.form.added.connect(self._added)


def _leaves(form: Field) -> list[Field]:
    """The fields that are edited, in their order."""
    if form.kind is not Kind.GROUP:
        return [form]
    return [leaf for field in form.fields for leaf in _leaves(field)]


def _bring_into_view(widget: QWidget) -> None:
    """Scroll whatever it lies in."""
    around = widget.parentWidget()
    while around is not None:
        if isinstance(around, QScrollArea):
            around.ensureWidgetVisible(widget)
        around = around.parentWidget()


def _told(problem: Problem) -> str:
    return visible(str(problem))
