"""One server as a form."""

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from approver.clients.typed import Mistyped
from approver.model import HttpServer, StdioServer
from approver.ui.server_form import ServerForm, Way


def test_a_command_suggests_its_name_until_one_is_given(qtbot: QtBot) -> None:
    form = ServerForm(Way.COMMAND)
    qtbot.addWidget(form)
    assert form.is_empty
    QTest.keyClicks(form.way, 'uvx mcp-server-git "')
    assert form.name.text() == "git"
    QTest.keyClicks(form.way, '"')
    QTest.keyClicks(form.name, "hub")
    QTest.keyClicks(form.way, " more")
    form.values.setPlainText("A=1")
    form.folder.setText("/srv")
    assert form.server() == StdioServer("github", "uvx", ("mcp-server-git", "", "more"), {"A": "1"}, "/srv")


def test_an_address_suggests_its_name(qtbot: QtBot) -> None:
    form = ServerForm(Way.ADDRESS)
    qtbot.addWidget(form)
    QTest.keyClicks(form.way, "https:")
    assert form.name.text() == ""
    with pytest.raises(Mistyped):
        form.server()
    QTest.keyClicks(form.way, "//mcp.linear.app/mcp")
    assert form.server() == HttpServer("linear", "https://mcp.linear.app/mcp")


@pytest.mark.parametrize(
    ("way", "server"),
    [
        (Way.COMMAND, StdioServer("a", "npx", ("x y",), {"TOKEN": "s3cret"}, "/srv")),
        (Way.ADDRESS, HttpServer("a", "https://x.org/", {"X-Api-Key": "s3cret"})),
    ],
)
def test_a_server_that_is_not_changed_stays_the_same_and_its_secrets_unseen(
    qtbot: QtBot, way: Way, server: StdioServer | HttpServer
) -> None:
    form = ServerForm(way)
    qtbot.addWidget(form)
    form.show_server(server)
    assert "s3cret" not in form.values.toPlainText()
    assert form.name.isReadOnly()
    assert form.server() == server
