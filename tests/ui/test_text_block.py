"""A block of text that is shown whole."""

from pytestqt.qtbot import QtBot

from approver.ui.text_block import TextBlock


def test_nothing_is_shortened_and_what_is_unseen_is_marked(qtbot: QtBot) -> None:
    block = TextBlock("Command", most_lines=4)
    qtbot.addWidget(block)
    block.resize(300, 50)
    block.show()
    block.set_text("x")
    low = block.height()
    block.set_text("npx \u202e" + "y" * 500)
    assert block.toPlainText() == "npx ⟨U+202E⟩" + "y" * 500
    assert block.height() > 2 * low
    block.set_text("z" * 50_000)
    assert block.height() < 6 * low
    assert block.isReadOnly()
    assert block.accessibleName() == "Command"
    before = block.height()
    block.set_text("z" * 50_000)
    assert block.height() == before
