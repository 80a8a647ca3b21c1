"""The window of the first start: seven pages over the machine, which knows the steps; nothing is held here.

pages ──choices──> FirstRun        FirstRun ──obstacle, plan──> buttons and pages        long work ──> Background
"""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from approver.clients.planning import Plan
from approver.desktop.autostart import LoginItem
from approver.first_run.machine import FirstRun, Obstacle, Step
from approver.first_run.probing import learn_tools
from approver.first_run.trial_call import CallEnd, CallResult, send_trial_call
from approver.secrets import SecretStore
from approver.ui.background import Background, Work
from approver.ui.first_run_apply import ApplyPage, TryPage
from approver.ui.first_run_clients import ClientsPage, ServersPage
from approver.ui.first_run_page import FirstRunPage
from approver.ui.first_run_rules import SecretsPage, StartRulesPage
from approver.ui.plain_label import PlainLabel
from approver.ui.theme import em


class FirstRunWizard(QWidget):
    """Leads through the first start. Closing it at any time leaves everything as it is at that moment.

    Attributes:
        back, onward: The buttons below.
        clients, servers, rules, secrets, applying, trying: The pages that have something to choose.

    Signals:
        closed: The window has gone.
    """

    closed = Signal()

    def __init__(
        self, machine: FirstRun, store: SecretStore, start_seconds: float, login_item: LoginItem | None = None
    ) -> None:
        super().__init__()
        self.machine = machine
        self._store = store
        self._start_seconds = start_seconds
        self.clients = ClientsPage(machine)
        self.servers = ServersPage(machine)
        self.rules = StartRulesPage(machine)
        self.secrets = SecretsPage(machine)
        self.applying = ApplyPage(machine)
        self.trying = TryPage(machine, login_item)
        self.back = QPushButton(self.tr("&Back"))
        self.onward = QPushButton()
        self._leave = QPushButton()
        self._hint = PlainLabel(role="muted")
        self._stack = QStackedWidget()
        self._names: list[PlainLabel] = []
        self._titles: list[str] = []
        self._pages: list[FirstRunPage] = []
        self._works: list[Background] = []
        self._lay_out()
        self._connect()
        self._show_step()
        self._look()

    # -- steps ---------------------------------------------------------------------------------------------------------

    def _go_on(self) -> None:
        if self.machine.step is Step.TRY:
            self.close()
            return
        self.machine.go_on()
        self._show_step()

    def _go_back(self) -> None:
        self.machine.go_back()
        self._show_step()

    def _show_step(self) -> None:
        step = self.machine.step
        page = self._pages[step]
        page.refresh()
        self._stack.setCurrentIndex(step)
        self.setWindowTitle(self.tr("{step} - First start - Approver").format(step=self._titles[step]))
        for number, name in enumerate(self._names):
            name.setProperty("role", "strong" if number == step else "muted")
            name.style().unpolish(name)
            name.style().polish(name)
        if step is Step.SECRETS:
            self._look_at_keyring()
        elif step is Step.APPLY and self.machine.outcomes is None:
            self._make_plan()
        self._show_buttons()
        (self.onward if self.onward.isEnabled() else page).setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_buttons(self) -> None:
        obstacle, step = self.machine.obstacle, self.machine.step
        self.onward.setText(self.tr("&Finish") if step is Step.TRY else self.tr("&Next"))
        self.onward.setEnabled(obstacle is None)
        self.back.setVisible(step is not Step.WELCOME)
        self._leave.setVisible(step is not Step.TRY)
        self._leave.setText(self.tr("No&t now") if self.machine.outcomes is None else self.tr("&Close"))
        self._hint.setText(self._in_words(obstacle))

    def _in_words(self, obstacle: Obstacle | None) -> str:
        words = {
            Obstacle.NO_SERVER: self.tr("Choose a server, or leave with Not now."),
            Obstacle.NO_KEEPING: self.tr("Choose what becomes of the secrets."),
            Obstacle.NOT_APPLIED: self.tr("Nothing has changed so far."),
        }
        return words[obstacle] if obstacle is not None else ""

    def _chosen(self) -> None:
        if self.machine.step in (Step.RULES, Step.SECRETS):
            self._pages[self.machine.step].refresh()
        self._show_buttons()

    # -- work that takes long ------------------------------------------------------------------------------------------

    def _do(self, work: Work, done: Callable[[Any], None], failed: Callable[[str], None]) -> Background:
        """Have it done on a thread; what comes of it is told here."""
        background = Background(self)
        self._works.append(background)

        def end() -> None:
            self._works.remove(background)
            background.deleteLater()

        background.done.connect(done)
        background.failed.connect(failed)
        for ending in (background.done, background.failed, background.stopped):
            ending.connect(lambda *_: end())
        background.start(work)
        return background

    def _look(self) -> None:
        self._do(lambda progress: self.machine.find(), self._looked, self.applying.say)

    def _looked(self, files: Any) -> None:
        self.machine.take_files(files)
        self._show_step()

    def _look_at_keyring(self) -> None:
        def take(state: Any) -> None:
            self.machine.keyring = state
            self.secrets.refresh()
            self._show_buttons()

        self._do(lambda progress: self._store.state(), take, self.applying.say)

    def _learn(self) -> None:
        servers = self.machine.to_learn()
        self.rules.set_learning(True)

        def take(found: Any) -> None:
            self.machine.take_learned(found)
            self.rules.set_learning(False)
            self._show_buttons()

        background = self._do(
            lambda progress: learn_tools(servers, self._start_seconds, self._store, progress),
            take,
            lambda fault: self.rules.set_learning(False),
        )
        background.progressed.connect(lambda count: self.rules.set_learning(True, count))

    def _make_plan(self) -> None:
        self._do(lambda progress: self.machine.plan(), self.applying.show_plan, self.applying.say)

    def _apply(self, plan: Plan) -> None:
        def take(outcomes: Any) -> None:
            self.machine.take_outcomes(outcomes)
            self.applying.show_outcomes(outcomes)
            self._show_buttons()

        self._do(lambda progress: self.machine.carry_out(plan, self._store), take, self.applying.say)

    def _send_call(self) -> None:
        self.trying.set_waiting()
        self._do(
            lambda progress: send_trial_call(self.machine.paths, self.machine.way),
            self.trying.show_result,
            lambda fault: self.trying.show_result(CallResult(CallEnd.FAILED, fault)),
        )

    # -- how it comes and goes -------------------------------------------------------------------------------------

    def appear(self) -> None:
        """Come into view, in front: the person has just started Approver, or asked for this."""
        self.show()
        self.raise_()
        self.activateWindow()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Leave; what still runs on a thread comes to its end alone."""
        super().closeEvent(event)
        for work in self._works:
            work.stop()
        self.closed.emit()

    # -- how it looks --------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        self.back.clicked.connect(self._go_back)
        self.onward.clicked.connect(self._go_on)
        self._leave.clicked.connect(self.close)
        self.clients.look_again_asked.connect(self._look)
        self.rules.learn_asked.connect(self._learn)
        self.secrets.look_asked.connect(self._look_at_keyring)
        self.applying.apply_asked.connect(self._apply)
        self.applying.look_again_asked.connect(self._look)
        self.trying.call_asked.connect(self._send_call)
        for page in self._pages:
            page.changed.connect(self._chosen)

    def _welcome(self) -> FirstRunPage:
        page = FirstRunPage(
            self.machine,
            self.tr("Welcome to Approver"),
            self.tr(
                "Approver stands between your AI clients and their tools: it lets through what your rules allow, and "
                "asks you about the rest. In a few steps it takes over the servers that your clients have."
            ),
        )
        page.body.addWidget(PlainLabel(self.tr("Nothing changes yet. You see every change before it is made.")))
        page.body.addStretch(1)
        return page

    def _lay_out(self) -> None:
        unit = em(self.font())
        steps = {
            self.tr("Welcome"): self._welcome(),
            self.tr("Clients"): self.clients,
            self.tr("Servers"): self.servers,
            self.tr("Rules"): self.rules,
            self.tr("Secrets"): self.secrets,
            self.tr("Apply"): self.applying,
            self.tr("Try it"): self.trying,
        }
        aside = QWidget()
        aside.setProperty("role", "steps")
        aside.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(aside)
        column.setContentsMargins(*[round(unit * 1.1)] * 4)
        column.setSpacing(round(unit * 0.75))
        self._titles = list(steps)
        for number, (name, page) in enumerate(steps.items(), start=1):
            label = PlainLabel(f"{number}  {name}", wraps=False)
            self._names.append(label)
            column.addWidget(label)
            self._pages.append(page)
            self._stack.addWidget(page)
        column.addStretch(1)
        aside.setMinimumWidth(round(unit * 8.5))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(aside)
        layout.addLayout(self._right(unit), 1)
        self.resize(QSize(round(unit * 46), round(unit * 34)).boundedTo(self.screen().availableSize() * 0.9))

    def _right(self, unit: float) -> QVBoxLayout:
        right = QVBoxLayout()
        right.setContentsMargins(*[round(unit * 1.4)] * 4)
        right.setSpacing(round(unit * 0.9))
        right.addWidget(self._stack, 1)
        row = QHBoxLayout()
        row.setSpacing(round(unit * 0.6))
        row.addWidget(self._leave)
        row.addWidget(self._hint, 1)
        row.addWidget(self.back)
        row.addWidget(self.onward)
        right.addLayout(row)
        return right
