"""Servers by pasting: the JSON of any client goes in, a list with a tick each comes out.

text ──a moment after the last key──> `clients.pasted` ──> the list, or where the mistake is and how to mend it
"""

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QColor, QTextCursor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from approver.clients.lenient_json import JsonMistake
from approver.clients.pasted import read_pasted
from approver.servers import Server
from approver.ui.announcements import announce
from approver.ui.colours import colours_now
from approver.ui.pasted_model import PastedModel
from approver.ui.plain_label import PlainLabel
from approver.ui.rules_highlighter import units
from approver.ui.theme import em, monospace
from approver.visible import make_visible

READ_MILLISECONDS = 200
SAMPLE = '{"mcpServers": {"files": {"command": "npx", "args": ["-y", "…"]}}}'


class PasteForm(QWidget):
    """A field for the text, and what was found in it.

    Attributes:
        text: The field.
        found: The servers, with ticks.
        name: The name of the selected one.

    Signals:
        changed: What would be added is another.
    """

    changed = Signal()

    def __init__(self, taken: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._taken = tuple(taken)
        self.text = QPlainTextEdit()
        self.found = PastedModel(self)
        self.name = QLineEdit()
        self._name_label = QLabel(self.tr("&Name of the selected one:"))
        self._view = QListView()
        self._words = PlainLabel(role="muted")
        self._soon = QTimer(self, singleShot=True, interval=READ_MILLISECONDS)
        self._soon.timeout.connect(self.read)
        self.text.textChanged.connect(self._soon.start)
        self.found.chosen_changed.connect(self.changed)
        self.name.textEdited.connect(self._rename)
        self._lay_out()
        self._view.selectionModel().currentChanged.connect(lambda *_: self._show_name())
        self._show_parts()

    @property
    def servers(self) -> tuple[Server, ...]:
        """What would be added."""
        return self.found.chosen

    def read(self) -> None:
        """Read the text now."""
        self._soon.stop()
        text = self.text.toPlainText()
        pasted = read_pasted(text)
        self.found.set_found(pasted.servers, self._taken)
        if pasted.servers:
            self._view.setCurrentIndex(self.found.index(0))
            self._say("" if len(pasted.servers) == 1 else self.tr("Tick those that you want."), is_mistake=False)
        elif text.strip():
            self._say(str(pasted.mistake), is_mistake=True)
        else:
            self._say("", is_mistake=False)
        self._mark(pasted.mistake if text.strip() else None)
        self._show_parts()

    def _say(self, sentence: str, *, is_mistake: bool) -> None:
        shown = make_visible(sentence)
        if shown != self._words.text() and is_mistake:
            announce(self.text, shown)
        self._words.set_role("warning" if is_mistake else "muted")
        self._words.setText(shown)
        self._words.setVisible(bool(shown))

    def _mark(self, mistake: JsonMistake | None) -> None:
        """Show where the mistake is, without taking the cursor from where the person types."""
        if mistake is None or not mistake.line:
            self.text.setExtraSelections([])
            return
        block = self.text.document().findBlockByNumber(mistake.line - 1)
        start = units(block.text()[: mistake.column - 1])
        cursor = QTextCursor(block)
        cursor.setPosition(block.position() + start)
        step = QTextCursor.MoveOperation.Right if start < units(block.text()) else QTextCursor.MoveOperation.Left
        cursor.movePosition(step, QTextCursor.MoveMode.KeepAnchor)
        selection = QTextEdit.ExtraSelection()
        selection.cursor = cursor
        selection.format.setBackground(QColor(colours_now().warning.fill))
        selection.format.setForeground(QColor(colours_now().warning.ink))
        self.text.setExtraSelections([selection])

    def _rename(self, name: str) -> None:
        if self._view.currentIndex().isValid():
            self.found.rename(self._view.currentIndex().row(), name)

    def _show_name(self) -> None:
        index = self._view.currentIndex()
        self.name.setText(self.found.found[index.row()].name if index.isValid() else "")

    def _show_parts(self) -> None:
        has_some = bool(self.found.found)
        for part in (self._view, self.name, self._name_label):
            part.setVisible(has_some)
        self._show_name()

    def _lay_out(self) -> None:
        unit = em(self.font())
        self.text.setAccessibleName(self.tr("JSON of any client"))
        self.text.setPlaceholderText(SAMPLE)
        self.text.setTabChangesFocus(True)
        for field in (self.text, self._view):
            field.setProperty("role", "field")
        self.text.setFont(monospace(self))
        self._view.setModel(self.found)
        self._view.setAccessibleName(self.tr("Servers found"))
        self._view.setWordWrap(True)
        self._view.setSpacing(round(unit * 0.25))
        self._view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._view.setResizeMode(QListView.ResizeMode.Adjust)
        self._name_label.setBuddy(self.name)
        explained = self.tr(
            "Paste what the server's page tells you to put into a client's file. Nothing is started by adding it."
        )
        row = QHBoxLayout()
        row.setSpacing(round(unit * 0.6))
        row.addWidget(self._name_label)
        row.addWidget(self.name, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, round(unit * 0.7), 0, 0)
        layout.setSpacing(round(unit * 0.6))
        layout.addWidget(PlainLabel(explained, role="muted"))
        layout.addWidget(self.text, 2)
        layout.addWidget(self._words)
        layout.addWidget(self._view, 4)
        layout.addLayout(row)
