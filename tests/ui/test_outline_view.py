"""The block of strangers' text."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from approver.approvals.outline import Line, outline
from approver.ui.outline_view import FIRST_LINES, OutlineView


@pytest.fixture
def view(qtbot: QtBot, in_view: Callable[[QWidget], None]) -> OutlineView:
    view = OutlineView()
    qtbot.addWidget(view)
    view.resize(500, 300)
    view.show()
    in_view(view)
    return view


def test_it_is_inert(view: OutlineView) -> None:
    view.set_lines([Line("x  “<b>bold</b> http://evil.example”", 3)])
    assert "<b>bold</b>" in view.toPlainText()
    assert view.isReadOnly()
    assert not view.acceptDrops()
    assert not view.textInteractionFlags() & Qt.TextInteractionFlag.LinksAccessibleByMouse
    assert view.lineWrapMode() is QPlainTextEdit.LineWrapMode.NoWrap
    before = view.toPlainText()
    QTest.keyClicks(view, "typed over")
    assert view.toPlainText() == before


def test_tab_leads_out_of_it(view: OutlineView) -> None:
    assert view.tabChangesFocus()


def test_nothing_needs_sideways_scrolling(view: OutlineView) -> None:
    view.set_lines(outline({"text": "x" * 3000, "deep": {"er": {"still": "y" * 500}}}))
    assert view.horizontalScrollBar().maximum() == 0


def test_another_width_folds_anew_and_keeps_the_place(qtbot: QtBot, view: OutlineView) -> None:
    view.set_lines(outline({f"k{number:03}": "v" * 200 for number in range(300)}))
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum() // 2)
    top = view._folded[view.firstVisibleBlock().blockNumber()].source
    blocks = view.blockCount()
    view.resize(900, 300)
    assert view.blockCount() < blocks
    assert view._folded[view.firstVisibleBlock().blockNumber()].source == top


def test_the_place_is_found_again_beyond_the_first_lines(view: OutlineView) -> None:
    view.set_lines(outline({f"k{number:04}": number for number in range(3500)}))
    for _ in range(4):
        view.verticalScrollBar().setValue(view.verticalScrollBar().maximum())
    top = view._folded[view.firstVisibleBlock().blockNumber()].source
    assert top > FIRST_LINES
    view.resize(700, 300)
    assert view._folded[view.firstVisibleBlock().blockNumber()].source == top


def test_how_much_is_below_is_told_and_comes_to_nothing(qtbot: QtBot, view: OutlineView) -> None:
    told: list[int] = []
    view.lines_below_changed.connect(told.append)
    view.set_lines(outline({"x": "\n".join(str(number) for number in range(100))}))
    assert view.lines_below > 50
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum())
    assert view.lines_below == 0
    assert told[-1] == 0


def test_little_is_folded_before_somebody_scrolls(view: OutlineView) -> None:
    view.set_lines(outline({"x": "y" * 5_000_000}))
    assert view.blockCount() <= FIRST_LINES * 2
    assert view.lines_below > 5_000_000 // 200
    before = view.blockCount()
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum())
    assert view.blockCount() > before


def test_only_what_is_in_view_is_coloured(view: OutlineView) -> None:
    view.set_lines(outline({f"k{number}": "\u202e" for number in range(900)}))
    view.repaint()
    assert 0 < len(view.extraSelections()) < 100


def test_marks_stand_out_and_labels_step_back(view: OutlineView) -> None:
    view.set_lines(outline({"a": "💣\u202e\x1b"}))
    view.repaint()
    coloured = [one.cursor.selectedText() for one in view.extraSelections()]
    assert coloured[0] == "a  "
    assert coloured[1] == "⟨U+202E⟩"
    assert coloured[2] in ("␛", "⟨ESC⟩")


def test_right_to_left_text_changes_no_places(view: OutlineView) -> None:
    view.set_lines(outline({"א": "ב"}))
    assert view.document().defaultTextOption().textDirection() is Qt.LayoutDirection.LeftToRight
    assert "\u200e" in view.toPlainText()


def test_the_caret_begins_at_the_top(view: OutlineView) -> None:
    view.set_lines(outline({"x": "y" * 5000}))
    view.resize(400, 300)
    assert view.textCursor().position() == 0


def test_it_asks_for_the_room_that_its_text_needs_within_bounds(view: OutlineView) -> None:
    view.set_lines([])
    smallest = view.sizeHint().height()
    view.set_lines(outline({f"k{number}": 1 for number in range(10)}))
    middle = view.sizeHint().height()
    view.set_lines(outline({f"k{number}": 1 for number in range(1000)}))
    assert smallest < middle < view.sizeHint().height() < smallest * 5
    assert view.minimumSizeHint().height() <= smallest
