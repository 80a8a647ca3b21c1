"""One condition of a rule as a row: argument, comparison, value; what it says comes out as a policy writes it."""

import json
from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPushButton, QWidget

from approver.policy.match import OPERATORS
from approver.ui.colours import colours_now
from approver.ui.icons import icon
from approver.ui.rule_words import operator_words
from approver.ui.theme import em
from approver.visible import make_visible

ORDER = ("eq", "neq", "regex", "contains", "in", "not_in", "lt", "lte", "gt", "gte", "exists")
assert set(ORDER) == set(OPERATORS)


class ConditionRow(QWidget):
    """Fields for one condition.

    Attributes:
        path, op, value: The fields.
        form: Whether the value is text, or anything as JSON.
        away: Takes the condition away.

    Signals:
        changed: Something else stands there.
        removed: The person wants it gone.
    """

    changed = Signal()
    removed = Signal()

    def __init__(self, paths: Iterable[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.path = QComboBox()
        self.op = QComboBox()
        self.value = QLineEdit()
        self.form = QComboBox()
        self.away = QPushButton()
        self._lay_out(paths)
        self.path.editTextChanged.connect(self.changed)
        self.op.currentIndexChanged.connect(self._operator_chosen)
        self.value.textChanged.connect(self.changed)
        self.form.currentIndexChanged.connect(self.changed)
        self.away.clicked.connect(self.removed)

    def show_condition(self, condition: dict[str, Any]) -> None:
        """Begin with this one."""
        self.path.setEditText(condition.get("path", "args."))
        self.op.setCurrentIndex(self.op.findData(condition.get("op", "eq")))
        value = condition.get("value", "")
        is_text = isinstance(value, str) and "\n" not in value
        self.form.setCurrentIndex(0 if is_text else 1)
        self.value.setText(value if is_text else json.dumps(value, ensure_ascii=False))

    @property
    def condition(self) -> dict[str, Any]:
        """What the row says. Raises `ValueError` with a sentence where its value is no JSON."""
        return {"path": self.path.currentText().strip(), "op": self.op.currentData(), "value": self._value()}

    def _value(self) -> Any:
        text = self.value.text()
        if self.form.currentIndex() == 0:
            return text
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as fault:
            said = self.tr(
                "The value {value} is no JSON ({reason}). Choose “Text”, or write it like 5, true or [1, 2]."
            )
            raise ValueError(said.format(value=make_visible(text) or "“”", reason=fault)) from fault

    def _operator_chosen(self) -> None:
        """Propose the form that the comparison takes, unless something was written."""
        if not self.value.text():
            wants_json = self.op.currentData() in ("lt", "lte", "gt", "gte", "exists", "in", "not_in")
            self.form.setCurrentIndex(1 if wants_json else 0)
            if self.op.currentData() == "exists":
                self.value.setText(json.dumps(True))
        self.changed.emit()

    def _lay_out(self, paths: Iterable[str]) -> None:
        self.path.setEditable(True)
        self.path.addItems([*paths])
        self.path.setEditText("args.")
        self.path.setAccessibleName(self.tr("Argument"))
        self.path.setMinimumContentsLength(14)
        for op in ORDER:
            self.op.addItem(operator_words(op), op)
        self.op.setAccessibleName(self.tr("Comparison"))
        self.value.setAccessibleName(self.tr("Value"))
        self.form.addItems([self.tr("Text"), self.tr("JSON")])
        self.form.setAccessibleName(self.tr("How the value is written"))
        self.form.setToolTip(self.tr("Text is taken as it stands; JSON is for numbers, true, false and lists"))
        self.away.setProperty("role", "link")
        self.away.setAccessibleName(self.tr("Take this condition away"))
        self.away.setToolTip(self.away.accessibleName())
        self.away.setAutoDefault(False)
        self.away.setIcon(icon("deny", colours_now().muted))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(round(em(self.font()) * 0.5))
        layout.addWidget(self.path, 3)
        layout.addWidget(self.op, 1)
        layout.addWidget(self.value, 4)
        layout.addWidget(self.form)
        layout.addWidget(self.away)
