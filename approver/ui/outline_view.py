"""Shows outline lines, all of them, scrollable and inert: lines go in, folded text in a monospaced font comes out.

Only what is near the view is folded and only what is in it is coloured, so sixteen megabytes cost little more than a
page: whoever scrolls down gets the rest, twice as much each time.
"""

import itertools
from collections.abc import Iterator, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QPaintEvent,
    QResizeEvent,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextOption,
)
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QTextEdit, QWidget

from approver.approvals.outline import NEWLINE_MARK, Line
from approver.ui.colours import colours_now
from approver.ui.folding import Folded, fold
from approver.ui.marks import DRAWN_NEWLINE, MARK, drawable
from approver.ui.pane_scroll import on_low_screen
from approver.ui.theme import monospace

USUAL_COLUMNS = 72
FIRST_LINES = 1000
"""How many folded lines are made ready at first, and how near the end of those the next are."""


class OutlineView(QPlainTextEdit):
    """A read-only block of plain text that never wraps a value to where labels stand.

    Attributes:
        lines_below: How many lines are hidden below the lower edge; an estimate while not all are folded.

    Signals:
        lines_below_changed: That number is another now.
    """

    lines_below_changed = Signal(int)

    def __init__(self, parent: QWidget | None = None, *, fewest: int = 5, most: int = 16) -> None:
        super().__init__(parent)
        self._lines: tuple[Line, ...] = ()
        self._folded: list[Folded] = []
        self._rest: Iterator[Folded] = iter(())
        self._unfolded = 0
        self._columns = 0
        self._fewest, self._most = fewest, most
        self._lines_below = 0
        self._dressed: tuple[int, int] | None = None
        self.setProperty("role", "outline")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(True)
        self.setAcceptDrops(False)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        option = QTextOption()
        option.setTextDirection(Qt.LayoutDirection.LeftToRight)
        option.setWrapMode(QTextOption.WrapMode.NoWrap)
        self.document().setDefaultTextOption(option)
        self.setFont(monospace(self))
        self.document().setDocumentMargin(QFontMetricsF(self.font()).height() * 0.4)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.verticalScrollBar().rangeChanged.connect(self._tell_lines_below)

    @property
    def lines_below(self) -> int:
        """How many lines are hidden below the lower edge."""
        return self._lines_below

    def set_lines(self, lines: Sequence[Line]) -> None:
        """Show these, from the top."""
        self._lines = tuple(self._drawable(line) for line in lines)
        self._columns = self._room()
        self._fold()
        self.verticalScrollBar().setValue(0)
        self.horizontalScrollBar().setValue(0)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """As high as the text, within bounds."""
        metrics = QFontMetricsF(self.font())
        count = sum(1 for _ in itertools.islice(fold(self._lines, USUAL_COLUMNS), self._most))
        rows = max(count, self._fewest) + 0.5
        margin = self.document().documentMargin() * 2 + self.frameWidth() * 2
        width = metrics.horizontalAdvance("0") * USUAL_COLUMNS
        return QSize(round(width), round(metrics.lineSpacing() * rows + margin))

    def minimumSizeHint(self) -> QSize:
        """Room for the fewest lines; for two where the screen is low."""
        metrics = QFontMetricsF(self.font())
        rows = (min(self._fewest, 2) if on_low_screen(self) else self._fewest) + 0.5
        return QSize(round(metrics.horizontalAdvance("0") * 30), round(metrics.lineSpacing() * rows))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold anew where another number of columns fits; what was at the top stays there."""
        super().resizeEvent(event)
        if (columns := self._room()) != self._columns:
            self._columns = columns
            top = self.firstVisibleBlock().blockNumber()
            source = self._folded[top].source if top < len(self._folded) else 0
            self._fold()
            while self._folded and self._folded[-1].source < source and self._load():
                pass
            at = next((number for number, line in enumerate(self._folded) if line.source >= source), 0)
            self.verticalScrollBar().setValue(at)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Colour what has come into view, then paint."""
        self._dress_visible()
        super().paintEvent(event)

    def _room(self) -> int:
        advance = QFontMetricsF(self.font()).horizontalAdvance("0")
        return max(20, int((self.viewport().width() - 2 * self.document().documentMargin() - 2) / max(advance, 1)))

    def _drawable(self, line: Line) -> Line:
        text = drawable(line.text, self.font())
        return line if text is line.text else Line(text, len(drawable(line.text[: line.hang], self.font())))

    def _fold(self) -> None:
        self._folded = []
        self._rest = fold(self._lines, self._columns)
        self._unfolded = sum(len(line.text) for line in self._lines)
        self._dressed = None
        self.setExtraSelections([])
        self.clear()
        self._load()
        self.moveCursor(QTextCursor.MoveOperation.Start)  # the insertion has carried it to the end
        self._tell_lines_below()

    def _load(self) -> bool:
        """Fold as many lines again as there are; tells whether there were any more."""
        wanted = max(FIRST_LINES, len(self._folded))
        more = list(itertools.islice(self._rest, wanted))
        shown = sum(len(line.text) - line.label for line in more)
        self._unfolded = max(1, self._unfolded - shown) if len(more) == wanted else 0
        if not more:
            return False
        text = "\n".join(line.text for line in more)
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertText(f"\n{text}" if self._folded else text)
        self._folded += more
        return True

    def _scrolled(self) -> None:
        bar = self.verticalScrollBar()
        if self._unfolded and bar.maximum() - bar.value() < FIRST_LINES // 2:
            self._load()
        self._tell_lines_below()

    def _tell_lines_below(self) -> None:
        bar = self.verticalScrollBar()
        below = bar.maximum() - bar.value() + -(-self._unfolded // self._columns)
        if below != self._lines_below:
            self._lines_below = below
            self.lines_below_changed.emit(below)

    def _dress_visible(self) -> None:
        first = self.firstVisibleBlock()
        seen = (first.blockNumber(), self.viewport().height())
        if seen == self._dressed:
            return
        self._dressed = seen
        selections = [selection for block in self._visible_blocks(first) for selection in self._selections(block)]
        self.setExtraSelections(selections)

    def _visible_blocks(self, block: QTextBlock) -> Iterator[QTextBlock]:
        rows = round(self.viewport().height() / max(1.0, QFontMetricsF(self.font()).lineSpacing())) + 2
        while block.isValid() and rows > 0:
            yield block
            block, rows = block.next(), rows - 1

    def _selections(self, block: QTextBlock) -> Iterator[QTextEdit.ExtraSelection]:
        number = block.blockNumber()
        if number >= len(self._folded):
            return
        colours = colours_now()
        quiet, loud = QTextCharFormat(), QTextCharFormat()
        quiet.setForeground(QColor(colours.muted))
        loud.setForeground(QColor(colours.warning.ink))
        loud.setBackground(QColor(colours.warning.fill))
        text, label = self._folded[number].text, self._folded[number].label
        yield self._selection(block, 0, label, quiet)
        if text.endswith((NEWLINE_MARK, DRAWN_NEWLINE)):
            yield self._selection(block, len(text) - 1, len(text), quiet)
        for mark in MARK.finditer(text):
            yield self._selection(block, mark.start(), mark.end(), loud)

    def _selection(self, block: QTextBlock, start: int, end: int, looks: QTextCharFormat) -> QTextEdit.ExtraSelection:
        text = block.text()
        cursor = QTextCursor(block)
        cursor.setPosition(block.position() + _units(text[:start]))
        cursor.setPosition(block.position() + _units(text[:end]), QTextCursor.MoveMode.KeepAnchor)
        selection = QTextEdit.ExtraSelection()
        selection.cursor, selection.format = cursor, looks
        return selection


def _units(text: str) -> int:
    """The length as Qt counts: letters beyond the first plane are two."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
