"""One server as a form: a command with its variables, or an address with its headers; a `Server` comes out.

Values that look secret stay covered, and what is left covered stays what it was.
"""

import enum

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from approver.clients.pasted import name_of_address, name_of_command
from approver.clients.typed import Mistyped, command_text, typed_address, typed_command, values_text, words_of
from approver.keyring_moves import values_of
from approver.model import StdioServer
from approver.servers import Server
from approver.ui.headings import field_name
from approver.ui.plain_label import PlainLabel
from approver.ui.theme import em, monospace


class Way(enum.Enum):
    """How a server is reached."""

    COMMAND = "command"
    ADDRESS = "address"


SAMPLES = {
    Way.COMMAND: "npx -y @modelcontextprotocol/server-filesystem /home/ana",
    Way.ADDRESS: "https://example.com/mcp",
}
SAMPLE_VALUES = {Way.COMMAND: "LOG_LEVEL=info", Way.ADDRESS: "X-Team: blue"}


class ServerForm(QWidget):
    """The fields of a server.

    Attributes:
        name, way, values, folder: The fields; the folder is only there for a command.

    Signals:
        changed: Something was typed.
    """

    changed = Signal()

    def __init__(self, way: Way, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._way = way
        self._before: dict[str, str] = {}
        self._is_named = False
        self.name = QLineEdit()
        self.way = QLineEdit() if way is Way.ADDRESS else QPlainTextEdit()
        self.values = QPlainTextEdit()
        self.folder = QLineEdit()
        self._lay_out()
        self.name.textEdited.connect(self._named)
        for field in (self.name, self.way, self.values, self.folder):
            field.textChanged.connect(lambda *_: self.changed.emit())
        self.way.textChanged.connect(lambda *_: self._suggest())

    def show_server(self, server: Server) -> None:
        """Edit this one. Its name stays: rules, grants and the log go by it."""
        self._before = values_of(server)
        self._is_named = True
        self.name.setText(server.name)
        self.name.setReadOnly(True)
        self.name.setToolTip(self.tr("Rules, grants and the log go by the name, so it stays."))
        if isinstance(server, StdioServer):
            self._set_way(command_text(server))
            self.folder.setText(server.cwd or "")
        else:
            self._set_way(server.url)
        self.values.setPlainText(values_text(self._before, self._sign))

    def server(self) -> Server:
        """What was typed. Raises `Mistyped`."""
        name, way, values = self.name.text(), self._way_text(), self.values.toPlainText()
        if self._way is Way.ADDRESS:
            return typed_address(name, way, values, self._before)
        return typed_command(name, way, values, self.folder.text(), self._before)

    @property
    def is_empty(self) -> bool:
        """Whether nothing has been typed."""
        return not any(text.strip() for text in (self.name.text(), self._way_text(), self.values.toPlainText()))

    @property
    def _sign(self) -> str:
        return ":" if self._way is Way.ADDRESS else "="

    def _way_text(self) -> str:
        return self.way.text() if isinstance(self.way, QLineEdit) else self.way.toPlainText()

    def _set_way(self, text: str) -> None:
        if isinstance(self.way, QLineEdit):
            self.way.setText(text)
        else:
            self.way.setPlainText(text)

    def _named(self, name: str) -> None:
        self._is_named = bool(name)

    def _suggest(self) -> None:
        """A name that goes with what is typed, until the person gives one."""
        if self._is_named:
            return
        if self._way is Way.ADDRESS:
            self.name.setText(name_of_address(self._way_text()) if "//" in self._way_text() else "")
            return
        try:
            self.name.setText(name_of_command(list(words_of(self._way_text()))))
        except Mistyped:
            return  # a quote is not closed yet

    def _lay_out(self) -> None:
        unit = em(self.font())
        is_command = self._way is Way.COMMAND
        self.values.setTabChangesFocus(True)
        typed: list[QWidget] = [self.way, self.values, self.folder]
        for part in typed:
            part.setFont(monospace(self))
            part.setProperty("role", "field" if isinstance(part, QPlainTextEdit) else "")
        if isinstance(self.way, QPlainTextEdit):
            self.way.setTabChangesFocus(True)
            self.way.setFixedHeight(round(unit * 5))
            self.way.setPlaceholderText(SAMPLES[self._way])
        else:
            self.way.setPlaceholderText(SAMPLES[self._way])
        self.values.setPlaceholderText(SAMPLE_VALUES[self._way])
        self.folder.setPlaceholderText(self.tr("your home folder"))
        rows: list[tuple[str, QWidget]] = [
            (self.tr("&Command:") if is_command else self.tr("Add&ress:"), self.way),
            (self.tr("&Name:"), self.name),
            (self.tr("&Variables:") if is_command else self.tr("&Headers:"), self.values),
        ]
        if is_command:
            rows.append((self.tr("&Folder to start in:"), self.folder))
        form = QFormLayout()
        form.setHorizontalSpacing(round(unit * 0.8))
        form.setVerticalSpacing(round(unit * 0.6))
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for text, field in rows:
            label = field_name(text, field)
            form.addRow(label, field)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, round(unit * 0.7), 0, 0)
        layout.addLayout(form)
        layout.addWidget(PlainLabel(self._explanation(), role="muted"))
        layout.addStretch()

    def _explanation(self) -> str:
        if self._way is Way.ADDRESS:
            return self.tr(
                "One header a line, NAME: VALUE. Where the server wants a login of yours, leave Authorization out and "
                "log in after adding it. ${keyring:NAME} is filled in from the keyring."
            )
        return self.tr(
            "The command is run as it stands, without a shell. One variable a line, NAME=VALUE; ${keyring:NAME} is "
            "filled in from the keyring when the server starts."
        )
