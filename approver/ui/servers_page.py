"""The page with the servers: what there is and how it fares; added, edited, removed, tested, logged in at.

    servers.json ──read_servers──> rows <──health── the engine
    dialogs ──configuration_edits──> servers.json ──(the engine watches it)──> in force

The file is the truth: the page reads it when it is shown, after each change of its own, and every second.
"""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QFont, QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from approver.approvals.presentation import short_name
from approver.configuration_edits import (
    EditRefused,
    add_server,
    edit_server,
    has_policy,
    read_servers,
    remove_server,
    start_policy,
)
from approver.desktop.paths import Paths
from approver.keyring_moves import move_to_keyring
from approver.model import HttpServer, ServerHealth
from approver.secrets import SecretStore
from approver.servers import Server
from approver.ui.background import Background
from approver.ui.bridge import Bridge
from approver.ui.bridge_workshop import WorkshopBridge
from approver.ui.colours import colours_now
from approver.ui.empty_note import EmptyNote
from approver.ui.headings import page_title
from approver.ui.plain_label import PlainLabel
from approver.ui.remove_question import RemoveQuestion
from approver.ui.row_table import RowTable
from approver.ui.server_details import ServerDetails
from approver.ui.server_dialog import ServerDialog
from approver.ui.server_output import ServerOutput
from approver.ui.server_trial import ServerTrial
from approver.ui.servers_model import Column, ServersModel
from approver.ui.theme import em, scaled
from approver.ui.words_line import WordsLine
from approver.visible import make_visible

LOOK_MILLISECONDS = 1000


