"""The grants as a table."""

from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from approver.model import ALL_SERVERS, Grant
from approver.ui.grants_model import Column, GrantsModel, created_at

DIGEST = "0" * 64
GRANTS = (
    Grant("laptop", "git", None, DIGEST, "2026-11-22T10:00:00+00:00"),
    Grant("ci\u202e", "", None, DIGEST, "long ago", ("git", "web")),
    Grant("old", "", "strict", None, "", (ALL_SERVERS,)),
)


def cells(model: GrantsModel, row: int) -> list[str]:
    return [model.index(row, column).data() for column in Column]


def test_each_grant_says_what_it_admits_to(qtbot: QtBot, qtmodeltester: ModelTester) -> None:
    model = GrantsModel()
    qtmodeltester.check(model)
    model.set_used({}, 0.0)
    model.set_grants(GRANTS)
    assert cells(model, 0)[:3] == ["laptop", "git", "each server"]
    assert cells(model, 1)[:4] == ["ci⟨U+202E⟩", "git, web", "each server", "long ago"]
    assert cells(model, 2)[:3] == ["old (no token)", "all servers", "strict"]
    assert model.index(1, Column.SERVERS).data(Qt.ItemDataRole.ToolTipRole) == "git, web"
    assert model.index(1, Column.NAME).data(Qt.ItemDataRole.ToolTipRole) is None
    assert model.headerData(Column.NAME, Qt.Orientation.Horizontal) == "Client"


def test_when_it_was_last_used_comes_later(qtbot: QtBot) -> None:
    model = GrantsModel()
    model.set_grants(GRANTS)
    assert cells(model, 0)[4] == "…"
    at = created_at(GRANTS[0])
    assert at == 1_795_341_600.0
    with qtbot.waitSignal(model.dataChanged):
        model.set_used({"laptop": at, "old": None}, at)
    assert cells(model, 0)[3] == cells(model, 0)[4] != "…"
    assert cells(model, 1)[4] == "…"
    assert cells(model, 2)[4] == "never"
    with qtbot.assertNotEmitted(model.modelReset):
        model.set_grants(GRANTS)
