"""The clients' files as a table model."""

from pathlib import Path

from client_files import CURSOR_TEXT, around
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester

from approver.client_survey import ClientRow
from approver.clients.finding import look_at
from approver.clients.known import CURSOR, ClientFile
from approver.ui.clients_model import ClientsModel, Column

OURS = '{"command": "/opt/approver", "args": ["connect", "git"]}'


def row(text: str) -> ClientRow:
    home = Path("/home/ana")
    return ClientRow(look_at(ClientFile(CURSOR, home / "mcp\u202e.json"), text.encode(), around(home)))


def test_a_row_says_whose_servers_go_through_approver(qtmodeltester: ModelTester) -> None:
    model = ClientsModel()
    qtmodeltester.check(model)
    texts = (
        CURSOR_TEXT,
        f'{{"mcpServers": {{"git": {OURS}}}}}',
        f'{{"mcpServers": {{"git": {OURS}, "b": {{"command": "x"}}}}}}',
        "{}",
        "{",
    )
    model.set_rows([row(text) for text in texts])
    assert [model.index(number, Column.SERVERS).data() for number in range(len(texts))] == [
        "none through Approver (0 of 2)",
        "all through Approver (1)",
        "1 of 2 through Approver",
        "no servers",
        "cannot be read",
    ]
    assert model.index(0, Column.FILE).data() == "/home/ana/mcp⟨U+202E⟩.json"
    assert model.index(0, Column.FILE).data(Qt.ItemDataRole.ToolTipRole) == "/home/ana/mcp⟨U+202E⟩.json"
    assert model.index(0, Column.CLIENT).data(Qt.ItemDataRole.AccessibleTextRole) == "Cursor"
