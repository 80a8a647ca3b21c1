"""The last pages of the first start: the change as it will be made, and a call that is really asked about."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from approver.approvals.presentation import quoted_if_odd
from approver.clients.planning import FilePlan, Plan
from approver.desktop.autostart import LoginItem
from approver.first_run.machine import FirstRun
from approver.first_run.trial_call import CallEnd, CallResult
from approver.masking import mask_text
from approver.taking_over import FileOutcome
from approver.ui.change_block import ChangeBlock
from approver.ui.first_run_page import FirstRunPage, cleared
from approver.ui.launch_at_login import LaunchAtLogin
from approver.ui.plain_label import PlainLabel
from approver.ui.theme import em
from approver.visible import make_visible


class ApplyPage(FirstRunPage):
    """What is going to change, to the letter.

    Attributes:
        apply: Makes the change.
        plan: What is shown; None: nothing yet.

    Signals:
        changed: As all pages have it.
        apply_asked: Make the change that is shown.
        look_again_asked: Read the files anew, and show what is left to do.
    """

    apply_asked = Signal(object)
    look_again_asked = Signal()

    def __init__(self, machine: FirstRun) -> None:
        super().__init__(
            machine,
            self.tr("What will change"),
            self.tr("Each file is kept beside the new one, and approver client disconnect puts its entries back."),
        )
        self.plan: Plan | None = None
        self.apply = QPushButton(self.tr("&Apply"))
        self._again = QPushButton(self.tr("&Look again"))
        self._news = PlainLabel()
        self._files = QVBoxLayout()
        self._files.setSpacing(round(em(self.font()) * 0.8))
        self._problem = PlainLabel(role="warning")
        row = QHBoxLayout()
        row.addWidget(self.apply)
        row.addWidget(self._again)
        row.addStretch(1)
        for widget in (self._news, self._problem):
            self.body.addWidget(widget)
        self.body.addLayout(self._files)
        self.body.addLayout(row)
        self.body.addStretch(1)
        self.apply.clicked.connect(self._apply)
        self._again.clicked.connect(self.look_again_asked)
        self.say("")

    def show_plan(self, plan: Plan) -> None:
        """Show what is to be done."""
        self.plan = plan
        names = ", ".join(quoted_if_odd(server.name) for server in plan.servers)
        news = self.tr("New in Approver: {names}.").format(names=names) if names else ""
        self._news.setText(news or self.tr("Approver has these servers already."))
        cleared(self._files)
        for file in plan.files:
            self._files.addWidget(self._change(file))
        self.apply.setEnabled(bool(plan.files))
        self.apply.setVisible(True)
        self.say("")

    def show_outcomes(self, outcomes: tuple[FileOutcome, ...]) -> None:
        """Show what was done, file by file."""
        cleared(self._files)
        for outcome in outcomes:
            self._files.addWidget(self._outcome(outcome))
        has_failed = any(outcome.connection is None for outcome in outcomes)
        self.apply.setVisible(False)
        self._again.setVisible(has_failed)
        self._news.setText(
            self.tr("Some files were left as they were. You can go on, or look again.")
            if has_failed
            else self.tr("Done. Restart these clients, so that they read their files anew.")
        )

    def say(self, problem: str) -> None:
        """Say what keeps the change from being made; empty: nothing does."""
        self._problem.setText(make_visible(problem))
        self._problem.setVisible(bool(problem))
        self._again.setVisible(bool(problem))
        self.apply.setEnabled(self.plan is not None and bool(self.plan.files))

    def _apply(self) -> None:
        self.apply.setEnabled(False)
        self.apply_asked.emit(self.plan)

    def _change(self, file: FilePlan) -> QWidget:
        card, layout = self._card()
        title = self.tr("{client}: {path}").format(
            client=quoted_if_odd(file.file.client.name), path=make_visible(str(file.file.path))
        )
        layout.addWidget(PlainLabel(title, role="strong"))
        if file.file.project is not None:
            shared = self.tr("This file may be shared with others, who do not have Approver where you have it.")
            layout.addWidget(PlainLabel(shared, role="warning"))
        block = ChangeBlock(self.tr("The change to {path}").format(path=file.file.path), most_lines=18, is_diff=True)
        block.set_text("\n".join(mask_text(file.diff).splitlines()[2:]))  # its first two lines name the file
        layout.addWidget(block)
        return card

    def _outcome(self, outcome: FileOutcome) -> QWidget:
        card, layout = self._card()
        path = make_visible(str(outcome.file.path))
        if outcome.connection is None:
            layout.addWidget(PlainLabel(make_visible(outcome.fault), role="warning"))
        else:
            layout.addWidget(PlainLabel(self.tr("{path} was changed.").format(path=path), role="strong"))
            backup = make_visible(str(outcome.connection.backup))
            kept = self.tr("As it was: {backup}. What was secret in it still stands there.").format(backup=backup)
            layout.addWidget(PlainLabel(kept, role="muted"))
        return card

    def _card(self) -> tuple[QWidget, QVBoxLayout]:
        card = QFrame()
        card.setProperty("role", "block")
        layout = QVBoxLayout(card)
        layout.setSpacing(round(em(self.font()) * 0.35))
        return card, layout


class TryPage(FirstRunPage):
    """A call to see how it feels.

    Attributes:
        send: Sends the call.
        login: Whether to start at login.

    Signals:
        changed: As all pages have it.
        call_asked: Send the test call.
    """

    call_asked = Signal()

    def __init__(self, machine: FirstRun, item: LoginItem | None) -> None:
        super().__init__(
            machine,
            self.tr("Try it"),
            self.tr("A test call goes the whole way of a real one. It does nothing, whatever you answer."),
        )
        self.send = QPushButton(self.tr("&Send a test call"))
        self.login = LaunchAtLogin(item)
        self._told = PlainLabel()
        row = QHBoxLayout()
        row.addWidget(self.send)
        row.addStretch(1)
        self.body.addLayout(row)
        self.body.addWidget(self._told)
        self.body.addSpacing(round(em(self.font()) * 1.2))
        self.body.addWidget(self.login)
        self.body.addStretch(1)
        self.send.clicked.connect(self.call_asked)
        self._told.hide()

    @property
    def words(self) -> str:
        """What is said of the test call."""
        return self._told.text()

    def set_waiting(self) -> None:
        """The call is on its way."""
        self.send.setEnabled(False)
        self._say(self.tr("The call is on its way. Approver's dialog opens beside this window: answer there."), "")

    def show_result(self, result: CallResult) -> None:
        """Say what came back."""
        self.send.setEnabled(True)
        words = {
            CallEnd.ALLOWED: self.tr("You allowed it, and the agent got its answer: {text}"),
            CallEnd.DENIED: self.tr("You denied it, and the agent reads: {text}"),
            CallEnd.EXPIRED: self.tr("Nobody answered in time, so nothing was run. The agent reads: {text}"),
            CallEnd.FAILED: self.tr("The test call did not work: {text}"),
        }
        is_fault = result.end is CallEnd.FAILED
        self._say(words[result.end].format(text=make_visible(result.text)), "warning" if is_fault else "strong")

    def _say(self, text: str, role: str) -> None:
        self._told.set_role(role)
        self._told.setText(text)
        self._told.show()
