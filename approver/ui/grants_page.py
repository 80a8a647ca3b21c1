"""The page with the grants: which client may come in over HTTP, to which servers, by which rules; made and revoked.

grants.json ──read_grants──> rows <──last call── the log, read on its own thread
dialog ──`issuing`──> grants.json ──(the engine watches it)──> in force
"""

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from approver.approvals.presentation import short_name
from approver.clock import Clock
from approver.configuration_edits import EditRefused, read_grants, read_servers, revoke_grant
from approver.desktop.paths import Paths
from approver.issuing import issue, listening, missing_policies, port_warning
from approver.journal.reader import Reader
from approver.journal.records import Filters
from approver.model import Grant
from approver.ui.bridge_workshop import WorkshopBridge
from approver.ui.empty_note import EmptyNote
from approver.ui.grant_dialog import GrantDialog, Wish
from approver.ui.grants_model import Column, GrantsModel, created_at
from approver.ui.headings import page_title
from approver.ui.log_reading import LogReading
from approver.ui.plain_label import PlainLabel
from approver.ui.remove_question import RemoveQuestion
from approver.ui.row_table import RowTable
from approver.ui.theme import em
from approver.ui.words_line import WordsLine
from approver.visible import make_visible

LOOK_MILLISECONDS = 2000
_LANE = "last used"


