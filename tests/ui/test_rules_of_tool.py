"""The rules of one tool, one by one: shown, added, edited, taken away, and never put in where they make no sense."""

import json
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from approver.policy.document import parse
from approver.ui.limit_fields import LimitFields
from approver.ui.rule_fields import RuleFields
from approver.ui.rules_of_tool import RulesOfTool, conditions_from

TEXT = json.dumps(
    {
        "version": "1",
        "default": "deny",
        "hide": ["secret"],
        "tools": {
            "save": {
                "deny_if": [{"conditions": [{"path": "args.path", "op": "regex", "value": "^/etc/"}]}],
                "limits": [{"counter": "calls", "window": "hour", "max": 5, "scope": "grant"}],
            },
            "read_*": {},
        },
    }
)


class Text:
    """What is edited: the widget's wishes are carried out in it."""

    def __init__(self, of_tool: RulesOfTool) -> None:
        self.of_tool = of_tool
        self.text = TEXT
        of_tool.edits_wanted.connect(self.edit)

    def show(self, key: str) -> None:
        self.of_tool.show_rules(self.text, parse(self.text), key)

    def edit(self, edits: Any) -> None:
        for edit in edits:
            self.text = edit.applied(self.text)
        self.show(self.of_tool._key)

    @property
    def sentences(self) -> list[str]:
        return [self.of_tool.sentences.item(row).text() for row in range(self.of_tool.sentences.count())]


@pytest.fixture
def text(qtbot: QtBot) -> Text:
    of_tool = RulesOfTool()
    qtbot.addWidget(of_tool)
    of_tool.know_arguments({"args.path": "string"})
    with qtbot.waitExposed(of_tool):
        of_tool.show()
    text = Text(of_tool)
    text.show("save")
    return text


def fields_of(text: Text, kind: type[Any]) -> Any:
    assert text.of_tool.form is not None
    fields = text.of_tool.form.fields
    assert isinstance(fields, kind)
    return fields


def put_in(text: Text) -> None:
    assert text.of_tool.form is not None
    text.of_tool.form.put_in.click()


def test_each_rule_and_limit_is_a_sentence(text: Text) -> None:
    assert text.sentences == ['Deny when path matches "^/etc/"', "At most 5 calls per hour (counter calls)"]
    text.show("read_*")
    assert text.sentences == []


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("", "Select a tool"),
        ("save", "Rules of save"),
        ("read_x", "read_x has no rules of its own"),
        ("other", "other is not listed, and so denied; a rule lists it"),
        ("secret", "secret is hidden, and denied"),
    ],
)
def test_what_holds_for_a_tool_without_rules_is_said(text: Text, key: str, said: str) -> None:
    text.show(key)
    assert text.of_tool._title.text().startswith(said)
    assert text.of_tool.add_rule.isEnabled() == bool(key)


def test_a_rule_is_added_by_its_form(text: Text) -> None:
    text.of_tool.add_rule.click()
    fields = fields_of(text, RuleFields)
    assert fields.rows[0].path.itemText(0) == "args.path"
    assert not text.of_tool.form.put_in.isEnabled(), "an argument has to be named first"
    fields.rows[0].path.setEditText("args.path")
    fields.rows[0].value.setText("/tmp/x")
    put_in(text)
    assert text.sentences[1] == 'Deny when path is "/tmp/x"'
    assert text.of_tool.form is None or not text.of_tool.form.isVisible()


def test_what_a_policy_does_not_take_is_told_in_its_words(text: Text) -> None:
    text.of_tool.open_rule_form(conditions=({"path": "args.x", "op": "regex", "value": "("},))
    assert "regex" in text.of_tool.form.mistakes.text()
    assert not text.of_tool.form.put_in.isEnabled()


def test_a_limit_is_added_with_a_counter_of_its_own(text: Text) -> None:
    text.of_tool.add_limit.click()
    fields = fields_of(text, LimitFields)
    assert fields.counter.text() == "calls_2"
    fields.most.setText("3")
    put_in(text)
    assert text.sentences[2] == "At most 3 calls per minute (counter calls_2)"


def test_a_rule_is_edited_in_its_place(text: Text) -> None:
    text.of_tool.sentences.setCurrentRow(0)
    text.of_tool.edit.click()
    fields = fields_of(text, RuleFields)
    fields.rows[0].value.setText("^/usr/")
    fields.section.setCurrentIndex(fields.section.findData("require_approval"))
    put_in(text)
    assert text.sentences[0] == 'Ask when path matches "^/usr/"'
    assert len(text.sentences) == 2


def test_a_limit_is_edited(text: Text) -> None:
    text.of_tool.sentences.setCurrentRow(1)
    text.of_tool.sentences.itemActivated.emit(text.of_tool.sentences.currentItem())
    fields_of(text, LimitFields).most.setText("7")
    put_in(text)
    assert text.sentences[1] == "At most 7 calls per hour (counter calls)"


def test_what_is_chosen_is_taken_away_by_button_or_key(text: Text) -> None:
    text.of_tool.sentences.setCurrentRow(0)
    text.of_tool.remove.click()
    assert text.sentences == ["At most 5 calls per hour (counter calls)"]
    text.of_tool.sentences.setFocus()
    QTest.keyClick(text.of_tool.sentences, Qt.Key.Key_Delete)
    assert text.sentences == []
    assert not text.of_tool.edit.isEnabled()
    text.of_tool._edit()
    text.of_tool._remove()
    assert text.of_tool.form is None


def test_a_form_is_closed_when_another_tool_is_chosen(qtbot: QtBot, text: Text) -> None:
    text.of_tool.add_rule.click()
    text.show("read_*")
    qtbot.waitUntil(lambda: text.of_tool.form is None)


def test_one_form_at_a_time_is_open(qtbot: QtBot, text: Text) -> None:
    text.of_tool.add_rule.click()
    first = text.of_tool.form
    text.of_tool.add_limit.click()
    qtbot.waitUntil(lambda: not isValid(first))
    assert isinstance(text.of_tool.form.fields, LimitFields)


def test_a_text_that_makes_no_sense_by_now_takes_nothing(text: Text) -> None:
    text.of_tool.add_rule.click()
    text.of_tool.show_rules("{", None, "save")
    text.of_tool.form.refresh()
    assert "meanwhile" in text.of_tool.form.mistakes.text() or not text.of_tool.form.put_in.isEnabled()
    assert not text.of_tool.add_rule.isEnabled()


def test_conditions_are_made_from_what_a_recorded_call_said_and_was_not_masked() -> None:
    arguments = {
        "path": "/etc/x", "n": 3, "on": True, "list": [1], "a.b": 1, "": 1, "long": "x" * 300, "none": None,
        "password": "••• (7 characters hidden)",
    }  # fmt: skip
    assert conditions_from(arguments) == (
        {"path": "args.path", "op": "eq", "value": "/etc/x"},
        {"path": "args.n", "op": "eq", "value": 3},
        {"path": "args.on", "op": "eq", "value": True},
    )
