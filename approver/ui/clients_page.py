"""The page with the AI clients: whose servers go through Approver; a client connected and disconnected, diff first.

clients' files ──survey──> rows            (read when the page is shown, after a change, and on request)
selected file ──plan──> ClientChange ──carry_out──> its file, with a backup beside it; and back: undoing_of ──> undone
"""

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from approver.approvals.presentation import short_name
from approver.client_survey import ClientRow, survey_clients
from approver.clients.applying import ChangeRefused
from approver.clients.known import Surroundings
from approver.clients.planning import Plan, key_of, plan
from approver.clients.undoing import Undoing
from approver.configuration_edits import STARTER, read_servers
from approver.desktop.paths import Paths
from approver.secrets import SecretStore
from approver.taking_over import FileOutcome, carry_out, undoing_of, undone, way_of
from approver.ui.background import Background
from approver.ui.bridge_workshop import WorkshopBridge
from approver.ui.client_change import ClientChange
from approver.ui.clients_model import ClientsModel, Column
from approver.ui.empty_note import EmptyNote
from approver.ui.headings import page_title
from approver.ui.plain_label import PlainLabel
from approver.ui.row_table import RowTable
from approver.ui.theme import em
from approver.ui.words_line import WordsLine
from approver.visible import make_visible


class ClientsPage(QWidget):
    """A table of clients' files, and below it what the selected one's servers do.

    Attributes:
        table, model: The files.
        dialog: Shows a change before it is made, or None.

    Signals:
        assistant_asked: Take over servers step by step, also from files that are not listed.
    """

    assistant_asked = Signal()

    def __init__(
        self,
        workshop: WorkshopBridge,
        paths: Paths,
        store: SecretStore,
        *,
        around: Surroundings | None = None,
        today: Callable[[], date] = date.today,
    ) -> None:
        super().__init__()
        self._workshop = workshop
        self._paths = paths
        self._store = store
        self._around = around or Surroundings(Path.home(), environment=dict(os.environ))
        self._today = today
        self.model = ClientsModel(self)
        self.table = RowTable(self.model, self.tr("Clients"), Column.FILE)
        self.dialog: ClientChange | None = None
        self._work: Callable[[bool], object] | None = None
        self._planned: Plan | Undoing | None = None
        self._row: ClientRow | None = None
        self._looking = Background(self)
        self._planning = Background(self)
        self._changing = Background(self)
        self._words = WordsLine(self)
        self._none = EmptyNote("clients")
        self._entries = PlainLabel(role="muted")
        self.connect_button = QPushButton(self.tr("&Connect…"))
        self.disconnect_button = QPushButton(self.tr("&Disconnect…"))
        self._again = QPushButton(self.tr("Look a&gain"))
        self._assistant = QPushButton(self.tr("&Step by step…"))
        self._lay_out()
        self._connect()
        self._select()

    @property
    def selected(self) -> ClientRow | None:
        """The selected file."""
        row = self.table.currentIndex().row()
        return self.model.rows[row] if 0 <= row < len(self.model.rows) else None

    def look(self) -> None:
        """Read the clients' files."""
        paths, around = self._paths, self._around
        self._looking.start(lambda _: survey_clients(paths, around))

    def _seen(self, rows: tuple[ClientRow, ...]) -> None:
        before = self.selected.found.file.path if self.selected is not None else None
        self.model.set_rows(rows)
        files = [row.found.file.path for row in rows]
        if rows and self.selected is None:
            self.table.setCurrentIndex(self.table.model().index(files.index(before) if before in files else 0, 0))
        self._none.setVisible(not rows)
        self.table.setVisible(bool(rows))
        self._select()

    def _select(self) -> None:
        row = self.selected
        self.connect_button.setEnabled(row is not None and bool(row.found.takeable))
        self.disconnect_button.setEnabled(row is not None and row.connection is not None)
        self._entries.setText(self._entries_in_words(row) if row is not None else "")
        self._entries.setVisible(row is not None)

    def _entries_in_words(self, row: ClientRow) -> str:
        if row.found.mistake:
            return make_visible(row.found.mistake)
        lines = []
        for entry in row.found.entries:
            if entry.is_ours:
                words = self.tr("{server}: through Approver")
            elif entry.imported is not None:
                words = self.tr("{server}: past Approver")
            else:
                words = self.tr("{server}: cannot be taken: {reason}")
            lines.append(words.format(server=short_name(entry.name), reason=make_visible(entry.reason)))
        if row.connection is not None:
            kept = self.tr("As the file was on {day}: {backup}")
            lines.append(kept.format(day=row.connection.day, backup=make_visible(str(row.connection.backup))))
        return "\n".join(lines)

    # -- connecting and disconnecting ------------------------------------------------------------------------------

    def connect_selected(self) -> None:
        """Show what would lead the selected client's servers through Approver."""
        if (row := self.selected) is not None and row.found.takeable:
            title = self.tr("Lead the servers of {client} through Approver?")
            moves = any(entry.imported.movable for entry in row.found.takeable if entry.imported is not None)
            self._open(row, title, self.tr("&Change the file"), lambda asked: self._taking(row, asked), moves)

    def disconnect_selected(self) -> None:
        """Show what would put the selected client's own entries back."""
        if (row := self.selected) is not None and (connection := row.connection) is not None:
            title = self.tr("Put the entries of {client} back as they were?")
            paths, store = self._paths, self._store
            self._open(row, title, self.tr("&Put them back"), lambda _: undoing_of(paths, connection, store), False)

    def _taking(self, row: ClientRow, moves: bool) -> Plan:
        choices = [(row.found, entry) for entry in row.found.takeable]
        movable = {key_of(one): frozenset(one[1].imported.movable) for one in choices if one[1].imported is not None}
        return plan(choices, read_servers(self._paths), way_of(os.environ), movable if moves else {})

    def _open(self, row: ClientRow, title: str, verb: str, work: Callable[[bool], object], may_move: bool) -> None:
        if self.dialog is not None:
            return
        self._work, self._row, self._planned = work, row, None
        named = title.format(client=short_name(row.found.file.client.name))
        self.dialog = ClientChange(named, verb, may_move=may_move, parent=self.window())
        self.dialog.plan_wanted.connect(self._plan)
        self.dialog.change_wanted.connect(self._change)
        self.dialog.finished.connect(self._closed)
        self.dialog.open()
        self._plan(False)

    def _closed(self) -> None:
        self.dialog = None

    def _plan(self, moves: bool) -> None:
        work = self._work
        assert work is not None
        self._planning.start(lambda _: work(moves))

    def _show_plan(self, planned: Plan | Undoing) -> None:
        if self.dialog is None or self._row is None:
            return
        self._planned = planned
        if isinstance(planned, Undoing):
            self.dialog.show_change(planned.diff, "", planned.notes)
            return
        names = ", ".join(f"“{short_name(server.name)}”" for server in planned.servers)
        news = self.tr("New in Approver: {servers}. Every call to them is asked about until you write rules.")
        notes = [note for note in (self._row.found.file.client.note,) if note]
        wanted = [secret for secret in planned.secrets if not secret.value]
        unknown = self.tr("Nobody told the value of {variable} yet. Keep it on the page Secrets, as {name}.")
        notes += [unknown.format(variable=secret.variable, name=secret.name) for secret in wanted]
        diff = "".join(file.diff for file in planned.files)
        self.dialog.show_change(diff, news.format(servers=names) if names else "", notes)

    def _change(self) -> None:
        planned, row = self._planned, self._row
        if row is None or planned is None:
            return
        paths, store, today = self._paths, self._store, self._today()
        if isinstance(planned, Undoing):
            connection = row.connection
            assert connection is not None
            undoing = planned
            self._changing.start(lambda _: undone(paths, connection, undoing))
            return
        taken = planned
        self._changing.start(lambda _: _carried_out(paths, taken, store, today))

    def _changed(self, _: object) -> None:
        row = self._row
        self._workshop.refresh()
        if self.dialog is not None:
            self.dialog.accept()
        if row is not None:
            said = self.tr("{path} was changed. Restart {client}, so that it reads it anew.")
            client = short_name(row.found.file.client.name)
            self._words.say(said.format(path=row.found.file.path, client=client))
        self.look()

    def _failed(self, sentence: str) -> None:
        if self.dialog is not None:
            self.dialog.say(sentence)
        else:
            self._words.say(sentence, is_fault=True)

    # -- building --------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """See what there is now."""
        super().showEvent(event)
        self.look()

    def _connect(self) -> None:
        self._looking.done.connect(self._seen)
        self._looking.failed.connect(lambda sentence: self._words.say(sentence, is_fault=True))
        self._planning.done.connect(self._show_plan)
        self._planning.failed.connect(self._failed)
        self._changing.done.connect(self._changed)
        self._changing.failed.connect(self._failed)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._select())
        self.connect_button.clicked.connect(self.connect_selected)
        self.disconnect_button.clicked.connect(self.disconnect_selected)
        self._again.clicked.connect(self.look)
        self._assistant.clicked.connect(self.assistant_asked)

    def _lay_out(self) -> None:
        unit = em(self.font())
        title = page_title(self.tr("Clients"))
        self._none.setText(
            self.tr("No file of a client that Approver knows is here. Step by step you can choose a file yourself.")
        )
        self._none.hide()
        head = QHBoxLayout()
        head.setSpacing(round(unit * 0.6))
        head.addWidget(title, 1)
        for button in (self._again, self._assistant, self.disconnect_button, self.connect_button):
            head.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[round(unit * 1.2)] * 4)
        layout.setSpacing(round(unit * 0.7))
        layout.addLayout(head)
        layout.addWidget(self._words)
        layout.addWidget(self._none, 1)
        layout.addWidget(self.table, 1)
        layout.addWidget(self._entries)
        self._words.say("")


def _carried_out(paths: Paths, planned: Plan, store: SecretStore, today: date) -> tuple[FileOutcome, ...]:
    """Make the change; a file that refused it is told of like any other failure."""
    policies = {server.name: STARTER for server in planned.servers}
    outcomes = carry_out(paths, planned, policies, way_of(os.environ), store, today)
    for outcome in outcomes:
        if outcome.connection is None:
            raise ChangeRefused(outcome.fault)
    return outcomes
