"""Pages of the first start that say what is here: clients with their files, servers with their whole commands."""

import shlex
from pathlib import Path

from PySide6.QtCore import QDir, Signal
from PySide6.QtWidgets import QCheckBox, QFileDialog, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from approver.approvals.presentation import quoted_if_odd
from approver.clients.finding import FoundFile
from approver.clients.planning import Choice, key_of
from approver.first_run.machine import FirstRun
from approver.model import HttpServer
from approver.servers import Server
from approver.ui.change_block import ChangeBlock
from approver.ui.first_run_page import FirstRunPage, cleared
from approver.ui.plain_label import PlainLabel
from approver.ui.theme import em
from approver.visible import make_visible


class ClientsPage(FirstRunPage):
    """Which clients' files are here.

    Attributes:
        boxes: A box for each file that has servers.

    Signals:
        changed: As all pages have it.
        look_again_asked: Look for files once more.
    """

    look_again_asked = Signal()

    def __init__(self, machine: FirstRun) -> None:
        super().__init__(
            machine,
            self.tr("Your AI clients"),
            self.tr("These files were found and read. Nothing in them changes before you press Apply, five steps on."),
        )
        self.boxes: list[QCheckBox] = []
        self._dialog: QFileDialog | None = None
        self._list = QVBoxLayout()
        self._list.setSpacing(round(em(self.font()) * 0.9))
        self._note = PlainLabel(role="warning")
        self._note.hide()
        choose = QPushButton(self.tr("Choose a &file…"))
        again = QPushButton(self.tr("&Look again"))
        choose.clicked.connect(self._choose)
        again.clicked.connect(self.look_again_asked)
        row = QHBoxLayout()
        row.addWidget(choose)
        row.addWidget(again)
        row.addStretch(1)
        self.body.addLayout(self._list)
        self.body.addWidget(self._note)
        self.body.addLayout(row)
        self.body.addStretch(1)

    def refresh(self) -> None:
        """List the files."""
        cleared(self._list)
        self.boxes = []
        for file in self.machine.files:
            self._list.addWidget(self._row(file))
        if not self.machine.files:
            text = self.tr(
                "None of the clients that Approver knows has a file here. You can choose one, or add servers later."
            )
            self._list.addWidget(PlainLabel(text))

    def add_file(self, path: Path) -> None:
        """Take a file that the person named, or say why it cannot be."""
        fault = self.machine.add_file(path)
        self._note.setText(make_visible(fault))
        self._note.setVisible(bool(fault))
        self.refresh()
        self.changed.emit()

    def _row(self, file: FoundFile) -> QWidget:
        row = QWidget()
        layout = QVBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(round(em(self.font()) * 0.15))
        name = quoted_if_odd(file.file.client.name)
        box = QCheckBox(
            self.tr("{client}: {servers}").format(client=name, servers=self._counted(file)).replace("&", "&&")
        )
        box.setChecked(file.file.path in self.machine.chosen_files)
        box.setEnabled(bool(file.takeable))
        box.toggled.connect(lambda is_on, path=file.file.path: self._toggled(path, is_on))
        layout.addWidget(box)
        if file.takeable:
            self.boxes.append(box)
        lines = [make_visible(str(file.file.path)), *([make_visible(file.mistake)] if file.mistake else [])]
        if file.file.client.note and file.takeable:
            lines.append(self.tr("It rewrites this file while it runs: close it before you press Apply."))
        for line in lines:
            label = PlainLabel(line, role="muted")
            label.setIndent(self.indent())
            layout.addWidget(label)
        return row

    def _counted(self, file: FoundFile) -> str:
        if file.mistake:
            return self.tr("cannot be read")
        ours = sum(entry.is_ours for entry in file.entries)
        count = len(file.entries)
        if not count:
            return self.tr("no servers")
        if ours == count:
            return self.tr("all servers go through Approver")
        return self.tr("1 server") if count == 1 else self.tr("{count} servers").format(count=count)

    def _toggled(self, path: Path, is_on: bool) -> None:
        (self.machine.chosen_files.add if is_on else self.machine.chosen_files.discard)(path)
        self.changed.emit()

    def _choose(self) -> None:
        self._dialog = dialog = QFileDialog(self, self.tr("A client's file"), str(Path.home()))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setFilter(QDir.Filter.AllEntries | QDir.Filter.Hidden | QDir.Filter.NoDotAndDotDot)
        dialog.setNameFilters([self.tr("Configuration (*.json *.toml)"), self.tr("All files (*)")])
        dialog.fileSelected.connect(lambda path: self.add_file(Path(path)))
        dialog.open()


