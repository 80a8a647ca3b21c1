"""How one server is reached, whole: a `Server` goes in; the wish to move a value to the keyring comes out.

The command and the address are never shortened. Values that look secret are covered.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from approver.keyring_moves import values_of
from approver.model import HttpServer, StdioServer
from approver.secrets import places
from approver.servers import Server, covered
from approver.ui.bridge_workshop import WorkshopBridge
from approver.ui.marks import drawable
from approver.ui.pasted_model import way_in_words
from approver.ui.plain_label import PlainLabel
from approver.ui.server_login import ServerLogin
from approver.ui.text_block import TextBlock
from approver.ui.theme import em, monospace
from approver.visible import make_visible


class ServerDetails(QWidget):
    """The first of a server's three views.

    Attributes:
        way: The exact command, or the address.
        login: The login at a remote server.
        moves: The buttons that move a value to the keyring, by the value's name.

    Signals:
        move_asked: The name of a value that is to go into the keyring.
    """

    move_asked = Signal(str)

    def __init__(self, workshop: WorkshopBridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._server: Server | None = None
        self.way = TextBlock(self.tr("The exact command, or the address"), most_lines=10)
        self.login = ServerLogin(workshop)
        self.moves: dict[str, QPushButton] = {}
        self._way_title = PlainLabel(role="heading")
        self._folder = PlainLabel(role="muted")
        self._values_title = PlainLabel(role="heading")
        self._login_title = PlainLabel(self.tr("Login"), role="heading")
        self._values = QWidget()
        self._grid = QGridLayout(self._values)
        self._lay_out()

    def set_server(self, server: Server | None) -> None:
        """Show this one."""
        self.login.set_server(server if isinstance(server, HttpServer) else None)
        self._login_title.setVisible(isinstance(server, HttpServer))
        if server == self._server:
            return
        self._server = server
        is_remote = isinstance(server, HttpServer)
        self._way_title.setText(self.tr("It is reached at") if is_remote else self.tr("It is started with"))
        self.way.set_text(way_in_words(server) if server is not None else "")
        folder = server.cwd if isinstance(server, StdioServer) else None
        self._folder.setText(self.tr("in the folder {folder}").format(folder=make_visible(folder or "")))
        self._folder.setVisible(bool(folder))
        self._values_title.setText(self.tr("Headers") if is_remote else self.tr("Variables"))
        self._show_values({} if server is None else values_of(server))

    def _show_values(self, values: dict[str, str]) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.moves = {}
        shown = covered(values)
        for row, (name, value) in enumerate(values.items()):
            label, text = PlainLabel(make_visible(name), wraps=False), PlainLabel(self._drawable(shown[name]))
            for part in (label, text):
                part.setFont(monospace(self))
            text.setAccessibleName(self.tr("Value of {name}").format(name=label.text()))
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignVCenter)
            self._grid.addWidget(text, row, 1, Qt.AlignmentFlag.AlignVCenter)
            if shown[name] != value and not places(value):
                self._grid.addWidget(self._move_button(name), row, 2)
        self._values.setVisible(bool(values))
        self._values_title.setVisible(bool(values))

    def _move_button(self, name: str) -> QPushButton:
        button = self.moves[name] = QPushButton(self.tr("Move to keyring"))
        button.setAccessibleName(self.tr("Move {name} to the keyring").format(name=make_visible(name)))
        button.setToolTip(self.tr("The value goes into the system's keyring; servers.json only refers to it then."))
        button.clicked.connect(lambda: self.move_asked.emit(name))
        return button

    def _drawable(self, value: str) -> str:
        return drawable(make_visible(value), self.font())

    def _lay_out(self) -> None:
        unit = em(self.font())
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(round(unit))
        self._grid.setVerticalSpacing(round(unit * 0.4))
        self._grid.setColumnStretch(1, 1)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, round(unit * 0.7), 0, 0)
        column.setSpacing(round(unit * 0.5))
        for part in (self._way_title, self.way, self._folder):
            column.addWidget(part)
        for title, below in ((self._values_title, self._values), (self._login_title, self.login)):
            column.addSpacing(round(unit * 0.4))
            column.addWidget(title)
            column.addWidget(below)
        column.addStretch()
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(body)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)
        self.set_server(None)
