"""The page with the rules: a server's policy as table and text, checked as it is typed, put in force by Apply alone.

server ──> Draft ──text──> editor ──300 ms after the last key──> Draft.check ──> underlines, list of mistakes, state
Apply ──Draft.save──> the policy's file ──(the engine watches it)──> in force
"""

from typing import Any

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from approver.clock import Clock
from approver.desktop.paths import Paths
from approver.policy.edits import TextEdit, put
from approver.policy.positions import escape, read, spans
from approver.policy.problems import Problem
from approver.policy.rules import Default
from approver.policy.tool_rows import Kind, rows, set_kind, set_limit
from approver.ui.announcements import announce
from approver.ui.bridge import Bridge
from approver.ui.changed_banner import ChangedBanner
from approver.ui.empty_note import EmptyNote
from approver.ui.headings import field_name, page_title
from approver.ui.plain_label import PlainLabel
from approver.ui.policy_choices import policy_choices
from approver.ui.problem_list import ProblemList
from approver.ui.rules_draft import Draft
from approver.ui.rules_editor import RulesEditor
from approver.ui.rules_of_tool import RulesOfTool, conditions_from
from approver.ui.rules_table import RulesTable
from approver.ui.rules_trial import RulesTrial
from approver.ui.rules_words import in_force_in_words, state_in_words
from approver.ui.theme import em
from approver.ui.tool_uses import ToolUses
from approver.visible import make_visible

CHECK_MILLISECONDS, LOOK_MILLISECONDS = 300, 1000
"""How long after the last key the text is checked; how often the file is looked at."""


