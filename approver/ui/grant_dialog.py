"""Asks for a new grant: a label, servers and rules go in, `wanted` says what was meant; then its token is shown, once.

The dialog writes nothing: whoever opened it does, and has it show what came of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from approver.issuing import Issued
from approver.model import ALL_SERVERS
from approver.ui.announcements import announce
from approver.ui.grant_ticket import GrantTicket
from approver.ui.headings import field_name
from approver.ui.plain_label import PlainLabel
from approver.ui.theme import em
from approver.visible import make_visible

ONE, SEVERAL, ALL = range(3)


@dataclass(frozen=True, slots=True)
class Wish:
    """What the person wants granted."""

    name: str
    server: str = ""
    servers: tuple[str, ...] = ()
    policy: str | None = None


class GrantDialog(QDialog):
    """A window over the main one. No button is the default one.

    Attributes:
        name, which, server, several, policy: The fields.
        ticket: What the client needs, once the grant is made; None before.

    Signals:
        wanted: A `Wish`.
    """

    wanted = Signal(object)

    def __init__(self, servers: Sequence[str], policies: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Let a client in - Approver"))
        self.ticket: GrantTicket | None = None
        self.name = QLineEdit()
        self.which = QComboBox()
        self.server = QComboBox()
        self.several = QListWidget()
        self.policy = QComboBox()
        self._form = QFormLayout()
        self._pages = QStackedWidget()
        self._words = PlainLabel(role="warning")
        self._do = QPushButton(self.tr("&Make the token"))
        self._cancel = QPushButton(self.tr("Cancel"))
        self._fill(servers, policies)
        self._lay_out()
        self._which_changed()

    def say(self, sentence: str) -> None:
        """Say what is wrong; empty: nothing is."""
        self._words.setText(make_visible(sentence))
        self._words.setVisible(bool(sentence))
        if sentence:
            announce(self, self._words.text())

    def show_ticket(self, issued: Issued, notes: tuple[str, ...]) -> None:
        """Show what the client needs, once."""
        self.say("")
        self.ticket = GrantTicket(issued, notes)
        self._pages.addWidget(self.ticket)
        self._pages.setCurrentWidget(self.ticket)
        self._do.hide()
        self._cancel.setText(self.tr("I have &it"))
        self.ticket.token.setFocus()
        announce(self, self.tr("The token is shown, once."))

    def finish(self) -> None:
        """Hand over what was meant, or say what is missing."""
        name = self.name.text().strip()
        chosen = self._chosen()
        if self.ticket is not None:
            return
        if not name:
            self.say(self.tr("Give the client a name: the log names it so."))
        elif self.which.currentData() == SEVERAL and not chosen:
            self.say(self.tr("Tick the servers that it may use."))
        elif self.which.currentData() == ONE:
            self.wanted.emit(Wish(name, self.server.currentData() or "", (), self.policy.currentData()))
        else:
            self.wanted.emit(Wish(name, servers=chosen))

    def _chosen(self) -> tuple[str, ...]:
        if self.which.currentData() == ALL:
            return (ALL_SERVERS,)
        items = [self.several.item(row) for row in range(self.several.count())]
        ticked = [item for item in items if item.checkState() is Qt.CheckState.Checked]
        return tuple(str(item.data(Qt.ItemDataRole.UserRole)) for item in ticked)

    def _which_changed(self) -> None:
        which = self.which.currentData()
        for field, belongs in ((self.server, ONE), (self.several, SEVERAL), (self.policy, ONE)):
            self._form.setRowVisible(field, which == belongs)
        self.say("")

    def _fill(self, servers: Sequence[str], policies: Sequence[str]) -> None:
        for text, which in (
            (self.tr("one server"), ONE),
            (self.tr("several servers, at one address"), SEVERAL),
            (self.tr("all servers, also those added later"), ALL),
        ):
            self.which.addItem(text, which)
        for name in servers:
            self.server.addItem(make_visible(name), name)
            item = QListWidgetItem(make_visible(name), self.several)
            item.setData(Qt.ItemDataRole.UserRole, name)
            item.setCheckState(Qt.CheckState.Unchecked)
        self.policy.addItem(self.tr("the server's own"), None)
        for policy in policies:
            self.policy.addItem(make_visible(policy), policy)

    def _lay_out(self) -> None:
        unit = em(self.font())
        self.name.setPlaceholderText(self.tr("laptop, ci, phone …"))
        self.several.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.several.setProperty("role", "field")
        self._form.setHorizontalSpacing(round(unit * 0.8))
        self._form.setVerticalSpacing(round(unit * 0.6))
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        fields: tuple[tuple[str, QWidget], ...] = (
            (self.tr("&Name of the client:"), self.name),
            (self.tr("It may &use:"), self.which),
            (self.tr("&Server:"), self.server),
            (self.tr("&Servers:"), self.several),
            (self.tr("By the &rules:"), self.policy),
        )
        for text, field in fields:
            label = field_name(text, field)
            self._form.addRow(label, field)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(round(unit * 0.7))
        column.addWidget(PlainLabel(self._about(), role="muted"))
        column.addLayout(self._form)
        column.addStretch()
        self._pages.addWidget(page)
        self._connect()
        self._lay_out_frame()

    def _lay_out_frame(self) -> None:
        unit = em(self.font())
        foot = QHBoxLayout()
        foot.setSpacing(round(unit * 0.6))
        foot.addStretch()
        foot.addWidget(self._cancel)
        foot.addWidget(self._do)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[round(unit * 1.2)] * 4)
        layout.setSpacing(round(unit * 0.7))
        layout.addWidget(self._pages, 1)
        layout.addWidget(self._words)
        layout.addLayout(foot)
        self.resize(round(unit * 44), round(unit * 32))

    def _about(self) -> str:
        return self.tr(
            "A client that comes in over HTTP shows a token. Only its hash is kept, so the file admits nobody. Every "
            "call is judged by the rules, as any other."
        )

    def _connect(self) -> None:
        self.which.currentIndexChanged.connect(self._which_changed)
        self.name.textEdited.connect(lambda _: self.say(""))
        self.several.itemChanged.connect(lambda _: self.say(""))
        for button in (self._do, self._cancel):
            button.setAutoDefault(False)
        self._do.clicked.connect(self.finish)
        self._cancel.clicked.connect(self.reject)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self.finish)
