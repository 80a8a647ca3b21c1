"""The end of a server's log."""

from pathlib import Path

from pytestqt.qtbot import QtBot

from approver.ui.server_output import TAIL_BYTES, ServerOutput


def test_the_end_of_the_file_is_shown_and_followed(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "web.log"
    output = ServerOutput()
    qtbot.addWidget(output)
    output.show()
    assert output.text.toPlainText() == ""
    output.set_file(path)
    assert "printed nothing yet" in output._words.text()
    path.write_text("one\x1b\ntwo\n", encoding="utf-8")
    qtbot.waitUntil(lambda: output.text.toPlainText().endswith("\ntwo"), timeout=5000)
    assert "\x1b" not in output.text.toPlainText()
    output.look()
    path.write_text(f"first\n{'x' * TAIL_BYTES}\nlast\n", encoding="utf-8")
    output.look()
    assert output.text.toPlainText() == "last"
    output.hide()
    assert not output._sometime.isActive()


def test_a_file_that_cannot_be_read_is_told(qtbot: QtBot, tmp_path: Path) -> None:
    output = ServerOutput()
    qtbot.addWidget(output)
    output.set_file(tmp_path)
    assert output._words.text() == "The log cannot be read: Is a directory."
