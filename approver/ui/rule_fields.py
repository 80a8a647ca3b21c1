"""The fields of a rule: what becomes of the call, under which conditions, and what is said. A rule comes out."""

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from approver.policy.rule_edits import Entry
from approver.ui.condition_row import ConditionRow
from approver.ui.plain_label import PlainLabel
from approver.ui.rule_words import section_words
from approver.ui.theme import em

_SECTIONS = ("deny_if", "require_approval", "require")


class RuleFields(QWidget):
    """Fields for one rule.

    Attributes:
        section: Which list of rules it stands in.
        message: What the agent reads, or the person.
        more: Adds a condition.

    Signals:
        changed: Something else stands there.
    """

    changed = Signal()

    def __init__(self, paths: Iterable[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._paths = tuple(paths)
        self._rows: list[ConditionRow] = []
        self.section = QComboBox()
        self.message = QLineEdit()
        self.more = QPushButton(self.tr("Another &condition"))
        self._message_label = QLabel()
        self._conditions = QVBoxLayout()
        self._always = PlainLabel(self.tr("No condition: it always holds."), role="muted")
        self._lay_out()
        self.section.currentIndexChanged.connect(self._section_chosen)
        self.message.textChanged.connect(self.changed)
        self.more.clicked.connect(self._add_another)
        self._section_chosen()

    @property
    def rows(self) -> tuple[ConditionRow, ...]:
        """The conditions, from top to bottom."""
        return tuple(self._rows)

    def show_entry(self, entry: Entry) -> None:
        """Begin with this rule."""
        self.section.setCurrentIndex(self.section.findData(entry.section))
        for condition in entry.value["conditions"]:
            self.add_condition(condition)
        self.message.setText(entry.value.get("on_deny") or entry.value.get("reason") or "")

    def add_condition(self, condition: dict[str, Any]) -> ConditionRow:
        """Add a row below the others."""
        row = ConditionRow(self._paths)
        row.show_condition(condition)
        row.changed.connect(self.changed)
        row.removed.connect(lambda: self._remove(row))
        before = self._rows[-1].away if self._rows else self.section
        self._rows.append(row)
        self._conditions.addWidget(row)
        self.setTabOrder(before, row.path)
        self._show_always()
        return row

    def said(self) -> tuple[str, dict[str, Any]]:
        """The section and the rule. Raises `ValueError` with a sentence where a value is no JSON."""
        section: str = self.section.currentData()
        rule: dict[str, Any] = {"conditions": [row.condition for row in self._rows]}
        if message := self.message.text().strip():
            rule["reason" if section == "require_approval" else "on_deny"] = message
        return section, rule

    def _add_another(self) -> None:
        self.add_condition({}).path.setFocus()

    def _remove(self, row: ConditionRow) -> None:
        self._rows.remove(row)
        self._conditions.removeWidget(row)
        row.hide()
        row.deleteLater()
        self._show_always()
        self.more.setFocus()

    def _show_always(self) -> None:
        self._always.setVisible(not self._rows)
        self.changed.emit()

    def _section_chosen(self) -> None:
        asks = self.section.currentData() == "require_approval"
        label = self.tr("Tell the &person why:") if asks else self.tr("Tell the &agent why:")
        self._message_label.setText(label)
        self.message.setAccessibleName(label.replace("&", "").rstrip(":"))
        self.changed.emit()

    def _lay_out(self) -> None:
        unit = em(self.font())
        for section in _SECTIONS:
            self.section.addItem(section_words(section), section)
        self.section.setAccessibleName(self.tr("What becomes of the call"))
        self.message.setPlaceholderText(self.tr("optional"))
        self._message_label.setBuddy(self.message)
        self.more.setAutoDefault(False)
        self._conditions.setSpacing(round(unit * 0.4))
        message = QHBoxLayout()
        message.setSpacing(round(unit * 0.6))
        message.addWidget(self._message_label)
        message.addWidget(self.message, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(round(unit * 0.6))
        for part in (_leading(self.section), self._always, self._conditions, _leading(self.more), message):
            layout.addWidget(part) if isinstance(part, QWidget) else layout.addLayout(part)
        layout.addStretch(1)


def _leading(widget: QWidget) -> QHBoxLayout:
    """The widget at the line's start, as wide as it needs."""
    line = QHBoxLayout()
    line.addWidget(widget)
    line.addStretch(1)
    return line
