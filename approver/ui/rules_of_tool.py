"""The single rules and limits of the tool that is chosen in the table, each a sentence; added, edited, taken away.

    policy, key ──show──> sentences      a form ──wanted──> text edits ──`edits_wanted`──> the page's draft

What the default or a glob says of the tool goes on to hold beside a rule that is added.
"""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from approver.policy.document import Policy, PolicyInvalid, parse
from approver.policy.edits import TextEdit
from approver.policy.rule_edits import Entry, add, change, entries, take_away
from approver.policy.rules import Default
from approver.ui.form_window import FormWindow
from approver.ui.limit_fields import LimitFields
from approver.ui.plain_label import PlainLabel
from approver.ui.rule_fields import RuleFields
from approver.ui.rule_words import in_words
from approver.ui.theme import em
from approver.visible import make_visible

LONGEST_NAME = 60
LONGEST_VALUE = 200
MASK = "•••"


class RulesOfTool(QWidget):
    """A list of sentences with the buttons that change them.

    Attributes:
        sentences: The list.
        form: The form that is open, or None.

    Signals:
        edits_wanted: What to change in the text, one after the other.
    """

    edits_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = ""
        self._text = ""
        self._policy: Policy | None = None
        self._paths: Mapping[str, str] = {}
        self.form: FormWindow | None = None
        self.sentences = QListWidget()
        self._title = PlainLabel(role="muted", wraps=False)
        self.add_rule = QPushButton(self.tr("Add &rule…"))
        self.add_limit = QPushButton(self.tr("Add li&mit…"))
        self.edit = QPushButton(self.tr("&Edit…"))
        self.remove = QPushButton(self.tr("Remo&ve"))
        self._lay_out()
        self.sentences.itemSelectionChanged.connect(self._show_buttons)
        self.sentences.itemActivated.connect(lambda _: self._edit())
        self.add_rule.clicked.connect(lambda: self.open_rule_form())
        self.add_limit.clicked.connect(self._open_limit_form)
        self.edit.clicked.connect(self._edit)
        self.remove.clicked.connect(self._remove)

    def show_rules(self, text: str, policy: Policy | None, key: str) -> None:
        """Show what stands under a key; without a policy, or a key, there is nothing to show."""
        if (text, policy, key) == (self._text, self._policy, self._key):
            return
        if key != self._key and self.form is not None:
            self.form.close()
        chosen = self.sentences.currentRow()
        self._text, self._policy, self._key = text, policy, key
        self.sentences.clear()
        for entry in entries(policy, key) if policy is not None and key else ():
            item = QListWidgetItem(in_words(entry), self.sentences)
            item.setData(Qt.ItemDataRole.UserRole, entry)
        self.sentences.setCurrentRow(min(chosen, self.sentences.count() - 1))
        self._title.setText(self._headline())
        self._show_buttons()

    def know_arguments(self, paths: Mapping[str, str]) -> None:
        """Propose these arguments in forms: paths, with the type of each."""
        self._paths = paths

    def open_rule_form(self, *, section: str = "deny_if", conditions: tuple[dict[str, Any], ...] | None = None) -> None:
        """Open the form for a new rule, with these conditions; None: with one to be filled in."""
        fields = RuleFields(self._paths)
        wanted = ({},) if conditions is None else conditions
        fields.show_entry(Entry(section, 0, {"conditions": wanted}))
        heading = self.tr("A rule for {tool}").format(tool=self._name)
        self._open(FormWindow(heading, fields, fields.said, self._problems_of_new, self), fields, self._put_new)

    def _open_limit_form(self) -> None:
        fields = LimitFields(self._paths, self._free_counter())
        heading = self.tr("A limit for {tool}").format(tool=self._name)
        self._open(FormWindow(heading, fields, fields.said, self._problems_of_new, self), fields, self._put_new)

    def _edit(self) -> None:
        entry = self._chosen
        if entry is None:
            return
        fields: RuleFields | LimitFields
        if entry.section == "limits":
            fields, heading = LimitFields(self._paths, ""), self.tr("A limit for {tool}")
        else:
            fields, heading = RuleFields(self._paths), self.tr("A rule for {tool}")
        fields.show_entry(entry)

        def problems(section: str, value: dict[str, Any]) -> tuple[str, ...]:
            return self._problems_of(change(self._text, self._key, entry, value, section))

        def put(section: str, value: dict[str, Any]) -> None:
            self.edits_wanted.emit(change(self._text, self._key, entry, value, section))

        form = FormWindow(heading.format(tool=self._name), fields, fields.said, problems, self)
        self._open(form, fields, put)

    def _remove(self) -> None:
        if (entry := self._chosen) is not None:
            self.edits_wanted.emit(take_away(self._text, self._key, entry))

    # -- forms -----------------------------------------------------------------------------------------------------

    def _open(self, form: FormWindow, fields: RuleFields | LimitFields, put: Any) -> None:
        if self.form is not None:
            self.form.close()
        self.form = form
        form.setWindowTitle(form.heading.text())
        fields.changed.connect(form.refresh)
        form.wanted.connect(put)
        form.destroyed.connect(lambda: self._closed(form))
        form.refresh()
        form.show()
        form.activateWindow()

    def _closed(self, form: FormWindow) -> None:
        if self.form is form:
            self.form = None

    def _put_new(self, section: str, value: dict[str, Any]) -> None:
        self.edits_wanted.emit(self._new(section, value))

    def _problems_of_new(self, section: str, value: dict[str, Any]) -> tuple[str, ...]:
        return self._problems_of(self._new(section, value))

    def _new(self, section: str, value: dict[str, Any]) -> tuple[TextEdit, ...]:
        return () if self._policy is None else add(self._text, self._policy, self._key, section, value)

    def _problems_of(self, edits: tuple[TextEdit, ...]) -> tuple[str, ...]:
        """What would be wrong with the text; there is nothing to change in one that is wrong already."""
        if self._policy is None or not edits:
            return (self.tr("The rules changed meanwhile. Close this form and open it again."),)
        text = self._text
        for edit in edits:
            text = edit.applied(text)
        try:
            parse(text)
        except PolicyInvalid as invalid:
            return tuple(f"{problem.message}. {problem.hint}".strip() for problem in invalid.problems)
        return ()

    def _free_counter(self) -> str:
        used = {entry.value.get("counter") for entry in entries(self._policy, self._key)} if self._policy else set()
        names = ("calls", *(f"calls_{number}" for number in range(2, len(used) + 3)))
        return next(name for name in names if name not in used)

    # -- what is shown ---------------------------------------------------------------------------------------------

    @property
    def _chosen(self) -> Entry | None:
        item = self.sentences.currentItem()
        found: Entry | None = item.data(Qt.ItemDataRole.UserRole) if item is not None else None
        return found

    @property
    def _name(self) -> str:
        name = self._key if len(self._key) <= LONGEST_NAME else f"{self._key[:LONGEST_NAME]}…"
        return make_visible(name)

    def _headline(self) -> str:
        if not self._key:
            return self.tr("Select a tool to see its rules one by one.")
        if self._policy is None or self._key in self._policy.document.get("tools", {}):
            return self.tr("Rules of {tool}").format(tool=self._name)
        if self._policy.plan(self._key).refusal:
            if self._policy.default is Default.DENY and not self._policy.hides(self._key):
                return self.tr("{tool} is not listed, and so denied; a rule lists it").format(tool=self._name)
            return self.tr("{tool} is hidden, and denied whatever its rules say").format(tool=self._name)
        return self.tr("{tool} has no rules of its own").format(tool=self._name)

    def _show_buttons(self) -> None:
        can_add = self._policy is not None and bool(self._key)
        for button in (self.add_rule, self.add_limit):
            button.setEnabled(can_add)
        for button in (self.edit, self.remove):
            button.setEnabled(self._policy is not None and self._chosen is not None)

    def _lay_out(self) -> None:
        unit = em(self.font())
        self.sentences.setAccessibleName(self.tr("Rules and limits of the chosen tool"))
        self.sentences.setWordWrap(True)
        self.sentences.setProperty("role", "field")
        self.sentences.setMinimumHeight(round(unit * 5))
        remove = QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), self.sentences, self._remove)
        remove.setContext(Qt.ShortcutContext.WidgetShortcut)
        buttons = QHBoxLayout()
        buttons.setSpacing(round(unit * 0.6))
        for button in (self.add_rule, self.add_limit, self.edit, self.remove):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(round(unit * 0.4))
        layout.addWidget(self._title)
        layout.addWidget(self.sentences, 1)
        layout.addLayout(buttons)
        self._show_buttons()


def conditions_from(arguments: Mapping[str, Any]) -> tuple[dict[str, Any], ...]:
    """A condition for each argument of a recorded call that is plain and was not masked when it was written down."""
    return tuple(
        {"path": f"args.{name}", "op": "eq", "value": value}
        for name, value in arguments.items()
        if name
        and "." not in name
        and isinstance(value, str | int | float | bool)
        and not (isinstance(value, str) and (MASK in value or len(value) > LONGEST_VALUE))
    )