class ServersPage(QWidget):
    """A table of servers, and below it the selected one.

    Attributes:
        table, model: The servers.
        details, trial, output: What is known of the selected one.
        dialog: Adds or edits, or None.
        question: Asks before removing, or None.

    Signals:
        rules_asked: A server whose rules the person wants to write.
    """

    rules_asked = Signal(str)

    def __init__(self, bridge: Bridge, workshop: WorkshopBridge, paths: Paths, store: SecretStore) -> None:
        super().__init__()
        self._bridge = bridge
        self._workshop = workshop
        self._paths = paths
        self._store = store
        self._servers: dict[str, Server] = {}
        self._health: dict[str, ServerHealth] = {}
        self._is_unreadable = False
        self.model = ServersModel(self)
        self.table = RowTable(self.model, self.tr("Servers"), Column.NAME, Column.STATE)
        self.details = ServerDetails(workshop)
        self.trial = ServerTrial(workshop)
        self.output = ServerOutput()
        self.dialog: ServerDialog | None = None
        self.question: RemoveQuestion | None = None
        self._views = QTabWidget()
        self._lower = QWidget()
        self._name = PlainLabel(wraps=False)
        self._words = WordsLine(self)
        self._fault = PlainLabel(role="warning")
        self._none = EmptyNote("servers")
        self._add = QPushButton(self.tr("&Add…"))
        self._edit = QPushButton(self.tr("&Edit…"))
        self._remove = QPushButton(self.tr("&Remove…"))
        self._rules = QPushButton(self.tr("R&ules…"))
        self._moving = Background(self)
        self._sometime = QTimer(self, interval=LOOK_MILLISECONDS)
        self._lay_out()
        self._connect()
        self._words.say("")

    # -- what there is ---------------------------------------------------------------------------------------------

    @property
    def selected(self) -> Server | None:
        """The selected server."""
        row = self.table.currentIndex().row()
        rows = self.model.servers
        return self._servers.get(rows[row].name) if 0 <= row < len(rows) else None

    def show_server(self, name: str) -> None:
        """Select a server, if there is one of that name; otherwise nothing changes."""
        self.look()
        names = [one.name for one in self.model.servers]
        if name in names:
            self.table.setCurrentIndex(self.table.model().index(names.index(name), 0))

    def look(self) -> None:
        """Read the file, and ask how the servers fare."""
        try:
            servers = read_servers(self._paths)
        except (EditRefused, OSError) as fault:
            self._is_unreadable = True
            self._words.say(str(fault), is_fault=True)
            return
        if self._is_unreadable:
            self._is_unreadable = False
            self._words.say("")
        self._bridge.ask_servers()
        self.details.login.refresh()
        changed = {name for name, server in self._servers.items() if servers.get(name) != server}
        self._servers = servers
        for name in changed:
            self.trial.forget(name)
        self._show()

    def _heard(self, health: tuple[ServerHealth, ...]) -> None:
        self._health = {one.name: one for one in health}
        self._show()

    def _show(self) -> None:
        before = self.selected
        rows = [
            self._health.get(name, ServerHealth(name, isinstance(server, HttpServer), 0))
            for name, server in sorted(self._servers.items())
        ]
        names_before = [one.name for one in self.model.servers]
        self.model.set_servers(rows)
        names = [one.name for one in rows]
        if names != names_before and names:
            row = names.index(before.name) if before is not None and before.name in names else 0
            self.table.setCurrentIndex(self.table.model().index(row, 0))
        self._none.setVisible(not rows)
        self.table.setVisible(bool(rows))
        self._show_selected()

    def _show_selected(self) -> None:
        server = self.selected
        self._lower.setVisible(server is not None)
        self._name.setText(short_name(server.name) if server is not None else "")
        fault = self._health[server.name].fault if server is not None and server.name in self._health else ""
        self._fault.setText(make_visible(fault))
        self._fault.setVisible(bool(fault))
        self.details.set_server(server)
        self.trial.set_server(server)
        self.output.set_file(self._paths.logs / f"{server.name}.log" if server is not None else None)

    # -- adding, editing, removing ---------------------------------------------------------------------------------

    def add(self) -> None:
        """Ask for servers to add."""
        self._open(ServerDialog(tuple(self._servers), parent=self.window()), self._add_chosen)

    def edit(self) -> None:
        """Ask for the changes of the selected server."""
        if (server := self.selected) is not None:
            self._open(ServerDialog((), server, parent=self.window()), self._edit_chosen)

    def _open(self, dialog: ServerDialog, chosen: Callable[[tuple[Server, ...], bool], None]) -> None:
        if self.dialog is not None:
            dialog.deleteLater()
            return
        self.dialog = dialog
        dialog.chosen.connect(chosen)
        dialog.finished.connect(self._dialog_closed)
        dialog.open()

    def _dialog_closed(self) -> None:
        self.dialog = None

    def _add_chosen(self, servers: tuple[Server, ...], asks: bool) -> None:
        def write() -> None:
            for server in servers:
                add_server(self._paths, server)
                if asks:
                    start_policy(self._paths, server.name)

        if self._written(write):
            self._words.say(self._added_in_words(servers))
            self.show_server(servers[0].name)

    def _added_in_words(self, servers: tuple[Server, ...]) -> str:
        names = ", ".join(f"“{short_name(server.name)}”" for server in servers)
        said = self.tr("Added {servers}.").format(servers=names)
        without = [server.name for server in servers if not has_policy(self._paths, server.name)]
        if without:
            names = ", ".join(f"“{short_name(name)}”" for name in without)
            said += " " + self.tr("There are no rules yet for {servers}: every call is denied.").format(servers=names)
        return said

    def _edit_chosen(self, servers: tuple[Server, ...], _: bool) -> None:
        if self._written(lambda: edit_server(self._paths, servers[0])):
            self._words.say(self.tr("Saved. Clients that connect from now on get the server as it is now."))
            self.show_server(servers[0].name)

    def _written(self, write: Callable[[], None]) -> bool:
        """Write, close the dialog and have the engine see it; where that fails the dialog says why and stays."""
        try:
            write()
        except (EditRefused, OSError) as fault:
            if self.dialog is not None:
                self.dialog.say(str(fault))
            return False
        finally:
            self._workshop.refresh()
        if self.dialog is not None:
            self.dialog.accept()
        return True

    def remove(self) -> None:
        """Ask whether to remove the selected server."""
        server = self.selected
        if server is None or self.question is not None:
            return
        title = self.tr("Remove the server “{server}”?").format(server=short_name(server.name))
        self.question = RemoveQuestion(title, self._consequences(server), self.tr("&Remove it"), self.window())
        self.question.accepted.connect(lambda: self._carry_out_removal(server))
        self.question.finished.connect(self._question_closed)
        self.question.open()

    def _question_closed(self) -> None:
        self.question = None

    def _consequences(self, server: Server) -> str:
        clients = self._health[server.name].clients if server.name in self._health else 0
        words = [
            self.tr("No client is connected to it now.")
            if not clients
            else self.tr("1 client is connected to it now.")
            if clients == 1
            else self.tr("{count} clients are connected to it now.").format(count=clients)
        ]
        if clients:
            words.append(self.tr("Clients over HTTP lose it at once, others when they disconnect."))
        words.append(self.tr("Its rules, its grants and the log stay, in case it comes back."))
        if isinstance(server, HttpServer):
            words.append(self.tr("Your login there is forgotten."))
        return " ".join(words)

    def _carry_out_removal(self, server: Server) -> None:
        if isinstance(server, HttpServer):
            self._workshop.log_out(server)
        try:
            remove_server(self._paths, server.name)
        except (EditRefused, OSError) as fault:
            self._words.say(str(fault), is_fault=True)
            return
        self._workshop.refresh()
        self.trial.forget(server.name)
        self._words.say(self.tr("Removed “{server}”.").format(server=short_name(server.name)))
        self.look()

    # -- the keyring -----------------------------------------------------------------------------------------------

    def _move(self, variable: str) -> None:
        server = self.selected
        if server is not None and not self._moving.is_working:
            name, paths, store = server.name, self._paths, self._store
            self._words.say(self.tr("Asking the keyring…"))
            self._moving.start(lambda _: move_to_keyring(paths, name, variable, store))

    def _moved(self, secret: str) -> None:
        self._workshop.refresh()
        said = self.tr("It is in the keyring now, as “{name}”; servers.json only refers to it.")
        self._words.say(said.format(name=make_visible(secret)))
        self.look()

    # -- building --------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """See what there is now, and go on looking."""
        super().showEvent(event)
        self.look()
        self._sometime.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest while nobody looks."""
        super().hideEvent(event)
        self._sometime.stop()

    def _connect(self) -> None:
        self._bridge.servers_told.connect(self._heard)
        self._bridge.stopped.connect(self.trial.engine_stopped)
        self._sometime.timeout.connect(self.look)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._show_selected())
        self.table.activated.connect(lambda _: self.edit())
        self.details.move_asked.connect(self._move)
        self._moving.done.connect(self._moved)
        self._moving.failed.connect(lambda sentence: self._words.say(sentence, is_fault=True))
        self._add.clicked.connect(self.add)
        self._edit.clicked.connect(self.edit)
        self._remove.clicked.connect(self.remove)
        self._rules.clicked.connect(self._ask_for_rules)

    def _ask_for_rules(self) -> None:
        if (server := self.selected) is not None:
            self.rules_asked.emit(server.name)

    def _lay_out(self) -> None:
        unit = em(self.font())
        title = page_title(self.tr("Servers"))
        self._name.setFont(scaled(self.font(), 1.15, QFont.Weight.DemiBold))
        self._none.setText(
            self.tr("There is no server yet. Add one: paste what its page tells you to put into a client's file.")
        )
        self.model.set_ink(colours_now().ink)
        self.table.setMinimumHeight(round(unit * 6))
        for view, words in (
            (self.details, self.tr("&How it is reached")),
            (self.trial, self.tr("Te&st")),
            (self.output, self.tr("L&og")),
        ):
            self._views.addTab(view, words)
        self._views.setDocumentMode(True)
        lower = QVBoxLayout(self._lower)
        lower.setContentsMargins(0, 0, 0, 0)
        lower.setSpacing(round(unit * 0.5))
        lower.addLayout(self._row(self._name, self._rules, self._edit, self._remove))
        lower.addWidget(self._fault)
        lower.addWidget(self._views, 1)
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.setObjectName("servers")
        parts.setChildrenCollapsible(False)
        parts.setHandleWidth(round(unit * 0.9))
        parts.addWidget(self.table)
        parts.addWidget(self._lower)
        parts.setSizes([round(unit * 12), round(unit * 28)])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[round(unit * 1.2)] * 4)
        layout.setSpacing(round(unit * 0.7))
        layout.addLayout(self._row(title, self._add))
        layout.addWidget(self._words)
        layout.addWidget(self._none, 1)
        layout.addWidget(parts, 1)

    def _row(self, title: QWidget, *buttons: QPushButton) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(round(em(self.font()) * 0.6))
        row.addWidget(title, 1)
        for button in buttons:
            row.addWidget(button)
        return row

    def changeEvent(self, event: QEvent) -> None:
        """Another palette means other icons."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self.model.set_ink(colours_now().ink)
