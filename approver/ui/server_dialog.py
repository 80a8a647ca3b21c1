"""Asks for servers to add, or for the changes of one: by pasting, by command, by address. `chosen` says what was meant.

The dialog writes nothing: whoever opened it does, and has it say what went wrong.
"""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QPushButton, QTabWidget, QVBoxLayout, QWidget

from approver.clients.typed import Mistyped
from approver.model import HttpServer
from approver.servers import Server
from approver.ui.announcements import announce
from approver.ui.paste_form import PasteForm
from approver.ui.plain_label import PlainLabel
from approver.ui.server_form import ServerForm, Way
from approver.ui.theme import em
from approver.visible import make_visible


class ServerDialog(QDialog):
    """A window over the main one. No button is the default one; Ctrl+Enter adds.

    Attributes:
        pages: The ways to add, or the one form of the server that is edited.
        paste: What was pasted; None while a server is edited.
        asks: Whether each call of a server without rules is to be asked about.

    Signals:
        chosen: The servers, and whether to ask about each call of those without rules.
    """

    chosen = Signal(object, bool)

    def __init__(self, taken: Sequence[str], server: Server | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._is_editing = server is not None
        self.pages = QTabWidget()
        self.paste: PasteForm | None = None
        self.asks = QCheckBox(self.tr("Ask &me about each call until I write rules"))
        self._words = PlainLabel(role="warning")
        self._do = QPushButton(self.tr("&Save") if self._is_editing else self.tr("&Add"))
        self._cancel = QPushButton(self.tr("Cancel"))
        if server is None:
            self.setWindowTitle(self.tr("Add a server - Approver"))
            self._add_ways(taken)
        else:
            self.setWindowTitle(self.tr("Edit {server} - Approver").format(server=make_visible(server.name)))
            self._add_form(server)
        self._lay_out()
        self._changed()

    def say(self, sentence: str) -> None:
        """Say what is wrong; empty: nothing is."""
        self._words.setText(make_visible(sentence))
        self._words.setVisible(bool(sentence))
        if sentence:
            announce(self, self._words.text())

    def finish(self) -> None:
        """Hand over what was meant, or say what is wrong with it."""
        try:
            servers = self._servers()
        except Mistyped as fault:
            self.say(str(fault))
            return
        if servers:
            self.say("")
            self.chosen.emit(servers, not self._is_editing and self.asks.isChecked())

    def _servers(self) -> tuple[Server, ...]:
        page = self.pages.currentWidget()
        return (page.server(),) if isinstance(page, ServerForm) else self.paste.servers if self.paste else ()

    def _changed(self) -> None:
        page = self.pages.currentWidget()
        if isinstance(page, ServerForm):
            count, is_ready = 1, not page.is_empty
        else:
            count = len(self.paste.servers) if self.paste is not None else 0
            is_ready = count > 0
        self.say("")
        self._do.setEnabled(is_ready)
        if not self._is_editing:
            several = self.tr("&Add {count} servers").format(count=count)
            self._do.setText(several if count > 1 else self.tr("&Add"))

    def _add_ways(self, taken: Sequence[str]) -> None:
        self.paste = PasteForm(taken)
        self.asks.setChecked(True)
        self.asks.setToolTip(self.tr("Without rules every call is denied."))
        command, address = ServerForm(Way.COMMAND), ServerForm(Way.ADDRESS)
        for widget, title in (
            (self.paste, self.tr("&Paste JSON")),
            (command, self.tr("By c&ommand")),
            (address, self.tr("By a&ddress")),
        ):
            self.pages.addTab(widget, title)
            widget.changed.connect(self._changed)

    def _add_form(self, server: Server) -> None:
        is_remote = isinstance(server, HttpServer)
        form = ServerForm(Way.ADDRESS if is_remote else Way.COMMAND)
        form.show_server(server)
        self.pages.addTab(form, self.tr("By a&ddress") if is_remote else self.tr("By c&ommand"))
        self.pages.tabBar().hide()
        form.changed.connect(self._changed)
        self.asks.hide()

    def _lay_out(self) -> None:
        unit = em(self.font())
        self.pages.setDocumentMode(True)
        self.pages.currentChanged.connect(lambda _: self._changed())
        for button in (self._do, self._cancel):
            button.setAutoDefault(False)
        self._do.clicked.connect(self.finish)
        self._cancel.clicked.connect(self.reject)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self.finish)
        foot = QHBoxLayout()
        foot.setSpacing(round(unit * 0.6))
        foot.addWidget(self.asks, 1)
        foot.addStretch()
        foot.addWidget(self._cancel)
        foot.addWidget(self._do)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[round(unit * 1.2)] * 4)
        layout.setSpacing(round(unit * 0.7))
        layout.addWidget(self.pages, 1)
        layout.addWidget(self._words)
        layout.addLayout(foot)
        if self.paste is not None:
            self.paste.text.setFocus()
        self.resize(round(unit * 46), round(unit * (28 if self._is_editing else 42)))
