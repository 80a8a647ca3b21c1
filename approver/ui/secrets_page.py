"""The page with the secrets: where they are kept, which servers use them, which are missing; kept, replaced, deleted.

    survey ──(a thread of its own)──> the keyring's state and a row each ──> the page
    dialogs ──(the same thread)──> the keyring

Values go in and never come out.
"""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from approver.approvals.presentation import short_name
from approver.desktop.paths import Paths
from approver.secret_survey import SecretRow, Survey, survey
from approver.secrets import KeyringState, SecretStore
from approver.ui.background import Background
from approver.ui.empty_note import EmptyNote
from approver.ui.headings import page_title
from approver.ui.keyring_words import keyring_in_words
from approver.ui.plain_label import PlainLabel
from approver.ui.remove_question import RemoveQuestion
from approver.ui.row_table import RowTable
from approver.ui.secret_dialog import SecretDialog
from approver.ui.secrets_model import Column, SecretsModel
from approver.ui.theme import em
from approver.ui.words_line import WordsLine
from approver.visible import make_visible


class SecretsPage(QWidget):
    """A table of secrets, and the state of what keeps them.

    Attributes:
        table, model: The secrets.
        dialog: Takes a value, or None.
        question: Asks before deleting, or None.

    Signals: none of its own.
    """

    def __init__(self, paths: Paths, store: SecretStore) -> None:
        super().__init__()
        self._paths = paths
        self._store = store
        self._survey: Survey | None = None
        self._said = ""
        self._waiting: Callable[[], None] | None = None
        self.model = SecretsModel(self)
        self.table = RowTable(self.model, self.tr("Secrets"), Column.NAME, Column.USERS)
        self.dialog: SecretDialog | None = None
        self.question: RemoveQuestion | None = None
        self._work = Background(self)
        self._state = PlainLabel()
        self._words = WordsLine(self)
        self._why = PlainLabel(role="warning")
        self._none = EmptyNote("secrets")
        self._others = QFrame()
        self._add = QPushButton(self.tr("&Add…"))
        self._replace = QPushButton(self.tr("R&eplace…"))
        self._delete = QPushButton(self.tr("&Delete…"))
        self._again = QPushButton(self.tr("&Check again"))
        self._lay_out()
        self._connect()
        self._show()

    @property
    def selected(self) -> SecretRow | None:
        """The selected secret."""
        row = self.table.currentIndex().row()
        return self.model.rows[row] if 0 <= row < len(self.model.rows) else None

    def look(self, *, asks: bool = False) -> None:
        """Look at everything anew; `asks` also if the system then asks for the keyring's password."""
        paths, store = self._paths, self._store
        self._start(lambda: survey(paths, store, asks=asks))

    # -- what the person does --------------------------------------------------------------------------------------

    def add(self) -> None:
        """Ask for a new secret; where a missing one is selected its name is proposed."""
        self._ask_for_value("")

    def replace(self) -> None:
        """Ask for the selected secret's value: another one, or the one that is missing."""
        if (row := self.selected) is not None and row.place == "keyring":
            self._ask_for_value(row.name)

    def _ask_for_value(self, name: str) -> None:
        if self.dialog is None and self._can_keep:
            self.dialog = SecretDialog(name, self.window())
            self.dialog.chosen.connect(self._keep)
            self.dialog.finished.connect(self._dialog_closed)
            self.dialog.open()

    def _keep(self, name: str, value: str) -> None:
        paths, store = self._paths, self._store
        said = self.tr("Kept “{name}”. Servers name it as {reference}.")
        self._said = said.format(name=make_visible(name), reference=make_visible(f"${{keyring:{name}}}"))

        def work() -> Survey:
            store.put(name, value)
            return survey(paths, store, asks=True)

        self._start(work)

    def delete(self) -> None:
        """Ask whether to delete the selected secret."""
        row = self.selected
        if row is None or row.place != "keyring" or self.question is not None:
            return
        title = self.tr("Delete the secret “{name}”?").format(name=short_name(row.name))
        users = ", ".join(short_name(name) for name in row.users)
        used = self.tr("These servers use it and will not start without it: {servers}.").format(servers=users)
        consequences = used if row.users else self.tr("No server uses it.")
        self.question = RemoveQuestion(title, consequences, self.tr("&Delete it"), self.window())
        self.question.accepted.connect(lambda: self._carry_out_deletion(row.name))
        self.question.finished.connect(self._question_closed)
        self.question.open()

    def _carry_out_deletion(self, name: str) -> None:
        paths, store = self._paths, self._store
        self._said = self.tr("Deleted “{name}”.").format(name=make_visible(name))

        def work() -> Survey:
            store.remove(name)
            return survey(paths, store, asks=True)

        self._start(work)

    def _dialog_closed(self) -> None:
        self.dialog = None

    def _question_closed(self) -> None:
        self.question = None

    # -- work that may take long -----------------------------------------------------------------------------------

    def _start(self, work: Callable[[], Survey]) -> None:
        """Begin, or as soon as what is being done is done; of several that wait the last is done."""
        if self._work.is_working:
            self._waiting = lambda: self._start(work)
            return
        self._work.start(lambda _: work())
        self._show()

    def _done(self, found: Survey) -> None:
        self._survey = found
        if self._said and self.dialog is not None:
            self.dialog.accept()
        self._words.say(self._said)
        self._go_on()

    def _failed(self, sentence: str) -> None:
        if self.dialog is not None and self._said:
            self.dialog.say(sentence)
        else:
            self._words.say(sentence, is_fault=True)
        self._go_on()

    def _go_on(self) -> None:
        self._said = ""
        waiting, self._waiting = self._waiting, None
        self._show()
        if waiting is not None:
            waiting()

    # -- what is shown ---------------------------------------------------------------------------------------------

    @property
    def _can_keep(self) -> bool:
        return self._survey is not None and self._survey.store.state is not KeyringState.NOT_AVAILABLE

    def _show(self) -> None:
        found, before = self._survey, self.selected
        rows = found.rows if found is not None else ()
        self.model.set_rows(rows)
        if rows and self.selected is None:
            names = [(row.place, row.name) for row in rows]
            wanted = (before.place, before.name) if before is not None else names[0]
            self.table.setCurrentIndex(self.table.model().index(names.index(wanted) if wanted in names else 0, 0))
        self.table.setVisible(bool(rows))
        self._none.setVisible(found is not None and not rows)
        self._others.setVisible(found is not None and not self._can_keep)
        self._state.setText(self._state_in_words())
        is_bad = found is not None and found.store.state is not KeyringState.STORED
        self._state.set_role("warning" if is_bad else "muted")
        self._again.setText(self._again_in_words())
        self._show_selected()

    def _state_in_words(self) -> str:
        if self._survey is None or self._work.is_working:
            return self.tr("Asking the keyring…")
        return keyring_in_words(self._survey.store)

    def _again_in_words(self) -> str:
        is_locked = self._survey is not None and self._survey.store.state is KeyringState.LOCKED
        return self.tr("&Unlock…") if is_locked else self.tr("&Check again")

    def _show_selected(self) -> None:
        row = self.selected
        is_ours = row is not None and row.place == "keyring" and self._can_keep
        self._add.setEnabled(self._can_keep)
        self._replace.setEnabled(is_ours)
        self._delete.setEnabled(is_ours)
        self._why.setText(make_visible(row.why) if row is not None else "")
        self._why.setVisible(row is not None and bool(row.why))

    def showEvent(self, event: QShowEvent) -> None:
        """See how it stands now."""
        super().showEvent(event)
        self.look()

    def changeEvent(self, event: QEvent) -> None:
        """Another palette means other icons."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self.model.dress()

    # -- building --------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        self._work.done.connect(self._done)
        self._work.failed.connect(self._failed)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._show_selected())
        self._add.clicked.connect(self.add)
        self._replace.clicked.connect(self.replace)
        self._delete.clicked.connect(self.delete)
        self._again.clicked.connect(lambda: self.look(asks=True))

    def _lay_out(self) -> None:
        unit = em(self.font())
        title = page_title(self.tr("Secrets"))
        self._none.setText(
            self.tr("No secret is kept, and no server names one. Add what your servers need: keys, tokens, passwords.")
        )
        self._words.hide()
        self._fill_others()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[round(unit * 1.2)] * 4)
        layout.setSpacing(round(unit * 0.7))
        for first, *buttons in (
            (title, self._delete, self._replace, self._add),
            (self._state, self._again),
        ):
            row = QHBoxLayout()
            row.setSpacing(round(unit * 0.6))
            row.addWidget(first, 1)
            for button in buttons:
                row.addWidget(button)
            layout.addLayout(row)
        for part in (self._words, self._others):
            layout.addWidget(part)
        for listed in (self._none, self.table):
            layout.addWidget(listed, 1)
        layout.addWidget(self._why)

    def _fill_others(self) -> None:
        """What to do where there is no keyring: said, never done by itself."""
        unit = em(self.font())
        self._others.setProperty("role", "block")
        variable, file = "${env:NAME}", "${file:/path/to/it}"
        ways = (
            self.tr("Without a keyring there are two other ways. Approver takes neither by itself."),
            self.tr("An environment variable: start Approver with it, and write {reference} as the value.").format(
                reference=variable
            ),
            self.tr(
                "A file that only you can read (chmod 600): write the value into it, and {reference} as the value. "
                "Approver refuses a file that others can read. It is plain text on your disk."
            ).format(reference=file),
        )
        column = QVBoxLayout(self._others)
        column.setContentsMargins(*[round(unit * 0.8)] * 4)
        column.setSpacing(round(unit * 0.5))
        for number, words in enumerate(ways):
            label = PlainLabel(words, role="strong" if number == 0 else "")
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            column.addWidget(label)
