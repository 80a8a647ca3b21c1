"""Tests a server's start: a button, what the server prints meanwhile, and what it is and has, or why it does not work.

    button ──WorkshopBridge──> the engine starts it, asks it, ends it ──lines, TrialEnd──> the pane

What was found of one server waits while another is looked at.
"""

from dataclasses import dataclass, field

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from approver.approvals.presentation import short_name
from approver.servers import Server
from approver.ui.announcements import announce
from approver.ui.bridge_workshop import WorkshopBridge
from approver.ui.marks import drawable
from approver.ui.plain_label import PlainLabel
from approver.ui.row_table import RowTable
from approver.ui.theme import em, monospace
from approver.ui.trial_tools_model import Column, TrialToolsModel
from approver.visible import make_visible
from approver.workshop import SaidLine, TrialEnd


@dataclass(slots=True)
class _Trial:
    """What is known of one server's last trial."""

    lines: list[SaidLine] = field(default_factory=list)
    end: TrialEnd | None = None
    is_stopping: bool = False


class ServerTrial(QWidget):
    """One server's trial at a time.

    Attributes:
        tools: The tools that were found.
        output: What the server printed that is no message.
        running: The name of the server that is being tried; None: none is.

    Signals: none of its own.
    """

    def __init__(self, workshop: WorkshopBridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workshop = workshop
        self._server: Server | None = None
        self._trials: dict[str, _Trial] = {}
        self.running: str | None = None
        self.tools = TrialToolsModel(self)
        self.output = QPlainTextEdit()
        self._table = RowTable(self.tools, self.tr("Tools of the server"), Column.DESCRIPTION)
        self._do = QPushButton()
        self._words = PlainLabel(role="muted")
        self._lay_out()
        self._do.clicked.connect(self.toggle)
        workshop.trial_told.connect(self._told)
        workshop.trial_ended.connect(self._ended)
        self.set_server(None)

    def set_server(self, server: Server | None) -> None:
        """Show this one's trial."""
        self._server = server
        self._show()

    def toggle(self) -> None:
        """Begin, or end what was begun."""
        if self.running is not None:
            self._trials[self.running].is_stopping = True
            self._workshop.stop_trial()
        elif self._server is not None:
            self.running = self._server.name
            self._trials[self.running] = _Trial()
            self._workshop.try_server(self._server)
        self._show()

    def forget(self, server: str) -> None:
        """What was found of a server that was edited or removed is about another one."""
        if server != self.running and self._trials.pop(server, None) is not None:
            self._show()

    def engine_stopped(self) -> None:
        """Hear that nothing runs any more."""
        self.running = None
        self._trials = {name: trial for name, trial in self._trials.items() if trial.end is not None}
        self._show()

    # -- what comes ------------------------------------------------------------------------------------------------

    def _told(self, lines: tuple[SaidLine, ...]) -> None:
        if self.running is None:
            return
        self._trials[self.running].lines += lines
        if self._server is not None and self._server.name == self.running:
            self.output.appendPlainText(self._as_text(lines))

    def _ended(self, end: TrialEnd) -> None:
        if end.server == self.running:
            self.running = None
            self._trials[end.server].end = end
            self._show()
            announce(self, self._words.text())

    # -- what is shown ---------------------------------------------------------------------------------------------

    def _show(self) -> None:
        trial = self._trials.get(self._server.name) if self._server is not None else None
        running = self._trials[self.running] if self.running is not None else None
        self._do.setText(self.tr("&Test the start") if running is None else self.tr("S&top the test"))
        self._do.setEnabled(self._server is not None and not (running is not None and running.is_stopping))
        found = trial.end.found if trial is not None and trial.end is not None else None
        self.tools.set_tools(found.tools if found is not None else ())
        self._table.setVisible(bool(found and found.tools))
        self.output.setPlainText(self._as_text(tuple(trial.lines)) if trial is not None else "")
        self.output.setVisible(trial is not None)
        is_fault = trial is not None and trial.end is not None and bool(trial.end.fault)
        self._words.set_role("warning" if is_fault else "muted")
        self._words.setText(drawable(self._sentence(trial), self.font()))

    def _sentence(self, trial: _Trial | None) -> str:
        if trial is None:
            if self.running is not None:
                return self.tr("Another server is being tested: {server}.").format(server=make_visible(self.running))
            return self.tr(
                "Starts the server as a client would, asks it for its tools, and ends it again. No tool is called."
            )
        if trial.end is None:
            return self.tr("Ending it…") if trial.is_stopping else self.tr("Waiting for the server's answer…")
        if trial.end.found is None:
            return make_visible(trial.end.fault) if trial.end.fault else self.tr("You stopped the test.")
        return self._found_in_words(trial.end)

    def _found_in_words(self, end: TrialEnd) -> str:
        found = end.found
        assert found is not None
        one = self.tr("It works. It calls itself {name}, speaks MCP {revision} and has 1 tool. ({seconds} s)")
        many = self.tr("It works. It calls itself {name}, speaks MCP {revision} and has {count} tools. ({seconds} s)")
        name = f"“{short_name(f'{found.name} {found.version}'.strip())}”"
        return (one if len(found.tools) == 1 else many).format(
            name=name,
            revision=short_name(found.revision),
            count=len(found.tools),
            seconds=self.locale().toString(end.seconds, "f", 1),
        )

    def _as_text(self, lines: tuple[SaidLine, ...]) -> str:
        font = self.output.font()
        return "\n".join(f"{line.source}: {drawable(make_visible(line.text), font)}" for line in lines)

    def changeEvent(self, event: QEvent) -> None:
        """Another palette means other icons."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self.tools.dress()

    def _lay_out(self) -> None:
        unit = em(self.font())
        self.output.setReadOnly(True)
        self.output.setTabChangesFocus(True)
        self.output.setAccessibleName(self.tr("What the server prints"))
        self.output.setProperty("role", "block")
        self.output.setFont(monospace(self))
        line = QHBoxLayout()
        line.setSpacing(round(unit * 0.6))
        line.addWidget(self._words, 1)
        line.addWidget(self._do, 0, Qt.AlignmentFlag.AlignTop)
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.setChildrenCollapsible(False)
        parts.addWidget(self._table)
        parts.addWidget(self.output)
        parts.setSizes([round(unit * 14), round(unit * 6)])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, round(unit * 0.7), 0, 0)
        layout.setSpacing(round(unit * 0.6))
        layout.addLayout(line)
        layout.addWidget(parts, 1)
