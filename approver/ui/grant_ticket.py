"""What the client of a new grant needs, to be copied: its token, and the text for its file. Shown once.

An `Issued` grant goes in; nothing of it is kept once the window is closed.
"""

import os

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QTabWidget, QVBoxLayout, QWidget

from approver.approvals.presentation import short_name
from approver.desktop.own_command import own_command, own_environment
from approver.issuing import Issued, connect_snippet, http_snippet
from approver.ui.announcements import announce
from approver.ui.plain_label import PlainLabel
from approver.ui.text_block import TextBlock
from approver.ui.theme import em, monospace


class GrantTicket(QWidget):
    """The token, and one text a kind of client.

    Attributes:
        token: The token's field.
        snippets: The texts, each in a view of its own.

    Signals: none of its own.
    """

    def __init__(self, issued: Issued, notes: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.token = QLineEdit(issued.token)
        self.snippets = QTabWidget()
        self._said = PlainLabel(role="muted")
        for text, title, about in (
            (
                http_snippet(issued),
                self.tr("A client over &HTTP"),
                self.tr("For a client that is given an address. The text holds the token: treat it as a password."),
            ),
            (
                connect_snippet(issued, own_command(), own_environment(os.environ)),
                self.tr("A client that &launches its servers"),
                self.tr("For a client on this machine that starts a command. It needs no token, and holds none."),
            ),
        ):
            self.snippets.addTab(self._snippet(text, about), title)
        self._lay_out(issued, notes)

    def _snippet(self, text: str, about: str) -> QWidget:
        block = TextBlock(self.tr("The text for the client's file"), most_lines=14)
        block.set_text(text)
        copy = QPushButton(self.tr("&Copy the text"))
        copy.setAutoDefault(False)
        copy.clicked.connect(lambda: self._copy(text))
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, round(em(self.font()) * 0.7), 0, 0)
        layout.setSpacing(round(em(self.font()) * 0.5))
        layout.addWidget(PlainLabel(about, role="muted"))
        layout.addWidget(block)
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(copy)
        layout.addLayout(row)
        layout.addStretch()
        return page

    def _copy(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self._said.setText(self.tr("Copied. Whoever reads the clipboard can read it."))
        announce(self, self._said.text())

    def _lay_out(self, issued: Issued, notes: tuple[str, ...]) -> None:
        unit = em(self.font())
        said = self.tr("“{client}” may come in now. This is its token; it is not shown again.")
        self.token.setReadOnly(True)
        self.token.setFont(monospace(self))
        self.token.setCursorPosition(0)
        self.token.setAccessibleName(self.tr("The token"))
        label = QLabel(self.tr("&Token:"))
        label.setBuddy(self.token)
        copy = QPushButton(self.tr("C&opy the token"))
        copy.setAutoDefault(False)
        copy.clicked.connect(lambda: self._copy(issued.token))
        row = QHBoxLayout()
        row.setSpacing(round(unit * 0.6))
        row.addWidget(label)
        row.addWidget(self.token, 1)
        row.addWidget(copy)
        self.snippets.setDocumentMode(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(round(unit * 0.7))
        layout.addWidget(PlainLabel(said.format(client=short_name(issued.grant.name)), role="strong"))
        layout.addLayout(row)
        for note in notes:
            layout.addWidget(PlainLabel(note, role="warning"))
        layout.addWidget(self.snippets, 1)
        layout.addWidget(self._said)
