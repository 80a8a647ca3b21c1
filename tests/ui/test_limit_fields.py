"""The fields of a limit."""

from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from approver.policy.rule_edits import Entry
from approver.ui.limit_fields import LimitFields

PLAIN = {"counter": "calls", "window": "minute", "max": 10, "scope": "grant"}


@pytest.fixture
def fields(qtbot: QtBot) -> LimitFields:
    fields = LimitFields(["args.price"], "calls")
    qtbot.addWidget(fields)
    return fields


def test_it_begins_with_a_limit_that_can_be_used(fields: LimitFields) -> None:
    assert fields.said() == ("limits", PLAIN)


@pytest.mark.parametrize(
    "limit",
    [
        PLAIN,
        {**PLAIN, "max": 2.5, "window": "day", "scope": "server", "increment_from": "args.price", "counter": "eur"},
        {**PLAIN, "max": 0, "window": "hour", "increment": 3},
    ],
)
def test_a_limit_that_is_shown_is_said_again(fields: LimitFields, limit: dict[str, Any]) -> None:
    fields.show_entry(Entry("limits", 0, limit))
    assert fields.said() == ("limits", limit)


@pytest.mark.parametrize("text", ["", "ten", "true", "[1]", "1,5"])
def test_what_is_no_number_is_told_with_its_field(fields: LimitFields, text: str) -> None:
    fields.most.setText(text)
    with pytest.raises(
        ValueError, match=f"At most has to be a number such as 10 or 2.5; it is “{text}”.".replace("[", "\\[")
    ):
        fields.said()


def test_an_argument_that_is_counted_leaves_nothing_to_say_of_each_call(qtbot: QtBot, fields: LimitFields) -> None:
    with qtbot.waitSignal(fields.changed):
        fields.of.setEditText("args.price")
    assert not fields.each.isEnabled()
    fields.of.setCurrentIndex(0)
    assert fields.each.isEnabled()


def test_every_field_has_a_name_for_those_who_hear_it(fields: LimitFields) -> None:
    names = [
        one.accessibleName() for one in (fields.most, fields.span, fields.of, fields.each, fields.scope, fields.counter)
    ]
    assert all(names)
    assert len(set(names)) == 6
