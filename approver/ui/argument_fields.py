"""A form for a call's arguments: a tree of `Field`s goes in, what a person types into them comes out as signals.

Every text is shown with marks for what cannot be seen, also what is pasted. A value that is covered has an empty field
with its cover behind it, and stays what it is until something is typed.
"""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QCoreApplication, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QTextCursor, QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QGridLayout,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QScrollArea,
    QToolButton,
    QWidget,
)

from approver.approvals.argument_form import Field, Kind, Unreadable, read, text_of
from approver.approvals.outline import visible
from approver.approvals.presentation import short_name
from approver.differences import Path, look_up, pointer
from approver.ui.plain_label import PlainLabel, inert_tip
from approver.ui.theme import em, monospace
from approver.visible import make_visible, mark_unseen, without_marks

LONGEST_SAID = 400
FEWEST_LINES, MOST_LINES = 2, 9
LONGEST_LABEL = 32


class ArgumentFields(QScrollArea):
    """The form.

    Attributes:
        broken: What is wrong with the texts that are no value of their field, by path.

    Signals:
        value_edited: A path, and the value that was typed there.
        text_broken: What stands in a field is no value of its kind; `broken` says why.
        removed, added: A member is to be taken out, or put in: its path.
    """

    value_edited = Signal(object, object)
    text_broken = Signal()
    removed = Signal(object)
    added = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.broken: dict[Path, str] = {}
        self._editors: dict[Path, QWidget] = {}
        self._notes: dict[Path, PlainLabel] = {}
        self._covers: Mapping[Path, str] = {}
        self._current: Any = {}
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._grid = QGridLayout()

    def show_form(self, form: Field, current: Mapping[str, Any], covers: Mapping[Path, str]) -> None:
        """Build the fields anew; `covers` has the mask of each covered value that was left alone."""
        self.broken, self._editors, self._notes = {}, {}, {}
        self._covers, self._current = covers, current
        pane = QWidget()
        unit = em(self.font())
        self._grid = QGridLayout(pane)
        self._grid.setContentsMargins(0, 0, round(unit * 0.4), 0)
        self._grid.setHorizontalSpacing(round(unit * 0.6))
        self._grid.setVerticalSpacing(round(unit * 0.3))
        self._grid.setColumnStretch(1, 1)
        self._add_group(form, 0)
        self._grid.setRowStretch(self._grid.rowCount(), 1)
        self.setWidget(pane)
        pane.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        editors = list(self._editors.values())
        for before, after in zip(editors, editors[1:], strict=False):
            QWidget.setTabOrder(before, after)

    @property
    def content_height(self) -> int:
        """How high all fields are together."""
        pane = self.widget()
        return pane.sizeHint().height() if pane is not None else 0

    def editor(self, path: Path) -> QWidget | None:
        """The field of a value, if it has one of its own."""
        return self._editors.get(path)

    def show_problems(self, sentences: Mapping[str, str]) -> None:
        """Put each sentence below the field that its JSON pointer leads to, or to what that is part of."""
        told: dict[str, str] = {}
        own = {pointer(path) for path in self._notes}
        for place, sentence in sentences.items():
            at = place
            while at and at not in own:
                at = at.rpartition("/")[0]
            told.setdefault(at, sentence)
        for path, note in self._notes.items():
            text = self.broken.get(path) or told.get(pointer(path), "")
            note.setText(text)
            note.setVisible(bool(text))

    # -- building --------------------------------------------------------------------------------------------------

    def _add_group(self, group: Field, depth: int) -> None:
        if group.kind is not Kind.GROUP:
            self._add_row(group, depth)
            return
        for field in group.fields:
            if field.kind is Kind.GROUP:
                self._grid.addWidget(self._label(field, depth), self._grid.rowCount(), 0, 1, 2)
                self._add_remover(field, self._grid.rowCount() - 1)
                self._add_group(field, depth + 1)
            else:
                self._add_row(field, depth)
        if group.absent:
            self._add_adder(group, depth)

    def _add_row(self, field: Field, depth: int) -> None:
        row = self._grid.rowCount()
        label, editor = self._label(field, depth), self._make_editor(field)
        editor.setAccessibleName(visible(field.name) or self.tr("Arguments"))
        if said := _said(field):
            editor.setAccessibleDescription(said)
        label.setBuddy(editor)
        self._editors[field.path] = editor
        self._grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(editor, row, 1)
        self._add_remover(field, row)
        note = PlainLabel(role="mistake")
        note.hide()
        self._notes[field.path] = note
        self._grid.addWidget(note, row + 1, 1)

    def _label(self, field: Field, depth: int) -> PlainLabel:
        label = PlainLabel(short_name(field.name, LONGEST_LABEL), role="heading" if field.kind is Kind.GROUP else "")
        label.setWordWrap(False)
        label.setFont(monospace(self))
        unit = em(self.font())
        label.setContentsMargins(round(unit * depth), round(unit * 0.42), 0, 0)
        if said := _said(field):
            label.setToolTip(inert_tip(said))
        return label

    def _add_remover(self, field: Field, row: int) -> None:
        if field.is_required or not field.path:
            return
        button = QToolButton()
        button.setProperty("role", "link")
        button.setText("✕")
        name = self.tr("Take {name} out").format(name=short_name(field.name))
        button.setAccessibleName(name)
        button.setToolTip(inert_tip(name))
        button.clicked.connect(lambda: self.removed.emit(field.path))
        self._grid.addWidget(button, row, 2, Qt.AlignmentFlag.AlignTop)

    def _add_adder(self, group: Field, depth: int) -> None:
        button = QToolButton()
        button.setProperty("role", "link")
        button.setText(self.tr("Add…"))
        button.setAccessibleName(self.tr("Add what the tool takes besides"))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        for name in group.absent:
            action = menu.addAction(short_name(name).replace("&", "&&"))
            action.triggered.connect(lambda _=False, path=(*group.path, name): self.added.emit(path))
        button.setMenu(menu)
        self._grid.addWidget(button, self._grid.rowCount(), 1, Qt.AlignmentFlag.AlignLeft)

    # -- editors ---------------------------------------------------------------------------------------------------

    def _make_editor(self, field: Field) -> QWidget:
        value = look_up(self._current, field.path)
        if (cover := self._covers.get(field.path)) is not None:
            return self._make_covered(field, cover)
        if field.kind is Kind.SWITCH:
            return self._make_switch(field, value)
        if field.kind is Kind.CHOICE:
            return self._make_choice(field, value)
        if field.kind in (Kind.LINE, Kind.WHOLE, Kind.NUMBER):
            return self._make_line(field, text_of(field.kind, value))
        return self._make_text(field, text_of(field.kind, value))

    def _make_covered(self, field: Field, cover: str) -> QLineEdit:
        editor = self._make_line(field, "")
        editor.setPlaceholderText(visible(cover))
        return editor

    def _make_line(self, field: Field, text: str) -> QLineEdit:
        editor = QLineEdit()
        editor.setFont(monospace(self))
        editor.setText(text)
        editor.setCursorPosition(0)
        editor.textEdited.connect(lambda: self._line_edited(field, editor))
        return editor

    def _make_text(self, field: Field, text: str) -> QPlainTextEdit:
        editor = QPlainTextEdit()
        editor.setProperty("role", "field")
        editor.setFont(monospace(self))
        editor.setTabChangesFocus(True)
        editor.setPlainText(text)
        if field.kind in (Kind.LINES, Kind.NUMBERS):
            editor.setPlaceholderText(self.tr("one a line"))
        lines = min(max(text.count("\n") + 1 + len(text) // 70, FEWEST_LINES), MOST_LINES)
        height = editor.fontMetrics().lineSpacing() * lines + em(self.font()) * 1.2
        editor.setFixedHeight(round(height))
        editor.textChanged.connect(lambda: self._text_edited(field, editor))
        return editor

    def _make_switch(self, field: Field, value: Any) -> QCheckBox:
        editor = QCheckBox("true" if value else "false")
        editor.setChecked(bool(value))

        def toggled(is_on: bool) -> None:
            editor.setText("true" if is_on else "false")
            self.value_edited.emit(field.path, is_on)

        editor.toggled.connect(toggled)
        return editor

    def _make_choice(self, field: Field, value: Any) -> QComboBox:
        editor = _CalmComboBox()
        for choice in field.choices:
            editor.addItem(short_name(choice if isinstance(choice, str) else text_of(Kind.JSON, choice)))
        at = next(n for n, one in enumerate(field.choices) if one == value and type(one) is type(value))
        editor.setCurrentIndex(at)
        editor.currentIndexChanged.connect(lambda index: self.value_edited.emit(field.path, field.choices[index]))
        return editor

    # -- what is typed ---------------------------------------------------------------------------------------------

    def _line_edited(self, field: Field, editor: QLineEdit) -> None:
        shown = mark_unseen(editor.text()).replace("\n", "⟨U+000A⟩")
        if shown != editor.text():
            place = len(mark_unseen(editor.text()[: editor.cursorPosition()]))
            editor.setText(shown)
            editor.setCursorPosition(place)
        cover = self._covers.get(field.path)
        if cover is not None and not shown:
            self.broken.pop(field.path, None)
            self.value_edited.emit(field.path, cover)
        else:
            self._typed(field, shown)

    def _text_edited(self, field: Field, editor: QPlainTextEdit) -> None:
        text = editor.toPlainText()
        shown = mark_unseen(text)
        if shown != text:
            place = len(mark_unseen(text[: editor.textCursor().position()]))
            with QSignalBlocker(editor):
                editor.setPlainText(shown)
            cursor = editor.textCursor()
            cursor.setPosition(min(place, len(shown)), QTextCursor.MoveMode.MoveAnchor)
            editor.setTextCursor(cursor)
        self._typed(field, shown)

    def _typed(self, field: Field, text: str) -> None:
        try:
            # a covered choice is typed, since its list would tell what is below the cover
            value = without_marks(text) if field.kind is Kind.CHOICE else read(field.kind, text)
        except Unreadable as fault:
            self.broken[field.path] = _wanted(fault.kind)
            self.text_broken.emit()
            return
        self.broken.pop(field.path, None)
        self.value_edited.emit(field.path, value)


class _CalmComboBox(QComboBox):
    """A list that the wheel does not turn: whoever scrolls the form must not change what is sent."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Let the form scroll."""
        event.ignore()


def _said(field: Field) -> str:
    """What the server says of the argument, as text on its face."""
    said = make_visible(field.description)
    return said if len(said) <= LONGEST_SAID else f"{said[:LONGEST_SAID]}…"


def _wanted(kind: Kind) -> str:
    words = {
        Kind.WHOLE: QCoreApplication.translate("ArgumentFields", "must be a whole number, such as 10"),
        Kind.NUMBER: QCoreApplication.translate("ArgumentFields", "must be a number, such as 10 or 0.5"),
        Kind.NUMBERS: QCoreApplication.translate("ArgumentFields", "must be numbers, one a line"),
    }
    return words.get(kind) or QCoreApplication.translate("ArgumentFields", "is not JSON: text stands in double quotes")