class GrantsPage(QWidget):
    """A table of grants.

    Attributes:
        table, model: The grants.
        dialog: Makes one, or None.
        question: Asks before revoking, or None.
        reading: The way to the log.

    Signals: none of its own.
    """

    def __init__(self, workshop: WorkshopBridge, paths: Paths, clock: Clock) -> None:
        super().__init__()
        self._workshop = workshop
        self._paths = paths
        self._clock = clock
        self._is_unreadable = False
        self.model = GrantsModel(self)
        self.table = RowTable(self.model, self.tr("Grants"), Column.NAME, Column.SERVERS)
        self.dialog: GrantDialog | None = None
        self.question: RemoveQuestion | None = None
        self.reading = LogReading(paths.journal, self)
        self._where = PlainLabel(role="muted")
        self._words = WordsLine(self)
        self._none = EmptyNote("grants")
        self._add = QPushButton(self.tr("&Add…"))
        self._revoke = QPushButton(self.tr("&Revoke…"))
        self._sometime = QTimer(self, interval=LOOK_MILLISECONDS)
        self._lay_out()
        self._connect()
        self._words.say("")

    @property
    def selected(self) -> Grant | None:
        """The selected grant."""
        row = self.table.currentIndex().row()
        return self.model.grants[row] if 0 <= row < len(self.model.grants) else None

    def look(self) -> None:
        """Read the file, and ask the log when each was last used."""
        try:
            grants = read_grants(self._paths)
        except (EditRefused, OSError) as fault:
            self._is_unreadable = True
            self._words.say(str(fault), is_fault=True)
            return
        if self._is_unreadable:
            self._is_unreadable = False
            self._words.say("")
        before = self.selected
        self.model.set_grants(grants)
        names = [grant.name for grant in grants]
        if grants and self.selected is None:
            row = names.index(before.name) if before is not None and before.name in names else 0
            self.table.setCurrentIndex(self.model.index(row, 0))
        self._none.setVisible(not grants)
        self.table.setVisible(bool(grants))
        self._show_where()
        self._selection_changed()
        if grants and not self.reading.is_asking(_LANE):
            self.reading.ask(_LANE, lambda reader: _last_used(reader, grants), self._heard_used)

    def _heard_used(self, used: dict[str, float | None]) -> None:
        self.model.set_used(used, self._clock.now())

    def _show_where(self) -> None:
        url = listening(self._paths)
        off = self.tr("Nothing listens for clients over HTTP now: it is off in the settings, or its port is taken.")
        self._where.setText(self.tr("Clients come in at {url}").format(url=make_visible(url)) if url else off)

    # -- making and revoking ---------------------------------------------------------------------------------------

    def add(self) -> None:
        """Ask for a new grant."""
        if self.dialog is not None:
            return
        try:
            servers = sorted(read_servers(self._paths))
        except (EditRefused, OSError) as fault:
            self._words.say(str(fault), is_fault=True)
            return
        if not servers:
            self._words.say(self.tr("There is no server yet that a client could use. Add one first."), is_fault=True)
            return
        policies = sorted(path.stem for path in self._paths.policies.glob("*.json"))
        self.dialog = GrantDialog(servers, policies, self.window())
        self.dialog.wanted.connect(self._make)
        self.dialog.finished.connect(self._dialog_closed)
        self.dialog.open()

    def _make(self, wish: Wish) -> None:
        assert self.dialog is not None
        try:
            issued = issue(self._paths, wish.name, wish.server, wish.servers, wish.policy)
            notes = (*filter(None, [port_warning(self._paths)]), *missing_policies(self._paths, issued.grant))
        except (EditRefused, OSError) as fault:
            self.dialog.say(str(fault))
            return
        self._workshop.refresh()
        self.dialog.show_ticket(issued, notes)
        self._words.say(self.tr("“{client}” may come in now.").format(client=short_name(wish.name)))
        self.look()

    def _dialog_closed(self) -> None:
        self.dialog = None

    def revoke(self) -> None:
        """Ask whether to revoke the selected grant."""
        grant = self.selected
        if grant is None or self.question is not None:
            return
        title = self.tr("Revoke the grant of “{client}”?").format(client=short_name(grant.name))
        consequences = self.tr(
            "Its token admits nobody from the next request on, and what it started over HTTP ends. A client on this "
            "machine that names it is sent away. The log keeps what it did. A revoked token never comes back."
        )
        self.question = RemoveQuestion(title, consequences, self.tr("&Revoke it"), self.window())
        self.question.accepted.connect(lambda: self._carry_out_revocation(grant))
        self.question.finished.connect(self._question_closed)
        self.question.open()

    def _carry_out_revocation(self, grant: Grant) -> None:
        try:
            revoke_grant(self._paths, grant.name)
        except (EditRefused, OSError) as fault:
            self._words.say(str(fault), is_fault=True)
            return
        self._workshop.refresh()
        said = self.tr("Revoked “{client}”: its token admits nobody from the next request on.")
        self._words.say(said.format(client=short_name(grant.name)))
        self.look()

    def _question_closed(self) -> None:
        self.question = None

    # -- words -----------------------------------------------------------------------------------------------------

    def _selection_changed(self) -> None:
        self._revoke.setEnabled(self.selected is not None)

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
        self._sometime.timeout.connect(self.look)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._selection_changed())
        self._add.clicked.connect(self.add)
        self._revoke.clicked.connect(self.revoke)
        self.reading.failed.connect(lambda _, sentence: self._words.say(sentence, is_fault=True))

    def _lay_out(self) -> None:
        unit = em(self.font())
        title = page_title(self.tr("Grants"))
        self._none.setText(
            self.tr("No client may come in over HTTP yet. Clients that launch their servers need no grant.")
        )
        head = QHBoxLayout()
        head.setSpacing(round(unit * 0.6))
        head.addWidget(title, 1)
        head.addWidget(self._revoke)
        head.addWidget(self._add)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[round(unit * 1.2)] * 4)
        layout.setSpacing(round(unit * 0.7))
        layout.addLayout(head)
        for part in (self._where, self._words):
            layout.addWidget(part)
        for listed in (self._none, self.table):
            layout.addWidget(listed, 1)


def _last_used(reader: Reader, grants: tuple[Grant, ...]) -> dict[str, float | None]:
    """When each grant's client made its last call; a grant of that name before it is another's."""
    used: dict[str, float | None] = {}
    for grant in grants:
        found = reader.calls(Filters(grant=grant.name, since=created_at(grant)), 1)
        used[grant.name] = found[0].at if found else None
    return used
