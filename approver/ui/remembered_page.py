"""The page with every answer that stands: what the bridge tells goes in, revocations go to the bridge.

How many calls of the last week each would have answered is read from the log, on the reader's thread.
"""

from pathlib import Path

from PySide6.QtCore import QEvent, QItemSelectionModel, QSize, Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from approver.approvals.standing_book import Kept
from approver.clock import Clock
from approver.ui.bridge import Bridge
from approver.ui.empty_note import EmptyNote
from approver.ui.headings import page_title
from approver.ui.log_reading import LogReading
from approver.ui.marks import drawable
from approver.ui.plain_label import PlainLabel
from approver.ui.remembered_matches import count_matches
from approver.ui.remembered_model import Column, RememberedModel
from approver.ui.theme import em
from approver.ui.undo_bar import UndoBar

TICK_MILLISECONDS = 2000
_MATCHES = "matches"


class RememberedPage(QWidget):
    """Lists what stands.

    Attributes:
        model, table, revoke: Its parts.

    Signals: none of its own.
    """

    def __init__(self, bridge: Bridge, clock: Clock, journal: Path) -> None:
        super().__init__()
        self._bridge = bridge
        self._clock = clock
        self._wanted = ""
        self.reading = LogReading(journal, self)
        self.model = RememberedModel(self)
        self.table = QTableView()
        self.undo = UndoBar(bridge, clock, self)
        self.revoke = QPushButton(self.tr("&Revoke"))
        self._title = page_title(self.tr("Remembered answers"))
        self._hint = PlainLabel(
            self.tr("Each answers what the rules would ask you about. What the rules deny or limit stays so."),
            role="muted",
        )
        self._none = EmptyNote("remembered")
        self._none.setText(self.tr("No answer is remembered. In the dialog, choose “For” to have one stand."))
        self._detail = PlainLabel()
        self._pages = QStackedWidget()
        self._timer = QTimer(self)
        self._lay_out()
        self._connect()
        self._dress()
        self._selection_changed()

    def select(self, name: str) -> None:
        """Show this one, once it is known."""
        self._wanted = name
        self._bridge.remembered.ask()

    @property
    def selected(self) -> Kept | None:
        """The decision whose row is selected."""
        rows = self.table.selectionModel().selectedRows()
        return self.model.kept[rows[0].row()] if rows else None

    # -- what is told ----------------------------------------------------------------------------------------------

    def _told(self, kept: tuple[Kept, ...]) -> None:
        before = self._wanted or (self.selected.standing.id if self.selected is not None else "")
        had = {one.standing.id for one in self.model.kept}
        self.model.set_kept(kept, self._clock.now())
        self._pages.setCurrentIndex(1 if kept else 0)
        self._select(before)
        if had != {one.standing.id for one in kept}:
            self._count()

    def _select(self, name: str) -> None:
        for row, one in enumerate(self.model.kept):
            if one.standing.id == name:
                chosen = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
                self.table.selectionModel().setCurrentIndex(self.model.index(row, 0), chosen)
                self._wanted = ""
        self._selection_changed()

    def _count(self) -> None:
        decisions, now = [one.standing for one in self.model.kept], self._clock.now()
        self.reading.ask(_MATCHES, lambda reader: count_matches(reader, decisions, now), self._counted)

    def _counted(self, matches: object) -> None:
        self.model.set_matches(matches)  # type: ignore[arg-type]  # what `count_matches` returned
        self._selection_changed()

    def _changed(self) -> None:
        if self.isVisible():
            self._bridge.remembered.ask()

    # -- what the person does --------------------------------------------------------------------------------------

    def _selection_changed(self) -> None:
        kept = self.selected
        self.revoke.setEnabled(kept is not None)
        self._detail.clear()
        if kept is not None:
            text = self.tr("{id}: {rule} It would have answered {count} of the last 7 days.")
            shown = text.format(id=kept.standing.id, rule=self.model.rule(kept), count=self.model.week(kept))
            if kept.state.is_void:
                shown = self.tr("{rule} Void: the server has changed what it says of the tool.").format(rule=shown)
            self._detail.setText(drawable(shown, self.font()))

    def _revoke_selected(self) -> None:
        if (kept := self.selected) is not None:
            self._bridge.remembered.revoke(kept.standing.id)

    def showEvent(self, event: QShowEvent) -> None:
        """Look at once, and go on looking while it is seen."""
        super().showEvent(event)
        self._bridge.remembered.ask()
        self._timer.start(TICK_MILLISECONDS)

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest while nobody looks."""
        super().hideEvent(event)
        self._timer.stop()

    def changeEvent(self, event: QEvent) -> None:
        """Another palette means other icons."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._dress()

    # -- building --------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        side = self._bridge.remembered
        side.told.connect(self._told)
        side.made.connect(lambda _: self._changed())
        side.ended.connect(lambda _: self._changed())
        self._timer.timeout.connect(side.ask)
        self.revoke.clicked.connect(self._revoke_selected)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._selection_changed())
        delete = QShortcut(QKeySequence(Qt.Key.Key_Delete), self.table, self._revoke_selected)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)

    def _dress(self) -> None:
        self.model.dress()
        unit = em(self.font())
        self.table.verticalHeader().setDefaultSectionSize(round(unit * 1.9))
        self.table.setIconSize(QSize(round(unit), round(unit)))

    def _lay_out(self) -> None:
        unit = em(self.font())
        table = self.table
        table.setModel(self.model)
        table.setAccessibleName(self.tr("Remembered answers"))
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setTabKeyNavigation(False)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.verticalHeader().hide()
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(Column.REACH, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        self.revoke.setToolTip(self.tr("Such calls are judged by the rules again (Del)"))
        self._pages.addWidget(self._none)
        self._pages.addWidget(table)
        buttons = QHBoxLayout()
        buttons.addWidget(self._detail, 1)
        buttons.addWidget(self.revoke, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[round(unit * 1.2)] * 4)
        layout.setSpacing(round(unit * 0.6))
        for widget in (self._title, self._hint, self.undo):
            layout.addWidget(widget)
        layout.addWidget(self._pages, 1)
        layout.addLayout(buttons)
