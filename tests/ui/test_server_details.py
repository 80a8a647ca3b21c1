"""How one server is reached."""

import pytest
from fake_engine import StillBridge
from pytestqt.qtbot import QtBot

from approver.model import HttpServer, StdioServer
from approver.ui.bridge_workshop import WorkshopBridge
from approver.ui.plain_label import PlainLabel
from approver.ui.server_details import ServerDetails

STDIO = StdioServer("a", "npx", ("-y", "x y"), {"TOKEN": "s3cret", "LEVEL": "1", "OLD": "${keyring:OLD}"}, "/srv")


@pytest.fixture
def details(qtbot: QtBot, bridge: StillBridge) -> ServerDetails:
    details = ServerDetails(WorkshopBridge(bridge))
    qtbot.addWidget(details)
    details.show()
    return details


def texts(details: ServerDetails) -> str:
    return "\n".join(label.text() for label in details.findChildren(PlainLabel) if label.isVisible())


def test_the_command_is_whole_and_secrets_are_covered(qtbot: QtBot, details: ServerDetails) -> None:
    details.set_server(STDIO)
    assert details.way.toPlainText() == "npx -y 'x y'"
    assert "in the folder /srv" in texts(details)
    assert "s3cret" not in texts(details)
    assert [*details.moves] == ["TOKEN"]
    with qtbot.waitSignal(details.move_asked) as asked:
        details.moves["TOKEN"].click()
    assert asked.args == ["TOKEN"]
    details.set_server(STDIO)


def test_a_remote_server_has_headers_and_a_login(details: ServerDetails) -> None:
    details.set_server(HttpServer("b", "https://x.org/", {"X-A": "b"}))
    assert details.way.toPlainText() == "https://x.org/"
    assert "Headers" in texts(details)
    assert details.login.isVisible()
    details.set_server(STDIO)
    assert not details.login.isVisible()
