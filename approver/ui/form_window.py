"""The frame of the small forms for rules and limits: fields above, what they say below, and a button that puts it in.

Fields change ──> value ──check──> what is wrong, or the sentence it makes ──> the button, which emits `wanted`.
"""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from approver.policy.rule_edits import Entry
from approver.ui.plain_label import PlainLabel
from approver.ui.rule_words import in_words
from approver.ui.theme import em, scaled
from approver.visible import make_visible

Check = Callable[[str, dict[str, Any]], tuple[str, ...]]
"""Takes a section and what is to stand there; returns what is wrong with it, a sentence each."""


Said = Callable[[], tuple[str, dict[str, Any]]]
"""Returns a section and what is to stand there; raises `ValueError` with a sentence where the fields say nothing."""


class FormWindow(QWidget):
    """A form that is a window of its own and blocks nothing.

    Attributes:
        heading, sentence, mistakes: What the form is about, what it says, and what is wrong with that.
        fields: The widget with the fields.
        put_in: The button.

    Signals:
        wanted: A section and what is to stand in it.
    """

    wanted = Signal(str, object)

    def __init__(self, heading: str, fields: QWidget, said: Said, check: Check, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Dialog)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.fields = fields
        self._said = said
        self._check = check
        self.heading = PlainLabel(heading)
        self.sentence = PlainLabel()
        self.mistakes = PlainLabel(role="warning")
        self.put_in = QPushButton(self.tr("&Done"))
        self._cancel = QPushButton(self.tr("Cancel"))
        self._build()

    def refresh(self) -> None:
        """Say what the fields make, or what is wrong with them."""
        mistakes: tuple[str, ...] = ()
        sentence = ""
        try:
            section, value = self._said()
        except ValueError as fault:
            mistakes = (str(fault),)
        else:
            mistakes = self._check(section, value)
            sentence = "" if mistakes else in_words(Entry(section, 0, value))
        self.mistakes.setText(make_visible("\n".join(mistakes), newlines=True))
        self.mistakes.setVisible(bool(mistakes))
        self.sentence.setText(sentence)
        self.sentence.setVisible(not mistakes)
        self.put_in.setEnabled(not mistakes)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc means never mind."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def _put_in(self) -> None:
        self.refresh()
        if self.put_in.isEnabled():
            self.wanted.emit(*self._said())
            self.close()

    def _build(self) -> None:
        unit = em(self.font())
        self.heading.setFont(scaled(self.font(), 1.2, QFont.Weight.DemiBold))
        for button in (self.put_in, self._cancel):
            button.setAutoDefault(False)
        self.put_in.clicked.connect(self._put_in)
        self._cancel.clicked.connect(self.close)
        foot = QHBoxLayout()
        foot.setSpacing(round(unit * 0.6))
        foot.addStretch(1)
        foot.addWidget(self._cancel)
        foot.addWidget(self.put_in)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[round(unit * 1.2)] * 4)
        layout.setSpacing(round(unit * 0.9))
        layout.addWidget(self.heading)
        layout.addWidget(self.fields, 1)
        for label in (self.sentence, self.mistakes):
            layout.addWidget(label)
        layout.addLayout(foot)
        self.setMinimumWidth(round(unit * 40))
