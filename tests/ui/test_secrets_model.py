"""The secrets as a table."""

from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from approver.secret_survey import Kept, SecretRow
from approver.ui.secrets_model import Column, SecretsModel

ROWS = (
    SecretRow("keyring", "one\u202e", ("a", "b"), Kept.KEPT),
    SecretRow("keyring", "two", (), Kept.MISSING),
    SecretRow("env", "KEY", ("a",), Kept.KEPT),
    SecretRow("file", "/x", ("a",), Kept.BROKEN, "Others may read it."),
    SecretRow("keyring", "three", ("a",), Kept.UNKNOWN),
)


def test_each_secret_says_where_it_is_and_who_uses_it(qtbot: QtBot, qtmodeltester: ModelTester) -> None:
    model = SecretsModel()
    qtmodeltester.check(model)
    model.set_rows(ROWS)
    assert [[model.index(row, column).data() for column in Column] for row in range(5)] == [
        ["one⟨U+202E⟩", "keyring", "kept", "a, b"],
        ["two", "keyring", "missing", "nobody"],
        ["KEY", "environment variable", "there", "a"],
        ["/x", "file", "cannot be used", "a"],
        ["three", "keyring", "cannot be told now", "a"],
    ]
    assert model.index(3, Column.STATE).data(Qt.ItemDataRole.ToolTipRole) == "Others may read it."
    assert not model.index(0, Column.STATE).data(Qt.ItemDataRole.DecorationRole).isNull()
    assert model.headerData(Column.USERS, Qt.Orientation.Horizontal) == "Used by"
    model.dress()
    with qtbot.assertNotEmitted(model.modelReset):
        model.set_rows(ROWS)
