"""The answers that stand as a table: `Kept` decisions and their matches go in, rows of words come out."""

import enum
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, Qt

from approver.approvals.lapsed import time_words
from approver.approvals.presentation import short_name
from approver.approvals.standing_book import Kept
from approver.approvals.standing_words import lifetime_words, reach_words, sentence
from approver.model import AnswerKind
from approver.standing_model import Lifetime
from approver.ui.remembered_matches import Matches
from approver.ui.row_model import Index, RowModel

LONGEST_CELL = 60


class Column(enum.IntEnum):
    """The columns, from left to right."""

    ANSWER = 0
    TOOL = 1
    SERVER = 2
    CLIENT = 3
    REACH = 4
    LIFETIME = 5
    MADE = 6
    USED = 7
    WEEK = 8


class RememberedModel(RowModel):
    """One row a decision, the newest first.

    Attributes:
        kept: What the rows show.

    Signals: none of its own.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.kept: tuple[Kept, ...] = ()
        self._matches: Mapping[str, Matches] = {}
        self._now = 0.0

    def set_kept(self, kept: Sequence[Kept], now: float) -> None:
        """Show these, oldest given first; what has not changed stays as it is."""
        kept = tuple(reversed(kept))
        self._now = now
        if [one.standing.id for one in kept] != [one.standing.id for one in self.kept]:
            self.beginResetModel()
            self.kept = kept
            self.endResetModel()
        elif kept:
            self.kept = kept
            self._all_changed()

    def set_matches(self, matches: Mapping[str, Matches]) -> None:
        """Show how many calls of the last week each would have answered."""
        self._matches = matches
        if self.kept:
            self._all_changed()

    def _all_changed(self) -> None:
        self.dataChanged.emit(self.index(0, 0), self.index(len(self.kept) - 1, len(Column) - 1))

    @property
    def shown(self) -> Sequence[object]:
        """The rows."""
        return self.kept

    def titles(self) -> tuple[str, ...]:
        """The columns' names, from left to right."""
        return (
            self.tr("Answer"),
            self.tr("Tool"),
            self.tr("Server"),
            self.tr("Client (grant)"),
            self.tr("Arguments"),
            self.tr("Lasts"),
            self.tr("Made"),
            self.tr("Used"),
            self.tr("Last 7 days"),
        )

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell shows and says."""
        if not self.has(index):
            return None
        kept = self.kept[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return self._text(kept, Column(index.column()))
            case Qt.ItemDataRole.DecorationRole if index.column() == Column.ANSWER:
                return self.drawn(_icon_name(kept))
            case Qt.ItemDataRole.UserRole:
                return kept.standing.id
        return None

    def rule(self, kept: Kept) -> str:
        """The whole rule as a sentence."""
        return sentence(kept.standing, self._now, QCoreApplication.translate)

    def week(self, kept: Kept) -> str:
        """How many calls of the last week it would have answered."""
        found = self._matches.get(kept.standing.id)
        return "…" if found is None else found.in_words()

    def _text(self, kept: Kept, column: Column) -> str:
        standing, translate = kept.standing, QCoreApplication.translate
        texts: dict[Column, Callable[[], str]] = {
            Column.ANSWER: lambda: self._answer(kept),
            Column.TOOL: lambda: short_name(standing.tool, LONGEST_CELL),
            Column.SERVER: lambda: short_name(standing.server, LONGEST_CELL),
            Column.CLIENT: lambda: short_name(f"{standing.client} ({standing.grant})", LONGEST_CELL),
            Column.REACH: lambda: reach_words(standing, translate),
            Column.LIFETIME: lambda: self._lasts(kept),
            Column.MADE: lambda: time_words(standing.made, self._now),
            Column.USED: lambda: self._used(kept.state.uses, kept.state.last_used),
            Column.WEEK: lambda: self.week(kept),
        }
        return texts[column]()

    def _answer(self, kept: Kept) -> str:
        if kept.state.is_void:
            return self.tr("void")
        return self.tr("allow") if kept.standing.kind is AnswerKind.ALLOW else self.tr("deny")

    def _lasts(self, kept: Kept) -> str:
        if kept.standing.lifetime is Lifetime.SESSION:
            return self.tr("this session")
        return lifetime_words(kept.standing, self._now, QCoreApplication.translate)

    def _used(self, uses: int, last: float | None) -> str:
        if last is None:
            return self.tr("never")
        text = self.tr("{count}×, last {time}")
        return text.format(count=uses, time=time_words(last, self._now))


def _icon_name(kept: Kept) -> str:
    if kept.state.is_void:
        return "warning"
    return "approved" if kept.standing.kind is AnswerKind.ALLOW else "denied"