class ServersPage(FirstRunPage):
    """Which servers are taken over, each with the whole of its command.

    Attributes:
        boxes: A box for each server that can be taken, in the order in which they are listed.
        moves: A box for each value that can go into the keyring.

    Signals: as all pages have them.
    """

    def __init__(self, machine: FirstRun) -> None:
        super().__init__(
            machine,
            self.tr("Their servers"),
            self.tr("Approver will start each of these exactly as it stands here. Take over only what you know."),
        )
        self.boxes: list[QCheckBox] = []
        self.moves: list[QCheckBox] = []
        self._list = QVBoxLayout()
        self._list.setSpacing(round(em(self.font()) * 0.8))
        self.body.addLayout(self._list)
        self.body.addStretch(1)

    def refresh(self) -> None:
        """List the servers of the chosen files."""
        cleared(self._list)
        self.boxes, self.moves = [], []
        for choice in self.machine.offered:
            self._list.addWidget(self._card(choice))

    def _card(self, choice: Choice) -> QWidget:
        file, entry = choice
        card = QFrame()
        card.setProperty("role", "block")
        layout = QVBoxLayout(card)
        layout.setSpacing(round(em(self.font()) * 0.35))
        title = self.tr("{server}, from {client}").format(
            server=quoted_if_odd(entry.name), client=quoted_if_odd(file.file.client.name)
        )
        if entry.imported is None:
            reason = self.tr("It goes through Approver already.") if entry.is_ours else make_visible(entry.reason)
            heading = PlainLabel(title, role="strong")
            layout.addWidget(heading)
            layout.addWidget(PlainLabel(reason, role="muted"))
            return card
        box = QCheckBox(title.replace("&", "&&"))
        box.setChecked(key_of(choice) in self.machine.chosen)
        box.toggled.connect(lambda is_on: self._toggled(choice, is_on))
        self.boxes.append(box)
        layout.addWidget(box)
        command = ChangeBlock(self.tr("What Approver starts for {server}").format(server=entry.name))
        command.set_text(whole_way(entry.imported.server))
        layout.addWidget(command)
        for note in entry.imported.notes:
            layout.addWidget(PlainLabel(make_visible(note), role="muted"))
        for variable in self.machine.movable(entry):
            layout.addWidget(self._move(choice, variable))
        return card

    def _move(self, choice: Choice, variable: str) -> QCheckBox:
        text = self.tr("Move {variable} into the keyring").format(variable=make_visible(variable))
        box = QCheckBox(text.replace("&", "&&"))
        box.setChecked(variable in self.machine.moves.get(key_of(choice), frozenset()))
        box.toggled.connect(lambda is_on: self._moved(choice, variable, is_on))
        self.moves.append(box)
        return box

    def _toggled(self, choice: Choice, is_on: bool) -> None:
        (self.machine.chosen.add if is_on else self.machine.chosen.discard)(key_of(choice))
        self.changed.emit()

    def _moved(self, choice: Choice, variable: str, is_on: bool) -> None:
        before = self.machine.moves.get(key_of(choice), frozenset())
        after = before | {variable} if is_on else before - {variable}
        self.machine.moves[key_of(choice)] = after
        self.changed.emit()


def whole_way(server: Server) -> str:
    """The whole command line, or the address: nothing of it is left out."""
    if isinstance(server, HttpServer):
        return server.url
    command = shlex.join((server.command, *server.args))
    return command if server.cwd is None else f"cd {shlex.quote(server.cwd)} && {command}"
