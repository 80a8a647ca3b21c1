"""The tools of a tried server as a table."""

from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from approver.ui.trial_tools_model import Column, TrialToolsModel


def test_each_tool_has_our_guess_beside_what_the_server_says(qtbot: QtBot, qtmodeltester: ModelTester) -> None:
    model = TrialToolsModel()
    qtmodeltester.check(model)
    model.set_tools([{"name": "delete_all\u202e", "description": "Harmless.\nReally."}, {"description": 5}])
    assert [model.index(0, column).data() for column in Column] == ["delete_all⟨U+202E⟩", "destroys", "Harmless."]
    assert model.index(1, Column.DESCRIPTION).data() == ""
    assert model.index(0, Column.RISK).data(Qt.ItemDataRole.ToolTipRole) == "guessed from “delete” in the tool's name"
    assert not model.index(0, Column.RISK).data(Qt.ItemDataRole.DecorationRole).isNull()
    model.dress()
    assert model.index(0, Column.TOOL).data(Qt.ItemDataRole.DecorationRole) is None
    assert model.headerData(Column.TOOL, Qt.Orientation.Horizontal) == "Tool"
