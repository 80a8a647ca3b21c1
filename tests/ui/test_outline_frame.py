"""The frame around strangers' text."""

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from approver.approvals.outline import outline
from approver.ui.outline_frame import OutlineFrame


def shown(frame: OutlineFrame) -> list[str]:
    return [label.text() for label in frame.findChildren(QLabel)]


def test_it_says_whose_text_it_is_and_how_long(qtbot: QtBot) -> None:
    frame = OutlineFrame("Sent by the client")
    qtbot.addWidget(frame)
    frame.set_lines(outline({"x": 12345}))
    assert "Sent by the client" in shown(frame)
    assert "5 characters" in shown(frame)
    assert frame.view.accessibleName() == "Sent by the client"


def test_it_says_how_much_is_out_of_view(qtbot: QtBot) -> None:
    frame = OutlineFrame("Sent by the client")
    qtbot.addWidget(frame)
    frame._tell_lines_below(1)
    assert "↓ 1 more line below" in shown(frame)
    frame._tell_lines_below(1234)
    assert f"↓ {frame.locale().toString(1234)} more lines below" in shown(frame)
    frame._tell_lines_below(0)
    assert not [text for text in shown(frame) if "↓" in text]


def test_the_heading_leads_to_the_text(qtbot: QtBot) -> None:
    frame = OutlineFrame("Sent by the client")
    qtbot.addWidget(frame)
    assert [label.buddy() for label in frame.findChildren(QLabel) if label.buddy()] == [frame.view]


def test_tools_stand_beside_the_heading(qtbot: QtBot) -> None:
    frame = OutlineFrame("Sent by the client")
    qtbot.addWidget(frame)
    tool = frame.add_tool("Copy", "Copies")
    assert (tool.text(), tool.accessibleDescription()) == ("Copy", "Copies")
