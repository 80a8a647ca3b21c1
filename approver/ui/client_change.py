"""Shows what would change in a client's file before anything does: a diff goes in, `accepted` or nothing comes out."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from approver.masking import mask_text
from approver.ui.change_block import ChangeBlock
from approver.ui.headings import part_title
from approver.ui.plain_label import PlainLabel
from approver.ui.theme import em
from approver.ui.words_line import WordsLine
from approver.visible import make_visible


class ClientChange(QDialog):
    """One change to one file. Enter changes nothing; Esc leaves everything as it is.

    Attributes:
        change_button, leave_button: The two answers.
        keyring: Whether values that look secret go into the keyring; shown only where there are such.
        block: The change.

    Signals:
        change_wanted: Make the change that is shown.
        plan_wanted: Plan anew; whether with the keyring.
    """

    change_wanted = Signal()
    plan_wanted = Signal(bool)

    def __init__(self, title: str, verb: str, *, may_move: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(make_visible(title))
        self._heading = part_title(make_visible(title))
        self._notes = PlainLabel(role="warning")
        self._news = PlainLabel(role="muted")
        self.block = ChangeBlock(self.tr("The change"), most_lines=18, is_diff=True)
        self.keyring = QCheckBox(self.tr("Keep values that look secret in the &keyring"))
        self.keyring.setVisible(may_move)
        self._words = WordsLine(self)
        self.change_button = QPushButton(verb)
        self.leave_button = QPushButton(self.tr("&Leave it as it is"))
        self._lay_out()
        self.keyring.toggled.connect(self._plan_anew)
        self.change_button.clicked.connect(self._change)
        self.leave_button.clicked.connect(self.reject)

    def show_change(self, diff: str, news: str, notes: Sequence[str]) -> None:
        """Show the change: what a client's file becomes, and what there is to know before."""
        lines = mask_text(diff).splitlines()[2:]  # its first two lines name the file
        self.block.set_text("\n".join(lines))
        self.block.setVisible(bool(lines))
        self._news.setText(make_visible(news, newlines=True))
        self._news.setVisible(bool(news))
        self._notes.setText(make_visible("\n".join(notes), newlines=True))
        self._notes.setVisible(bool(notes))
        self.change_button.setEnabled(True)
        self._words.say("")

    def say(self, fault: str) -> None:
        """Say why it could not be done; nothing was changed."""
        self._words.say(fault, is_fault=True)

    def _plan_anew(self, moves: bool) -> None:
        self.change_button.setEnabled(False)
        self.plan_wanted.emit(moves)

    def _change(self) -> None:
        self.change_button.setEnabled(False)  # one click, one change
        self.change_wanted.emit()

    def _lay_out(self) -> None:
        unit = em(self.font())
        self.change_button.setEnabled(False)
        foot = QHBoxLayout()
        foot.setSpacing(round(unit * 0.6))
        foot.addStretch(1)
        for button in (self.leave_button, self.change_button):
            button.setAutoDefault(False)
            foot.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[round(unit * 1.2)] * 4)
        layout.setSpacing(round(unit * 0.8))
        for part in (self._heading, self._news, self._notes, self.block, self.keyring, self._words):
            layout.addWidget(part)
        layout.addStretch(1)
        layout.addLayout(foot)
        self.setMinimumWidth(round(unit * 44))
        self.leave_button.setFocus()
