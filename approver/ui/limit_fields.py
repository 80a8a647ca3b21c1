"""The fields of a limit: how much, in which time, of what, for whom. A limit comes out as a policy writes it."""

import json
from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QLineEdit, QWidget

from approver.policy.limits import WINDOW_SECONDS
from approver.policy.rule_edits import Entry
from approver.ui.headings import field_name
from approver.ui.rule_words import window_words
from approver.ui.theme import em
from approver.visible import make_visible


class LimitFields(QWidget):
    """Fields for one limit.

    Attributes:
        most, span: How much, in which window of time.
        of: What is counted: calls, or an argument.
        each: How much each call counts.
        scope: Whether every client has a limit of its own.
        counter: The counter's name.

    Signals:
        changed: Something else stands there.
    """

    changed = Signal()

    def __init__(self, paths: Iterable[str], counter: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.most = QLineEdit("10")
        self.span = QComboBox()
        self.of = QComboBox()
        self.each = QLineEdit("1")
        self.scope = QComboBox()
        self.counter = QLineEdit(counter)
        self._lay_out(paths)
        for box in (self.span, self.scope):
            box.currentIndexChanged.connect(self.changed)
        for line in (self.most, self.each, self.counter):
            line.textChanged.connect(self.changed)
        self.of.editTextChanged.connect(self._source_chosen)

    def show_entry(self, entry: Entry) -> None:
        """Begin with this limit."""
        limit = entry.value
        self.most.setText(json.dumps(limit["max"]))
        self.span.setCurrentIndex(self.span.findData(limit["window"]))
        self.of.setEditText(limit.get("increment_from", "") or self.of.itemText(0))
        self.each.setText(json.dumps(limit.get("increment", 1)))
        self.scope.setCurrentIndex(self.scope.findData(limit["scope"]))
        self.counter.setText(limit["counter"])

    def said(self) -> tuple[str, dict[str, Any]]:
        """The section and the limit. Raises `ValueError` with a sentence where a number is none."""
        limit: dict[str, Any] = {
            "counter": self.counter.text().strip(),
            "window": self.span.currentData(),
            "max": self._number(self.most),
            "scope": self.scope.currentData(),
        }
        if self._source:
            limit["increment_from"] = self._source
        elif (each := self._number(self.each)) != 1:
            limit["increment"] = each
        return "limits", limit

    @property
    def _source(self) -> str:
        text = self.of.currentText().strip()
        return "" if text == self.of.itemText(0) else text

    def _number(self, line: QLineEdit) -> int | float:
        text = line.text().strip()
        try:
            number = json.loads(text)
        except (ValueError, RecursionError):
            number = None
        if isinstance(number, bool) or not isinstance(number, int | float):
            said = self.tr("{field} has to be a number such as 10 or 2.5; it is “{text}”.")
            raise ValueError(said.format(field=line.accessibleName(), text=make_visible(text)))
        return number

    def _source_chosen(self) -> None:
        self.each.setEnabled(not self._source)
        self.changed.emit()

    def _lay_out(self, paths: Iterable[str]) -> None:
        for name in WINDOW_SECONDS:
            self.span.addItem(window_words(name), name)
        self.of.setEditable(True)
        self.of.addItems([self.tr("calls"), *paths])
        self.scope.addItem(self.tr("each client by itself"), "grant")
        self.scope.addItem(self.tr("all clients together"), "server")
        names = (
            (self.most, self.tr("&At most")),
            (self.span, self.tr("per")),
            (self.of, self.tr("&Counted:")),
            (self.each, self.tr("&Each call counts:")),
            (self.scope, self.tr("&For:")),
            (self.counter, self.tr("Counter’s &name:")),
        )
        labels = {}
        for field, words in names:
            labels[field] = field_name(words, field)
        amount = QHBoxLayout()
        amount.setSpacing(round(em(self.font()) * 0.6))
        for widget in (self.most, labels[self.span], self.span):
            amount.addWidget(widget)
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.addRow(labels[self.most], amount)
        for field in (self.of, self.each, self.scope, self.counter):
            form.addRow(labels[field], field)
