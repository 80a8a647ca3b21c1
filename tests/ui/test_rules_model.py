"""The rules' rows as a table model."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from approver.policy.tool_rows import Kind, ToolRow
from approver.ui.rules_model import Column, RulesModel, kind_words
from approver.ui.tool_uses import Uses

ROWS = (
    ToolRow("read_file", Kind.ALLOW, limit=(10, "minute")),
    ToolRow("web_*", Kind.DENY, matches=1),
    ToolRow("x\u202e" + "y" * 100, Kind.UNLISTED, by="web_*"),
    ToolRow("secret", Kind.HIDE, by="s*"),
    ToolRow("pay", Kind.CUSTOM, has_other_limits=True),
    ToolRow("gone", Kind.HIDE),
)
EDIT = Qt.ItemDataRole.EditRole


@pytest.fixture
def model(qtmodeltester: ModelTester) -> RulesModel:
    model = RulesModel()
    qtmodeltester.check(model)
    model.set_rows(ROWS)
    return model


def words(model: RulesModel, row: int) -> list[str]:
    return [model.index(row, column).data() for column in Column]


def test_cells_say_what_the_rows_do(model: RulesModel) -> None:
    assert words(model, 0) == ["read_file", "reads", "Allow", "10 per minute", "…"]
    assert words(model, 1) == ["web_*", "matches 1 tool", "Deny", "", "…"]
    assert words(model, 2)[0].startswith("x⟨U+202E⟩yyy")
    assert words(model, 2)[0].endswith("y…")
    assert words(model, 2)[2] == "as web_*"
    assert words(model, 3)[2] == "Hide, by s*"
    assert words(model, 4)[2:4] == ["Custom…", "as in the text"]
    assert [model.headerData(column, Qt.Orientation.Horizontal) for column in Column] == [
        "Tool",
        "Risk",
        "Rule",
        "Limit",
        "7 days",
    ]
    assert model.headerData(0, Qt.Orientation.Vertical) is None


def test_screen_readers_hear_the_column_and_where_a_risk_is_from(model: RulesModel) -> None:
    index = model.index(0, Column.RISK)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Risk: reads"
    assert "read" in index.data(Qt.ItemDataRole.AccessibleDescriptionRole)
    assert model.index(1, Column.RISK).data(Qt.ItemDataRole.AccessibleDescriptionRole) == ""
    assert index.data(Qt.ItemDataRole.ToolTipRole) is None


def test_the_calls_of_seven_days_are_shown_or_why_they_are_not_known(model: RulesModel) -> None:
    cell = model.index(0, Column.USES)
    model.set_uses({"read_file": Uses(128, 3), "web_in": Uses(2, 0, 2)})
    assert cell.data() == "128"
    assert cell.data(Qt.ItemDataRole.ToolTipRole) == "<qt>128 calls in the last 7 days, 3 asked about</qt>"
    assert cell.data(Qt.ItemDataRole.AccessibleDescriptionRole).endswith("3 asked about")
    assert model.index(1, Column.USES).data() == "2"
    assert model.index(5, Column.USES).data() == "–"
    assert cell.data(Qt.ItemDataRole.AccessibleTextRole) == "7 days: 128"
    model.set_uses(None, "The log <b> cannot be read.")
    assert cell.data() == "?"
    assert cell.data(Qt.ItemDataRole.ToolTipRole) == "<qt>The log &lt;b&gt; cannot be read.</qt>"
    model.set_rows(())
    model.set_uses({})


@pytest.mark.parametrize(
    ("row", "columns"),
    [(0, {Column.RULE, Column.LIMIT}), (2, {Column.RULE}), (3, set()), (4, {Column.RULE}), (5, {Column.RULE})],
)
def test_only_what_has_a_meaning_can_be_edited(model: RulesModel, row: int, columns: set[Column]) -> None:
    editable = {column for column in Column if model.index(row, column).flags() & Qt.ItemFlag.ItemIsEditable}
    assert editable == columns


def test_what_is_put_into_a_cell_is_said_and_not_done(qtbot: QtBot, model: RulesModel) -> None:
    with qtbot.waitSignal(model.kind_wanted) as wanted:
        assert model.setData(model.index(0, Column.RULE), Kind.DENY)
    assert wanted.args == ["read_file", Kind.DENY]
    with qtbot.waitSignal(model.limit_wanted) as wanted:
        assert model.setData(model.index(1, Column.LIMIT), "5/hour")
    assert wanted.args == ["web_*", (5, "hour")]
    with qtbot.waitSignal(model.limit_wanted) as wanted:
        assert model.setData(model.index(0, Column.LIMIT), " ")
    assert wanted.args == ["read_file", None]
    assert model.rows == ROWS


@pytest.mark.parametrize(
    ("row", "column", "value"),
    [
        (0, Column.RULE, Kind.ALLOW),
        (0, Column.RULE, "Deny"),
        (0, Column.LIMIT, "10 per minute"),
        (0, Column.LIMIT, "lots"),
        (0, Column.TOOL, "other"),
        (3, Column.RULE, Kind.ALLOW),
    ],
)
def test_what_changes_nothing_or_has_no_meaning_is_refused(
    qtbot: QtBot, model: RulesModel, row: int, column: Column, value: object
) -> None:
    with qtbot.assertNotEmitted(model.kind_wanted), qtbot.assertNotEmitted(model.limit_wanted):
        assert not model.setData(model.index(row, column), value)


def test_rows_that_stay_are_not_reset(qtbot: QtBot, model: RulesModel) -> None:
    changed = (ToolRow("read_file", Kind.DENY), *ROWS[1:])
    with qtbot.assertNotEmitted(model.modelReset), qtbot.waitSignal(model.dataChanged):
        model.set_rows(changed)
    with qtbot.assertNotEmitted(model.dataChanged):
        model.set_rows(changed)
    with qtbot.waitSignal(model.modelReset):
        model.set_rows(())


def test_every_kind_has_a_word() -> None:
    assert len({kind_words(kind) for kind in Kind}) == len(Kind)