class RulesPage(QWidget):
    """Shows and edits one server's policy at a time; the text typed for another waits meanwhile.

    Attributes:
        servers, default, search: Which server; what happens to tools that are not listed; which rows are looked for.
        table, editor: A row for each tool and glob; the text.
        problems: What is wrong with it, one row each.
        trial: What it would change about recorded calls.
        of_tool: The chosen tool's rules one by one.
        draft: What is edited now; None where there is no server.

    Signals: none of its own.
    """

    def __init__(self, bridge: Bridge, clock: Clock, paths: Paths) -> None:
        super().__init__()
        self._bridge = bridge
        self._clock = clock
        self._paths = paths
        self._drafts: dict[str, Draft] = {}
        self._tools: dict[str, tuple[str, ...]] = {}
        self.draft: Draft | None = None
        self.servers = QComboBox()
        self.default = QComboBox()
        self.search = QLineEdit()
        self.table = RulesTable()
        self.editor = RulesEditor()
        self.problems = ProblemList(self.tr("Mistakes in the rules"))
        self.trial = RulesTrial(clock, paths)
        self._uses = ToolUses(self.trial.reading, clock, self.table.rules.set_uses)
        self.of_tool = RulesOfTool()
        self._state = PlainLabel(role="muted")
        self._none = EmptyNote("rules")
        self._parts: tuple[QWidget, ...] = ()
        self._banner = ChangedBanner()
        self._apply = QPushButton(self.tr("&Apply"))
        self._discard = QPushButton(self.tr("&Discard changes"))
        self._soon = QTimer(self, singleShot=True, interval=CHECK_MILLISECONDS)
        self._sometime = QTimer(self, interval=LOOK_MILLISECONDS)
        self._lay_out()
        self._connect()

    # -- which rules -----------------------------------------------------------------------------------------------

    def list_servers(self) -> None:
        """Offer the servers that there are now; the chosen one stays chosen."""
        choices = policy_choices(self._paths)
        chosen = self.servers.currentData()
        if [*choices] != [self.servers.itemData(row) for row in range(self.servers.count())]:
            self.servers.blockSignals(True)
            self.servers.clear()
            for name, label in choices.items():
                self.servers.addItem(label, name)
            self.servers.setCurrentIndex(max(0, self.servers.findData(chosen)) if choices else -1)
            self.servers.blockSignals(False)
        self._choose()

    def show_server(self, server: str) -> None:
        """Show the rules of one server."""
        self.servers.setCurrentIndex(self.servers.findData(server))

    def _choose(self) -> None:
        server = self.servers.currentData()
        if server is None:
            self.draft = None
        else:
            if server not in self._drafts:
                self._drafts[server] = Draft(self._paths.policies / f"{server}.json", self)
            if self.draft is not self._drafts[server]:
                self.draft = self._drafts[server]
                self.editor.show_document(self.draft.document)
                self.table.chosen = ""
                self.table.rules.set_rows(())
                self.editor.setAccessibleName(self.tr("Rules of {server}, as JSON").format(server=make_visible(server)))
            self.draft.look()
            self._bridge.ask_tools(server)
            self._uses.ask(server)
        self._none.setVisible(self.draft is None)
        for part in self._parts:
            part.setVisible(self.draft is not None)
        self.editor.setEnabled(self.draft is not None)
        self._show_check()

    # -- what was typed --------------------------------------------------------------------------------------------

    def _typed(self) -> None:
        self._soon.start()
        self._show_buttons()

    def check(self) -> None:
        """Check the text and show what is wrong with it."""
        self._soon.stop()
        if self.draft is not None:
            said = self._state.text()
            self.draft.check()
            self._show_check()
            if self._state.text() != said:
                announce(self.editor, self._state.text())

    def _show_check(self) -> None:
        problems = self.draft.problems if self.draft is not None else ()
        self.editor.underline(problems)
        self.problems.show_problems(problems, self.height() / 4)
        self._show_default()
        self._show_table()
        self._show_buttons()
        self._say_state(state_in_words(self.draft, self._clock.now()) if self.draft is not None else "")

    def _show_table(self) -> None:
        """What the text says now; while it says nothing sound, what it said before, not to be edited."""
        policy = self.draft.policy if self.draft is not None else None
        self.trial.set_draft(self.servers.currentData() or "", policy)
        self.table.setEnabled(policy is not None)
        if policy is not None:
            self.table.rules.set_rows(rows(policy, self._tools.get(self.servers.currentData(), ())))
        elif self.draft is None:
            self.table.rules.set_rows(())
        self.search.setPlaceholderText(self.tr("among {count}").format(count=len(self.table.rules.rows)))
        self._show_of_tool()

    def _show_of_tool(self) -> None:
        policy = self.draft.policy if self.draft is not None else None
        self.of_tool.show_rules(self.draft.text if self.draft is not None else "", policy, self.table.chosen)

    def _choose_tool(self, tool: str) -> None:
        self.of_tool.know_arguments({})
        self._bridge.ask_arguments(self.servers.currentData() or "", tool)
        self._show_of_tool()

    def _heard_arguments(self, server: str, tool: str, paths: dict[str, str]) -> None:
        if (server, tool) == (self.servers.currentData(), self.table.chosen):
            self.of_tool.know_arguments(paths)

    def make_rule(self, server: str, tool: str, arguments: dict[str, Any]) -> None:
        """Open the form for a rule about a recorded call; nothing is put into the text yet."""
        self.list_servers()
        self.show_server(server)
        if self.servers.currentData() != server or self.draft is None or self.draft.policy is None:
            said = self.tr("No rule can be made for {server} now: it is gone, or its rules have mistakes.")
            self._say_state(said.format(server=make_visible(server)))
            return
        if not self.table.choose(tool):
            self.table.clearSelection()
            self.table.chosen = tool
        self._choose_tool(tool)
        self.of_tool.open_rule_form(conditions=conditions_from(arguments))

    def _heard_tools(self, server: str, names: tuple[str, ...]) -> None:
        if self._tools.get(server, ()) != names:
            self._tools[server] = names
            self._show_table()

    def _show_default(self) -> None:
        policy = self.draft.policy if self.draft is not None else None
        self.default.setEnabled(policy is not None)
        self.default.setCurrentIndex(self.default.findData(policy.default) if policy is not None else -1)

    def _show_buttons(self) -> None:
        draft = self.draft
        is_changed = draft is not None and draft.is_changed
        is_outdated = draft is not None and draft.is_outdated
        self._banner.setVisible(is_outdated)
        self._apply.setEnabled(is_changed and not is_outdated)
        self._discard.setEnabled(is_changed and draft is not None and draft.seen is not None)

    def _say_state(self, sentence: str) -> None:
        self._state.setText(sentence)
        self.editor.setAccessibleDescription(sentence)

    # -- what the person does --------------------------------------------------------------------------------------

    def apply(self) -> None:
        """Put the text in force, unless it has mistakes or the file changed meanwhile."""
        draft = self.draft
        if draft is None or not self._apply.isEnabled():
            return
        fault = ""
        try:
            draft.save()
        except OSError as error:
            fault = self.tr("{path} cannot be written: {reason}.").format(
                path=make_visible(str(draft.path)), reason=error.strerror or str(error)
            )
        self._soon.stop()
        self._show_check()
        if fault:
            self._say_state(f"{fault} {in_force_in_words(draft, self._clock.now(), stays=True)}")
        if draft.problems:
            self.editor.go_to(draft.problems[0])
        announce(self.editor, self._state.text())

    def discard(self) -> None:
        """Go back to what the file says; undo brings the text back."""
        if self.draft is not None:
            self.draft.load()
            self._soon.stop()
            self._show_check()

    def _keep_mine(self) -> None:
        if self.draft is not None:
            self.draft.keep()
            self._show_check()

    def _set_default(self) -> None:
        default = self.default.currentData()
        if self.draft is None or default is None:
            return
        edit = put(read(self.draft.text), ("default",), default.value)
        if edit is not None and self.draft.policy is not None and self.draft.policy.default is not default:
            self._edit(edit)

    def _set_kind(self, key: str, kind: Kind) -> None:
        if self.draft is None:
            return
        is_listed = self.draft.policy is not None and key in self.draft.policy.tools
        start = kind if kind is not Kind.CUSTOM or is_listed else Kind.ASK  # to be written on from there
        self._edit(*set_kind(self.draft.text, key, start))
        if kind is Kind.CUSTOM:
            self._go_to_rules(key)

    def _go_to_rules(self, key: str) -> None:
        """Put the cursor to where the key's rules stand in the text."""
        assert self.draft is not None
        reading = read(self.draft.text)
        if reading.root is not None:
            pointer = f"/tools/{escape(key)}"
            line, column = reading.locate(spans(reading.root)[pointer][0])
            self.editor.go_to(Problem(pointer, "", line=line, column=column))

    def _set_limit(self, key: str, limit: tuple[int, str] | None) -> None:
        if self.draft is not None:
            self._edit(*set_limit(self.draft.text, key, limit))

    def _edit(self, *edits: TextEdit) -> None:
        """Change pieces of the text, unless something was typed meanwhile that makes no sense."""
        assert self.draft is not None
        self.draft.check()
        if self.draft.policy is not None:
            self.draft.edit(*edits)
        self._soon.stop()
        self._show_check()

    def _look(self) -> None:
        if self.draft is not None:
            self._bridge.ask_tools(self.servers.currentData())
        if self.draft is not None and self.draft.look():
            self._show_check()
            announce(self.editor, self._state.text())

    def showEvent(self, event: QShowEvent) -> None:
        """See what there is now, and go on looking."""
        super().showEvent(event)
        self.list_servers()
        self._sometime.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest while nobody looks. What was typed stays."""
        super().hideEvent(event)
        self._sometime.stop()

    def changeEvent(self, event: QEvent) -> None:
        """Another palette means other colours in the text."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            for draft in self._drafts.values():
                draft.highlighter.dress()
            self.editor.underline(self.draft.problems if self.draft is not None else ())

    # -- building --------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        self.servers.currentIndexChanged.connect(self._choose)
        self.default.activated.connect(self._set_default)
        self.search.textChanged.connect(self.table.search)
        self.table.rules.kind_wanted.connect(self._set_kind)
        self.table.rules.limit_wanted.connect(self._set_limit)
        self.table.key_chosen.connect(self._choose_tool)
        self.of_tool.edits_wanted.connect(lambda edits: self._edit(*edits))
        self._bridge.tools_told.connect(self._heard_tools)
        self._bridge.arguments_told.connect(self._heard_arguments)
        self.editor.textChanged.connect(self._typed)
        self._soon.timeout.connect(self.check)
        self._sometime.timeout.connect(self._look)
        self.problems.chosen.connect(self.editor.go_to)
        self._apply.clicked.connect(self.apply)
        self._discard.clicked.connect(self.discard)
        self._banner.load.clicked.connect(self.discard)
        self._banner.keep.clicked.connect(self._keep_mine)
        save = QShortcut(QKeySequence(QKeySequence.StandardKey.Save), self, self.apply)
        save.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def _lay_out(self) -> None:
        unit = em(self.font())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[round(unit * 1.2)] * 4)
        layout.setSpacing(round(unit * 0.7))
        layout.addLayout(self._head())
        self._none.setText(self.tr("There is no server yet. Add one first; its rules are written here."))
        self.editor.setProperty("role", "field")
        self._apply.setToolTip(self.tr("Ctrl+S"))
        foot = QHBoxLayout()
        foot.setSpacing(round(unit * 0.6))
        for part, stretch in ((self._state, 1), (self._discard, 0), (self._apply, 0)):
            foot.addWidget(part, stretch)
        layout.addWidget(self._banner)
        layout.addWidget(self._none, 1)
        views = QSplitter(Qt.Orientation.Horizontal)
        left = QSplitter(Qt.Orientation.Vertical)
        views.setObjectName("rules")
        left.setObjectName("rules-left")
        for splitter, held in ((left, (self.table, self.of_tool)), (views, (left, self.editor))):
            for view in held:
                splitter.addWidget(view)
            splitter.setChildrenCollapsible(False)
        left.setStretchFactor(0, 1)
        left.setSizes([round(unit * 30), round(unit * 9)])
        views.setHandleWidth(round(unit * 0.7))
        views.setSizes([round(unit * 32), round(unit * 22)])
        self._parts += (views, self.trial, self._discard, self._apply)
        layout.addWidget(views, 1)
        layout.addWidget(self.problems)
        layout.addWidget(self.trial)
        layout.addLayout(foot)

    def _head(self) -> QHBoxLayout:
        self.default.addItem(self.tr("Deny"), Default.DENY)
        self.default.addItem(self.tr("Ask"), Default.REQUIRE_APPROVAL)
        self.default.addItem(self.tr("Allow"), Default.ALLOW)
        head = QHBoxLayout()
        head.setSpacing(round(em(self.font()) * 0.6))
        head.addWidget(page_title(self.tr("Rules")), 1)
        self.servers.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.search.setClearButtonEnabled(True)
        self.search.setMaximumWidth(round(em(self.font()) * 12))
        fields: tuple[tuple[str, QWidget], ...] = (
            (self.tr("&Find:"), self.search),
            (self.tr("&Server:"), self.servers),
            (self.tr("&Tools not listed:"), self.default),
        )
        for text, box in fields:
            label = field_name(text, box)
            self._parts += (label, box)
            head.addWidget(label)
            head.addWidget(box)
        return head
