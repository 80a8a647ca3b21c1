"""One condition: fields in, what a policy writes out, and the same back."""

from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from approver.ui.condition_row import ConditionRow


@pytest.fixture
def row(qtbot: QtBot) -> ConditionRow:
    row = ConditionRow(["args.path", "args.force"])
    qtbot.addWidget(row)
    return row


@pytest.mark.parametrize("value", ["", "5", 'a"b', 5, 2.5, True, None, ["x", 1], {"a": []}, "two\nlines", 10**20])
def test_a_value_stays_what_it_is(row: ConditionRow, value: Any) -> None:
    condition = {"path": "args.a.b", "op": "neq", "value": value}
    row.show_condition(condition)
    assert row.condition == condition
    assert type(row.condition["value"]) is type(value)


def test_typed_text_is_text_and_typed_json_is_what_it_says(row: ConditionRow) -> None:
    row.path.setEditText(" args.path ")
    row.value.setText("5")
    assert row.condition == {"path": "args.path", "op": "eq", "value": "5"}
    row.form.setCurrentIndex(1)
    assert row.condition["value"] == 5


def test_a_value_that_is_no_json_is_told_with_what_to_do(row: ConditionRow) -> None:
    row.form.setCurrentIndex(1)
    row.value.setText("[1, ")
    with pytest.raises(ValueError, match="is no JSON .* Choose “Text”"):
        _ = row.condition


@pytest.mark.parametrize(("op", "form"), [("lt", 1), ("in", 1), ("exists", 1), ("regex", 0), ("eq", 0)])
def test_a_comparison_proposes_how_its_value_is_written(row: ConditionRow, op: str, form: int) -> None:
    row.op.setCurrentIndex(row.op.findData("gt"))
    row.op.setCurrentIndex(row.op.findData(op))
    assert row.form.currentIndex() == form
    assert row.value.text() == ("true" if op == "exists" else "")


def test_a_comparison_changes_nothing_about_a_value_that_was_written(row: ConditionRow) -> None:
    row.value.setText("x")
    row.op.setCurrentIndex(row.op.findData("lt"))
    assert row.form.currentIndex() == 0


def test_whatever_changes_is_told(qtbot: QtBot, row: ConditionRow) -> None:
    for change in (
        lambda: row.path.setEditText("args.x"),
        lambda: row.op.setCurrentIndex(2),
        lambda: row.value.setText("y"),
        lambda: row.form.setCurrentIndex(1),
    ):
        with qtbot.waitSignal(row.changed):
            change()
    with qtbot.waitSignal(row.removed):
        row.away.click()


def test_every_field_has_a_name_for_those_who_hear_it(row: ConditionRow) -> None:
    assert all(widget.accessibleName() for widget in (row.path, row.op, row.value, row.form, row.away))
