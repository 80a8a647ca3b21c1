"""The fields of a rule."""

from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from approver.policy.rule_edits import Entry
from approver.ui.rule_fields import RuleFields

CONDITION = {"path": "args.path", "op": "regex", "value": "^/etc/"}


@pytest.fixture
def fields(qtbot: QtBot) -> RuleFields:
    fields = RuleFields(["args.path"])
    qtbot.addWidget(fields)
    return fields


@pytest.mark.parametrize(
    ("section", "rule"),
    [
        ("deny_if", {"conditions": [CONDITION, {"path": "args.n", "op": "lt", "value": 3}], "on_deny": "No."}),
        ("require", {"conditions": [CONDITION], "on_deny": "No."}),
        ("require_approval", {"conditions": [], "reason": "Why."}),
        ("require_approval", {"conditions": []}),
    ],
)
def test_a_rule_that_is_shown_is_said_again(fields: RuleFields, section: str, rule: dict[str, Any]) -> None:
    fields.show_entry(Entry(section, 0, rule))
    assert fields.said() == (section, rule)


def test_conditions_are_added_and_taken_away(qtbot: QtBot, fields: RuleFields) -> None:
    assert not fields._always.isHidden()
    with qtbot.waitSignal(fields.changed):
        fields.more.click()
    assert fields._always.isHidden()
    fields.add_condition(CONDITION)
    with qtbot.waitSignal(fields.changed):
        fields.rows[0].away.click()
    assert fields.said() == ("deny_if", {"conditions": [CONDITION]})
    fields.rows[0].away.click()
    assert not fields._always.isHidden()


def test_what_is_said_is_for_the_agent_or_for_the_person(qtbot: QtBot, fields: RuleFields) -> None:
    fields.message.setText(" Because. ")
    assert fields.said()[1]["on_deny"] == "Because."
    with qtbot.waitSignal(fields.changed):
        fields.section.setCurrentIndex(fields.section.findData("require_approval"))
    assert fields.said()[1]["reason"] == "Because."
    assert fields.message.accessibleName() == "Tell the person why"
