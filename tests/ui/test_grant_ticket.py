"""What the client of a new grant needs."""

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from approver.issuing import Issued
from approver.model import Grant
from approver.ui.grant_ticket import GrantTicket
from approver.ui.text_block import TextBlock

ISSUED = Issued(Grant("ci", "git"), "http://127.0.0.1:8787/mcp/git", "approver_abc")


def test_token_and_texts_can_be_copied(qtbot: QtBot) -> None:
    ticket = GrantTicket(ISSUED, ("There is no policy yet.",))
    qtbot.addWidget(ticket)
    ticket.show()
    buttons = {button.text(): button for button in ticket.findChildren(QPushButton)}
    buttons["C&opy the token"].click()
    assert QGuiApplication.clipboard().text() == "approver_abc"
    assert ticket._said.text().startswith("Copied.")
    over_http, launched = (
        ticket.snippets.widget(number).findChild(TextBlock).toPlainText() for number in range(ticket.snippets.count())
    )
    assert '"Authorization": "Bearer approver_abc"' in over_http
    assert '"connect"' in launched
    assert "approver_abc" not in launched
    buttons["&Copy the text"].click()
    assert "mcpServers" in QGuiApplication.clipboard().text()
    assert not any(button.autoDefault() for button in buttons.values())
