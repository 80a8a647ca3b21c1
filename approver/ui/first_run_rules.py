"""The pages of the first start that decide: what servers begin with, and where secrets are kept."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from approver.first_run.keeping import Keeping
from approver.first_run.machine import Counts, FirstRun
from approver.first_run.start_rules import StartRules
from approver.secrets import KeyringState
from approver.ui.first_run_page import FirstRunPage, cleared
from approver.ui.keyring_words import keyring_in_words
from approver.ui.plain_label import PlainLabel
from approver.ui.theme import em
from approver.visible import make_visible


class StartRulesPage(FirstRunPage):
    """What servers begin with, and what that means for their tools.

    Attributes:
        ask, watch: The two choices.
        learn: Starts the servers to ask for their tools.

    Signals:
        changed: As all pages have it.
        learn_asked: Start the servers and ask for their tools.
    """

    learn_asked = Signal()

    def __init__(self, machine: FirstRun) -> None:
        super().__init__(
            machine,
            self.tr("Rules to begin with"),
            self.tr("You can change them at any time, tool by tool, on the page Rules."),
        )
        self.ask = QRadioButton(self.tr("&Ask about anything that is not marked safe"))
        self.watch = QRadioButton(self.tr("&Watch only, for a week"))
        self.learn = QPushButton()
        self._ask_counts = PlainLabel(role="strong")
        self._watch_counts = PlainLabel(role="strong")
        self._faults = QVBoxLayout()
        self._is_learning = False
        safe = self.tr("Safe is a tool whose name says that it only reads, by Approver's own list of words.")
        week = self.tr("Everything runs and is written down until {day}. After that day Approver asks, as above.")
        self._choice(self.ask, safe, self._ask_counts)
        self._choice(self.watch, week.format(day=machine.watch_until.isoformat()), self._watch_counts)
        self.body.addSpacing(round(em(self.font()) * 0.6))
        self._explain_learning = PlainLabel(
            self.tr(
                "To count, and to know which tools are safe, Approver has to start the servers once and ask them. You "
                "may leave that out: then it asks about every tool."
            )
        )
        self.body.addWidget(self._explain_learning)
        row = QHBoxLayout()
        row.addWidget(self.learn)
        row.addStretch(1)
        self.body.addLayout(row)
        self.body.addLayout(self._faults)
        self.body.addStretch(1)
        self.ask.toggled.connect(self._chosen)
        self.learn.clicked.connect(self.learn_asked)

    def _choice(self, button: QRadioButton, explanation: str, counts: PlainLabel) -> None:
        self.body.addWidget(button)
        for label in (PlainLabel(explanation, role="muted"), counts):
            label.setIndent(self.indent())
            self.body.addWidget(label)

    def refresh(self) -> None:
        """Show the choice and the counts."""
        (self.ask if self.machine.rules is StartRules.ASK else self.watch).setChecked(True)
        for rules, label in ((StartRules.ASK, self._ask_counts), (StartRules.WATCH, self._watch_counts)):
            label.setText(self._in_words(self.machine.counts(rules)))
        self.learn.setText(
            self.tr("Asking the servers…")
            if self._is_learning
            else self.tr("&Start the servers and list their tools")
            if not self.machine.learned
            else self.tr("&Start them again")
        )
        self.learn.setEnabled(not self._is_learning)
        cleared(self._faults)
        for key, learned in self.machine.learned.items():
            if learned.tools is None:
                text = self.tr("{server}: {fault}").format(server=key[1][-1], fault=learned.fault)
                self._faults.addWidget(PlainLabel(make_visible(text), role="warning"))

    def set_learning(self, is_learning: bool, count: int = 0) -> None:
        """Say that servers are being asked, and how many have answered."""
        self._is_learning = is_learning
        self.refresh()
        if is_learning and count:
            total = len(self.machine.to_learn())
            self.learn.setText(self.tr("Asking the servers… {count} of {total}").format(count=count, total=total))

    def _chosen(self, is_ask: bool) -> None:
        self.machine.rules = StartRules.ASK if is_ask else StartRules.WATCH
        self.changed.emit()

    def _in_words(self, counts: Counts) -> str:
        found = counts.preview
        parts = []
        if found.run or found.ask or found.blocked:
            parts.append(
                self.tr("{run} tools run, {ask} ask, {blocked} are blocked.").format(
                    run=found.run, ask=found.ask, blocked=found.blocked
                )
            )
        if counts.unknown == 1:
            parts.append(self.tr("The tools of 1 server are not known yet."))
        elif counts.unknown:
            parts.append(self.tr("The tools of {count} servers are not known yet.").format(count=counts.unknown))
        return " ".join(parts)


class SecretsPage(FirstRunPage):
    """Where secrets are kept, and those that are missing.

    Attributes:
        file, environment: What can be chosen where there is no keyring.
        fields: A field for each secret that is asked for, by name.

    Signals:
        changed: As all pages have it.
        look_asked: Look at the keyring once more.
    """

    look_asked = Signal()

    def __init__(self, machine: FirstRun) -> None:
        super().__init__(
            machine,
            self.tr("Secrets"),
            self.tr("Keys and passwords belong into the system's keyring. Approver never shows them again."),
        )
        self.fields: dict[str, QLineEdit] = {}
        self._state = PlainLabel(role="strong")
        self._instead = QWidget()
        self.file = QRadioButton(self.tr("Keep them in &plain text, in a file that only you may read"))
        self.environment = QRadioButton(self.tr("Leave them &out: my login shell sets these variables"))
        self._asked = PlainLabel()
        self._form = QVBoxLayout()
        group = QButtonGroup(self)
        instead = QVBoxLayout(self._instead)
        instead.setContentsMargins(0, 0, 0, 0)
        how = self.tr(
            "How to get one: install GNOME Keyring or KWallet with your system's software, log in anew, look again. "
            "Or choose something else for the secrets of these servers:"
        )
        instead.addWidget(PlainLabel(how))
        for button, keeping in ((self.file, Keeping.FILE), (self.environment, Keeping.ENVIRONMENT)):
            group.addButton(button)
            instead.addWidget(button)
            button.clicked.connect(lambda checked, keeping=keeping: self._keep(keeping))
        again = QPushButton(self.tr("&Look again"))
        again.clicked.connect(self.look_asked)
        row = QHBoxLayout()
        row.addWidget(again)
        row.addStretch(1)
        instead.addLayout(row)
        self.body.addWidget(self._state)
        self.body.addWidget(self._instead)
        self.body.addWidget(self._asked)
        self.body.addLayout(self._form)
        self.body.addStretch(1)

    def refresh(self) -> None:
        """Show the keyring's state, and what is asked for."""
        store = self.machine.keyring
        self._state.setText(self.tr("Looking at the keyring…") if store is None else keyring_in_words(store))
        missing = store is not None and store.state is KeyringState.NOT_AVAILABLE
        self._instead.setVisible(missing and self.machine.has_secrets)
        self.file.setChecked(self.machine.keeping is Keeping.FILE)
        self.environment.setChecked(self.machine.keeping is Keeping.ENVIRONMENT)
        wanted = self.machine.wanted()
        if not self.machine.has_secrets:
            self._asked.setText(self.tr("None of the servers that you chose has a secret to be kept."))
        elif wanted:
            text = self.tr(
                "Nobody has told these yet. What you leave empty can be told later: approver secret set NAME"
            )
            self._asked.setText(text)
        else:
            self._asked.setText(self.tr("Everything that is to be kept is known."))
        if set(wanted) != set(self.fields):
            self._ask_for(wanted)

    def _ask_for(self, names: tuple[str, ...]) -> None:
        cleared(self._form)
        self.fields = {}
        if not names:
            return
        holder = QWidget()
        form = QFormLayout(holder)
        form.setContentsMargins(0, 0, 0, 0)
        for name in names:
            self.fields[name] = field = QLineEdit(self.machine.values.get(name, ""))
            field.setEchoMode(QLineEdit.EchoMode.Password)
            label = PlainLabel(make_visible(name), role="name", wraps=False)
            label.setBuddy(field)
            field.setAccessibleName(name)
            field.textChanged.connect(lambda text, name=name: self.machine.values.__setitem__(name, text))
            form.addRow(label, field)
        self._form.addWidget(holder)

    def _keep(self, keeping: Keeping) -> None:
        self.machine.keeping = keeping
        self.changed.emit()
