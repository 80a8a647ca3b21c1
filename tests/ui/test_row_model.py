"""What the tables of the pages have in common."""

from collections.abc import Sequence
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester

from approver.ui import row_model
from approver.ui.row_model import Index, RowModel


class Words(RowModel):
    """Two rows of one word."""

    @property
    def shown(self) -> Sequence[object]:
        return ("one", "two")

    def titles(self) -> tuple[str, ...]:
        return ("Word", "Length")

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return self.shown[index.row()] if self.has(index) and role == Qt.ItemDataRole.DisplayRole else None


def test_it_is_a_sound_model(qapp, qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(Words())


def test_rows_and_columns_are_what_is_shown(qapp) -> None:
    words = Words()
    assert (words.rowCount(), words.columnCount()) == (2, 2)
    assert words.rowCount(words.index(0, 0)) == words.columnCount(words.index(0, 0)) == 0
    titles = [words.headerData(section, Qt.Orientation.Horizontal) for section in (-1, 0, 1, 2)]
    assert titles == [None, "Word", "Length", None]
    assert words.headerData(0, Qt.Orientation.Vertical) is None
    assert words.has(words.index(1, 1))
    assert not words.has(words.index(2, 0))


def test_without_rows_there_is_nothing(qapp) -> None:
    assert (RowModel().rowCount(), RowModel().columnCount()) == (0, 0)


def test_icons_are_drawn_once_for_each_palette(qapp, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[tuple[str, str]] = []
    monkeypatch.setattr(row_model, "icon", lambda *what: drawn.append(what))
    words = Words()
    for _ in range(2):
        words.drawn("deny", "#ff0000")
        words.drawn("deny")
    assert len(drawn) == 2
    words.dress()
    words.drawn("deny")
    assert len(drawn) == 3
