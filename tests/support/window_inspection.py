"""What a person would find fault with in a window: words not translated, texts cut, letters used twice.

A window in view goes in, sentences come out.
"""

import re
from collections.abc import Iterator

from pseudo_locale import CLOSE, OPEN
from PySide6.QtCore import QAbstractListModel, QPoint, QRect, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QCheckBox,
    QComboBox,
    QGroupBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QRadioButton,
    QTabBar,
    QTableView,
    QWidget,
)

_WORD = re.compile(r"[^\W\d_]{2,}")


def in_view(window: QWidget) -> list[QWidget]:
    """The window and all of its parts that can be seen."""
    parts = [window, *window.findChildren(QWidget)]
    return [part for part in parts if part.isVisibleTo(window) and part.window() is window.window()]


def texts_of(part: QWidget) -> Iterator[tuple[str, str]]:
    """Every text that a part shows or tells, and where."""
    if part.isWindow():
        yield "title", part.windowTitle()
    yield "tooltip", re.sub(r"^<qt>|</qt>$", "", part.toolTip())
    yield "name", part.accessibleName()
    yield "description", part.accessibleDescription()
    if isinstance(part, QLabel | QAbstractButton):
        yield "text", part.text()
    elif isinstance(part, QGroupBox):
        yield "title", part.title()
    elif isinstance(part, QLineEdit):
        yield "placeholder", part.placeholderText()
    elif isinstance(part, QComboBox):
        yield from (("choice", part.itemText(row)) for row in range(part.count()))
    elif isinstance(part, QTabBar):
        yield from (("tab", part.tabText(tab)) for tab in range(part.count()))
    elif isinstance(part, QAbstractItemView):
        yield from _cells(part)


def _cells(view: QAbstractItemView) -> Iterator[tuple[str, str]]:
    model = view.model()
    if model is None or isinstance(view, QHeaderView):
        return
    columns = range(1 if isinstance(model, QAbstractListModel) else model.columnCount())
    if isinstance(view, QTableView) and view.horizontalHeader().isVisible():
        yield from (("header", str(model.headerData(at, Qt.Orientation.Horizontal) or "")) for at in columns)
    for row in range(min(model.rowCount(), 12)):
        for column in columns:
            yield "cell", str(model.index(row, column).data() or "")


def rest_of(text: str) -> str:
    """What stands outside of all brackets."""
    depth, rest = 0, ""
    for character in text:
        depth += (character == OPEN) - (character == CLOSE)
        if depth == 0 and character != CLOSE:
            rest += character
    return rest


def untranslated(window: QWidget, others_words: re.Pattern[str]) -> list[str]:
    """Words outside of brackets, but for what others wrote."""
    return [
        f"{_path(part)} {where}: {text!r}"
        for part in in_view(window)
        for where, text in texts_of(part)
        for line in rest_of(text).splitlines()
        if _WORD.search(line) and not others_words.fullmatch(line.strip())
    ]


def clipped(window: QWidget) -> list[str]:
    """Texts that have less room than they want, and parts that stand outside of what holds them."""
    found = []
    for part in in_view(window):
        wanted = _wanted(part)
        if wanted is None:
            continue
        if part.width() < wanted[0] or part.height() < wanted[1]:
            room = f"{part.width()}x{part.height()}, wants {wanted[0]}x{wanted[1]}"
            found.append(f"{_path(part)} has {room}: {_text(part)}")
        elif not _fits_in(part):
            found.append(f"{_path(part)} stands outside: {_text(part)}")
    return found


def cut_headers(window: QWidget) -> list[str]:
    """Names of columns that are wider than their columns."""
    found = []
    for part in in_view(window):
        if not isinstance(part, QHeaderView) or part.orientation() is not Qt.Orientation.Horizontal:
            continue
        for at in range(part.count()):
            wanted, name = part.sectionSizeHint(at), part.model().headerData(at, Qt.Orientation.Horizontal)
            if name and not part.isSectionHidden(at) and part.sectionSize(at) + 3 < wanted:  # the hint has margins
                found.append(f"{_path(part)}: {name!r} has {part.sectionSize(at)}, wants {wanted}")
    return found


def _wanted(part: QWidget) -> tuple[int, int] | None:
    if isinstance(part, QLabel) and part.text():
        if part.wordWrap():
            return 0, part.heightForWidth(part.width())
        return part.sizeHint().width(), part.fontMetrics().height()
    if isinstance(part, QCheckBox | QRadioButton | QComboBox | QTabBar):
        return part.minimumSizeHint().width(), part.minimumSizeHint().height()
    if isinstance(part, QAbstractButton) and part.text():
        return part.sizeHint().width(), part.fontMetrics().height()
    return None


def _fits_in(part: QWidget) -> bool:
    """Whether no part around it cuts it off, but for what can be scrolled."""
    around = part.parentWidget()
    while around is not None and not isinstance(around.parentWidget(), QAbstractScrollArea):
        place = QRect(part.mapTo(around, QPoint(0, 0)), part.size())
        if not around.rect().adjusted(-1, 0, 1, 0).contains(place):  # a splitter from right to left is off by one
            return False
        if around.isWindow():
            break
        around = around.parentWidget()
    return True


def same_letters(window: QWidget) -> list[str]:
    """Letters to press that two parts share."""
    letters: dict[str, list[str]] = {}
    for part in in_view(window):
        if isinstance(part, QTabBar):
            texts = [part.tabText(tab) for tab in range(part.count())]
        elif (isinstance(part, QAbstractButton) and part.isEnabled()) or (isinstance(part, QLabel) and part.buddy()):
            texts = [part.text()]
        else:
            continue
        for text in texts:
            if letter := re.search(r"&(\w)", text.replace("&&", "")):
                letters.setdefault(letter[1].lower(), []).append(text)
    return [f"Alt+{letter}: {texts}" for letter, texts in letters.items() if len(texts) > 1]


def _path(part: QWidget) -> str:
    names = []
    while part is not None and len(names) < 3:
        names.append(type(part).__name__)
        part = part.parentWidget()
    return "/".join(reversed(names))


def _text(part: QWidget) -> str:
    return repr(next((text for _, text in texts_of(part) if text), "") if not isinstance(part, QLabel) else part.text())
