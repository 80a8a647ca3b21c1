"""A block that shows text whole, and changes in two colours."""

from pytestqt.qtbot import QtBot

from approver.ui.change_block import ChangeBlock
from approver.ui.colours import colours_now

DIFF = "@@ -1 +1 @@\n same\n-old\n+new"


def shown(qtbot: QtBot, **more: object) -> ChangeBlock:
    block = ChangeBlock("The change", **more)  # type: ignore[arg-type]  # one option at a time
    qtbot.addWidget(block)
    block.resize(300, 100)
    block.show()
    return block


def test_it_grows_with_its_text_and_then_scrolls(qtbot: QtBot) -> None:
    block = shown(qtbot, most_lines=3)
    block.set_text("one")
    one = block.height()
    block.set_text("one\ntwo")
    two = block.height()
    block.set_text("\n".join("abcdef"))
    assert one < two < block.height() < one * 4
    assert block.toPlainText() == "a\nb\nc\nd\ne\nf"


def test_what_cannot_be_seen_is_marked_and_nothing_can_be_edited(qtbot: QtBot) -> None:
    block = shown(qtbot)
    block.set_text("rm \u202e x")
    assert "\u202e" not in block.toPlainText() and "202E" in block.toPlainText()
    assert block.isReadOnly() and block.accessibleName() == "The change"


def test_lines_that_come_and_go_have_colours_of_their_own(qtbot: QtBot) -> None:
    block = shown(qtbot, is_diff=True)
    block.set_text(DIFF)
    inks = [one.format.foreground().color().name() for one in block.extraSelections()]
    colours = colours_now()
    assert inks == [colours.muted, colours.no, colours.yes]
    assert [one.cursor.selectedText() for one in block.extraSelections()][1:] == ["-old", "+new"]
    plain = shown(qtbot)
    plain.set_text(DIFF)
    assert plain.extraSelections() == []
